"""The listening process: reads one request a line from its standard input and answers each with a line of JSON.

Run as `python -m hardcore.jobs.listener` by jobs/ears.py, so that measuring never stops what the user types.
It ends when its input does.
"""

import json
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from hardcore.errors import HardcoreError

Words = dict[str, Any]


def hear(path: str) -> Words:
    """Return the analysis of a sound file as data."""
    from hardcore.audio import analysis, files, wavechunks
    from hardcore.audio.faults import cut_short

    audio, rate = files.read(path)
    found = analysis.analyse(audio, rate).data()
    if lacking := wavechunks.missing_bytes(Path(path)):
        found["faults"] = [asdict(cut_short(audio.shape[1] / rate, lacking)), *found["faults"]]
    return found


def draw(path: str, what: str, width: int, height: int) -> Words:
    """Return a `waveform` or `spectrogram` of a sound file in characters, and the same in words."""
    from hardcore.audio import drawing

    audio, rate, note = _drawable(path)
    make, say = drawing.PICTURES[what]
    return {
        "drawing": make(audio, rate, width, height), "words": say(audio, rate), "length_s": audio.shape[1] / rate,
        "note": note,
    }  # fmt: skip


def paint(path: str, what: str, to: str, title: str) -> Words:
    """Write the picture of a sound file as PNG; return its length, and what is broken in it."""
    from hardcore.audio import spectrogram

    audio, rate, note = _drawable(path)
    {"waveform": spectrogram.save_waveform_png, "spectrogram": spectrogram.save_png}[what](to, audio, rate, title)
    return {"length_s": audio.shape[1] / rate, "note": note}


def _drawable(path: str) -> tuple[Any, int, str]:
    """Return the sound in a file with 0 for what is no number, its rate, and what is broken in it in words."""
    import numpy as np

    from hardcore.audio import files, wavechunks
    from hardcore.audio.faults import finite

    audio, rate = files.read(path)
    broken = int(np.count_nonzero(~np.isfinite(audio)))
    notes = (
        [f"{broken} sample{'s are not numbers' if broken > 1 else ' is not a number'}, drawn as 0"] if broken else []
    )
    notes += ["the file is cut short"] if wavechunks.missing_bytes(Path(path)) else []
    return finite(audio), rate, "; ".join(notes)


def levels(path: str, channels: int, rate: int, start: int, end: int, parts: dict[str, int]) -> Words:
    """Return the figures of a raw take: of the mix in its first two channels, and of each part from its channel on.

    The mix sounds from frame `start` to `end`; parts are as much earlier, as the master's guard looks ahead.
    """
    from concurrent.futures import ThreadPoolExecutor

    import numpy as np

    from hardcore.audio import levels as judged

    sound = np.memmap(path, np.float32, mode="r").reshape(-1, channels)

    def heard(name: str) -> Words:
        return judged.part(sound[: end - start, parts[name] : parts[name] + 2].T.copy(), rate)

    with ThreadPoolExecutor(2) as beside:
        whole = beside.submit(lambda: judged.whole(sound[start:end, :2].T.copy(), rate))
        each = dict(zip(parts, beside.map(heard, parts), strict=True))
        return {"whole": whole.result(), "parts": each}


TASKS: dict[str, Callable[..., Words]] = {"hear": hear, "draw": draw, "paint": paint, "levels": levels}


def answer(line: str) -> Words:
    """Return the answer to one request: `{"done": …}`, `{"bug": …}`, or what the user should know.

    That is `{"error": …, "hint": …}`.
    """
    request = json.loads(line)
    try:
        return {"done": TASKS[request.pop("task")](**request)}
    except HardcoreError as error:
        return {"error": error.message, "hint": error.hint}
    except MemoryError:
        return {"error": "there is not enough memory for that sound", "hint": "a shorter one"}
    except Exception as error:
        # the process goes on listening; what went wrong is told with its place, for there is no other log
        where = traceback.extract_tb(error.__traceback__)[-1]
        return {"bug": f"{type(error).__name__} in {Path(where.filename).name}, line {where.lineno}"}


def main() -> None:
    """Answer until the input ends."""
    # Ctrl-C is for the studio, which then ends this process
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    out = sys.stdout
    # what a library prints must not get between the answers
    sys.stdout = sys.stderr
    # what takes half a second to load is loaded while the sound is still being made
    from hardcore.audio import analysis, levels  # noqa: F401

    for line in sys.stdin:
        print(json.dumps(answer(line)), file=out, flush=True)


if __name__ == "__main__":
    main()
