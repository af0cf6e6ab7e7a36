"""What a view of the full screen is, and what it is shown.

A view is one module with one class, listed in `views.py`; its name stands in `hardcore/commands/studio/view.py`, the
keys it takes in `config/keys.toml` (a section of its name), what they do in `hardcore/commands/studio/keymap.py`. The
whole of one:

    class Hello:
        \"\"\"Greets the focused track; `+` makes it louder.\"\"\"

        name = "hello"

        def wanted(self, width: int, shown: Shown) -> int:
            return 1

        def draw(self, width: int, height: int, shown: Shown) -> list[Line]:
            return [[("class:name", f"hello {shown.focus.track(shown.project).name}")]]

        def press(self, action: str, shown: Shown) -> Sequence[str]:
            track = shown.focus.track(shown.project)
            return [f"/track gain {track.id} {track.mixer.gain_db + 1}"] if action == "louder" else []

        def click(self, column: int, row: int, shown: Shown) -> Sequence[str]:
            return []

    [hello]                      # config/keys.toml
    louder = "+"

    "hello": {"louder": "make the focused track louder"},     # ACTIONS in commands/studio/keymap.py

A view draws what it is given and keeps only what is its own, such as a cursor. It changes nothing but by the lines that
`press` and `click` return; they run as if they were typed, and one that ends with a space is put into the prompt, to be
gone on with. Keys reach it while the prompt is empty, so letters, digits, `/` and `?` stay the prompt's (only `rhythm`,
where one browses, has letters for keys). Styles are the classes of `styles.py`; nothing may be said by colour alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

from hardcore.commands.studio.keymap import Keymap
from hardcore.project.artifact import Artifact
from hardcore.project.clip import Clip
from hardcore.project.history import History
from hardcore.project.libraryitem import Item
from hardcore.project.playback import Playback
from hardcore.project.scene import Scene
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.surfaces.screen.cells import Line

if TYPE_CHECKING:
    from hardcore.commands.performance.setlist import SetEntry
    from hardcore.commands.rhythm.pane import Pane


@dataclass(slots=True)
class Focus:
    """The place in the grid that keys mean: a track and a scene, by id; what is gone falls back to the first."""

    track_id: str = ""
    scene_id: str = ""

    def place(self, project: ProjectState) -> tuple[int, int]:
        """Return it as (place of the track, place of the scene), from 0."""
        tracks = (place for place, track in enumerate(project.tracks) if track.id == self.track_id)
        scenes = (place for place, scene in enumerate(project.scenes) if scene.id == self.scene_id)
        return next(tracks, 0), next(scenes, 0)

    def track(self, project: ProjectState) -> Track:
        """Return the focused track."""
        return project.tracks[self.place(project)[0]]

    def scene(self, project: ProjectState) -> Scene | None:
        """Return the focused scene, None when there are none."""
        return project.scenes[self.place(project)[1]] if project.scenes else None

    def clip(self, project: ProjectState) -> Clip | None:
        """Return the clip at the focus, None when the slot is empty."""
        track, scene = self.track(project), self.scene(project)
        place = track.places.get(scene.slots.get(track.id, "")) if scene else None
        return None if place is None else track.clips[place]

    def move(self, project: ProjectState, columns: int, rows: int) -> None:
        """Go so many tracks to the right and scenes down, as far as there are any."""
        column, row = self.place(project)
        self.go(project, column + columns, row + rows)

    def go(self, project: ProjectState, column: int, row: int) -> None:
        """Go to a place, or to the nearest there is."""
        self.track_id = project.tracks[min(max(column, 0), len(project.tracks) - 1)].id
        if project.scenes:
            self.scene_id = project.scenes[min(max(row, 0), len(project.scenes) - 1)].id


@dataclass(frozen=True, slots=True)
class Running:
    """A line that runs or waits: its share done (None: it has not said) and what it is doing."""

    line: str
    share: float | None = None
    words: str = ""
    waits: bool = False


class CellWork(NamedTuple):
    """A job that fills a cell of the grid: waiting, running or failed, and the share that is done."""

    state: str
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Shown:
    """All that views draw. `tick` is where the music is; `ascii_only` asks for letters every terminal has.

    state  new, unsaved, saved or read-only
    view   the name of the view in sight
    heard  the step or the branch that is heard in place of the present step; None: the present step
    cells  the jobs that fill cells of the grid, by the ids of track and scene
    rhythm  what of the drum generator is shown; None where the view in sight is another
    artifacts  the sounds that are kept, the newest first, in their view only
    library  the things of the user's library, in their view only
    setlist    the projects of the set, on the stage only
    """

    project: ProjectState
    history: History
    keys: Keymap
    playback: Playback = field(default_factory=Playback)
    tick: float = 0
    focus: Focus = field(default_factory=Focus)
    running: tuple[Running, ...] = ()
    state: str = "new"
    ascii_only: bool = False
    view: str = "session"
    heard: int | str | None = None
    cells: Mapping[tuple[str, str], CellWork] = field(default_factory=dict)
    rhythm: "Pane | None" = None
    artifacts: tuple[Artifact, ...] = ()
    library: tuple[Item, ...] = ()
    setlist: "tuple[SetEntry, ...]" = ()

    @property
    def heard_step(self) -> int | None:
        """Return the step that is heard in place of the present one: that of a branch, where one is heard."""
        return self.history.place(self.heard) if isinstance(self.heard, str) else self.heard

    @property
    def heard_words(self) -> str:
        """Return what is heard in place of the present step, such as `step 3` or `branch bass`."""
        return f"branch {self.heard}" if isinstance(self.heard, str) else f"step {self.heard}"


class Cell(NamedTuple):
    """A cell of a view, from 0 in the size drawn last."""

    column: int
    row: int


@runtime_checkable
class Draggable(Protocol):
    """A view in which the mouse drags. Nothing changes before the button is let go."""

    def drag(self, start: Cell, now: Cell, shown: Shown) -> None:
        """Show what a drag from a cell to another would do."""

    def drop(self, start: Cell, end: Cell, shown: Shown) -> Sequence[str]:
        """Return the line that a drag from a cell to another does, one at most."""


class View(Protocol):
    """Something the upper part of the screen can show. See the example above."""

    @property
    def name(self) -> str:
        """Return its name, one word, as `/view` takes it."""

    def wanted(self, width: int, shown: Shown) -> int:
        """Return how many rows it would like; it may get fewer, and the transcript gets what it leaves."""

    def draw(self, width: int, height: int, shown: Shown) -> list[Line]:
        """Return at most `height` lines; what is wider than `width` cells is cut. Must be fast: it is drawn often."""

    def press(self, action: str, shown: Shown) -> Sequence[str]:
        """Do what a key of its section means, and return the lines to run."""

    def click(self, column: int, row: int, shown: Shown) -> Sequence[str]:
        """Do what a click on a cell means, both from 0 in the size drawn last, and return the lines to run."""
