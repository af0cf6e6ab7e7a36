"""Every command's example runs, is one undoable step where it edits, and answers in words and in data."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
from jsonschema import Draft202012Validator

from hardcore.app import build_studio
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import resolve, run_line
from hardcore.commands.core.registry import Command, registry
from hardcore.commands.performance.played import PlayedNotes
from hardcore.controller.events import MidiReceived
from hardcore.controller.playingports import MidiInputs, Player
from hardcore.controller.studio import Studio
from hardcore.paths import config_folder, data_folder, user_folder
from hardcore.player.remote import Remote
from hardcore.player.soundrecording import Begun, WavFile
from hardcore.project.hands import InputPorts
from hardcore.project.integrity import check
from hardcore.project.midi import to_midi
from hardcore.project.midiin import MidiInput
from hardcore.project.samples import sample
from hardcore.project.state import ProjectState
from hardcore.project.timeline import timeline
from hardcore.store import library, sound_index
from tests.audio.soundfonts import layered
from tests.blocks import ROOT
from tests.each import each
from tests.song import begin, song, studio_with_song
from tests.surfaces.stage import full_screen

SCHEMAS = ROOT / "docs" / "schemas" / "results"
SONG = ("uplifting trance, 4 bars --seed 2", "/song --bars 48 --seed 2")
SMALL = "/models add musicgen-small weights --backend musicgen --licence MIT"
KEPT = "/library save preset rubber --from bass --tags warm"
PREPARED = {
    "redo": ("/tempo 140", "/undo"),
    "lyrics clear": ("/lyrics set bass:A hard-core",),
    "history drop": ("/history branch bass",),
    "history merge": ("/history branch bass", "/gain bass -3 --head bass"),
    "history revert": ("/gain bass -3", "/gain kick -3"),
    **{f"section {verb}": SONG for verb in ("add", "remove", "move", "swap", "copy", "rename", "resize", "energy")},
    # it listens, so its sections are short
    "section balance": (
        "/scene copy A break",
        "/arrangement scene break 1 --bars 1",
        "/arrangement scene A 2 --bars 1",
        "/section rename 1 break",
        "/section rename 2 drop",
    ),
    **{f"plan {verb}": SONG for verb in ("show", "set")},
    **{f"plugins {verb}": ("/plugins scan my-plugins",) for verb in ("show", "allow")},
    "plan render": (*SONG, "/plan set break --energy high"),
    "song end": SONG,
    "song lift": SONG,
    "generate sound": (SMALL,),
    **{f"generate {verb}": (SMALL, "/import loop.wav") for verb in ("continue", "vary", "repaint", "accompany")},
    "generate fill": (
        SMALL,
        "/new",
        "/tempo 240",
        "/import loop.wav",
        "/place loop:A 1",
        "/section add drop --bars 1",
        "/section rename 1 intro",
    ),
    "models get": (
        "/config models.host http://127.0.0.1:1",
        "/models add mine some/weights --backend musicgen --licence MIT",
    ),
    "models remove": ("/models add mine weights --backend musicgen --licence MIT",),
    "mix match": ("/export reference.wav --bars 1",),
    "effect move": ("/effect add bass drive", "/effect move bass drive 1"),
    "clip quantize": ("/note add bass:A 1.1.2+77 F2",),
    "clip scale": ("/note add bass:A 1.1.2 E2",),
    "tempo": ("/tempo 140",),
    "timing tighten": ("/timing humanize hats 50 --seed 1",),
    "chords colour": ("techno 138 bpm with bass and chords, 4 bars --seed 3",),
    "part vary": ("techno 138 bpm with bass, 2 bars --seed 3",),
    "arpeggiate": ("/note add bass:A 1.1.1 C3 1/4",),
    **{
        f"automation {verb}": (
            "/automation add bass:A cutoff 1.1.1 300",
            "/automation add bass:A cutoff 1.2.1 301",
            "/automation add bass:A cutoff 1.3.1 302",
        )
        for verb in ("clear", "set", "move", "remove", "copy", "thin")
    },
    "clip": ("house, 2 bars --seed 3",),
    "generate clip": ("house, 2 bars --seed 3",),
    "arrangement clear": ("/place bass:A 1",),
    "clip join": ("/clip copy bass:A bass B",),
    "note copy": ("/note cut bass:A 2.1.1",),
    **{
        f"arrangement {verb}": ("/place bass:A 1", "/place bass:A 3", "/clip copy bass:A bass B")
        for verb in ("remove", "move", "copy", "duplicate", "replace", "split", "trim", "extend", "join")
    },
    **{f"clipboard {verb}": ("/place bass:A 1", "/clipboard copy bass 1") for verb in ("copy", "cut", "paste")},
    "record session stop": ("/launch A", "/record session"),
    "record notes": ("/midi input bass",),
    "record notes stop": ("/midi input bass", "/record notes bass"),
    "cue": ("/config engine.cue split",),
    "cue off": ("/config engine.cue split", "/cue bass"),
    "record sound": ("/config engine.inputs 2",),
    "record sound stop": ("/config engine.inputs 2", "/record sound voice"),
    "midi effect": ("/midi input bass",),
    "tempo tap": ("/tempo tap", "/tempo tap", "/tempo tap"),
    **{f"loop {verb}": ("/loop 1 --bars 2",) for verb in ("half", "double", "move")},
    **{f"setlist {verb}": ("/setlist add two.hcs",) for verb in ("remove", "go", "next")},
    "keys piano": ("/midi input bass",),
    "step": ("/midi input bass",),
    "step move": ("/midi input bass", "/step bass:A"),
    "step off": ("/midi input bass", "/step bass:A"),
    "scene capture": ("/launch A",),
    "scene recall": ("/scene keep A", "/gain bass -6"),
    "mute group": ("/mute group set kick 1",),
    "morph": ("/scene keep A", "/gain bass -6", "/scene keep B"),
    **{f"time {verb}": ("/place bass:A 1",) for verb in ("insert", "delete", "duplicate")},
    **{f"marker {verb}": ("/marker add solo 3",) for verb in ("remove", "rename", "move")},
    **{f"rule {verb}": ('/rule add "every bar" launch next',) for verb in ("show", "remove", "disable", "dry-run")},
    "link off": ("/link on",),
    "map remove": ("/map add cc7 gain kick",),
    "rule fire": ('/rule add "every bar" notify now',),
    "rule enable": ('/rule add "every bar" launch next --off',),
    "scene clear": ("/clip copy bass:A bass B",),
    "write": ("techno 138 bpm with bass, 2 bars --seed 3",),
    "regenerate": ("techno 138 bpm with bass, 2 bars --seed 3",),
    "vary": ("house 124 bpm with bass, 2 bars --seed 3",),
    "open": ("/new",),
    "history show": ("/gain kick -3",),
    "profile forget": ("/profile set hats gain -3",),
    "profile import": ("/profile set hats gain -3", "/profile export taste.json"),
    "profile toggle": ("/profile set hats gain -3", "compose house with hats, 1 bar --seed 3 --new --profile"),
    "preset load": ("/preset save snare deep",),
    "rhythm edit": ("/rhythm new mine.yaml",),
    **{
        f"rhythm seed {verb}": ("/rhythm seed save opener default", "/rhythm seed save second urgent")[
            : 1 + (verb == "breed")
        ]
        for verb in ("show", "render", "clone", "tag", "delete", "breed", "vary")
    },
    **{f"rhythm session {verb}": ("/rhythm session warehouse",) for verb in ("tell", "keep", "stop")},
    **{
        f"rhythm explore {verb}": ("/rhythm explore warehouse",)
        for verb in ("next", "back", "near", "far", "keep", "leave")
    },
    **{f"library {verb}": (KEPT,) for verb in ("list", "show", "find", "audition", "tag", "untag", "rename", "remove")},
    "library put": (KEPT, "/set bass cutoff 300"),
    "library export": (KEPT,),
    "library import": (KEPT, "/library export pack.hcl", "/library remove rubber"),
    "library restore": (KEPT, "/library remove rubber"),
    "preset delete": ("/preset save bass deep reese",),
    "groove remove": ("/groove set hats mpc_62",),
    "groove commit": ("/groove set hats mpc_62",),
    "groove delete": ("/groove learn song.mid --name mine",),
    "samples show": ("/samples add sounds",),
    "samples forget": ("/samples add sounds",),
    "samples place": ("/samples add sounds",),
    "samples audition": ("/samples add sounds",),
    "instrument zones": ("/instrument import piano.sf2 bass",),
    "instrument blend": ("/instrument import piano.sf2 bass",),
    "track unfreeze": ("/track freeze bass",),
    "resample": ("/track add drums --kind group",),
    **{f"clip {verb}": ("/import loop.wav",) for verb in ("gain", "fade", "warp", "to-midi", "slice")},
    **{
        f"artifacts {verb}": ("/artifacts add sounds/deep_kick.wav",)
        for verb in ("show", "tag", "export", "find", "audition", "place", "remove")
    },
    **{f"job {verb}": ("/export song.wav --background",) for verb in ("show", "cancel", "retry")},
    "samples collect": ("/samples add sounds", "/track sample kick deep_kick"),
}


def saved(project: ProjectState) -> bytes:
    """Return the file of a project."""
    path = Path("saved.hcs").absolute()
    studio = build_studio()
    studio.controller.edit("made", lambda _: project)
    studio.controller.save(path)
    studio.controller.close()
    return path.read_bytes()


# What the lines of an example name, and the commands that need a project in a file or a screen.
FILES: dict[str, Callable[[], bytes]] = {
    "sounds/deep_kick.wav": lambda: sample("kick808_long").path.read_bytes(),
    "loop.wav": lambda: sample("vinyl_loop").path.read_bytes(),
    "weights/model.safetensors": lambda: b"",
    "piano.sf2": cache(layered),
    "my-plugins/OldSynth.vst3": lambda: b"",
    "one.hcs": lambda: saved(song()),
    "two.hcs": lambda: saved(song()),
    "nano.toml": lambda: (data_folder("config") / "midi" / "nanokontrol2.toml").read_bytes(),
    "prompts.txt": lambda: b"gabber 180 bpm, 1 bar\n",
    "song.mid": cache(lambda: to_midi(song(), timeline(song()))),
}
SAVED = (
    "hardcore.commands.projects.project",
    "hardcore.commands.projects.session",
    "hardcore.commands.projects.history",
    "hardcore.commands.tracks.soundfolder",
    "hardcore.commands.performance.setlist",
)
ON_SCREEN = ("hardcore.commands.studio.view", "hardcore.commands.studio.keys")


@pytest.fixture
def studio(known: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.chdir(tmp_path)
    module = known.function.__module__
    studio = studio_with_song(tmp_path if module in SAVED else None)
    lines = " ".join([known.example, *PREPARED.get(known.name, ())])
    for name, content in FILES.items():
        if name.split("/")[0] in lines:
            Path(name).parent.mkdir(exist_ok=True)
            Path(name).write_bytes(content())
    if known.name == "capture":
        play_by_hand(studio, "bass")
    if known.name in ("learn", "link on", "link off"):
        studio.hands = cast(MidiInputs, Turning(studio))
    if known.name.startswith("record sound"):
        monkeypatch.setattr(Remote, "record", lambda player, path, *asked: Silence(path, asked[2]))
    with full_screen(studio) if module in ON_SCREEN else nullcontext():
        yield studio
    studio.close()


def play_by_hand(studio: Studio, track: str) -> None:
    """Let a track hear a keyboard, and somebody play two notes on it."""
    heard = studio.controller.project.find_track(track).id
    change = {"midi_in": MidiInput()}
    studio.controller.edit("midi input", lambda project: project.with_track(heard, lambda one: one.evolve(**change)))
    studio.keep(PlayedNotes(studio))
    for at_s, message in ((1.0, "note"), (1.4, "off"), (1.5, "note"), (1.9, "off")):
        event = MidiReceived(port="keys", message=message, channel=1, number=45, value=99, at_s=at_s)  # type: ignore[arg-type]
        studio.controller.events.tell(event)


class Turning:
    """MIDI inputs where somebody turns a knob as soon as anybody listens."""

    running, ports = True, InputPorts()

    def __init__(self, studio: Studio) -> None:
        self._events = studio.controller.events

    def listen(self) -> None:
        self._events.tell(MidiReceived(port="nano", message="cc", channel=1, number=7, value=127))

    def keep_time(self, now: object) -> None:
        pass

    def share(self, link: object) -> None:
        pass

    def send(self, frames: object) -> None:
        pass

    def close(self) -> None:
        pass


class Silence:
    """A recording of a second in which nothing is heard, as an engine without a card cannot make it."""

    def __init__(self, path: Path, done: Callable[[str], None]) -> None:
        self.begun, self._done = Begun(0, 2400.0, None, 48_000), done
        self._file = WavFile(path, 48_000, 2)

    def stop(self) -> None:
        self._file.append(bytes(8 * 50_400))
        self.close()
        self._done("")

    def close(self) -> None:
        self._file.close()


class Watched:
    """What a studio changes from now on, seen from outside: history, files, requests of the player, screen."""

    def __init__(self, studio: Studio) -> None:
        self.asked: list[str] = []
        self._studio = studio
        self._player = studio.player
        if studio.player is not None:
            studio.player = cast(Player, Spied(studio.player, self.asked))
        self._before = self._seen()

    def _seen(self) -> dict[str, object]:
        studio, history = self._studio, self._studio.controller.history
        board = getattr(studio.stage, "board", None)
        kept = (library.items(), library.items(removed=True), library.entries(), self._profile())
        return {
            "project": (studio.controller.project, history.at, history.last, len(history.steps)),
            "files": (files(Path.cwd()), sound_index.files()),
            "settings": (
                files(config_folder()),
                files(user_folder() / "genres"),
                kept,
                self._profile(),
                studio.settings,
            ),
            "player": list(self.asked),
            "screen": (studio.tour, studio.closing, board and board.view),
            "jobs": studio.jobs and studio.jobs.all(),
        }

    def _profile(self) -> object:
        """Return what is known of the person's taste."""
        assert self._studio.profile is not None
        return self._studio.profile.read()

    def effects(self) -> set[str]:
        """Return what has changed."""
        after = self._seen()
        self._studio.player = self._player
        return {what for what, seen in after.items() if seen != self._before[what]}


