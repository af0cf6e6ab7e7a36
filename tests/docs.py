"""`make docs`: writes what the documentation takes from the program, and removes what it no longer makes.

`generated()` returns it all by path; tests/test_docs.py compares it with what is there.
"""

import asyncio
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from hardcore.app import build_studio
from hardcore.audio.reader import OURS, read
from hardcore.commands.core import registry
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import resolve, run_line
from hardcore.commands.performance.devicemap import DeviceMap
from hardcore.compose.planner.model import GenerationArtifact, GenerationRequest, GenerationStatus
from hardcore.controller.studio import Studio
from hardcore.jobs.artifactsound import keep_sound
from hardcore.project.artifact import Recipe
from hardcore.project.playback import Playback
from hardcore.project.samples import sample
from hardcore.surfaces.mcp.server import AUTHOR
from hardcore.surfaces.picture import COLUMNS, draw_svg
from hardcore.surfaces.repl.fullscreen import FullScreen
from hardcore.surfaces.serverstart import AGENTS_BRANCH
from tests import cookbook, judged, pagepicture, reference, schemas
from tests.firstsession import pictures
from tests.surfaces.stage import StillPlayer, full_screen, playing

DOCS = Path(__file__).resolve().parents[1] / "docs"
RESULTS = "schemas/results"
FOLDERS = ("reference", "schemas", RESULTS)
SESSION = (
    "dark warehouse techno, 138 bpm, F minor, rolling bass, 8 bars --seed 7",
    "/scene copy A drop",
    "/clip show bass:A",
    "/gain kick -2",
)
ROWS = 32
# Where the music is in the pictures.
PLACE_TICKS = 2 * 7680 + 3000
SONG_TICKS = 36.5 * 7680

GROOVE = ("/groove show mpc_62", "/groove show samba")
CLIP = (*SESSION[:1], "/note set bass:A 3.1.2 F1 --probability 75 --ratchet 2")
CLIP_MOVES = (*["next-clip"] * 6, "bar-right", "bar-right", "next-note")
EXPLORE = ("/rhythm explore ghosty", "next", "next", "farther")
RHYTHM = ("/rhythm show warehouse --bars 2", "/rhythm plot warehouse --bars 512")
DEVICES = (
    *SESSION[:1],
    "/effect add bass filter cutoff=900",
    "/effect add bass drive",
    "/effect bypass bass drive on",
    "/automate bass cutoff 1.1.1 300",
)
SONG = (
    "uplifting trance, 138 bpm, A minor, 8 bars --seed 2",
    "/song --minutes 3 --seed 2",
    "/marker add lift 33",
    "open the filter on the bass over the build",
)
SONG_MOVES = (*["down"] * 6, "lane", "next-edge", *["select-right"] * 7)
TO_THE_BASS = ("next-track",) * 6
HISTORY = (
    *SESSION[:1],
    "/gain kick -2",
    "/track set bass cutoff 900",
    "/undo",
    "darker",
    "/scene copy A drop",
)
# What an agent does, on a branch of its own, is said behind an @.
AGENT = (
    *SESSION[:1],
    "@/gain hats -5",
    "/gain kick -2",
    "@/effect add bass drive",
    "@/track set bass cutoff 700",
    "/pan ride 0.3",
)
MERGED = (*AGENT, "/history merge agent")
ARTIFACTS: tuple[tuple[str, str, tuple[str, ...], Recipe], ...] = (
    ("vinyl_loop", "import", ("texture",), {"file": "vinyl_loop.wav"}),
    ("stab_minor", "bounce", (), {"track": "stabs", "title": "dark warehouse techno"}),
    ("kick808_long", "import", ("kick", "dark"), {"file": "kick808_long.wav"}),
    ("bass_note_c2", "freeze", (), {"track": "bass A", "title": "dark warehouse techno"}),
)
# The time of the first step in the pictures, and what goes by between two.
START_S, BETWEEN_S = 1_767_283_200.0, 47.0


def generated() -> dict[str, str]:
    """Return the text of every generated file by its path below docs/."""
    return {
        "cookbook.md": cookbook.page(),
        "reference/commands.md": reference.commands_page(),
        "reference/devices.md": reference.devices_page(),
        "reference/genres.md": reference.genres_page(),
        "reference/presets.md": reference.presets_page(),
        "schemas/commands.json": as_json(reference.commands_schema()),
        "schemas/device_map.json": as_json(DeviceMap.model_json_schema()),
        "schemas/generation_artifact.json": as_json(GenerationArtifact.model_json_schema()),
        "schemas/generation_request.json": as_json(GenerationRequest.model_json_schema()),
        "schemas/generation_status.json": as_json(GenerationStatus.model_json_schema()),
        "schemas/genre.json": as_json(reference.genre_schema()),
        "schemas/groove.json": as_json(reference.groove_schema()),
        "schemas/project.json": as_json(reference.project_schema()),
        "schemas/rhythm.json": as_json(reference.rhythm_schema()),
        **schemas_of_results(),
        "guide/session.svg": draw_svg("hardcore", session(SESSION)),
        "guide/groove.svg": draw_svg("hardcore", session(GROOVE, "transcript")),
        "guide/rhythm.svg": draw_svg("hardcore", session(RHYTHM, "transcript")),
        "guide/explore.svg": draw_svg("hardcore", session(SESSION[:1], "rhythm", EXPLORE)),
        "guide/clip.svg": draw_svg("hardcore", session(CLIP, "clip", CLIP_MOVES)),
        "guide/drums.svg": draw_svg("hardcore", session(SESSION[:1], "clip", ("down", "next-note"))),
        "guide/mixer.svg": draw_svg("hardcore", session(SESSION[:1], "mixer")),
        "guide/devices.svg": draw_svg(
            "hardcore", session(DEVICES, "devices", (*TO_THE_BASS, "down", "down", "much-more"))
        ),
        "guide/arrangement.svg": draw_svg("hardcore", session(SONG, "arrangement", SONG_MOVES)),
        "guide/artifacts.svg": draw_svg("hardcore", session(SESSION[:1], "artifacts", ("down", "down"), keep_sounds)),
        **first_session(),
        "guide/agent_works.svg": draw_svg("hardcore", session(AGENT, "history", ("up", "hear"))),
        "guide/agent_merged.svg": draw_svg("hardcore", session(MERGED, "history", ())),
        "guide/history.svg": draw_svg("hardcore", session(HISTORY, "history", ("up", "up", "hear"))),
    }


