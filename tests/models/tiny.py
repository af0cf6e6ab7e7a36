"""Small models with random weights, saved as real ones are: `python -m tests.models.tiny KIND|all FOLDER`.

It runs in the environment of the models. They load by the same code as real weights and make noise.
"""

import sys
from pathlib import Path
from typing import Any


def tokenizer(length: int = 64) -> Any:
    """Return a tokenizer of single characters."""
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    letters = ["<pad>", "</s>", "<unk>", *"abcdefghijklmnopqrstuvwxyz0123456789 .,-#"]
    inner = Tokenizer(models.WordLevel({letter: at for at, letter in enumerate(letters)}, unk_token="<unk>"))
    inner.pre_tokenizer = pre_tokenizers.Split(Regex(""), "isolated")
    return PreTrainedTokenizerFast(
        tokenizer_object=inner, pad_token="<pad>", eos_token="</s>", unk_token="<unk>", model_max_length=length
    )


def musicgen(folder: Path) -> None:
    """Save a MusicGen: two text layers of 16, an EnCodec of 32 kHz whose codebooks sound."""
    from transformers import MusicgenConfig, MusicgenDecoderConfig, MusicgenForConditionalGeneration

    config = MusicgenConfig(**_text_and_codec(), decoder=MusicgenDecoderConfig(**DECODER).to_dict())
    _generating(MusicgenForConditionalGeneration(config), folder)


def musicgen_stereo(folder: Path) -> None:
    """Save a MusicGen that makes two channels: their codebooks by turns."""
    from transformers import MusicgenConfig, MusicgenDecoderConfig, MusicgenForConditionalGeneration

    decoder = MusicgenDecoderConfig(**{**DECODER, "num_codebooks": 8, "audio_channels": 2})
    config = MusicgenConfig(**_text_and_codec(), decoder=decoder.to_dict())
    _generating(MusicgenForConditionalGeneration(config), folder)


def musicgen_melody(folder: Path) -> None:
    """Save a MusicGen Melody, in which the tune counts as much as chance lets it."""
    import torch
    from transformers import (
        MusicgenMelodyConfig,
        MusicgenMelodyDecoderConfig,
        MusicgenMelodyForConditionalGeneration,
    )  # fmt: skip

    decoder = MusicgenMelodyDecoderConfig(**DECODER)
    config = MusicgenMelodyConfig(**_text_and_codec(), decoder=decoder.to_dict(), num_chroma=12, chroma_length=32)
    model = MusicgenMelodyForConditionalGeneration(config)
    torch.nn.init.normal_(model.audio_enc_to_dec_proj.weight, 0, 3)
    _generating(model, folder)


DECODER = {
    "vocab_size": 16, "hidden_size": 16, "ffn_dim": 16, "num_hidden_layers": 1, "num_attention_heads": 2,
    "num_codebooks": 4, "max_position_embeddings": 2048, "pad_token_id": 16, "bos_token_id": 16,
}  # fmt: skip


def _text_and_codec() -> dict[str, Any]:
    """Return what every MusicGen has, and let chance begin anew."""
    import torch
    from transformers import EncodecConfig, T5Config

    torch.manual_seed(0)
    text = T5Config(vocab_size=48, d_model=16, d_ff=16, num_layers=1, num_heads=2, d_kv=8)
    codec = EncodecConfig(
        sampling_rate=32000, audio_channels=1, num_filters=4, hidden_size=8, codebook_size=16, codebook_dim=8,
        upsampling_ratios=[8, 5, 4, 4], target_bandwidths=[0.8], norm_type="weight_norm",
        num_residual_layers=1, num_lstm_layers=1, use_causal_conv=False, normalize=False,
    )  # fmt: skip
    return {"text_encoder": text.to_dict(), "audio_encoder": codec.to_dict()}


def _generating(model: Any, folder: Path) -> None:
    """Save a MusicGen with codebooks that sound and the settings that real ones have."""
    for quantizer in model.audio_encoder.quantizer.layers:
        quantizer.codebook.embed.normal_()
    model.generation_config.pad_token_id = model.generation_config.bos_token_id = 16
    model.generation_config.decoder_start_token_id = 16
    model.generation_config.do_sample = True
    model.generation_config.guidance_scale = 3.0
    model.save_pretrained(folder)
    tokenizer().save_pretrained(folder)


