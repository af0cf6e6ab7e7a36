"""The autoencoder of Stable Audio 3 in windows: the same sound, without a mask over the whole length.

Its attention reaches over some latents only, yet its mask is over all of them: 1 GB at 30 s, 5.3 GB at 90 s. Every
window gets as many more latents on either side as all its layers together reach.
"""

from collections.abc import Callable
from functools import partial
from math import prod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

# So many latents at once, about 3 s.
WINDOW = 32


def windowed(vae: Any) -> None:
    """Let an AutoencoderSAME encode and decode in windows from now on."""
    for part, encodes in ((vae.encoder, True), (vae.decoder, False)):
        ratio = prod(block.stride for block in part.blocks)
        reach = sum(len(block.transformers) * block.sliding_window for block in part.blocks)
        size_in, size_out = (ratio, 1) if encodes else (1, ratio)
        part.forward = partial(_in_windows, part.forward, size_in, size_out, reach)


def _in_windows(
    whole: "Callable[[torch.Tensor], torch.Tensor]", size_in: int, size_out: int, reach: int, x: "torch.Tensor"
) -> "torch.Tensor":  # fmt: skip
    """Return what `whole` makes of a tensor [batch, channels, places], window by window.

    size_in, size_out  places of a latent before and after it
    """
    import torch

    count = -(-x.shape[-1] // size_in)
    made = []
    for begin in range(0, count, WINDOW):
        end = min(begin + WINDOW, count)
        first, last = max(0, begin - reach), min(count, end + reach)
        part = whole(x[..., first * size_in : last * size_in])
        made.append(part[..., (begin - first) * size_out : (end - first) * size_out])
    return torch.cat(made, dim=-1)
