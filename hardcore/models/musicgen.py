"""MusicGen and MusicGen Melody (Meta, by transformers): music from words, and on from a sound.

Copet et al., "Simple and Controllable Music Generation", 2023. Codes of EnCodec, 50 frames a second, four codebooks in
a delay pattern: `frames + codebooks - 1` steps give exactly `frames`.
"""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hardcore.errors import ModelFailed
from hardcore.models.backend import Capabilities, Take, Task, Tell, Wish, first_line
from hardcore.models.checkpoint import CONFIG, ensure_plain
from hardcore.models.device import as_audio, device_of, precision_of, seeded
from hardcore.models.memory import ensure_fits
from hardcore.models.preview import Preview

if TYPE_CHECKING:
    import torch

    from hardcore.models.backend import Audio

# Trained on 30 s; more at once loses the thread.
LONGEST_S = 30.0
_GUIDANCE = 3.0
# How much of a sound is heard before it is continued.
_HEARD_S = 10.0


class MusicGen:
    """A model that continues a sequence of codes: `musicgen-stereo-medium` and its sisters."""

    _kind, _hears = "MusicgenForConditionalGeneration", frozenset({"guidance", "temperature"})

    def __init__(self, place: str, device: str) -> None:
        import transformers

        folder = Path(place)
        ensure_plain(folder)
        self._device = device_of(device)
        ensure_fits(folder, self._device)
        options = {"local_files_only": True, "trust_remote_code": False}
        try:
            self._tokens = transformers.AutoTokenizer.from_pretrained(folder, **options)
            self._model: Any = getattr(transformers, self._kind).from_pretrained(
                folder, use_safetensors=True, dtype=precision_of(self._device), **options
            )
        except (OSError, ValueError, KeyError, AttributeError, RuntimeError) as error:
            raise ModelFailed(
                f"{folder.name} cannot be loaded: {first_line(error)}", f"is its {CONFIG} of MusicGen?"
            ) from error
        self._model.to(self._device).eval()
        codec = self._model.config.audio_encoder
        self._hop = int(codec.sampling_rate / codec.frame_rate)
        self._books = self._model.config.decoder.num_codebooks // self._model.config.decoder.audio_channels
        self._can = Capabilities(
            tasks=self._tasks(), rate=codec.sampling_rate, channels=self._model.config.decoder.audio_channels,
            longest_s=LONGEST_S, hears=self._hears,
        )  # fmt: skip

    @property
    def can(self) -> Capabilities:
        """Return what it can."""
        return self._can

    def _tasks(self) -> frozenset[Task]:
        return frozenset({"text", "continue"})

    def render(self, wish: Wish, tell: Tell) -> Take:
        """Return what was asked for; a continuation without what it goes on from. Raises ModelFailed."""
        import torch
        from transformers import StoppingCriteria, StoppingCriteriaList

        frames = -(-round(wish.seconds * self._can.rate) // self._hop)
        heard = self._heard(wish) if wish.task == "continue" else {}
        begin = heard["input_values"].shape[-1] // self._hop if heard else 0
        steps = frames + self._books - 1

        preview, so_far = Preview(), self._so_far

        class _Told(StoppingCriteria):  # type: ignore[misc]
            count = 0

            def __call__(self, *given: Any, **more: Any) -> Any:
                self.count += 1
                words = preview.line(f"{self.count} of {steps} steps", partial(so_far, given[0]))
                tell(min(1.0, self.count / steps), words)
                return torch.zeros(given[0].shape[0], dtype=torch.bool, device=given[0].device)

        seeded(wish.seed, self._device)
        sampling = {
            "do_sample": wish.temperature != 0, "guidance_scale": wish.guidance or _GUIDANCE,
            "max_new_tokens": steps,
        }  # fmt: skip
        if wish.temperature:
            sampling["temperature"] = wish.temperature
        with torch.inference_mode():
            made = self._model.generate(
                **self._tokens([wish.caption], return_tensors="pt", truncation=True).to(self._device),
                **heard, **self._conditions(wish), **sampling, stopping_criteria=StoppingCriteriaList([_Told()]),
            )  # fmt: skip
        audio: Audio = as_audio(made)[:, begin * self._hop :]
        applied = {**sampling, "device": self._device, "dtype": str(self._model.dtype).removeprefix("torch.")}
        return Take(audio, self._can.rate, applied, repeats=self._device == "cpu")

    def _so_far(self, tokens: "torch.Tensor") -> "Audio":
        """Return the sound of the steps that are done, of whole frames: each codebook is a step behind the one before.

        tokens  [codebooks, steps], those of the channels by turns; the first step is where it begins
        """
        import torch

        count = len(tokens)
        frames = tokens.shape[1] - 1 - (self._books - 1)
        sound: Audio = as_audio(torch.zeros(1, 0))
        if frames < 1:
            return sound
        delays = [book // (count // self._books) for book in range(count)]
        codes = torch.stack([tokens[book, 1 + delay : 1 + delay + frames] for book, delay in enumerate(delays)])
        if bool((codes < self._model.config.audio_encoder.codebook_size).all()):
            channels = [codes[first :: count // self._books] for first in range(count // self._books)]
            decode = self._model.audio_encoder.decode
            sound = as_audio(torch.cat([decode(one[None, None], [None]).audio_values for one in channels], dim=1))
        return sound

    def _heard(self, wish: Wish) -> dict[str, Any]:
        """Return the end of the sound that is continued, as the model takes it: whole frames."""
        import torch

        if wish.source is None:
            raise ModelFailed("there is no sound to go on from")
        frames = min(wish.source.shape[1], round(_HEARD_S * self._can.rate)) // self._hop
        if not frames:
            raise ModelFailed("the sound to go on from is too short", "a second at least")
        sound = torch.from_numpy(wish.source[:, -frames * self._hop :].copy())
        sound = sound.mean(0, keepdim=True).expand(self._can.channels, -1)[None].to(self._device, self._model.dtype)
        return {"input_values": sound, "padding_mask": torch.ones_like(sound, dtype=torch.long)}

    def _conditions(self, wish: Wish) -> dict[str, Any]:
        return {}