def schemas_of_results() -> dict[str, str]:
    """Return the frozen schemas of what commands answer, and which command answers what."""
    texts = {f"{RESULTS}/{name}.json": as_json(schema) for name, schema in schemas.result_schemas().items()}
    return texts | {f"{RESULTS}/index.json": as_json(schemas.answers_index())}


def keep_sounds() -> None:
    """Keep some of the program's samples as artifacts of several kinds."""
    for name, kind, tags, recipe in ARTIFACTS:
        audio, rate = read(sample(name).path, OURS)
        keep_sound(audio, rate, name=name, kind=kind, recipe=recipe, licence="CC0-1.0", tags=tags)


def first_session() -> dict[str, str]:
    """Return the pictures of a first session."""
    steps = count()
    with _home_of_its_own():
        screens = pictures(Path(os.environ["HARDCORE_HOME"]), lambda: START_S + BETWEEN_S * next(steps))
    return {f"guide/first_{name}.svg": draw_svg("hardcore", text) for name, text in screens.items()}


def as_json(schema: dict[str, Any]) -> str:
    """Return a schema as it is kept in a file."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def session(
    lines: tuple[str, ...],
    view: str = "session",
    actions: tuple[str, ...] = (),
    before: Callable[[], None] = lambda: None,
) -> str:
    """Return the full screen, in ANSI colours, when `lines` were typed into a new studio and the music plays.

    `actions` are those of keys that were pressed in the view, and lines that were typed there; `before` fills the
    user's folders first.
    """
    with _home_of_its_own():
        before()
        studio = build_studio()
        steps = count(1)
        studio.controller.history.steps[0].at = START_S
        studio.controller._clock = lambda: START_S + BETWEEN_S * next(steps)
        try:
            with full_screen(studio, COLUMNS, ROWS) as screen:
                asyncio.run(_typed(screen, lines))
                project = studio.controller.project
                heard = (
                    Playback(playing=True, tick=SONG_TICKS) if view == "arrangement" else playing(project, PLACE_TICKS)
                )
                studio.player = StillPlayer(heard)  # type: ignore[assignment]
                if view != screen.board.view.name:
                    screen.show(view)
                for action in actions:
                    screen.picture()
                    asyncio.run(_typed(screen, _lines(screen, action)))
                return screen.picture()
        finally:
            studio.controller.close()


def _lines(screen: FullScreen, action: str) -> tuple[str, ...]:
    return (action,) if action.startswith("/") else tuple(screen.board.view.press(action, screen.board.shown()))


async def _typed(screen: FullScreen, lines: tuple[str, ...]) -> None:
    studio = screen.board.studio
    for line in lines:
        if line.startswith("@"):
            await _agent_does(studio, line[1:])
            continue
        screen.transcript.typed(line)
        resolved = resolve(line)
        assert resolved is not None
        known, values = resolved
        if any(argument.name == "width" for argument in known.arguments):
            values.setdefault("width", COLUMNS)
        screen.result(
            await registry.run(studio, known, values, Caller(), line.removeprefix("/")), studio.controller.project
        )


async def _agent_does(studio: Studio, line: str) -> None:
    """Run a line as an agent that works in the studio."""
    if AGENTS_BRANCH not in studio.controller.history.heads:
        studio.controller.branch(AGENTS_BRANCH)
    await run_line(studio, line, Caller(AUTHOR, head=AGENTS_BRANCH))


@contextmanager
def _home_of_its_own() -> Iterator[None]:
    """Let the studio work in an empty home, on a terminal of COLUMNS cells, whatever this machine's user has."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(HARDCORE_HOME=folder, COLUMNS=str(COLUMNS), TZ="UTC0")
        time.tzset()
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)
            time.tzset()


def main() -> None:
    """Write the files that differ and the page of judged tunes, remove what is no longer made, and say which.

    Nothing is written where a frozen schema would break.
    """
    judged.main()
    files = generated()
    if faults := schemas.broken(DOCS, {name: text for name, text in files.items() if name.startswith(RESULTS)}):
        raise SystemExit("\n".join(["the schemas of results are frozen; fields may be added:", *faults]))
    for name, text in files.items():
        path = DOCS / name
        if not path.exists() or path.read_bytes() != text.encode():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
            print(f"wrote docs/{name}")
    with _home_of_its_own():
        if pagepicture.draw_if_stale():
            print("wrote docs/guide/page.png")
    for path in stale(files):
        path.unlink()
        print(f"removed {path}")


def stale(files: dict[str, str]) -> list[Path]:
    """Return the files in the generated folders that nothing makes."""
    there = [path for folder in FOLDERS for path in (DOCS / folder).glob("*") if path.is_file()]
    return [path for path in there if path.relative_to(DOCS).as_posix() not in files]


if __name__ == "__main__":
    main()
