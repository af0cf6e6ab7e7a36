"""Rules: what happens by itself, as data. A trigger says when, an action says what; `rules/` watches and acts.

A beat is a quarter in every meter, counted from 0 at the start of the song. Tracks are named by id, everything else by
the name that it has then.
"""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from hardcore.model import Model
from hardcore.music.tempo import Ticks
from hardcore.project.values import Effect, Name, Percent, RuleId, Text, TrackId, TransportState

MOST_RULES = 1024
# From the one that goes first to the one that goes when nothing else does.
PRIORITIES = ("critical", "high", "normal", "low", "idle")
Priority = Literal["critical", "high", "normal", "low", "idle"]
# Where a result comes too late: play what is there, leave it out, or say so.
Fallback = Literal["play", "skip", "notify"]
Beats = Annotated[float, Field(ge=0, le=1_000_000)]
_Short = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")]


class BeatTrigger(Model):
    """Every so many beats or bars, from the start of the song."""

    kind: Literal["beat"] = "beat"
    divisor: Annotated[int, Field(ge=1, le=100_000)]
    unit: Literal["beats", "bars"] = "beats"


class MarkerTrigger(Model):
    """The music reaches the marker of that name."""

    kind: Literal["marker"] = "marker"
    name: Name


class SectionTrigger(Model):
    """A section of that name begins; without a name any section."""

    kind: Literal["section"] = "section"
    name: _Short = ""


class DeadlineTrigger(Model):
    """Early enough for what the action makes to be there by a beat."""

    kind: Literal["deadline"] = "deadline"
    beat: Beats


class ArtifactTrigger(Model):
    """A file was made that has this tag (its ending, or the command that made it); without one any file."""

    kind: Literal["artifact"] = "artifact"
    tag: _Short = ""


class JobTrigger(Model):
    """A job is done or has failed; without a number any job."""

    kind: Literal["job"] = "job"
    job: Annotated[int, Field(ge=1, le=10**9)] | None = None


class TransportTrigger(Model):
    """The music begins, pauses or stops."""

    kind: Literal["transport"] = "transport"
    state: TransportState


class LevelTrigger(Model):
    """A track's meter is above or below a level, in dBFS, for so many beats; looked at once a beat."""

    kind: Literal["level"] = "level"
    track: TrackId
    side: Literal["above", "below"]
    db: Annotated[float, Field(ge=-100, le=24)]
    beats: Annotated[int, Field(ge=1, le=10_000)] = 1


class HeardTrigger(Model):
    """An analysis hears another key or tempo than the one before, or the music falls silent for a bar."""

    kind: Literal["heard"] = "heard"
    what: Literal["key", "tempo", "silence"]


class MidiTrigger(Model):
    """A message of a MIDI input: a note or a controller by number; without a number any of that kind."""

    kind: Literal["midi"] = "midi"
    message: Literal["note", "cc"]
    number: Annotated[int, Field(ge=0, le=127)] | None = None


class CommandTrigger(Model):
    """A command of that name was carried out."""

    kind: Literal["command"] = "command"
    name: _Short


Trigger = Annotated[
    BeatTrigger | MarkerTrigger | SectionTrigger | DeadlineTrigger | ArtifactTrigger | JobTrigger | TransportTrigger
    | LevelTrigger | HeardTrigger | MidiTrigger | CommandTrigger,
    Field(discriminator="kind"),
]  # fmt: skip


class LaunchAction(Model):
    """Launch a scene or a clip; `next`, `previous` and `random` are scenes by what plays."""

    kind: Literal["launch"] = "launch"
    target: Annotated[_Short, Field(min_length=1)]


class PlayAction(Model):
    """Let the music play, from where it stands."""

    kind: Literal["play"] = "play"


class PauseAction(Model):
    """Stop the music here."""

    kind: Literal["pause"] = "pause"


class StopAction(Model):
    """Stop the music, and go back to where it began."""

    kind: Literal["stop"] = "stop"


