"""Feels: what a step of each mood does to the whole piece. `mood.py` has them by name."""

from collections.abc import Callable, Sequence

from hardcore.compose.edits import colourparts, movement
from hardcore.compose.edits.amount import Amount
from hardcore.compose.edits.colourparts import Made, Paint
from hardcore.compose.edits.density import of_steps, set_density
from hardcore.compose.edits.effectamount import change
from hardcore.compose.edits.equaliser import band, raised
from hardcore.compose.edits.move import Move
from hardcore.compose.edits.outcome import Outcome
from hardcore.compose.edits.parameters import Place, moved
from hardcore.compose.edits.velocity import set_velocity
from hardcore.compose.edits.width import widen
from hardcore.knowledge.terms import parameter_called
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
LINES: tuple[Role, ...] = ("bass", "lead", "pluck")
TOPS: tuple[Role, ...] = ("hat_closed", "ride", "shaker")
# they stay as they are when the whole gets denser
ANCHORS: tuple[Role, ...] = ("kick", "snare", "clap", "sub", "pad", "texture", *TRANSITIONS)


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


def amount(project: ProjectState, effect: str, steps: float) -> Outcome:
    """Return it with more or less of an effect, wherever parts have it."""
    parts = [track for track in project.tracks if plays(track)]
    return change(project, parts, effect, None, Move(steps=steps), named=False)


def _forces(project: ProjectState, by: float) -> Outcome:
    """Return it with every note struck harder or softer by so many steps of velocity, said in one line."""
    parts = _playing(project)
    outcome = set_velocity(project, _selected(project, parts), Amount(by=by))
    before, after = _mean_velocity(project), _mean_velocity(outcome.project)
    said = (f"mean velocity {before:.0f} → {after:.0f}",) if outcome.said else ()
    return Outcome(outcome.project, said)


def _mean_velocity(project: ProjectState) -> float:
    velocities = [note.velocity for _, clip in project.clips() for note in clip.notes]
    return sum(velocities) / max(len(velocities), 1)


def brightness(project: ProjectState, steps: float, seed: int) -> Outcome:
    """Every part's own brightness; where none has any, the highs of the master by 2 dB."""
    outcome = _painted(project, _every, colourparts.own_brightness, steps)
    return outcome if outcome.said else _master_band(project, "high", 2 * steps)


def warmth(project: ProjectState, steps: float, seed: int) -> Outcome:
    """What has pitch half a step darker, and 1 dB of low mids on the master."""
    return _together(
        project,
        lambda p: _painted(p, is_melodic, colourparts.own_brightness, -0.5 * steps),
        lambda p: _master_band(p, "low-mid", steps),
    )


def drive(project: ProjectState, steps: float, seed: int) -> Outcome:
    """What is driven already; where nothing is and more is asked for, kick, bass, sub and lead."""

    def driven(track: Track) -> bool:
        inserts = any(effect.device == "drive" for effect in track.effects)
        return inserts or any(parameter.id == "drive" for parameter in device_of(track).shown)

    outcome = _painted(project, driven, colourparts.drive, steps)
    if outcome.said or steps <= 0:
        return outcome
    return _painted(project, _in(*LOW, "lead"), colourparts.drive, steps)


def punch(project: ProjectState, steps: float, seed: int) -> Outcome:
    """Kick, snare, clap and toms."""
    return _painted(project, _in(*STRUCK), colourparts.punch, steps)


def weight(project: ProjectState, steps: float, seed: int) -> Outcome:
    """Kick, bass and sub; where there are none, the lows of the master by 2 dB."""
    outcome = _painted(project, _in(*LOW), colourparts.weight, steps)
    return outcome if outcome.said else _master_band(project, "low", 2 * steps)


def energy(project: ProjectState, steps: float, seed: int) -> Outcome:
    """Every note 9 harder, what has pitch half a step brighter, kick and bass half a step more driven, denser tops."""
    tops = [track for track in _playing(project) if track.role in TOPS]
    return _together(
        project,
        lambda p: _forces(p, VELOCITY * steps),
        lambda p: _painted(p, is_melodic, colourparts.own_brightness, 0.5 * steps),
        lambda p: _painted(p, _in("kick", "bass"), colourparts.drive, 0.5 * steps),
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
        lambda p: _painted(p, _in("lead", "chords"), colourparts.shelf("presence"), 0.5 * steps),
    )


def tension(project: ProjectState, steps: float, seed: int) -> Outcome:
    """What has pitch darker by half a step, with more resonance, further out of tune, in more reverb."""
    return _together(
        project,
        lambda p: _painted(p, is_melodic, colourparts.own_brightness, -0.5 * steps),
        lambda p: _painted(p, is_melodic, _parameter("resonance"), steps),
        lambda p: _painted(p, is_melodic, _parameter("detune"), 0.5 * steps),
        lambda p: amount(p, "reverb", 0.5 * steps),
    )


def happiness(project: ProjectState, steps: float, seed: int) -> Outcome:
    """What has pitch brighter by a step, every note 3 harder, half a step less reverb; key and chords stay."""
    return _together(
        project,
        lambda p: _painted(p, is_melodic, colourparts.own_brightness, steps),
        lambda p: _forces(p, 3 * steps),
        lambda p: amount(p, "reverb", -0.5 * steps),
    )


def dreaminess(project: ProjectState, steps: float, seed: int) -> Outcome:
    """A step more reverb and width; what has pitch softer in attack and longer in release; every note 4 softer."""
    return _together(
        project,
        lambda p: amount(p, "reverb", steps),
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


def livelier(project: ProjectState, steps: float, seed: int) -> Outcome:
    """Lines of bass, lead and pluck that travel further, and sounds of theirs that move."""
    lines = [track for track in _playing(project) if track.role in LINES]
    if not lines:
        return Outcome(project, (), ("there is no bass or lead to move",))
    return movement.move(project, _selected(project, lines), steps, seed)


def width(project: ProjectState, steps: float, seed: int) -> Outcome:
    """The instruments' own width, pans, and widths that are held back."""
    return _widened(project, steps, _every)


def _widened(project: ProjectState, steps: float, chosen: Chosen) -> Outcome:
    parts = [track for track in project.tracks if plays(track) and chosen(track)]
    return widen(project, parts, Amount(by=steps), add=False)._replace(failed=())
