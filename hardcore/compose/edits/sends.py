"""Sends: how much of a part goes to a return."""

from collections.abc import Sequence

from hardcore.compose.edits.amount import Amount
from hardcore.compose.edits.outcome import Outcome
from hardcore.project.mixer import Send
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.project.tracks import set_send

OFF_DB, HIGHEST_DB = -96.0, 24.0


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


def sent(track: Track, target: Track) -> Send | None:
    """Return a track's send to a return, None without one."""
    return next((send for send in track.sends if send.target == target.id), None)


def _level(gain_db: float) -> str:
    return "off" if gain_db <= OFF_DB else f"{gain_db:g} dB"
