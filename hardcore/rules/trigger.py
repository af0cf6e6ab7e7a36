"""Triggers that are no places in the music: which events of the studio fire which rules."""

from collections.abc import Iterable, Iterator
from typing import Any

from hardcore.controller.events import (
    ArtifactMade,
    CommandRan,
    Event,
    JobChanged,
    MidiReceived,
    PlaybackChanged,
)
from hardcore.project.playback import Playback
from hardcore.project.rule import (
    ArtifactTrigger,
    CommandTrigger,
    HeardTrigger,
    JobTrigger,
    LevelTrigger,
    MidiTrigger,
    Rule,
    TransportTrigger,
)
from hardcore.project.values import TransportState

SILENT_DB = -60.0
# The kinds of events that may fire a rule.
SOURCES = (ArtifactMade, CommandRan, JobChanged, MidiReceived, PlaybackChanged)
_OVER = ("done", "failed", "cancelled", "interrupted")


class Matcher:
    """The rules that events fire, by the kind of their trigger, and what it takes to tell that something is new."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._by_kind: dict[str, list[Rule]] = {}
        for rule in sorted(rules, key=lambda rule: rule.rank):
            self._by_kind.setdefault(rule.trigger.kind, []).append(rule)

    def __bool__(self) -> bool:
        return bool(self._by_kind.keys() - {"beat", "marker", "section", "deadline"})

    def on(self, kind: str) -> list[Rule]:
        """Return the rules whose trigger is of a kind, by priority."""
        return self._by_kind.get(kind, [])


class Watch:
    """What was seen of the studio before, so that a change is told from what goes on."""

    def __init__(self) -> None:
        self._state: TransportState = "stopped"
        self._over: set[str] = set()
        self._heard: dict[str, Any] = {}
        self._held: dict[str, int] = {}

    def look(self, playback: Playback) -> None:
        """Take in how the music stands, where nobody waited for it so far."""
        self._state = playback.transport

    def fired(self, matcher: Matcher, event: Event) -> Iterator[Rule]:
        """Yield the rules that an event fires, by priority."""
        if isinstance(event, PlaybackChanged):
            yield from self._transport(matcher, event.playback)
        elif isinstance(event, JobChanged):
            yield from self._job(matcher, event)
        elif isinstance(event, ArtifactMade):
            for rule in matcher.on("artifact"):
                assert isinstance(rule.trigger, ArtifactTrigger)
                if not rule.trigger.tag or rule.trigger.tag.casefold() in event.tags:
                    yield rule
        elif isinstance(event, MidiReceived):
            for rule in matcher.on("midi"):
                assert isinstance(rule.trigger, MidiTrigger)
                if rule.trigger.message == event.message and rule.trigger.number in (None, event.number):
                    yield rule
        elif isinstance(event, CommandRan) and not event.error:
            for rule in matcher.on("command"):
                assert isinstance(rule.trigger, CommandTrigger)
                if rule.trigger.name == event.name:
                    yield rule
            yield from self._analysis(matcher, event.answer)
            yield from _kept(matcher, event.answer)

    def _transport(self, matcher: Matcher, playback: Playback) -> Iterator[Rule]:
        before, state = self._state, playback.transport
        self._state = state
        if state != before:
            for rule in matcher.on("transport"):
                assert isinstance(rule.trigger, TransportTrigger)
                if rule.trigger.state == state:
                    yield rule

    def _job(self, matcher: Matcher, event: JobChanged) -> Iterator[Rule]:
        if event.state not in _OVER:
            self._over.discard(event.job)
        elif event.job not in self._over:
            self._over.add(event.job)
            for rule in matcher.on("job"):
                assert isinstance(rule.trigger, JobTrigger)
                if event.state in ("done", "failed") and rule.trigger.job in (None, int(event.job)):
                    yield rule

    def _analysis(self, matcher: Matcher, answer: object) -> Iterator[Rule]:
        """Yield the rules that wait for another key or tempo to be heard, where an analysis says so."""
        for what in ("key", "tempo"):
            new = _told(answer, what)
            if new is None:
                continue
            before, self._heard[what] = self._heard.get(what), new
            if before is not None and before != new:
                yield from (rule for rule in matcher.on("heard") if getattr(rule.trigger, "what", "") == what)

    def levels(self, matcher: Matcher, playback: Playback, master: str, beats_in_a_bar: int) -> Iterator[Rule]:
        """Yield the rules that a meter fires at a beat: each once, until its condition is over."""
        for rule in matcher.on("level"):
            assert isinstance(rule.trigger, LevelTrigger)
            level = playback.peaks_db.get(rule.trigger.track, -100.0)
            beyond = level > rule.trigger.db if rule.trigger.side == "above" else level < rule.trigger.db
            yield from self._held_for(rule, beyond, rule.trigger.beats)
        for rule in matcher.on("heard"):
            if isinstance(rule.trigger, HeardTrigger) and rule.trigger.what == "silence":
                silent = playback.peaks_db.get(master, -100.0) < SILENT_DB
                yield from self._held_for(rule, silent, beats_in_a_bar)

    def _held_for(self, rule: Rule, holds: bool, beats: int) -> Iterator[Rule]:
        self._held[rule.id] = self._held.get(rule.id, 0) + 1 if holds else 0
        if self._held[rule.id] == beats:
            yield rule


def _kept(matcher: Matcher, answer: object) -> Iterator[Rule]:
    """Yield the rules that an artifact fires which was kept or tagged; one that was written to a file is told so."""
    kept = getattr(answer, "artifact", None)
    if kept is None or getattr(answer, "file", None) is not None:
        return
    tags = {tag.casefold() for tag in (*kept.tags, kept.kind, kept.name)}
    for rule in matcher.on("artifact"):
        assert isinstance(rule.trigger, ArtifactTrigger)
        if not rule.trigger.tag or rule.trigger.tag.casefold() in tags:
            yield rule


def _told(answer: object, what: str) -> object:
    """Return the key or tempo that an analysis heard, None where it is no analysis or heard none."""
    figures = getattr(answer, "figures", None)
    if not isinstance(figures, dict):
        return None
    if what == "tempo":
        tempo = figures.get("rhythm", {}).get("tempo_bpm")
        return round(tempo) if tempo else None
    harmony = figures.get("harmony", {})
    return harmony.get("name") if harmony.get("confidence") else None