class Spied:
    """A player whose requests are noted; what costs nothing and changes nothing is not."""

    def __init__(self, player: Player, asked: list[str]) -> None:
        self._player, self._asked = player, asked

    def __getattr__(self, name: str) -> Any:
        if name not in ("latest", "news", "follow"):
            self._asked.append(name)
        return getattr(self._player, name)


@cache
def validator(kind: str) -> Draft202012Validator:
    """Return what checks an answer of this kind against the schema that programs rely on."""
    return Draft202012Validator(json.loads((SCHEMAS / f"{kind}.json").read_text(encoding="utf-8")))


def files(folder: Path) -> dict[Path, tuple[int, int]]:
    """Return the size and date of every file in a folder and below; the lock of an open project is none."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {path: (path.stat().st_size, path.stat().st_mtime_ns) for path in found}


def effects_of(example: str) -> frozenset[str]:
    """Return what the line of an example may change."""
    resolved = resolve(f"/{example}")
    assert resolved is not None
    known, values = resolved
    return frozenset(known.effects.given(known.parsed(values)))


@pytest.mark.parametrize("known", registry().values(), ids=lambda known: known.name)
def test_the_example_of_a_command_runs(known: Command, studio: Studio) -> None:
    lines = PREPARED.get(known.name, ())
    if lines[: len(SONG)] == SONG:
        begin(studio, *SONG)
        lines = lines[len(SONG) :]
    for line in lines:
        asyncio.run(run_line(studio, line, Caller()))
    controller = studio.controller
    at, before = controller.history.at, controller.project
    watched = Watched(studio)
    result = asyncio.run(run_line(studio, f"/{known.example}", Caller()))
    assert watched.effects() <= effects_of(known.example), "an example does no more than its command declares"
    assert result is not None
    assert result.text().rstrip() == result.text() != ""
    assert type(result) in known.answers
    data = json.loads(json.dumps(result.data(), allow_nan=False))
    validator(data["result"]).validate(data)
    check(controller.project)
    if known.is_step:
        assert controller.history.at != at, "an edit's example changes something"
        assert controller.history.step.label == known.example
        controller.undo()
        assert controller.project is before
    if known.reads:
        assert controller.project is before


@each("known", registry().values(), ids=lambda known: known.name)
def test_a_command_describes_itself(known: Command) -> None:
    schema = known.schema()
    assert schema["type"] == "object"
    assert set(schema.get("properties", {})) == {argument.name for argument in known.arguments}
    assert len(known.summary) <= 120
    assert known.summary.endswith(".")
