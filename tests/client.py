"""A program that makes music with nothing but Python's standard library: it starts hardcore and reads its JSON.

python -I -S tests/client.py FOLDER PROGRAM...

PROGRAM are the words that start hardcore. Each task asks, and looks at what is answered; its name is printed.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

Answer = dict[str, Any]


class Hardcore:
    """A session of hardcore on a project's file: a line in, an object out."""

    def __init__(self, program: list[str], file: Path) -> None:
        self.program, self.file = program, file
        words = [*program, "--json", "--create", str(file)]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, line: str) -> Answer:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer: Answer = json.loads(self.process.stdout.readline())
        assert answer["result"] != "Error", answer
        return answer

    def close(self) -> int:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()
        return self.process.wait()

    def run(self, *words: str) -> tuple[int, list[Answer]]:
        """Return the status and the answers of one command line."""
        done = subprocess.run([*self.program, *words, "--json"], stdout=subprocess.PIPE, text=True)
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


TASKS: list[Callable[[Hardcore, Answer], None]] = []


def task(function: Callable[[Hardcore, Answer], None]) -> Callable[[Hardcore, Answer], None]:
    TASKS.append(function)
    return function


def only(items: list[Answer], **wanted: Any) -> Answer:
    """Return the one thing that has these values."""
    (found,) = [item for item in items if all(item[name] == value for name, value in wanted.items())]
    return found


@task
def make_a_piece(studio: Hardcore, known: Answer) -> None:
    made = studio.ask("techno 138 bpm, F minor, with bass and pad, 4 bars --seed 7")
    assert made["result"] == "Composed" and made["seed"] == 7
    known["created"] = {thing["name"]: thing["id"] for thing in made["created"] if thing["kind"] == "track"}
    assert {"kick", "bass", "pad"} <= set(known["created"])


@task
def ask_what_it_is(studio: Hardcore, known: Answer) -> None:
    info = studio.ask("/info")
    assert (info["bpm"], info["key"], info["meter"], info["bars"]) == (138.0, "F minor", "4/4", 4)
    assert abs(info["length_s"] - 4 * 4 * 60 / 138) < 0.001


@task
def find_the_bass(studio: Hardcore, known: Answer) -> None:
    bass = only(studio.ask("/track list")["items"], name="bass")
    assert bass["id"] == known["created"]["bass"] and bass["mute"] is False and isinstance(bass["gain_db"], float)
    known["bass"] = bass["id"]


@task
def add_a_track(studio: Hardcore, known: Answer) -> None:
    (track,) = studio.ask("/track add horn --instrument brass")["created"]
    known["horn"] = track["id"]


@task
def name_it_by_its_id(studio: Hardcore, known: Answer) -> None:
    (change,) = studio.ask(f"/track rename {known['horn']} brass-section")["changes"]
    assert (change["id"], change["field"], change["new"]) == (known["horn"], "name", "brass-section")


@task
def turn_it_down(studio: Hardcore, known: Answer) -> None:
    (change,) = studio.ask(f"/track gain {known['bass']} -3")["changes"]
    assert (change["field"], change["new"]) == ("gain_db", -3.0)
    known["before"] = change["old"]


@task
def turn_it_down_further(studio: Hardcore, known: Answer) -> None:
    (change,) = studio.ask(f"/track gain {known['bass']} --by -2")["changes"]
    assert (change["old"], change["new"]) == (-3.0, -5.0)


@task
def place_it_to_the_left(studio: Hardcore, known: Answer) -> None:
    (change,) = studio.ask("/track pan pad L30")["changes"]
    assert change["new"] == -0.3


@task
def mute_what_is_new(studio: Hardcore, known: Answer) -> None:
    studio.ask(f"/track mute {known['horn']} on")
    assert only(studio.ask("/track list")["items"], id=known["horn"])["mute"] is True


@task
def take_it_away_again(studio: Hardcore, known: Answer) -> None:
    gone = studio.ask(f"/track remove {known['horn']}")
    assert [thing["id"] for thing in gone["removed"]] == [known["horn"]]


