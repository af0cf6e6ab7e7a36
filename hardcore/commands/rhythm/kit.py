"""A drum kit in the session grid: a track and a clip for each layer of a rhythm, whose notes can be put in anew."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hardcore.commands.rhythm.clips import role_of, track_for
from hardcore.controller.controller import Controller
from hardcore.project import clips, scenes, tracks
from hardcore.project.clip import Clip, Provenance
from hardcore.project.notes import Note
from hardcore.project.playback import Playback
from hardcore.project.scene import Scene
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

if TYPE_CHECKING:
    from hardcore.rhythm.config import Rhythm


@dataclass(frozen=True, slots=True)
class DrumKit:
    """What a rhythm plays on.

    scene    where its clips lie
    parts    by layer, the track's id and the clip
    added    the tracks that the project did not have, without clips
    next_id  the first id that was not spent on it
    """

    scene: Scene
    parts: Mapping[str, tuple[str, Clip]]
    added: tuple[Track, ...]
    next_id: int

    def filled(self, notes: Mapping[str, list[Note]], about: Callable[[str], Provenance] | None = None) -> "DrumKit":
        """Return the kit with other notes in its clips, by layer, and where they come from."""
        filled = {}
        for layer, (track, clip) in self.parts.items():
            made = about(layer) if about else clip.provenance
            filled[layer] = (track, clip.evolve(notes=clips.block(notes.get(layer, ())), provenance=made))
        return replace(self, parts=filled)

    def refreshed(self, project: ProjectState) -> ProjectState:
        """Return the project with the kit's notes in those of its clips that are there."""
        for track_id, clip in self.parts.values():
            if _has(project, track_id, clip.id):
                project = _with_clip(project, track_id, clip)
        return project

    def on(self, project: ProjectState) -> ProjectState:
        """Return the project with the whole kit on it: what is missing is added; a track that is gone stays away."""
        for track in self.added:
            if all(known.id != track.id for known in project.tracks):
                named = track.evolve(name=tracks.free_name(project, track.name))
                place = next(i for i, known in enumerate(project.tracks) if known.kind in ("return", "master"))
                project = project.evolve(tracks=(*project.tracks[:place], named, *project.tracks[place:]))
        if all(scene.id != self.scene.id for scene in project.scenes):
            project = project.evolve(scenes=(*project.scenes, self.scene.evolve(slots={}, name=self._name(project))))
        for track_id, clip in self.parts.values():
            if any(track.id == track_id for track in project.tracks):
                project = clips.put(_with_clip(project, track_id, clip), self.scene.id, track_id, clip.id)
        return project.evolve(next_id=max(project.next_id, self.next_id))

    def _name(self, project: ProjectState) -> str:
        taken = {scene.name.casefold() for scene in project.scenes}
        return scenes.next_name(project) if self.scene.name.casefold() in taken else self.scene.name

    def is_on(self, project: ProjectState) -> bool:
        """Return whether any of its clips is there."""
        return any(_has(project, track_id, clip.id) for track_id, clip in self.parts.values())

    def origins(self, state: Playback) -> dict[str, int]:
        """Return the tick at which each clip was launched, by layer, of those that play."""
        playing = {layer: (state.clips.get(track), clip.id) for layer, (track, clip) in self.parts.items()}
        return {layer: now.tick for layer, (now, clip) in playing.items() if now is not None and now.clip == clip}

    def silent(self, state: Playback) -> dict[str, str | None]:
        """Return the clips by track that do not play and do not wait to."""

        def sounds(track_id: str, clip_id: str) -> bool:
            return any(on and on.clip == clip_id for on in (state.clips.get(track_id), state.queue.get(track_id)))

        return {track: clip.id for track, clip in self.parts.values() if not sounds(track, clip.id)}


def drum_kit(
    controller: Controller,
    rhythm: "Rhythm",
    title: str,
    length_ticks: int,
    scene_id: str | None = None,
    before: DrumKit | None = None,
) -> DrumKit:
    """Return a kit for a rhythm on the project as it is now: nothing is changed yet, its ids are its own.

    In a scene that is there, a clip that lies in a layer's slot is the layer's; else the scene is new and called
    `title`. What `before` has is taken from there. Raises UserError.
    """
    had = {track.id for track in controller.project.tracks}
    parts: dict[str, tuple[str, Clip]] = dict(before.parts) if before else {}
    scene: list[Scene] = []

    def made(project: ProjectState) -> ProjectState:
        project, place = _scene(project, title, scene_id)
        scene.append(place)
        used = {track for track, _ in parts.values()}
        for name, layer in rhythm.layers.items():
            if name in parts:
                continue
            project, track_id = track_for(project, name, role_of(name, layer), used)
            used.add(track_id)
            project, clip = _clip(project, track_id, place, length_ticks)
            parts[name] = (track_id, clip)
        return project

    project = controller.draft(made)
    added = tuple(track for track in project.tracks if track.id not in had)
    return DrumKit(scene[0], parts, (*(before.added if before else ()), *added), project.next_id)


def _scene(project: ProjectState, title: str, scene_id: str | None) -> tuple[ProjectState, Scene]:
    """Return the project and the scene; without an id one that is added."""
    if scene_id is None:
        taken = {scene.name.casefold() for scene in project.scenes}
        project, scene_id = scenes.add_scene(project, None if title.casefold() in taken else title[:60])
    return project, project.find_scene(scene_id)


def _clip(project: ProjectState, track_id: str, scene: Scene, length_ticks: int) -> tuple[ProjectState, Clip]:
    """Return the project and the clip in the scene's slot of a track, or an empty one, at the length."""
    track = project.find_track(track_id)
    known = next((clip for clip in track.clips if clip.id == scene.slots.get(track_id)), None)
    if known is not None:
        return project, known.evolve(length_ticks=length_ticks)
    project, clip_id = project.taken("c")
    return project, Clip(id=clip_id, name=f"{track.name} {scene.name}", length_ticks=length_ticks)


def _has(project: ProjectState, track_id: str, clip_id: str) -> bool:
    return any(track.id == track_id and any(clip.id == clip_id for clip in track.clips) for track in project.tracks)


def _with_clip(project: ProjectState, track_id: str, clip: Clip) -> ProjectState:
    """Return the project with the clip on the track; of one that has its id only notes, length and origin change."""

    def renewed(known: Clip) -> Clip:
        return known.evolve(length_ticks=clip.length_ticks, notes=clip.notes, provenance=clip.provenance)

    if _has(project, track_id, clip.id):
        return project.with_clip(clip.id, renewed)
    return project.with_track(track_id, lambda track: track.evolve(clips=(*track.clips, clip)))
