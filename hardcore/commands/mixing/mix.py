"""The mix, as the producer hears it: what is off against what the style wants, and its correction."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from hardcore.commands.composing.genre import GenreRef, find
from hardcore.commands.core.background import Begun, finishes, in_background, jobs_of, work
from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Edited, Listing, Row, align, cell
from hardcore.commands.core.types import FileName, Flag
from hardcore.commands.mixing.mixjobs import mix_options
from hardcore.errors import NotFound, UserError
from hardcore.jobs.job import Job
from hardcore.project.state import ProjectState
from hardcore.project.timeline import timeline
from hardcore.workers.context import Words

if TYPE_CHECKING:
    from hardcore.compose.mix.correction import Change
    from hardcore.compose.mix.target import Wanted


class MixFigure(Row):
    """A figure of a mix: what it should lie between (null: anything), what was heard, and how far it is off.

    kind    `loudness` of the whole and `part` of a track by its id, both LUFS; `band`, dB of the whole; `low end`, the
            sides against the middle below 120 Hz, dB
    heard   null in silence; `off_db` null where it is right
    """

    kind: str
    name: str
    track: str | None
    low: float | None
    high: float | None
    heard: float | None
    off_db: float | None

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        from hardcore.compose.mix.judgement import LOUDNESS_LU, PLACE_DB, shown_lufs

        off = "" if self.off_db is None else f"{self.off_db:+.1f} dB"
        low, high = self.low or 0.0, self.high or 0.0
        if self.kind == "loudness":
            texts = (f"{(low + high) / 2:g} ± {LOUDNESS_LU:g} LUFS", shown_lufs(self.heard), off)
        elif self.kind == "part":
            off = "not heard" if self.heard is None else off
            texts = (f"{(low + high) / 2:.1f} ± {PLACE_DB:g} LUFS", shown_lufs(self.heard), off)
        elif self.kind == "low end":
            texts = (f"sides under {high:g} dB", f"{self.heard:.0f} dB", "wide" if off else "")
        else:
            asked = "any" if self.low is None else f"{low:g} to {high:g} dB"
            texts = (asked, f"{self.heard:.1f} dB", off)
        return (self.name, *(text.replace("-", "−") for text in texts))


class Checked(Listing[MixFigure]):
    """A mix against what is wanted, and what the producer would do."""

    headings = ("", "wanted", "heard", "off")

    style: str
    would: tuple[str, ...] = ()

    def text(self) -> str:
        """Return the table, then what would be corrected."""
        lines = align([self.columns, *([cell(value) for value in row] for row in self.rows)])
        does = f"mix correct would begin with: {', '.join(self.would)}" if self.would else "nothing to correct"
        return "\n".join([f"as {self.style} wants it:", *(f"  {line}" for line in lines), does])


class Corrected(Edited):
    """What the producer did about a mix, and what came of it; `corrections` are its moves in words."""

    style: str
    corrections: tuple[str, ...] = ()


def _corrected(style: str, corrections: tuple[str, ...], outcome: tuple[str, ...]) -> Corrected:
    right = "" if outcome else f", as {style} wants it"
    message = f"mix: {', '.join(corrections)}" if corrections else f"the mix stays as it is{right}"
    return Corrected(message=message, details=outcome, style=style, corrections=corrections)


@command("mix check", "mix check --style house", effects=())
async def mix_check(call: Call, *, style: GenreRef | None = None) -> Checked:
    """Listen to the mix and say what is wanted and heard: loudness, bands, low end, every part's level.

    What is wanted is what the style says that the project was made from, or --style.
    """
    from hardcore.compose.mix.correction import corrections, words
    from hardcore.compose.mix.judgement import HEARD, figures
    from hardcore.compose.mix.target import wanted

    project = call.project
    asked = wanted(project, find(style) if style else None)
    ensure_heard(project)
    done = await work(call, "judge", {"parts": True, **mix_options(call, project)}, project=project)
    found = HEARD.validate_python(done["heard"])
    would = words(corrections(found, asked, project), project)
    return Checked(
        items=tuple(MixFigure(**one._asdict()) for one in figures(found, asked, project)),
        style=asked.style,
        would=would,
    )


@command(
    "mix correct",
    "mix correct --style house",
    where={"background": {"jobs"}},
    about={"background": "begin it as a job and answer at once"},
)
async def mix_correct(call: Call, *, style: GenreRef | None = None, background: Flag = False) -> Corrected | Begun:
    """Listen to the mix and bring it nearer to what the style wants: faders, the master's equaliser and limiter.

    At most three passes of at most 6 dB, kept only where they help; one step to undo. A track that you change while it
    listens stays as you have it. The studio does this by itself after a prompt, unless `config producer.listen false`.
    With --background you go on meanwhile; `jobs` says how far it is.
    """
    from hardcore.compose.mix.target import wanted

    project = call.project
    first = call.studio.unheard is project
    genre = find(style) if style else None
    asked = wanted(project, genre)
    ensure_heard(project)
    arguments = {"style": genre, **mix_options(call, project)}
    if background:
        return in_background(call, "correct", arguments, project=project)
    done = await work(call, "correct", arguments, project=project)
    if first and call.studio.unheard is not project:
        # an export has listened to it meanwhile, or there is a newer piece
        return _corrected(asked.style, (), ("it has been dealt with meanwhile",))
    if first:
        call.studio.unheard = None
    return _carried_out(call, project, asked, done)


class MatchedFigure(Row):
    """A figure of a reference beside the piece's, before and after; null where there is none."""

    name: str
    unit: str
    reference: float | None
    before: float | None
    after: float | None

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        values = ("–" if one is None else f"{one:.1f}" for one in (self.reference, self.before, self.after))
        return (f"{self.name}, {self.unit}", *(value.replace("-", "−") for value in values))


