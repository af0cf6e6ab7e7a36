"""MusicGen Melody (Meta, by transformers): music from words that follows the tune of a sound.

The tune is what the model was trained with: of every 4,096 frames of 32 kHz the strongest of twelve pitch classes.
"""

from typing import TYPE_CHECKING, Any

from hardcore.errors import ModelFailed
from hardcore.models.backend import Task, Wish
from hardcore.models.musicgen import MusicGen

if TYPE_CHECKING:
    import torch

    from hardcore.models.backend import Audio

FFT, HOP, CLASSES = 16_384, 4_096, 12


class MusicGenMelody(MusicGen):
    """A MusicGen that hears a tune: `vary` keeps that of the sound."""

    _kind = "MusicgenMelodyForConditionalGeneration"

    def _tasks(self) -> frozenset[Task]:
        return frozenset({"text", "vary"})

    def _conditions(self, wish: Wish) -> dict[str, Any]:
        if wish.task != "vary":
            return {}
        if wish.source is None:
            raise ModelFailed("there is no sound whose tune is followed")
        return {"input_features": tune(wish.source, self.can.rate).to(self._device, self._model.dtype)}


def tune(audio: "Audio", rate: int) -> "torch.Tensor":
    """Return the strongest pitch class of every stretch of a sound, [1, stretches, 12], one of each row 1."""
    import torch
    from transformers.audio_utils import chroma_filter_bank

    mono = torch.from_numpy(audio.mean(axis=0))
    mono = torch.nn.functional.pad(mono, (0, max(0, FFT - len(mono))))
    spectrum = torch.stft(mono, FFT, HOP, window=torch.hann_window(FFT), return_complex=True).abs() ** 2
    bank = torch.from_numpy(chroma_filter_bank(FFT, CLASSES, rate, tuning=0)).float()
    strongest = (bank @ spectrum).argmax(dim=0)
    return torch.nn.functional.one_hot(strongest, CLASSES)[None].float()
