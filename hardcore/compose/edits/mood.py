"""Mood: the whole piece in the dimensions that people hear, a step at a time: which parts move, and in what.

What each dimension moves is in MOODS. Only what parts have is moved: a mood puts no effects on parts but a reverb, a
delay or drive where nothing has any. Notes stay but for `density`; `energy` and what has a share of it plays harder.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from hardcore.compose.edits import colour
from hardcore.compose.edits.amount import Amount
from hardcore.compose.edits.colour import Made, Paint
from hardcore.compose.edits.density import of_steps, set_density
from hardcore.compose.edits.effectamount import change
from hardcore.compose.edits.equaliser import band, raised
from hardcore.compose.edits.move import Move
from hardcore.compose.edits.outcome import Outcome
from hardcore.compose.edits.parameters import Place, moved
from hardcore.compose.edits.width import widen
from hardcore.errors import UserError, nearest
from hardcore.knowledge.terms import colour_called, parameter_called
from hardcore.project.clips import replace_clip
from hardcore.project.parts import device_of, is_melodic, plays
from hardcore.project.roles import TRANSITIONS, Role
from hardcore.project.selection import Selected
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

Feel = Callable[[ProjectState, float, int], Outcome]
Chosen = Callable[[Track], bool]

VELOCITY = 9  # a step of energy
LOW: tuple[Role, ...] = ("kick", "bass", "sub")
STRUCK: tuple[Role, ...] = ("kick", "snare", "clap", "tom")
TOPS: tuple[Role, ...] = ("hat_closed", "ride", "shaker")
# they stay as they are when the whole gets denser
ANCHORS: tuple[Role, ...] = ("kick", "snare", "clap", "sub", "pad", "texture", *TRANSITIONS)


class Mood(NamedTuple):
    """A dimension of the whole: what a step more of it is, for the help, and what does it."""

    help: str
    feel: Feel


def mood(project: ProjectState, words: str, steps: float, seed: int) -> Outcome:
    """Return the project `steps` more of a mood, or less below 0.

    seed  what chance is drawn from, where notes come and go

    Raises UserError for no mood, naming the nearest.
    """
    found = colour_called(words)
    if found is None or found[0] not in MOODS:
        raise UserError(f"no mood '{words}'", nearest(words, MOODS))
    name, way = found
    outcome = MOODS[name].feel(project, steps * way, seed)
    if outcome.said:
        return outcome._replace(failed=())
    much = "much" if steps * way > 0 else "little"
    return outcome._replace(failed=outcome.failed or (f"the piece has as {much} {name} as it gets",))


def _painted(project: ProjectState, chosen: Chosen, paint: Paint, steps: float) -> Outcome:
    """Return it with every chosen part painted; parts that cannot are left as they are."""
    said = []
    for track in project.tracks:
        if plays(track) and chosen(track):
            project, line = paint(project, track, steps)
            said += [f"{track.name}: {line}"] if line else []
    return Outcome(project, tuple(said))


def _every(track: Track) -> bool:
    return True


def _in(*roles: Role) -> Chosen:
    return lambda track: track.role in roles


def _together(project: ProjectState, *feels: Callable[[ProjectState], Outcome]) -> Outcome:
    said: list[str] = []
    for feel in feels:
        outcome = feel(project)
        project = outcome.project
        said += outcome.said
    return Outcome(project, tuple(said))


def _parameter(name: str) -> Paint:
    """Return what moves a parameter of instruments that have it, by steps."""

    def paint(project: ProjectState, track: Track, steps: float) -> Made:
        own = parameter_called(device_of(track), name)
        if own is None:
            return project, ""
        project, line, _ = moved(project, track, Place(track.id, device_of(track), own), Move(steps=steps))
        return project, line.partition(": ")[2]

    return paint


def _master_band(project: ProjectState, name: str, by_db: float) -> Outcome:
    master = project.master
    project, before, after = raised(project, master, band(name), Amount(by=by_db))
    return Outcome(project, () if before == after else (f"{master.name}: {name} {before:g} → {after:g} dB",))


def _amount(project: ProjectState, effect: str, steps: float) -> Outcome:
    parts = [track for track in project.tracks if plays(track)]
    return change(project, parts, effect, None, Move(steps=steps), named=False)


def _forces(project: ProjectState, by: float) -> Outcome:
    """Return it with every note struck harder or softer by so many steps of velocity."""
    way, before, after = round(by), 0, 0
    count = 0
    for _, clip in project.clips():
        notes = clip.notes.map(lambda note: note._replace(velocity=min(max(note.velocity + way, 1), 127)))
        before += sum(note.velocity for note in clip.notes)
        after += sum(note.velocity for note in notes)
        count += len(clip.notes)
        project = replace_clip(project, clip.evolve(notes=notes))
    if before == after:
        return Outcome(project)
    return Outcome(project, (f"mean velocity {before / count:.0f} → {after / count:.0f}",))


def brightness(project: ProjectState, steps: float, seed: int) -> Outcome:
    """Every part's own brightness; where none has any, the highs of the master by 2 dB."""
    outcome = _painted(project, _every, colour.own_brightness, steps)
    return outcome if outcome.said else _master_band(project, "high", 2 * steps)


def warmth(project: ProjectState, steps: float, seed: int) -> Outcome:
    """What has pitch half a step darker, and 1 dB of low mids on the master."""
    return _together(
        project,
        lambda p: _painted(p, is_melodic, colour.own_brightness, -0.5 * steps),
        lambda p: _master_band(p, "low-mid", steps),
    )


