"""The picture of the server's page in the guide, drawn by a browser; what it was drawn of is noted in it.

A browser draws with the fonts of its machine, so two of these pictures are not compared byte by byte.
"""

import asyncio
import hashlib
import struct
import tempfile
import zlib
from pathlib import Path

import soundfile

from hardcore.app import build_studio
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.surfaces.http.page import PAGE
from tests.browser import CHROMIUM, WIDTH, browser, opened
from tests.surfaces.server.served import serving
from tests.surfaces.server.test_stream import Pushed

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "guide" / "page.png"
LINES = ("dark warehouse techno, 138 bpm, F minor, rolling bass, 8 bars --seed 7", "/song --bars 32 --seed 7")
HEARD = "heard.wav"
HEIGHT = 1690
_NOTE = b"Source"


def draw(folder: Path) -> bytes:
    """Return the page of a studio with a song as PNG, with the digest of the page's file in it."""
    studio = build_studio()
    try:
        for line in LINES:
            asyncio.run(run_line(studio, line, Caller()))
        asyncio.run(run_line(studio, f"/export {folder / HEARD} --bars 6", Caller()))
        studio.player = player = Pushed()  # type: ignore[assignment]
        with (
            serving(studio, folder) as server,
            browser() as started,
            opened(started, f"{server.url}/#token={server.token}") as shown,
        ):
            page = shown.page
            page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
            page.get_by_role("button", name="Listen").click()
            page.locator('#listen[aria-pressed="true"]').wait_for()
            sound, rate = soundfile.read(folder / HEARD, dtype="float32")
            for first in range(0, len(sound), rate // 10):
                player.push(rate, sound[first : first + rate // 10].tobytes())
            shown.wait(f"master.peaks.length >= {min(500, len(sound) * 50 // rate - 1)}")
            page.locator("#arrangement canvas").first.wait_for()
            page.get_by_label("Say", exact=True).fill("mute the kick")
            page.get_by_role("button", name="Preview").click()
            page.locator("#answer").filter(has_text="kick").wait_for()
            return noted(page.screenshot(), digest())
    finally:
        studio.player = None
        studio.close()


def draw_if_stale() -> bool:
    """Draw the guide's picture where the page looks otherwise now, and there is a browser; return whether it did."""
    if CHROMIUM is None or (PICTURE.exists() and source_of(PICTURE.read_bytes()) == digest()):
        return False
    with tempfile.TemporaryDirectory() as folder:
        PICTURE.write_bytes(draw(Path(folder)))
    return True


def digest() -> str:
    """Return the digest of the page's file."""
    return hashlib.sha256(PAGE.read_bytes()).hexdigest()


def noted(picture: bytes, words: str) -> bytes:
    """Return a PNG with words in it, as its source."""
    at = 8 + 25  # behind the signature and its head
    text = _NOTE + b"\0" + words.encode()
    chunk = struct.pack(">I", len(text)) + b"tEXt" + text + struct.pack(">I", zlib.crc32(b"tEXt" + text))
    return picture[:at] + chunk + picture[at:]


def source_of(picture: bytes) -> str:
    """Return the words that `noted` put into a PNG."""
    _, _, rest = picture.partition(b"tEXt" + _NOTE + b"\0")
    return rest[:64].decode()
