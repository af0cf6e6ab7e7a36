"""What plug-ins play: exact to the sample, made once for equal clips, the same bytes live and offline."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped,unused-ignore]
from numpy.typing import NDArray

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.tracks.pluginsound import PluginWatch, keep_rendered
from hardcore.controller.events import Notified
from hardcore.controller.studio import Studio
from hardcore.jobs.render import render
from hardcore.jobs.request import RenderRequest
from hardcore.paths import state_folder
from hardcore.project import artifacts
from hardcore.project.clip import Clip
from hardcore.project.pluginsound import KIND, missing
from hardcore.project.timeline import timeline
from tests.plugins.built import needs_plugins
from tests.plugins.conftest import say

pytestmark = needs_plugins
RATE, BEAT = 48_000, 24_000
TIMES = [pytest.param(3, id="three times"), pytest.param(50, marks=pytest.mark.soak, id="fifty times")]
SYNTH = ("/track add lead --instrument vst3:testtone", "/clip add lead A --bars 1", "/note add lead:A 1.2 A4 1/16")
# of the synth: a velocity of 100 at -12 dB
PEAK = 100 / 127 * 10 ** (-12 / 20)


def exported(studio: Studio, tmp_path: Path, bars: int | None = 1) -> NDArray[np.float32]:
    """Return what an export writes of some bars, or of all, [2, frames]."""
    project, path = studio.controller.project, tmp_path / "out.wav"
    playing = tuple(timeline(project, bars=bars))
    request = RenderRequest(project, playing, path, depth="32f", listen=False, tail_s=0.0)
    assert not asyncio.run(render(request)).notes
    sound, rate = soundfile.read(path, dtype="float32")
    assert rate == RATE
    return np.asarray(sound.T, np.float32)


def made() -> set[str]:
    """Return the sounds that plug-ins made so far."""
    return {known.sha256 for known in artifacts.everything() if known.kind == KIND}


def heard_clip(studio: Studio) -> Clip:
    return studio.controller.hearing.heard.find_clip("lead:A")[1]


def test_a_note_begins_at_its_very_sample_as_loud_and_as_high_as_it_is(studio: Studio, tmp_path: Path) -> None:
    say(studio, *SYNTH)
    sound = exported(studio, tmp_path)
    loud = np.flatnonzero(np.abs(sound[0]) > 1e-6)
    assert (loud[0], sound.shape[1]) == (BEAT, 4 * BEAT)
    assert loud[-1] == BEAT + BEAT // 4 - 1
    expected = PEAK * np.cos(2 * np.pi * 440 * np.arange(BEAT // 4) / RATE)
    assert np.abs(sound[:, BEAT : BEAT + BEAT // 4] - expected).max() < 2e-6


def test_an_effect_gets_what_our_engine_makes_and_its_lateness_is_taken_out(studio: Studio, tmp_path: Path) -> None:
    """The effect of the tests turns down, 100 samples late: what comes is our own sound turned down, in its place."""
    lines = ("/track add lead --instrument pluck", "/clip add lead A --bars 1", "/note add lead:A 1.2 A4 1/16")
    say(studio, *lines, "/effect add lead drive drive=6 --insert")
    dry = exported(studio, tmp_path)
    say(studio, "/effect add lead vst3:testdelay level=-6", "/effect add lead eq high_gain=-6")
    say(studio, "/effect bypass lead eq on")
    wet = exported(studio, tmp_path)
    assert np.abs(dry).max() > 0.05
    assert np.abs(wet - dry * 10 ** (-6 / 20)).max() < 1e-5
    say(studio, "/effect bypass lead vst3:testdelay on")
    assert np.array_equal(exported(studio, tmp_path), dry)
    # and one after the other: 12 dB, 200 samples
    say(studio, "/effect bypass lead vst3:testdelay off", "/effect add lead vst3:testdelay level=-6")
    assert np.abs(exported(studio, tmp_path) - dry * 10 ** (-12 / 20)).max() < 1e-5


def test_equal_clips_share_a_sound_a_fader_needs_none_and_an_edit_makes_a_new_one(
    studio: Studio, tmp_path: Path
) -> None:
    say(
        studio,
        *SYNTH,
        "/scene add B",
        "/clip copy lead:A lead B",
        "/place lead:A 1",
        "/place lead:B 2",
        "/place lead:A 3",
    )
    sound = exported(studio, tmp_path, None)
    assert len(made()) == 1
    bars = [sound[:, bar * 4 * BEAT : (bar + 1) * 4 * BEAT] for bar in range(3)]
    assert np.array_equal(bars[0], bars[1]) and np.array_equal(bars[0], bars[2])
    say(
        studio,
        "/gain lead -6",
        "/effect add lead eq high_gain=-3",
        "/track rename lead tune",
        "/clip rename tune:B other",
    )
    assert not missing(studio.controller.project)
    # made anew: of the one clip; of both for the synth's level, and for a tempo; nothing once that is undone
    for line, count in (("/note add tune:B 1.3 C5 1/16", 1), ("/track set tune level -20", 2), ("/tempo 140", 2)):
        say(studio, line)
        assert len(missing(studio.controller.project)) == count, line
    say(studio, "/undo", "/undo", "/undo")
    assert not missing(studio.controller.project)


def test_an_envelope_moves_a_plug_in_and_two_tempos_have_a_sound_each(studio: Studio, tmp_path: Path) -> None:
    say(studio, *SYNTH, "/note add lead:A 1.4 A4 1/16")
    say(studio, *(f"/automation add lead:A level {point}" for point in ("1.1.1 -40", "1.3.1 -40", "1.3.2 -20")))
    sound = exported(studio, tmp_path)
    first, second = (np.abs(sound[:, at * BEAT : at * BEAT + BEAT // 4]).max() for at in (1, 3))
    assert 20 * np.log10(second / first) == pytest.approx(20, abs=0.01)
    say(studio, "/place lead:A 1", "/place lead:A 2", "/tempo 240 --bar 2")
    sound = exported(studio, tmp_path, None)
    loud = np.flatnonzero(np.abs(sound[0]) > 1e-6)
    onsets = [int(at) for at in loud[np.diff(loud, prepend=-RATE) > 100]]
    assert onsets == [BEAT, 3 * BEAT, 4 * BEAT + BEAT // 2, 4 * BEAT + 3 * BEAT // 2]


def test_what_is_heard_live_is_the_very_sound_of_the_export(studio: Studio, tmp_path: Path) -> None:
    say(studio, *SYNTH)
    exported(studio, tmp_path)
    (sound,) = made()
    studio.controller.hearing.refresh()
    track, clip = studio.controller.hearing.heard.find_clip("lead:A")
    assert track.kind == "audio" and track.instrument is None and not clip.notes
    assert clip.region is not None and clip.region.sound.artifact == sound and clip.region.warp == "off"
    before = track.clips
    say(studio, "/gain lead -3")
    assert studio.controller.hearing.heard.find_track("lead").clips is before, (
        "a fader leaves the audio the same object"
    )
    assert studio.controller.project.find_clip("lead:A")[1].region is None, "and nothing of it is in a step"
    say(studio, "/track freeze lead")
    frozen = exported(studio, tmp_path)
    say(studio, "/track unfreeze lead")
    assert np.abs(frozen - exported(studio, tmp_path)).max() < 1e-6


@pytest.mark.parametrize("times", TIMES)
def test_while_it_plays_a_plug_in_that_ends_costs_its_track_the_new_sound_only(
    times: int, studio: Studio, fault: Callable[[str], object]
) -> None:
    """Each edit kills the plug-in: the last sound goes on, a line tells it, the transport runs; at last it is well."""
    told: list[str] = []
    studio.controller.events.subscribe(Notified, lambda event: told.append(event.message))

    async def rendered() -> None:
        watch = studio.recall(PluginWatch)
        assert watch is not None
        await watch.settled()

    async def session() -> None:
        for line in (*SYNTH, "/launch A"):
            await run_line(studio, line, Caller())
        await rendered()
        assert studio.player is not None
        first, before = heard_clip(studio).region, studio.player.latest()
        assert first is not None and before.playing
        for number in range(times):
            fault("abort-run")
            await run_line(studio, f"/track set lead level {-20 - number / 10}", Caller())
            await rendered()
            region, now = heard_clip(studio).region, studio.player.latest()
            assert region is not None and region.sound == first.sound
            assert now.playing and now.tick > before.tick and not now.restarts
            before = now
        fault("")
        await run_line(studio, "/track set lead level -50", Caller())
        await rendered()
        last = heard_clip(studio).region
        assert last is not None and last.sound != first.sound
        await run_line(studio, "/stop", Caller())

    asyncio.run(session())
    assert len(told) == times
    assert all(line.startswith("lead: ") and line.endswith("its last sound goes on") for line in told)


def test_what_was_not_there_plays_once_a_scan_has_found_it(studio: Studio, plugin_folder: Path) -> None:
    async def session() -> None:
        for line in (*SYNTH, "/plugins list"):
            await run_line(studio, line, Caller())
        (state_folder() / "plugins.json").unlink()
        keep_rendered(studio)
        watch = studio.recall(PluginWatch)
        assert watch is not None
        await watch.settled()
        assert heard_clip(studio).region is None
        await run_line(studio, f"/plugins scan {plugin_folder}", Caller())
        await watch.settled()
        assert heard_clip(studio).region is not None

    asyncio.run(session())


@pytest.mark.parametrize("wrong", ["abort-run", pytest.param("hang-run", marks=pytest.mark.soak)])
def test_an_export_says_which_plug_in_failed_and_the_rest_sounds(
    wrong: str, studio: Studio, tmp_path: Path, fault: Callable[[str], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARDCORE_PLUGINS_PATIENCE_S", "0.5")
    fault(wrong)
    say(
        studio,
        *SYNTH,
        "/track add kick --instrument kick909",
        "/clip add kick A --bars 1",
        "/note add kick:A 1.3 C2 1/16",
    )
    said = say(studio, "/export out.wav --bars 1 --depth 32f")
    assert "lead: the plug-in " in said and "it is silent" in said
    sound, _ = soundfile.read(tmp_path / "out.wav")
    loud = np.flatnonzero(np.abs(sound[:, 0]) > 1e-3)
    assert 2 * BEAT <= loud[0] < 2 * BEAT + 200
