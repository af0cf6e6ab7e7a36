"""What hands play is on the disk at once: nothing of it is lost when the MIDI process or the studio is killed."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hardcore import open_studio
from hardcore.commands.performance.capture import Captured
from hardcore.midi.journal import SEGMENTS, Journal, Played, forget, kept, left
from hardcore.midi.listener import Listener
from hardcore.project.hands import CONTROL, NOTE_OFF, NOTE_ON, Heard, HeardNote
from tests.blocks import ROOT
from tests.midi.test_listener import Keyboard, organ
from tests.midi.test_listener import keyboards as keyboards
from tests.player.jack import jack_server, needs_jack
from tests.waiting import until

PIECE = (1, "", 0)
SYNC = ["--sync"]
STUDIO = """
import sys, time
from hardcore import open_studio
with open_studio("piece.hcs", create=True) as studio:
    studio.do("/track add bass --instrument acid303")
    studio.do("/midi input bass")
    studio.do("/save")
    print("ok", flush=True)
    sys.stdin.read()
"""


def note(at_s: float, key: int, kind: int = NOTE_ON, tick: float | None = None) -> HeardNote:
    return HeardNote(Heard("keys", kind, 1, key, 90, at_s), tick, round(at_s))


def test_notes_are_kept_in_order_in_a_bounded_private_place_and_a_cut_line_harms_none(tmp_path: Path) -> None:
    played = Played(tmp_path)
    journal = Journal(played.folder, PIECE, segment_bytes=4000)
    journal.note(HeardNote(Heard("keys", CONTROL, 1, 7, 90, 0.0), None))
    for number in range(500):
        journal.note(note(number, number % 128, tick=number * 1.5))
    found = kept(played.folder, PIECE)
    assert (
        50 < len(found) < 500
        and found == [note(number, number % 128, tick=number * 1.5) for number in range(500)][-len(found) :]
    ), "the newest are kept, two segments of them"
    files = [played.folder / name for name in SEGMENTS]
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 and file.stat().st_size < 4200 for file in files)
    assert stat.S_IMODE(played.folder.stat().st_mode) == 0o700
    with files[0].open("ab") as file:
        file.write(b'["keys",144,1,60')
    (played.folder / "1").write_bytes(b"\xff{}\n[1]\n")
    assert kept(played.folder, PIECE), "what is whole is read"
    again = Journal(played.folder, PIECE)  # of a process that was started again
    again.note(note(1000, 60))
    assert kept(played.folder, PIECE)[-1] == note(1000, 60)
    played.close()
    assert not list(tmp_path.iterdir())


def test_only_what_a_killed_studio_played_in_this_piece_is_offered(tmp_path: Path) -> None:
    here, gone = Played(tmp_path), Played(tmp_path)
    for played in (here, gone):
        journal = Journal(played.folder, (3, "", 0))
        journal.belong(PIECE)
        journal.note(note(5, 60))
    os.close(gone._lock)  # as the end of its process does
    assert left(tmp_path, PIECE) == [note(5, 60)] and not left(tmp_path, (2, "", 0))
    forget(tmp_path, (2, "", 0))
    assert left(tmp_path, PIECE), "other pieces keep theirs"
    forget(tmp_path, PIECE)
    assert not left(tmp_path, PIECE) and here.folder.is_dir()
    here.close()


@needs_jack
def test_a_killed_midi_process_loses_no_note_and_leaves_none_down(
    keyboards: Callable[[], Keyboard], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Heard] = []
    news: list[str] = []
    monkeypatch.setattr("hardcore.midi.listener.SPARE_S", 0.0)
    with jack_server(tmp_path, monkeypatch, SYNC):
        keys, root = keyboards(), tmp_path / "played"
        listener = Listener(
            organ(), lambda: tmp_path / "midi.log", lambda: None, heard.append, news.append, played=lambda: root
        )
        try:
            assert listener.listed().names
            process, way = listener.process_id or 0, iter(range(100_000))
            folder = next(root.iterdir())
            until(lambda: keys.send(0x90, next(way) % 128, 100) or len(kept(folder)) > 12, "no note was kept")
            until(lambda: listener._spare.process_id, "no other process is loaded")
            spare = listener._spare.process_id
            os.kill(process, signal.SIGKILL)
            until(lambda: heard and heard[-1].kind == NOTE_OFF, "a key is down")
            played = [one.heard for one in kept(folder)]
            assert len(played) > 12 and heard[: len(played)] == played, "a note was lost"
            let_go = [(one.number, one.kind) for one in heard[len(played) :]]
            assert news == ["the MIDI process ended: it is started again"]
            assert listener.listed().available and listener.process_id == spare != process
            assert let_go == [(number, NOTE_OFF) for number in {one.number: 0 for one in played}]
        finally:
            listener.close()
        assert not list(root.iterdir()), "a studio that is left keeps nothing"


@needs_jack
def test_a_studio_that_was_killed_is_opened_again_and_capture_has_what_was_played(
    keyboards: Callable[[], Keyboard], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setenv("HARDCORE_ENGINE_KIND", "none")
    monkeypatch.chdir(tmp_path)
    with jack_server(tmp_path, monkeypatch, SYNC):
        keys, root = keyboards(), home / "state" / "played"
        studio = subprocess.Popen(
            [sys.executable, "-c", STUDIO], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        assert studio.stdin is not None and studio.stdout is not None
        try:
            assert studio.stdout.readline() == b"ok\n"

            def notes() -> int:
                return sum(len(kept(folder)) for folder in root.iterdir()) if root.is_dir() else 0

            until(lambda: keys.send(0x90, 36, 100) or notes(), "no note was kept")
            way = iter([36, 40, 43] * 10_000)
            until(lambda: keys.send(0x90, next(way), 100) or notes() > 9, "notes were not kept")
        finally:
            os.kill(studio.pid, signal.SIGKILL)
            studio.communicate()
    with open_studio("piece.hcs") as again:
        answer = again.do("/capture")
        assert isinstance(answer, Captured) and answer.notes > 5
        assert {one.pitch for one in again.project.find_clip(answer.clip)[1].notes} == {36, 40, 43}
        until(lambda: not notes(), "it is offered once: from now on this studio keeps it")
        again.do("/undo")
        assert isinstance(again.do("/capture"), Captured)


def test_a_note_costs_the_midi_process_less_than_a_tenth_of_a_millisecond(tmp_path: Path) -> None:
    played = Played(tmp_path)
    journal = Journal(played.folder, PIECE)
    begun = time.process_time()
    for number in range(5000):
        journal.note(note(number, 60, NOTE_OFF if number % 2 else NOTE_ON))
    assert time.process_time() - begun < 0.5
    played.close()
