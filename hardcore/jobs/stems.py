"""Stems: one file per track, group and return, taken after the fader, and whether they add up to the mix."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING

from hardcore.engine.score import Score
from hardcore.engine.structure import Tap
from hardcore.jobs.request import Progress, RenderRequest, Stem, tags
from hardcore.jobs.trim import channels_of, wrapped
from hardcore.jobs.writing import Writing
from hardcore.project.state import MASTER_ID, ProjectState
from hardcore.project.track import Track

if TYPE_CHECKING:
    from hardcore.audio.samples import Audio
    from hardcore.jobs.trim import Interleaved


def stem_taps(project: ProjectState) -> tuple[Tap, ...]:
    """Return a tap for the pre-master mix, then one for each track, group and return."""
    others = [track.id for track in project.tracks if track.kind != "master"]
    return tuple(Tap(track_id, 2 + 2 * place) for place, track_id in enumerate([MASTER_ID, *others]))


def begin_stems(
    request: RenderRequest, score: Score, sound: "Interleaved", taps: Sequence[Tap], keep: int, writing: Writing
) -> "list[Future[Stem]]":
    """Begin to write every stem beside the others; return what becomes of each."""
    from hardcore.filenames import safe_name

    assert request.stems is not None
    request.stems.mkdir(parents=True, exist_ok=True)
    by_id = {track.id: track for track in request.project.tracks}
    summed = _summed(request.project)
    taken: list[str] = []
    begun = []
    for tap in taps[1:]:
        track = by_id[tap.track_id]
        taken.append(safe_name(track.name, taken))
        stem = Stem(request.stems / f"{taken[-1]}{request.path.suffix}", track.name, track.id in summed)
        cut = partial(_cut, request, score, sound, tap.channel, keep)
        begun.append(writing.begin(partial(_stem, request, stem, cut)))
    return begun


def _stem(request: RenderRequest, stem: Stem, cut: "Callable[[], Audio]", progress: Progress) -> Stem:
    from hardcore.audio import files

    files.write(
        stem.path, cut(), request.rate, depth=request.depth, tags=tags(request, stem.track),
        on_progress=lambda share: progress(share, f"stem {stem.track}"),
    )  # fmt: skip
    return stem


def stems_error_db(request: RenderRequest, score: Score, sound: "Interleaved", taps: Sequence[Tap], keep: int) -> float:
    """Return how far the stems' sum is from the mix before the master's effects, measured before quantization."""
    from hardcore.audio.stems import sum_error_db

    summed = _summed(request.project)
    parts = [_cut(request, score, sound, tap.channel, keep) for tap in taps[1:] if tap.track_id in summed]
    return sum_error_db(parts, _cut(request, score, sound, 2, keep))


def _cut(request: RenderRequest, score: Score, sound: "Interleaved", channel: int, keep: int) -> "Audio":
    """Return a tap's two channels as they are kept: looped, or as they lie in the render, which takes no memory."""
    frames = score.frames - score.latency
    if request.loop:
        return wrapped(channels_of(sound, channel, frames), score.body)
    return sound[: min(keep, frames), channel : channel + 2].T


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
