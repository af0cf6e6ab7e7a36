"""Python in the studio: it edits by commands, its rights are its caller's, rules call its functions."""

import asyncio
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from hardcore import open_studio
from hardcore.commands.assistant.python import Evaluated
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import resolve, resolve_words, run_line
from hardcore.controller.studio import Studio
from hardcore.errors import Denied, UserError
from hardcore.kernel.kernel import Kernel
from hardcore.paths import state_folder
from hardcore.surfaces.gate import AGENT, permitted
from tests.song import studio_with_song

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the limits are Linux's")


async def typed(studio: Studio, line: str, caller: Caller | None = None) -> str:
    result = await run_line(studio, line, caller or Caller())
    assert result is not None
    return result.text()


@pytest.mark.parametrize(
    "code", ['"abc"', 'print("a  b") or --1', "f'{1:>4}'  # --seed", "a --b", "reset = 1", "'\\\\'", "{'x': 1}['x']"]
)
def test_code_is_taken_as_it_is_typed(code: str) -> None:
    resolved, of_shell = resolve(f"/py --seconds 3 {code}"), resolve_words(["py", code])
    assert resolved is not None
    assert resolved[1] == {"code": code, "seconds": "3"} and of_shell[1] == {"code": code}


def test_python_edits_by_commands_each_a_step_that_undo_takes_back() -> None:
    studio = studio_with_song()
    controller = studio.controller
    at = controller.history.at

    async def session() -> None:
        assert await typed(studio, "/py studio.track.gain('kick', -6)") == "kick: gain 0 dB → -6 dB"
        assert (controller.history.at, controller.history.step.label) == (at + 1, "track gain kick -6")
        assert await typed(studio, "/py studio.batch([('tempo', {'bpm': 150}), ('track gain', {'tracks': 'bass', "
                                   "'gain_db': -9})]).step") == str(at + 2)  # fmt: skip
        bass = controller.project.find_track("bass").mixer.gain_db
        assert (controller.project.tempo_map.bpm, bass) == (150, -9)
        wrong = await typed(studio, "/py studio.track.gian('kick')")
        assert wrong.startswith("AttributeError: no command 'track gian' (did you mean gain")
        assert (await typed(studio, "/py studio.track.gain('kick', 99)")).startswith("gain_db 99: at most")
        added = await typed(studio, "/py studio.call('note add', 'bass:A', '1.1.2', 'F3').text")
        assert added.startswith("'bass A: ")
        await typed(studio, "/py marker('drop', 9.5); schedule('bass:A', 16, gain=0.5)")
        (marker,) = controller.project.markers
        assert (marker.name, marker.tick) == ("drop", round(9.5 * 1920))
        for _ in range(5):
            await typed(studio, "/undo")
        assert controller.history.at == at

    asyncio.run(session())
    studio.close()


def test_patterns_are_plain_music() -> None:
    studio = studio_with_song()

    async def session() -> None:
        assert await typed(studio, "/py chord('Am7'), chord('C/E', 3), scale('F minor', 2)") == (
            "([69, 72, 76, 79], [40, 48, 52, 55], [41, 43, 44, 46, 48, 49, 51])"
        )
        assert await typed(studio, "/py euclid(3, 8), euclid(5, 8, 1), [h.beat for h in drums('x.o. | X')]") == (
            "('x..x..x.', 'xx.x.xx.', [0.0, 0.5, 1.0])"
        )
        assert "14 steps: 2 short" in await typed(studio, "/py drums('x' * 14, bar=16)")
        moved = "/py h = humanize(drums('x' * 16), 0.1, 5); h == humanize(drums('x' * 16), 0.1, 5), "
        moved += (
            "max(abs(a.beat - b.beat) for a, b in zip(h, drums('x' * 16))) <= 0.1, len({x.velocity for x in h}) > 3"
        )
        assert await typed(studio, moved) == "(True, True, True)"

    asyncio.run(session())
    studio.close()


