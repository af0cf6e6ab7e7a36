"""What tracks cost, measured; and what the studio answers when the engine has too much to do."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardcore.commands.core.call import Caller
from hardcore.commands.core.registry import registry, run
from hardcore.commands.performance.overload import OverloadWatch
from hardcore.commands.tracks.trackcosts import TrackCosts
from hardcore.controller.events import CommandRan, Notified, PlaybackChanged
from hardcore.controller.studio import Studio
from hardcore.project.playback import Playback
from tests.commands.test_soundfolder import said
from tests.song import studio_with_song


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.chdir(tmp_path)
    registry()
    studio = studio_with_song(tmp_path)
    # four multibands on the snare cost more than everything else
    for _ in range(4):
        said(studio, "/effect add snare multiband")
    yield studio
    studio.close()


def answered(studio: Studio) -> tuple[list[str], list[CommandRan]]:
    """Return what is notified when the player says that it is overloaded, twice in a row, and which commands ran."""
    told, ran = list[str](), list[CommandRan]()

    async def overload() -> None:
        done = asyncio.Event()
        last = "track freeze" if studio.settings.producer.freeze else None
        events = studio.controller.events
        stops = (
            events.subscribe(Notified, lambda event: (told.append(event.message), last or done.set())),
            events.subscribe(CommandRan, lambda event: (ran.append(event), event.name == last and done.set())),
        )
        watch = OverloadWatch(studio)
        for _ in range(2):
            events.tell(PlaybackChanged(playback=Playback(playing=True, load_percent=97.0, overloaded=True)))
        await asyncio.wait_for(done.wait(), 120)
        await watch.end()
        for stop in stops:
            stop()

    asyncio.run(overload())
    return told, ran


def test_costs_are_measured_and_an_overload_names_the_dearest_track(studio: Studio) -> None:
    told, ran = answered(studio)
    assert [event.name for event in ran] == ["track costs"]
    costs = ran[0].answer
    assert isinstance(costs, TrackCosts)
    assert costs.items[0].name == "snare" and costs.items[0].percent > 0.4
    assert {row.name for row in costs.items} == {"kick", "snare", "hats", "bass"}
    assert len(told) == 1 and told[0].startswith("overloaded (load 97 %): snare is the dearest track, ")
    assert told[0].endswith("/track freeze snare lets it rest")


def test_with_the_setting_it_is_frozen(studio: Studio) -> None:
    asyncio.run(run(studio, registry()["config"], {"name": "producer.freeze", "value": "true"}, Caller(), "config"))
    told, ran = answered(studio)
    assert [event.name for event in ran] == ["track costs", "track freeze"] and "is frozen" in told[0]
    assert studio.controller.project.find_track("snare").frozen is not None
    said(studio, "/undo")
    assert studio.controller.project.find_track("snare").frozen is None
