"""What an export answers: the files that were written, measured from what is in them; or those that would be."""

from pathlib import Path
from typing import Any

from hardcore.commands.core.results import Result, Row, counted
from hardcore.commands.mixing.figures import side_by_side


class StemFile(Row):
    """A file of one track; `summed` is whether it is part of the sum of the stems, or inside a group that is."""

    file: str
    track: str
    summed: bool


class MixFile(Row):
    """A file of the mix, measured from what is in it.

    gain_db     how much the mix was amplified by, below 0 turned down
    limited_db  how much the limiter took away at most
    crest_before_db, crest_db  true peak over mean power, before that and in the file
    """

    file: str
    format: str
    rate: int
    depth: str
    bytes: int
    lufs: float | None
    true_peak_dbtp: float | None
    crest_db: float | None
    crest_before_db: float | None
    gain_db: float
    limited_db: float
    said: str


class Exported(Result):
    """What was written; the figures are those of `file`, `files` has those of every format.

    losses   what the format could not take, and why
    """

    file: str
    bars: int
    length_s: float
    body_frames: int = 0
    tail_s: float = 0.0
    rate: int = 0
    lufs: float | None = None
    true_peak_dbtp: float | None = None
    peak_dbfs: float | None = None
    said: str = ""
    files: tuple[MixFile, ...] = ()
    sidecar: str | None = None
    stems: tuple[StemFile, ...] = ()
    stems_error_db: float | None = None
    stems_readme: str | None = None
    notes: tuple[str, ...] = ()
    corrected: tuple[str, ...] = ()
    asked: dict[str, Any] | None = None
    heard: dict[str, Any] | None = None
    critique: str = ""
    losses: tuple[str, ...] = ()

    @property
    def artifacts(self) -> tuple[Path, ...]:
        """Return the file, those in other formats, and a file a stem."""
        others = (*(other.file for other in self.files[1:]), *(stem.file for stem in self.stems))
        return (Path(self.file), *map(Path, others))

    def text(self) -> str:
        """Return the file and its figures."""
        tail = f" and {self.tail_s:.1f} s tail" if self.tail_s else ""
        lines = [f"{self.file}: {counted(self.bars, 'bar')}{tail}, {self.said}"]
        lines += [f"{other.file}: {other.said}" for other in self.files[1:]]
        lines += self.notes
        lines += lost(self.losses)
        lines += [f"mix    {line}" for line in self.corrected]
        if self.asked and self.heard:
            lines += side_by_side(self.asked, self.heard)
        lines += [f"critique  {self.critique}"] if self.critique else []
        for stem in self.stems:
            lines.append(f"  {stem.file}" + ("" if stem.summed else "  (inside a group; not in the sum)"))
        if self.stems_error_db is not None:
            exact = "exactly" if self.stems_error_db <= -200 else f"within {self.stems_error_db:.0f} dBFS"
            lines.append(f"the stems add up to the mix before the master's effects {exact}")
        if self.stems_readme:
            lines.append(f"tempo, meter, key and bars of the stems: {self.stems_readme}")
        if self.sidecar:
            lines.append(f"facts: {self.sidecar}")
        return "\n".join(lines)


def lost(losses: tuple[str, ...]) -> list[str]:
    """Return lines that say what a format could not take or give."""
    return ["not as it was:", *(f"  {line}" for line in losses)] if losses else []


class FilePlan(Row):
    """A file that would be written, and about how large it would get."""

    file: str
    bytes: int


class ExportPlan(Result):
    """What an export would write: the files, how long they sound, and about how long that takes here."""

    files: tuple[FilePlan, ...]
    bars: int
    length_s: float
    longest_tail_s: float
    work_s: float
    losses: tuple[str, ...] = ()

    def text(self) -> str:
        """Return the files with their sizes, and the sum."""
        lines = [f"{one.file}: about {_size(one.bytes)}" for one in self.files]
        lines += lost(self.losses)
        total = _size(sum(one.bytes for one in self.files))
        tail = f" and a tail of {self.longest_tail_s:.1f} s at most" if self.longest_tail_s else ""
        length = f"{counted(self.bars, 'bar')}, {self.length_s:.2f} s{tail}"
        files = counted(len(self.files), "file")
        return "\n".join(
            [*lines, f"{files}, {total}: {length}; about {self.work_s:.0f} s of work. Nothing was written"]
        )


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{count / 1e3:.1f} kB"
