"""Branches by command: work beside the present, heard or not, that nobody's undo mixes up."""

import asyncio
import io
from pathlib import Path

import pytest

from hardcore.app import open_project
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.controller.events import HearingChanged
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.project.integrity import check
from hardcore.project.state import ProjectState
from hardcore.project.text import text
from hardcore.surfaces.cli import main
from tests.song import studio_with_song

AGENT = Caller(author="agent")


def do(studio: Studio, line: str, caller: Caller | None = None) -> str:
    result = asyncio.run(run_line(studio, line, caller or Caller()))
    assert result is not None
    return result.text()


def gain(project: ProjectState, name: str = "kick") -> float:
    return project.find_track(name).mixer.gain_db


@pytest.fixture
def studio(tmp_path: Path):
    studio = studio_with_song(tmp_path)
    yield studio
    studio.close()


class Player:
    """Notes what it is to play."""

    def __init__(self) -> None:
        self.followed: list[tuple[ProjectState, bool]] = []

    def follow(self, project: ProjectState, *, provisional: bool = False, opening: int = 0) -> None:
        self.followed.append((project, provisional))

    def close(self) -> None:
        pass


@pytest.fixture
def player(studio: Studio) -> Player:
    player = studio.player = Player()  # type: ignore[assignment]
    studio.controller.events.subscribe(HearingChanged, lambda event: player.follow(event.heard))
    return player  # type: ignore[return-value]


def test_an_edit_on_a_branch_leaves_the_present_as_it_is(studio: Studio) -> None:
    controller, present = studio.controller, studio.controller.project
    assert (
        do(studio, "/history branch loud")
        == f"branch loud begins at step {controller.history.at}; edit it with --head loud"
    )
    do(studio, "/track gain kick -3 --head loud", AGENT)
    do(studio, "/track gain hats -5 --head=loud", AGENT)
    assert controller.project is present
    assert gain(controller.on("loud")) == -3
    assert "-3" in do(studio, "/track list --head loud") and "-3" not in do(studio, "/track list")
    told = do(studio, "/history heads")
    assert "loud" in told and "2 steps from" in told and "agent" in told
    assert do(studio, "/history list --head loud").splitlines()[-1].startswith(">")


def test_a_sentence_and_a_scope_work_on_a_branch_too(studio: Studio) -> None:
    do(studio, "/history branch b")
    do(studio, "mute the hats --head b")
    assert studio.controller.on("b").find_track("hats").mixer.mute
    assert not studio.controller.project.find_track("hats").mixer.mute


@pytest.mark.parametrize("line", ["/tempo 66 --head main", "mute the hats --head main", "/gain kick -3 --head b"])
def test_who_works_on_a_branch_cannot_leave_it(studio: Studio, line: str) -> None:
    controller, present = studio.controller, studio.controller.project
    for name in ("agent", "b"):
        do(studio, f"/history branch {name}")
    confined = Caller(author="agent", head="agent")
    with pytest.raises(UserError, match="agent works on the branch agent"):
        do(studio, line, confined)
    assert controller.project is present and controller.on("b") is present
    do(studio, "/gain kick -4 --head agent", confined)
    assert gain(controller.on("agent")) == -4 and controller.project is present


def test_undo_and_redo_stay_on_their_branch(studio: Studio) -> None:
    history = studio.controller.history
    do(studio, "/history branch b")
    do(studio, "/gain kick -3 --head b", AGENT)
    do(studio, "/gain kick -9")
    assert do(studio, "/undo --head b", AGENT) == "undone: gain kick -3 --head b"
    with pytest.raises(UserError, match="nothing to undo on b"):
        do(studio, "/undo --head b", AGENT)
    do(studio, "/undo")
    at = history.at
    assert do(studio, "/redo") == "redone: gain kick -9", "not the agent's, though that is younger at the fork"
    assert do(studio, "/redo --head b") == "redone: gain kick -3 --head b"
    assert history.at == at + 2 and gain(studio.controller.project) == -9


def test_on_main_others_take_back_only_their_own_newest_step(studio: Studio) -> None:
    do(studio, "/gain kick -3", AGENT)
    own = studio.controller.history.at
    do(studio, "/gain hats -4")
    with pytest.raises(UserError, match="by you") as told:
        do(studio, "/undo", AGENT)
    assert told.value.hint == f"history revert {own} takes back your newest"
    with pytest.raises(UserError, match="only the person"):
        do(studio, "/history goto 0", AGENT)
    do(studio, "/undo")
    with pytest.raises(UserError, match="by you"):
        do(studio, "/redo", AGENT)
    assert do(studio, "/undo", AGENT) == "undone: gain kick -3"
    with pytest.raises(UserError, match="is by"):
        do(studio, "/undo", AGENT)
    assert do(studio, "/redo", AGENT) == "redone: gain kick -3"


