"""The names that the kernel's code finds there: the studio, what one does with a session, patterns, rules."""

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

from hardcore.kernel import patterns
from hardcore.kernel.facade import Answer, Ask, Studio
from hardcore.kernel.pipe import StudioError

Function = Callable[..., Any]


class LatentRef(Answer):
    """What is to be made in time for a beat: its `rule`, `name`, `space` and `deadline` (in beats)."""

    def __init__(self, studio: Studio, answer: Answer) -> None:
        super().__init__(answer)
        self._studio = studio

    def cancel(self) -> Answer:
        """Give it up: it is not made."""
        return self._studio.call("rule remove", self["rule"])

    def materialize(self) -> Answer:
        """Make it now, and place it at its beat. Raises StudioError where it can't be."""
        return self._studio.call("rule fire", self["rule"])


class Transport:
    """The music: whether it plays, and where it is."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    @property
    def state(self) -> str:
        """Return `playing`, `paused` or `stopped`."""
        return str(self._ask({"where": True})["transport"])

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
        for command, value in (("open", load), ("title", name), ("session vibe", vibe)):
            if value:
                self._studio.call(command, value)
        return self._studio.call("session show")

    def tempo(self, bpm: float) -> Answer:
        """Set the tempo, unless it is that already: code that runs again changes nothing."""
        if self._ask({"where": True})["bpm"] == bpm:
            return Answer(text=f"{bpm:g} bpm")
        return self._studio.call("tempo", bpm=bpm)

    def schedule(self, clip: str, at: float, duration: float | None = None, gain: float = 1.0) -> Answer:
        """Place a clip in the arrangement at a beat, for so many beats, at a linear gain."""
        return self._studio.call("schedule", clip, at, beats=duration, gain=gain)

    def latent(self, space: str, prompt: str = "", *, deadline: float, priority: str = "normal") -> "LatentRef":
        """Let a space make something in time for a beat, where it is placed."""
        return LatentRef(self._studio, self._studio.call("latent", space, deadline, prompt, priority=priority))

    def sample(self, space: str, prompt: str = "", **inference: Any) -> Answer:
        """Let a space (/space list) make something of a prompt; `seed` and the like are its inference parameters."""
        return Answer(self._ask({"sample": space, "prompt": prompt, "inference": inference}))

    def audition(self, sound: str) -> Answer:
        """Play a sound once beside the music."""
        return self._studio.call("samples audition", sound)

    def marker(self, name: str, beat: float) -> Answer:
        """Name a beat of the song, or let the name stand there from now on."""
        now = dict(self._ask({"markers": True})).get(name)
        if now == beat:
            return Answer(text=f"{name} at beat {beat:g}")
        return self._studio.call("marker add" if now is None else "marker move", name, self._place(beat))

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

    def on_artifact(self, tag: str = "") -> Callable[[Function], Function]:
        """Call the decorated function with each artifact that is made, or that has a tag: a rule of its name.

        It gets `id`, `content_hash` (SHA-256) and `tags`; tags of a file are its ending, its name and what made it.
        """
        return self._added(f"artifact {tag}" if tag else "any artifact")

    def live_loop(self, beats: int = 4) -> Callable[[Function], Function]:
        """Call the decorated function every so many beats, with the beat, until `stop_loop` or an error.

        Said again, the next round is the new one's. Where that fails, the last version that did not goes on; a loop
        that never went well is stopped. Either is said in one line.
        """
        added = self._added("every beat" if beats == 1 else f"every {beats} beats", loops=True)

        def loop(function: Function) -> Function:
            added(function)
            return function

        return loop

    def stop_loop(self, name: str) -> Answer:
        """End a loop, or any function that a rule calls."""
        self.functions.pop(name, None)
        return Answer(self._ask({"name": "rule remove", "values": [name], "named": {}}))

    def _added(self, when: str, *, loops: bool = False) -> Callable[[Function], Function]:
        def add(function: Function) -> Function:
            name = function.__name__
            if not name.isidentifier():
                raise StudioError("a rule needs a function with a name: def, not lambda")
            before = self.functions.get(name)
            self.functions[name] = Loop(self, function, before) if loops else function
            try:
                self._ask({"rule": when, "function": name})
            except BaseException:
                self.functions.pop(name)
                if before is not None:
                    self.functions[name] = before
                raise
            return function

        return add


class Loop:
    """A function that goes round; it falls back on the last version of itself that went well."""

    def __init__(self, rules: Rules, function: Function, before: Function | None) -> None:
        self._rules, self._name, self._now = rules, function.__name__, function
        self._good: Function | None = before.good if isinstance(before, Loop) else before

    @property
    def good(self) -> Function | None:
        """Return the last version that went well, None where none did."""
        return self._good

    def __call__(self, beat: float) -> None:
        """Go round once. Raises StudioError, one line, when the newest version fails."""
        try:
            self._round(self._now, beat)
            self._good = self._now
        except Exception as error:
            words = str(error) if isinstance(error, StudioError) else f"{type(error).__name__}: {error}"
            if self._good is None or self._good is self._now:
                self._rules.stop_loop(self._name)
                raise StudioError(f"{words}: the loop {self._name} is stopped") from error
            self._now = self._good
            self._round(self._now, beat)
            raise StudioError(f"{words}: the version before of {self._name} goes on") from error

    def _round(self, function: Function, beat: float) -> None:
        result = function(beat)
        if inspect.iscoroutine(result):
            asyncio.run(result)


class Timeline:
    """The song's line of time."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    @property
    def markers(self) -> list[tuple[str, float]]:
        """Return the markers by beat: (name, beat)."""
        return [(name, beat) for name, beat in self._ask({"markers": True})]


async def gather(*things: Any) -> list[Any]:
    """Return what comes of several awaitables, or of a list of them, in order; the studio answers one by one."""

    async def one(thing: Any) -> Any:
        return await thing

    every = things[0] if len(things) == 1 and isinstance(things[0], list) else things
    return await asyncio.gather(*map(one, every))


def names(ask: Ask) -> tuple[dict[str, Any], dict[str, Function]]:
    """Return the names that code finds, and the functions that rules will call (none yet)."""
    studio, transport, rules = Studio(ask), Transport(ask), Rules(ask)
    musical = Musical(studio, ask)
    words = ("session", "tempo", "sample", "schedule", "latent", "audition", "marker", "play", "pause", "stop", "seek")
    given = {
        "studio": studio, "transport": transport, "beat": Beat(transport), "timeline": Timeline(ask),
        "StudioError": StudioError,
        **{word: getattr(musical, word) for word in words},
        **{word: getattr(patterns, word) for word in ("chord", "scale", "euclid", "drums", "humanize")},
        "on_beat": rules.on_beat, "on_marker": rules.on_marker, "on_artifact": rules.on_artifact,
        "gather": gather,
        "live_loop": rules.live_loop, "stop_loop": rules.stop_loop,
    }  # fmt: skip
    return given, rules.functions
