"""A bass that listens: follow the drums of a scene, check a line against them, put it right."""

from typing import Annotated

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Listing, Row, counted
from hardcore.commands.core.seeds import fresh_seed
from hardcore.commands.core.types import (
    Bars,
    Choice,
    ClipRef,
    KeyOption,
    Kind,
    RandomSeed,
    SceneRef,
    Share,
    TrackRef,
)
from hardcore.commands.edits.accompaniment import hear, line_of, notes_of, place
from hardcore.errors import UserError
from hardcore.music.pitch import note_name
from hardcore.project import clips
from hardcore.project.clip import Clip, Provenance
from hardcore.project.roles import DRUMS, Role
from hardcore.project.state import ProjectState


def _drum_choices(project: ProjectState, before: tuple[str, ...]) -> list[Choice]:
    names = [Choice(track.name, "its scene's drums") for track in project.tracks if track.role in DRUMS and track.clips]
    return [*names, *(Choice(scene.name, "a scene's drums") for scene in project.scenes)]


def _modes(project: ProjectState, before: tuple[str, ...]) -> list[Choice]:
    from hardcore.rhythm.bass_modes import MODES

    return [Choice(name, mode.about) for name, mode in MODES.items()]


DrumsRef = Annotated[str, Kind("drums", "a drum track, clip or scene to listen to", _drum_choices)]
ModeRef = Annotated[str, Kind("mode", "how the bass plays: rolling_ostinato, sub_anchor, …", _modes)]


class ModeRow(Row):
    """A way a bass may play: notes a bar, its register (MIDI notes), what it does about the kick."""

    name: str
    fewest: int
    most: int
    low_note: int
    high_note: int
    kick: str
    about: str

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        register = f"{note_name(self.low_note)}–{note_name(self.high_note)}"
        return (self.name, f"{self.fewest}–{self.most}", register, self.kick, self.about)


class ModeList(Listing[ModeRow]):
    """The ways a bass may play."""

    headings = ("mode", "notes a bar", "register", "kick", "what it plays")


class BassFault(Row):
    """What is wrong in a bass line, and where (bar.beat.sixteenth)."""

    at: str
    tick: int
    kind: str
    words: str

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        return (self.at, self.kind, self.words)


class BassChecked(Listing[BassFault]):
    """What is wrong with a bass line; `fit` and `clear` of the kick are shares, 0–1."""

    headings = ("at", "fault", "what")

    mode: str
    fit: float
    clear: float


@command("bass modes", "bass modes", effects=())
def bass_modes(call: Call) -> ModeList:
    """List the ways a bass may play to the drums."""
    from hardcore.rhythm.bass_modes import MODES

    rows = tuple(
        ModeRow(name=name, fewest=m.fewest, most=m.most, low_note=m.low, high_note=m.high, kick=m.kick, about=m.about)
        for name, m in MODES.items()
    )
    return ModeList(items=rows)


@command(
    "bass follow",
    "bass follow kick --mode rolling_ostinato --bars 4 --seed 7",
    about={"bars": "how many bars the line has", "density": "how busy it is, 0 to 100"},
)
def bass_follow(
    call: Call,
    drums: DrumsRef | None = None,
    *,
    mode: ModeRef | None = None,
    bars: Bars | None = None,
    density: Share | None = None,
    seed: RandomSeed | None = None,
    key: KeyOption | None = None,
    track: TrackRef | None = None,
    scene: SceneRef | None = None,
) -> Done:
    """Play a bass line to the drums of a scene, as a clip on its bass track: out of the kick's way, or locked to it.

    It hears kick, hats and backbeat, and swings as they do. The mode is the one that suits the drums unless given
    (`bass modes`), --density a share of the sixteenths in percent, the key the project's. A bass track is added where
    there is none; a clip in the slot stays on its track.
    """
    from hardcore.rhythm.bass_modes import MODES, mode_for, mode_name
    from hardcore.rhythm.bass_score import fit
    from hardcore.rhythm.bassline import bassline

    project, used = call.project, fresh_seed() if seed is None else seed
    heard = hear(project, drums, bars)
    name, wanted = mode_name(mode) if mode else mode_for(heard.drums), key or project.key
    line = bassline(heard.drums, wanted, name, seed=used, density=None if density is None else density / 100)
    if not line:
        raise UserError("the kick leaves the bass no step to play on", "--mode root_fifth plays with the kick")
    intent = {"mode": name, "drums": ", ".join(heard.tracks), "key": wanted.name}
    made = Provenance(seed=used, producer="bass", version=call.studio.version, intent=intent)
    roles: tuple[Role, ...] = ("sub", "bass") if name == "sub_anchor" else ("bass", "sub")
    placed = place(project, line, heard, roles, (track, scene), made)
    call.edit(lambda project: placed.project)
    figures = fit(line, heard.drums, MODES[name])
    return Done(
        message=f"{placed.track}:{placed.scene} plays {name}: {counted(heard.drums.bars, 'bar')}, "
        f"{counted(len(line), 'note')}, {wanted.name}, seed {used}",
        details=(
            f"heard {', '.join(heard.tracks)}",
            f"fit {figures.total:.0%}: {figures.clear:.0%} clear of the kick, {figures.lock:.0%} with it, "
            f"{figures.hat:.0%} beside a hat, {figures.clap:.0%} of the backbeat answered",
        ),
    )


