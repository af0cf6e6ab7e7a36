"""Words for rhythms: `rhythm tell` changes a rhythm by plain words and keeps it as a file."""

import os
from pathlib import Path
from typing import Literal

from hardcore.artifacts import write_whole
from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Listing, Result, Row
from hardcore.commands.core.types import FileName, RhythmRef, Words
from hardcore.commands.rhythm.show import source
from hardcore.errors import UserError

FIGURES = ("hits", "E", "S", "H", "D", "T_ms", "swing")
_BARS = 32


class RhythmTold(Result):
    """A rhythm that was changed by words: where it is kept, what moved, what could not, and how it measures."""

    file: str
    words: str
    changes: tuple[str, ...]
    limits: tuple[str, ...]
    before: dict[str, float]
    after: dict[str, float]

    def text(self) -> str:
        """Return the file, then a line for each change, each limit, and the figures that moved."""
        moved = [name for name in self.before if self.before[name] != self.after[name]]
        figures = ", ".join(f"{name} {self.before[name]:.3g} → {self.after[name]:.3g}" for name in moved)
        lines = [f"{self.file}: {self.words}", *(f"  {change}" for change in self.changes)]
        lines += [f"  {limit}" for limit in self.limits]
        return "\n".join([*lines, f"a bar: {figures}" if figures else "it measures as before"])


@command(
    "rhythm tell",
    'rhythm tell warehouse "more swing, less ghost" --file mine.yaml',
    effects={"files"},
    about={
        "words": "such as more swing, a bit less ghost, tighter",
        "file": "where the changed rhythm goes, .yaml or .json",
    },
)
def rhythm_tell(call: Call, rhythm: RhythmRef, words: Words, *, file: FileName | None = None) -> RhythmTold:
    """Change a rhythm by words, such as `more swing, a bit less ghost, tighter`, and keep it as a file.

    More or less ghost, swing, hats, energy, variation; tighter, looser, faster, slower, hypnotic, minimal, denser,
    sparser, polymetric (`rhythm words` lists all). `a bit` halves, `much` doubles, `no` takes away; commas between. A
    file of yours is changed in place, the one before kept with ~; a rhythm of the program becomes NAME.yaml here, or
    --file. What is at its limit is said.
    """
    from hardcore.rhythm.intents import tell

    path = _target(call, rhythm, file)
    found = source(call, rhythm)
    told = tell(found, words)
    _keep(path, told.rhythm)
    return RhythmTold(
        file=str(path),
        words=words,
        changes=told.changes,
        limits=told.limits,
        before=_figures(found),
        after=_figures(told.rhythm),
    )


class WordRow(Row):
    """The words that move something one way."""

    moves: str
    way: Literal["more", "less"]
    words: tuple[str, ...]

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        return (self.moves, self.way, ", ".join(self.words))


class WordList(Listing[WordRow]):
    """The words that change a rhythm."""

    headings = ("moves", "way", "words")


@command("rhythm words", "rhythm words", effects=())
def rhythm_words(call: Call) -> WordList:
    """List the words that change a rhythm."""
    from hardcore.rhythm.intent_words import VOCABULARY

    rows: dict[tuple[str, int], list[str]] = {}
    for word, meaning in VOCABULARY.items():
        rows.setdefault(meaning, []).append(word)
    return WordList(
        items=tuple(
            WordRow(moves=kind, way="more" if way > 0 else "less", words=tuple(words))
            for (kind, way), words in rows.items()
        )
    )


def _target(call: Call, name: str, file: str | None) -> Path:
    """Return where the changed rhythm is kept. Raises UserError rather than overwrite another file."""
    from hardcore.knowledge.rhythms import SUFFIXES

    own = call.caller.path(name) if Path(name).suffix.lower() in SUFFIXES else None
    path = call.caller.path(file) if file else own or call.caller.path(f"{_stem(name)}.yaml")
    if path.suffix.lower() not in SUFFIXES:
        raise UserError(f"{path.name} is no rhythm file", "one of: " + ", ".join(SUFFIXES))
    if path != own and os.path.lexists(path):
        raise UserError(f"{path.name} exists already", f"/rhythm tell {path.name} changes it, --file names another")
    return path


def _stem(name: str) -> str:
    return name.strip().lower().replace("-", "_").replace(" ", "_")


def _keep(path: Path, rhythm: object) -> None:
    """Write the rhythm; the file that was there is kept beside it."""
    from hardcore.knowledge.rhythmfile import as_text
    from hardcore.rhythm.config import Rhythm

    assert isinstance(rhythm, Rhythm)
    if path.exists():
        write_whole(path.with_name(f"{path.name}~"), path.read_bytes())
    write_whole(path, as_text(rhythm, path.suffix).encode())


def _figures(rhythm: object) -> dict[str, float]:
    """Return what 32 bars of a rhythm are like."""
    from hardcore.rhythm.config import Rhythm
    from hardcore.rhythm.log import summary
    from hardcore.rhythm.session import perform

    assert isinstance(rhythm, Rhythm)
    play = perform(rhythm, bars=_BARS)
    found = {"hits": len(play.notes) / _BARS, "bpm": play.bpm} | summary(play)
    return {name: round(found[name], 4) for name in (*FIGURES, "bpm")}
