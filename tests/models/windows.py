"""The autoencoder of Stable Audio 3 whole and in windows, in the environment of models: how far apart the two are."""

import json

import torch
from diffusers import AutoencoderSAME

from hardcore.models import windowed
from tests.models.tiny import sounding


def main() -> None:
    """Print the largest differences and the most latents that were decoded at once."""
    torch.manual_seed(0)
    vae = AutoencoderSAME(
        encoder_channels=4, encoder_c_mults=[2], encoder_strides=[16], encoder_transformer_depths=[4], latent_dim=4,
        dim_heads=4, ff_mult=1,
    )  # fmt: skip
    sounding(vae)
    counts: list[int] = []
    vae.decoder.blocks[0].register_forward_pre_hook(lambda part, given: counts.append(given[0].shape[-1]))
    with torch.inference_mode():
        latents, sound = torch.randn(1, 4, 101), torch.randn(1, 2, 101 * 16 * 256 - 777)
        before = vae.decode(latents).sample, vae.encode(sound).latents
        counts.clear()
        windowed.windowed(vae)
        after = vae.decode(latents).sample, vae.encode(sound).latents
    decoded, encoded = (float((one - two).abs().max()) for one, two in zip(before, after, strict=True))
    loud = float(before[0].abs().max())
    print(json.dumps({"decoded": decoded, "encoded": encoded, "loud": loud, "largest": max(counts)}))


if __name__ == "__main__":
    main()