@task
def put_an_effect_on(studio: Hardcore, known: Answer) -> None:
    (effect,) = studio.ask("/effect add pad chorus")["created"]
    assert (effect["kind"], effect["track"]) == ("effect", known["created"]["pad"])
    known["chorus"] = effect["id"]


@task
def set_the_effect(studio: Hardcore, known: Answer) -> None:
    (change,) = studio.ask("/effect set pad chorus mix=40")["changes"]
    assert (change["id"], change["field"], change["new"], change["parameter"]) == (known["chorus"], "mix", 40.0, True)


@task
def read_the_effect(studio: Hardcore, known: Answer) -> None:
    mix = only(studio.ask("/track show pad")["items"], effect=known["chorus"], parameter="mix")
    assert (mix["value"], mix["unit"], mix["low"], mix["high"]) == (40.0, "percent", 0.0, 100.0)


@task
def find_the_clips(studio: Hardcore, known: Answer) -> None:
    clip = only(studio.ask("/clip list")["items"], track=known["bass"])
    assert (clip["bars"], clip["scenes"]) == (4.0, ["A"])
    known["clip"] = clip["id"]


@task
def write_a_note(studio: Hardcore, known: Answer) -> None:
    (change,) = studio.ask(f"/note add {known['clip']} 2.1.2 C7 1/16 --velocity 90")["changes"]
    assert change["notes"]["added_at"] == [{"start_ticks": 4 * 1920 + 480, "pitch": 96}]
    assert change["new"] - change["old"] == change["notes"]["added"] == 1


@task
def read_the_note(studio: Hardcore, known: Answer) -> None:
    note = only(studio.ask(f"/clip show {known['clip']}")["notes"], pitch=96)
    assert (note["start_ticks"], note["length_ticks"], note["velocity"]) == (8160, 480, 90)


@task
def remove_the_note(studio: Hardcore, known: Answer) -> None:
    (change,) = studio.ask(f"/note remove {known['clip']} 2.1.2 C7")["changes"]
    assert change["notes"]["removed"] == 1


@task
def transpose_a_clip(studio: Hardcore, known: Answer) -> None:
    before = [note["pitch"] for note in studio.ask(f"/clip show {known['clip']}")["notes"]]
    studio.ask(f"/clip transpose {known['clip']} 12")
    after = [note["pitch"] for note in studio.ask(f"/clip show {known['clip']}")["notes"]]
    assert after == [pitch + 12 for pitch in before]


@task
def take_it_back(studio: Hardcore, known: Answer) -> None:
    back = studio.ask("/undo")
    (change,) = back["changes"]
    assert (change["id"], change["field"]) == (known["clip"], "notes")
    known["step"] = back["step"]


@task
def copy_a_scene(studio: Hardcore, known: Answer) -> None:
    made = studio.ask("/scene copy A drop")
    assert only(made["created"], kind="scene")["name"] == "drop"
    known["clips"] = len([thing for thing in made["created"] if thing["kind"] == "clip"])


@task
def read_the_grid(studio: Hardcore, known: Answer) -> None:
    drop = only(studio.ask("/scene list")["items"], name="drop")
    assert drop["bars"] == 4 and len([slot for slot in drop["slots"] if slot["clip"]]) == known["clips"]


@task
def change_the_tempo(studio: Hardcore, known: Answer) -> None:
    changes = studio.ask("/tempo 140")["changes"]
    assert only(changes, field="tempo_map")["new"][0]["bpm"] == 140.0
    assert [point["bpm"] for point in studio.ask("/tempo")["points"]] == [140.0]


@task
def change_the_key(studio: Hardcore, known: Answer) -> None:
    assert only(studio.ask("/key A minor")["changes"], field="key")["old"] == "F minor"
    assert studio.ask("/info")["key"] == "A minor"


@task
def change_it_in_words(studio: Hardcore, known: Answer) -> None:
    said = studio.ask("pad 2 db down")
    assert said["result"] == "PlanDone" and len(said["commands"]) == 1
    (change,) = said["changes"]
    assert abs(change["new"] - (change["old"] - 2)) < 0.01