def test_the_expected_step_is_that_of_the_branch(studio: Studio) -> None:
    history = studio.controller.history
    do(studio, "/history branch b")
    do(studio, "/gain kick -3")
    with pytest.raises(UserError, match="the project is at step"):
        do(studio, "/gain kick -4", Caller(head="b", expected=history.at))
    do(studio, "/gain kick -4", Caller(head="b", expected=history.place("b")))
    assert gain(studio.controller.on("b")) == -4


def test_ids_that_a_branch_spends_are_spent_everywhere(studio: Studio) -> None:
    controller = studio.controller
    do(studio, "/history branch b")
    do(studio, "/track add one --head b")
    do(studio, "/track add two")
    ids = [{track.id for track in project.tracks} for project in (controller.on("b"), controller.project)]
    assert len(ids[0] ^ ids[1]) == 2


def test_a_branch_is_heard_while_the_person_edits_the_present(studio: Studio, player: Player) -> None:
    controller = studio.controller
    do(studio, "/history branch b")
    do(studio, "/gain kick -3 --head b")
    assert player.followed == []
    assert do(studio, "/history hear b").startswith("you hear branch b: gain kick -3")
    assert player.followed[-1] == (controller.on("b"), True)
    do(studio, "/gain kick -9")
    assert gain(player.followed[-1][0]) == -3 and studio.heard == "b", "the person's edit is not heard"
    do(studio, "/gain kick -4 --head b")
    assert gain(player.followed[-1][0]) == -4 and player.followed[-1][1], "the branch's is"
    assert "you hear the present" in do(studio, "/history hear")
    assert player.followed[-1][0] is controller.project and studio.heard is None
    do(studio, "/gain kick -10")
    assert gain(player.followed[-1][0]) == -10


def test_two_places_are_heard_in_turn_as_loud_as_each_other(studio: Studio, player: Player) -> None:
    def master() -> float:
        return player.followed[-1][0].master.mixer.gain_db

    with pytest.raises(UserError, match="nothing is compared yet"):
        do(studio, "/history compare")
    do(studio, "/history branch b")
    do(studio, "/gain master -7 --head b")
    here = studio.controller.history.at
    assert do(studio, f"/history compare {here} b").startswith(f"you hear A, step {here}, -7")
    assert master() == pytest.approx(-7, abs=0.3), "as much softer as the other's fader is down"
    assert "you hear B, branch b; " in do(studio, "/history compare")
    assert player.followed[-1] == (studio.controller.on("b"), True)
    do(studio, "/gain kick -4 --head b")
    assert gain(player.followed[-1][0]) == -4 and master() == -7
    assert f"you hear A, step {here}" in do(studio, "/history compare")
    do(studio, "/gain kick -9")
    assert studio.heard is None and master() == 0 and gain(player.followed[-1][0]) == -9
    assert "you hear A, step 0; /history compare hears B, branch b" in do(studio, "/history compare 0 b")


def test_what_is_heard_ends_with_its_branch_and_with_the_project(studio: Studio, player: Player) -> None:
    do(studio, "/history branch b")
    do(studio, "/gain kick -3 --head b")
    do(studio, "/history hear b")
    assert do(studio, "/history drop b").startswith("branch b is dropped; its 1 step can be reached: history goto")
    assert studio.heard is None and player.followed[-1][0] is studio.controller.project
    do(studio, "/history branch b")
    do(studio, "/gain kick -3 --head b")
    do(studio, "/history hear b")
    before = len(player.followed)
    do(studio, "/history hear b")
    assert [provisional for _, provisional in player.followed[before:]] == [True], "nothing else is heard in between"
    do(studio, "/new")
    assert studio.heard is None and player.followed[-1][0] is studio.controller.project
    do(studio, "/title other")
    assert player.followed[-1][0].title == "other"
    do(studio, "/history branch b")
    do(studio, "/history hear b")
    do(studio, "/new")
    do(studio, "/history branch b")
    do(studio, "/title third")
    assert studio.heard is None and player.followed[-1][0].title == "third", "a branch of that name is another one"


def test_an_unknown_branch_is_told_with_the_nearest(studio: Studio) -> None:
    do(studio, "/history branch bass")
    for line in ("/gain kick -3 --head bas", "/history hear bas", "/history drop bas", "/undo --head bas"):
        with pytest.raises(UserError, match="no branch 'bas'") as told:
            do(studio, line)
        assert "bass" in told.value.hint
    with pytest.raises(UserError, match="--head needs the branch"):
        do(studio, "/gain kick -3 --head")


