"""Notes that sound at the same time: Basic Pitch's network (Spotify, Apache 2.0), decoded into notes by ourselves.

The network hears windows of two seconds and says for each 12 ms and each key of a piano how likely it sounds, and how
likely it is struck there (Bittner and others, ICASSP 2022). The file is in knowledge_base/notes with its licence; it is
run by onnxruntime (extra `chords`). A note begins at a peak of what is struck, or where what sounds rises as steeply;
it lasts while it sounds, with gaps that a fade or another attack may tear. What is left over and loud is a note, too.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hardcore.audio.samples import Audio
from hardcore.audio.transcription import Played, velocity
from hardcore.checkpoint import checkpoint
from hardcore.errors import without_extra
from hardcore.paths import data_folder

RATE = 22_050
LOWEST_KEY, KEYS = 21, 88
_WINDOW, _STEP = 43_844, 256
# Of the steps of a window, so many at each end are heard better by its neighbours; windows follow in whole steps.
_STEPS, _EDGE = 172, 15
_HOP = (_STEPS - 2 * _EDGE) * _STEP
# How sure the network has to be that a key is struck, and that it goes on; so many steps of silence are no end.
_STRUCK, _SOUNDS, _GAP = 0.5, 0.3, 11
_SHORTEST = 11
_INPUT, _OUTPUTS = "serving_default_input_2:0", ("StatefulPartitionedCall:1", "StatefulPartitionedCall:2")
Shares = NDArray[np.float32]
# Overtones are so far above their note, in semitones, begin with it within so many steps, and are less of it.
_OVERTONES, _TOGETHER, _RINGS = (12, 19, 24, 28, 31, 34, 36), 4, 0.5
# A note in steps: where it begins and ends, its key from the lowest, and how likely it sounds on the whole.
Found = tuple[int, int, int, float]


def several_voices(audio: Audio, rate: int) -> list[Played]:
    """Return the notes of a sound, also those that sound together. Raises UserError without the extra `chords`."""
    import soxr  # type: ignore[import-untyped]

    mono = soxr.resample(audio.mean(axis=0, dtype=np.float32), rate, RATE, "HQ")
    sounds, struck = likely(np.asarray(mono, np.float32))
    found = without_overtones(notes(sounds, struck))
    loudest = max((share for *_, share in found), default=0.0)
    step_s = _STEP / RATE
    return sorted(
        Played(begin * step_s, (end - begin) * step_s, LOWEST_KEY + key, velocity(share, loudest))
        for begin, end, key, share in found
    )


def likely(mono: "NDArray[np.float32]") -> tuple[Shares, Shares]:
    """Return how likely each key sounds and is struck at each step, 0–1, both [steps, keys]."""
    network = _network()
    padded = np.concatenate([np.zeros(_EDGE * _STEP, np.float32), mono])
    kept: tuple[list[Shares], list[Shares]] = ([], [])
    for start in range(0, max(len(mono), 1), _HOP):
        checkpoint()
        window = padded[start : start + _WINDOW]
        window = np.pad(window, (0, _WINDOW - len(window)))
        heard = network.run(_OUTPUTS, {_INPUT: window[None, :, None]})
        for rows, one in zip(kept, heard, strict=True):
            rows.append(one[0, _EDGE:-_EDGE])
    steps = -(-len(mono) // _STEP)
    sounds, struck = (np.concatenate(rows)[:steps] for rows in kept)
    return sounds, struck


@cache
def _network() -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise without_extra("hearing chords", error, "chords") from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    path = data_folder("knowledge_base") / "notes" / "nmp.onnx"
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def notes(sounds: Shares, struck: Shares) -> Iterator[Found]:
    """Yield the notes in what the network heard: those that are struck, the latest first, then those that are left.

    What a note takes is taken of its neighbours a semitone away too, which sound along with it.
    """
    left = np.pad(sounds, ((0, 0), (1, 1)))  # so that every key has neighbours
    steps = len(sounds)
    for begin, key in reversed(_attacks(sounds, struck)):
        checkpoint()
        end = _last(left[:, key + 1], range(begin + 1, steps)) + 1
        if end - begin > _SHORTEST:
            left[begin:end, key : key + 3] = 0
            yield begin, end, key, float(sounds[begin:end, key].mean())
    loud = np.argwhere(left >= _SOUNDS)
    for middle, place in loud[np.argsort(-left[left >= _SOUNDS], kind="stable")]:
        if left[middle, place] < _SOUNDS:
            continue
        checkpoint()
        end = _last(left[:, place], range(middle + 1, steps)) + 1
        begin = _last(left[:, place], range(middle - 1, -1, -1))
        left[begin:end, place - 1 : place + 2] = 0
        if end - begin > _SHORTEST:
            yield begin, end, int(place) - 1, float(sounds[begin:end, place - 1].mean())


def without_overtones(found: Iterable[Found]) -> list[Found]:
    """Return notes without those that are only the ringing of an attack: overtones of a note that lasts much longer."""
    every = list(found)

    def rings(one: Found, of: Found) -> bool:
        fades = one[1] - one[0] < _RINGS * (of[1] - of[0]) and one[3] < _RINGS * of[3]
        return fades and abs(one[0] - of[0]) <= _TOGETHER

    by_key: dict[int, list[Found]] = {}
    for one in every:
        by_key.setdefault(one[2], []).append(one)
    return [
        one
        for one in every
        if not any(rings(one, other) for above in _OVERTONES for other in by_key.get(one[2] - above, ()))
    ]


def _attacks(sounds: Shares, struck: Shares) -> list[tuple[int, int]]:
    """Return where keys are struck: steps and keys, in time, at peaks of what is struck or of how steeply it rises."""
    if len(sounds) < 3:
        return []
    before = np.pad(sounds, ((2, 0), (0, 0)))
    rise = np.maximum(0, np.minimum(sounds - before[1:-1], sounds - before[:-2]))
    rise[:2] = 0
    likely_struck = np.maximum(struck, rise * (struck.max() / max(float(rise.max()), 1e-9)))
    middle = likely_struck[1:-1]
    peaks = (middle > likely_struck[:-2]) & (middle > likely_struck[2:]) & (middle >= _STRUCK)
    return [(int(step) + 1, int(key)) for step, key in np.argwhere(peaks)]


def _last(column: "NDArray[np.float32]", steps: range) -> int:
    """Return the last step at which a key still sounds, going along `steps`; gaps are no end."""
    last = steps.start - steps.step
    for at in steps:
        if column[at] >= _SOUNDS:
            last = at
        elif abs(at - last) >= _GAP:
            break
    return last
