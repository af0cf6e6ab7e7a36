"""Observing: how far a piece ended from what the composer had made, by the steps of one person."""

from collections.abc import Mapping, Sequence

from hardcore.profile.asked import Asked
from hardcore.profile.features import Feature, features, parts_of
from hardcore.profile.quantities import NO_SEND_DB, TAKE, quantity
from hardcore.project.state import ProjectState

Step = tuple[ProjectState, ProjectState]


def observe(composed: ProjectState, steps: Sequence[Step]) -> dict[str, dict[str, float | str]]:
    """Return the offsets of a piece by part and what (`model.Observation`), 0 where it is as the composer made it.

    composed  the piece as it was composed
    steps     project before and after: what the profile did to it, and each step of the person that still holds

    The differences of these steps are added up, so that what others changed between them is not in it. What the words
    of the prompt decided is left out.
    """
    parts, asked = parts_of(composed), Asked(composed.provenance)
    start = features(composed, parts)
    moved: dict[Feature, float] = {}
    chosen: dict[Feature, str] = {}
    for before, after in steps:
        touched = _touched(before, after, parts)
        old, new = (features(state, parts, touched) for state in (before, after))
        for key in old.keys() | new.keys():
            was, now = old.get(key, _absent(key, old)), new.get(key, _absent(key, new))
            if was is None or now is None or was == now:
                continue
            if isinstance(was, str):
                chosen[key] = str(now)
            else:
                moved[key] = moved.get(key, 0.0) + float(now) - was
    found: dict[str, dict[str, float | str]] = {}
    for part, what in sorted(start.keys() | moved.keys()):
        if not asked.decides(part, what):
            found.setdefault(part, {})[what] = _offset((part, what), start.get((part, what)), moved, chosen)
    return found


def _touched(before: ProjectState, after: ProjectState, parts: Mapping[str, str]) -> list[str]:
    """Return the ids of the parts' tracks that are not the same object: a step leaves most as they are."""
    old, new = ({track.id: track for track in state.tracks} for state in (before, after))
    return [track_id for track_id in parts if old.get(track_id) is not new.get(track_id)]


def _absent(key: Feature, known: dict[Feature, float | str]) -> float | None:
    """Return what stands for something that a part has not; None where the part itself is gone."""
    part, what = key
    if (part, "gain") not in known:
        return None
    kind = what.partition(":")[0]
    return NO_SEND_DB if kind == "send" else 0.0 if kind == "effect" else None


def _offset(
    key: Feature, start: float | str | None, moved: dict[Feature, float], chosen: dict[Feature, str]
) -> float | str:
    known = None if key[1] == TAKE else quantity(key[1])
    if key[1] == TAKE:
        return float(chosen.get(key, start) != start)
    if known is None:
        now = chosen.get(key, start)
        return f"={now}" if now == start else str(now)
    # one extreme value counts no more than twice what the profile would ever do
    return round(min(max(moved.get(key, 0.0), -2 * known.most), 2 * known.most), 3)
