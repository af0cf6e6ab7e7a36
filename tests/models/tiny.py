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
    import torch
    from transformers import (
        EncodecConfig,
        MusicgenConfig,
        MusicgenDecoderConfig,
        MusicgenForConditionalGeneration,
        T5Config,
    )  # fmt: skip

    torch.manual_seed(0)
    text = T5Config(vocab_size=48, d_model=16, d_ff=16, num_layers=1, num_heads=2, d_kv=8)
    codec = EncodecConfig(
        sampling_rate=32000, audio_channels=1, num_filters=4, hidden_size=8, codebook_size=16, codebook_dim=8,
        upsampling_ratios=[8, 5, 4, 4], target_bandwidths=[0.8], norm_type="weight_norm",
        num_residual_layers=1, num_lstm_layers=1, use_causal_conv=False, normalize=False,
    )  # fmt: skip
    decoder = MusicgenDecoderConfig(
        vocab_size=16, hidden_size=16, ffn_dim=16, num_hidden_layers=1, num_attention_heads=2, num_codebooks=4,
        max_position_embeddings=2048, pad_token_id=16, bos_token_id=16,
    )  # fmt: skip
    config = MusicgenConfig(text_encoder=text.to_dict(), audio_encoder=codec.to_dict(), decoder=decoder.to_dict())
    model = MusicgenForConditionalGeneration(config)
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
    _sounding(vae, transformer)
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
    _sounding(vae, transformer, condition)
    pipe.save_pretrained(folder)


def _sounding(*modules: Any) -> None:
    """Give weights that begin as zeros some, or chance is not heard."""
    import torch

    for module in modules:
        for values in module.parameters():
            if values.abs().max() < 1e-3:
                torch.nn.init.normal_(values, 0, 0.3)


KINDS = {"musicgen": musicgen, "stable-audio": stable_audio, "ace-step": ace_step}

if __name__ == "__main__":
    for kind in KINDS if sys.argv[1] == "all" else sys.argv[1:2]:
        KINDS[kind](Path(sys.argv[2]) / kind)