def stable_audio(folder: Path) -> None:
    """Save a Stable Audio 3: latents of 4, one layer, 44.1 kHz stereo."""
    import torch
    from diffusers import (
        AutoencoderSAME,
        FlowMatchEulerDiscreteScheduler,
        StableAudio3DiTModel,
        StableAudio3Pipeline,
    )  # fmt: skip
    from diffusers.pipelines.stable_audio_3.modeling_stable_audio_3 import StableAudio3DurationEmbedder
    from transformers import T5GemmaConfig, T5GemmaEncoderModel

    torch.manual_seed(0)
    part = {
        "vocab_size": 48, "hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1,
        "num_attention_heads": 2, "num_key_value_heads": 2, "head_dim": 8,
    }  # fmt: skip
    text = T5GemmaEncoderModel(T5GemmaConfig(encoder=part, decoder=part, is_encoder_decoder=False))
    vae = AutoencoderSAME(
        encoder_channels=4, encoder_c_mults=[2], encoder_strides=[16], encoder_transformer_depths=[1], latent_dim=4,
        dim_heads=4, ff_mult=1,
    )  # fmt: skip
    transformer = StableAudio3DiTModel(
        io_channels=4, embed_dim=16, depth=1, num_heads=2, cond_token_dim=16, global_cond_dim=16,
        local_add_cond_dim=5, timestep_features_dim=16, ff_mult=1, num_memory_tokens=2,
    )  # fmt: skip
    pipe = StableAudio3Pipeline(
        vae=vae, text_encoder=text, tokenizer=tokenizer(),
        duration_embedder=StableAudio3DurationEmbedder(output_dim=16, fourier_dim=16), transformer=transformer,
        scheduler=FlowMatchEulerDiscreteScheduler(stochastic_sampling=True),
    )  # fmt: skip
    sounding(vae, transformer)
    pipe.save_pretrained(folder)


def ace_step(folder: Path) -> None:
    """Save an ACE-Step 1.5: latents of 8, one layer, 48 kHz stereo."""
    import torch
    from diffusers import (
        AceStepPipeline,
        AceStepTransformer1DModel,
        AutoencoderOobleck,
        FlowMatchEulerDiscreteScheduler,
    )  # fmt: skip
    from diffusers.pipelines.ace_step.modeling_ace_step import (
        AceStepAudioTokenDetokenizer,
        AceStepAudioTokenizer,
        AceStepConditionEncoder,
    )  # fmt: skip
    from transformers import Qwen3Config, Qwen3Model

    torch.manual_seed(0)
    text = Qwen3Model(Qwen3Config(
        vocab_size=48, hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2,
        num_key_value_heads=2, head_dim=8,
    ))  # fmt: skip
    sizes = {
        "hidden_size": 16, "intermediate_size": 16, "num_attention_heads": 2, "num_key_value_heads": 2, "head_dim": 8,
    }  # fmt: skip
    codes = {"audio_acoustic_hidden_dim": 8, "num_attention_pooler_hidden_layers": 1}
    condition = AceStepConditionEncoder(
        **sizes, text_hidden_dim=16, timbre_hidden_dim=8, num_lyric_encoder_hidden_layers=1,
        num_timbre_encoder_hidden_layers=1,
    )  # fmt: skip
    transformer = AceStepTransformer1DModel(
        **sizes, num_hidden_layers=1, in_channels=24, audio_acoustic_hidden_dim=8, is_turbo=True
    )
    vae = AutoencoderOobleck(
        encoder_hidden_size=16, downsampling_ratios=[2, 4, 4, 6, 10], channel_multiples=[1, 1, 1, 1, 1],
        decoder_channels=4, decoder_input_channels=8, sampling_rate=48000,
    )  # fmt: skip
    pipe = AceStepPipeline(
        vae=vae, text_encoder=text, tokenizer=tokenizer(512), transformer=transformer, condition_encoder=condition,
        scheduler=FlowMatchEulerDiscreteScheduler(num_train_timesteps=1, shift=1.0),
        audio_tokenizer=AceStepAudioTokenizer(**sizes, **codes, fsq_dim=16, fsq_input_levels=[4, 4]),
        audio_token_detokenizer=AceStepAudioTokenDetokenizer(**sizes, **codes),
    )  # fmt: skip
    sounding(vae, transformer, condition)
    pipe.save_pretrained(folder)


