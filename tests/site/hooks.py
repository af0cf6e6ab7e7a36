"""What mkdocs does besides: pages from outside docs/, anchors as elsewhere, sounds beside the pictures of styles, and
ways side by side as tabs."""

import os
import re
from pathlib import Path, PurePosixPath
from textwrap import indent
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from tests.reference import anchor
from tests.site import OUTSIDE

ROOT = Path(__file__).resolve().parents[2]
ASSETS = Path(__file__).parent / "assets"
_PLACES = {source: place for place, source in OUTSIDE.items()}
_LINK = re.compile(r"(!?\[[^\]]*\])\(([^)\s#]+)(#[^)\s]*)?\)")
_CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.DOTALL | re.MULTILINE)
# Ways to do the same thing: each a name alone on its line, and a block.
_WAYS = re.compile(r"(?:^\*\*[^*\n]+\*\*\n\n```\w+\n.*?^```\n\n?)+", re.DOTALL | re.MULTILINE)
_WAY = re.compile(r"^\*\*([^*\n]+)\*\*\n\n(```\w+\n.*?^```)$", re.DOTALL | re.MULTILINE)
_PICTURE = re.compile(r"^!\[spectrogram of [^\]]*\]\(styles/(\w+)\.png\)$", re.MULTILINE)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Let headings have the anchors that the pages link to."""
    config.mdx_configs["toc"] = {"permalink": True, "slugify": lambda text, separator: anchor(text)}
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages from outside docs/, what all pages load, and the sounds that were rendered."""
    for place, source in OUTSIDE.items():
        files.append(File.generated(config, place, abs_src_path=str(ROOT / source)))
    for asset in sorted(ASSETS.iterdir()):
        files.append(File.generated(config, f"assets/{asset.name}", abs_src_path=str(asset)))
    for sound in _sounds(config):
        files.append(File.generated(config, f"sounds/{sound.name}", abs_src_path=str(sound)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Return a page with links that hold in the site, tabs and players."""
    place = page.file.src_uri
    text = _outside_code(markdown, lambda prose: _linked(prose, place))
    if place == "cookbook.md":
        text = _WAYS.sub(lambda match: _WAY.sub(_as_tab, match[0]), text)
    if place == "guide/styles.md":
        heard = {sound.stem for sound in _sounds(config)}
        text = _PICTURE.sub(lambda match: _with_player(match, heard), text)
    return text


def _sounds(config: MkDocsConfig) -> list[Path]:
    folder = config.extra.get("sounds")
    return sorted(Path(folder).iterdir()) if folder else []


def _with_player(match: re.Match[str], heard: set[str]) -> str:
    style = match[1]
    player = f'\n\n<audio controls preload="none" src="../sounds/{style}.mp3"></audio>\n'
    return match[0] + (player if style in heard else "")


def _as_tab(way: re.Match[str]) -> str:
    return f'=== "{way[1]}"\n\n{indent(way[2], "    ")}'


def _outside_code(text: str, change: Any) -> str:
    """Return `text` with what is neither a fenced block nor a code span changed."""
    parts, end = [], 0
    for code in _CODE.finditer(text):
        parts += [change(text[end : code.start()]), code[0]]
        end = code.end()
    return "".join([*parts, change(text[end:])])


def _linked(prose: str, place: str) -> str:
    """Return prose of the page at `place` of the site, its links as they are there."""
    folder = (ROOT / OUTSIDE.get(place, f"docs/{place}")).parent

    def moved(match: re.Match[str]) -> str:
        label, target, part = match[1], match[2], match[3] or ""
        if re.match(r"[a-z]+:", target):
            return match[0]
        source = PurePosixPath(os.path.normpath(folder / target)).relative_to(ROOT.as_posix()).as_posix()
        there = _PLACES.get(source, source.removeprefix("docs/"))
        return f"{label}({os.path.relpath(there, PurePosixPath(place).parent)}{part})"

    return _LINK.sub(moved, prose)
