"""Diffusion models of sound (by diffusers): Stable Audio 3, Stable Audio Open, ACE-Step 1.5, AudioLDM 2.

A folder says itself which pipeline it is for (`checkpoint.pipeline_of`); each has its own call, here as one function.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hardcore.errors import ModelFailed
from hardcore.models.backend import Capabilities, Take, Task, Tell, Wish
from hardcore.models.checkpoint import pipeline_of
from hardcore.models.device import as_audio, device_of, loaded, seeded, stepped
from hardcore.models.windowed import windowed

if TYPE_CHECKING:
    import torch

_TEXT: frozenset[Task] = frozenset({"text"})
_ALL: frozenset[Task] = frozenset({"text", "vary", "repaint"})


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a pipeline: its call, what it can, and how many steps it takes where nobody says."""

    call: "Callable[[Diffusion, Wish, Tell], Any]"
    tasks: frozenset[Task]
    longest_s: float
    hears: frozenset[str]
    steps: int | None


class Diffusion:
    """A diffusion pipeline, whichever its folder names."""

    def __init__(self, place: str, device: str) -> None:
        from diffusers import DiffusionPipeline

        folder = Path(place)
        self._known = _PIPELINES[_sound_of(folder)]
        self.device = device_of(device)
        self.pipe: Any = loaded(DiffusionPipeline, folder, self.device)
        if type(self.pipe.vae).__name__ == "AutoencoderSAME":
            windowed(self.pipe.vae)
        rate, channels = _form(self.pipe)
        self._can = Capabilities(self._known.tasks, rate, channels, self._known.longest_s, self._known.hears)

    @property
    def can(self) -> Capabilities:
        """Return what it can."""
        return self._can

    def render(self, wish: Wish, tell: Tell) -> Take:
        """Return what was asked for. Raises ModelFailed."""
        import torch

        with torch.inference_mode():
            audio = as_audio(self._known.call(self, wish, tell))
        if wish.task == "repaint" and wish.source is not None and wish.span_s is not None:
            audio = _repainted(audio, wish, self._can.rate)
        kind = str(self.pipe.dtype).removeprefix("torch.")
        steps = self.steps(wish) or getattr(self.pipe, "num_timesteps", None)
        applied = {"steps": steps, "guidance": wish.guidance, "device": self.device, "dtype": kind}
        return Take(audio, self._can.rate, applied, repeats=self.device == "cpu")

    def steps(self, wish: Wish) -> int | None:
        """Return how many steps are taken, None where the pipeline decides."""
        return wish.steps or self._known.steps

    def common(self, wish: Wish) -> dict[str, Any]:
        """Return the arguments that every call has."""
        steps = self.steps(wish)
        given = {"prompt": wish.words, "generator": seeded(wish.seed, self.device), "output_type": "pt"}
        return {**given, "num_inference_steps": steps} if steps else given

    def source(self, wish: Wish) -> "torch.Tensor":
        """Return the sound that a wish starts from, as (channels, frames). Raises ModelFailed."""
        import torch

        if wish.source is None:
            raise ModelFailed("there is no sound to start from")
        sound = torch.from_numpy(wish.source.copy())
        return sound.expand(self.can.channels, -1).to(self.device, self.pipe.dtype)


def _sound_of(folder: Path) -> str:
    kind = pipeline_of(folder)
    if kind not in _PIPELINES:
        raise ModelFailed(f"{folder.name} is a {kind}, which makes pictures", "the backend riffusion")
    return kind


def _form(pipe: Any) -> tuple[int, int]:
    """Return the rate and the channels of what a pipeline gives."""
    config = pipe.vae.config
    rate = getattr(config, "sampling_rate", None) or getattr(config, "sample_rate", None)
    if rate is None:  # AudioLDM 2 has a vocoder
        return int(pipe.vocoder.config.sampling_rate), 1
    return int(rate), int(getattr(config, "audio_channels", 2))


