"""Width: how far a part spreads between the speakers, and below which frequency it does not."""

from collections.abc import Sequence

from hardcore.compose.edits.amount import Amount
from hardcore.compose.edits.levels import shown_pan
from hardcore.compose.edits.outcome import Outcome
from hardcore.compose.edits.parameterchange import figure, parameter_of, shown, turned, turned_effect
from hardcore.project import devices
from hardcore.project.mixer import Effect
from hardcore.project.parts import device_of, plays
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.project.tracks import add_effect, set_effect

EFFECT = devices.effect("width")
WIDTH, MONO_BELOW = EFFECT.parameter("width"), EFFECT.parameter("mono_below")
# what one step is
EFFECT_PERCENT, INSTRUMENT_PERCENT, PAN_FACTOR = 25.0, 20.0, 1.5

Made = tuple[ProjectState, str]


def widen(
    project: ProjectState, tracks: Sequence[Track], move: Amount, below_hz: float | None = None, *, add: bool = True
) -> Outcome:
    """Return the project with tracks at a width in percent (0 mono, 100 as they sound, 200), or wider by steps.

    A width is that of the track's width effect. A step moves, in that order: a width effect that holds it back on the
    way up, the instrument's own width (20 %), the pan's distance from the middle (half as far again), the width effect
    (25 %), which is added where there is none and `add` allows it. `below_hz` as in `fold_below`.
    """
    said, failed = [], []
    for track in tracks:
        if move.to is not None:
            project, line = _set(project, track, move.to)
        else:
            project, line = _stepped(project, track, move.by or 0.0, add)
        if below_hz is not None:
            project, more = _fold(project, project.find_track(track.id), below_hz)
            line = ", ".join(filter(None, (line, more)))
        if line:
            said.append(f"{track.name}: {line}")
        else:
            failed.append(_why(track, move))
    return Outcome(project, tuple(said), tuple(failed))


def _why(track: Track, move: Amount) -> str:
    if move.to is not None:
        return f"{track.name} is {move.to:g} % wide already"
    return f"{track.name} is as {'wide' if (move.by or 0) > 0 else 'narrow'} as it gets"


def fold_below(project: ProjectState, tracks: Sequence[Track], hz: float) -> Outcome:
    """Return the project with tracks mono below `hz`, 0 for nowhere; the rest keeps its width."""
    said, failed = [], []
    for track in tracks:
        project, line = _fold(project, track, hz)
        if line:
            said.append(f"{track.name}: {line}")
        else:
            failed.append(f"{track.name} is mono {f'below {hz:g} Hz' if hz else 'nowhere'} already")
    return Outcome(project, tuple(said), tuple(failed))


def _insert(track: Track) -> Effect | None:
    return next((effect for effect in track.effects if effect.device == EFFECT.id and not effect.bypass), None)


def _set(project: ProjectState, track: Track, percent: float) -> Made:
    effect = _insert(track)
    before = effect.value(WIDTH.id) if effect else WIDTH.default
    if percent == before:
        return project, ""
    if effect is None:
        project, _ = add_effect(project, track.id, EFFECT.id, {WIDTH.id: percent})
    else:
        project, _, _ = turned_effect(project, track, effect.id, WIDTH, lambda value: percent)
    return project, shown(WIDTH, before, percent)


def _fold(project: ProjectState, track: Track, hz: float) -> Made:
    effect = _insert(track)
    before = effect.value(MONO_BELOW.id) if effect else MONO_BELOW.default
    if hz == before:
        return project, ""
    if effect is None:
        project, _ = add_effect(project, track.id, EFFECT.id, {MONO_BELOW.id: hz})
    else:
        project = set_effect(project, track.id, effect.id, {MONO_BELOW.id: hz})
    return project, f"mono below {figure(before)} → {figure(hz)} Hz"


def _stepped(project: ProjectState, track: Track, steps: float, add: bool) -> Made:
    effect = _insert(track)
    held_back = effect is not None and effect.value(WIDTH.id) < WIDTH.default
    if effect is not None and held_back and steps > 0:
        return _turned_insert(project, track, effect, steps)
    project, line = _turned_own(project, track, steps)
    if not line:
        project, line = _spread(project, track, steps)
    if line or (effect is None and not add):
        return project, line
    if effect is not None:
        return _turned_insert(project, track, effect, steps)
    return _set(project, track, min(max(WIDTH.default + EFFECT_PERCENT * steps, WIDTH.low), WIDTH.high))


def _turned_insert(project: ProjectState, track: Track, effect: Effect, steps: float) -> Made:
    way = EFFECT_PERCENT * steps
    project, before, after = turned_effect(project, track, effect.id, WIDTH, lambda value: value + way)
    return project, shown(WIDTH, before, after) if before != after else ""


def _turned_own(project: ProjectState, track: Track, steps: float) -> Made:
    parameter = parameter_of(device_of(track), (WIDTH.id,)) if plays(track) else None
    if parameter is None:
        return project, ""
    way = INSTRUMENT_PERCENT * steps
    project, before, after = turned(project, track, parameter, lambda value: value + way)
    return project, f"its own {shown(parameter, before, after)}" if before != after else ""


def _spread(project: ProjectState, track: Track, steps: float) -> Made:
    before = track.mixer.pan
    after = round(min(max(before * PAN_FACTOR**steps, -1), 1), 2)
    if abs(before) < 0.01 or after == before:
        return project, ""
    return project.with_mixer(track.id, pan=after), f"pan {shown_pan(before)} → {shown_pan(after)}"