def stable_audio_open(folder: Path) -> None:
    """Save a Stable Audio Open: latents of 4, one layer, 44.1 kHz stereo."""
    import torch
    from diffusers import (
        AutoencoderOobleck,
        EDMDPMSolverMultistepScheduler,
        StableAudioDiTModel,
        StableAudioPipeline,
        StableAudioProjectionModel,
    )  # fmt: skip
    from transformers import T5Config, T5EncoderModel

    torch.manual_seed(0)
    text = T5EncoderModel(T5Config(vocab_size=48, d_model=16, d_ff=16, num_layers=1, num_heads=2, d_kv=8))
    vae = AutoencoderOobleck(
        encoder_hidden_size=8, downsampling_ratios=[2, 4, 4, 8, 8], channel_multiples=[1, 1, 1, 1, 1],
        decoder_channels=4, decoder_input_channels=4, sampling_rate=44100,
    )  # fmt: skip
    transformer = StableAudioDiTModel(
        sample_size=128, in_channels=4, num_layers=1, attention_head_dim=8, num_attention_heads=2,
        num_key_value_attention_heads=2, out_channels=4, cross_attention_dim=16, time_proj_dim=8,
        global_states_input_dim=32, cross_attention_input_dim=16,
    )  # fmt: skip
    scheduler = EDMDPMSolverMultistepScheduler(
        sigma_min=0.3, sigma_max=500, solver_order=2, prediction_type="v_prediction", sigma_data=1.0,
        sigma_schedule="exponential",
    )  # fmt: skip
    projection = StableAudioProjectionModel(text_encoder_dim=16, conditioning_dim=16, min_value=0, max_value=512)
    sounding(vae, transformer)
    StableAudioPipeline(
        vae=vae, text_encoder=text, projection_model=projection, tokenizer=tokenizer(), transformer=transformer,
        scheduler=scheduler,
    ).save_pretrained(folder)  # fmt: skip


