"""Another program's meter: what ffmpeg says of the loudness of a file."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="no ffmpeg to compare with")


def ebur128(path: Path) -> dict[str, float]:
    """Return what ffmpeg's meter says of a file."""
    program = shutil.which("ffmpeg")
    assert program is not None
    words = [program, "-nostats", "-i", str(path), "-filter_complex", "ebur128=peak=true", "-f", "null", "-"]
    said = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60).stderr.split("Summary:")[-1]
    names = {"I": "integrated", "LRA": "range", "Peak": "true peak"}
    return {names[name]: float(value) for name, value in re.findall(r"\b(I|LRA|Peak):\s+(-?[\d.]+)", said)}
