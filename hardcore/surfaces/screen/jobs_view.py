"""The view `jobs`: what runs, how far it is, and what waits for it."""

from collections.abc import Sequence

from hardcore.surfaces.screen.cells import Line, cut, fit, safe
from hardcore.surfaces.screen.glyphs import glyphs
from hardcore.surfaces.screen.view import Running, Shown


class JobsView:
    """Everything that takes time."""

    name = "jobs"

    def wanted(self, width: int, shown: Shown) -> int:
        """Return a heading and a row for each."""
        return 1 + max(1, len(shown.running))

    def draw(self, width: int, height: int, shown: Shown) -> list[Line]:
        """Return the jobs, the oldest first."""
        if not shown.running:
            return [[("class:track", fit(" jobs", width))], [("class:label", " nothing runs")]][:height]
        stop = shown.keys.of("always", "cancel")
        heading = f" jobs   {stop} stops the first" if stop else " jobs"
        lines: list[Line] = [[("class:track", fit(heading, width))]]
        return [*lines, *(_row(job, width, shown) for job in shown.running)][:height]

    def press(self, action: str, shown: Shown) -> Sequence[str]:
        """Return nothing: it has no keys of its own."""
        return []

    def click(self, column: int, row: int, shown: Shown) -> Sequence[str]:
        """Return nothing."""
        return []


def _row(job: Running, width: int, shown: Shown) -> Line:
    if job.waits:
        return [("class:label", fit(f" waits    {safe(job.line)}", width))]
    return [
        ("class:value", " runs     "),
        *bar(job, min(30, width // 3), shown),
        ("", " " + cut(safe(job.line), width)),
    ]


def bar(job: Running, cells: int, shown: Shown) -> Line:
    """Return how far a job is: a bar, the percentage, and what it is doing."""
    if job.share is None:
        return [("class:label", fit("…" if not shown.ascii_only else "...", cells + 5))]
    signs = glyphs(shown.ascii_only)
    full = round(job.share * cells)
    words = f" {job.share:4.0%} {safe(job.words)}"
    return [
        ("class:meter", signs.rms * full),
        ("class:meter.rest", signs.rest * (cells - full)),
        ("class:value", words),
    ]
