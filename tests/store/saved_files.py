"""Projects that an earlier program saved, and what it said of them: they must open, read and sound the same for ever.

The files in `saved/` are never written again. `python -m tests.store.saved_files NAME` adds one that is not there yet,
by the lines in RECIPES, with what today's program says of it.
"""

import asyncio
import hashlib
import json
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import soundfile

from hardcore import open_studio
from hardcore.jobs.render import render
from hardcore.jobs.request import RenderRequest
from hardcore.project.events import Span, controls, events
from hardcore.project.history import History
from hardcore.project.state import ProjectState
from hardcore.project.timeline import Playing, end_ticks, of_scene, scene_length, timeline
from hardcore.store.project_file import open_project

FOLDER = Path(__file__).parent / "saved"
SAID = FOLDER / "said.json"
# A sound of the user's own, as a file of ours that every checkout has: the projects know it by its hash.
SOUND = Path(__file__).parents[2] / "samples" / "perc_wood.wav"
SOUNDS = Path(tempfile.gettempdir()) / "hardcore-sounds"

RECIPES: dict[str, tuple[str, ...]] = {
    "prompt": ("/compose dark warehouse techno, 138 bpm, F minor, 4 bars --seed 1",),
    "song": (
        "/compose melodic house, 122 bpm, only kick, bass and pad, 2 bars --seed 2",
        "/song --bars 32 --seed 2",
        "/arrangement place bass:A 5 --bars 3",
    ),
    "automation": (
        "/compose acid 130 bpm, just kick and bass, 4 bars --seed 3",
        "/automation add bass:A index 1.1.1 1",
        "/automation add bass:A index 3.1.1 6",
        "/automation add bass:A pan 1.1.1 -0.5",
        "/automation add kick:A gain_db 2.3.1 -6",
        "/automation clear bass:A pan",
    ),
    "grooves": (
        "/compose uk garage, 132 bpm, just kick, hats and bass, 2 bars --seed 4",
        "/groove set project mpc_62 --amount 80",
        "/groove set hats:A shuffle_16 --timing 60 --velocity 30",
        "/groove set bass mpc_66",
        "/groove commit hats:A",
        "/groove remove bass",
    ),
    "branches": (
        "/compose trance, 140 bpm, just kick and bass, 2 bars --seed 5",
        "/track gain kick -3",
        "/track gain kick -6",
        "/undo",
        "/track pan kick 0.25",
        "/clip transpose bass:A 12",
        "/undo 2",
        "/title left",
        "/history goto 2",
        "/track mute kick",
        "/history goto 4",
        "/redo",
        "/undo",
    ),
    "routing": (
        "/track add kick --instrument kick909 --role kick",
        "/track add pad --instrument supersaw",
        "/track add drums --kind group",
        "/track add space --kind return",
        "/track route kick drums",
        "/effect add space reverb",
        "/effect add pad sidechain --side kick",
        "/effect add pad filter cutoff=1800 --place 1",
        "/send kick space -9",
        "/send pad space -15 --pre",
        "/clip add kick A --bars 1",
        "/clip add pad A --bars 2",
        "/note add kick:A 1.1.1 C2 1/8",
        "/note add kick:A 1.3.1 C2 1/8 --ratchet 3 --probability 60",
        "/note add pad:A 1.1.1 A3 1/1 --offset 12",
        "/note add pad:A 2.1.1 E4 1/2 --slide on",
    ),
    "sounds": (
        f"/samples add {SOUNDS}",
        "/track add tap",
        "/track sample tap tap",
        "/track add floor --instrument kick909 --role kick",
        "/track sample floor kick808_long",
        "/clip add tap A --bars 1",
        "/clip add floor A --bars 1",
        "/note add tap:A 1.1.3 C4 1/16",
        "/note add tap:A 1.2.4 E4 1/16 --velocity 70",
        "/note add floor:A 1.1.1 C4 1/4",
        "/track set tap rate 0.5",
    ),
    "notes": (
        f"/rhythm render warehouse {SOUNDS / 'long.mid'} --bars 56 --seed 6",
        f"/import {SOUNDS / 'long.mid'}",
        "/clip quantize hat_closed 1/16 --amount 50",
        "/note add hat_closed 33.2.1 C2 1/8",
    ),
    "meters": (
        "/compose house, 124 bpm, just kick and bass, 2 bars --seed 7",
        "/meter 7/8",
        "/tempo 118",
        "/tempo 132 --bar 3",
        "/key E minor --notes",
        "/arrangement scene A 1 --bars 6",
        "/arrangement place bass:A 4 --bars 2",
    ),
    "rhythm": (
        f"/rhythm render warehouse {SOUNDS / 'beat.mid'} --bars 4 --seed 8",
        f"/import {SOUNDS / 'beat.mid'}",
        "/bass follow kick --mode rolling_ostinato --bars 4 --seed 8",
        "/lead answer kick --phrase 1 --density 25 --seed 8",
        "/clip grid kick:A 2",
    ),
}


def said(path: Path) -> dict[str, Any]:
    """Return what the program says of a file: its history, the content and the events of every state, how it sounds."""
    opened = open_project(path, read_only=True)
    try:
        history = opened.history
        project = history.state()
        return {"at": history.at, "undo": undone(history), "steps": steps(history), "sound": sound(project)}
    finally:
        opened.close(keep=False)


