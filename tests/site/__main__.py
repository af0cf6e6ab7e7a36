"""`make site`: builds the site and looks through it; `--quick` renders the sounds of a few styles only."""

import argparse
import logging
import tempfile
import time
from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.config import load_config

from tests.site.check import faults, pages
from tests.site.hooks import ROOT
from tests.site.sounds import write_sounds


def build_site(folder: Path, *, quick: bool) -> list[str]:
    """Build the site into `folder`, and return what is wrong with it. Raises mkdocs' Abort for links that break."""
    with tempfile.TemporaryDirectory() as sounds:
        write_sounds(Path(sounds), quick=quick)
        config = load_config(str(ROOT / "mkdocs.yml"), strict=True, site_dir=str(folder))
        config.extra["sounds"] = sounds
        build(config)
    return faults(folder)


def main() -> None:
    """Build the site into site/, and fail with what is wrong with it."""
    parser = argparse.ArgumentParser(prog="make site", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the sounds of a few styles only")
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "site", metavar="FOLDER")
    given = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    began = time.monotonic()
    if wrong := build_site(given.output, quick=given.quick):
        raise SystemExit("\n".join(wrong))
    sounds = len(list((given.output / "sounds").iterdir()))
    took = f"{time.monotonic() - began:.0f} s"
    print(f"{given.output / 'index.html'}: {len(pages(given.output))} pages, {sounds} sounds, {took}")


if __name__ == "__main__":
    main()
