"""Signs: what says a state by its shape, so that no colour has to; and letters for terminals that have no others."""

from typing import Literal, NamedTuple

CellState = Literal["none", "empty", "stopped", "queued", "stopping", "playing", "recording", "generating", "failed"]


class Glyphs(NamedTuple):
    """The signs in use. `velocities` are from soft to hard. `bar` are the parts of a cell from nothing to full."""

    play: str
    stop: str
    states: dict[CellState, str]
    more: tuple[str, str, str, str]
    focus: tuple[str, str]
    rms: str
    peak: str
    rest: str
    rule: str
    divide: str
    velocities: str
    held: str
    cursor: str
    edge: str
    marker: str


_STATES: dict[CellState, str] = {
    "none": " ", "empty": "·", "stopped": "▪", "queued": "◔", "stopping": "◻", "playing": "▶", "recording": "●",
    "generating": "✎", "failed": "✗",
}  # fmt: skip
_LETTERS: dict[CellState, str] = {
    "none": " ", "empty": ".", "stopped": "o", "queued": "+", "stopping": "x", "playing": ">", "recording": "*",
    "generating": "~", "failed": "!",
}  # fmt: skip
FINE = Glyphs(
    "▶", "■", _STATES, ("←", "→", "↑", "↓"), ("[", "]"), "█", "▒", "·", "─", "│", "▁▂▃▄▅▆▇█", "━", "▼", "▐", "◆"
)
ASCII = Glyphs(">", "#", _LETTERS, ("<", ">", "^", "v"), ("[", "]"), "#", "=", ".", "-", "|", "oxX", "-", "v", "[", "!")


def glyphs(ascii_only: bool) -> Glyphs:
    """Return the signs a terminal has."""
    return ASCII if ascii_only else FINE