def test_only_who_may_run_code_may_and_its_edits_have_its_callers_rights(tmp_path: Path) -> None:
    studio = studio_with_song()
    agent = Caller("agent", roots=(tmp_path,), permissions=AGENT)
    coder = Caller("agent", roots=(tmp_path,), permissions=permitted(files=False, code=True))

    async def session() -> None:
        for line in ("/py 1", "/py reset"):
            with pytest.raises(Denied, match="changes whatever Python code can reach: agent may not"):
                await typed(studio, line, agent)
        assert studio.recall(Kernel) is None, "nothing was started"
        assert await typed(studio, "/py 1 + 1", coder) == "2"
        assert "may not" in await typed(studio, "/py studio.do('/save-as x.hcs')", coder)
        await typed(studio, "/py tempo(99)", coder)
        assert studio.controller.history.step.author == "agent"

    asyncio.run(session())
    studio.close()


def test_what_code_changed_is_on_the_disk_when_its_line_is_answered() -> None:
    with open_studio() as studio:
        studio.do("/track add lead")
        studio.call("py", code="for n in range(100, 140): tempo(n)")
        (journal,) = (state_folder() / "work").glob("*/journal.hcs")
        with closing(sqlite3.connect(f"file:{journal}?mode=ro", uri=True)) as connection:
            assert connection.execute("SELECT max(number) FROM steps").fetchone() == (41,)
        assert studio.project.tempo_map.bpm == 139
        assert studio.call(
            "py", code="await tempo(139)\nawait gather(tempo(90), marker('x', 4)); timeline.markers"
        ).value == ("[('x', 4.0)]")


def test_a_loop_falls_back_on_its_last_good_version_and_one_that_never_went_well_ends() -> None:
    def loop(line: str) -> str:
        return f"@live_loop(4)\ndef lift(beat): {line}"

    with open_studio() as studio:
        studio.call("py", code=loop("studio.session.vibe('good')"))
        studio.do("/rule fire lift")
        assert studio.project.vibe == "good"
        studio.do("/session vibe other")
        studio.call("py", code=loop("1 / 0"))
        with pytest.raises(UserError, match="ZeroDivisionError: division by zero: the version before of lift goes on"):
            studio.do("/rule fire lift")
        assert studio.project.vibe == "good", "it did not fall silent"
        studio.do("/rule fire lift")
        studio.call("py", code="@live_loop(2)\nasync def bad(beat): [][1]")
        assert [rule.name for rule in studio.project.rules] == ["lift", "bad"]
        with pytest.raises(UserError, match="IndexError: list index out of range: the loop bad is stopped"):
            studio.do("/rule fire bad")
        assert [rule.name for rule in studio.project.rules] == ["lift"]
        studio.call("py", code="stop_loop('lift')")
        assert studio.project.rules == ()


def test_what_is_printed_cannot_steer_the_terminal() -> None:
    made = Evaluated(kind="statement", value=None, stdout="a\x1b[2Jb\tc\n", stderr="", error=None, traceback=None)
    assert made.text() == r"a\x1b[2Jb    c"


def test_rules_call_functions_that_are_replaced_and_stay_when_an_edit_is_faulty() -> None:
    with open_studio() as studio:
        run = studio.do
        run("/py def pulse(beat): studio.session.vibe(f'first {beat}')")
        run("/py on_beat(4)(pulse)")
        (rule,) = studio.project.rules
        assert (rule.name, rule.trigger.kind, rule.action.kind) == ("pulse", "beat", "call")
        run("/rule fire pulse")
        assert studio.project.vibe == "first 0"
        step = run("/py def pulse(beat): studio.session.vibe('second')")
        assert step is not None and not step.failed
        assert "SyntaxError" in run("/py on_beat(4)(def pulse").text()  # type: ignore[union-attr]
        run("/rule fire pulse")
        assert studio.project.vibe == "first 0", "what was registered plays on"
        before = studio.call("history list").data()
        run("/py on_beat(4)(pulse)")
        assert studio.call("history list").data() == before, "the rule is there as it should be"
        run("/rule fire pulse")
        assert studio.project.vibe == "second"
        refused = studio.call("py", code="def pulse(beat):\n    studio.do('/save-as owned.hcs')\non_beat(4)(pulse)")
        assert not refused.failed
        with pytest.raises(Exception, match="rule pulse may not"):
            run("/rule fire pulse")
        run("/py reset")
        with pytest.raises(Exception, match="no function 'pulse' in this session"):
            run("/rule fire pulse")
