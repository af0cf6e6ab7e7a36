"""ProjectState: everything the user means, and nothing else. Immutable; an edit is a function to a new one.

The edits themselves live beside the noun they change: `tracks.py`, `clips.py`, `scenes.py`, `routing.py`.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Annotated, Any, Self, TypeVar

from pydantic import Field

from hardcore.errors import NotFound, UserError, nearest
from hardcore.model import Model, Shared
from hardcore.music.groove import GrooveTemplate
from hardcore.music.scale import Key
from hardcore.music.tempo import MeterMap, TempoMap
from hardcore.project.clip import Clip, Provenance
from hardcore.project.controlmap import MOST_MAPS, ControlMap
from hardcore.project.mixer import Effect, Mixer
from hardcore.project.multisample import Load
from hardcore.project.parts import find_parts
from hardcore.project.placement import Placed
from hardcore.project.recording import Recording
from hardcore.project.rule import MOST_RULES, Rule
from hardcore.project.scene import Scene
from hardcore.project.section import Marker, Markers, Section
from hardcore.project.track import Track
from hardcore.project.values import Name, Seed, Text

MASTER_ID = "t1"
Found = TypeVar("Found", Track, Scene, Clip)
Thing = TypeVar("Thing")


class ProjectState(Model):
    """A whole project. `vibe` says in words where it is to go, and decides nothing by itself.

    `seed` feeds every chance in it; `next_id` numbers the next track, clip, scene and whatever else has an id.

    `groove_amount` is how much of the active groove is played; its velocities by `groove_velocity` where that is given.
    """

    title: Name = "untitled"
    vibe: Annotated[Text, Field(max_length=400)] = ""
    seed: Seed = 0
    tempo_map: TempoMap = TempoMap()
    meter_map: MeterMap = MeterMap()
    key: Key = Key(tonic=9, mode="minor")
    tracks: Annotated[tuple[Track, ...], Shared.most(512)] = ()
    scenes: Annotated[tuple[Scene, ...], Shared.most(1024)] = ()
    sections: Annotated[tuple[Section, ...], Shared.most(4096)] = ()
    markers: Annotated[tuple[Marker, ...], Markers.most(4096)] = ()
    rules: Annotated[tuple[Rule, ...], Shared.most(MOST_RULES)] = ()
    maps: Annotated[tuple[ControlMap, ...], Shared.most(MOST_MAPS)] = ()
    grooves: tuple[GrooveTemplate, ...] = Field((), max_length=256)
    active_groove: str | None = None
    groove_amount: Annotated[float, Field(ge=0, le=1)] = 1.0
    groove_velocity: Annotated[float, Field(ge=0, le=1)] | None = None
    provenance: Provenance | None = None
    next_id: Annotated[int, Field(ge=1, le=10**15)] = 2

    @property
    def master(self) -> Track:
        """Return the master track."""
        return self.tracks[-1]

    @cached_property
    def arrangement(self) -> tuple[Placed, ...]:
        """Return what is placed on all tracks, ordered by start and track; the tracks hold it."""
        return tuple(
            sorted(
                Placed(placed.start_ticks, track.id, placed.clip, placed.length_ticks, placed.offset_ticks)
                for track in self.tracks
                for placed in track.placements
            )
        )

    @cached_property
    def recordings(self) -> dict[str, Recording]:
        """Return every sound of the user's that its instruments play, by key."""
        played = [track.instrument.recordings for track in self.tracks if track.instrument is not None]
        return {key: known for some in played for key, known in some.items()}

    @cached_property
    def sounds(self) -> dict[str, Recording]:
        """Return every sound that is no sample of the program's, by key: recordings and artifacts."""
        return {known.key: known for load in self.loads.values() if (known := load.recording)}

    @cached_property
    def loads(self) -> dict[str, Load]:
        """Return every stretch of a sound that the engine needs, by key, in the order of the keys."""
        needed = [track.instrument.loads for track in self.tracks if track.instrument is not None]
        found = {key: load for some in needed for key, load in some.items()}
        return dict(sorted((found | self.region_loads).items(), key=lambda item: item[0]))

    @cached_property
    def region_loads(self) -> dict[str, Load]:
        """Return every segment that its audio clips play, by key."""
        return {key: load for track in self.tracks for key, load in track.region_loads.items()}

    @property
    def piece(self) -> tuple[int, str, int]:
        """Return what tells one piece from another: edits keep it, a prompt that makes a new one changes it."""
        made = self.provenance
        return (self.seed, made.prompt, made.seed) if made else (self.seed, "", 0)

    @property
    def groove(self) -> GrooveTemplate | None:
        """Return the groove in force, or None when the project plays straight."""
        return next((groove for groove in self.grooves if groove.id == self.active_groove), None)

    def taken(self, kind: str) -> tuple[Self, str]:
        """Return the project with one id spent, and that id: `kind` is the letter of such ids (see `values`)."""
        return self.evolve(next_id=self.next_id + 1), f"{kind}{self.next_id}"

    def clips(self) -> Iterator[tuple[Track, Clip]]:
        """Return every clip with its track, in track order."""
        return ((track, clip) for track in self.tracks for clip in track.clips)

    def find_track(self, reference: str) -> Track:
        """Return the track with that id, name (any case) or number from 1. Raises UserError naming the nearest."""
        return _find("track", reference, self.tracks)

    def find_tracks(self, reference: str, *, members: bool = False) -> tuple[Track, ...]:
        """Return the tracks of a reference such as `kick,snare`, `drums` or `all-kick`. See `parts.find_parts`."""
        return find_parts(reference, self.tracks, members=members)

    def find_scene(self, reference: str) -> Scene:
        """Return the scene with that id, name or number from 1. Raises UserError naming the nearest."""
        return _find("scene", reference, self.scenes)

    def find_clip(self, reference: str) -> tuple[Track, Clip]:
        """Return a clip and its track from `track:scene`, a clip's id or name, or a track that has one clip.

        Raises UserError that says what there is instead.
        """
        for track in self.tracks:
            if (place := track.places.get(reference)) is not None:
                return track, track.clips[place]
        if ":" in reference:
            return self._in_slot(*self.find_slot(reference))
        named = [(track, clip) for track, clip in self.clips() if clip.name.casefold() == reference.casefold()]
        if len(named) == 1:
            return named[0]
        return self._only_clip(reference, named)

    def find_slot(self, reference: str) -> tuple[Track, Scene]:
        """Return the track and the scene of `track:scene`, whether a clip is there or not. Raises UserError."""
        track_part, scene_part = self._parts(reference)
        return self.find_track(track_part), self.find_scene(scene_part)

    def _parts(self, reference: str) -> tuple[str, str]:
        """Return `track:scene` in two: a colon may be in the names themselves, such as those of an imported file."""
        names = {track.name.casefold() for track in self.tracks}
        colons = [place for place, letter in enumerate(reference) if letter == ":"]
        at = next((place for place in colons if reference[:place].strip().casefold() in names), colons[0])
        return reference[:at], reference[at + 1 :]

    def _in_slot(self, track: Track, scene: Scene) -> tuple[Track, Clip]:
        clip_id = scene.slots.get(track.id)
        for clip in track.clips:
            if clip.id == clip_id:
                return track, clip
        raise NotFound(f"{track.name} has no clip in scene {scene.name}", self._where(track))

    def _only_clip(self, reference: str, named: list[tuple[Track, Clip]]) -> tuple[Track, Clip]:
        tracks = {track.name.casefold(): track for track in self.tracks} | {track.id: track for track in self.tracks}
        track = tracks.get(reference.casefold())
        if track is None and reference.isdigit():
            track = self.find_track(reference)
        if track is None and not named:
            raise NotFound(f"no clip '{reference}'", nearest(reference, [t.name for t in self.tracks if t.clips]))
        if track is not None and len(track.clips) == 1:
            return track, track.clips[0]
        if track is not None and not track.clips:
            raise NotFound(f"{track.name} has no clip")
        raise UserError(f"'{reference}' could be several clips", self._where(track or named[0][0]))

    def _where(self, track: Track) -> str:
        places = [f"{track.name}:{scene.name}" for scene in self.scenes if track.id in scene.slots]
        return "say one of: " + ", ".join(places[:6]) if places else "it has none"

    def find_effect(self, track: Track, reference: str) -> Effect:
        """Return a track's effect by id, device or place from 1. Raises UserError naming the nearest."""
        for place, effect in enumerate(track.effects, 1):
            if reference.casefold() in (effect.id, effect.device, str(place)):
                return effect
        raise NotFound(
            f"{track.name} has no effect '{reference}'", nearest(reference, [fx.device for fx in track.effects])
        )

    def with_track(self, track_id: str, change: Callable[[Track], Track]) -> Self:
        """Return the project with one track replaced by `change(track)`; the others stay the same objects."""
        at = next((at for at, track in enumerate(self.tracks) if track.id == track_id), None)
        return self if at is None else self.evolve(tracks=_replaced(self.tracks, at, change(self.tracks[at])))

    def with_mixer(self, track_id: str, **changes: Any) -> Self:
        """Return the project with fader, pan, mute or solo of a track changed. Raises ValidationError."""
        return self.with_track(track_id, lambda track: track.evolve(mixer=track.mixer.evolve(**changes)))

    def with_clip(self, clip_id: str, change: Callable[[Clip], Clip]) -> Self:
        """Return the project with one clip replaced by `change(clip)`."""
        for at, track in enumerate(self.tracks):
            place = track.places.get(clip_id)
            if place is not None:
                edited = track.evolve(clips=_replaced(track.clips, place, change(track.clips[place])))
                return self.evolve(tracks=_replaced(self.tracks, at, edited))
        return self


def new_project(title: str = "untitled", seed: int = 0) -> ProjectState:
    """Return an empty project: a master, one scene, 120 BPM, 4/4, A minor."""
    master = Track(id=MASTER_ID, name="master", kind="master", mixer=Mixer())
    return ProjectState(title=title, seed=seed, tracks=(master,), scenes=(Scene(id="s2", name="A"),), next_id=3)


def _replaced(things: tuple[Thing, ...], place: int, new: Thing) -> tuple[Thing, ...]:
    return (*things[:place], new, *things[place + 1 :])


def _find(kind: str, reference: str, things: Iterable[Found]) -> Found:
    listed = list(things)
    wanted = reference.strip().casefold()
    for thing in listed:
        if thing.id == wanted:
            return thing
    for thing in listed:
        if thing.name.casefold() == wanted:
            return thing
    if wanted.isdecimal() and 1 <= int(wanted[:9]) <= len(listed):
        return listed[int(wanted) - 1]
    raise NotFound(f"no {kind} '{reference}'", nearest(reference, [thing.name for thing in listed]))
