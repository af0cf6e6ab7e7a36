"""The session, which is the project: all that one has to know to go on with it, in a few lines; kept ones compared."""

import time
from collections.abc import Callable, Sequence
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Result
from hardcore.commands.core.types import FileName, Kind
from hardcore.commands.projects.project import RecentList, project_path, recent_list
from hardcore.commands.reactive.rule import rule_rows
from hardcore.commands.studio.jobs import listed
from hardcore.music.ticks import beats
from hardcore.project import artifacts
from hardcore.project.difference import Change, Thing, difference
from hardcore.project.launching import launched_scene
from hardcore.project.log import LogEntry
from hardcore.project.section import starts

# What the text takes at most, in letters: 800 tokens at three letters a token.
MOST_LETTERS = 2400
# How much of each the text names; the data has all.
RULES, PLACES, LINES, JOBS, SOUNDS = 10, 12, 8, 4, 6
RECENT_ARTIFACTS, RECENT_LINES = 100, 20
VERSION = 1

Listed = TypeVar("Listed")
Vibe = Annotated[
    str, Field(max_length=400), Kind("words", 'such as "dark minimal, patient"; "" takes it away', rest=True)
]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Place(_Part):
    """A marker or the beginning of a section, at a beat of the song (a quarter, from 0)."""

    id: str
    name: str
    beat: float


class ActiveRule(_Part):
    """A rule: when it fires, what it does, how it stands, and how often it has fired since the project was opened."""

    id: str
    name: str
    when: str
    what: str
    priority: str
    state: str
    fired: int


class Outcome(_Part):
    """Something that was asked of the project, and what came of it: why it failed, empty when it did not."""

    at: float
    author: str
    line: str
    error: str


class JobEntry(_Part):
    """A job and how it stands."""

    id: int
    line: str
    state: str
    standing: str


class ArtifactEntry(_Part):
    """A sound that was kept: its id, the hash of its content and its tags."""

    id: str
    name: str
    content_hash: str
    tags: tuple[str, ...]


class TransportEntry(_Part):
    """How the music stands: at which beat, at which tempo there, and which scene plays."""

    state: Literal["playing", "stopped"]
    position_beats: float
    tempo_bpm: float
    scene: str | None


class SessionState(Result):
    """All that one has to know of a session to go on with it; `version` is that of this form.

    created_at, updated_at, captured_at   seconds since 1970: the first step, the last, and now
    """

    version: int
    name: str
    file: str | None
    vibe: str
    tempo_bpm: float
    meter: str
    key: str
    step: int
    transport: TransportEntry
    rules: tuple[ActiveRule, ...]
    markers: tuple[Place, ...]
    sections: tuple[Place, ...]
    recent_history: tuple[Outcome, ...]
    jobs: tuple[JobEntry, ...]
    recent_artifacts: tuple[ArtifactEntry, ...]
    created_at: float
    updated_at: float
    captured_at: float

    def text(self) -> str:
        """Return it in at most 800 tokens."""
        music = self.transport
        where = f"{music.state} at beat {music.position_beats:g}" + (f", scene {music.scene}" if music.scene else "")
        lines = [
            f"Session: {self.name}" + (f" ({self.file})" if self.file else " (not saved yet)") + f", step {self.step}",
            f"Vibe: {_short(self.vibe, 200)}" if self.vibe else "",
            f"Tempo: {self.tempo_bpm:g} BPM, {self.meter}, {self.key}",
            f"Transport: {where}",
            *_listed("Rules", self.rules, RULES, lambda one: f"{one.when} → {one.what}{_special(one)}"),
            _row("Markers", self.markers),
            _row("Sections", self.sections),
            *_listed("Recent history", self.recent_history[-LINES:], LINES, _outcome),
            *_listed("Jobs", self.jobs[-JOBS:], JOBS, lambda one: f"{one.id}: {one.line} ({one.standing})"),
            _row_of("Artifacts", [_sound(one) for one in self.recent_artifacts], SOUNDS),
        ]
        text = "\n".join(filter(None, lines))
        return text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS - 1].rstrip()}…"


def _short(text: str, most: int = 90) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"


def _special(rule: ActiveRule) -> str:
    special = [f"{rule.priority} priority"] if rule.priority != "normal" else []
    special += [rule.state] if rule.state != "on" else []
    return f" ({', '.join(special)})" if special else ""


def _outcome(one: Outcome) -> str:
    return f"{one.line} ✗ {one.error}" if one.error else f"{one.line} ✓"


def _sound(one: ArtifactEntry) -> str:
    return one.name + (f" ({' '.join(one.tags[:4])})" if one.tags else "")


