"""Swing: how late the second of two steps is, of the project or of parts; accents and other micro-timing stay.

In percent of a pair of steps: 50 is straight, 66.7 a triplet. It is played, never written into the notes.
"""

from collections.abc import Sequence

from hardcore.compose.edits.amount import Amount, clipped
from hardcore.compose.edits.outcome import Outcome
from hardcore.errors import UserError
from hardcore.music.groove import GrooveTemplate, swing_percent
from hardcore.music.groove import swing as swing_of
from hardcore.project.clip import Clip
from hardcore.project.grooves import (
    adopt,
    drop,
    in_force,
    put_on_clip,
    put_on_track,
    uses,
    with_own,
)
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

STRAIGHT, MOST_SWING = 50.0, 75.0


def set_swing(project: ProjectState, amount: Amount, played: float = 1.0) -> Outcome:
    """Return the project with the swing that `amount` makes of its own, in percent, 50 to 75. Raises UserError.

    played   how much of the groove is played, 0–1
    What has a groove of its own keeps it.
    """
    before = percent_of(project)
    after, limit = clipped(round(amount.of(before), 1), STRAIGHT, MOST_SWING, " %")
    share = project.groove_amount if project.groove else 1.0
    if after == before and played == share:
        raise UserError(f"the swing is {before:g} % already" + (f", {limit}" if limit else ""))
    project = with_swing(project, after)
    if played != 1.0:
        project = project.evolve(groove_amount=played)
    own = [thing.name for thing in with_own(project)]
    said = f"swing {before:g} → {after:g} %" + (f", {played:.0%} of it" if played != 1 else "")
    keeps = (f"{', '.join(own[:8])}: a groove of {'their' if len(own) > 1 else 'its'} own stays",) if own else ()
    return Outcome(project, (said + (f", {limit}" if limit else ""), *keeps))


def set_swing_of(project: ProjectState, tracks: Sequence[Track], amount: Amount, played: float = 1.0) -> Outcome:
    """Return the project with parts that swing by themselves, each from what it has now. Raises UserError.

    A clip with a groove of its own gets its own swing.
    """
    said, failed = [], []
    for track in tracks:
        if track.kind != "midi":
            failed.append(f"{track.name} plays no notes")
            continue
        lines = []
        things: list[Track | Clip] = [track, *(clip for clip in track.clips if clip.groove is not None)]
        for thing in things:
            before = percent_of_part(project, track, thing)
            after, limit = clipped(round(amount.of(before), 1), STRAIGHT, MOST_SWING, " %")
            if after != before:
                lines.append(f"{thing.name}: swing {before:g} → {after:g} %" + (f", {limit}" if limit else ""))
                project = _with_own(project, track, thing, after, played)
        said += lines
        failed += [] if lines else [f"{track.name} swings {percent_of_part(project, track, track):g} % already"]
    return Outcome(project, tuple(said), tuple(failed))


def percent_of(project: ProjectState) -> float:
    """Return the project's swing in percent, as far as its groove is in force; 50 when it plays straight."""
    own = project.groove
    return STRAIGHT if own is None else _heard(own, project.groove_amount)


def percent_of_part(project: ProjectState, track: Track, thing: Track | Clip) -> float:
    """Return the swing that a track, or one of its clips, is played with, in percent."""
    groove = in_force(project, track, thing if isinstance(thing, Clip) else None)
    return STRAIGHT if groove is None else _heard(groove.template, groove.timing)


def _heard(template: GrooveTemplate, share: float) -> float:
    return round(STRAIGHT + (swing_percent(template) - STRAIGHT) * share, 1)


def _with_own(project: ProjectState, track: Track, thing: Track | Clip, percent: float, played: float) -> ProjectState:
    old = in_force(project, track, thing if isinstance(thing, Clip) else None)
    new = _swung(old.template, percent, old.timing) if old else swing_of(percent)
    if isinstance(thing, Clip):
        return put_on_clip(project, thing.id, new, played, played)
    return put_on_track(project, thing.id, new, played, played)


def with_swing(project: ProjectState, percent: float) -> ProjectState:
    """Return the project with a groove of that swing, which keeps the accents of the one before."""
    old = project.groove
    if old is None and percent == STRAIGHT:
        return project.evolve(groove_amount=1.0, groove_velocity=None)
    new = swing_of(percent) if old is None else _swung(old, percent, project.groove_amount)
    # let go of the one before, so that the new one may have its id
    project = project.evolve(active_groove=None, groove_amount=1.0, groove_velocity=None)
    groove_id = None
    if any(new.timing) or len(set(new.velocity)) > 1:
        project, groove_id = adopt(project, new)
    if old is not None and old.id != groove_id and not any(uses(project, old.id)):
        project = drop(project, old.id)
    return project.evolve(active_groove=groove_id)


def _swung(old: GrooveTemplate, percent: float, share: float) -> GrooveTemplate:
    """Return a groove at another swing, with its accents and, as far as it is in force, what else its timing has."""
    accents = old.velocity if len(old.velocity) % 2 == 0 else old.velocity * 2
    style = old.id.split("-", 1)[0]
    fields = {"id": f"{style}-{percent:g}", "name": f"{style.replace('_', ' ')} swing {percent:g} %"}
    if style == "swing":
        fields = {"id": swing_of(percent, old.step_ticks).id, "name": f"swing {percent:g} %"}
    return old.evolve(**fields, timing=_timing(old, percent, share, len(accents)), velocity=accents)


def _timing(old: GrooveTemplate, percent: float, share: float, steps: int) -> tuple[int, ...]:
    delay = swing_of(percent, old.step_ticks).timing[1]
    timing = [round(offset * share) for offset in old.timing * 2][:steps]
    if any(timing[::2]) or len(set(timing[1::2])) > 1:
        delay -= swing_of(min(max(_heard(old, share), STRAIGHT), MOST_SWING), old.step_ticks).timing[1]
        most = old.step_ticks * 2 // 3
        return tuple(min(offset + delay, most) if place % 2 else offset for place, offset in enumerate(timing))
    return tuple(delay if place % 2 else 0 for place in range(steps))
