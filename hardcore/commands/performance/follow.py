"""Follow actions, and what a scene brings along when it is launched: its tempo, its meter, its notes."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done
from hardcore.commands.core.types import Bars, Choice, ClipRef, Flag, Kind, Meter, SceneRef, Share, Tempo
from hardcore.errors import NotFound, UserError, nearest
from hardcore.project.follow import Follow, FollowWord
from hardcore.project.launching import launched_scene
from hardcore.project.scene import Scene, SceneMeter
from hardcore.project.scenes import with_scene
from hardcore.project.state import ProjectState

_ABOUT = {
    "next": "the one below, behind the last the first", "previous": "the one above", "first": "the first of the row",
    "last": "the last of the row", "any": "one at random, itself too", "other": "another one at random",
    "again": "itself, from its start", "stop": "silence", "none": "it goes on",
}  # fmt: skip
_OFF, _NOW = "off", "now"


def _targets(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    yield from (Choice(*known) for known in _ABOUT.items())
    yield from (Choice(scene.name, "that scene") for scene in project.scenes)
    yield Choice(_OFF, "nothing follows it any more")


def _scenes(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    yield from (Choice(scene.name, f"{len(scene.slots)} clips") for scene in project.scenes)
    yield Choice(_NOW, "the one that plays")


FollowTarget = Annotated[
    str,
    Field(max_length=80),
    Kind("follower", "next, previous, first, last, any, other, again, stop, a scene; off", _targets),
]
SceneOrNow = Annotated[
    str, Field(max_length=80), Kind("scene", "a scene's name or number; now: the one that plays", _scenes)
]
Otherwise = Annotated[FollowWord, Kind("follower", f"what follows else: {', '.join(_ABOUT)}")]
Loops = Annotated[int, Field(ge=1, le=1024), Kind("loops", "after it was heard so many times")]
NotesText = Annotated[str, Field(max_length=400), Kind("words", "what you want to be told; -: nothing", rest=True)]


@command(
    "clip follow",
    "clip follow bass:A next --bars 4 --chance 75 --otherwise again",
    about={"bars": "after so many bars", "chance": "how often it is that, in percent"},
)
def clip_follow(
    call: Call,
    clip: ClipRef,
    follower: FollowTarget,
    *,
    bars: Bars | None = None,
    loops: Loops | None = None,
    chance: Share = 100,
    otherwise: Otherwise = "none",
) -> Done:
    """Let another clip of the track follow a clip by itself, after --bars, or --loops times its length (once).

    next, previous, first, last, any and other mean the clips above and below it up to an empty slot; a scene means the
    clip there. With --chance it is that so often, else --otherwise. It happens on the sample, whatever the launch grid;
    what is launched by hand before comes instead. Chance falls the same way each time. `off` ends it.
    """
    _, found = call.project.find_clip(clip)
    follow = _follow(call.project, follower, bars, loops, chance, otherwise)
    call.edit(lambda project: project.with_clip(found.id, lambda one: one.evolve(follow=follow)))
    return Done(message=f"{found.name}: {words_of(call.project, follow)}")


@command(
    "scene follow",
    "scene follow A next --bars 4",
    about={"bars": "after so many bars", "chance": "how often it is that, in percent"},
)
def scene_follow(
    call: Call,
    scene: SceneOrNow,
    follower: FollowTarget,
    *,
    bars: Bars | None = None,
    loops: Loops | None = None,
    chance: Share = 100,
    otherwise: Otherwise = "none",
) -> Done:
    """Let another scene follow a scene by itself, after --bars, or --loops times its length (once).

    next, previous, first, last, any and other mean the scenes that have clips. `now` is the scene that plays, else the
    first one. See `clip follow`.
    """
    found = _scene(call, scene)
    follow = _follow(call.project, follower, bars, loops, chance, otherwise)
    call.edit(lambda project: with_scene(project, found.id, follow=follow))
    return Done(message=f"scene {found.name}: {words_of(call.project, follow)}")


@command("scene time", "scene time A 140 --meter 7/8", about={"off": "launched, it changes nothing of the time"})
def scene_time(
    call: Call, scene: SceneRef, bpm: Tempo | None = None, *, meter: Meter | None = None, off: Flag = False
) -> Done:
    """Give a scene a tempo and a meter: from where it is launched the music goes by them.

    They stand until another scene brings others, the tempo or meter is edited, or play begins anew. A meter begins on
    bar lines only.
    """
    found = call.project.find_scene(scene)
    if bpm is None and meter is None and not off:
        raise UserError("say a tempo or a meter", "such as scene time A 140, scene time A --meter 7/8")
    changes: dict[str, object] = {"bpm": None, "meter": None} if off else {}
    if bpm is not None:
        changes["bpm"] = bpm
    if meter is not None:
        changes["meter"] = SceneMeter.model_validate({"numerator": meter[0], "denominator": meter[1]})
    new = call.edit(lambda project: with_scene(project, found.id, **changes)).find_scene(found.id)
    brings = [f"{new.bpm:g} bpm"] if new.bpm is not None else []
    brings += [f"{new.meter.numerator}/{new.meter.denominator}"] if new.meter is not None else []
    return Done(message=f"scene {found.name} brings {' in '.join(brings) or 'no tempo of its own'}")


@command("scene notes", "scene notes A open the filter, then watch the drummer")
def scene_notes(call: Call, scene: SceneRef, notes: NotesText) -> Done:
    """Note what you want to be told while a scene plays: the stage shows it. `-` takes the notes away."""
    found = call.project.find_scene(scene)
    text = "" if notes.strip() == "-" else notes.strip()
    call.edit(lambda project: with_scene(project, found.id, notes=text))
    return Done(message=f"scene {found.name}: {text or 'no notes'}")


def _scene(call: Call, name: str) -> Scene:
    """Return a scene by its name; `now`, where none is called so, is the one that plays. Raises UserError."""
    project = call.project
    if name.strip().casefold() != _NOW or any(one.name.casefold() == _NOW for one in project.scenes):
        return project.find_scene(name)
    now = call.player.latest()
    told = now.scene.scene if now.scene is not None else None
    known = next((one for one in project.scenes if one.id == told), None) or launched_scene(project, now.clips)
    return known or next((one for one in project.scenes if one.slots), project.scenes[0])


def _follow(
    project: ProjectState, follower: str, bars: int | None, loops: int | None, chance: float, otherwise: FollowWord
) -> Follow | None:
    """Return what was asked for, None for `off`. Raises UserError naming the nearest."""
    word = follower.strip().casefold()
    if word == _OFF:
        return None
    if bars is not None and loops is not None:
        raise UserError("after how long is said twice", "--bars or --loops")
    time = {"bars": bars, "loops": loops or 1, "chance": chance, "otherwise": otherwise}
    scene = next((one for one in project.scenes if word in (one.id, one.name.casefold())), None)
    if scene is not None:
        return Follow.model_validate({"action": "jump", "to": scene.id, **time})
    if word not in _ABOUT:
        known = [*_ABOUT, *(one.name for one in project.scenes), _OFF]
        raise NotFound(f"no scene '{follower}'", nearest(follower, known))
    return Follow.model_validate({"action": word, **time})


def words_of(project: ProjectState, follow: Follow | None) -> str:
    """Return a follow action in words: `after 4 bars next, 75 %, else again`."""
    if follow is None:
        return "nothing follows"
    size = f"{follow.bars} bar{'' if follow.bars == 1 else 's'}" if follow.bars else ""
    size = size or ("its length" if follow.loops == 1 else f"{follow.loops} times its length")
    to = next((scene.name for scene in project.scenes if scene.id == follow.to), "nothing")
    what = f"scene {to}" if follow.action == "jump" else follow.action
    rest = "" if follow.chance >= 100 else f" ({follow.chance:g} %, else {follow.otherwise})"
    return f"after {size} {what}{rest}"
