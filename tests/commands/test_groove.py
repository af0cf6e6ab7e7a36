"""The groove commands: put on, draw, learn, commit, take off."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.music import midifile
from hardcore.project.midi import to_midi
from hardcore.project.timeline import timeline
from tests.song import studio_with_song


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.chdir(tmp_path)
    studio = studio_with_song()
    yield studio
    studio.controller.close()


def say(studio: Studio, line: str) -> str:
    result = asyncio.run(run_line(studio, line, Caller()))
    assert result is not None
    return result.text()


def exported(studio: Studio, name: str) -> list[tuple[int, ...]]:
    say(studio, f"/export {name}")
    return [tuple(note) for track in midifile.read(Path(name)).tracks for note in track.notes]


def test_what_is_put_on_is_exported_and_what_is_taken_off_is_not(studio: Studio) -> None:
    before = exported(studio, "a.mid")
    assert say(studio, "/groove set bass laid_back --amount 80") == "bass plays laid back, timing 80%, velocity 80%"
    grooved = exported(studio, "b.mid")
    assert grooved != before
    assert "laid_back" in say(studio, "/groove list").split("bass", 1)[0].splitlines()[-1]
    say(studio, "/groove commit bass")
    assert exported(studio, "c.mid") == grooved
    say(studio, "/undo")
    say(studio, "/groove remove bass")
    assert exported(studio, "d.mid") == before


def test_the_project_a_track_and_a_clip_each_take_one(studio: Studio) -> None:
    for line in ("project samba", "hats mpc_62", "bass:A reggae --timing 50 --velocity 0"):
        say(studio, f"/groove set {line}")
    project = studio.controller.project
    assert project.active_groove == "samba"
    assert project.find_track("hats").groove.name == "mpc_62"
    assert project.find_clip("bass:A")[1].groove.name == "reggae timing 50 % velocity 0 %"
    assert "samba" in say(studio, "/info")


@pytest.mark.parametrize("name", ["mpc_62", "MPC 62", "mpc swing 62", "MPC 16 swing 62", "mpc-62"])
def test_a_groove_is_known_by_its_id_its_name_and_its_words(studio: Studio, name: str) -> None:
    say(studio, f'/groove set hats "{name}"')
    assert studio.controller.project.find_track("hats").groove.groove == "mpc_62"


def test_a_groove_is_drawn(studio: Studio) -> None:
    lines = say(studio, "/groove show mpc_62").splitlines()
    assert "swing 62.0 %" in lines[0]
    assert any("Roger Linn" in line for line in lines)
    steps = lines[-16:]
    assert [line.split()[0] for line in steps[:5]] == ["1.1", "1.2", "1.3", "1.4", "2.1"]
    assert steps[0].index("o") < steps[1].index("o") == steps[3].index("o")
    assert "+115" in steps[1]
    assert "+26.0" in steps[1]  # ms at 138 bpm
    assert max(map(len, lines[-17:])) <= 80


def test_a_learned_groove_is_kept_for_every_project_and_copied_into_the_one_that_plays_it(studio: Studio) -> None:
    say(studio, "/groove set project hip_hop_drunk")
    Path("a.mid").write_bytes(to_midi(studio.controller.project, timeline(studio.controller.project)))
    said = say(studio, "/groove learn a.mid --name mine --grid 1/8")
    assert said.startswith("learned mine")
    assert "16 of 16" in said or "8 of 8" in said
    studio.controller.new()
    say(studio, "/track add drum --instrument rim")
    assert "mine" in say(studio, "/groove list")
    say(studio, "/groove set drum mine")
    say(studio, "/groove delete mine")
    assert [known.id for known in studio.controller.project.grooves] == ["mine"]
    assert "project" in say(studio, "/groove show mine").splitlines()[0]
    with pytest.raises(UserError, match="used by drum"):
        say(studio, "/groove delete mine")
    say(studio, "/groove remove drum")
    say(studio, "/groove delete mine")
    assert studio.controller.project.grooves == ()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("set hats nope", "no groove 'nope'"),
        ("set hatz samba", "did you mean hats"),
        ("set reverb samba", "plays no notes"),
        ("remove hats", "no groove of its own"),
        ("commit hats", "nothing to commit"),
        ("delete samba", "comes with the program"),
        ("learn nothing.mid", "no file"),
        ("learn song.txt", "cannot learn"),
        ("set hats samba --amount 101", "amount"),
        ("learn a.mid --name samba", "give yours another"),
        ("learn a.mid --name project", "give yours another"),
        ("learn " + "a" * 300 + ".mid", "too long"),
    ],
)
def test_what_cannot_be_is_said_in_a_line_and_changes_nothing(studio: Studio, line: str, said: str) -> None:
    before = studio.controller.project
    with pytest.raises(UserError) as told:
        say(studio, f"/groove {line}")
    assert said in told.value.line()
    assert studio.controller.project is before


def test_more_swing_keeps_what_else_is_in_a_groove_and_lets_tracks_keep_theirs(studio: Studio) -> None:
    say(studio, "/groove set project laid_back")
    say(studio, "/groove set hats laid_back")
    before = studio.controller.project.groove
    say(studio, "more swing")
    project = studio.controller.project
    assert project.groove.timing[::2] == before.timing[::2]
    later = [b - a for a, b in zip(before.timing[1::2], project.groove.timing[1::2], strict=True)]
    assert later == [later[0]] * 8
    assert later[0] == pytest.approx(38, abs=1)  # 4 % of a pair of sixteenths
    assert project.find_track("hats").groove.groove == "laid_back"
