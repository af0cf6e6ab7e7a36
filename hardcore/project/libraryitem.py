"""What the library knows of a thing in it without opening it."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, NamedTuple

from pydantic import Field

from hardcore.model import Model
from hardcore.music.tempo import PPQ
from hardcore.project.recording import Sha256
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.project.values import Name

MOST_NAMED = 512
Few = Field(max_length=MOST_NAMED)


class Facts(Model):
    """What is in an excerpt, for lists and searches.

    plays      the instruments, `effects` the effects, `roles` what the tracks do
    tracks     their names; `notes` how many, `beats` how long its longest clip is
    bpm, key   those of the project that it is from, where it has clips
    artifacts  the sounds of its audio clips and kits, by hash
    samples    the names of sounds of the user's own that it plays from files
    """

    plays: Annotated[tuple[Name, ...], Few] = ()
    effects: Annotated[tuple[Name, ...], Few] = ()
    roles: Annotated[tuple[Name, ...], Few] = ()
    tracks: Annotated[tuple[Name, ...], Few] = ()
    notes: Annotated[int, Field(ge=0)] = 0
    beats: Annotated[float, Field(ge=0)] = 0
    bpm: Annotated[float, Field(ge=0)] | None = None
    key: Name | None = None
    maps: Annotated[int, Field(ge=0)] = 0
    artifacts: Annotated[tuple[Sha256, ...], Field(max_length=8192)] = ()
    samples: Annotated[tuple[Name, ...], Field(max_length=8192)] = ()

    @property
    def words(self) -> str:
        """Return it in a few words: `reese, drive eq`, `16 notes, 4 beats, 138 bpm`."""
        parts = [" ".join(self.plays[:4]), " ".join(self.effects[:6])]
        if self.beats:
            parts += [
                f"{self.notes} notes" if self.notes else "audio",
                f"{self.beats:g} beats",
                f"{self.bpm or 0:g} bpm",
            ]
        parts += [f"{self.maps} mappings"] if self.maps else []
        return ", ".join(filter(None, parts))


# A small project (an excerpt), or what JSON can say.
Content = ProjectState | dict[str, Any]


class Parcel(NamedTuple):
    """A thing of a library as a file for others holds it; `at` seconds since 1970."""

    kind: str
    name: str
    tags: tuple[str, ...]
    note: str
    at: float
    content: Content


class Item(NamedTuple):
    """A version of a thing in the library.

    id        its row; `latest` the number of its latest version
    at        when the version was kept, `removed` when the thing was removed (None: it is there), seconds since 1970
    digest    of the version's content: equal digests are equal content
    """

    id: int
    kind: str
    name: str
    version: int
    latest: int
    at: float
    tags: tuple[str, ...]
    note: str
    removed: float | None
    facts: Facts
    digest: str


def facts_of(project: ProjectState) -> Facts:
    """Return what is in an excerpt."""
    tracks = project.tracks[:-1]
    clips = [clip for _, clip in project.clips()]
    return Facts(
        plays=_once(track.instrument.device for track in tracks if track.instrument is not None),
        effects=_effects(tracks),
        roles=_once(track.role for track in tracks if track.role is not None),
        tracks=_once(track.name for track in tracks),
        notes=sum(len(clip.notes) for clip in clips),
        beats=max((clip.length_ticks for clip in clips), default=0) / PPQ,
        bpm=project.tempo_map.bpm if clips else None,
        key=project.key.name if clips else None,
        maps=len(project.maps),
        artifacts=_once(sha256 for track in tracks for sha256 in artifacts_of(track)),
        samples=_once(known.name for known in project.recordings.values() if known.sha256 not in _artifacts(project)),
    )


def _effects(tracks: Sequence[Track]) -> tuple[str, ...]:
    """Return a chain as it is, of several tracks each effect once."""
    chains = tuple(effect.device for track in tracks for effect in track.effects)
    return (chains if len(tracks) == 1 else _once(iter(chains)))[:MOST_NAMED]


def artifacts_of(track: Track) -> Iterator[str]:
    """Yield the hashes of the artifacts that a track's clips and its kit of slices play."""
    yield from (clip.region.sound.artifact for clip in track.clips if clip.region is not None)
    if track.instrument is not None and track.instrument.multisample is not None:
        zones = track.instrument.multisample.zones
        yield from (zone.sound.artifact for zone in zones if zone.sound is not None)


def _artifacts(project: ProjectState) -> set[str]:
    return {sha256 for track in project.tracks for sha256 in artifacts_of(track)}


def _once(things: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(things))