def _listed(title: str, things: Sequence[Listed], most: int, said: Callable[[Listed], str]) -> list[str]:
    if not things:
        return []
    lines = [f"  - {_short(said(one))}" for one in things[:most]]
    more = [f"  … {len(things) - most} more"] if len(things) > most else []
    return [f"{title}: {len(things)}", *lines, *more]


def _row(title: str, places: tuple[Place, ...]) -> str:
    return _row_of(title, [f"{_short(one.name, 24)}@{one.beat:g}" for one in places], PLACES)


def _row_of(title: str, words: list[str], most: int) -> str:
    if not words:
        return ""
    more = f", … {len(words) - most} more" if len(words) > most else ""
    return f"{title}: {', '.join(words[:most])}{more}"


@command("session show", "session show", effects=(), aliases=("session",))
async def session_show(call: Call) -> SessionState:
    """Say what one has to know to go on with the session: vibe, tempo, key, rules, markers, transport, what was done.

    It is short enough for a model that has forgotten everything: 800 tokens at most; --json has all of it.
    """
    await call.controller.durable()
    project, controller = call.project, call.controller
    steps, meters = controller.history.steps, project.meter_map
    bars = starts(project.sections)
    return SessionState(
        version=VERSION, name=project.title, file=controller.path.name if controller.path else None, vibe=project.vibe,
        tempo_bpm=project.tempo_map.bpm, meter=meters.text, key=project.key.name,
        step=controller.history.place(call.caller.head), transport=_transport(call),
        rules=tuple(ActiveRule(**row.model_dump(include=set(ActiveRule.model_fields))) for row in rule_rows(call)),
        markers=tuple(Place(id=one.id, name=one.name, beat=beats(one.tick)) for one in project.markers),
        sections=tuple(
            Place(id=one.id, name=one.name, beat=beats(meters.bar_start(bar)))
            for one, bar in zip(project.sections, bars, strict=False)
        ),
        recent_history=tuple(map(_asked, controller.log(RECENT_LINES))),
        jobs=tuple(
            JobEntry(id=job.job, line=job.line, state=job.state, standing=job.standing) for job in listed(call.studio)
        ),
        recent_artifacts=tuple(
            ArtifactEntry(id=one.id, name=one.name, content_hash=one.sha256, tags=one.tags)
            for one in artifacts.everything()[:RECENT_ARTIFACTS]
        ),
        created_at=min(step.at for step in steps.values()), updated_at=max(step.at for step in steps.values()),
        captured_at=controller.now(),
    )  # fmt: skip


def _asked(entry: LogEntry) -> Outcome:
    return Outcome(at=entry.at, author=entry.author, line=entry.line, error=entry.error)


def _transport(call: Call) -> TransportEntry:
    project, player = call.project, call.studio.player
    playback = player.latest() if player is not None else None
    tick = max(0.0, playback.tick_at(project, time.monotonic())) if playback is not None else 0.0
    scene = launched_scene(project, playback.clips) if playback is not None else None
    return TransportEntry(
        state="playing" if playback is not None and playback.playing else "stopped",
        position_beats=round(beats(tick), 2), tempo_bpm=round(project.tempo_map.at(tick), 3),
        scene=scene.name if scene is not None else None,
    )  # fmt: skip


@command("session vibe", "session vibe dark minimal techno, patient")
def session_vibe(call: Call, words: Vibe) -> Done:
    """Say in words where the piece is to go; it changes no sound, and stands wherever one looks at the session."""
    new = call.edit(lambda project: project.evolve(vibe=words))
    return Done(message=f"vibe: {new.vibe}" if new.vibe else "no vibe")


@command("session list", "session list", effects=())
def session_list(call: Call) -> RecentList:
    """List the sessions that were opened or saved last; `session load` opens one by its number."""
    return recent_list(call.studio.store.recent())


class SessionsCompared(Result):
    """What is another one in this session than in the file `other`; `details` says it in words, a line each."""

    other: str
    changes: tuple[Change, ...]
    created: tuple[Thing, ...]
    removed: tuple[Thing, ...]
    details: tuple[str, ...]

    def text(self) -> str:
        """Return how many changes there are, then the changes."""
        head = f"{self.other} → this session: {len(self.details)} changes"
        return "\n".join([head, *(f"  {line}" for line in self.details)])


@command("session compare", "session compare song.hcs", effects=(), about={"file": "a project file, or its number"})
def session_compare(call: Call, file: FileName) -> SessionsCompared:
    """Say how this session differs from one in a file, which stays as it is: tempo, key, parts, notes, rules."""
    path = project_path(call, file)
    opened = call.studio.store.open(path, read_only=True)
    try:
        other = opened.history.state()
    finally:
        opened.close(False)
    found = difference(other, call.project)
    return SessionsCompared(
        other=path.name, changes=found.changes, created=found.created, removed=found.removed,
        details=tuple(found.lines()),
    )  # fmt: skip