def audioldm2(folder: Path) -> None:
    """Save an AudioLDM 2: latents of 4, a vocoder of 160 frames a step, 16 kHz mono."""
    import torch
    from diffusers import AudioLDM2Pipeline, AudioLDM2ProjectionModel, AudioLDM2UNet2DConditionModel, AutoencoderKL
    from diffusers import DDIMScheduler as Scheduler
    from transformers import (
        ClapFeatureExtractor,
        GPT2Config,
        GPT2LMHeadModel,
        RobertaTokenizer,
        SpeechT5HifiGan,
        SpeechT5HifiGanConfig,
        T5Config,
        T5EncoderModel,
        T5Tokenizer,
    )

    torch.manual_seed(0)
    unet = AudioLDM2UNet2DConditionModel(
        block_out_channels=(8, 16), layers_per_block=1, norm_num_groups=8, sample_size=32,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"), up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=(8, 16),
    )  # fmt: skip
    vae = AutoencoderKL(
        block_out_channels=[8, 16], in_channels=1, out_channels=1, norm_num_groups=8, latent_channels=4,
        down_block_types=["DownEncoderBlock2D"] * 2, up_block_types=["UpDecoderBlock2D"] * 2,
    )  # fmt: skip
    language = GPT2LMHeadModel(GPT2Config(n_embd=16, n_head=1, n_layer=1, vocab_size=100, n_positions=99))
    language.config.max_new_tokens = 8
    vocoder = SpeechT5HifiGan(SpeechT5HifiGanConfig(
        model_in_dim=8, sampling_rate=16000, upsample_initial_channel=16, upsample_rates=[8, 5, 4],
        upsample_kernel_sizes=[16, 11, 8], resblock_kernel_sizes=[3], resblock_dilation_sizes=[[1]],
        normalize_before=False,
    ))  # fmt: skip
    for values in vocoder.parameters():
        torch.nn.init.normal_(values, 0, 0.2)
    letters = {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3, "<mask>": 4}
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)] + [(one, -2.0) for one in "▁abcdefghijklmnopqrstuvwxyz"]
    AudioLDM2Pipeline(
        vae=vae, text_encoder=_clap(), text_encoder_2=T5EncoderModel(
            T5Config(vocab_size=48, d_model=8, d_ff=16, d_kv=8, num_heads=1, num_layers=1)
        ),
        projection_model=AudioLDM2ProjectionModel(text_encoder_dim=16, text_encoder_1_dim=8, langauge_model_dim=16),
        language_model=language, tokenizer=RobertaTokenizer(vocab=letters, merges=[], model_max_length=64),
        tokenizer_2=T5Tokenizer(vocab=pieces, extra_ids=0, model_max_length=64),
        feature_extractor=ClapFeatureExtractor(feature_size=8, hop_length=7900), unet=unet, vocoder=vocoder,
        scheduler=Scheduler(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", clip_sample=False),
    ).save_pretrained(folder)  # fmt: skip


def _clap() -> Any:
    """Return what AudioLDM 2 hears words with."""
    from transformers import ClapAudioConfig, ClapConfig, ClapModel, ClapTextConfig

    text = ClapTextConfig(
        hidden_size=8, intermediate_size=16, num_attention_heads=1, num_hidden_layers=1, vocab_size=100,
        projection_dim=16, max_position_embeddings=80,
    )  # fmt: skip
    audio = ClapAudioConfig(
        spec_size=8, window_size=4, num_mel_bins=8, intermediate_size=16, depths=[1, 1], num_attention_heads=[1, 1],
        num_hidden_layers=1, hidden_size=192, projection_dim=16, patch_size=2, patch_stride=2,
        patch_embed_input_channels=4,
    )  # fmt: skip
    config = ClapConfig(text_config=text.to_dict(), audio_config=audio.to_dict(), projection_dim=16)
    return ClapModel(config)


def riffusion(folder: Path) -> None:
    """Save a Stable Diffusion of pictures of 512 × 512."""
    import torch
    from diffusers import AutoencoderKL, PNDMScheduler, StableDiffusionPipeline, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel

    torch.manual_seed(0)
    unet = UNet2DConditionModel(
        block_out_channels=(4, 8), layers_per_block=1, norm_num_groups=2, sample_size=64, in_channels=4,
        out_channels=4, down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"), cross_attention_dim=16, attention_head_dim=2,
    )  # fmt: skip
    vae = AutoencoderKL(
        block_out_channels=[4, 4, 4, 4], norm_num_groups=2, latent_channels=4,
        down_block_types=["DownEncoderBlock2D"] * 4, up_block_types=["UpDecoderBlock2D"] * 4,
    )  # fmt: skip
    text = CLIPTextModel(CLIPTextConfig(
        vocab_size=48, hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2,
        max_position_embeddings=77, bos_token_id=1, eos_token_id=1, pad_token_id=0,
    ))  # fmt: skip
    StableDiffusionPipeline(
        vae=vae, text_encoder=text, tokenizer=tokenizer(77), unet=unet, safety_checker=None, feature_extractor=None,
        scheduler=PNDMScheduler(skip_prk_steps=True), requires_safety_checker=False,
    ).save_pretrained(folder)  # fmt: skip


def sounding(*modules: Any) -> None:
    """Give weights that begin as zeros some, or chance is not heard."""
    import torch

    for module in modules:
        for values in module.parameters():
            if values.abs().max() < 1e-3:
                torch.nn.init.normal_(values, 0, 0.3)


KINDS = {
    "musicgen": musicgen,
    "musicgen-stereo": musicgen_stereo,
    "musicgen-melody": musicgen_melody,
    "stable-audio": stable_audio,
    "stable-audio-open": stable_audio_open,
    "ace-step": ace_step,
    "audioldm2": audioldm2,
    "riffusion": riffusion,
}

if __name__ == "__main__":
    for kind in KINDS if sys.argv[1] == "all" else sys.argv[1:2]:
        KINDS[kind](Path(sys.argv[2]) / kind)
