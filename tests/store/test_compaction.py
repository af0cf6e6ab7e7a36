"""A history is made shorter: what stays is what it was, the file before is whole, and nothing is lost on the way."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardcore.controller.controller import Controller
from hardcore.errors import UserError
from hardcore.project.history import History
from hardcore.project.state import new_project
from hardcore.store import saving, schema, working_copy
from hardcore.store.compaction import Kept, kept_steps
from hardcore.store.project_file import open_project, recoverable
from hardcore.store.projects import Projects
from tests.store.child import fingerprint
from tests.store.test_room import begun, fill

DAY = 86_400.0


def wandered(seed: int, steps: int) -> History:
    """Return a history of random edits, undos and jumps; a step a day."""
    rng, history = random.Random(seed), History(new_project())
    for day in range(steps):
        history.push(history.state().evolve(title=f"day {day}"), f"day {day}", "you", day * DAY)
        while history.at and rng.random() < 0.4:
            history.undo()
        if rng.random() < 0.2:
            history.goto(rng.randrange(history.last + 1))
    return history


def after(history: History, kept: list[Kept]) -> History:
    """Return the history as a file of those steps is read."""
    from hardcore.project.history import Step

    steps = [Step(k.number, k.parent, "", "", history.steps[k.number].at, history.state(k.number)) for k in kept]
    redo = {k.number: k.redo for k in kept if k.redo is not None}
    return History.of(steps, history.at, history.highest_id, redo=redo)


@given(st.integers(0, 2**32), st.integers(1, 40), st.integers(-1, 41), st.sets(st.integers(0, 40), max_size=3))
def test_what_stays_hangs_together_as_it_did(seed: int, steps: int, since: int, marked: set[int]) -> None:
    history = wandered(seed, steps)
    marked = {number for number in marked if number in history.steps}
    kept = kept_steps(history, since * DAY, marked)
    numbers = [k.number for k in kept]
    assert numbers == sorted(numbers) and numbers[0] == 0
    young = {number for number, step in history.steps.items() if step.at > since * DAY}
    ends = {step.number for step in history.branches()}
    forks = {number for number, step in history.steps.items() if len(step.children) > 1}
    assert {history.at, *marked, *young, *ends, *forks} <= set(numbers)
    made = after(history, kept)
    assert {step.number for step in made.branches()} == ends
    for k in kept:
        line, above = [], history.steps[k.number].parent
        while above is not None:
            line.append(above)
            above = history.steps[above].parent
        assert k.parent == next((number for number in line if number in numbers), None), "the nearest that stays"
        if k.number in young | {history.at}:
            assert k.parent == history.steps[k.number].parent, "an undo there takes back what it did"
    assert len(kept_steps(made, since * DAY, marked)) == len(kept), "once more leaves nothing out"
    # redo leads along the same steps, as far as they stay
    led = [history.at]
    while history.step.redo is not None:
        led.append(history.redo().number)
    redone = [made.at]
    while made.step.redo is not None:
        redone.append(made.redo().number)
    assert redone == [number for number in led if number in numbers]


def edited(folder: Path, days: int = 40) -> Controller:
    """Return a studio's controller with a step a day and two branches, saved."""
    now = iter(range(10**6))
    controller = Controller(Projects(), lambda: next(now) * DAY)
    for day in range(days):
        controller.edit(f"day {day}", lambda project, day=day: project.evolve(title=f"day {day}"))
        if day == days // 2:
            controller.undo()
    controller.save(folder / "song.hcs")
    return controller


def test_the_project_goes_on_as_it_is_with_a_shorter_history(tmp_path: Path) -> None:
    controller = edited(tmp_path)
    project, before = controller.project, dict(controller.history.steps)
    known = {number: fingerprint(controller.history.state(number)) for number in before}
    compaction = controller.compaction(10)
    compaction.prepare()
    controller.compact(compaction)
    compaction.discard()
    history = controller.history
    assert controller.project is project, "nothing that plays or is shown has changed"
    assert compaction.steps == (41, len(history.steps)) and 10 < len(history.steps) < 20
    assert {number: fingerprint(history.state(number)) for number in history.steps} == {
        number: known[number] for number in history.steps
    }
    assert controller.saved
    controller.undo()
    assert controller.project.title == "day 38"
    controller.redo()
    controller.edit("more", lambda project: project.evolve(title="more"))
    controller.flush()
    assert history.last == 41, "numbers are not used twice"
    controller.save()
    controller.close()
    assert recoverable() == []
    again = open_project(tmp_path / "song.hcs")
    assert again.history.steps.keys() == history.steps.keys() and again.history.state().title == "more"
    again.close(keep=False)
    whole = open_project(tmp_path / "song.before-compact.hcs")
    assert {number: fingerprint(whole.history.state(number)) for number in whole.history.steps} == known
    whole.close(keep=False)
    assert [copy.name for copy in working_copy.home().iterdir()] == []


