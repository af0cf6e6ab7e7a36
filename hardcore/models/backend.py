"""The interface of what makes sound of words: what a backend can, what it is asked for, and what it gives.

    class Hum:
        can = Capabilities(tasks=frozenset({"text"}), rate=32000, channels=1, longest_s=30.0)
        def __init__(self, place: str, device: str): ...          # loads; raises ModelFailed
        def render(self, wish: Wish, tell: Tell) -> Take: ...     # raises ModelFailed

A package offers one by an entry point of the group `hardcore.backends`, named as the backend is. A backend runs in a
worker, which is killed to stop it. Only this module is loaded without the libraries of models.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

from hardcore.errors import ModelFailed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Audio = NDArray[np.float32]

# text: from words alone. continue: on from the end of a sound. vary: a sound made anew, more or less like it.
# repaint: a stretch of a sound made anew. accompany: what goes with a sound.
Task = Literal["text", "continue", "vary", "repaint", "accompany"]
TASKS: tuple[Task, ...] = ("text", "continue", "vary", "repaint", "accompany")
# What is made of a sound is as long as that, and in time with it.
OF_SOURCE: frozenset[Task] = frozenset({"vary", "repaint", "accompany"})
# How far it is (0–1), and what is done.
Tell = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a backend can.

    rate       frames a second of what it gives
    longest_s  what it makes at once, seconds; longer pieces are made in windows that overlap
    hears      which fields of a wish it takes besides words, seconds and seed; others are told as not used
    """

    tasks: frozenset[Task]
    rate: int
    channels: int
    longest_s: float
    hears: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a backend: `seconds` of sound, by words and a seed.

    bpm, key, meter, lyrics, negative (what it should not be), guidance (how closely it keeps to the words), steps,
    temperature: as the music or a person says; None or empty: the backend's own.
    source    a sound at the backend's rate, float32 [channels, frames], for every task but text
    strength  0 to 1: how far a variation may go from it
    span_s    from when to when it is made anew, seconds
    """

    words: str
    seconds: float
    seed: int
    task: Task = "text"
    bpm: float | None = None
    key: str = ""
    meter: str = ""
    lyrics: str = ""
    negative: str = ""
    guidance: float | None = None
    steps: int | None = None
    temperature: float | None = None
    source: "Audio | None" = None
    strength: float = 0.5
    span_s: tuple[float, float] | None = None

    @property
    def caption(self) -> str:
        """Return the words with tempo and key, for what has no fields for those."""
        return ", ".join(filter(None, [self.words, f"{self.bpm:g} bpm" if self.bpm else "", self.key]))

    def unheard(self, can: Capabilities) -> tuple[str, ...]:
        """Return the fields that are given and that a backend takes no notice of, but of tempo and key.

        Those are corrected afterwards.
        """
        given = ("lyrics", "negative", "guidance", "steps", "temperature")
        return tuple(name for name in given if getattr(self, name) not in (None, "") and name not in can.hears)


@dataclass(frozen=True, slots=True)
class Take:
    """What a backend gave: float32 [channels, frames], and the settings that were in force, for the record.

    repeats  whether the same wish gives the same sound again on the same device
    """

    audio: "Audio"
    rate: int
    applied: Mapping[str, Any] = field(default_factory=dict)
    repeats: bool = True


class Backend(Protocol):
    """What makes sound of words; made with the place of its weights (a folder, a URL) and the device to use."""

    @property
    def can(self) -> Capabilities:
        """Return what it can, with the weights that it has loaded."""

    def render(self, wish: Wish, tell: Tell) -> Take:
        """Return what was asked for. Raises ModelFailed."""


def first_line(error: BaseException) -> str:
    """Return what a library says of an error, its first line."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


def ensure_can(can: Capabilities, wish: Wish, name: str) -> None:
    """Raise ModelFailed for a task that a backend does not do, naming what it does."""
    if wish.task not in can.tasks:
        known = ", ".join(task for task in TASKS if task in can.tasks)
        raise ModelFailed(f"{name} does not {_VERBS[wish.task]}", f"it can: {known}")


_VERBS: Mapping[Task, str] = {
    "text": "make sound of words alone",
    "continue": "continue a sound",
    "vary": "vary a sound",
    "repaint": "make a stretch of a sound anew",
    "accompany": "accompany a sound",
}
