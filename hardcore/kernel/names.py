"""The names that the kernel's code finds there: the studio, what one does with a session, patterns, rules."""

from collections.abc import Callable
from typing import Any

from hardcore.kernel import patterns
from hardcore.kernel.facade import Answer, Ask, Studio
from hardcore.kernel.pipe import StudioError

Function = Callable[..., Any]


class Transport:
    """The music: whether it plays, and where it is."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    @property
    def state(self) -> str:
        """Return `playing` or `stopped`."""
        return "playing" if self._ask({"where": True})["playing"] else "stopped"

    @property
    def position(self) -> float:
        """Return where it is, in beats (quarters) from 0."""
        return float(self._ask({"where": True})["beat"])


class Beat:
    """The beat of the music."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def current(self) -> int:
        """Return the beat that the music is in, from 0."""
        return int(self._transport.position)


class Musical:
    """What a session is worked with by name; each is one command."""

    def __init__(self, studio: Studio, ask: Ask) -> None:
        self._studio, self._ask = studio, ask

    def session(self, name: str = "", vibe: str = "", load: str = "") -> Answer:
        """Return the state of the session, after opening a file (or a recent number), naming it, or saying its vibe."""
        for command, value in (("session load", load), ("title", name), ("session vibe", vibe)):
            if value:
                self._studio.call(command, value)
        return self._studio.call("session show")

    def tempo(self, bpm: float) -> Answer:
        """Set the tempo."""
        return self._studio.call("tempo", bpm=bpm)

    def schedule(self, clip: str, at: float, duration: float | None = None, gain: float = 1.0) -> Answer:
        """Place a clip in the arrangement at a beat, for so many beats, at a linear gain."""
        return self._studio.call("schedule", clip, at, beats=duration, gain=gain)

    def latent(self, space: str, prompt: str = "", *, deadline: float, priority: str = "normal") -> Answer:
        """Let a space make something in time for a beat, where it is placed."""
        return self._studio.call("latent", space, deadline, prompt, priority=priority)

    def marker(self, name: str, beat: float) -> Answer:
        """Name a beat of the song."""
        return self._studio.call("marker add", name, self._place(beat))

    def play(self, beat: float | None = None) -> Answer:
        """Play, from a beat where one is given."""
        return self._studio.call("play", *([] if beat is None else [self._place(beat)]))

    def pause(self) -> Answer:
        """Stop here."""
        return self._studio.call("pause")

    def stop(self) -> Answer:
        """Stop, and go back to where play began."""
        return self._studio.call("stop")

    def seek(self, beat: float) -> Answer:
        """Go to a beat."""
        return self._studio.call("seek", self._place(beat))

    def _place(self, beat: float) -> str:
        return str(self._ask({"place": beat}))


class Rules:
    """Functions that rules call, by name; a rule is part of the project, its function lives here."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self.functions: dict[str, Function] = {}

    def on_beat(self, every: int = 1) -> Callable[[Function], Function]:
        """Call the decorated function on every so many beats, with the beat: a rule of the function's name."""
        return self._added("every beat" if every == 1 else f"every {every} beats")

    def on_marker(self, name: str) -> Callable[[Function], Function]:
        """Call the decorated function at a marker, with its name and beat: a rule of the function's name."""
        return self._added(f"marker {name}")

    def _added(self, when: str) -> Callable[[Function], Function]:
        def add(function: Function) -> Function:
            name = function.__name__
            if not name.isidentifier():
                raise StudioError("a rule needs a function with a name: def, not lambda")
            before = self.functions.get(name)
            self.functions[name] = function
            try:
                self._ask({"rule": when, "function": name})
            except BaseException:
                self.functions.pop(name)
                if before is not None:
                    self.functions[name] = before
                raise
            return function

        return add


def names(ask: Ask) -> tuple[dict[str, Any], dict[str, Function]]:
    """Return the names that code finds, and the functions that rules will call (none yet)."""
    studio, transport, rules = Studio(ask), Transport(ask), Rules(ask)
    musical = Musical(studio, ask)
    words = ("session", "tempo", "schedule", "latent", "marker", "play", "pause", "stop", "seek")
    given = {
        "studio": studio, "transport": transport, "beat": Beat(transport), "StudioError": StudioError,
        **{word: getattr(musical, word) for word in words},
        **{word: getattr(patterns, word) for word in ("chord", "scale", "euclid", "drums", "humanize")},
        "on_beat": rules.on_beat, "on_marker": rules.on_marker,
    }  # fmt: skip
    return given, rules.functions