def test_the_file_before_never_takes_the_name_of_another(tmp_path: Path) -> None:
    controller = edited(tmp_path)
    (tmp_path / "song.before-compact.hcs").write_text("mine")
    for _ in range(2):
        for day in range(5):
            controller.edit("x", lambda project, day=day: project.evolve(title=f"{day} {controller.history.last}"))
        compaction = controller.compaction(0)
        compaction.prepare()
        controller.compact(compaction)
    assert (tmp_path / "song.before-compact.hcs").read_text() == "mine"
    assert {path.name for path in tmp_path.glob("*.hcs")} == {
        "song.hcs", "song.before-compact.hcs", "song.before-compact-2.hcs", "song.before-compact-3.hcs",
    }  # fmt: skip
    controller.close()


def test_an_edit_meanwhile_stops_it_and_nothing_has_changed(tmp_path: Path) -> None:
    controller = edited(tmp_path)
    compaction = controller.compaction(0)
    compaction.prepare()
    data = (tmp_path / "song.hcs").read_bytes()
    controller.edit("meanwhile", lambda project: project.evolve(title="meanwhile"))
    with pytest.raises(UserError, match="edited meanwhile"):
        controller.compact(compaction)
    compaction.discard()
    assert (tmp_path / "song.hcs").read_bytes() == data
    assert [path.name for path in tmp_path.glob("*.hcs")] == ["song.hcs"]
    assert len(list(working_copy.home().iterdir())) == 1
    assert len(controller.history.steps) == 42 and controller.project.title == "meanwhile"
    controller.close()
    assert [left.steps for left in recoverable()] == [1]


@pytest.mark.parametrize("call", [0, 1, 2])
def test_a_disk_that_refuses_leaves_everything_as_it_was(
    call: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = edited(tmp_path)
    compaction = controller.compaction(0)
    compaction.prepare()
    calls = iter(range(9))

    def refuse(path: Path) -> None:
        if next(calls) == call:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(saving, "sync", refuse)
    with pytest.raises(UserError, match="no space left"):
        controller.compact(compaction)
    monkeypatch.undo()
    compaction.discard()
    whole = sorted(path.name for path in tmp_path.glob("*.hcs"))
    assert whole == (["song.before-compact.hcs", "song.hcs"] if call == 2 else ["song.hcs"]), (
        "2: it is in place already"
    )
    for path in tmp_path.glob(whole[0]):
        kept = open_project(path, read_only=True)
        assert len(kept.history.steps) == 41
        kept.close(keep=False)
    assert len(controller.history.steps) == 41
    controller.edit("goes on", lambda project: project.evolve(title="goes on"))
    controller.save()
    controller.close()
    again = open_project(tmp_path / "song.hcs", read_only=True)
    assert len(again.history.steps) == 42
    again.close(keep=False)


def test_a_project_without_a_file_is_refused_in_words(tmp_path: Path) -> None:
    controller = begun()
    with pytest.raises(UserError, match="no file yet"):
        controller.compaction(0)
    controller.close("nothing")


def test_a_full_project_has_room_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "MAX_FILE_BYTES", 600_000)
    controller = begun()
    assert "full" in fill(controller)[-1]
    steps = controller.history.last
    controller.save(tmp_path / "full.hcs")
    compaction = controller.compaction(0)
    compaction.prepare()
    controller.compact(compaction)
    assert (tmp_path / "full.hcs").stat().st_size < 150_000
    assert "full" in fill(controller)[-1], "it takes as many edits again"
    assert controller.history.last > 1.8 * steps
    controller.save()
    assert (tmp_path / "full.hcs").stat().st_size <= 600_000
    controller.close()
