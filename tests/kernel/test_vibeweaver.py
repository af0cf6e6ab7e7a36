"""Every row of what Vibeweaver was to do, stubs there included, and the test that tries it here.

The rows are the reference's, in our own words: 1 what was wired and what was a stub, 2 the tools of agents, 3 the
scheduler, 4 the Python API.
"""

import ast
import hashlib
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from hardcore.commands.assistant import kernelcalls
from hardcore.commands.assistant.python import Evaluated
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.core.registry import registry, run
from hardcore.errors import HardcoreError
from hardcore.project.playback import Playback
from hardcore.project.rule import PRIORITIES
from hardcore.project.state import ProjectState
from tests.audio.clips import kept, noise
from tests.rules.paced import Paced, paced
from tests.rules.test_deadlines import drums, placed
from tests.rules.test_runner import on_loop

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the limits of Python here are Linux's")
TESTS = Path(__file__).resolve().parents[1]
# Files of tests by a short name.
FILES = {
    "here": "kernel/test_vibeweaver.py", "kernel": "kernel/test_kernel.py", "python": "commands/test_python.py",
    "session": "commands/test_session.py", "runner": "rules/test_runner.py", "deadlines": "rules/test_deadlines.py",
    "jobs": "jobs/test_joblist.py", "events": "controller/test_events.py", "http": "surfaces/server/test_http.py",
    "mcp": "surfaces/server/test_mcp.py",
}  # fmt: skip
# A row of the reference, and how the name of its test begins.
ROWS = """
1 globals persist; eval, then exec; stdout, stderr   kernel names_stay_and_every_part_of_an_answer_is_data
1 jobs are waited for; a fast one is not missed      jobs a_job_that_is_waited_for_answers_and_is_forgotten
1 a failed job is told as failed                     jobs what_a_task_refuses_and_where_it_fails_is_said
1 a job whose process dies is told                   jobs a_worker_that_dies_is_said
1 decorators are rules, and persist                  python rules_call_functions_that_are_replaced
1 database, scheduler and rules are at work          runner markers_and_sections_fire_where_they_stand
1 session()                                          here the_session_is_named_described_and_loaded
1 latent(), LatentRef.cancel, .materialize           here a_latent_is_given_up_or_made_at_once
1 marker(), audition(), gather()                     here the_music_is_steered_and_asked_where_it_is
1 sample(), schedule()                               here a_space_makes_something_that_is_placed
1 weave_session                                      session it_says_what_is_needed_to_go_on
1 weave_reset clear_session                          here a_reset_clears_the_session_where_it_is_told_to
1 the kernel's state as data                         session of_the_largest_project_it_takes_800_tokens
1 BeatTick                                           events beats_and_markers_are_told_once_each
1 MarkerReached                                      events a_marker_is_told_when_the_music_comes_to_it
1 TransportStateChanged                              events a_player_is_told_of_when_it_does_something_else
1 JobStateChanged, ArtifactCreated                   runner jobs_files_midi_and_analyses_fire
2 weave_eval, _session, _reset, _help                mcp an_agent_runs_python_only_where_it_was_allowed
2 the other tools                                    here every_tool_of_agents_is_a_command
2 schemas: no default, each node typed               mcp every_command_can_be_a_tool_whose_schema_every_client_takes
2 event_poll from a cursor                           http a_client_that_comes_again_has_missed_nothing
3 priorities, stable                                 runner at_one_beat_the_first_priority_goes_first
3 beat: once, however dense the ticks                runner a_rule_fires_once_a_beat_however_dense_the_reports
3 beat: divisor 0; priorities in any case            here what_the_scheduler_is_told_is_read_as_it_is_meant
3 marker: exact name                                 runner markers_and_sections_fire_where_they_stand
3 artifact: any, or a tag                            here a_function_is_called_with_what_was_made
3 job: complete or failed                            runner jobs_files_midi_and_analyses_fire
3 transport                                          runner the_transport_fires_and_no_rule_fires_by_its_own_effect
3 counters, one-shot                                 runner cooldown_once_and_chance
3 disabled rules                                     runner a_launch_that_is_armed_and_then_switched_off
3 deadline: 49, 52, 54                               deadlines work_begins_so_much_before_its_deadline
3 estimates: 5 s at first, then what it took         deadlines what_a_space_took_is_learned
3 agenda: critical first, never behind a normal      deadlines what_is_critical_passes_what_waits
3 agenda: there after a restart                      deadlines a_latent_that_waits_is_begun_after_a_restart
3 sessions by when they were used                    session a_kept_session_is_listed_compared_and_loaded
4 session, tempo                                     here the_session_is_named_described_and_loaded
4 sample, schedule with gain                         here a_space_makes_something_that_is_placed
4 latent                                             here a_latent_is_given_up_or_made_at_once
4 audition, marker, play, pause, stop, seek          here the_music_is_steered_and_asked_where_it_is
4 on_beat, on_marker                                 here functions_are_called_on_the_beat_and_at_a_marker
4 on_artifact                                        here a_function_is_called_with_what_was_made
4 gather                                             kernel code_may_await_and_what_it_leaves_is_given_up
4 beat.current, transport, timeline.markers          here the_music_is_steered_and_asked_where_it_is
""".strip().splitlines()
# The tools that agents had, and the commands that do it here.
TOOLS = {
    "sample": "part add", "extend": "generate continue", "bridge": "generate repaint", "project": "export",
    "analyze": "analyse", "schedule": "schedule", "status": "info", "play": "play", "pause": "pause", "stop": "stop",
    "seek": "seek", "tempo": "tempo", "time_convert": "position", "timeline_region_create": "arrangement place",
    "timeline_region_delete": "arrangement remove", "timeline_region_move": "arrangement move",
    "timeline_region_list": "arrangement list", "timeline_clear": "arrangement clear", "midi_render": "export",
    "job_list": "jobs", "job_poll": "job wait", "job_cancel": "job cancel", "artifact_upload": "artifacts add",
    "artifact_list": "artifacts list", "artifact_get": "artifacts show", "musicgen_generate": "generate sound",
    "audio_info": "analyse", "beats_detect": "analyse", "help": "help",
}  # fmt: skip


