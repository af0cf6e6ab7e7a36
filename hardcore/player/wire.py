"""What travels between the studio and its player: frames of JSON, and a project as what changed since the last one.

A frame is four bytes of length and that much JSON. Clips and tracks that are the same objects as before do not travel;
on the other side they stay the same objects too, so the plan can skip them.
"""

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from hardcore.project.clip import Clip
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

_SIZE = struct.Struct(">I")
Words = dict[str, Any]


def frame(words: Words) -> bytes:
    """Return a message as one frame."""
    data = json.dumps(words, separators=(",", ":")).encode()
    return _SIZE.pack(len(data)) + data


def frames(source: IO[bytes]) -> Iterator[Words]:
    """Yield the messages of a pipe until it closes; half a frame at its end is dropped."""
    while len(head := source.read(_SIZE.size)) == _SIZE.size:
        (size,) = _SIZE.unpack(head)
        data = source.read(size)
        if len(data) < size:
            return
        yield json.loads(data)


@dataclass
class Sender:
    """Remembers what the other side has, so that only changes are sent."""

    _clips: dict[str, Clip] = field(default_factory=dict)
    _tracks: dict[str, Track] = field(default_factory=dict)

    def delta(self, project: ProjectState) -> Words:
        """Return what the other side needs to have `project`."""
        clips = {clip.id: clip for _, clip in project.clips()}
        tracks = {track.id: track for track in project.tracks}
        words = {
            "head": project.model_dump(mode="json", exclude={"tracks"}),
            "order": list(tracks),
            "tracks": {
                track.id: track.model_dump(mode="json", exclude={"clips"})
                | {"clips": [clip.id for clip in track.clips]}
                for track in project.tracks
                if self._tracks.get(track.id) is not track
            },
            "clips": {
                clip.id: clip.model_dump(mode="json") for clip in clips.values() if self._clips.get(clip.id) is not clip
            },
        }
        self._clips, self._tracks = clips, tracks
        return words


@dataclass
class Receiver:
    """The other side: puts projects together again."""

    _clips: dict[str, Clip] = field(default_factory=dict)
    _tracks: dict[str, Track] = field(default_factory=dict)

    def project(self, words: Words) -> ProjectState:
        """Return the project that a delta leads to. Raises ValidationError for one that is damaged."""
        self._clips |= {name: _clip(values) for name, values in words["clips"].items()}
        for name, values in words["tracks"].items():
            clips = tuple(self._clips[clip] for clip in values["clips"])
            self._tracks[name] = Track.model_validate(values | {"clips": clips})
        tracks = tuple(self._tracks[name] for name in words["order"])
        self._tracks = {track.id: track for track in tracks}
        project = ProjectState.model_validate_json(json.dumps(words["head"] | {"tracks": []}))
        project = project.evolve(tracks=tracks)
        self._clips = {clip.id: clip for _, clip in project.clips()}
        return project


def _clip(values: Words) -> Clip:
    return Clip.model_validate_json(json.dumps(values))
