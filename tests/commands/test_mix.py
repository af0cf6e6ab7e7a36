"""The mix as one meets it: checked, corrected, undone; before a file is written; beside what one goes on doing."""

import asyncio
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hardcore.app import build_studio, open_project
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.core.results import Result
from hardcore.commands.exchange.transfer import Exported
from hardcore.commands.mixing.automix import AutoMix
from hardcore.commands.mixing.mix import Checked, Corrected
from hardcore.controller.events import CommandRan, Event, JobChanged, StepMade
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.knowledge import loader
from hardcore.surfaces.cli import main
from hardcore.surfaces.repl.prompt import Session
from hardcore.surfaces.repl.reader import PlainReader
from hardcore.surfaces.repl.show import Screen

# A style that its own limiter makes far too loud: there is always something to correct.
SOFT = "name: soft house\nabout: A quiet house.\nbased_on: house\nsynonyms: []\nmix: {target_lufs: -15}\n"
PROMPT = "soft house, only kick and bass, 1 bar"


@pytest.fixture
def studio(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    """Yield a studio whose user has the style, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    own_style()
    studio = build_studio()
    yield studio
    studio.close()


def own_style() -> None:
    loader.own_folder().mkdir(parents=True)
    (loader.own_folder() / "soft_house.yaml").write_text(SOFT, encoding="utf-8")


def do(studio: Studio, line: str) -> Result:
    result = asyncio.run(run_line(studio, line, Caller()))
    assert result is not None
    return result


def exported(studio: Studio, file: str) -> Exported:
    result = do(studio, f"/export {file}")
    assert isinstance(result, Exported)
    return result


def limiter_db(studio: Studio) -> float:
    return next(e.value("gain") for e in studio.controller.project.master.effects if e.device == "limiter")


@pytest.mark.usefixtures("full_rate")
def test_what_a_prompt_made_is_corrected_before_it_is_written_and_the_project_keeps_it(studio: Studio) -> None:
    do(studio, f"{PROMPT} --seed 1")
    before = limiter_db(studio)
    first = exported(studio, "a.wav")
    assert first.lufs == pytest.approx(-15, abs=1.05)
    assert "mix    master limiter gain −" in first.text() and "LUFS, as it should be" in first.text()
    assert limiter_db(studio) < before - 2
    step = studio.controller.history.step
    assert step.author == "producer" and step.label.startswith("mix: master limiter gain −")
    again = exported(studio, "b.wav")
    assert again.corrected == () and Path("a.wav").read_bytes() == Path("b.wav").read_bytes()
    do(studio, "/undo")
    assert limiter_db(studio) == before
    assert exported(studio, "c.wav").corrected == (), "what one has undone stays undone"


def test_what_somebody_changed_since_is_written_as_it_is(studio: Studio) -> None:
    do(studio, f"{PROMPT} --seed 1")
    do(studio, "/gain kick -7")
    at = studio.controller.history.at
    assert exported(studio, "a.wav").corrected == ()
    assert studio.controller.history.at == at


def test_the_producer_need_not_listen(studio: Studio) -> None:
    do(studio, "/config producer.listen false")
    do(studio, f"{PROMPT} --seed 1")
    assert exported(studio, "a.wav").corrected == ()


def test_a_check_says_what_is_off_and_what_would_be_done(studio: Studio) -> None:
    do(studio, f"{PROMPT} --seed 1")
    found = do(studio, "/mix check")
    assert isinstance(found, Checked)
    assert found.style == "soft house"
    table = {row[0]: row for row in found.rows}
    assert table["loudness"][1] == "−15 ± 1 LUFS" and table["loudness"][3].startswith("+")
    assert {"low end", "kick", "bass"} <= set(table)
    assert "mix correct would begin with: master limiter gain −" in found.text()
    assert studio.controller.history.step.label == f"{PROMPT} --seed 1", "a look changes nothing"
    loud = do(studio, "/mix check --style house")
    assert isinstance(loud, Checked) and loud.style == "house"


def test_a_correction_is_one_step(studio: Studio) -> None:
    do(studio, f"{PROMPT} --seed 1")
    before = studio.controller.project
    done = do(studio, "/mix correct")
    assert isinstance(done, Corrected) and done.corrections
    do(studio, "/undo")
    assert studio.controller.project is before
    do(studio, "/redo")
    right = do(studio, "/mix correct")
    assert isinstance(right, Corrected)
    assert right.text() == "the mix stays as it is, as soft house wants it"


def test_what_one_touches_while_it_listens_stays_as_one_has_it(studio: Studio) -> None:
    do(studio, f"{PROMPT} --seed 1")

    async def both() -> Result | None:
        listening = asyncio.ensure_future(run_line(studio, "/mix correct", Caller()))
        await asyncio.sleep(0)
        await run_line(studio, "/gain master -2", Caller())
        return await listening

    result = asyncio.run(both())
    assert isinstance(result, Corrected) and not any("master" in change for change in result.corrections)
    assert studio.controller.project.master.mixer.gain_db == -2


def test_a_piece_is_corrected_once_though_it_is_written_while_it_is_listened_to(studio: Studio) -> None:
    do(studio, f"{PROMPT} --seed 1")

    async def both() -> tuple[Result | None, Result | None]:
        lines = (run_line(studio, line, Caller()) for line in ("/mix correct", "/export a.wav"))
        first, second = await asyncio.gather(*lines)
        return first, second

    asyncio.run(both())
    labels = [step.label for step in studio.controller.history.steps.values()]
    assert sum(label.startswith("mix: ") for label in labels) == 1


def test_a_correction_is_signed_by_who_asked_for_it_and_only_on_the_step_that_they_expect(studio: Studio) -> None:
    do(studio, f"{PROMPT} --seed 1")
    agent = Caller("agent", expected=studio.controller.history.at)

    async def both() -> None:
        listening = asyncio.ensure_future(run_line(studio, "/mix correct", agent))
        await asyncio.sleep(0)
        await run_line(studio, "/gain kick -2", Caller())
        with pytest.raises(UserError, match=f"the project is at step {agent.expected + 1}, not {agent.expected}"):
            await listening

    asyncio.run(both())
    assert studio.controller.history.step.label == "gain kick -2", "it edited nothing on top of another step"
    asyncio.run(run_line(studio, "/mix correct", Caller("agent", expected=studio.controller.history.at)))
    step = studio.controller.history.step
    assert step.author == "agent" and step.label.startswith("mix: ")


def test_listening_can_be_cancelled(studio: Studio) -> None:
    do(studio, f"{PROMPT} --seed 1")
    at = studio.controller.history.at

    async def begun() -> None:
        listening = asyncio.ensure_future(run_line(studio, "/mix correct", Caller()))
        await asyncio.sleep(0.2)
        listening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await listening

    asyncio.run(begun())
    assert studio.controller.history.at == at


def test_nothing_to_hear_and_nothing_to_go_by_are_said(studio: Studio) -> None:
    with pytest.raises(UserError, match="not made from a prompt"):
        do(studio, "/mix check")
    with pytest.raises(UserError, match="nothing to listen to"):
        do(studio, "/mix check --style house")


@pytest.mark.usefixtures("full_rate")
def test_the_command_line_gives_the_same_bytes_each_time(home: Path, tmp_path: Path) -> None:
    own_style()
    said = []
    for name in ("a.wav", "b.wav"):
        out, err = io.StringIO(), io.StringIO()
        assert main(["render", PROMPT, "-o", str(tmp_path / name)], open_project, io.StringIO(), out, err) == 0
        said.append(out.getvalue().replace(name, ""))
    assert said[0] == said[1] and "mix    master limiter gain −" in said[0]
    assert (tmp_path / "a.wav").read_bytes() == (tmp_path / "b.wav").read_bytes()


class Lines(PlainReader):
    """A person who types some lines, each when the one before has been answered, and then waits for a step."""

    def __init__(self, studio: Studio, lines: list[str], until: Callable[[Studio], bool]) -> None:
        super().__init__(io.StringIO())
        self._studio, self._lines, self._until = studio, lines, until

    async def line(self) -> str | None:
        """Return the next line; after the last, nothing as soon as there is what is waited for."""
        if self._lines:
            return self._lines.pop(0)
        async with asyncio.timeout(60):
            while not self._until(self._studio):
                await asyncio.sleep(0.05)
        return None


def session(studio: Studio, lines: list[str], until: Callable[[Studio], bool]) -> str:
    out = io.StringIO()
    reader = Lines(studio, lines, until)
    asyncio.run(Session(studio, Screen(out, lambda: False, plain=True), reader).run(is_first=False))
    return out.getvalue()


def test_the_studio_listens_by_itself_while_one_goes_on(studio: Studio) -> None:
    ran: list[CommandRan] = []
    studio.controller.events.subscribe(CommandRan, ran.append)

    def corrected(studio: Studio) -> bool:
        return any(event.name == "mix correct" for event in ran)

    said = session(studio, [f"{PROMPT} --seed 1", "/gain bass -1"], corrected)
    assert "mix: master limiter gain −" in said and "as it should be" in said
    assert studio.controller.project.find_track("bass").mixer.gain_db == -1, "what was typed meanwhile is there"
    steps = [studio.controller.history.steps[number].author for number in (1, 2, 3)]
    assert steps == ["you", "you", "producer"]


def test_a_newer_piece_is_listened_to_instead(studio: Studio) -> None:
    second = f"{PROMPT} --seed 2"
    session(studio, [f"{PROMPT} --seed 1", second], lambda studio: studio.unheard is None)
    labels = [step.label for step in studio.controller.history.steps.values()]
    assert labels[1:3] == [f"{PROMPT} --seed 1", second] and len(labels) <= 4


async def listened(studio: Studio, line: str, caller: Caller) -> list[Event]:
    """Return what is told while a line runs in a studio that listens by itself, until it has listened."""
    told: list[Event] = []
    over = asyncio.Event()
    stop = studio.controller.events.subscribe((StepMade, CommandRan, JobChanged), told.append)
    ended = studio.controller.events.subscribe(
        CommandRan, lambda event: over.set() if event.name == "mix correct" else None
    )
    mixing = AutoMix(studio)
    await run_line(studio, line, caller)
    if mixing.going:
        async with asyncio.timeout(60):
            await over.wait()
    await mixing.end()
    stop()
    ended()
    return told


def test_a_piece_is_listened_to_whatever_surface_it_was_asked_for_on(studio: Studio) -> None:
    told = asyncio.run(listened(studio, f"{PROMPT} --seed 1", Caller("agent", cause=("a rule",))))
    made, mixed = (event for event in told if isinstance(event, StepMade))
    assert (made.author, made.cause) == ("agent", ("a rule",))
    assert (mixed.author, mixed.cause) == ("producer", ("a rule", f"{PROMPT} --seed 1"))
    assert mixed.label.startswith("mix: master limiter gain −") and mixed.old is made.new
    ran = [(event.name, event.author, event.step, event.error) for event in told if isinstance(event, CommandRan)]
    assert ran == [("compose", "agent", 1, ""), ("mix correct", "producer", 2, "")]
    states = [event.state for event in told if isinstance(event, JobChanged)]
    assert states[0] == "waiting" and states[-1] == "done"


def test_what_is_no_piece_or_is_not_to_be_listened_to_is_not(studio: Studio) -> None:
    do(studio, "/config producer.listen false")
    told = asyncio.run(listened(studio, f"{PROMPT} --seed 1", Caller()))
    do(studio, "/config producer.listen true")
    told += asyncio.run(listened(studio, "/gain kick -2", Caller()))
    assert [event.author for event in told if isinstance(event, StepMade)] == ["you", "you"]
    assert not [event for event in told if isinstance(event, JobChanged)]
