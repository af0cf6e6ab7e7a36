"""What commands answer is data: an edit says what it changed by id, and words alone are the exception."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hardcore.commands.core import registry
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.core.results import Done, Edited, PlanDone, Result
from hardcore.controller.studio import Studio
from hardcore.project.midi import to_midi
from hardcore.project.timeline import timeline
from tests.song import studio_with_song

# What says nothing but words.
WORDS = {Done, Result}
# How many commands answer in words alone. It may only fall: give a new one a result of its own.
WORDS_ALONE = 2


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    studio = studio_with_song(tmp_path)
    yield studio
    studio.close()


def do(studio: Studio, line: str, **caller: Any) -> Any:
    return asyncio.run(run_line(studio, line, Caller(**caller)))


def edited(studio: Studio, line: str, **caller: Any) -> Edited:
    result = do(studio, line, **caller)
    assert isinstance(result, Edited)
    return result


def test_fewer_and_fewer_commands_answer_in_words_alone() -> None:
    alone = sorted(known.name for known in registry.registry().values() if WORDS & set(known.answers))
    assert len(alone) <= WORDS_ALONE, f"{len(alone)}: {alone}"


def test_an_edit_says_the_step_and_the_value_before_and_after(studio: Studio) -> None:
    kick = studio.controller.project.find_track("kick")
    result = edited(studio, "/gain kick -3")
    assert result.step == studio.controller.history.at
    (change,) = result.changes
    assert (change.kind, change.id, change.name, change.field) == ("track", kick.id, "kick", "gain_db")
    assert (change.old, change.new) == (0.0, -3.0)
    assert result.text() == "kick: gain 0 dB → -3 dB"


def test_what_an_edit_makes_and_takes_away_has_its_id(studio: Studio) -> None:
    made = edited(studio, "/track add lead")
    (track,) = made.created
    assert studio.controller.project.find_track(track.id).name == "lead"
    gone = edited(studio, "/track remove bass")
    clips = [thing.id for thing in gone.removed if thing.kind == "clip"]
    assert [thing.name for thing in gone.removed if thing.kind == "track"] == ["bass"]
    assert clips and all(thing.track == gone.removed[0].id for thing in gone.removed[1:])
    back = edited(studio, "/undo")
    assert [thing.id for thing in back.created] == [thing.id for thing in gone.removed]
    assert back.step == studio.controller.history.at == made.step


def test_notes_are_told_by_clip_and_address(studio: Studio) -> None:
    _, clip = studio.controller.project.find_clip("bass:A")
    result = edited(studio, "/note add bass:A 1.1.3 C3 1/8")
    (change,) = result.changes
    assert (change.kind, change.id, change.field) == ("clip", clip.id, "notes")
    assert (change.old, change.new) == (len(clip.notes), len(clip.notes) + 1)
    assert change.notes is not None and change.notes.added == 1 and not change.notes.removed
    assert [(note.start_ticks, note.pitch) for note in change.notes.added_at] == [(960, 48)]
    louder = edited(studio, "/note set bass:A 1.1.3 C3 --velocity 3").changes[0].notes
    assert louder is not None and (louder.added, louder.removed, louder.changed) == (0, 0, 1)


def test_parameters_are_told_one_by_one(studio: Studio) -> None:
    changes = {(c.kind, c.field): c for c in edited(studio, "/effect set bass filter cutoff=500").changes}
    assert list(changes) == [("effect", "cutoff")]
    found = changes["effect", "cutoff"]
    assert (found.parameter, found.old, found.new) == (True, 18000.0, 500.0)
    bass = studio.controller.project.find_track("bass")
    assert (found.id, found.track) == (bass.effects[0].id, bass.id)


def test_what_is_only_tried_says_what_it_would_change(studio: Studio) -> None:
    before = studio.controller.project
    for line in ("/gain kick -3", "/compose house 124 bpm --new", "darker"):
        tried = edited(studio, line, dry_run=True)
        assert tried.step is None and (tried.changes or tried.created), line
    assert studio.controller.project is before


def test_a_sentence_says_what_its_plan_changed(studio: Studio) -> None:
    result = edited(studio, "mute the hats and turn the bass up")
    assert isinstance(result, PlanDone) and len(result.commands) == 2
    assert {(c.name, c.field, c.new) for c in result.changes} == {("hats", "mute", True), ("bass", "gain_db", 2.0)}


def test_an_edit_that_only_says_something_has_no_step(studio: Studio) -> None:
    result = do(studio, "/swing")
    assert result.text() == "swing 50 %, groove straight"
    assert "step" not in result.data() or result.step is None


def test_what_others_do_meanwhile_is_not_in_the_answer(studio: Studio, tmp_path: Path) -> None:
    file, project = tmp_path / "song.mid", studio.controller.project
    file.write_bytes(to_midi(project, tuple(timeline(project))))

    async def both() -> tuple[Any, Any]:
        slow = asyncio.ensure_future(run_line(studio, f"/import {file}", Caller()))
        await asyncio.sleep(0)  # it reads the file in a thread now, and edits when it has
        other = await run_line(studio, "/gain hats -5", Caller(author="other"))
        assert not slow.done()
        return await slow, other

    slow, other = asyncio.run(both())
    assert {change.name for change in other.changes} == {"hats"}
    assert slow.created and "gain_db" not in {change.field for change in slow.changes}
