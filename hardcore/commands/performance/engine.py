"""The engine: what there is, which one plays, and another one in its place while the music goes on."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Listing, Row
from hardcore.commands.core.types import Choice, Kind
from hardcore.commands.performance.playing import asked
from hardcore.errors import NotFound, nearest
from hardcore.project.state import ProjectState
from hardcore.settings import change_setting

_KINDS = {
    "embedded": "scsynth inside the player; needs nothing else",
    "external": "the scsynth program on PATH (with JACK on Linux)",
    "none": "silent, time is kept",
}


def _kinds(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    return (Choice(kind, what) for kind, what in _KINDS.items())


EngineKind = Annotated[Literal["embedded", "external", "none"], Kind("engine", "embedded, external or none", _kinds)]
Device = Annotated[str, Field(max_length=200), Kind("device", "a sound device of /engine list, or default")]
Buffer = Annotated[int, Field(ge=0, le=8192), Kind("frames", "frames the device takes at once; 0: its own choice")]
Rate = Annotated[int, Field(ge=8000, le=192_000), Kind("hz", "frames a second")]


class EngineRow(Row):
    """An engine, or a sound device of the one that is chosen."""

    kind: Literal["engine", "device"]
    name: str
    chosen: bool
    about: str

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        return ("*" if self.chosen else "", self.name, self.about)


class EngineList(Listing[EngineRow]):
    """The engines and sound devices; `plays` is what does now, null: nothing yet.

    buffer_frames   that are asked of the device; null: its own choice
    """

    headings = ("", "engine or device", "what it is")

    plays: str | None
    rate: int
    buffer_frames: int | None


class EngineChosen(Done):
    """The engine that was chosen, what plays now (null: from the next play on), and what is wrong with it."""

    kind: str
    plays: str | None
    trouble: str | None


@command("engine list", "engine list", effects={"player"}, aliases=("engine", "engines"))
async def engine_list(call: Call) -> EngineList:
    """List the engines and, where the engine can tell, the sound devices; a star marks what is chosen."""
    chosen = call.studio.settings.engine
    rows = [
        EngineRow(kind="engine", name=kind, chosen=kind == chosen.kind, about=what) for kind, what in _KINDS.items()
    ]
    player = call.studio.player
    if player is not None and chosen.kind == "embedded":
        wanted = chosen.device or "default"
        rows += [
            EngineRow(kind="device", name=name, chosen=name.endswith(wanted), about="sound device")
            for name in await asked(call, lambda player: player.devices())
        ]
    buffer = f"{chosen.buffer_frames} frames" if chosen.buffer_frames else "the device's own"
    now = player.latest().sound if player is not None else ""
    note = f"plays: {now or 'not started'}; asked for: {chosen.rate} Hz, buffer {buffer}"
    return EngineList(
        items=tuple(rows), plays=now or None, rate=chosen.rate, buffer_frames=chosen.buffer_frames or None, note=note
    )


@command("engine use", "engine use embedded --rate 48000", effects={"settings", "player"})
async def engine_use(
    call: Call,
    kind: EngineKind,
    *,
    device: Device | None = None,
    buffer: Buffer | None = None,
    rate: Rate | None = None,
) -> EngineChosen:
    """Play with another engine, sound device, buffer or rate; the project and the place in the music stay.

    The choice is kept in your own settings.
    """
    player, settings = call.studio.player, call.studio.settings
    if device is not None:
        same = player is not None and settings.engine.kind == kind
        device = _device(device, kind, tuple(await asked(call, lambda player: player.devices())) if same else ())
    wanted = {"kind": kind, "device": device, "buffer_frames": buffer, "rate": rate}
    for name, value in wanted.items():
        if value is not None:
            settings = change_setting(settings, f"engine.{name}", str(value))
    call.studio.settings = settings
    state = await asked(call, lambda player: player.renew()) if player is not None else None
    if state is None or not state.sound:
        return EngineChosen(message=f"engine: {kind}, from the next play on", kind=kind, plays=None, trouble=None)
    words = f"engine: {state.sound}" + (f"\n{state.trouble}" if state.trouble else "")
    return EngineChosen(message=words, kind=kind, plays=state.sound, trouble=state.trouble or None)


def _device(name: str, kind: str, known: tuple[str, ...]) -> str:
    """Return the device's name in full; empty for the system's own choice. Raises UserError naming the nearest."""
    if name.casefold() in ("", "default"):
        return ""
    found = [one for one in known if name.casefold() in one.casefold()]
    if kind == "embedded" and known and not found:
        raise NotFound(f"no sound device '{name}'", nearest(name, known) or "/engine list names them")
    return found[0] if kind == "embedded" and found else name
