"""A browser that shows the page of a server: Debian's chromium, driven by playwright."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.waiting import until

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here")
WIDTH, HEIGHT = 1100, 1350
# How many columns of a canvas are drawn on, in runs; how high each column is, of the whole.
_COLUMNS = """canvas => {
  const { width, height } = canvas, dots = canvas.getContext("2d").getImageData(0, 0, width, height).data;
  return Array.from({ length: width }, (_, x) => {
    let lit = 0;
    for (let y = 0; y < height; y++) if (dots[4 * (y * width + x) + 3] > 40) lit++;
    return lit / height;
  });
}"""


@dataclass
class Shown:
    """A page that is open, and what the browser complained of."""

    page: Any
    complaints: list[str] = field(default_factory=list)

    def wait(self, expression: str, timeout_s: float = 30) -> None:
        """Return once an expression is true on the page, whose own waiting its policy forbids."""
        until(lambda: self.page.evaluate(expression), expression, timeout_s)

    def columns(self, canvas: Any) -> list[float]:
        """Return how much of each column of a canvas is drawn on, 0 to 1."""
        found: list[float] = canvas.evaluate(_COLUMNS)
        return found

    def runs(self, canvas: Any) -> int:
        """Return how many separate things stand side by side on a canvas."""
        lit = [value > 0 for value in self.columns(canvas)]
        return sum(now and not before for before, now in zip([False, *lit], lit, strict=False))


@contextmanager
def browser() -> Iterator[Any]:
    """Yield a browser without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        # what is sandboxed here is the test itself; sound needs no hand on the mouse
        arguments = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--mute-audio", "--disable-gpu"]
        started = driver.chromium.launch(executable_path=CHROMIUM, args=arguments)
        try:
            yield started
        finally:
            started.close()


@contextmanager
def opened(browser: Any, address: str) -> Iterator[Shown]:
    """Yield a page at an address, in a profile of its own."""
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, reduced_motion="reduce")
    page = context.new_page()
    shown = Shown(page)
    page.on("console", lambda message: shown.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: shown.complaints.append(str(error)))
    page.on("request", lambda request: shown.complaints.append(request.url) if _is_elsewhere(request.url) else None)
    try:
        page.goto(address)
        yield shown
    finally:
        context.close()


def _is_elsewhere(address: str) -> bool:
    return not address.startswith(("http://127.0.0.1:", "data:", "blob:http://127.0.0.1:"))
