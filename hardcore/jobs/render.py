"""Rendering: a project's timeline to sound files, trimmed to the frame, measured from what was written."""

import asyncio
import math
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from hardcore.engine.offline import render_raw
from hardcore.engine.score import Score, build_score, tail_seconds
from hardcore.engine.structure import Tap
from hardcore.errors import UserError
from hardcore.project.state import MASTER_ID, ProjectState
from hardcore.project.timeline import Playing, end_ticks
from hardcore.project.track import Track

if TYPE_CHECKING:
    import numpy as np

    from hardcore.audio.files import Written
    from hardcore.audio.loudness import Loudness
    from hardcore.audio.samples import Audio
    from hardcore.audio.tags import Tags

Progress = Callable[[float, str], None]

# A tail is kept until it is this quiet, in steps of TAIL_STEP_S, and ends in a fade of FADE_S.
TAIL_FLOOR_DB = -72.0
TAIL_STEP_S = 0.1
FADE_S = 0.02
CEILING_DB = -1.0
MAX_FRAMES = 1 << 28


@dataclass(frozen=True, slots=True)
class RenderRequest:
    """What to render and how to write it.

    tail_s   None keeps what rings on, at most `longest_tail_s`; a number is exactly that much
    loop     exactly the bars; what rings on is laid over the beginning
    stems    a folder for one file per track and return as well
    """

    project: ProjectState
    playing: tuple[Playing, ...]
    path: Path
    rate: int = 48000
    depth: Literal["16", "24", "32f"] = "24"
    tail_s: float | None = None
    longest_tail_s: float = 8.0
    loop: bool = False
    stems: Path | None = None
    software: str = "hardcore"