class Matched(Edited):
    """A mix beside a reference: the figures, and what was turned to bring it nearer; `file` is the reference."""

    file: str
    figures: tuple[MatchedFigure, ...] = ()
    corrections: tuple[str, ...] = ()

    def text(self) -> str:
        """Return what was turned, then the figures as a table."""
        rows = [("", "reference", "before", "now"), *([cell(one) for one in figure.cells()] for figure in self.figures)]
        return "\n".join([self.message, *(f"  {line}" for line in align(rows))])


@command(
    "mix match",
    "mix match reference.wav",
    about={"reference": "a mix as a sound file", "show": "show both side by side and change nothing"},
)
async def mix_match(call: Call, reference: FileName, *, show: Flag = False) -> Matched:
    """Bring the mix nearer to a recording: loudness, bands and with them the tilt, width, and dynamics.

    The master's equaliser, width and limiter are turned, and the faders of what plays the middle; those it lacks are
    added. Within limits: no more than 6 dB at once, +4 dB in a band, a width of 40 to 180 %.
    What would take any figure further away is dropped. One step to undo. --show only compares.
    """
    from hardcore.compose.mix.matching import prepared, side_by_side

    project = call.project
    ensure_heard(project)
    path = call.caller.path(reference)
    if not path.is_file():
        raise NotFound(f"no file {path}")
    ready = project if show else prepared(project)
    arguments = {"reference": str(path), "name": path.name, "correct": not show, **mix_options(call, project)}
    done = await work(call, "match", arguments, project=ready)
    figures = side_by_side(done["reference"], done["before"], done["after"])
    changes, said = _matched(call, project, ready, done)
    message = f"nearer to {path.name}: {', '.join(said)}" if changes else f"the mix stays as it is beside {path.name}"
    rows = tuple(MatchedFigure(**one._asdict()) for one in figures)
    return Matched(message=message, file=str(path), figures=rows, corrections=said)


def _matched(
    call: Call, heard: ProjectState, ready: ProjectState, done: Words
) -> tuple[tuple["Change", ...], tuple[str, ...]]:
    """Do what came of listening to `ready`, made of `heard`, as one step; return it, and in words."""
    from hardcore.compose.mix.correction import CHANGES, applied, words

    changes = CHANGES.validate_python(done["changes"])
    if not changes:
        return (), ()
    if call.project is not heard:
        raise UserError("the piece was changed while it was listened to", "once more: mix match")
    call.edit(lambda now: applied(ready, changes))
    return changes, words(changes, call.project)


@finishes("correct")
def correct_done(call: Call, job: Job, done: Words) -> Corrected:
    """Correct the mix as a job of the background found, where it is still as it was listened to."""
    from hardcore.compose.mix.target import wanted

    project = jobs_of(call).project(job)
    return _carried_out(call, project, wanted(project, job.arguments["style"]), done)


def _carried_out(call: Call, project: ProjectState, asked: "Wanted", done: Words) -> Corrected:
    """Return what was made of the corrections that listening to `project` has found."""
    from hardcore.compose.mix.correction import CHANGES, words
    from hardcore.compose.mix.judgement import HEARD, faults

    changes = keep(call, project, CHANGES.validate_python(done["changes"]))
    if not changes:
        off = faults(HEARD.validate_python(done["after"]), asked)
        left = tuple(f"{fault.name} is {fault.excess_db:+.1f} dB off, and nothing tried came nearer" for fault in off)
        return _corrected(asked.style, (), left)
    said = words(changes, call.project)
    return _corrected(asked.style, said, tuple(done["said"][1:]))


def ensure_heard(project: ProjectState) -> None:
    """Raise UserError when there is nothing to hear."""
    if not tuple(timeline(project)):
        raise UserError("there is nothing to listen to yet", "type a prompt first, such as: acid 130 bpm, 4 bars")


def keep(call: Call, project: ProjectState, found: Sequence["Change"]) -> tuple["Change", ...]:
    """Do what came of listening to `project` as one step of the caller's, and return it.

    What was changed meanwhile stays. Raises UserError when another piece is there by now, or another step than the
    caller expects.
    """
    from hardcore.compose.mix.correction import applied, label, untouched

    changes = untouched(found, project, call.project)
    if changes:
        replace(call, label=label(changes, call.project)).edit(lambda now: applied(now, changes))
    return changes


def of_the_producer(call: Call) -> Call:
    """Return a call whose steps are signed by the producer: nobody asked for them."""
    from hardcore.compose.mix.correction import AUTHOR

    return replace(call, caller=replace(call.caller, author=AUTHOR))
