"""Variations are heard at once and cost nothing until one is kept; leaving brings everything back."""

from collections.abc import Iterator

import pytest

from hardcore.commands.rhythm.explorer import Explorer
from hardcore.errors import UserError
from hardcore.knowledge.rhythms import rhythm
from hardcore.project.integrity import check
from hardcore.rhythm.breeding import vary
from hardcore.rhythm.session import perform
from tests.commands.listener import Heard
from tests.song import song

BAR = 7680


@pytest.fixture
def heard(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Heard]:
    monkeypatch.chdir(str(tmp_path))
    heard = Heard(song())
    yield heard
    heard.close()


def kicks(heard: Heard, bars: int = 1) -> list[int]:
    """Return where kicks are heard in the next whole bars, from their start."""
    track = heard.project.find_track("kick").id
    begin = int(-(-heard.player.latest().tick // BAR) * BAR)
    heard.pass_bars(bars + 1.2)
    found = [note.tick - begin for note in heard.player.notes if note.track_id == track]
    return sorted({(tick + 120) // 480 for tick in found if 0 <= tick + 120 < bars * BAR})


def written(distance: float, seed: int, bars: int = 4) -> list[int]:
    play = perform(vary(rhythm("ghosty"), distance, seed), bars=bars, seed=rhythm("ghosty").seed, bpm=138)
    return sorted({(note.start_ticks + 120) // 480 for note in play.notes.of_layer(0)})


def test_every_variation_is_heard_at_once_in_place_of_the_drums_that_play(heard: Heard) -> None:
    heard.do("/launch A")
    heard.pass_bars(1.5)
    before, steps = heard.project, heard.steps
    assert heard.do("/rhythm explore ghosty").number == 0
    playing = heard.player.latest().clips
    kick = heard.project.find_track("kick")
    assert playing[kick.id].clip == kick.clips[0].id, "the clip that plays is the one that is tried in"
    for number in (1, 2):
        assert heard.do("/rhythm explore next").number == number
        at = int(heard.player.latest().tick // BAR) + 1
        wanted = {step % 16 for step in written(0.25, rhythm("ghosty").seed + number) if step // 16 == at % 4}
        assert set(kicks(heard)) == wanted
    assert heard.do("/rhythm explore back").number == 1
    assert (heard.project, heard.steps) == (before, steps)


def test_far_and_near_vary_more_and_less_in_the_same_direction(heard: Heard) -> None:
    heard.do("/rhythm explore ghosty --distance 15")
    near = heard.do("/rhythm explore next")
    far = heard.do("/rhythm explore far")
    assert (near.distance, far.distance, near.number, far.number) == (15, 25, 1, 1)
    for _ in range(9):
        far = heard.do("/rhythm explore far")
    assert far.distance == 100

    def moved(view: object) -> float:
        return sum(abs(now - was) for was, now in view.figures.values())  # type: ignore[attr-defined]

    assert 0 < moved(near) < moved(far)
    for _ in range(12):
        near = heard.do("/rhythm explore near")
    assert near.distance == 5


def test_the_first_variation_is_the_rhythm_itself(heard: Heard) -> None:
    view = heard.do("/rhythm explore ghosty")
    assert heard.do("/rhythm explore back").number == 0
    assert all(was == now for _, was, now in view.bars) and all(was == now for was, now in view.figures.values())
    assert "as it is" in view.text() and "kick" in view.text() and "E " in view.text()
    assert "variation 1 at 25 %" in heard.do("/rhythm explore next").text()
    assert heard.do("/rhythm explore").number == 1


def test_what_is_kept_is_one_step_and_sounds_as_it_was_heard(heard: Heard) -> None:
    heard.do("/launch A")
    heard.pass_bars(1.3)
    heard.do("/rhythm explore ghosty")
    heard.do("/rhythm explore next")
    heard.do("/gain bass -6")
    steps, sounding = heard.steps, heard.studio.controller.hearing.heard
    answer = heard.do('/rhythm explore keep "late kick"')
    assert heard.steps == steps + 1 and heard.studio.recall(Explorer) is None
    assert heard.project == sounding == heard.studio.controller.hearing.heard
    check(heard.project)
    assert "variation 1 at 25 %" in answer.text() and "kept rhythm seed late kick" in answer.text()
    clip = heard.project.find_clip("kick:A")[1]
    assert sorted({(n.start_ticks + n.offset_ticks + 120) // 480 for n in clip.notes}) == written(
        0.25, rhythm("ghosty").seed + 1
    )
    assert clip.provenance is not None and clip.provenance.intent["variation"] == "1"
    assert "late kick" in heard.do("/rhythm seeds").text()
    heard.do("/undo")
    assert heard.project.find_track("bass").mixer.gain_db == -6
    assert len(heard.project.find_clip("kick:A")[1].notes) == 8


def test_leaving_brings_back_what_was(heard: Heard) -> None:
    heard.do("/launch A")
    heard.pass_bars(1.3)
    before = kicks(heard)
    steps, project = heard.steps, heard.project
    heard.do("/rhythm explore ghosty --distance 80")
    heard.do("/rhythm explore next")
    heard.pass_bars(2)
    assert len(heard.studio.controller.hearing.heard.tracks) > len(project.tracks)
    heard.do("/rhythm explore leave")
    heard.pass_bars(1)
    assert heard.studio.controller.hearing.heard == heard.project == project
    assert heard.steps == steps and kicks(heard) == before
    assert heard.player.latest().playing
    for verb in ("next", "keep", "leave"):
        with pytest.raises(UserError, match="no variations"):
            heard.do(f"/rhythm explore {verb}")


def test_from_silence_it_plays_and_leaving_is_silence_again(heard: Heard) -> None:
    heard.do("/rhythm explore urgent")
    heard.pass_bars(1.5)
    assert len(heard.player.notes) > 20
    heard.do("/rhythm explore leave")
    assert not heard.player.latest().playing
    assert heard.studio.controller.hearing.heard == heard.project


def test_edits_while_one_tries_meet_no_id_that_is_tried(heard: Heard) -> None:
    heard.do("/rhythm explore urgent")
    heard.do("/track add shaker")
    heard.do("/scene add urgent")
    heard.do("/rhythm explore next")
    check(heard.studio.controller.hearing.heard)
    heard.do("/rhythm explore keep")
    check(heard.project)
    assert {"shaker", "shaker 2"} <= {track.name for track in heard.project.tracks}
    heard.do("/undo")
    check(heard.project)
    heard.do("/redo")
    heard.do("/rhythm explore urgent")
    heard.do("/undo")
    heard.do("/undo")
    check(heard.studio.controller.hearing.heard)
    heard.do("/rhythm explore keep")
    check(heard.project)


def test_a_session_and_variations_do_not_play_on_the_same_drums(heard: Heard) -> None:
    heard.do("/rhythm explore urgent")
    with pytest.raises(UserError, match="are being tried"):
        heard.do("/rhythm session warehouse")
    heard.do("/rhythm explore leave")
    heard.do("/rhythm session warehouse")
    with pytest.raises(UserError, match="is going on"):
        heard.do("/rhythm explore urgent")


def test_another_project_ends_it(heard: Heard) -> None:
    heard.do("/rhythm explore urgent")
    heard.do("/new")
    with pytest.raises(UserError, match="no variations"):
        heard.do("/rhythm explore next")
    assert heard.studio.controller.hearing.heard == heard.project


def test_leaving_launches_again_what_played_on_a_track(heard: Heard) -> None:
    heard.do("/clip copy kick:A kick B")
    heard.do("/launch A")
    heard.pass_bars(1.3)
    heard.do("/launch kick:B")
    heard.pass_bars(1)
    kick, (_, other) = heard.project.find_track("kick").id, heard.project.find_clip("kick:B")
    heard.do("/rhythm explore ghosty")
    heard.pass_bars(1.5)
    assert heard.player.latest().clips[kick].clip == heard.project.find_clip("kick:A")[1].id
    heard.do("/rhythm explore leave")
    heard.pass_bars(1.5)
    assert heard.player.latest().clips[kick].clip == other.id
