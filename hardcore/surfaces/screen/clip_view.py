"""The view `clip`: the focused clip as a piano roll, or the drums of its scene as a grid; keys edit the notes."""

from collections.abc import Sequence

from hardcore.project import waveform
from hardcore.project.clip import Clip
from hardcore.project.scene import Scene
from hardcore.project.track import Track
from hardcore.surfaces.screen import noterange
from hardcore.surfaces.screen.cells import Line, cut, safe
from hardcore.surfaces.screen.chain import scene_word, track_word
from hardcore.surfaces.screen.clipcursor import ClipCursor
from hardcore.surfaces.screen.cliprows import Picked, drum_rows, pitch_rows, top_pitch
from hardcore.surfaces.screen.cliptitle import now_ticks, title, words
from hardcore.surfaces.screen.glyphs import glyphs
from hardcore.surfaces.screen.noteedits import reference
from hardcore.surfaces.screen.roll import Frame, Row, by_pitch, roll, ruler
from hardcore.surfaces.screen.stepgrid import window
from hardcore.surfaces.screen.view import Shown

_LINES = 3
_FEWEST_PITCHES, _WAVE_ROWS = 12, 8
_MOVES = ("next-clip", "previous-clip", "next-scene", "previous-scene")


class ClipView:
    """Notes by pitch or by drum, from left to right in time, with a cursor."""

    name = "clip"

    def __init__(self) -> None:
        self._cursor = ClipCursor()
        self._range = noterange.NoteRange()
        self._rows: tuple[Row, ...] = ()
        self._frame: Frame | None = None
        # The highest pitch in sight, of which clip.
        self._top: tuple[str, int] = ("", 0)
        self._first_row = 0
        self._body: tuple[object, list[Line]] = ((), [])

    def wanted(self, width: int, shown: Shown) -> int:
        """Return the rows of all drums, or of all pitches with some room around them."""
        picked = self._cursor.on(shown)
        if picked is None:
            return 2
        if picked.clip.region is not None:
            return _LINES + _WAVE_ROWS
        if picked.is_drum:
            return _LINES + len(drum_rows(shown.project, picked, self._cursor.pitch))
        used = (*by_pitch(picked.clip.notes), self._cursor.pitch)
        return _LINES + max(_FEWEST_PITCHES, max(used) - min(used) + 5)

    def draw(self, width: int, height: int, shown: Shown) -> list[Line]:
        """Return the clip's name and figures, a ruler, the rows, and the note under the cursor in words."""
        picked = self._cursor.on(shown)
        self._frame = None
        if picked is None:
            return [[(style, cut(text, width)) for style, text in line] for line in _nothing(shown)][:height]
        count = height - (_LINES if height > _LINES else 2)
        if count < 1 or width < 16 or picked.clip.region is not None:
            head = title(picked, None, self._cursor, width, shown)
            return [head, *_waveform(picked.clip, width, min(count, _WAVE_ROWS), shown)][:height]
        rows = self._seen(picked, count, shown)
        frame = self._framed(picked, rows, width, shown)
        self._rows, self._frame, self._first_row = rows, frame, 2 if height > _LINES else 1
        said = self._range.words(picked, self._cursor, width, shown) or words(picked, self._cursor, width, shown)
        lines = [title(picked, frame.window, self._cursor, width, shown)]
        if height > _LINES:
            lines.append(ruler(frame, self._marks(picked, rows, shown), now_ticks(picked, shown)))
        return [*lines, *self._drawn(rows, frame), said]

    def _seen(self, picked: Picked, count: int, shown: Shown) -> tuple[Row, ...]:
        """Return the rows that fit, those with the cursor among them."""
        if not picked.is_drum:
            clip_id, before = self._top
            top = top_pitch(picked, self._cursor.pitch, before if clip_id == picked.clip.id else None, count)
            self._top = (picked.clip.id, top)
            return pitch_rows(shown.project, picked, top, count)
        rows = drum_rows(shown.project, picked, self._cursor.pitch)
        first = max(0, min(self._cursor.place(rows) // count * count, len(rows) - count))
        return rows[first : first + count]

    def _framed(self, picked: Picked, rows: tuple[Row, ...], width: int, shown: Shown) -> Frame:
        cells = min(16, max(8, width // 8)) if picked.is_drum else 6
        length = max(row.length_ticks for row in rows)
        meters, step = shown.project.meter_map, self._cursor.step_ticks
        seen = window(meters, length, step, width - cells, self._cursor.tick)
        cursor = max(0, seen.place(self._cursor.tick, 0))
        return Frame(seen, meters, step, cells, cursor, shown.ascii_only)

    def _drawn(self, rows: tuple[Row, ...], frame: Frame) -> list[Line]:
        """Return the rows as lines; the same lines as long as nothing in them changes."""
        focus = self._cursor.place(rows)
        state = (rows, focus, frame)
        if self._body[0] != state:
            self._body = (state, roll(rows, focus, frame))
        return self._body[1]

    def _marks(self, picked: Picked, rows: tuple[Row, ...], shown: Shown) -> str:
        """Return signs for what lies out of sight: to the left, right, above, below."""
        assert self._frame is not None
        if picked.is_drum:
            every = drum_rows(shown.project, picked, self._cursor.pitch)
            above, below = rows[0] != every[0], rows[-1] != every[-1]
        else:
            used = by_pitch(picked.clip.notes)
            above = max(used, default=-1) > rows[0].pitch
            below = min(used, default=128) < rows[-1].pitch
        there = (self._frame.window.before, self._frame.window.after, above, below)
        return " " + "".join(sign for sign, is_so in zip(glyphs(shown.ascii_only).more, there, strict=True) if is_so)

    def press(self, action: str, shown: Shown) -> Sequence[str]:
        """Move the cursor, zoom, choose another clip, or edit the note under the cursor."""
        picked = self._cursor.on(shown)
        if action in _MOVES:
            self._cursor.choose(action, shown)
            return []
        if picked is not None and picked.clip.region is not None and action != "launch":
            return []
        if picked is None:
            track, scene = shown.focus.track(shown.project), shown.focus.scene(shown.project)
            makes = action == "toggle" and scene is not None and track.kind == "midi"
            return [_new(shown, track, scene)] if makes and scene is not None else []
        if action == "launch":
            return [f"/launch {reference(shown.project, picked.clip)}"]
        if action in noterange.ACTIONS:
            return self._range.press(action, picked, self._cursor, shown)
        if self._cursor.go(action, picked, shown):
            return []
        edit = self._cursor.edit(action, picked, shown)
        return [edit.line] if edit is not None else []

    def click(self, column: int, row: int, shown: Shown) -> Sequence[str]:
        """Put the cursor on a cell; a click on the cell that has it adds or removes a note there."""
        picked, frame = self._cursor.on(shown), self._frame
        if picked is None or frame is None:
            return []
        place = row - self._first_row
        seen, column = frame.window, column - frame.label_cells
        step = next((n for n in range(len(seen.ticks)) if 0 <= column - seen.columns[n] < seen.cell), None)
        before = (self._cursor.clip_id, self._cursor.tick, self._cursor.pitch)
        if 0 <= place < len(self._rows):
            self._cursor.take(self._rows[place], shown)
        if step is None or not -1 <= place < len(self._rows):
            return []
        self._cursor.seek(seen.ticks[step], shown)
        same = before == (self._cursor.clip_id, self._cursor.tick, self._cursor.pitch)
        return self.press("toggle", shown) if same and place >= 0 else []


def _waveform(clip: Clip, width: int, height: int, shown: Shown) -> list[Line]:
    """Return how loud an audio clip is from left to right; nothing for one of notes."""
    if clip.region is None or height < 1:
        return []
    peaks = waveform.levels(shown.project.tempo_map, clip, width)
    signs = waveform.PLAIN if shown.ascii_only else waveform.BARS
    return [[("class:name", line)] for line in waveform.drawn(peaks, height, signs)]


def _new(shown: Shown, track: Track, scene: Scene) -> str:
    """Return the line that puts an empty clip there."""
    return f"/clip add {track_word(shown.project, track)} {scene_word(shown.project, scene)} --bars 4"


def _nothing(shown: Shown) -> list[Line]:
    """Return what stands there without a clip."""
    track, scene = shown.focus.track(shown.project), shown.focus.scene(shown.project)
    toggle, after = shown.keys.of("clip", "toggle"), shown.keys.of("clip", "next-clip")
    if track.kind != "midi" or scene is None:
        hint = f" {track.name} is a {track.kind} track and holds no clips; {after} goes to the next one"
    else:
        hint = f" {toggle} puts an empty clip of 4 bars there; {after} goes to the next one"
    where = f" no clip on {track.name}" + (f" in scene {scene.name}" if scene else "")
    return [[("class:name", safe(where))], [("class:label", safe(hint))]]
