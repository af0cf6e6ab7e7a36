"""Rhythms: list, show, render to a MIDI file with a log, measure, and bring into the session as clips."""

from pathlib import Path
from typing import TYPE_CHECKING

from hardcore.checkpoint import checkpoint
from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Listing, Result, Row
from hardcore.commands.core.types import Bars, FileName, ManyBars, RandomSeed, RhythmRef, SceneRef, Tempo
from hardcore.commands.rhythm.plot import Plot, plotted
from hardcore.errors import NotFound, UserError
from hardcore.jobs import exporters
from hardcore.project.state import ProjectState
from hardcore.workers.thread import beside

if TYPE_CHECKING:
    from hardcore.rhythm.config import Rhythm

MIDI = exporters.MIDI.endings
COLUMNS = ("E", "E_table", "S", "S_lhl", "H", "D", "T_ms")


class RhythmView(Result):
    """A rhythm, its first bars as steps, and what it is like."""

    name: str
    about: str
    mode: str
    meter: str
    bpm: float
    bars: int
    seed: int
    layers: tuple[tuple[str, str], ...]
    figures: dict[str, float]
    notes: tuple[str, ...] = ()

    def text(self) -> str:
        """Return the figures and the steps, a line a layer."""
        width = max((len(name) for name, _ in self.layers), default=0)
        head = f"{self.name}: {self.mode}, {self.meter}, {self.bpm:g} bpm, seed {self.seed}"
        said = "  ".join(f"{name} {value:.3g}" for name, value in self.figures.items())
        rows = [f"  {name:<{width}}  {steps}" for name, steps in self.layers]
        return "\n".join([head, *([self.about] if self.about else []), *rows, said, *self.notes])


class Rendered(Result):
    """A MIDI file of a rhythm that was written."""

    file: str
    log: str | None
    bars: int
    bpm: float
    seed: int
    notes: int
    figures: dict[str, float]
    said: tuple[str, ...] = ()

    @property
    def artifacts(self) -> tuple[Path, ...]:
        """Return the file."""
        return (Path(self.file),)

    def text(self) -> str:
        """Return the file, its size and what it is like."""
        figures = ", ".join(f"{name} {value:.3g}" for name, value in self.figures.items())
        lines = [f"{self.file}: {self.bars} bars at {self.bpm:g} bpm, {self.notes} notes, seed {self.seed}", figures]
        return "\n".join([*lines, *([f"log in {self.log}"] if self.log else []), *self.said])


def source(call: Call, name: str) -> "Rhythm":
    """Return the rhythm of a name, or of a file the caller may read. Raises UserError."""
    from hardcore.knowledge import rhythms

    if Path(name).suffix.lower() in rhythms.SUFFIXES:
        return rhythms.read_rhythm(call.caller.path(name))
    return rhythms.rhythm(name)


class RhythmRow(Row):
    """A rhythm of the program, and its layers by name."""

    name: str
    mode: str
    meter: str
    bpm: float
    layers: tuple[str, ...]
    about: str

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        return (self.name, self.mode, self.meter, self.bpm, ", ".join(self.layers), self.about)


class RhythmList(Listing[RhythmRow]):
    """The rhythms of the program."""

    headings = ("rhythm", "mode", "meter", "bpm", "layers", "what it is")


class MetricsRow(Row):
    """The figures of a part, or of all together."""

    part: str
    hits: int
    E: float
    E_table: float
    S: float
    S_lhl: float
    H: float
    D: float
    T_ms: float


class MetricsList(Listing[MetricsRow]):
    """The figures of a rhythm, part by part."""

    headings = ("part", "hits", *COLUMNS)


@command("rhythm list", "rhythm list", effects=(), aliases=("rhythms",))
def rhythm_list(call: Call) -> RhythmList:
    """List the rhythms that come with the program."""
    from hardcore.knowledge import rhythms

    known = [(name, rhythms.rhythm(name)) for name in rhythms.rhythm_ids()]
    rows = tuple(
        RhythmRow(name=name, mode=r.mode, meter=r.meter, bpm=r.bpm, layers=tuple(r.layers), about=r.about)
        for name, r in known
    )
    return RhythmList(items=rows)