def _stable_audio_3(made: Diffusion, wish: Wish, tell: Tell) -> Any:
    from diffusers import StableAudio3AudioToAudioPipeline, StableAudio3InpaintPipeline

    given = {
        **made.common(wish),
        "duration": wish.seconds,
        "callback_on_step_end": stepped(tell, made.steps(wish), draws=True),
    }
    if wish.task == "text":
        more: dict[str, Any] = {"negative_prompt": wish.negative or None}
        if wish.guidance is not None:
            more["guidance_scale"] = wish.guidance
        return made.pipe(**given, **more).audios
    sound = made.source(wish)[None]
    if wish.task == "vary":
        pipe = StableAudio3AudioToAudioPipeline.from_pipe(made.pipe)
        return pipe(**given, audio=sound, init_noise_level=max(0.01, wish.strength)).audios
    start, end = wish.span_s or (0.0, wish.seconds)
    pipe = StableAudio3InpaintPipeline.from_pipe(made.pipe)
    return pipe(**given, audio=sound, mask_start_seconds=start, mask_end_seconds=end).audios


def _ace_step(made: Diffusion, wish: Wish, tell: Tell) -> Any:
    given: dict[str, Any] = {
        **made.common(wish), "audio_duration": wish.seconds, "lyrics": wish.lyrics,
        "callback_on_step_end": stepped(tell, made.steps(wish)), "max_text_length": 512,
    }  # fmt: skip
    music = {"bpm": round(wish.bpm) if wish.bpm else None, "keyscale": wish.key, "timesignature": wish.meter[:1]}
    given |= {name: value for name, value in music.items() if value}
    if wish.guidance is not None:
        given["guidance_scale"] = wish.guidance
    if wish.task == "vary":
        given |= {"task_type": "cover", "src_audio": made.source(wish), "audio_cover_strength": 1 - wish.strength}
    elif wish.task == "repaint":
        start, end = wish.span_s or (0.0, wish.seconds)
        given |= {
            "task_type": "repaint",
            "src_audio": made.source(wish),
            "repainting_start": start,
            "repainting_end": end,
        }
    elif wish.task == "accompany":
        given |= {"task_type": "complete", "src_audio": made.source(wish)}
    return made.pipe(**given).audios


def _stable_audio(made: Diffusion, wish: Wish, tell: Tell) -> Any:
    return made.pipe(
        **made.common(wish), audio_end_in_s=wish.seconds, negative_prompt=wish.negative or None,
        guidance_scale=7.0 if wish.guidance is None else wish.guidance, **_counted(tell, made.steps(wish)),
    ).audios  # fmt: skip


def _audioldm2(made: Diffusion, wish: Wish, tell: Tell) -> Any:
    return made.pipe(
        **made.common(wish) | {"output_type": "np"}, audio_length_in_s=wish.seconds,
        negative_prompt=wish.negative or None, guidance_scale=3.5 if wish.guidance is None else wish.guidance,
        **_counted(tell, made.steps(wish)),
    ).audios  # fmt: skip


def _counted(tell: Tell, steps: int | None) -> dict[str, Any]:
    """Return the arguments by which an older pipeline tells its steps."""
    count = steps or 1
    return {
        "callback": lambda step, *_: tell(min(1.0, (step + 1) / count), f"step {step + 1} of {count}"),
        "callback_steps": 1,
    }


def _repainted(audio: Any, wish: Wish, rate: int) -> Any:
    """Return the source with the stretch that was made anew: what stays is the source itself, faded into for 10 ms."""
    import numpy as np

    assert wish.source is not None and wish.span_s is not None
    kept = np.broadcast_to(wish.source, (audio.shape[0], wish.source.shape[1]))
    frames = min(kept.shape[1], audio.shape[1])
    at = np.arange(frames)
    start, end = (round(second * rate) for second in wish.span_s)
    fade = max(1, round(0.01 * rate))
    share = np.clip((at - start) / fade, 0, 1) * np.clip((end - at) / fade, 0, 1)
    return (kept[:, :frames] * (1 - share) + audio[:, :frames] * share).astype(np.float32)


_PIPELINES: dict[str, _Known] = {
    "StableAudio3Pipeline": _Known(_stable_audio_3, _ALL, 180.0, frozenset({"negative", "guidance", "steps"}), None),
    "AceStepPipeline": _Known(
        _ace_step, _ALL | {"accompany"}, 240.0, frozenset({"bpm", "key", "meter", "lyrics", "guidance", "steps"}), 8
    ),
    "StableAudioPipeline": _Known(_stable_audio, _TEXT, 47.0, frozenset({"negative", "guidance", "steps"}), 100),
    "AudioLDM2Pipeline": _Known(_audioldm2, _TEXT, 10.0, frozenset({"negative", "guidance", "steps"}), 200),
}
