"""The cursor of the clip view: which clip, which step, which pitch, and how wide a step is."""

from bisect import bisect_left, bisect_right

from hardcore.project.notes import Note, NoteBlock
from hardcore.project.state import ProjectState
from hardcore.surfaces.screen import noteedits
from hardcore.surfaces.screen.cliprows import Picked, drum_rows, first_pitch
from hardcore.surfaces.screen.noteedits import NoteEdit
from hardcore.surfaces.screen.roll import Row, held_at, note_at
from hardcore.surfaces.screen.stepgrid import EARLY_TICKS, step_after, step_before, step_start
from hardcore.surfaces.screen.view import Shown

GRIDS = (3840, 1920, 960, 480, 240, 120)
_ROWS = {"up": 1, "down": -1, "octave-up": 12, "octave-down": -12}


class ClipCursor:
    """A place in a clip. It stays where it is from clip to clip, as far as they go."""

    def __init__(self) -> None:
        self.clip_id = ""
        self.tick = 0
        self.pitch = 60
        self._grid = GRIDS.index(480)
        self._triplets = False
        # The last edit, until it has run: a key pressed before that means the note as it will be.
        self._awaited: tuple[NoteEdit, ProjectState] | None = None

    @property
    def step_ticks(self) -> int:
        """Return how wide a step is."""
        return GRIDS[self._grid] * 2 // 3 if self._triplets else GRIDS[self._grid]

    def on(self, shown: Shown) -> Picked | None:
        """Return the clip in sight, None where the focus is on none; the cursor is then inside it."""
        project = shown.project
        clip, scene = shown.focus.clip(project), shown.focus.scene(project)
        if clip is None or scene is None:
            return None
        picked = Picked(shown.focus.track(project), scene, clip)
        if clip.id != self.clip_id:
            self.clip_id, self.pitch, self._awaited = clip.id, first_pitch(project, picked), None
        if self.tick >= clip.length_ticks:
            self.tick = step_start(project.meter_map, clip.length_ticks - 1, self.step_ticks)
        return picked

    def place(self, rows: tuple[Row, ...]) -> int:
        """Return which row the cursor is on."""
        own = [place for place, row in enumerate(rows) if row.clip_id == self.clip_id and row.pitch == self.pitch]
        return own[0] if own else 0

    def note(self, picked: Picked, shown: Shown, *, held: bool = True) -> Note | None:
        """Return the note under the cursor; `held`: also one that began before and still sounds."""
        if self._awaited is not None:
            edit, project = self._awaited
            if project is shown.project and any(running.line == edit.line for running in shown.running):
                return edit.note
            self._awaited = None
        notes = picked.clip.notes
        after = step_after(shown.project.meter_map, self.tick, self.step_ticks)
        starting = note_at(notes, self.pitch, self.tick, after)
        return held_at(notes, self.pitch, self.tick) if starting is None and held else starting

    # Moving.

    def go(self, action: str, picked: Picked, shown: Shown) -> bool:
        """Move or zoom, and return whether the action is one of these."""
        if action in _ROWS:
            self._go_rows(_ROWS[action], picked, shown)
        elif action in ("finer", "coarser", "triplets"):
            self._zoom(action, shown)
        elif action in ("next-note", "previous-note"):
            self._go_note(picked.clip.notes, 1 if action == "next-note" else -1, shown)
        else:
            tick = self._target(action, picked, shown)
            if tick is None:
                return False
            self.seek(min(max(tick, 0), picked.clip.length_ticks - 1), shown)
        return True

    def _target(self, action: str, picked: Picked, shown: Shown) -> int | None:
        meters, bar = shown.project.meter_map, shown.project.meter_map.bar_of(self.tick)
        if action == "left":
            return step_before(meters, self.tick, self.step_ticks)
        if action == "right":
            return step_after(meters, self.tick, self.step_ticks)
        if action == "bar-left":
            start = meters.bar_start(bar)
            return start if start < self.tick else meters.bar_start(max(0, bar - 1))
        if action == "bar-right":
            return meters.bar_start(bar + 1)
        return {"start": 0, "end": picked.clip.length_ticks - 1}.get(action)

    def seek(self, tick: int, shown: Shown) -> None:
        """Go to the step that holds a tick."""
        self.tick = step_start(shown.project.meter_map, tick, self.step_ticks)
        self._awaited = None
        self.on(shown)

    def take(self, row: Row, shown: Shown) -> None:
        """Go to a row, which may be another clip's."""
        project = shown.project
        column = next(place for place, track in enumerate(project.tracks) if track.id == row.track_id)
        shown.focus.go(project, column, shown.focus.place(project)[1])
        self.clip_id, self.pitch, self._awaited = row.clip_id, row.pitch, None
        self.on(shown)

    def _go_rows(self, up: int, picked: Picked, shown: Shown) -> None:
        if not picked.is_drum:
            self.pitch, self._awaited = min(max(self.pitch + up, 0), 127), None
            return
        rows = drum_rows(shown.project, picked, self.pitch)
        self.take(rows[min(max(self.place(rows) - up, 0), len(rows) - 1)], shown)

    def _zoom(self, action: str, shown: Shown) -> None:
        if action == "triplets":
            self._triplets = not self._triplets
        else:
            self._grid = min(max(self._grid + (1 if action == "finer" else -1), 0), len(GRIDS) - 1)
        self.seek(self.tick, shown)

    def _go_note(self, notes: NoteBlock, by: int, shown: Shown) -> None:
        """Go to the next note of the clip in time, or the one before; those of a chord from low to high."""
        meters = shown.project.meter_map

        def place(note: Note) -> tuple[int, int]:
            return step_start(
                meters, note.start_ticks + min(EARLY_TICKS, self.step_ticks // 2), self.step_ticks
            ), note.pitch

        # In order but for notes that stand beside the grid, which sorting puts right.
        places = sorted({place(note) for note in notes})
        here = (self.tick, self.pitch)
        at = bisect_right(places, here) if by > 0 else bisect_left(places, here) - 1
        if 0 <= at < len(places):
            self.seek(places[at][0], shown)
            self.pitch = places[at][1]

    def choose(self, action: str, shown: Shown) -> None:
        """Focus another clip: of the next track in the scene, or of the track in the next scene; round and round."""
        project, (column, row) = shown.project, shown.focus.place(shown.project)
        by = 1 if action.startswith("next") else -1
        if action.endswith("clip"):
            others = [((column + by * n) % len(project.tracks), row) for n in range(1, len(project.tracks))]
        else:
            others = [(column, (row + by * n) % len(project.scenes)) for n in range(1, len(project.scenes))]
        for place in others:
            scene, track = project.scenes[place[1]], project.tracks[place[0]]
            if scene.slots.get(track.id) in track.places:
                shown.focus.go(project, *place)
                return

    # Editing.

    def edit(self, action: str, picked: Picked, shown: Shown) -> NoteEdit | None:
        """Return what an action makes of the note under the cursor, None for nothing; the cursor follows the note."""
        project, clip = shown.project, picked.clip
        note = self.note(picked, shown, held=action != "toggle")
        if action == "toggle" and note is None:
            edit: NoteEdit | None = noteedits.add(project, clip, Note(self.tick, self.step_ticks, self.pitch))
        elif note is None:
            edit = None
        elif action in ("toggle", "remove"):
            edit = noteedits.remove(project, clip, note)
        else:
            edit = noteedits.change(action, project, clip, note, self.step_ticks)
        if edit is not None:
            self._await(edit, note, shown)
        return edit

    def _await(self, edit: NoteEdit, before: Note | None, shown: Shown) -> None:
        after = edit.note
        if (
            before is not None
            and after is not None
            and (after.start_ticks, after.pitch) != (before.start_ticks, before.pitch)
        ):
            self.seek(after.start_ticks + min(EARLY_TICKS, self.step_ticks // 2), shown)
            self.pitch = after.pitch
        self._awaited = (edit, shown.project)
