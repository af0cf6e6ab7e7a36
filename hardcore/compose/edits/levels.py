"""Levels: faders and pans of several parts, with the envelopes that move them, and the balance of two."""

from collections.abc import Callable, Sequence

from hardcore.compose.edits.amount import Amount
from hardcore.compose.edits.loudness import part_lufs
from hardcore.compose.edits.outcome import Outcome
from hardcore.compose.edits.parameterchange import with_envelopes
from hardcore.errors import UserError
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

LOWEST_DB, HIGHEST_DB = -96.0, 24.0
LEAST_DB = 0.05  # nobody hears less

Change = Callable[[float], float]


def gain(
    project: ProjectState, tracks: Sequence[Track], move: Amount, low: float = LOWEST_DB, high: float = HIGHEST_DB
) -> Outcome:
    """Return the project with faders moved, dB; envelopes of a fader go as far, but silence stays silence.

    Each stays in `low` … `high`; one that is out of it already goes no further.
    """
    said, failed = [], []
    for track in tracks:
        before = track.mixer.gain_db
        after = min(max(_tidy(move, before), min(low, before)), max(high, before))
        if after == before:
            failed.append(_stays(track, shown_db(before), move))
            continue
        project = project.with_mixer(track.id, gain_db=after)
        project = _with_envelopes(project, track, "gain_db", _louder(after - before))
        said.append(f"{track.name}: gain {shown_db(before)} → {shown_db(after)}{_clipped(move, before, after)}")
    return Outcome(project, tuple(said), tuple(failed))


def _louder(by_db: float) -> Change:
    """Return how points of a fader's envelope move; a fade ends in silence however loud what fades is."""
    return lambda value: value if value <= LOWEST_DB else min(max(value + by_db, LOWEST_DB), HIGHEST_DB)


def _further_right(by: float) -> Change:
    return lambda value: min(max(value + by, -1.0), 1.0)


def pan(project: ProjectState, tracks: Sequence[Track], move: Amount) -> Outcome:
    """Return the project with tracks moved between left (−1) and right (1); envelopes of a pan go as far."""
    said, failed = [], []
    for track in tracks:
        before = track.mixer.pan
        after = min(max(_tidy(move, before), -1.0), 1.0)
        if after == before:
            failed.append(_stays(track, shown_pan(before), move))
            continue
        project = project.with_mixer(track.id, pan=after)
        project = _with_envelopes(project, track, "pan", _further_right(after - before))
        said.append(f"{track.name}: pan {shown_pan(before)} → {shown_pan(after)}{_clipped(move, before, after)}")
    return Outcome(project, tuple(said), tuple(failed))


def balance(project: ProjectState, first: Track, second: Track, above_db: float, least: bool = False) -> Outcome:
    """Return the project with the first part's fader moved until it stands `above_db` over the second.

    least   only where it does not stand as far over it, or under it, already

    How loud both are is `loudness.part_lufs`: sounds, velocities and faders, not a render. Raises UserError.
    """
    if first.id == second.id:
        raise UserError(f"{first.name} has no balance with itself")
    stands = part_lufs(project, first) - part_lufs(project, second)
    if is_there(stands, above_db, least):
        return Outcome(project, (), (f"{first.name} stands {stood(stands)} {second.name} already",))
    outcome = gain(project, [first], Amount(by=round(above_db - stands, 1)))
    now = stands + outcome.project.find_track(first.id).mixer.gain_db - first.mixer.gain_db
    lines = (f"{line}; {stood(stands)} → {stood(now)} {second.name}" for line in outcome.said)
    return outcome._replace(said=tuple(lines))


def is_there(stands: float, above_db: float, least: bool) -> bool:
    """Return whether what stands so many dB above another need not move."""
    further = least and (stands >= above_db > 0 or stands <= above_db < 0)
    return further or abs(above_db - stands) < LEAST_DB


def stood(db: float) -> str:
    """Return how far one thing stands over another: `2 dB under`."""
    return f"{abs(db):.1f} dB {'under' if db < 0 else 'over'}".replace(".0 ", " ")


def shown_db(gain_db: float) -> str:
    """Return decibels with their sign, such as `-3 dB`."""
    tidy = round(gain_db, 2)
    return f"{tidy:+g} dB" if tidy else "0 dB"


def shown_pan(pan: float) -> str:
    """Return a pan as `C`, `L30` or `R100`."""
    return "C" if abs(pan) < 0.005 else f"{'L' if pan < 0 else 'R'}{abs(pan) * 100:.0f}"


def _tidy(move: Amount, before: float) -> float:
    """Return where a value goes: as it was said, or to two digits where it was reckoned."""
    return move.of(before) if move.to is not None else round(move.of(before), 2)


def _stays(track: Track, value: str, move: Amount) -> str:
    return f"{track.name} is at {value}{' already' if move.to is not None else ', as far as it goes'}"


def _clipped(move: Amount, before: float, after: float) -> str:
    return ", as far as it goes" if abs(move.of(before) - after) > 0.01 else ""


def _with_envelopes(project: ProjectState, track: Track, parameter: str, change: Change) -> ProjectState:
    return project.with_track(track.id, lambda track: with_envelopes(track, track.id, parameter, change))
