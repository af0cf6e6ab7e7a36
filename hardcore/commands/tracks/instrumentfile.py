"""Instruments from files: SFZ and SoundFont on a track, their presets, and the zones that a track plays."""

from typing import Annotated

from pydantic import Field

from hardcore.commands.core.background import work
from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Edited, Listing, Row, counted
from hardcore.commands.core.types import FileName, Kind, TrackRef
from hardcore.errors import UserError
from hardcore.music.pitch import note_name
from hardcore.project import tracks
from hardcore.project.multisample import Multisample, Zone
from hardcore.project.recordings import set_multisample
from hardcore.project.samples import MULTISAMPLE
from hardcore.project.state import ProjectState

PresetName = Annotated[str, Field(max_length=200), Kind("preset", "a preset's name, or bank:program")]
Width = Annotated[int, Field(ge=0, le=120), Kind("velocities", "0 to 120")]
SHOWN = 200


@command(
    "instrument import",
    "instrument import piano.sf2 bass",
    about={
        "file": "an .sfz, .sf2 or .sf3 file",
        "root": "the folder of the library that an .sfz and its sounds lie in",
    },
)
async def instrument_import(
    call: Call, file: FileName, track: TrackRef = "", *, preset: PresetName = "", root: FileName | None = None
) -> Edited:
    """Let a track play an instrument from an .sfz, .sf2 or .sf3 file, a new track unless you name one.

    Of a SoundFont the first --preset, or the one named. The sounds stay where they are: the project refers to them by
    their content. Those of an .sfz lie in its own folder or below, unless --root names that of its library; nothing
    outside is opened. What the file asks for and is not done here is said.
    """
    from hardcore.jobs.instrumentfile import IMPORTED, ensure_there

    path = call.caller.path(file)
    found = call.project.find_track(track).id if track else None
    ensure_there(path)
    library = None if root is None else str(call.caller.path(root))
    asked = {"path": str(path), "preset": preset, "root": library}
    made = IMPORTED.validate_python((await work(call, "instrument", asked))["imported"])
    named: list[str] = []

    def change(project: ProjectState) -> ProjectState:
        where = found
        if where is None:
            project, where = tracks.add_track(project, made.multisample.name, instrument=MULTISAMPLE)
        named.append(where)
        return set_multisample(project, where, made.multisample)

    who = call.edit(change).find_track(named[-1]).name
    return Edited(message=f"{who} plays {made.multisample.name}: {_summary(made.multisample)}", details=made.notes)


def _summary(played: Multisample) -> str:
    zones = played.zones
    low, high = min(zone.low_key for zone in zones), max(zone.high_key for zone in zones)
    ranges: dict[int, set[tuple[int, int]]] = {}
    for zone in zones:
        for key in range(zone.low_key, zone.high_key + 1):
            ranges.setdefault(key, set()).add((zone.low_velocity, zone.high_velocity))
    layers = max(len(known) for known in ranges.values())
    sounds = len({load.recording.key if load.recording else load.sample for load in played.loads.values()})
    parts = [f"{counted(len(zones), 'zone')} from {counted(sounds, 'sound')}", f"{note_name(low)} to {note_name(high)}"]
    parts += [f"{layers} velocity layers"] if layers > 1 else []
    return ", ".join([*parts, f"{played.memory_bytes / 1e6:.1f} MB in memory"])


class FilePreset(Row):
    """A preset in a SoundFont: its bank and program, and how many zones it has."""

    name: str
    bank: int
    program: int
    zones: int

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        return (self.name, f"{self.bank}:{self.program}", self.zones)


class FilePresets(Listing[FilePreset]):
    """The presets in a SoundFont."""

    headings = ("preset", "bank:program", "zones")


@command("instrument presets", "instrument presets piano.sf2", effects=(), about={"file": "an .sf2 or .sf3 file"})
async def instrument_presets(call: Call, file: FileName) -> FilePresets:
    """List the presets in a SoundFont."""
    from hardcore.jobs.instrumentfile import ensure_there
    from hardcore.jobs.soundfiles import FONTS

    path = call.caller.path(file)
    if path.suffix.lower() not in FONTS:
        raise UserError(f"{path.name} has no presets", "a SoundFont, .sf2 or .sf3, has")
    ensure_there(path)
    rows = (await work(call, "presets", {"path": str(path)}))["presets"]
    shown = tuple(FilePreset(name=name, bank=bank, program=program, zones=zones) for bank, program, name, zones in rows)
    note = f"play one: /instrument import {path.name} --preset NAME"
    return FilePresets(items=shown, note=note, empty=f"{path.name} has none")


def _zones_of(project: ProjectState, reference: str) -> Multisample:
    track = project.find_track(reference)
    if track.instrument is None or track.instrument.multisample is None:
        raise UserError(f"{track.name} plays no zones", "instrument import FILE.sfz or FILE.sf2")
    return track.instrument.multisample


class ZoneRow(Row):
    """A zone of a sampled instrument: its sound, keys and velocities, its root note, loudness, and how it plays.

    turn, turns   which of those that sound in turn it is; `group` what it cuts, `off_by` what cuts it
    """

    name: str
    low_key: int
    high_key: int
    low_velocity: int
    high_velocity: int
    root_key: int
    tune_cents: float
    gain_db: float
    pan: float
    mode: str
    turn: int
    turns: int
    group: int | None
    off_by: int | None

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        low, high = note_name(self.low_key), note_name(self.high_key)
        keys = low if low == high else f"{low}–{high}"
        turn = f"{self.turn} of {self.turns}" if self.turns > 1 else ""
        return (
            self.name, keys, f"{self.low_velocity}–{self.high_velocity}", note_name(self.root_key), self.tune_cents,
            self.gain_db, self.pan, self.mode, turn, self.group, self.off_by,
        )  # fmt: skip


class ZoneList(Listing[ZoneRow]):
    """The zones that a track plays, the first 200 of `total`."""

    headings = ("sound", "keys", "velocity", "root", "cents", "dB", "pan", "plays", "in turn", "cuts", "cut by")

    total: int


@command("instrument zones", "instrument zones bass", effects=())
def instrument_zones(call: Call, track: TrackRef) -> ZoneList:
    """List the zones that a track plays: sound, keys, velocities, root, loudness, and how each plays."""
    played = _zones_of(call.project, track)
    rows = tuple(_row(zone) for zone in played.zones[:SHOWN])
    more = f"{SHOWN} of {len(played.zones)}; " if len(played.zones) > SHOWN else ""
    return ZoneList(items=rows, total=len(played.zones), note=more + _summary(played))


def _row(zone: Zone) -> ZoneRow:
    names = [name for name in ZoneRow.model_fields if name not in ("group", "off_by")]
    own = {name: getattr(zone, name) for name in names}
    return ZoneRow(**own, group=zone.group or None, off_by=zone.off_by or None)


@command("instrument blend", "instrument blend bass 20")
def instrument_blend(call: Call, track: TrackRef, width: Width) -> Done:
    """Let velocity layers cross over so many velocities where they meet, at the same power; 0 is a hard edge."""
    played = _zones_of(call.project, track)
    found = call.project.find_track(track)
    blended = played.blended(width)
    crossed = sum(zone.velocity_in is not None for zone in blended.zones)
    if width and not crossed:
        raise UserError(f"{found.name} has no velocity layers that meet", "layers are in: instrument zones TRACK")
    call.edit(lambda project: set_multisample(project, found.id, blended))
    if not width:
        return Done(message=f"{found.name}: layers with hard edges")
    return Done(message=f"{found.name}: {counted(crossed, 'layer')} blended over {width} velocities")