def drive(project: ProjectState, steps: float, seed: int) -> Outcome:
    """What is driven already; where nothing is and more is asked for, kick, bass, sub and lead."""

    def driven(track: Track) -> bool:
        inserts = any(effect.device == "drive" for effect in track.effects)
        return inserts or any(parameter.id == "drive" for parameter in device_of(track).shown)

    outcome = _painted(project, driven, colour.drive, steps)
    if outcome.said or steps <= 0:
        return outcome
    return _painted(project, _in(*LOW, "lead"), colour.drive, steps)


def punch(project: ProjectState, steps: float, seed: int) -> Outcome:
    """Kick, snare, clap and toms."""
    return _painted(project, _in(*STRUCK), colour.punch, steps)


def weight(project: ProjectState, steps: float, seed: int) -> Outcome:
    """Kick, bass and sub; where there are none, the lows of the master by 2 dB."""
    outcome = _painted(project, _in(*LOW), colour.weight, steps)
    return outcome if outcome.said else _master_band(project, "low", 2 * steps)


def energy(project: ProjectState, steps: float, seed: int) -> Outcome:
    """Every note 9 harder, what has pitch half a step brighter, kick and bass half a step more driven, denser tops."""
    tops = [track for track in _playing(project) if track.role in TOPS]
    return _together(
        project,
        lambda p: _forces(p, VELOCITY * steps),
        lambda p: _painted(p, is_melodic, colour.own_brightness, 0.5 * steps),
        lambda p: _painted(p, _in("kick", "bass"), colour.drive, 0.5 * steps),
        lambda p: set_density(p, _selected(p, tops), of_steps(0.5 * steps), seed) if tops else Outcome(p),
    )


def _playing(project: ProjectState) -> list[Track]:
    """Return the tracks that have notes."""
    return [track for track in project.tracks if any(len(clip.notes) for clip in track.clips)]


def _selected(project: ProjectState, tracks: Sequence[Track]) -> list[Selected]:
    """Return what there is to edit of tracks, as they are by now."""
    now = [project.find_track(track.id) for track in tracks]
    return [Selected(track, tuple(clip for clip in track.clips if len(clip.notes))) for track in now]


def aggression(project: ProjectState, steps: float, seed: int) -> Outcome:
    """A step more drive, half a step more energy, sharper leads and chords."""
    return _together(
        project,
        lambda p: drive(p, steps, seed),
        lambda p: energy(p, 0.5 * steps, seed),
        lambda p: _painted(p, _in("lead", "chords"), colour.DIMENSIONS["sharpness"].paint, 0.5 * steps),
    )


def tension(project: ProjectState, steps: float, seed: int) -> Outcome:
    """What has pitch darker by half a step, with more resonance, further out of tune, in more reverb."""
    return _together(
        project,
        lambda p: _painted(p, is_melodic, colour.own_brightness, -0.5 * steps),
        lambda p: _painted(p, is_melodic, _parameter("resonance"), steps),
        lambda p: _painted(p, is_melodic, _parameter("detune"), 0.5 * steps),
        lambda p: _amount(p, "reverb", 0.5 * steps),
    )


def happiness(project: ProjectState, steps: float, seed: int) -> Outcome:
    """What has pitch brighter by a step, every note 3 harder, half a step less reverb; key and chords stay."""
    return _together(
        project,
        lambda p: _painted(p, is_melodic, colour.own_brightness, steps),
        lambda p: _forces(p, 3 * steps),
        lambda p: _amount(p, "reverb", -0.5 * steps),
    )


def dreaminess(project: ProjectState, steps: float, seed: int) -> Outcome:
    """A step more reverb and width; what has pitch softer in attack and longer in release; every note 4 softer."""
    return _together(
        project,
        lambda p: _amount(p, "reverb", steps),
        lambda p: _painted(p, is_melodic, _parameter("attack"), steps),
        lambda p: _painted(p, is_melodic, _parameter("release"), steps),
        lambda p: _widened(p, steps, is_melodic),
        lambda p: _forces(p, -4 * steps),
    )


def density(project: ProjectState, steps: float, seed: int) -> Outcome:
    """30 % more hits of all but kick, backbeat and backgrounds."""
    busy = [track for track in _playing(project) if track.role not in ANCHORS]
    if not busy:
        return Outcome(project, (), ("nothing plays that could be denser or sparser",))
    return set_density(project, _selected(project, busy), of_steps(steps), seed)


def width(project: ProjectState, steps: float, seed: int) -> Outcome:
    """The instruments' own width, pans, and widths that are held back."""
    return _widened(project, steps, _every)


def _widened(project: ProjectState, steps: float, chosen: Chosen) -> Outcome:
    parts = [track for track in project.tracks if plays(track) and chosen(track)]
    return widen(project, parts, Amount(by=steps), add=False)._replace(failed=())


MOODS: Mapping[str, Mood] = {
    "brightness": Mood("every part's own brightness", brightness),
    "warmth": Mood("melodic parts darker, 1 dB of low mids", warmth),
    "drive": Mood("what is driven, else kick, bass and lead", drive),
    "punch": Mood("kick, snare, clap, toms", punch),
    "weight": Mood("kick, bass and sub", weight),
    "space": Mood("the reverb there is", lambda project, steps, seed: _amount(project, "reverb", steps)),
    "echo": Mood("the delay there is", lambda project, steps, seed: _amount(project, "delay", steps)),
    "width": Mood("widths and pans", width),
    "energy": Mood("harder hits, brighter, driven, denser hats", energy),
    "aggression": Mood("drive, energy, sharper leads", aggression),
    "tension": Mood("darker, resonant, out of tune, reverb", tension),
    "happiness": Mood("brighter, harder hits, less reverb", happiness),
    "dreaminess": Mood("reverb, width, slow attacks, soft hits", dreaminess),
    "density": Mood("more hits of hats, bass, leads, chords", density),
}
