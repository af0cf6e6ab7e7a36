"""What a render is asked for, what it made, and what its files say about themselves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from hardcore.jobs.mixreport import Listened
from hardcore.knowledge.targets import PLAIN, Target, target
from hardcore.music.tempo import beats
from hardcore.project.state import ProjectState
from hardcore.project.timeline import Playing, bars_of, end_ticks

if TYPE_CHECKING:
    from hardcore.audio.loudness import Loudness
    from hardcore.audio.tags import Tags
    from hardcore.compose.mix.target import Wanted

Progress = Callable[[float, str], None]
# frames a second from which on brightness can be judged
LOWEST_RATE = 32_000


@dataclass(frozen=True, slots=True)
class RenderRequest:
    """What to render and how to write it.

    tail_s   None keeps what rings on, at most `longest_tail_s`; a number is exactly that much
    loop     exactly the bars; what rings on is laid over the beginning
    stems    a folder for one file per track and return as well
    listen   measure what was written with the ears as well
    places   where the user's own sounds lie, by hash, as far as that is known
    wanted   what the mix should be like; where it is not, it is corrected before it is written
    stage    a folder to be made, which the files are written to first; None: one with a name of its own
    marks    places that are named in the file, by tick
    target   where it is delivered to: its loudness and highest true peak
    also     further files of the mix, in other formats
    sidecar  a file with all facts as JSON
    """

    project: ProjectState
    playing: tuple[Playing, ...]
    path: Path
    rate: int = 48000
    depth: Literal["16", "24", "32f"] = "24"
    tail_s: float | None = None
    longest_tail_s: float = 8.0
    loop: bool = False
    stems: Path | None = None
    software: str = "hardcore"
    listen: bool = True
    places: Mapping[str, Path] = field(default_factory=dict)
    wanted: "Wanted | None" = None
    stage: Path | None = None
    marks: tuple[tuple[int, str], ...] = ()
    target: Target = field(default_factory=partial(target, PLAIN))
    also: tuple[Path, ...] = ()
    sidecar: Path | None = None


@dataclass(frozen=True, slots=True)
class MixFile:
    """One file of the mix; `loudness` is measured from it.

    depth       empty in a lossy format
    gain_db     how much it was amplified by, below 0 turned down
    limited_db  how much the limiter took away at most
    in_reach    whether the level could be had without limiting more than is bearable
    crest_before_db  true peak over mean power before that
    """

    path: Path
    format: str
    rate: int
    depth: str
    loudness: "Loudness"
    gain_db: float = 0.0
    limited_db: float = 0.0
    in_reach: bool = True
    crest_before_db: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Stem:
    """One stem: its file, the track it came from, and whether it counts in the sum (it may be inside a group)."""

    path: Path
    track: str
    summed: bool


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a render made. `sum_error_db`: stems added up against the mix.

    `files` are those of the mix, the one that was asked for first; `heard` is the analysis of that as data, None when
    nobody listened. `listened`: what became of a mix that was to be corrected.
    """

    files: tuple[MixFile, ...]
    bars: int
    body_frames: int
    tail_s: float
    stems: tuple[Stem, ...]
    sum_error_db: float | None
    notes: tuple[str, ...]
    heard: dict[str, Any] | None = None
    listened: Listened | None = None
    sidecar: Path | None = None

    @property
    def path(self) -> Path:
        """Return the file that was asked for."""
        return self.files[0].path

    @property
    def rate(self) -> int:
        """Return its rate, Hz."""
        return self.files[0].rate

    @property
    def loudness(self) -> "Loudness":
        """Return its loudness."""
        return self.files[0].loudness


def tags(request: RenderRequest, title: str) -> "Tags":
    """Return what the file says about itself."""
    from hardcore.audio.tags import Tags

    project = request.project
    made = project.provenance
    return Tags(
        title=title,
        tempo_bpm=project.tempo_map.bpm,
        key=project.key.name,
        prompt=made.prompt if made else "",
        seed=project.seed,
        bars=bars_of(request.project, request.playing),
        beats=beats(end_ticks(request.playing)),
        meter=(project.meter_map.numerator, project.meter_map.denominator),
        loop=request.loop,
        software=request.software,
        marks=tuple((project.tempo_map.seconds(tick), name) for tick, name in request.marks),
    )