@dataclass(frozen=True, slots=True)
class Stem:
    """One stem: its file, the track it came from, and whether it counts in the sum (it may be inside a group)."""

    path: Path
    track: str
    summed: bool


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a render made; `loudness` is measured from the file. `sum_error_db`: stems added up against the mix."""

    path: Path
    bars: int
    body_frames: int
    tail_s: float
    rate: int
    loudness: "Loudness"
    stems: tuple[Stem, ...]
    sum_error_db: float | None
    notes: tuple[str, ...]


async def render(request: RenderRequest, progress: Progress = lambda share, words: None) -> Rendered:
    """Return what was rendered and written. Raises UserError when there is nothing to render, EngineError."""
    project, playing = request.project, request.playing
    if end_ticks(playing) == 0:
        raise UserError("there is nothing to render yet", "type a prompt first, such as: acid 130 bpm, 4 bars")
    longest = min(request.longest_tail_s, tail_seconds(project)) if request.tail_s is None else request.tail_s
    taps = _taps(project) if request.stems else ()
    score = build_score(project, playing, rate=request.rate, tail_s=longest, taps=taps)
    if score.frames * score.channels > MAX_FRAMES * 4:
        raise UserError(
            f"that is {score.frames / request.rate / 60:.0f} minutes in {score.channels} channels", "fewer --bars"
        )
    # The libraries that write and measure take half a second to load: do that while the engine renders.
    loaded = asyncio.get_running_loop().run_in_executor(None, import_module, "hardcore.audio.loudness")
    with tempfile.TemporaryDirectory(prefix="hardcore-render-") as folder:
        raw = await render_raw(
            score.data,
            rate=request.rate,
            channels=score.channels,
            folder=Path(folder),
            progress=lambda share: progress(share * 0.8, "rendering"),
            frames=score.frames,
        )
        await loaded
        import numpy as np

        sound = np.memmap(raw, np.float32, mode="r").reshape(-1, score.channels)
        result = _written(request, score, sound, taps, progress)
        del sound
    progress(1.0, "done")
    return result


def _taps(project: ProjectState) -> tuple[Tap, ...]:
    """Return a tap for the pre-master mix, then one for each track, group and return."""
    others = [track.id for track in project.tracks if track.kind != "master"]
    return tuple(Tap(track_id, 2 + 2 * place) for place, track_id in enumerate([MASTER_ID, *others]))


def _written(
    request: RenderRequest, score: Score, sound: "np.ndarray[tuple[int, int], np.dtype[np.float32]]",
    taps: Sequence[Tap], progress: Progress,
) -> Rendered:  # fmt: skip
    master = sound[score.latency : score.frames, :2].T.copy()
    keep = _kept_frames(request, score, master)
    shaped = _wrapped(master, score.body) if request.loop else _faded(master[:, :keep], score.body, request.rate)
    progress(0.82, "writing")
    written, loudness, notes = _settled(request, shaped)
    stems, error = _stems(request, score, sound, taps, keep, progress) if request.stems else ((), None)
    return Rendered(
        path=request.path,
        bars=_bars(request),
        body_frames=score.body,
        tail_s=0.0 if request.loop else (keep - score.body) / request.rate,
        rate=written.rate,
        loudness=loudness,
        stems=stems,
        sum_error_db=error,
        notes=tuple(note for note in (*notes, written.note) if note),
    )


def _settled(request: RenderRequest, audio: "Audio") -> tuple["Written", "Loudness", list[str]]:
    """Return what was written, its loudness measured from the file, and what was done to bring it under the ceiling.

    The guard in the engine limits samples; between them, where a loop's tail meets its beginning, and in what a lossy
    format decodes to, it can be more. Then the file is written again, quieter.
    """
    import numpy as np

    from hardcore.audio import files
    from hardcore.audio.loudness import measure_file, true_peak_dbtp

    peak_db = true_peak_dbtp(audio, request.rate)
    down_db = 0.0 if peak_db is None else max(0.0, peak_db - CEILING_DB)
    for _ in range(3):
        sound = audio * np.float32(10 ** (-down_db / 20)) if down_db else audio
        about = tags(request, request.project.title)
        written = files.write(request.path, sound, request.rate, depth=request.depth, tags=about)
        loudness = measure_file(request.path)
        over_db = (CEILING_DB if loudness.true_peak_dbtp is None else loudness.true_peak_dbtp) - CEILING_DB
        if over_db <= 0.01:
            break
        down_db += over_db
    said = [f"turned down {down_db:.1f} dB for a true peak of {CEILING_DB:g} dBTP"] if down_db >= 0.05 else []
    return written, loudness, said


def _bars(request: RenderRequest) -> int:
    end = end_ticks(request.playing)
    return request.project.meter_map.bar_of(max(0, end - 1)) + 1


def _kept_frames(request: RenderRequest, score: Score, master: "Audio") -> int:
    """Return how many frames the files have: the body and its tail, until that is quiet."""
    import numpy as np

    if request.tail_s is not None or request.loop:
        return int(master.shape[1])
    loud = np.flatnonzero(np.abs(master[:, score.body :]).max(axis=0) > 10 ** (TAIL_FLOOR_DB / 20))
    rings_s = (int(loud[-1]) + 1) / request.rate if loud.size else 0.0
    steps = math.ceil(rings_s / TAIL_STEP_S)
    return min(int(master.shape[1]), score.body + round(steps * TAIL_STEP_S * request.rate))


def _faded(audio: "Audio", body: int, rate: int) -> "Audio":
    """Return the sound with a fade over the last moments of its tail, none into its body."""
    import numpy as np

    faded = audio.copy()
    length = min(round(FADE_S * rate), audio.shape[1] - body)
    if length > 0:
        faded[:, -length:] *= np.linspace(1.0, 0.0, length, dtype=np.float32)
    return faded


def _wrapped(audio: "Audio", body: int) -> "Audio":
    """Return the first `body` frames with all that comes after them added from the beginning, as a loop sounds."""
    looped = audio[:, :body].copy()
    for start in range(body, audio.shape[1], body):
        piece = audio[:, start : start + body]
        looped[:, : piece.shape[1]] += piece
    return looped


def _stems(
    request: RenderRequest, score: Score, sound: "np.ndarray[tuple[int, int], np.dtype[np.float32]]",
    taps: Sequence[Tap], keep: int, progress: Progress,
) -> tuple[tuple[Stem, ...], float]:  # fmt: skip
    """Return the stems written, and how far their sum is from the pre-master mix, measured before quantization."""
    from hardcore.audio import files
    from hardcore.audio.stems import safe_name, sum_error_db

    assert request.stems is not None
    request.stems.mkdir(parents=True, exist_ok=True)
    by_id = {track.id: track for track in request.project.tracks}
    summed = _summed(request.project)
    taken: list[str] = []
    made: list[Stem] = []
    parts: list[Audio] = []
    for place, tap in enumerate(taps[1:], 1):
        track = by_id[tap.track_id]
        audio = sound[: score.frames - score.latency, tap.channel : tap.channel + 2].T.copy()
        cut = _wrapped(audio, score.body) if request.loop else audio[:, :keep]
        taken.append(safe_name(track.name, taken))
        path = request.stems / f"{taken[-1]}{request.path.suffix}"
        files.write(path, cut, request.rate, depth=request.depth, tags=tags(request, track.name))
        made.append(Stem(path, track.name, track.id in summed))
        parts += [cut] if track.id in summed else []
        progress(0.9 + 0.1 * place / len(taps), f"stem {track.name}")
    mix = sound[: score.frames - score.latency, 2:4].T.copy()
    whole = _wrapped(mix, score.body) if request.loop else mix[:, :keep]
    return tuple(made), sum_error_db(parts, whole)


def _summed(project: ProjectState) -> set[str]:
    """Return the ids of the stems that add up to the pre-master mix.

    A group that only adds up its tracks is left out in favour of them; one with effects, gain or sends stands for them.
    """

    def arriving(at: str) -> set[str]:
        found: set[str] = set()
        for track in project.tracks:
            if track.output == at:
                found |= arriving(track.id) if track.kind == "group" and _transparent(track) else {track.id}
        return found

    return arriving(MASTER_ID)


def _transparent(group: Track) -> bool:
    quiet = group.mixer.mute or group.mixer.gain_db or group.mixer.pan
    return not (group.effects or group.automation or quiet)


def tags(request: RenderRequest, title: str) -> "Tags":
    """Return what the file says about itself."""
    from hardcore.audio.tags import Tags

    project = request.project
    made = project.provenance
    return Tags(
        title=title,
        tempo_bpm=project.tempo_map.bpm,
        key=project.key.name,
        prompt=made.prompt if made else "",
        seed=project.seed,
        bars=_bars(request),
        beats=end_ticks(request.playing) / 1920,
        meter=(project.meter_map.numerator, project.meter_map.denominator),
        loop=request.loop,
        software=request.software,
    )
