"""An album: several pieces as one sound, levelled together so that they keep their relation, then cut into tracks.

The limiter runs through all of them, and every track is a whole number of CD frames (1/75 s) where the rate allows.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hardcore.audio.formats import by_ending
from hardcore.errors import UserError
from hardcore.filenames import safe_name
from hardcore.jobs.cuesheet import CD_FRAMES, CueTrack, cue_sheet
from hardcore.jobs.mixfiles import MOST_TRIES, goal
from hardcore.jobs.request import Progress
from hardcore.jobs.writing import writing
from hardcore.knowledge.targets import Target

if TYPE_CHECKING:
    from hardcore.audio.leveller import Levelled
    from hardcore.audio.loudness import Loudness
    from hardcore.audio.samples import Audio

# What fits on a CD, and in memory while it is levelled.
LONGEST_S = 80 * 60.0


@dataclass(frozen=True, slots=True)
class Source:
    """A piece of an album: a file with its mix, how much that was amplified by (undone here), what is said of it."""

    file: Path
    gain_db: float
    about: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AlbumRequest:
    """What an album is made of and how it is written: a file a track for each of the endings, and a cue sheet."""

    sources: tuple[Source, ...]
    folder: Path
    stage: Path
    endings: tuple[str, ...]
    target: Target
    rate: int
    depth: str
    gap_s: float
    title: str
    artist: str
    software: str


@dataclass(frozen=True, slots=True)
class Track:
    """A track that was written: its file in the first format, how long it sounds without the gap, its loudness."""

    path: Path
    title: str
    sound_s: float
    loudness: "Loudness"


@dataclass(frozen=True, slots=True)
class Album:
    """What was written: the tracks, all files, the cue sheet; the loudness of the whole, measured from the files."""

    tracks: tuple[Track, ...]
    files: tuple[Path, ...]
    cue: Path
    lufs: float | None
    true_peak_dbtp: float | None
    levelled: "Levelled"


def write_album(request: AlbumRequest, progress: Progress) -> Album:
    """Return what was written; its files appear together. Raises UserError for an album that is too long."""
    from hardcore.audio.leveller import Leveller
    from hardcore.audio.tilt import tilted

    progress(0.0, "joining")
    audio, edges, sounds_s = _joined(request)
    leveller = Leveller(tilted(audio, request.target.tilt_db), request.rate, goal(request.target))
    request.stage.mkdir(parents=True, exist_ok=True)
    names = _names(request.sources)
    for number in range(MOST_TRIES):
        progress(0.1 + 0.2 * number, "levelling")
        sound = leveller.sound()
        first = 0.2 + 0.2 * number
        measured = _written(request, sound, edges, names, progress, first)
        whole = _of_all(request, names, measured)
        if not leveller.missed(whole):
            break
    cue = request.stage / f"{safe_name(request.title)}.cue"
    cue.write_text(_cue(request, names, sounds_s), encoding="utf-8")
    files = [request.stage / f"{name}{each}" for each in request.endings for name in names]
    tracks = tuple(
        Track(request.folder / f"{name}{request.endings[0]}", source.about["title"], sound_s, loudness)
        for source, name, sound_s, loudness in zip(request.sources, names, sounds_s, measured, strict=False)
    )
    for path in (*files, cue):
        path.replace(request.folder / path.name)
    shutil.rmtree(request.stage, ignore_errors=True)
    placed = tuple(request.folder / path.name for path in files)
    return Album(tracks, placed, request.folder / cue.name, whole.integrated_lufs, whole.true_peak_dbtp, leveller.done)


def _joined(request: AlbumRequest) -> "tuple[Audio, list[int], list[float]]":
    """Return all pieces as one sound, where each begins and the last ends, and the seconds of each without its gap."""
    import numpy as np

    from hardcore.audio.reader import OURS, read
    from hardcore.audio.samples import scaled

    frame = request.rate // CD_FRAMES if request.rate % CD_FRAMES == 0 else 1
    parts, edges, sounds_s = [], [0], []
    for number, source in enumerate(request.sources, 1):
        sound, rate = read(source.file, OURS)
        assert rate == request.rate, "all are rendered at the rate of the album"
        gap = round(request.gap_s * rate) if number < len(request.sources) else 0
        body = -(-sound.shape[1] // frame) * frame
        whole = body + -(-gap // frame) * frame
        parts.append(np.pad(scaled(sound, 10 ** (-source.gain_db / 20)), ((0, 0), (0, whole - sound.shape[1]))))
        edges.append(edges[-1] + whole)
        sounds_s.append(body / rate)
        if edges[-1] > LONGEST_S * rate:
            raise UserError(f"that is more than {LONGEST_S / 60:.0f} minutes", "several albums instead")
    return np.concatenate(parts, axis=1), edges, sounds_s


def _names(sources: Sequence[Source]) -> list[str]:
    """Return what the tracks' files are called, without an ending: number and title."""
    return [safe_name(f"{number:02} {source.about['title']}") for number, source in enumerate(sources, 1)]


def _cue(request: AlbumRequest, names: Sequence[str], sounds_s: Sequence[float]) -> str:
    """Return the cue sheet of the files of the first format; a gap begins where a piece ends, but for the last."""
    gaps = [sound_s if request.gap_s else None for sound_s in sounds_s[:-1]]
    listed = [
        CueTrack(source.about["title"], f"{name}{request.endings[0]}", gap)
        for source, name, gap in zip(request.sources, names, [*gaps, None], strict=True)
    ]
    return cue_sheet(request.title, request.artist, listed)


def _written(
    request: AlbumRequest, sound: "Audio", edges: Sequence[int], names: Sequence[str], progress: Progress, first: float
) -> "list[Loudness]":
    """Return the loudness of every file, the tracks of the first format first."""
    count = len(names) * len(request.endings)
    with writing(count, progress, first, first + 0.2) as files:
        begun = [
            files.begin(partial(_track, request, ending, at, names[at], sound[:, edges[at] : edges[at + 1]]))
            for ending in request.endings
            for at in range(len(names))
        ]
        return [one.result() for one in begun]


def _track(request: AlbumRequest, ending: str, at: int, name: str, sound: "Audio", progress: Progress) -> "Loudness":
    from hardcore.audio import files
    from hardcore.audio.loudness import measure_file
    from hardcore.audio.tags import Tags

    tags = Tags(
        artist=request.artist, album=request.title, track=at + 1, tracks=len(request.sources),
        software=request.software, **request.sources[at].about,
    )  # fmt: skip
    path = request.stage / f"{name}{ending}"
    files.write(
        path, sound, request.rate, depth=by_ending()[ending].depth(request.depth), tags=tags,
        on_progress=lambda share: progress(0.9 * share, f"track {at + 1}"),
    )  # fmt: skip
    return measure_file(path)


def _of_all(request: AlbumRequest, names: Sequence[str], measured: "Sequence[Loudness]") -> "Loudness":
    """Return what is measured of the album as one sound, from the files of its first format; peaks from all files."""
    import numpy as np

    from hardcore.audio.loudness import measure
    from hardcore.audio.reader import OURS, read

    parts = [read(request.stage / f"{name}{request.endings[0]}", OURS)[0] for name in names]
    whole = measure(np.concatenate(parts, axis=1), request.rate)
    peaks = [one.true_peak_dbtp for one in measured if one.true_peak_dbtp is not None]
    return replace(whole, true_peak_dbtp=max(peaks, default=None))