def test_every_row_has_a_test() -> None:
    trees = {short: ast.parse((TESTS / file).read_text(encoding="utf-8")) for short, file in FILES.items()}
    names = {short: [getattr(node, "name", "") for node in tree.body] for short, tree in trees.items()}
    assert len(ROWS) == 43 and {row[0] for row in ROWS} == set("1234")
    for row in ROWS:
        file, name = row.split()[-2:]
        assert any(one.startswith(f"test_{name}") for one in names[file]), row


def test_every_tool_of_agents_is_a_command() -> None:
    assert {ours for ours in TOOLS.values() if ours not in registry()} == set()


async def python(studio: Paced, code: str) -> Evaluated:
    """Return what code comes to; it has to go well."""
    done = await run(studio.studio, registry()["py"], {"code": code}, Caller(), "py")
    assert isinstance(done, Evaluated)
    assert done.error is None, done.error
    return done


async def values(studio: Paced, *expressions: str) -> list[str | None]:
    """Return what each of several expressions is worth, one after the other."""
    return [(await python(studio, one)).value for one in expressions]


def keep_time(studio: Paced, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Python's questions where the music is be answered by the time of the player that is moved by hand."""
    monkeypatch.setattr(kernelcalls, "time", SimpleNamespace(monotonic=studio.player.now_s))


async def fails(studio: Paced, line: str) -> str:
    """Return why a line is refused."""
    with pytest.raises(HardcoreError) as error:
        await run_line(studio.studio, line, Caller())
    return error.value.line()


@on_loop
async def test_the_session_is_named_described_and_loaded(tmp_path: Path) -> None:
    async with paced() as studio:
        controller = studio.studio.controller
        named = "session(name='night', vibe='late').vibe"
        assert await values(studio, named, "(await tempo(131)) and session().tempo_bpm") == ["'late'", "131.0"]
        assert (controller.project.title, controller.project.tempo_map.bpm) == ("night", 131)
        file = str(tmp_path / "night.hcs")
        await studio.do(f"/save {file}")
        await python(studio, "session(vibe='loud')")
        await studio.do(f"/save {tmp_path / 'loud.hcs'}")
        assert await values(studio, f"session(load={file!r}).vibe") == ["'late'"]


@on_loop
async def test_a_space_makes_something_that_is_placed_at_a_linear_gain() -> None:
    async with paced(project=drums()) as studio:
        before = {track.id for track in studio.studio.controller.project.tracks}
        await python(studio, "made = await sample('lead', 'calm', seed=3)")
        project = studio.studio.controller.project
        (lead,) = [track for track in project.tracks if track.id not in before]
        assert lead.role == "lead" and lead.clips[0].notes
        await python(studio, f"await schedule('{lead.name}:{project.scenes[0].name}', 32, duration=8, gain=0.5)")
        lead = studio.studio.controller.project.find_track(lead.id)
        (one,) = lead.placements
        assert (one.start_ticks, one.length_ticks) == (32 * 1920, 8 * 1920)
        (clip,) = [clip for clip in lead.clips if clip.id == one.clip]
        (level,) = [point.value for envelope in clip.automation for point in envelope.points]
        assert level == pytest.approx(lead.mixer.gain_db - 6.02, abs=0.01)


@on_loop
async def test_a_latent_is_given_up_or_made_at_once() -> None:
    async with paced(project=drums()) as studio:
        controller = studio.studio.controller
        await python(studio, "ref = latent('bass', 'rolling', deadline=64, priority='High')")
        (rule,) = controller.project.rules
        told = await values(studio, "ref.space, ref.deadline, ref.name, ref.rule")
        assert told == [repr(("bass", 64.0, "bass", rule.id))] and rule.priority == "high"
        await python(studio, "await ref.cancel()")
        assert controller.project.rules == () and placed(studio) == []
        await python(studio, "latent('bass', deadline=64).materialize()")
        await studio.settle()
        assert controller.project.rules == () and placed(studio) == [64]


@on_loop
async def test_the_music_is_steered_and_asked_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    async with paced() as studio:
        keep_time(studio, monkeypatch)
        heard: list[ProjectState] = []

        def audition(sound: ProjectState) -> Playback:
            heard.append(sound)
            return studio.player.latest()

        monkeypatch.setattr(studio.player, "audition", audition, raising=False)
        where = "transport.state, beat.current, transport.position"
        assert await values(studio, where) == ["('stopped', 0, 0.0)"]
        await python(studio, "play(8)")
        await studio.play(1)
        assert await values(studio, where) == ["('playing', 9, 9.0)"]
        await python(studio, "pause()")
        assert await values(studio, where) == ["('paused', 9, 9.0)"]
        await python(studio, "audition('kick909_punch')")
        assert len(heard) == 1
        await python(studio, "play()\nstop()")
        assert await values(studio, where) == ["('stopped', 9, 9.0)"]
        marked = "await gather(marker('drop', 32), marker('in', 4)); timeline.markers"
        assert await values(studio, marked) == ["[('in', 4.0), ('drop', 32.0)]"]


@on_loop
async def test_functions_are_called_on_the_beat_and_at_a_marker(monkeypatch: pytest.MonkeyPatch) -> None:
    async with paced("/marker add drop 1.3") as studio:
        keep_time(studio, monkeypatch)
        await python(studio, "beats, places = [], []")
        await python(studio, "@on_beat(2)\ndef pulse(beat): beats.append(beat)")
        await python(studio, "@on_marker('drop')\ndef there(name, beat): places.append((name, int(beat)))")
        await studio.play(4.5)
        assert await values(studio, "beats, places") == ["([0, 2, 4], [('drop', 2)])"]
        assert {event.error for event in studio.told} == {""}


@on_loop
async def test_a_function_is_called_with_what_was_made(tmp_path: Path) -> None:
    async with paced() as studio:
        await python(studio, "made, tagged = [], []")
        await python(studio, "@on_artifact('mid')\ndef written(artifact): made.append(artifact)")
        await python(studio, "@on_artifact('Texture')\nasync def found(one): tagged.append(one['content_hash'])")
        file = tmp_path / "song.mid"
        await studio.do(f"/export {file}")
        await studio.do(f"/export {tmp_path / 'song.musicxml'}")
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        assert await values(studio, "[one['content_hash'] for one in made]") == [repr([digest])]
        assert await values(studio, "made[0]['id'], 'mid' in made[0]['tags']") == [repr((str(file), True))]
        sha256 = kept(noise(0.05), "rain").sha256
        for tag in ("loop", "texture"):
            await studio.do(f"/artifacts tag {sha256[:12]} {tag}")
        assert await values(studio, "tagged") == [repr([sha256])]
        assert "nothing was made" in await fails(studio, "/rule fire written")


@on_loop
async def test_a_reset_clears_the_session_where_it_is_told_to() -> None:
    async with paced('/rule add "every 8 bars" launch next') as studio:
        await python(studio, "@on_beat(4)\ndef pulse(beat): pass")

        def names() -> list[str]:
            return [rule.name for rule in studio.studio.controller.project.rules]

        assert await studio.do("/py reset") == "Python begins anew: no names, pulse gone"
        assert names() == ["launch", "pulse"]
        assert await studio.do("/py reset --clear-session") == "Python begins anew: no names; rules removed: pulse"
        assert names() == ["launch"]
        await studio.do("/undo")
        assert names() == ["launch", "pulse"]


@on_loop
async def test_what_the_scheduler_is_told_is_read_as_it_is_meant() -> None:
    async with paced() as studio:
        for number, priority in enumerate(("CRITICAL", "High", "normal", "LOW", "Idle")):
            await studio.do(f'/rule add "every {number + 1} beats" notify x --priority {priority}')
        assert [rule.priority for rule in studio.studio.controller.project.rules] == list(PRIORITIES)
        assert "at least 1" in await fails(studio, '/rule add "every 0 beats" notify x')
