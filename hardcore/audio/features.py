"""What a sound is like, measured: onsets, tempo, key, bands. Written against ground truth, used as ears in tests."""

import numpy as np
import soxr  # type: ignore[import-untyped]
from numpy.typing import NDArray
from scipy import fft, signal  # type: ignore[import-untyped]

from hardcore.audio.samples import Audio
