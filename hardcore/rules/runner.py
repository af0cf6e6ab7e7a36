"""The runner: lets the rules of a studio that stays open act.

    runner = RuleRunner(studio, hands)
    studio.keep(runner)

What is due at a tick is armed with the player some seconds ahead, so that it lands on the sample, and the player tells
when it was heard; everything else follows events of the bus. What the player does not do itself is done by `hands`, one
thing after the other, by priority, at once but best effort.
"""

import asyncio
import inspect
import time
from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import suppress
from heapq import heappop, heappush
from itertools import count
from typing import Protocol

from hardcore.bugs import log_bug
from hardcore.controller.events import (
    ArmsFired,
    BeatReached,
    Cause,
    Changed,
    Event,
    Notified,
    PlaybackChanged,
    ProjectOpened,
    RuleFired,
    caused,
)
from hardcore.controller.studio import Studio
from hardcore.errors import HardcoreError, NotFound, UserError, nearest
from hardcore.music.tempo import PPQ
from hardcore.project.playback import Arm, Fired, Playback
from hardcore.project.rule import (
    AuditionAction,
    CallAction,
    DeadlineTrigger,
    NotifyAction,
    Rule,
    SampleAction,
    SampleAndScheduleAction,
)
from hardcore.project.state import ProjectState
from hardcore.rules.agenda import Agenda, ahead
from hardcore.rules.deadlines import Works, start_by
from hardcore.rules.plan import Counts, armed, draws, firing, rests
from hardcore.rules.trigger import SOURCES, Matcher, Watch

# So far ahead things are armed, and at least so many beats: it is looked again at each of them.
AHEAD_S, AHEAD_BEATS = 2.0, 3
# What the player does within this time of a rule's action is taken for its effect.
EFFECT_S = 1.0
# So many arms at most wait with the player; so many that fired are known.
MOST_ARMS, KNOWN = 4096, 8192
_RULED = ("rules", "markers", "sections", "meter_map", "tempo_map")


def begins_by(studio: Studio, project: ProjectState, rule: Rule) -> float:
    """Return the beat by which the work of a rule with a deadline has to begin, by what its space took so far."""
    assert isinstance(rule.trigger, DeadlineTrigger)
    deadline, space = rule.trigger.beat, getattr(rule.action, "space", "")
    estimate_s = studio.durations.estimate_s(space) if space and studio.durations is not None else 0.0
    return start_by(deadline, estimate_s, project.tempo_map.at(deadline * PPQ), rule.priority)


class Hands(Protocol):
    """What does the actions of rules that are more than a word to the player. Each method raises HardcoreError."""

    async def act(self, rule: Rule, cause: Cause, is_late: Callable[[], bool]) -> str:
        """Do what a rule's action says, and return it in words; what is made too late goes by the rule's fallback."""

    async def spent(self, rule: Rule, cause: Cause) -> None:
        """Remove a rule that was to fire once."""

    async def sound(self, name: str) -> ProjectState:
        """Return the project of an audition of a sound."""