class SeekAction(Model):
    """Go to a place of the song, in ticks."""

    kind: Literal["seek"] = "seek"
    tick: Ticks


class AuditionAction(Model):
    """Play a sound once beside the music: a sample of the program's or of the user's."""

    kind: Literal["audition"] = "audition"
    sound: Annotated[_Short, Field(min_length=1)]


class NotifyAction(Model):
    """Say something to the person at the studio."""

    kind: Literal["notify"] = "notify"
    message: Annotated[Text, Field(min_length=1, max_length=400)]


class RunAction(Model):
    """Run a command, as a line without its slash."""

    kind: Literal["run"] = "run"
    line: Annotated[Text, Field(min_length=1, max_length=1000)]


class SayAction(Model):
    """Ask for a change in plain words."""

    kind: Literal["say"] = "say"
    words: Annotated[Text, Field(min_length=1, max_length=1000)]


class CallAction(Model):
    """Call a Python function that a program has given to the studio under this name."""

    kind: Literal["call"] = "call"
    function: Annotated[_Short, Field(min_length=1)]


class _Sampling(Model):
    """What is made: by which space, of which words, with which of its inference parameters."""

    space: Annotated[_Short, Field(min_length=1)]
    prompt: Annotated[Text, Field(max_length=1000)] = ""
    inference: Annotated[Mapping[str, float | int | str], Field(max_length=16)] = {}


class _Scheduling(Model):
    """Where something is placed: at a beat, for so many beats (None: its own length), with a linear gain."""

    at: Beats
    duration: Annotated[float, Field(gt=0, le=1_000_000)] | None = None
    gain: Annotated[float, Field(ge=0, le=4)] = 1.0


class SampleAction(_Sampling):
    """Make something of words."""

    kind: Literal["sample"] = "sample"


class ScheduleAction(_Scheduling):
    """Place a clip in the arrangement."""

    kind: Literal["schedule"] = "schedule"
    content: Annotated[_Short, Field(min_length=1)]


class SampleAndScheduleAction(_Sampling, _Scheduling):
    """Make a clip of words, and place it in the arrangement."""

    kind: Literal["sample_and_schedule"] = "sample_and_schedule"


Action = Annotated[
    LaunchAction | PlayAction | PauseAction | StopAction | SeekAction | AuditionAction | NotifyAction | RunAction
    | SayAction | CallAction | SampleAction | ScheduleAction | SampleAndScheduleAction,
    Field(discriminator="kind"),
]  # fmt: skip


class Rule(Model):
    """When what happens.

    priority     of several at one time, the first goes first; work that waits goes in this order
    one_shot     whether it is removed once it has fired
    cooldown     beats for which it does not fire again
    probability  how often it fires, 0 to 100 %, drawn from the project's seed, the rule and the place
    permissions  what its action may change: no more than whoever made the rule
    author       who made it
    fallback     what happens where something made for a deadline comes too late
    """

    id: RuleId
    name: Name
    trigger: Trigger
    action: Action
    priority: Priority = "normal"
    enabled: bool = True
    one_shot: bool = False
    cooldown: Beats = 0
    probability: Percent = 100
    permissions: Annotated[tuple[Effect, ...], Field(max_length=6)] = ("project", "player")
    author: Annotated[_Short, Field(min_length=1)] = "you"
    fallback: Fallback = "notify"

    @property
    def rank(self) -> int:
        """Return its priority as a number: the lowest goes first."""
        return PRIORITIES.index(self.priority)

    @property
    def deed(self) -> dict[str, Any]:
        """Return what it does, when, and what it may change: what is trusted when a rule is trusted."""
        return self.model_dump(mode="json", include={"trigger", "action", "permissions", "fallback"})


def chance(seed: int, rule_id: str, tick: int, lap: int) -> float:
    """Return what chance draws for a rule at a tick, 0 to 1: the same for the same project, place and lap of a loop."""
    words = f"rule {seed} {rule_id} {tick} {lap}".encode()
    return int.from_bytes(blake2b(words, digest_size=8).digest(), "big") / 2**64
