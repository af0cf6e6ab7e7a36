"""Pictures of the terminal: text as it stands on the screen, in colour, saved as an SVG file.

The file asks for nothing from the network, and the same text gives the same bytes.
"""

import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hardcore.errors import UserError

if TYPE_CHECKING:
    from rich.console import RenderableType

COLUMNS = 100
# rich names styles by a checksum of the text unless it is told; one name is enough for a file that stands alone.
_NAME = "hardcore"
_FONTS = 'ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, "Fira Code", monospace'


def draw_svg(title: str, shown: "str | Sequence[RenderableType]", columns: int = COLUMNS) -> str:
    """Return an SVG drawing of a terminal window called `title`, `columns` cells wide.

    shown  text, which may hold ANSI colours, or things that rich can print
    """
    from rich.console import Console
    from rich.text import Text

    console = Console(
        record=True, width=columns, file=io.StringIO(), force_terminal=True, color_system="truecolor",
        legacy_windows=False, _environ={},
    )  # fmt: skip
    for part in [Text.from_ansi(shown)] if isinstance(shown, str) else shown:
        console.print(part)
    return console.export_svg(title=title, code_format=_frame(), unique_id=_NAME)


def save_svg(path: Path, title: str, shown: "str | Sequence[RenderableType]", columns: int = COLUMNS) -> None:
    """Draw `shown` as `draw_svg` does and write it to `path`. Raises UserError when it cannot be written."""
    try:
        path.write_text(draw_svg(title, shown, columns), encoding="utf-8", newline="\n")
    except OSError as error:
        raise UserError(f"{path} could not be written: {error.strerror}") from error


def _frame() -> str:
    """Return rich's drawing of a window without the fonts it would fetch: those of the reader's machine do."""
    from rich._export_format import CONSOLE_SVG_FORMAT

    without = re.sub(r"\s*(@font-face \{\{.*?\}\}|<!--.*?-->)", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    return re.sub(r"font-family: (Fira Code, monospace|arial);", f"font-family: {_FONTS};", without)
