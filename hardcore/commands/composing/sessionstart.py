"""Sessions: the project that is open as a session of generation, with its piece, theme and clips."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from hardcore.commands.composing.compose import asked_for, put
from hardcore.commands.composing.generationstatus import state_of
from hardcore.commands.composing.plan import Length
from hardcore.commands.composing.profileuse import to_taste, told
from hardcore.commands.composing.soundjob import MODEL_KIND, SYNTH_KIND
from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Edited, Result, align, counted
from hardcore.commands.core.seeds import fresh_seed
from hardcore.commands.core.types import KeyOption, Meter, RandomSeed, Sentence, Tempo, Title
from hardcore.commands.projects.sessionid import session_id
from hardcore.controller.studio import Studio
from hardcore.errors import Conflict
from hardcore.jobs.joblist import JobList
from hardcore.project.clip import Clip
from hardcore.project.history import MAIN
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

if TYPE_CHECKING:
    from hardcore.compose.planner.model import SessionClip, SessionSummary


# How a cell of the grid stands, in the words of a person.
CELL = {"queued": "queued", "running": "rendering", "succeeded": "ready", "failed": "failed"}


class SessionShown(Result):
    """A session: the project, its piece and theme, and the clips of the grid by layer and scene."""

    session: dict[str, Any]

    def text(self) -> str:
        """Return the session, then its clips a line each."""
        known = self.session
        head = f"{known['name']}: {known['tempo_bpm']:g} bpm, {known['key']}, {known['time_signature']}"
        theme = known["theme"]
        lines = [head, f"id {known['session_id']}"]
        lines += [f"piece: {known['seed_prompt']}"] if known["seed_prompt"] else ["no piece yet: session start PROMPT"]
        lines += [f"theme: {theme['motif']}; {theme['rhythm']}; {theme['texture']}"] if theme else []
        rows = [
            (f"  {one['layer'] or ''}", f"scene {one['scene_index'] + 1}", f"{one['bars']:g} bars", CELL[one["state"]])
            for one in known["clips"]
        ]
        return "\n".join([*lines, counted(known["clip_count"], "clip"), *align(rows)])


class SessionStarted(SessionShown, Edited):
    """A session that was started."""

    def text(self) -> str:
        """Return what it is, and what the profile did to its piece."""
        return "\n".join(filter(None, (SessionShown.text(self), self.message)))


@command(
    "session start",
    "session start dark techno, 138 bpm, F minor --seed 7",
    about={"name": "what the session is called"},
)
def session_start(
    call: Call,
    words: Sentence = "",
    *,
    name: Title | None = None,
    bpm: Tempo | None = None,
    key: KeyOption | None = None,
    meter: Meter | None = None,
    seconds: Length | None = None,
    seed: RandomSeed | None = None,
) -> SessionStarted:
    """Start a session: a piece from a prompt, whose tempo, key and theme its clips take, in place of what is there.

    Without a prompt an empty project gets the tempo, key and meter that its first piece will have; a piece stays.
    """
    message = ""
    with call.step():
        if words:
            made = _piece(words, fresh_seed() if seed is None else seed, seconds, bpm, key, meter)
            liked = to_taste(call, made, whole=seconds is None)
            put(call, liked.project)
            message = told(liked.words) if liked.words else ""
        elif any(track.clips for track in call.project.tracks) and (bpm, key, meter) != (None, None, None):
            raise Conflict("there is a piece already, with a tempo, key and meter", "session start PROMPT replaces it")
        else:
            call.edit(lambda project: _tuned(project, bpm, key, meter))
        if name is not None:
            call.edit(lambda project: project.evolve(title=name))
    return SessionStarted(message=message, session=summary(call.studio).model_dump(mode="json"))


def _piece(words: str, seed: int, seconds: float | None, bpm: Any, key: Any, meter: Any) -> ProjectState:
    from hardcore.compose.form.song import composed, perform
    from hardcore.compose.planner.outline import outline

    intent = asked_for(words)
    given = {"bpm": bpm, "key": key} | ({"numerator": meter[0], "denominator": meter[1]} if meter else {})
    intent = intent.evolve(**{name: value for name, value in given.items() if value is not None})
    return composed(intent, seed)[0] if seconds is None else perform(outline(intent, seed, seconds))[0]


def _tuned(project: ProjectState, bpm: Any, key: Any, meter: Any) -> ProjectState:
    """Return the project with a tempo, a key and a meter, as far as they are given."""
    changes: dict[str, Any] = {"key": key} if key is not None else {}
    if bpm is not None:
        changes["tempo_map"] = project.tempo_map.with_bpm(bpm)
    if meter is not None:
        changes["meter_map"] = project.meter_map.with_meter(*meter)
    return project.evolve(**changes)


@command("session status", "session status", effects=())
def session_status(call: Call) -> SessionShown:
    """Show the session: its piece, theme and plan, and the clips of the grid; generations of clips are among them."""
    return SessionShown(session=summary(call.studio).model_dump(mode="json"))


def summary(studio: Studio) -> "SessionSummary":
    """Return the session of the project that is open."""
    from hardcore.compose.planner.model import SessionSummary
    from hardcore.compose.planner.plan import seed_plan
    from hardcore.compose.producer import source_of

    controller = studio.controller
    project, steps = controller.on(MAIN), controller.history.steps
    try:
        plan = seed_plan(project)
    except Conflict:
        plan = None
    source = source_of(project)
    clips = (*_clips(project), *_coming(studio, project))
    return SessionSummary(
        session_id=session_id(studio),
        created_at=_iso(min(step.at for step in steps.values())),
        updated_at=_iso(max(step.at for step in steps.values())),
        name=project.title,
        tempo_bpm=project.tempo_map.bpm,
        key=project.key.name,
        time_signature=project.meter_map.text,
        seed_prompt=source.prompt if source is not None else None,
        seed_plan=plan,
        theme=plan.theme if plan is not None else None,
        motif=plan.theme.motif if plan is not None and plan.theme is not None else None,
        clip_count=len(clips),
        clips=clips,
    )


def _clips(project: ProjectState) -> "Iterator[SessionClip]":
    """Yield the clips of the grid, scene by scene."""
    for number, scene in enumerate(project.scenes):
        for track in project.tracks:
            place = track.places.get(scene.slots.get(track.id, ""))
            if place is not None:
                yield _clip(project, track, track.clips[place], number)


def _coming(studio: Studio, project: ProjectState) -> "Iterator[SessionClip]":
    """Yield the clips that are being generated, and those whose generation failed."""
    from hardcore.compose.planner.model import SessionClip

    scenes = {scene.id: number for number, scene in enumerate(project.scenes)}
    for job in studio.jobs.all() if isinstance(studio.jobs, JobList) else ():
        asked = job.arguments["layer"] if job.kind in (SYNTH_KIND, MODEL_KIND) else None
        if asked is None or job.state == "done":
            continue
        cells = [scenes[scene] for _, scene in job.arguments["cells"] if scene in scenes]
        yield SessionClip(
            job_id=str(job.number), prompt=asked["words"], state=state_of(job.state), layer=asked["layer"],
            duration_seconds=job.arguments["sections"][0][1], bars=asked["bars"],
            scene_index=cells[0] if cells else len(scenes),
        )  # fmt: skip


def _clip(project: ProjectState, track: Track, clip: Clip, scene: int) -> "SessionClip":
    from hardcore.compose.planner.model import SessionClip
    from hardcore.compose.planner.plan import layer_of

    return SessionClip(
        prompt=clip.provenance.prompt if clip.provenance else "",
        state="succeeded",
        duration_seconds=project.tempo_map.seconds(clip.length_ticks),
        layer=layer_of(track.role),
        scene_index=scene,
        bars=clip.length_ticks / project.meter_map.bar_ticks(),
    )


def _iso(seconds: float) -> str:
    """Return a time since 1970 as ISO 8601 in UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()
