"""What the ears do: sound files measured and drawn, a take's levels. They run in a worker; analysis.py asks them."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from hardcore.workers.context import Context, Words


def hear(context: Context, path: str) -> Words:
    """Return the analysis of a sound file as data."""
    from hardcore.audio.reader import read

    # What cannot be heard is refused before that is loaded which hears.
    audio, rate = read(path)
    from hardcore.audio import analysis, wavechunks
    from hardcore.audio.faults import cut_short

    found = analysis.analyse(audio, rate).data()
    if lacking := wavechunks.missing_bytes(Path(path)):
        found["faults"] = [asdict(cut_short(audio.shape[1] / rate, lacking)), *found["faults"]]
    return found


def draw(context: Context, path: str, what: str, width: int, height: int) -> Words:
    """Return a `waveform` or `spectrogram` of a sound file in characters, and the same in words."""
    audio, rate, note = _drawable(path)
    from hardcore.audio import drawing

    make, say = drawing.PICTURES[what]
    return {
        "drawing": make(audio, rate, width, height), "words": say(audio, rate), "length_s": audio.shape[1] / rate,
        "note": note,
    }  # fmt: skip


def paint(context: Context, path: str, what: str, to: str, title: str) -> Words:
    """Write the picture of a sound file as PNG; return its length, and what is broken in it."""
    audio, rate, note = _drawable(path)
    from hardcore.audio import spectrogram

    {"waveform": spectrogram.save_waveform_png, "spectrogram": spectrogram.save_png}[what](to, audio, rate, title)
    return {"length_s": audio.shape[1] / rate, "note": note}


def _drawable(path: str) -> tuple[Any, int, str]:
    """Return the sound in a file with 0 for what is no number, its rate, and what is broken in it in words."""
    from hardcore.audio.reader import read

    audio, rate = read(path)
    import numpy as np

    from hardcore.audio import wavechunks
    from hardcore.audio.faults import finite

    broken = audio.size - int(np.count_nonzero(np.isfinite(audio)))
    notes = (
        [f"{broken} sample{'s are not numbers' if broken > 1 else ' is not a number'}, drawn as 0"] if broken else []
    )
    notes += ["the file is cut short"] if wavechunks.missing_bytes(Path(path)) else []
    return finite(audio), rate, "; ".join(notes)


def overall(context: Context, path: str) -> Words:
    """Return the figures that a mix is compared by, of a sound file."""
    from hardcore.audio.reader import read

    audio, rate = read(path)
    from hardcore.audio import levels as judged
    from hardcore.audio.faults import finite

    return judged.overall(finite(audio), rate)


def levels(
    context: Context, path: str, channels: int, rate: int, start: int, end: int, late: int, parts: dict[str, int],
    full: bool = False,
) -> Words:  # fmt: skip
    """Return the figures of a raw take: of the mix in its first two channels, and of each part from its channel on.

    Parts sound from frame `start` to `end`, the mix `late` frames later, as the master's guard looks ahead. `full`: of
    the mix also what it is compared with another by.
    """
    from concurrent.futures import ThreadPoolExecutor

    import numpy as np

    from hardcore.audio import levels as judged

    sound = np.memmap(path, np.float32, mode="r").reshape(-1, channels)

    def heard(name: str) -> Words:
        return judged.part(sound[start:end, parts[name] : parts[name] + 2].T.copy(), rate)

    with ThreadPoolExecutor(2) as beside:
        listen = judged.overall if full else judged.whole
        whole = beside.submit(lambda: listen(sound[start + late : end + late, :2].T.copy(), rate))
        each = dict(zip(parts, beside.map(heard, parts), strict=True))
        return {"whole": whole.result(), "parts": each}