class RuleRunner:
    """Lets rules act, in the loop in which it was made, until `close`.

    counts     what they have done since the project was opened
    functions  those that the action `call` calls, by name, with the rule and the event that fired it, None where none
               did; a program of the session puts them there
    """

    def __init__(self, studio: Studio, hands: Hands, clock: Callable[[], float] = time.monotonic) -> None:
        self._studio, self._hands, self._clock = studio, hands, clock
        self._loop = asyncio.get_running_loop()
        self._events = studio.controller.events
        self._sounds: dict[str, ProjectState | None] = {}
        self._queue: list[tuple[int, int, Rule, Cause, Event | None]] = []
        self._numbers = count()
        self._work: asyncio.Task[None] | None = None
        self._works = Works(self._work_on)
        self._beside: set[asyncio.Task[None]] = set()
        self._player_cause: tuple[Cause, float] = ((), 0.0)
        self._told_player: int | None = None
        self.functions: dict[str, Callable[[Rule, Event | None], object]] = {}
        self._begin(studio.controller.project)
        kinds = (Changed, BeatReached, ArmsFired, *SOURCES)
        self._stop = self._events.subscribe(kinds, self._take)
        self._say_what_is_off(studio.controller.project)
        self._arm()

    def _say_what_is_off(self, project: ProjectState) -> None:
        """Say that rules of an opened project do nothing, because nobody here has made them or switched them on."""
        off = sum(rule.enabled and not self._studio.trusts(rule) for rule in project.rules)
        if off:
            words = f"{off} rule{'' if off == 1 else 's'} came with this file and do nothing until you switch them on"
            self._events.tell(Notified(message=f"{words}: /rules, /rule enable NAME", author="rules"))

    def _begin(self, project: ProjectState) -> None:
        """Begin anew with a project: nothing is counted, nothing armed."""
        self.counts, self._watch = Counts(), Watch()
        self._rules: dict[str, Rule] = {}
        self._sent: dict[tuple[str, int, int], Arm] = {}
        self._fired: set[tuple[str, int, int]] = set()
        self._order: deque[tuple[str, int, int]] = deque()
        self._epoch = 0
        self._begun: set[str] = set()  # rules whose work for a deadline was begun
        self._index(project)

    def _index(self, project: ProjectState) -> None:
        """Take in the rules that may act."""
        self._project = project
        had = self._rules
        self._rules = {rule.id: rule for rule in project.rules if rule.enabled and self._studio.trusts(rule)}
        self._agenda, self._matcher = Agenda(project, self._rules.values()), Matcher(self._rules.values())
        if self._rules and not had and self._studio.player is not None:
            self._watch.look(self._studio.player.latest())
        for rule in self._rules.values():
            if isinstance(rule.action, AuditionAction) and rule.action.sound not in self._sounds:
                self._sounds[rule.action.sound] = None
                self._resolve(rule.action.sound)

    def refresh(self) -> None:
        """Look at the rules again once this call is over: some may be trusted that were not."""
        self._loop.call_soon(self._refreshed)

    def _refreshed(self) -> None:
        self._index(self._studio.controller.project)
        self._arm()

    def close(self) -> None:
        """Stop: nothing more is done, and what goes on is given up."""
        self._stop()
        self._works.close()
        for task in (self._work, *self._beside):
            if task is not None and not task.done():
                task.cancel()

    # What happens.

    def _take(self, event: Event) -> None:
        """Take an event, in whatever thread it happened."""
        if isinstance(event, Changed) or self._rules or self._sent:
            with suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(self._handle, event)

    def _handle(self, event: Event) -> None:
        try:
            self._see(event)
        except Exception as error:
            log_bug(error)

    def _see(self, event: Event) -> None:
        if isinstance(event, Changed):
            self._follow(event)
        elif isinstance(event, ArmsFired):
            for fired in event.fired:
                self._note(fired)
        elif isinstance(event, BeatReached):
            self._levels(event)
            self._meet_deadlines()
            self._arm()
        else:
            cause: Cause = getattr(event, "cause", ())
            if isinstance(event, PlaybackChanged):
                cause = self._effect()
            for rule in list(self._watch.fired(self._matcher, event)):
                self._fire(rule, cause, event)
            if isinstance(event, PlaybackChanged):
                self._meet_deadlines()
                self._arm()

    def _follow(self, changed: Changed) -> None:
        project, old = changed.new, self._project
        if isinstance(changed, ProjectOpened):
            self._begin(project)
            self._say_what_is_off(project)
        elif any(getattr(project, name) is not getattr(old, name) for name in _RULED):
            self._index(project)
        else:
            self._project = project
            return
        self._arm()

    def _levels(self, beat: BeatReached) -> None:
        if self._studio.player is not None and self._matcher:
            numerator = self._project.meter_map.at(beat.tick).numerator
            latest, master = self._studio.player.latest(), self._project.master.id
            for rule in list(self._watch.levels(self._matcher, latest, master, numerator)):
                self._fire(rule, ())

    def _effect(self) -> Cause:
        """Return what led to something that the player does now: the rule that has just told it to."""
        cause, at_s = self._player_cause
        return cause if self._clock() - at_s < EFFECT_S else ()

    # What has to be there by a beat.

    def _meet_deadlines(self) -> None:
        """Begin the work that has to begin now, to be there by its beat."""
        waiting = [rule for rule in self._matcher.on("deadline") if rule.id not in self._begun]
        if not waiting:
            return
        position = self._position()
        for rule in waiting:
            if begins_by(self._studio, self._project, rule) <= position:
                self._begun.add(rule.id)
                self.counts.note(rule, self._clock())
                self._works.add(rule, ())

    def _position(self) -> float:
        """Return where the music is now, in beats."""
        player = self._studio.player
        return player.latest().tick_at(self._project, self._clock()) / PPQ if player is not None else 0.0

    def _is_late(self, rule: Rule) -> bool:
        """Return whether the music has gone past a rule's deadline."""
        return isinstance(rule.trigger, DeadlineTrigger) and self._position() > rule.trigger.beat

    # What is due at a tick.

    def _arm(self) -> None:
        """Tell the player what is due soon, and what no longer is."""
        player = self._studio.player
        if player is None or not (self._agenda or self._sent):
            return
        playback = player.latest()
        if playback.epoch < self._epoch:
            self._fired.clear()  # a player that began anew counts anew
        self._epoch = playback.epoch
        planned = self._planned(playback)
        here = (playback.epoch, playback.tick)
        self._sent = {key: arm for key, arm in self._sent.items() if (arm.epoch, arm.tick) >= here}
        add = [arm for key, arm in planned.items() if self._sent.get(key) != arm]
        drop = [arm for key, arm in self._sent.items() if key not in planned]
        if not add and not drop:
            return
        told = player.arm(add, drop)
        if told not in (None, self._told_player) and len(add) < len(planned):
            told = player.arm(tuple(planned.values()), ())  # another player knows nothing of what was sent
        self._told_player = told
        self._sent = planned if told is not None else {}

    def _planned(self, playback: Playback) -> dict[tuple[str, int, int], Arm]:
        """Return what is to be armed now, by its key, in the order in which it is done."""
        project = self._project
        beat_s = 60 / project.tempo_map.at(playback.tick) * project.meter_map.at(int(playback.tick)).unit_ticks / PPQ
        stretches = ahead(project, playback, max(AHEAD_S, AHEAD_BEATS * beat_s))
        arms: dict[tuple[str, int, int], Arm] = {}
        for stretch, due in firing(project, self._agenda, stretches, self.counts):
            arm = armed(due.rule, due.tick, stretch.epoch, self._sounds.get)
            if arm.key not in self._fired and len(arms) < MOST_ARMS:
                arms[arm.key] = arm
        return arms

    def _note(self, fired: Fired) -> None:
        """Take in that something armed was heard; what the player does not do itself is done now."""
        key, rule = (fired.rule, fired.tick, fired.epoch), self._rules.get(fired.rule)
        if key in self._fired or rule is None:
            return
        self._fired.add(key)
        self._order.append(key)
        while len(self._order) > KNOWN:
            self._fired.discard(self._order.popleft())
        self.counts.note(rule, self._when(fired))
        if not fired.did:
            self._enqueue(rule, ())
            return
        why = caused((), f"rule {rule.name}")
        self._player_cause = (why, self._clock())
        self._tell(rule, rule.action.kind, fired.error, why, fired.late_ticks / PPQ)
        if rule.one_shot:
            self._spend(rule, why)

    def _when(self, fired: Fired) -> float:
        """Return when a tick sounded, on the steady clock, however late that was told."""
        now = self._clock()
        latest = self._studio.player.latest() if self._studio.player else Playback()
        if not latest.playing or latest.epoch != fired.epoch:
            return now
        seconds = self._project.tempo_map.seconds
        return min(now, latest.at_s + seconds(fired.tick) - seconds(latest.tick))

    # What is done.

    def _fire(self, rule: Rule, cause: Cause, event: Event | None = None) -> None:
        """Let a rule fire because of an event, unless it is its own effect or is to be quiet."""
        if f"rule {rule.name}" in cause:
            return
        now, playback = self._clock(), self._studio.player.latest() if self._studio.player else Playback()
        known = self.counts.of(rule)
        if rule.one_shot and known.fired:
            return
        if rests(self._project, rule, known.last_s, now, playback.tick):
            return
        if not draws(self._project, rule, int(playback.tick), known.fired):
            return
        self.counts.note(rule, now)
        self._enqueue(rule, cause, event)

    async def fire(self, rule: Rule, cause: Cause = ()) -> str:
        """Do what a rule says now, whatever its trigger; return why it could not be done, in one line, or nothing."""
        self._begun.add(rule.id)
        self.counts.note(rule, self._clock())
        return await self._act(rule, cause)

    async def _work_on(self, rule: Rule, cause: Cause, event: Event | None = None) -> None:
        try:
            await self._act(rule, cause, event)
        except Exception as error:
            log_bug(error)

    def _enqueue(self, rule: Rule, cause: Cause, event: Event | None = None) -> None:
        if isinstance(rule.action, SampleAction | SampleAndScheduleAction):
            self._works.add(rule, cause)  # it takes a while, and nothing else is to wait for it
            return
        heappush(self._queue, (rule.rank, next(self._numbers), rule, cause, event))
        if self._work is None or self._work.done():
            self._work = self._loop.create_task(self._work_off())

    async def _work_off(self) -> None:
        while self._queue:
            _, _, rule, cause, event = heappop(self._queue)
            await self._work_on(rule, cause, event)

    async def _act(self, rule: Rule, cause: Cause, event: Event | None = None) -> str:
        """Do what a rule says, tell what came of it, and remove it if it was to fire once; return why it could not."""
        words = error = ""
        why: Cause = cause
        try:
            why = caused(cause, f"rule {rule.name}")
            if not isinstance(rule.action, NotifyAction):
                self._player_cause = (why, self._clock())
            words = await self._done(rule, why, event)
        except HardcoreError as refused:
            error = refused.line()
        self._tell(rule, words, error, why)
        if not error if isinstance(rule.trigger, DeadlineTrigger) else rule.one_shot:
            self._spend(rule, why)
        return error

    async def _done(self, rule: Rule, why: Cause, event: Event | None) -> str:
        """Do what a rule says, and return it in words; how long something took to make is learned. Raises UserError."""
        if isinstance(rule.action, CallAction):
            return await self._call(rule, event)
        begun_s = time.monotonic()
        words = await self._hands.act(rule, why, lambda: self._is_late(rule))
        space = getattr(rule.action, "space", "")
        if space and self._studio.durations is not None:
            self._studio.durations.learn(space, time.monotonic() - begun_s)
        return words

    async def _call(self, rule: Rule, event: Event | None) -> str:
        """Call the function that a rule names, and return so in words. Raises UserError."""
        assert isinstance(rule.action, CallAction)
        name = rule.action.function
        if name not in self.functions:
            raise NotFound(f"no function '{name}' in this session", nearest(name, self.functions))
        try:
            result = self.functions[name](rule, event)
            if inspect.isawaitable(result):
                await result
        except HardcoreError as error:
            raise UserError(f"{name}: {error.line()}") from error
        except Exception as error:  # it is somebody's own
            raise UserError(f"{name}: {type(error).__name__}: {error}") from error
        return f"called {name}"

    def _spend(self, rule: Rule, cause: Cause) -> None:
        """Remove a rule that was to fire once."""

        async def spend() -> None:
            with suppress(HardcoreError):
                await self._hands.spent(rule, cause)

        self._go(spend())

    def _tell(self, rule: Rule, words: str, error: str, cause: Cause, late_beats: float = 0.0) -> None:
        event = RuleFired(
            rule=rule.id,
            name=rule.name,
            words=words or rule.action.kind,
            late_beats=late_beats,
            error=error,
            cause=cause,
        )
        self._events.tell(event)

    def _resolve(self, name: str) -> None:
        """Find a sound that a rule plays; until then it is played as by the command, best effort."""

        async def find() -> None:
            with suppress(HardcoreError):
                self._sounds[name] = await self._hands.sound(name)
                self._arm()

        self._go(find())

    def _go(self, work: Coroutine[None, None, None]) -> None:
        task = self._loop.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)