@task
def move_a_parameter(studio: Hardcore, known: Answer) -> None:
    studio.ask("/automation add pad:A pan 1.1.1 -1")
    studio.ask("/automation add pad:A pan 3.1.1 1")
    (envelope,) = studio.ask("/automation list pad")["items"]
    assert [(point["at"], point["value"]) for point in envelope["points"]] == [("1.1.1", -1.0), ("3.1.1", 1.0)]


@task
def arrange_a_song(studio: Hardcore, known: Answer) -> None:
    song = studio.ask("/song --bars 32 --style house --seed 2")
    known["bars"] = song["bars"]
    assert sum(section["bars"] for section in song["items"]) == song["bars"]


@task
def read_the_form(studio: Hardcore, known: Answer) -> None:
    sections = studio.ask("/section list")["items"]
    starts = [section["bar"] for section in sections]
    assert starts == [1 + sum(one["bars"] for one in sections[:place]) for place in range(len(sections))]
    assert sections[-1]["bar"] - 1 + sections[-1]["bars"] == known["bars"]


@task
def read_the_arrangement(studio: Hardcore, known: Answer) -> None:
    placed = studio.ask("/arrangement list")["items"]
    end = max(one["start_ticks"] + one["length_ticks"] for one in placed)
    assert end == known["bars"] * 4 * 1920


@task
def look_at_the_history(studio: Hardcore, known: Answer) -> None:
    steps = studio.ask("/history list 100")["items"]
    here = only(steps, here=True)
    assert here["label"].startswith("song") and here["author"] == "you" and here["at"] > 1_600_000_000
    known["here"] = here["step"]


@task
def compare_two_steps(studio: Hardcore, known: Answer) -> None:
    diff = studio.ask(f"/history diff {known['step']} {known['here']}")
    assert only(diff["changes"], field="key")["new"] == "A minor"
    assert any(thing["name"] == "drop" for thing in diff["created"])


@task
def find_a_device(studio: Hardcore, known: Answer) -> None:
    devices = studio.ask("/devices effects")["items"]
    assert "mix" in only(devices, id="chorus")["parameters"] and all(one["cost_percent"] >= 0 for one in devices)


@task
def write_a_midi_file(studio: Hardcore, known: Answer) -> None:
    file = studio.file.with_name("song.mid")
    made = studio.ask(f"/export {file}")
    assert made["file"] == str(file) and made["bars"] == known["bars"] and file.read_bytes()[:4] == b"MThd"


@task
def save_it(studio: Hardcore, known: Answer) -> None:
    saved = studio.ask("/save")
    assert (saved["file"], saved["step"]) == (str(studio.file), known["here"])
    assert studio.close() == 0


@task
def try_without_doing(studio: Hardcore, known: Answer) -> None:
    before = studio.file.read_bytes()
    status, (gain,) = studio.run("track", "gain", "bass", "0", "--dry-run", "--project", str(studio.file))
    assert (status, gain["step"], gain["changes"][0]["new"]) == (0, None, 0.0)
    assert studio.file.read_bytes() == before


@task
def recover_from_a_slip(studio: Hardcore, known: Answer) -> None:
    status, (error,) = studio.run("track", "gain", "bas", "0", "--project", str(studio.file))
    assert (status, error["result"], error["code"]) == (1, "Error", "not_found") and "bass" in error["hint"]


@task
def change_the_file_by_a_verb(studio: Hardcore, known: Answer) -> None:
    status, answers = studio.run("do", "/gain bass 0", "/tempo", "--project", str(studio.file))
    assert (status, answers[0]["changes"][0]["new"], answers[1]["points"][0]["bpm"]) == (0, 0.0, 140.0)


def main() -> None:
    """Do every task, and print its name when it is done."""
    studio, known = Hardcore(sys.argv[2:], Path(sys.argv[1]) / "song.hcs"), Answer()
    for one in TASKS:
        one(studio, known)
        print(one.__name__, flush=True)


if __name__ == "__main__":
    main()
