"""Rendering to files: length to the frame, tails, loops, stems, tags, the same bytes twice."""

import asyncio
from pathlib import Path

import numpy as np
import pytest
import soundfile

from hardcore.errors import UserError
from hardcore.jobs.render import render
from hardcore.jobs.request import Rendered, RenderRequest
from hardcore.project import tracks
from hardcore.project.state import ProjectState, new_project
from hardcore.project.timeline import timeline
from tests.song import song


def rendered(project: ProjectState, path: Path, bars: int | None = None, **options: object) -> Rendered:
    request = RenderRequest(project, tuple(timeline(project, bars=bars)), path, listen=False, **options)
    return asyncio.run(render(request))


def test_eight_bars_are_as_long_as_eight_bars_are(tmp_path: Path) -> None:
    exact = round(8 * 4 * 60 / 138 * 48000)
    loop = rendered(song(), tmp_path / "loop.wav", bars=8, loop=True)
    assert soundfile.info(tmp_path / "loop.wav").frames == exact == loop.body_frames
    cut = rendered(song(), tmp_path / "cut.wav", bars=8, tail_s=0.5)
    assert soundfile.info(tmp_path / "cut.wav").frames == exact + 24000
    assert cut.tail_s == 0.5
    rung = rendered(song(), tmp_path / "rung.wav", bars=8)
    assert soundfile.info(tmp_path / "rung.wav").frames == exact + round(rung.tail_s * 48000)
    assert 0.1 <= rung.tail_s <= 8


def test_a_tail_ends_in_silence_and_a_loop_carries_it_over_the_seam(tmp_path: Path) -> None:
    rendered(song(), tmp_path / "rung.wav", bars=2)
    audio, _rate = soundfile.read(tmp_path / "rung.wav")
    assert np.abs(audio[-48:]).max() < 10 ** (-72 / 20)
    rendered(song(), tmp_path / "loop.wav", bars=2, loop=True)
    loop, _ = soundfile.read(tmp_path / "loop.wav")
    body = len(loop)
    wrapped = audio[:body].copy()
    wrapped[: len(audio) - body] += audio[body:]
    assert np.abs(loop - wrapped).max() < 10 ** (-60 / 20)
    assert np.abs(loop[:2000] - audio[:2000]).max() > 1e-4, "the tail is heard at the beginning"


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".ogg", ".mp3"])
def test_the_same_project_is_the_same_bytes_in_every_format(suffix: str, tmp_path: Path) -> None:
    first = rendered(song(), tmp_path / f"a{suffix}", bars=1)
    rendered(song(), tmp_path / f"b{suffix}", bars=1)
    assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()
    assert first.loudness.peak_dbfs is not None
    assert first.loudness.peak_dbfs < 0


def test_stems_add_up_to_the_mix_before_the_master(tmp_path: Path) -> None:
    project = song()
    for track in project.tracks:
        project = project.with_mixer(track.id, gain_db=-6 if track.kind == "midi" else 0)
    made = rendered(project, tmp_path / "mix.wav", bars=2, stems=tmp_path / "stems", depth="32f")
    assert made.sum_error_db is not None
    assert made.sum_error_db < -100
    names = {stem.path.stem for stem in made.stems if stem.summed}
    assert names == {"kick", "snare", "hats", "bass", "reverb"}
    parts = [soundfile.read(stem.path)[0] for stem in made.stems if stem.summed]
    mix, _ = soundfile.read(tmp_path / "mix.wav")
    # the song's master does nothing but guard, so that the sum is the mix wherever it stays under the ceiling
    quiet = np.abs(sum(parts)).max()
    assert quiet < 10 ** (-1 / 20)
    assert np.abs(sum(parts) - mix)[: made.body_frames].max() < 1e-4


