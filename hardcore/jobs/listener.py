"""The listening process: reads one request a line from its standard input and answers each with a line of JSON.

Run as `python -m hardcore.jobs.listener` by jobs/ears.py, so that measuring never stops what the user types.
It ends when its input does.
"""

import json
import signal
import sys
from collections.abc import Callable
from typing import Any

from hardcore.errors import HardcoreError

Words = dict[str, Any]


def hear(path: str) -> Words:
    """Return the analysis of a sound file as data."""
    from hardcore.audio import analysis, files

    return analysis.analyse(*files.read(path)).data()


def draw(path: str, what: str, width: int, height: int) -> Words:
    """Return a `waveform` or `spectrogram` of a sound file in characters, and the same in words."""
    from hardcore.audio import drawing, files

    audio, rate = files.read(path)
    make, say = drawing.PICTURES[what]
    return {"drawing": make(audio, rate, width, height), "words": say(audio, rate), "length_s": audio.shape[1] / rate}


def paint(path: str, what: str, to: str, title: str) -> Words:
    """Write the picture of a sound file as PNG and return its length."""
    from hardcore.audio import files, spectrogram

    audio, rate = files.read(path)
    {"waveform": spectrogram.save_waveform_png, "spectrogram": spectrogram.save_png}[what](to, audio, rate, title)
    return {"length_s": audio.shape[1] / rate}


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
    """Return the answer to one request: `{"done": …}`, or `{"error": …, "hint": …}` for what the user should know."""
    request = json.loads(line)
    try:
        return {"done": TASKS[request.pop("task")](**request)}
    except HardcoreError as error:
        return {"error": error.message, "hint": error.hint}


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
