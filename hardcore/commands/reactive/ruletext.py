"""Triggers and actions of rules as people type and read them; what is written here is read here again."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from pydantic import ValidationError

from hardcore.commands.core.types import place_of
from hardcore.commands.timeline.blocks import place_tick
from hardcore.errors import UserError, complaint, nearest
from hardcore.project.rule import (
    Action,
    ArtifactTrigger,
    AuditionAction,
    BeatTrigger,
    CallAction,
    CommandTrigger,
    DeadlineTrigger,
    HeardTrigger,
    JobTrigger,
    LaunchAction,
    LevelTrigger,
    MarkerTrigger,
    MidiTrigger,
    NotifyAction,
    PauseAction,
    PlayAction,
    RunAction,
    SampleAction,
    SampleAndScheduleAction,
    SayAction,
    ScheduleAction,
    SectionTrigger,
    SeekAction,
    StopAction,
    TransportTrigger,
    Trigger,
)
from hardcore.project.state import ProjectState

Made = TypeVar("Made")
TRIGGERS = (
    "every 8 bars", "every beat", "marker drop", "section drop", "any section", "by beat 64", "artifact wav",
    "any artifact", "job 3", "any job", "transport stopped", "level kick above -6 for 4 beats", "heard key",
    "midi note 36", "command export",
)  # fmt: skip
ACTIONS = (
    "launch next", "play", "pause", "stop", "seek 5.1", "audition kick909", "notify the drop comes",
    "run track mute hats on", "say darker", "call my_function", "sample bass a rolling line",
    "sample bass a rolling line at 64 for 16", "schedule bass:A at 64 for 16 gain 0.8",
)  # fmt: skip
_NUMBER = r"[+-]?\d+(?:\.\d+)?"
_AT = rf" at ({_NUMBER})(?: for ({_NUMBER}))?(?: gain ({_NUMBER}))?"
_LEAD = re.compile(r"^(?:when(?:ever)? |on |at |if )*(?:the )?", re.IGNORECASE)
_INFERENCE = re.compile(r"([a-z_]+)=(\S+)")
_STATES = {"play": "playing", "start": "playing", "pause": "paused", "stop": "stopped"}


def parse_trigger(text: str, project: ProjectState) -> Trigger:
    """Return the trigger that a text such as `every 8 bars` names. Raises UserError with the nearest form."""
    plain = _LEAD.sub("", " ".join(text.split()))
    for pattern, made in _TRIGGERS:
        if (match := re.fullmatch(pattern, plain, re.IGNORECASE)) is not None:
            return _valid(partial(made, match.groups(), project))
    raise UserError(f"'{text}' is no trigger", nearest(plain, TRIGGERS))


def parse_action(text: str, project: ProjectState) -> Action:
    """Return the action that a text such as `launch next` names. Raises UserError with the nearest form."""
    word, _, rest = text.strip().partition(" ")
    rest = rest.strip()
    made = _ACTIONS.get(word.casefold())
    if made is None or bool(rest) == (made in _ALONE):
        raise UserError(f"'{text}' is no action", nearest(text, ACTIONS))
    return _valid(partial(made, rest, project))


def _valid(made: Callable[[], Made]) -> Made:
    try:
        return made()
    except ValidationError as error:
        place, why, _ = complaint(error)
        raise UserError(f"{place}: {why}" if place else why) from error


Groups = tuple[str | None, ...]


def _beat(found: Groups, project: ProjectState) -> Trigger:
    number, unit = found
    return BeatTrigger(divisor=int(number or 1), unit="bars" if (unit or "").lower().startswith("bar") else "beats")


def _level(found: Groups, project: ProjectState) -> Trigger:
    name, side, db, beats = found
    track = project.find_track(name or "")
    return LevelTrigger(track=track.id, side=(side or "").lower(), db=float(db or 0), beats=int(beats or 1))


_TRIGGERS: tuple[tuple[str, Callable[[Groups, ProjectState], Trigger]], ...] = (
    (r"every (?:(\d+) )?(beats?|bars?)", _beat),
    (r"marker (.+)", lambda found, project: MarkerTrigger(name=found[0] or "")),
    (r"(?:any|every|each) section()|section (.+)", lambda found, project: SectionTrigger(name=found[1] or "")),
    (rf"(?:by beat|deadline) ({_NUMBER})", lambda found, project: DeadlineTrigger(beat=float(found[0] or 0))),
    (r"(?:any )?artifact()|artifact (.+)", lambda found, project: ArtifactTrigger(tag=found[1] or "")),
    (r"(?:any )?job(?: (\d+))?", lambda found, project: JobTrigger(job=int(found[0]) if found[0] else None)),
    (
        r"transport (playing|paused|stopped)",
        lambda found, project: TransportTrigger(state=(found[0] or "").lower()),
    ),
    (
        r"(?:music|player|transport)? ?(play|start|pause|stop)s?",
        lambda found, project: TransportTrigger(state=_STATES[(found[0] or "").lower()]),
    ),
    (rf"level (.+) (above|below) ({_NUMBER})(?: ?db(?:fs)?)?(?: for (\d+) beats?)?", _level),
    (
        r"heard (key|tempo|silence)",
        lambda found, project: HeardTrigger(what=(found[0] or "").lower()),
    ),
    (
        r"midi (note|cc)(?: (\d+))?",
        lambda found, project: MidiTrigger(
            message=(found[0] or "").lower(),
            number=int(found[1]) if found[1] else None,
        ),
    ),
    (r"command (.+)", lambda found, project: CommandTrigger(name=(found[0] or "").lower().removeprefix("/"))),
)


def _launch(rest: str, project: ProjectState) -> Action:
    beside = re.fullmatch(r"(?:the )?(next|previous|random)(?: scene)?", rest, re.IGNORECASE)
    return LaunchAction(target=beside[1].lower() if beside else re.sub(r"^(?:the )?(?:scene |clip )", "", rest))


def _seek(rest: str, project: ProjectState) -> Action:
    return SeekAction(tick=place_tick(project, place_of(rest)))


def _when(match: re.Match[str]) -> dict[str, Any]:
    at, duration, gain = match.groups()
    return {"at": float(at)} | {
        name: float(value) for name, value in (("duration", duration), ("gain", gain)) if value is not None
    }


def _sample(rest: str, project: ProjectState) -> Action:
    scheduled = re.search(rf"{_AT}$", rest, re.IGNORECASE)
    head = rest[: scheduled.start()] if scheduled else rest
    space, _, prompt = head.partition(" ")
    inference: dict[str, float | int | str] = {}
    while (given := _INFERENCE.match(prompt)) is not None:
        inference[given[1]] = _plain(given[2])
        prompt = prompt[given.end() :].lstrip()
    made: dict[str, Any] = {"space": space.casefold(), "prompt": prompt, "inference": inference}
    return SampleAndScheduleAction(**made, **_when(scheduled)) if scheduled else SampleAction(**made)


def _plain(text: str) -> float | int | str:
    if re.fullmatch(r"[+-]?\d+", text):
        return int(text)
    return float(text) if re.fullmatch(_NUMBER, text) else text


def _schedule(rest: str, project: ProjectState) -> Action:
    match = re.search(rf"{_AT}$", rest, re.IGNORECASE)
    if match is None:
        raise UserError(f"schedule {rest}: at which beat?", "schedule bass:A at 64 for 16 gain 0.8")
    return ScheduleAction(content=rest[: match.start()], **_when(match))


_ALONE = tuple(lambda rest, project, made=made: made() for made in (PlayAction, PauseAction, StopAction))
_ACTIONS: dict[str, Callable[[str, ProjectState], Action]] = {
    "launch": _launch,
    **dict(zip(("play", "pause", "stop"), _ALONE, strict=True)),
    "seek": _seek,
    "audition": lambda rest, project: AuditionAction(sound=rest),
    "notify": lambda rest, project: NotifyAction(message=rest),
    "run": lambda rest, project: RunAction(line=rest.removeprefix("/")),
    "say": lambda rest, project: SayAction(words=rest),
    "call": lambda rest, project: CallAction(function=rest),
    "sample": _sample,
    "schedule": _schedule,
}


def trigger_text(trigger: Trigger, project: ProjectState) -> str:
    """Return a trigger as `parse_trigger` reads it."""
    match trigger:
        case BeatTrigger():
            many = trigger.divisor > 1
            return f"every {trigger.divisor} {trigger.unit}" if many else f"every {trigger.unit.removesuffix('s')}"
        case MarkerTrigger():
            return f"marker {trigger.name}"
        case SectionTrigger():
            return f"section {trigger.name}" if trigger.name else "any section"
        case DeadlineTrigger():
            return f"by beat {trigger.beat:.12g}"
        case ArtifactTrigger():
            return f"artifact {trigger.tag}" if trigger.tag else "any artifact"
        case JobTrigger():
            return f"job {trigger.job}" if trigger.job else "any job"
        case TransportTrigger():
            return f"transport {trigger.state}"
        case LevelTrigger():
            names = {track.id: track.name for track in project.tracks}
            long = f" for {trigger.beats} beats" if trigger.beats > 1 else ""
            return f"level {names.get(trigger.track, trigger.track)} {trigger.side} {trigger.db:.12g}{long}"
        case HeardTrigger():
            return f"heard {trigger.what}"
        case MidiTrigger():
            return f"midi {trigger.message}" + (f" {trigger.number}" if trigger.number is not None else "")
        case CommandTrigger():
            return f"command {trigger.name}"


def action_text(action: Action, project: ProjectState) -> str:
    """Return an action as `parse_action` reads it."""
    match action:
        case PlayAction() | PauseAction() | StopAction():
            return action.kind
        case SeekAction():
            return f"seek {project.meter_map.position(action.tick).typed}"
        case SampleAction() | SampleAndScheduleAction():
            given = [f"{name}={value}" for name, value in action.inference.items()]
            words = " ".join(filter(None, ["sample", action.space, *given, action.prompt]))
            return words + _when_text(action) if isinstance(action, SampleAndScheduleAction) else words
        case ScheduleAction():
            return f"schedule {action.content}" + _when_text(action)
        case LaunchAction():
            return f"launch {action.target}"
        case AuditionAction():
            return f"audition {action.sound}"
        case NotifyAction():
            return f"notify {action.message}"
        case RunAction():
            return f"run {action.line}"
        case SayAction():
            return f"say {action.words}"
        case CallAction():
            return f"call {action.function}"


def _when_text(action: ScheduleAction | SampleAndScheduleAction) -> str:
    words = f" at {action.at:.12g}"
    words += f" for {action.duration:.12g}" if action.duration is not None else ""
    return words + (f" gain {action.gain:.12g}" if action.gain != 1 else "")