def test_a_group_with_effects_stands_for_its_tracks_in_the_sum(tmp_path: Path) -> None:
    project = song()
    ids = {track.name: track.id for track in project.tracks}
    for name in ("kick", "snare"):
        project = tracks.route(project, ids[name], ids["drums"])
    plain = rendered(project, tmp_path / "a.wav", bars=1, stems=tmp_path / "a")
    assert {stem.track for stem in plain.stems if stem.summed} == {"kick", "snare", "hats", "bass", "reverb"}
    driven, _ = tracks.add_effect(project, ids["drums"], "drive")
    made = rendered(driven, tmp_path / "b.wav", bars=1, stems=tmp_path / "b")
    assert {stem.track for stem in made.stems if stem.summed} == {"drums", "hats", "bass", "reverb"}
    assert made.sum_error_db is not None
    assert made.sum_error_db < -100


def test_stems_are_named_safely(tmp_path: Path) -> None:
    project = song()
    for old, new in (("kick", "../../evil"), ("snare", "CON"), ("hats", "a/b:c")):
        project = tracks.rename_track(project, project.find_track(old).id, new)
    made = rendered(project, tmp_path / "mix.wav", bars=1, stems=tmp_path / "stems")
    assert all(stem.path.parent == tmp_path / "stems" and stem.path.is_file() for stem in made.stems)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mix.wav", "stems"]


def test_the_figures_are_measured_from_the_file(tmp_path: Path) -> None:
    made = rendered(song(), tmp_path / "a.wav", bars=2)
    audio, _rate = soundfile.read(tmp_path / "a.wav")
    assert made.loudness.frames == len(audio)
    assert made.loudness.peak_dbfs == pytest.approx(20 * np.log10(np.abs(audio).max()), abs=0.01)


def test_an_empty_project_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="nothing to render"):
        rendered(new_project(), tmp_path / "a.wav")
    assert list(tmp_path.iterdir()) == []


def test_a_cancelled_render_leaves_no_file_and_no_child(tmp_path: Path) -> None:
    async def cancelled() -> None:
        started = asyncio.Event()

        def progress(share: float, words: str) -> None:
            started.set()

        request = RenderRequest(song(), tuple(timeline(song(), bars=2000)), tmp_path / "a.wav")
        task = asyncio.ensure_future(render(request, progress))
        await asyncio.wait_for(started.wait(), 20)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    assert list(tmp_path.iterdir()) == []
    children = [
        child for child in Path("/proc").glob("[0-9]*/stat")
        if f" {__import__('os').getpid()} " in _stat(child)[:60]
    ] if Path("/proc").is_dir() else []  # fmt: skip
    assert not [child for child in children if "nrt" in _stat(child.parent / "cmdline")]


@pytest.mark.parametrize("words", ["writing", "measuring", "stem kick"])
def test_a_render_cancelled_at_its_end_leaves_what_was_there(words: str, tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"before")

    async def cancelled() -> None:
        def progress(share: float, said: str) -> None:
            if said == words:
                task.cancel()

        request = RenderRequest(song(), tuple(timeline(song(), bars=8)), path, stems=tmp_path / "stems")
        task = asyncio.ensure_future(render(request, progress))
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_the_loop_goes_on_while_a_render_is_written_and_measured(tmp_path: Path) -> None:
    order: list[str] = []

    async def session() -> None:
        async def tick() -> None:
            while True:
                await asyncio.sleep(0)
                order.append("tick")

        def progress(share: float, said: str) -> None:
            order.append(said)

        ticking = asyncio.ensure_future(tick())
        await render(RenderRequest(song(), tuple(timeline(song(), bars=8)), tmp_path / "a.wav", listen=False), progress)
        ticking.cancel()

    asyncio.run(session())
    written = order[order.index("writing") : order.index("measuring")]
    measured = order[order.index("measuring") : order.index("keeping")]
    assert written.count("tick") > 1 and measured.count("tick") > 1


def _stat(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


@pytest.mark.parametrize("loop", [False, True])
def test_no_file_goes_over_its_true_peak(loop: bool, tmp_path: Path) -> None:
    project = song()
    for track in project.tracks:
        project = project.with_mixer(track.id, gain_db=9)
    made = rendered(project, tmp_path / "loud.wav", bars=2, loop=loop)
    assert made.loudness.true_peak_dbtp == pytest.approx(-1, abs=0.05)
    assert any("turned down" in note for note in made.notes)
