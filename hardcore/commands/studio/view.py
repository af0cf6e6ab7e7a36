"""What the full screen shows."""

from collections.abc import Iterable
from typing import Annotated

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Kept
from hardcore.commands.core.types import Choice, FileName, Kind
from hardcore.controller.ports import Stage
from hardcore.errors import NotFound, UserError, nearest
from hardcore.project.state import ProjectState

# The views by name, in the order of their keys.
VIEWS = {
    "help": "the keys, and what they do",
    "session": "clips by track and scene, and the mixer below",
    "arrangement": "the song: sections, tracks and what plays on them, automation",
    "mixer": "faders, pans, meters, sends and inserts",
    "clip": "the focused clip as a piano roll, or the scene's drums as a grid",
    "devices": "the focused track's instrument and effects, and all their parameters",
    "history": "every step and branch, what it changed, and what it sounded like",
    "rhythm": "drums that are generated: the rhythms, variations to try, or how a session fares",
    "artifacts": "the sounds that were taken in or made: hear, place, tag, remove them",
    "library": "what is kept for every project: hear it, put it into this one, tag or remove it",
    "jobs": "what runs and what waits",
    "stage": "where the music is in large digits, what plays, what comes next, levels",
    "transcript": "nothing but what was typed and answered",
}


def _views(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    return (Choice(name, said) for name, said in VIEWS.items())


ViewName = Annotated[str, Kind("view", "a view: " + ", ".join(VIEWS), _views)]


class ViewShown(Done):
    """The view that is shown now."""

    view: str


@command("view", "view mixer", effects={"screen"}, immediate=True)
def view(call: Call, name: ViewName) -> ViewShown:
    """Show another view on the full screen."""
    wanted = name.casefold()
    if wanted not in VIEWS:
        raise NotFound(f"no view '{name}'", nearest(wanted, VIEWS))
    _stage(call).show(wanted)
    return ViewShown(message=f"{wanted}: {VIEWS[wanted]}", view=wanted)


@command(
    "view save",
    "view save screen.svg",
    effects={"files"},
    immediate=True,
    about={"file": "an SVG file, such as screen.svg"},
)
def view_save(call: Call, file: FileName) -> Kept:
    """Save a picture of the full screen as an SVG file."""
    stage = _stage(call)
    path = call.caller.path(file)
    if path.suffix.lower() != ".svg":
        raise UserError(f"{path.name}: pictures of the screen are SVG files", f"{path.stem or 'screen'}.svg")
    stage.save(path)
    return Kept(message=f"saved {path}", kind="picture", name=path.stem, file=str(path))


def _stage(call: Call) -> Stage:
    """Return the full screen. Raises UserError where there is none."""
    if call.studio.stage is None:
        raise UserError("there are views on the full screen only", "start `hardcore` in a terminal")
    return call.studio.stage
