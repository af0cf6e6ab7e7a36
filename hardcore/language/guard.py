"""Footprints: what a sentence may touch, read from its words apart from the plan, and what an edit did touch."""

from dataclasses import dataclass

from hardcore.project.state import ProjectState
from hardcore.project.track import Track

Touched = frozenset[str]
# parts of a track, by the kind of change
_KINDS = {
    "clips": "notes",
    "mixer": "level",
    "sends": "effects",
    "effects": "effects",
    "instrument": "sound",
    "automation": "moves",
    "output": "level",
}
_PROJECT = {
    "tempo_map": "tempo",
    "meter_map": "meter",
    "key": "key",
    "grooves": "feel",
    "active_groove": "feel",
    "scenes": "form",
    "arrangement": "form",
    "sections": "form",
    "title": "title",
}


@dataclass(frozen=True, slots=True)
class Footprint:
    """What may change.

    parts    ids of tracks; None: any (nothing is named, or the whole)
    kept     ids of tracks that must stay as they are, whatever else is said
    made     tracks may be added
    gone     tracks may be removed
    whole    tempo, key, meter and the rest of the project itself may change
    """

    parts: frozenset[str] | None = None
    kept: frozenset[str] = frozenset()
    made: bool = False
    gone: bool = False
    whole: bool = True

    def exceeded(self, old: ProjectState, new: ProjectState) -> str:
        """Return in words the first thing that changed and may not, or nothing."""
        before = {track.id: track for track in old.tracks}
        after = {track.id: track for track in new.tracks}
        for track_id, track in before.items():
            if track_id not in after:
                if not self.gone or track_id in self.kept or not self._allowed(track):
                    return f"{track.name} would be removed"
            elif after[track_id] is not track and not self._free(track, after[track_id]):
                kinds = ", ".join(sorted(changed_kinds(track, after[track_id]))) or "order"
                return f"{track.name} would change too ({kinds})"
        for track_id, track in after.items():
            if track_id not in before and not self.made and track.kind == "midi":
                return f"{track.name} would be added"
        return "" if self.whole else self._of_project(old, new)

    def _free(self, old: Track, new: Track) -> bool:
        if old == new:
            return True
        if old.id in self.kept:
            return False
        return self._allowed(old)

    def _allowed(self, track: Track) -> bool:
        return self.parts is None or track.id in self.parts or track.kind == "return"

    def _of_project(self, old: ProjectState, new: ProjectState) -> str:
        for field, kind in _PROJECT.items():
            if kind != "form" and getattr(old, field, None) != getattr(new, field, None):
                return f"the {kind} would change"
        return ""


# What is no sentence changes whatever its commands say.
ANYTHING = Footprint(made=True, gone=True)


def changed_kinds(old: Track, new: Track) -> Touched:
    """Return what changed of a track: notes, level, effects, sound, moves."""
    return frozenset(kind for field, kind in _KINDS.items() if getattr(old, field) != getattr(new, field))
