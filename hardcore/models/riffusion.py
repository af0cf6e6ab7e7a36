"""Riffusion: loops by way of pictures. Stable Diffusion draws a mel spectrogram, whose phases are then found.

Forsgren and Martiros, 2022. A picture of 512 × 512 is 5.11 s of mono: 512 mel bands of 0–10 kHz, a column for every
441 frames of 44.1 kHz; brightness is amplitude to the power of ¼. Phases: Griffin and Lim 1984, with momentum
(Perraudin 2013).
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from hardcore.errors import ModelFailed
from hardcore.models.backend import Capabilities, Take, Tell, Wish
from hardcore.models.checkpoint import pipeline_of
from hardcore.models.device import device_of, loaded, seeded, stepped

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray

    from hardcore.models.backend import Audio

    Picture = NDArray[np.float32]

RATE, HOP, WINDOW, FFT = 44_100, 441, 4_410, 17_640
BANDS, HIGHEST_HZ, POWER, LOUDEST = 512, 10_000.0, 0.25, 30e6
_ROUNDS, _MOMENTUM = 12, 0.99
_STEPS, _GUIDANCE = 50, 7.0


class Riffusion:
    """A Stable Diffusion that has seen spectrograms."""

    def __init__(self, place: str, device: str) -> None:
        from diffusers import StableDiffusionPipeline

        folder = Path(place)
        if pipeline_of(folder) != "StableDiffusionPipeline":
            raise ModelFailed(f"{folder.name} is no Stable Diffusion", "the backend diffusion")
        self._device = device_of(device)
        self._pipe: Any = loaded(
            StableDiffusionPipeline, folder, self._device, safety_checker=None, requires_safety_checker=False
        )
        hears = frozenset({"negative", "guidance", "steps"})
        self._can = Capabilities(frozenset({"text"}), RATE, 1, BANDS * HOP / RATE, hears)

    @property
    def can(self) -> Capabilities:
        """Return what it can."""
        return self._can

    def render(self, wish: Wish, tell: Tell) -> Take:
        """Return what was asked for."""
        import numpy as np

        steps, guidance = wish.steps or _STEPS, _GUIDANCE if wish.guidance is None else wish.guidance

        def told(share: float, words: str) -> None:
            tell(0.7 * share, words)

        picture = self._pipe(
            wish.words, height=BANDS, width=BANDS, num_inference_steps=steps, guidance_scale=guidance,
            negative_prompt=wish.negative or None, generator=seeded(wish.seed, self._device), output_type="np",
            callback_on_step_end=stepped(told, steps),
        ).images[0]  # fmt: skip
        tell(0.75, "finding phases")
        audio = sound_of(np.asarray(picture, np.float32).mean(axis=2), wish.seed)
        frames = round(wish.seconds * RATE)
        applied = {"steps": steps, "guidance": guidance, "device": self._device, "rounds": _ROUNDS}
        return Take(audio[:, :frames], RATE, applied, repeats=self._device == "cpu")


def sound_of(picture: "Picture", seed: int = 0) -> "Audio":
    """Return the sound of a picture, float32 [1, frames]: its rows are mel bands, the lowest below, 0 to 1 bright."""
    import numpy as np
    import torch

    mel = torch.from_numpy(np.clip(picture[::-1], 0, 1).astype(np.float32) ** (1 / POWER)) * LOUDEST
    bands = mel_bands(len(mel))
    # each band is spread over its bins; triangles that overlap by half sum to one
    audio = _with_phases(bands.T @ (mel / bands.sum(1, keepdim=True)), seed)
    peak = float(audio.abs().max())
    return np.ascontiguousarray((audio * (0.5 / peak if peak > 0 else 0.0)).numpy(), np.float32)[None]


def mel_bands(count: int = BANDS) -> "torch.Tensor":
    """Return how much of each bin is in each mel band, [bands, bins]: triangles on HTK's scale, none normalised."""
    import torch

    highest = 2595.0 * torch.log10(torch.tensor(1.0 + HIGHEST_HZ / 700.0))
    edges = 700.0 * (10.0 ** (torch.linspace(0.0, float(highest), count + 2) / 2595.0) - 1.0)
    bins = torch.arange(FFT // 2 + 1) * (RATE / FFT)
    rising = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    return torch.minimum(rising, falling).clamp(min=0.0)


def _with_phases(magnitudes: "torch.Tensor", seed: int) -> "torch.Tensor":
    """Return a sound whose spectra have these magnitudes, [bins, columns], as nearly as some rounds find it."""
    import torch

    window = torch.hann_window(WINDOW)
    form = {"n_fft": FFT, "hop_length": HOP, "win_length": WINDOW, "window": window}
    turns = torch.rand(magnitudes.shape, generator=torch.Generator().manual_seed(seed))
    phases = torch.polar(torch.ones_like(turns), 2 * torch.pi * turns)
    before = torch.zeros_like(phases)
    for _ in range(_ROUNDS):
        again = torch.stft(torch.istft(magnitudes * phases, **form), **form, return_complex=True)
        moved = again + _MOMENTUM * (again - before)
        phases, before = moved / moved.abs().clamp(min=1e-12), again
    return torch.istft(magnitudes * phases, **form)
