"""Spaces that bring sound, for rules: samples by words, artifacts by tag, models; in time, by right, and learned."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from hardcore.commands.composing.spaces import space_called, spaces
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.errors import HardcoreError, UserError
from hardcore.music.tempo import PPQ
from hardcore.project import artifacts
from hardcore.project.clip import Clip
from hardcore.project.samples import sample
from hardcore.store.durations import UNKNOWN_S
from tests.models import plugin
from tests.rules.paced import Paced, paced
from tests.rules.test_deadlines import drums

CLICKS = "/models add clicks {place} --backend clicks --licence CC-BY-4.0"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Yield the present folder, with two drums, as a person's own, and what a model is made of."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(plugin.install(tmp_path / "packages")))
    (tmp_path / "weights").mkdir()
    (tmp_path / "drums").mkdir()
    for name, own in (("deep kick", "kick808_long"), ("tss", "hat_tick")):
        (tmp_path / "drums" / f"{name}.wav").write_bytes(sample(own).path.read_bytes())
    return tmp_path


@asynccontextmanager
async def at_work(*lines: str) -> AsyncIterator[Paced]:
    async with paced(*lines, project=drums()) as studio:
        yield studio


def placed(studio: Paced) -> list[tuple[int, Clip]]:
    """Return the beat of everything in the arrangement, and its clip."""
    project = studio.studio.controller.project
    found = [(one.start_ticks // PPQ, track, one) for track in project.tracks for one in track.placements]
    return [(beat, track.clips[track.places[one.clip]]) for beat, track, one in found]


def named(clip: Clip) -> str:
    """Return the name of the file whose sound a clip plays."""
    assert clip.region is not None
    known = artifacts.lookup(clip.region.sound.artifact)
    assert known is not None
    return known.name


def in_scenes(studio: Paced) -> set[str]:
    return {clip for scene in studio.studio.controller.project.scenes for clip in scene.slots.values()}


async def refused(studio: Paced, line: str, caller: Caller | None = None) -> str:
    before = studio.studio.controller.project
    with pytest.raises(HardcoreError) as error:
        await run_line(studio.studio, line, caller or Caller())
    assert studio.studio.controller.project is before
    return error.value.line()


def estimate_s(studio: Paced, space: str) -> float:
    assert studio.studio.durations is not None
    return studio.studio.durations.estimate_s(space)


def test_samples_by_words_and_artifacts_by_tag_are_there_at_their_beats_or_said_to_be_late(folder: Path) -> None:
    async def one() -> None:
        kept = ('/artifacts add "drums/deep kick.wav"', "/artifacts add drums/tss.wav")
        async with at_work("/samples add drums", *kept) as studio:
            for name, tags in (("deep kick", "texture,tss"), ("tss", "texture")):
                await studio.do(f'/artifacts tag "{name}" {tags}')
            before = in_scenes(studio)
            await studio.do("/latent samples 16 dark kick --beats 2")
            await studio.do("/latent artifacts 24 Texture")
            kick, newest = studio.studio.controller.project.rules
            assert (kick.permissions, newest.permissions) == (("project", "player", "files"), ("project", "player"))
            await studio.play(5.5)
            assert placed(studio) == []
            await studio.play(10)
            assert studio.fired == ["samples", "artifacts"] and {event.error for event in studio.told} == {""}
            here = sorted(placed(studio), key=lambda one: one[0])
            assert [(beat, named(clip)) for beat, clip in here] == [(16, "deep kick"), (24, "tss")]
            assert in_scenes(studio) == before, "it is heard nowhere before"
            assert studio.studio.controller.project.rules == ()
            for space in ("samples", "artifacts"):
                assert 0 < estimate_s(studio, space) != UNKNOWN_S
            assert estimate_s(studio, "composer") == UNKNOWN_S, "each space has a time of its own"

            await studio.do("/latent artifacts 4 tss --late notify")  # a name goes before a tag
            await studio.play(1.1)
            assert len(placed(studio)) == 2 and in_scenes(studio) == before
            assert studio.said[-1].startswith("too late for beat 4") and studio.said[-1].endswith(" 4 does it")
            await studio.do("/" + studio.said[-1].split("/")[1].removesuffix(" does it"))
            assert (4, "tss") in [(beat, named(clip)) for beat, clip in placed(studio)]
            assert "no artifact 'texure'" in await refused(studio, "/artifacts place texure")

    asyncio.run(one())


def test_a_model_is_waited_for_and_what_it_made_is_placed(folder: Path) -> None:
    async def one() -> None:
        async with at_work(CLICKS.format(place=folder / "weights")) as studio:
            before = in_scenes(studio)
            await studio.do('/rule add "by beat 64" sample clicks seed=5 duration_seconds=2 clicks please at 64 --once')
            (rule,) = studio.studio.controller.project.rules
            assert set(rule.permissions) == {"project", "player", "files", "jobs"}
            await studio.do("/rule fire 1")
            ((beat, clip),) = placed(studio)
            assert beat == 64 and clip.region is not None and clip.region.seconds == pytest.approx(2, abs=1e-3)
            known = artifacts.lookup(clip.region.sound.artifact)
            assert known is not None and known.recipe["extras"]["heard"]["applied"] == {"ring": 5}
            assert in_scenes(studio) == before
            assert 0 < estimate_s(studio, "clicks") != UNKNOWN_S
            (folder / "weights").rmdir()  # no model any more: it is said, and the rule stays for another try
            await studio.do("/latent clicks 96 more clicks")
            assert "weights" in await refused(studio, "/rule fire clicks")
            assert [beat for beat, _ in placed(studio)] == [64]
            assert [rule.name for rule in studio.studio.controller.project.rules] == ["clicks"]

    asyncio.run(one())


def test_who_may_not_write_files_lets_no_rule_do_so(folder: Path) -> None:
    async def one() -> None:
        async with at_work() as studio:
            for caller in (
                Caller("agent", roots=(folder,)),
                Caller("agent", permissions=frozenset({"project", "player"})),
            ):
                assert "files" in await refused(studio, "/latent samples 64 dark kick", caller)
                assert "files" in await refused(studio, '/rule add "every bar" sample musicgen a pad', caller)
                result = await run_line(studio.studio, "/latent artifacts 64 low", caller)
                assert result is not None

    asyncio.run(one())


def test_what_a_space_needs_is_asked_before_it_is_to_begin(folder: Path) -> None:
    async def one() -> None:
        async with at_work() as studio:
            assert "samples place needs" in await refused(studio, "/latent samples 64")
            assert "musicgen-small" in await refused(studio, "/latent musicgen-smal 64 a pad")
            assert "no space" in await refused(studio, '/rule add "every bar" sample nothing')

    asyncio.run(one())


def test_every_model_is_a_space_that_takes_its_parameters_and_no_others(folder: Path) -> None:
    project = drums()
    assert {"composer", "rhythm", "bass", "lead", "samples", "artifacts", "musicgen", "riffusion"} <= set(spaces())
    asked = {"guidance_scale": 4, "temperature": 0.5, "seed": 7, "duration_seconds": 8, "steps": 20}
    given = space_called("riffusion").arguments(project, "a pad", asked)
    assert given == {
        "model": "riffusion", "words": "a pad", "guidance": 4, "temperature": 0.5, "seed": 7, "bars": 4, "steps": 20
    }  # fmt: skip
    with pytest.raises(UserError, match="does not understand top_k"):
        space_called("musicgen").arguments(project, "a pad", {"top_k": 3})