def test_branches_are_saved_and_count_as_unsaved_until_then(tmp_path: Path) -> None:
    studio = studio_with_song(tmp_path)
    controller = studio.controller
    do(studio, "/save")
    do(studio, "/history branch b")
    assert not controller.saved
    do(studio, "/gain kick -3 --head b", AGENT)
    do(studio, "/save")
    assert controller.saved
    do(studio, "/undo --head b", AGENT)
    assert not controller.saved
    do(studio, "/redo --head b", AGENT)
    assert controller.saved
    heads, path = dict(controller.history.heads), controller.path
    studio.close()
    with open_project(path) as again:
        assert again.controller.history.heads == heads
        assert gain(again.controller.on("b")) == -3 and gain(again.controller.project) != -3
        assert do(again, "/undo --head b", AGENT) == "undone: gain kick -3 --head b"
        with pytest.raises(UserError, match="nothing to redo"):
            do(again, "/redo")


def test_compact_keeps_the_branches(studio: Studio) -> None:
    for number in range(1, 8):
        do(studio, f"/gain kick -{number}")
    do(studio, "/history branch b")
    do(studio, "/gain kick -20 --head b", AGENT)
    do(studio, "/gain kick -21 --head b", AGENT)
    do(studio, "/gain hats -3")
    do(studio, "/history compact --days 0")
    assert gain(studio.controller.on("b")) == -21
    assert [step.author for step in studio.controller.history.own("b")] in (["agent"], ["agent", "agent"])
    do(studio, "/undo --head b", AGENT)
    do(studio, "/redo --head b", AGENT)
    assert gain(studio.controller.on("b")) == -21


def test_a_merge_is_one_step_with_what_both_did_and_the_branch_goes_on_from_it(studio: Studio) -> None:
    controller = studio.controller
    do(studio, "/history branch b")
    do(studio, "/gain kick -3 --head b", AGENT)
    do(studio, "/track add pad --head b", AGENT)
    do(studio, "/gain hats -6")
    told = do(studio, "/history merge b")
    assert told.splitlines()[0] == "merged 2 steps of b" and "kick gain_db 0 → -3" in told and "track pad added" in told
    project, at = controller.project, controller.history.at
    assert (gain(project), gain(project, "hats")) == (-3, -6) and project.find_track("pad")
    assert controller.history.step.label == "history merge b" and controller.history.step.author == "you"
    assert controller.history.heads["b"].step == controller.history.base("b") == at and controller.on("b") is project
    with pytest.raises(UserError, match="b has no steps of its own"):
        do(studio, "/history merge b")
    do(studio, "/gain kick -8 --head b", AGENT)
    do(studio, "/gain hats -7")
    do(studio, "/history merge b")
    assert (gain(controller.project), gain(controller.project, "hats")) == (-8, -7)
    do(studio, "/undo")
    assert (gain(controller.project), gain(controller.project, "hats")) == (-3, -7), "one step of undo"


def test_a_branch_whose_merge_was_undone_has_its_work_and_is_merged_again(studio: Studio) -> None:
    controller = studio.controller
    do(studio, "/history branch b")
    do(studio, "/gain kick -3 --head b", AGENT)
    do(studio, "/history merge b")
    do(studio, "/undo")
    assert "1 step from" in do(studio, "/history heads")
    do(studio, "/gain hats -6")
    do(studio, "/gain snare -2 --head b", AGENT)
    told = do(studio, "/history merge b")
    assert told.startswith("merged 2 steps of b")
    gains = [gain(controller.project, name) for name in ("kick", "hats", "snare")]
    assert gains == [-3, -6, -2], "what was undone with the merge, what both did since"
    with pytest.raises(UserError, match="b has no steps of its own"):
        do(studio, "/history merge b")
    with pytest.raises(UserError, match="nothing to undo on b"):
        do(studio, "/undo --head b", AGENT)
    do(studio, "/history goto 1")
    do(studio, "/history merge b --preview")


def test_what_both_changed_is_listed_and_nothing_done_until_a_side_is_taken(studio: Studio) -> None:
    controller = studio.controller
    do(studio, "/history branch b")
    do(studio, "/gain kick -3 --head b", AGENT)
    do(studio, "/gain snare -2 --head b", AGENT)
    do(studio, "/gain kick -9")
    steps, heads = len(controller.history.steps), dict(controller.history.heads)
    with pytest.raises(UserError) as told:
        do(studio, "/history merge b")
    assert told.value.line() == (
        "changed here and on b: kick, gain_db: -9 here, -3 there (history merge b --take ours, or theirs)"
    )
    assert "both: kick, gain_db" in do(studio, "/history merge b --preview")
    assert (len(controller.history.steps), controller.history.heads) == (steps, heads), "nothing is done"
    do(studio, "/history merge b --take theirs")
    assert (gain(controller.project), gain(controller.project, "snare")) == (-3, -2)
    do(studio, "/undo")
    assert (gain(controller.project), gain(controller.project, "snare")) == (-9, 0)


