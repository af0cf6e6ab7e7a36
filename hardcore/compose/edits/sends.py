"""Sends: how much of a part goes to a return."""

from collections.abc import Callable, Sequence
from math import log10

from hardcore.compose.edits.amount import Amount
from hardcore.compose.edits.move import Move
from hardcore.compose.edits.outcome import Outcome
from hardcore.errors import UserError
from hardcore.project.mixer import Send
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.project.tracks import set_send
from hardcore.project.units import Quantity

OFF_DB, HIGHEST_DB = -96.0, 24.0
# a step, how far steps go up, and below which they take a send away
STEP_DB, MOST_DB, LEAST_DB = 4.0, 0.0, -40.0


def send(project: ProjectState, tracks: Sequence[Track], target: Track, move: Amount, pre: bool = False) -> Outcome:
    """Return the project with sends of tracks to a return at a level or moved, dB; at −96 a send is gone.

    pre   before the fader; a send that is only moved stays where it is unless this is set

    Raises UserError when the target is no return or sound would go in a circle.
    """
    said, failed = [], []
    for track in tracks:
        here = sent(track, target)
        before = here.gain_db if here else OFF_DB
        if here is None and move.to is None:
            failed.append(f"{track.name} sends nothing to {target.name} (send {track.name} {target.name} -12)")
            continue
        after = min(max(round(move.of(before), 2), OFF_DB), HIGHEST_DB)
        early = pre or (here is not None and here.pre and move.to is None)
        if (after, early if after > OFF_DB else False) == (before, here.pre if here else False):
            failed.append(f"{track.name} sends {_level(before)} to {target.name} already")
            continue
        project = set_send(project, track.id, target.id, after, early)
        clipped = ", as far as it goes" if abs(move.of(before) - after) > 0.01 else ""
        where = " before its fader" if early else ""
        said.append(f"{track.name}: send to {target.name} {_level(before)} → {_level(after)}{where}{clipped}")
    return Outcome(project, tuple(said), tuple(failed))


def turn_send(project: ProjectState, track: Track, bus: Track, move: Move) -> Outcome:
    """Return the project with a send moved: a step is 4 dB, up to 0 dB, and below −40 dB it is gone."""
    level = send_level(move)
    here = sent(track, bus)
    assert here is not None
    if move.steps is None:
        return send(project, [track], bus, Amount(to=round(max(level(here.gain_db), OFF_DB), 1)), here.pre)
    after = min(level(here.gain_db), max(MOST_DB, here.gain_db))
    outcome = send(project, [track], bus, Amount(to=OFF_DB if after < LEAST_DB else round(after, 1)), here.pre)
    stays = (f"{track.name} sends {here.gain_db:g} dB to {bus.name}, as far as it goes",)
    return outcome if outcome.said else outcome._replace(failed=stays)


def send_level(move: Move) -> Callable[[float], float]:
    """Return what a move does to a send in dB: steps of 4 dB, decibels, a factor of its amplitude, per cent of 0 dB."""
    if move.steps is not None:
        by = STEP_DB * move.steps
        return lambda before: before + by
    if move.factor is not None:
        more = 20 * log10(move.factor)
        return lambda before: before + more
    if move.by is not None:
        share = 1 + move.by.value / 100 if move.by.unit == "percent" else None
        db = _decibels(move.by, share)
        return lambda before: before + db
    assert move.to is not None
    # "reverb at 40" is 40 % of full, "at -9" decibels
    percent = move.to.unit == "percent" or (not move.to.unit and move.to.value >= 0)
    to = _decibels(move.to, move.to.value / 100 if percent else None)
    return lambda before: to


def _decibels(said: Quantity, share: float | None) -> float:
    """Return decibels that were said, or those of a share of the amplitude."""
    if share is not None:
        return 20 * log10(share) if share > 10 ** (OFF_DB / 20) else OFF_DB
    if said.unit not in ("", "db"):
        raise UserError(f"{said.text()} is no level of a send", "dB, or per cent of 0 dB")
    return said.value


def sent(track: Track, target: Track) -> Send | None:
    """Return a track's send to a return, None without one."""
    return next((send for send in track.sends if send.target == target.id), None)


def _level(gain_db: float) -> str:
    return "off" if gain_db <= OFF_DB else f"{gain_db:g} dB"