@command("rhythm show", "rhythm show warehouse", effects=(), about={"bars": "how many bars are drawn"})
async def rhythm_show(call: Call, rhythm: RhythmRef, *, bars: Bars = 2, seed: RandomSeed | None = None) -> RhythmView:
    """Draw the first bars of a rhythm as steps, X loud, x plain, o soft, and say what 32 bars of it are like.

    E is entrainment, S syncopation, H entropy and D dispersion of the hits, T_ms the timing beyond the swing.
    """
    return await beside(viewed, source(call, rhythm), rhythm, bars, seed)


def viewed(found: "Rhythm", rhythm: str, bars: int, seed: int | None = None) -> RhythmView:
    """Return the first bars of a rhythm drawn, and its figures."""
    from hardcore.rhythm.bands import missed
    from hardcore.rhythm.grid import drawn
    from hardcore.rhythm.log import log, means
    from hardcore.rhythm.session import perform

    play = perform(found, bars=max(32, bars), seed=seed)
    rows = log(play)
    figures = means(rows)
    return RhythmView(
        name=found.name or rhythm,
        about=found.about,
        mode=found.mode,
        meter=found.meter,
        bpm=found.bpm,
        bars=found.bars,
        seed=play.seed,
        layers=drawn(play, bars),
        figures={name: round(figures[name], 4) for name in COLUMNS},
        notes=(*found.notes, *missed(found, rows)),
    )


@command("rhythm plot", "rhythm plot warehouse --bars 64", effects=(), about={"bars": "how many bars are drawn"})
async def rhythm_plot(
    call: Call, rhythm: RhythmRef, *, bars: Bars | None = None, seed: RandomSeed | None = None
) -> Plot:
    """Draw what a session is like bar by bar: E, S, H, D, T_ms, swing, leanings, rescues, and the hits of each layer.

    Every curve is drawn between its least and its greatest value; what does not change is a flat line.
    """
    from hardcore.rhythm.session import perform

    found = source(call, rhythm)
    return await beside(lambda: plotted(perform(found, bars=bars, seed=seed), found.name or rhythm))


@command(
    "rhythm render",
    "rhythm render warehouse beat.mid --bars 8 --seed 3",
    effects={"files"},
    about={
        "file": "the MIDI file, such as drums.mid",
        "bars": "how long the file is, up to 100,000 bars",
        "log": "a .csv file for the figures of each bar",
    },
)
async def rhythm_render(
    call: Call,
    rhythm: RhythmRef,
    file: FileName | None = None,
    *,
    bars: ManyBars | None = None,
    seed: RandomSeed | None = None,
    bpm: Tempo | None = None,
    log: FileName | None = None,
) -> Rendered:
    """Play a rhythm into a MIDI file: a named track a layer, General MIDI drums. --log FILE.csv or .json, a row a bar.

    Length, seed and tempo are the rhythm's own unless given, and so is the file's name. The same rhythm, seed, bars and
    tempo give the same bytes.
    """
    from hardcore.commands.rhythm.writing import LOGS, write_files

    found = source(call, rhythm)
    path = call.caller.path(file or _own_file(found.out, "out") or f"{Path(rhythm).stem}.mid")
    logged = log or _own_file(found.log_path, "log_path")
    log_path = call.caller.path(logged) if logged else None
    check_suffix(path, MIDI, "a rhythm is written as .mid")
    if log_path:
        check_suffix(log_path, LOGS, "did you mean .csv or .json?")
    if log_path == path:
        raise UserError("the log needs a file of its own")
    done = await beside(write_files, path, log_path, found, bars=bars, seed=seed, bpm=bpm)
    return Rendered(file=str(path), log=str(log_path) if log_path else None, said=found.notes, **done._asdict())