def test_a_dry_run_of_a_merge_says_what_it_would_do(studio: Studio) -> None:
    do(studio, "/history branch b")
    do(studio, "/gain kick -3 --head b")
    before = studio.controller.history.places
    told = do(studio, "/history merge b", Caller(dry_run=True))
    assert told.startswith("would merge 1 step of b") and "kick gain_db 0 → -3" in told
    assert studio.controller.history.places == before


def test_many_notes_that_both_changed_are_one_line(studio: Studio) -> None:
    do(studio, "/history branch b")
    do(studio, "/transpose bass 3 --head b")
    do(studio, "/transpose bass 5")
    with pytest.raises(UserError, match=r"bass, clip bass A: 16 notes$"):
        do(studio, "/history merge b")


def test_one_step_is_taken_back_and_what_came_after_stays(studio: Studio) -> None:
    controller = studio.controller
    do(studio, "/gain kick -3")
    step = controller.history.at
    do(studio, "/gain hats -6")
    told = do(studio, f"/history revert {step}")
    assert told.splitlines() == [f"took back step {step}: gain kick -3", "  kick gain_db -3 → 0"]
    assert (gain(controller.project), gain(controller.project, "hats")) == (0, -6)
    assert do(studio, f"/history revert {step}") == f"nothing is left of step {step}: gain kick -3"
    do(studio, "/gain kick -3")
    do(studio, "/gain kick -5")
    step = controller.history.at - 1
    with pytest.raises(UserError, match=f"changed by step {step} and again since: kick, gain_db: -5 here, 0 there"):
        do(studio, f"/history revert {step}")
    do(studio, f"/history revert {step} --take theirs")
    assert gain(controller.project) == 0


def test_of_a_part_only_its_own_change_is_taken_back(studio: Studio) -> None:
    controller = studio.controller
    do(studio, "/gain bass,kick -6")
    do(studio, "/gain hats -2")
    told = do(studio, "/history revert bass")
    assert told.startswith("took back bass in step")
    assert [gain(controller.project, name) for name in ("bass", "kick", "hats")] == [0, -6, -2]
    do(studio, "/track add pad")
    do(studio, "/gain hats -3")
    do(studio, "/history revert pad")
    assert all(track.name != "pad" for track in controller.project.tracks)
    with pytest.raises(UserError, match="step 0 is the beginning"):
        do(studio, "/history revert 0")


def test_others_take_back_their_own_steps_only(studio: Studio) -> None:
    do(studio, "/gain kick -3", AGENT)
    own = studio.controller.history.at
    do(studio, "/gain hats -6")
    with pytest.raises(UserError, match="is by you"):
        do(studio, "/history revert hats", AGENT)
    do(studio, f"/history revert {own}", AGENT)
    assert (gain(studio.controller.project), gain(studio.controller.project, "hats")) == (0, -6)


def test_a_step_that_did_not_lead_here_is_not_taken_back(studio: Studio) -> None:
    do(studio, "/gain kick -3")
    step = studio.controller.history.at
    do(studio, "/undo")
    with pytest.raises(UserError, match=f"step {step} did not lead here"):
        do(studio, f"/history revert {step}")
    with pytest.raises(UserError, match="no step 99"):
        do(studio, "/history revert 99")


def test_a_file_is_printed_as_text_from_the_shell(studio: Studio, tmp_path: Path) -> None:
    do(studio, "/history branch b")
    do(studio, "/gain kick -3 --head b")
    do(studio, "/save")
    file, before = tmp_path / "song.hcs", (tmp_path / "song.hcs").read_bytes()
    texts = []
    for arguments in ([], ["--head", "b"]):
        out = io.StringIO()
        assert main(["text", str(file), *arguments], open_project, io.StringIO(), out, io.StringIO()) == 0
        texts.append(out.getvalue())
    assert texts[0] == text(studio.controller.project) and texts[1] == text(studio.controller.on("b")) != texts[0]
    assert file.read_bytes() == before
    err = io.StringIO()
    assert main(["text", str(file), "--head", "c"], open_project, io.StringIO(), io.StringIO(), err) == 1
    assert "no branch 'c'" in err.getvalue()


def test_what_a_part_that_is_taken_back_refers_to_and_is_gone_is_left_out(studio: Studio) -> None:
    """Such a project was stored, and could never be read again."""
    do(studio, "/track remove reverb")
    assert not studio.controller.project.find_track("snare").sends
    do(studio, "/history revert snare")
    check(studio.controller.project)
    do(studio, "acid 130 bpm, 1 bar --seed 3")
    at = studio.controller.history.at
    with pytest.raises(UserError, match=f"step {at} made another piece"):
        do(studio, "/history revert kick")
    do(studio, f"/history revert {at}")
    check(studio.controller.project)
