"""What one hand moves at once: the crossfader, mute groups, and the way from one scene's levels to another's."""

from typing import Annotated, Literal

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.kinds import number, text_as
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done
from hardcore.commands.core.types import Kind, Parts, SceneRef, Share, Toggle
from hardcore.errors import UserError
from hardcore.project import morph as morphs
from hardcore.project.mixer import FadeCurve
from hardcore.project.scenes import with_scene
from hardcore.project.state import ProjectState

SideWord = Annotated[Literal["a", "b", "off"], text_as(str.lower), Kind("side", "A, B, or off")]
Curve = Annotated[FadeCurve, Kind("curve", "power (3 dB down in the middle), linear (6 dB), cut (full up to there)")]
MuteGroup = Annotated[int, Field(ge=1, le=16), Kind("group", "1 to 16")]
MuteGroupOrNone = Annotated[int, Field(ge=0, le=16), Kind("group", "1 to 16; 0: none")]


def _position(text: str) -> float:
    """Return -1…1 from `A`, `B`, `middle`, `A30` (30 % towards A) or a number. Raises UserError."""
    word = text.strip().lower()
    words = {"a": -1.0, "b": 1.0, "middle": 0.0, "center": 0.0, "centre": 0.0}
    if word in words:
        return words[word]
    if word[:1] in ("a", "b") and word[1:].rstrip("%").isdigit():
        return int(word[1:].rstrip("%")) / 100 * (-1 if word[0] == "a" else 1)
    return number(text, "")


Position = Annotated[
    float, Field(ge=-1, le=1), text_as(_position), Kind("place", "A, B, middle, A30 (30 % towards A), or -1 to 1")
]


@command("crossfade", "crossfade B", aliases=("xfade",))
def crossfade(call: Call, place: Position | None = None, *, curve: Curve | None = None) -> Done:
    """Move the crossfader, or choose its curve: tracks on side A are heard at A alone, those on side B at B.

    `track side` puts tracks on a side. A knob moves it by `learn crossfade`, an envelope of the master by `automation
    add master crossfade 1 A`.
    """
    master = call.project.master
    changes: dict[str, object] = {} if place is None else {"crossfade": place}
    if curve is not None:
        changes["curve"] = curve
    if changes:
        master = call.edit(lambda project: project.with_mixer(master.id, **changes)).master
    sides = {side: [track.name for track in call.project.tracks if track.mixer.side == side] for side in ("a", "b")}
    there = "; ".join(f"{side.upper()}: {', '.join(names) or 'no track'}" for side, names in sides.items())
    return Done(message=f"crossfader at {place_text(master.mixer.crossfade)} ({master.mixer.curve}); {there}")


def place_text(value: float) -> str:
    """Return where the crossfader stands, as it is typed: `A`, `B`, `middle`, `A30`."""
    if abs(value) >= 1 or not value:
        return {-1: "A", 0: "middle", 1: "B"}[round(value)]
    return f"{'A' if value < 0 else 'B'}{abs(value) * 100:.0f}"


@command("track side", "track side kick,bass A", aliases=("side",))
def track_side(call: Call, tracks: Parts, side: SideWord) -> Done:
    """Put tracks on a side of the crossfader, or take them off it. The master is on none."""
    found = [track for track in call.project.find_tracks(tracks) if track.kind != "master"]
    if not found:
        raise UserError("the master is on no side of the crossfader", "track side drums A")
    chosen = None if side == "off" else side

    def edit(project: ProjectState) -> ProjectState:
        for track in found:
            project = project.with_mixer(track.id, side=chosen)
        return project

    call.edit(edit)
    names = ", ".join(track.name for track in found)
    return Done(message=f"{names}: {'off the crossfader' if chosen is None else f'side {side.upper()}'}")


@command("mute group", "mute group 1")
def mute_group(call: Call, group: MuteGroup, state: Toggle = None) -> Done:
    """Mute the tracks of a mute group, or let them sound; without on or off the switch is flipped.

    `mute group set` puts tracks into one. A pad or key does it by `map add note36 mute group 1`.
    """
    found = [track for track in call.project.tracks if track.mixer.mute_group == group]
    if not found:
        raise UserError(f"mute group {group} has no tracks", f"/mute group set kick,hats {group}")
    muted = not all(track.mixer.mute for track in found) if state is None else state

    def edit(project: ProjectState) -> ProjectState:
        for track in found:
            project = project.with_mixer(track.id, mute=muted)
        return project

    call.edit(edit)
    return Done(message=f"{'muted' if muted else 'heard'}: {', '.join(track.name for track in found)}")


@command("mute group set", "mute group set kick,hats 1")
def mute_group_set(call: Call, tracks: Parts, group: MuteGroupOrNone) -> Done:
    """Put tracks into a mute group, out of the one they are in; 0 takes them out."""
    found = [track for track in call.project.find_tracks(tracks) if track.kind != "master"]

    def edit(project: ProjectState) -> ProjectState:
        for track in found:
            project = project.with_mixer(track.id, mute_group=group or None)
        return project

    call.edit(edit)
    names = ", ".join(track.name for track in found)
    return Done(message=f"{names}: {f'mute group {group}' if group else 'in no mute group'}")


@command("scene keep", "scene keep A")
def scene_keep(call: Call, scene: SceneRef) -> Done:
    """Keep in a scene how faders, pans, sends and all parameters stand now; `scene recall` and `morph` use it."""
    found, kept = call.project.find_scene(scene), morphs.levels(call.project)
    call.edit(lambda project: with_scene(project, found.id, levels=morphs.levels(project)))
    return Done(message=f"scene {found.name} keeps {len(kept)} levels")


@command("scene recall", "scene recall A")
def scene_recall(call: Call, scene: SceneRef) -> Done:
    """Put faders, pans, sends and parameters where a scene keeps them; what is new since stays as it is."""
    found = call.project.find_scene(scene)
    call.edit(lambda project: morphs.recalled(project, project.find_scene(found.id)))
    return Done(message=f"levels as in scene {found.name}")


@command("morph", "morph A B 50", about={"share": "how far it is from the first to the second, 0 to 100 %"})
def morph(call: Call, scene: SceneRef, to: SceneRef, share: Share) -> Done:
    """Put faders, pans, sends and parameters between what two scenes keep: 0 is the first, 100 the second.

    `scene keep` makes a scene keep them. One knob moves it all by `learn morph A B`.
    """
    first, second = (call.project.find_scene(one) for one in (scene, to))

    def edit(project: ProjectState) -> ProjectState:
        one, other = project.find_scene(first.id), project.find_scene(second.id)
        return morphs.morphed(project, one, other, share / 100)

    call.edit(edit)
    return Done(message=f"{share:g} % of the way from scene {first.name} to scene {second.name}")