@command("bass check", "bass check bass:A --mode rolling_ostinato", effects=())
def bass_check(call: Call, clip: ClipRef, *, drums: DrumsRef | None = None, mode: ModeRef | None = None) -> BassChecked:
    """Say what is wrong with a bass line for the drums of its scene, and how well it fits them.

    Kick collisions (where the mode avoids the kick), register and key, density, two voices at once. The mode is the one
    the clip was made with, unless given.
    """
    from hardcore.rhythm.bass_check import faults
    from hardcore.rhythm.bass_modes import MODES
    from hardcore.rhythm.bass_score import fit

    project = call.project
    track, found = project.find_clip(clip)
    name = _mode(found, mode)
    heard = hear(project, drums or _scene_of(project, track.id, found.id), _bars(project, found))
    line = line_of(found, heard.drums.length_ticks)
    figures = fit(line, heard.drums, MODES[name])
    said = f"{name}, fit {figures.total:.0%}, {figures.clear:.0%} clear of the kick"
    rows = tuple(
        BassFault(at=str(project.meter_map.position(fault.tick)), tick=fault.tick, kind=fault.kind, words=fault.words)
        for fault in faults(line, heard.drums, MODES[name], project.key)
    )
    return BassChecked(
        items=rows, mode=name, fit=figures.total, clear=figures.clear, note=said, empty=f"nothing is wrong: {said}"
    )


@command("bass repair", "bass repair bass:A --mode rolling_ostinato")
def bass_repair(call: Call, clip: ClipRef, *, drums: DrumsRef | None = None, mode: ModeRef | None = None) -> Done:
    """Put a bass line right for the drums of its scene; what is right stays as it is.

    Notes on a kick move to the next free step, others are cut at the kick, moved into the register and to the key,
    thinned out or filled up to the mode's density, and made one voice.
    """
    from hardcore.rhythm.bass_check import faults, repaired
    from hardcore.rhythm.bass_modes import MODES

    project = call.project
    track, found = project.find_clip(clip)
    mode_of = MODES[_mode(found, mode)]
    heard = hear(project, drums or _scene_of(project, track.id, found.id), _bars(project, found))
    if heard.drums.length_ticks != found.length_ticks:
        raise UserError(f"{found.name} is not of whole bars", f"/bass follow makes a line of {heard.drums.bars}")
    line = line_of(found, heard.drums.length_ticks)
    wrong = faults(line, heard.drums, mode_of, project.key)
    good = notes_of(repaired(line, heard.drums, mode_of, project.key))
    if not wrong:
        raise UserError(f"nothing is wrong with {found.name}")
    call.edit(lambda project: clips.edit_notes(project, found.id, lambda notes: good))
    return Done(
        message=f"{found.name}: {counted(len(wrong), 'fault')} put right, {len(found.notes)} → {len(good)} notes"
    )


def _mode(clip: Clip, mode: str | None) -> str:
    """Return the mode given, else the one the clip was made with. Raises UserError."""
    from hardcore.rhythm.bass_modes import MODES, mode_name

    if mode:
        return mode_name(mode)
    made = clip.provenance.intent.get("mode", "") if clip.provenance else ""
    if made not in MODES:
        raise UserError(f"{clip.name} does not say its mode", "--mode, one of: " + ", ".join(MODES))
    return made


def _scene_of(project: ProjectState, track_id: str, clip_id: str) -> str | None:
    return next((scene.id for scene in project.scenes if scene.slots.get(track_id) == clip_id), None)


def _bars(project: ProjectState, clip: Clip) -> int:
    return max(1, -(-clip.length_ticks // project.meter_map.bar_ticks()))