def _own_file(name: str | None, key: str) -> str | None:
    """Return the file that a rhythm names itself. Raises UserError where it leads out of the folder one works in."""
    if name and (Path(name).is_absolute() or ".." in Path(name).parts):
        raise UserError(f"{key}: {name} leads out of this folder", "a file that you name yourself may lie anywhere")
    return name


def check_suffix(path: Path, suffixes: tuple[str, ...], hint: str) -> None:
    """Raise UserError unless the file's name ends in one of the suffixes."""
    if path.suffix.lower() not in suffixes:
        raise NotFound(f"no format '{path.suffix or path.name}'", hint)


@command("rhythm metrics", "rhythm metrics kick", effects=(), about={"clip": "a clip (`track:scene`) or a MIDI file"})
async def rhythm_metrics(call: Call, clip: FileName) -> MetricsList:
    """Measure the rhythm of a clip (`track:scene`) or of a MIDI file, part by part and all together.

    E entrainment (by autocorrelation, and by the table), S syncopation (and by Longuet-Higgins and Lee), H entropy of
    the steps, D dispersion of the distances, T_ms root mean square distance from the sixteenths, swing included.
    """
    if clip.lower().endswith(MIDI):
        rows = await beside(lambda path: _measured(*_of_file(path)), call.caller.path(clip))
    else:
        rows = await beside(_measured, *_of_clip(call.project, clip))
    return MetricsList(items=rows, empty=f"{clip} has no notes")


_Parts = list[tuple[str, list[tuple[int, int]]]]


def _measured(parts: _Parts, bar_ticks: int, bpm: float) -> tuple[MetricsRow, ...]:
    """Return the figures of each part, and of all together."""
    from hardcore.rhythm.log import figures

    if len(parts) > 1:
        parts = [*parts, ("all", sorted(onset for _, onsets in parts for onset in onsets))]
    rows: list[MetricsRow] = []
    for name, onsets in parts:
        checkpoint()
        found = figures([step for step, _ in onsets], sorted(start for _, start in onsets), bar_ticks, bpm)
        values = {column: round(found.get(column, 0.0), 4) for column in COLUMNS}
        rows.append(MetricsRow(part=name, hits=len(onsets), **values))
    return tuple(rows)


def _of_file(path: Path) -> tuple[_Parts, int, float]:
    from hardcore.knowledge.rhythms import is_file
    from hardcore.music import midifile

    if not is_file(path):
        raise NotFound(f"no file {path}")
    song = midifile.read(path)
    parts = [(track.name or "part", [(note[0], note[0]) for note in track.notes]) for track in song.tracks]
    return parts, song.meter_map.bar_ticks(), song.tempo_map.bpm


def _of_clip(project: ProjectState, name: str) -> tuple[_Parts, int, float]:
    track, clip = project.find_clip(name)
    onsets = [(note.start_ticks, max(0, note.start_ticks + note.offset_ticks)) for note in clip.notes]
    return [(track.name, onsets)] if onsets else [], project.meter_map.bar_ticks(), project.tempo_map.bpm


@command("rhythm to-clip", "rhythm to-clip warehouse --bars 4 --seed 3", about={"bars": "how many bars the clips have"})
def rhythm_to_clip(
    call: Call,
    rhythm: RhythmRef,
    *,
    scene: SceneRef | None = None,
    bars: Bars | None = None,
    seed: RandomSeed | None = None,
) -> Done:
    """Play a rhythm into the session grid: a clip a layer, in --scene or a new one, on tracks of its roles.

    A track that has the role takes the clip, else one is added with the role's first instrument. Notes stand on their
    steps; swing and micro-timing are their offsets, at the project's tempo.
    """
    from hardcore.commands.rhythm.clips import performed

    found = source(call, rhythm)
    play, made = performed(call.project, found, found.name or rhythm, scene, call.studio.version, bars, seed)
    call.edit(lambda project: made.project)
    return Done(
        message=f"{found.name or rhythm} in scene {made.scene}: {play.bars} bars, seed {play.seed}", details=made.said
    )
