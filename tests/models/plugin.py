"""A backend as another package brings one: clicks, a little too slow and a little late, as models are.

`install` lays it down as pip would, with its entry point, in a folder for PYTHONPATH.
"""

from pathlib import Path

CLICKS = '''
import numpy as np
from hardcore.models.backend import Capabilities, Take

class Clicks:
    """A click on every beat, 3 % slower than asked and 80 ms late; the seed says how they sound."""

    can = Capabilities(tasks=frozenset({"text", "continue", "repaint"}), rate=32000, channels=1, longest_s=8.0)

    def __init__(self, place, device):
        self.place = place

    def render(self, wish, tell):
        frames = round(wish.seconds * 32000)
        audio = np.zeros((1, frames), np.float32)
        ring = np.random.default_rng(wish.seed).standard_normal(1600) * np.exp(-np.arange(1600) / 200)
        beat = 60 / (wish.bpm * 0.97)
        late = 0.0 if wish.task == "continue" else 0.08
        for count in range(int(wish.seconds / beat) + 1):
            at = round((late + count * beat) * 32000)
            part = audio[:, at : at + 1600]
            part += (0.5 * ring[: part.shape[1]]).astype(np.float32)
            tell((count + 1) / (wish.seconds / beat + 1), "clicking")
        if wish.task == "repaint":
            start, end = (round(second * 32000) for second in wish.span_s)
            made = wish.source.copy()
            made[:, start:end] = audio[:, start:end]
            audio = made
        return Take(audio, 32000, {"ring": wish.seed})
'''


def install(folder: Path) -> Path:
    """Lay the package down in a folder, and return that."""
    info = folder / "clicks-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / "clicks.py").write_text(CLICKS)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: clicks\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[hardcore.backends]\nclicks = clicks:Clicks\n")
    return folder