def steps(history: History) -> list[dict[str, Any]]:
    """Return every step: where it stands, what it is called, and the hashes of its state."""
    return [
        {
            "number": step.number, "parent": step.parent, "label": step.label,
            "redo": [] if step.redo is None else [step.redo],
            "content": content(history.state(step.number)), "events": heard(history.state(step.number)),
        }
        for step in history.steps.values()
    ]  # fmt: skip


def undone(history: History) -> list[str]:
    """Return the content after each undo, from the present step back to the first."""
    return [content(history.state(step.number)) for step in history.line()[-2::-1]]


def content(project: ProjectState) -> str:
    """Return a hash of all that the first format had words for, in an order that no later layout changes."""
    values = project.model_dump(mode="json", include=PROJECT_FIELDS)
    values["tempo_map"]["points"] = [{k: point[k] for k in ("tick", "bpm")} for point in values["tempo_map"]["points"]]
    for scene in values["scenes"]:
        assert [scene.pop(name) for name in ("follow", "bpm", "meter", "notes", "levels")] == [None, None, None, "", {}]
    values["tracks"] = [_as_first(track.model_dump(mode="json", include=TRACK_FIELDS)) for track in project.tracks]
    values["arrangement"] = sorted(
        [p.track, p.start_ticks, p.clip, p.length_ticks, p.offset_ticks] for p in project.arrangement
    )
    return _hash([json.dumps(values, sort_keys=True)])


def _as_first(track: dict[str, Any]) -> dict[str, Any]:
    """Return a track as it was before its points had shapes and its clips held audio or had launch modes."""
    fresh = [track["mixer"].pop(name) for name in ("side", "mute_group", "crossfade", "curve")]
    assert fresh == [None, None, 0, "power"]
    assert track["instrument"] is None or track["instrument"].pop("program") is None
    assert track["instrument"] is None or track["instrument"].pop("plugin") is None
    assert all(effect.pop("plugin") is None for effect in track["effects"])
    played = track["instrument"] or {"recording": None, "multisample": None}
    zones = (played["multisample"] or {"zones": ()})["zones"]
    for recording in filter(None, (played["recording"], *(zone["recording"] for zone in zones))):
        assert recording.pop("packed") is None
    for clip in track["clips"]:
        assert clip.pop("region") is None
        assert clip.pop("lyrics") == []
        assert (clip.pop("mode"), clip.pop("legato"), clip.pop("follow")) == ("trigger", False, None)
    for thing in (track, *track["clips"]):
        for moving in thing["automation"]:
            moving["points"] = [{name: point[name] for name in ("tick", "value")} for point in moving["points"]]
    return track


PROJECT_FIELDS = {
    "title", "seed", "tempo_map", "meter_map", "key", "scenes", "grooves", "active_groove", "groove_amount",
    "groove_velocity", "provenance", "next_id",
}  # fmt: skip
TRACK_FIELDS = {
    "id", "name", "kind", "role", "instrument", "output", "mixer", "effects", "sends", "clips", "automation",
    "groove_amount", "groove",
}  # fmt: skip


def heard(project: ProjectState) -> str:
    """Return a hash of every note and every move: of the whole timeline, and of each scene."""
    timelines = [timeline(project)]
    timelines += [of_scene(project, scene, 0, scene_length(project, scene)) for scene in project.scenes]
    return _hash(str(thing) for playing in timelines for thing in _events(project, playing))


def _events(project: ProjectState, playing: list[Playing]) -> list[tuple[object, ...]]:
    span = Span(0, end_ticks(playing))
    notes = [(n.tick, n.track_id, n.pitch, n.velocity, n.length_ticks, n.slide) for n in events(project, playing, span)]
    moves = [(m.tick, m.track_id, m.owner, m.parameter, m.value) for m in controls(project, playing, span)]
    return [*sorted(notes), *sorted(moves)]


def sound(project: ProjectState, bars: int = 2) -> str:
    """Return a hash of the samples of a WAV file of the first bars."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.wav"
        places = dict.fromkeys(project.recordings, SOUND)
        request = RenderRequest(
            project, tuple(timeline(project, bars=bars)), path, loop=True, listen=False, places=places
        )
        asyncio.run(render(request))
        samples, _ = soundfile.read(path, dtype="int32")
    assert abs(samples).max() > 2**27, "it is not silent"
    return hashlib.sha256(samples.tobytes()).hexdigest()


def _hash(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def make(name: str) -> None:
    """Save one of the RECIPES and keep what is said of it. Raises FileExistsError when it is there."""
    path = FOLDER / f"{name}.hcs"
    if path.exists():
        raise FileExistsError(path)
    SOUNDS.mkdir(exist_ok=True)
    shutil.copy(SOUND, SOUNDS / "tap.wav")
    with open_studio() as studio:
        for line in RECIPES[name]:
            studio.do(line)
        studio.do(f"/save {path}")
    known = json.loads(SAID.read_text()) if SAID.exists() else {}
    SAID.write_text(json.dumps(known | {name: said(path)}, indent=1) + "\n")


if __name__ == "__main__":
    for wanted in sys.argv[1:]:
        make(wanted)
