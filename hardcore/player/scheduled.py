"""Scheduled actions: what rules do at a tick, told ahead, done on the sample, once. Pure, as the sequencer is."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from hardcore.project.playback import Arm, Fired

Key = tuple[str, int, int]
# So many that were done are known: by then their epoch is over, or they are long past.
KNOWN = 8192


class Done(NamedTuple):
    """An arm that was done, told when its sample is heard."""

    sample: float
    fired: Fired


class Arms:
    """The arms that wait, and those that were done."""

    def __init__(self) -> None:
        self._waiting: dict[Key, Arm] = {}
        self._done: set[Key] = set()
        self._order: deque[Key] = deque()
        self._told: deque[Done] = deque()

    def change(self, add: Iterable[Sequence[Any]], drop: Iterable[Sequence[Any]]) -> None:
        """Take in arms, in place of those with the same key, and forget others; what was done is not done again."""
        for rule, tick, epoch in drop:
            self._waiting.pop((rule, tick, epoch), None)
        for words in add:
            arm = Arm(*words)
            if arm.key not in self._done:
                self._waiting[arm.key] = arm

    def next_tick(self, epoch: int, after: int) -> int | None:
        """Return the first tick after `after` for which something is armed in an epoch."""
        return min(
            (arm.tick for arm in self._waiting.values() if arm.epoch == epoch and arm.tick > after), default=None
        )

    def seeks(self) -> list[int]:
        """Return the ticks that the music is armed to go to."""
        return [int(arm.action["tick"]) for arm in self._waiting.values() if arm.action.get("do") == "seek"]

    def due(self, epoch: int, first: int, tick: int) -> list[Arm]:
        """Take out what is armed for ticks from `first` to `tick` of an epoch; what is earlier is forgotten."""
        if not self._waiting:
            return []
        found = [arm for arm in self._waiting.values() if arm.epoch == epoch and first <= arm.tick <= tick]
        over = [arm for arm in self._waiting.values() if arm.epoch < epoch or (arm.epoch == epoch and arm.tick < first)]
        for arm in (*found, *over):
            del self._waiting[arm.key]
        return sorted(found, key=lambda arm: arm.tick)

    def done(self, arm: Arm, sample: float, tick: int, error: str = "") -> None:
        """Note that an arm was done where the music is at `tick`, which sounds at `sample`."""
        self._done.add(arm.key)
        self._order.append(arm.key)
        while len(self._order) > KNOWN:
            self._done.discard(self._order.popleft())
        fired = Fired(*arm.key, arm.action.get("do", ""), max(0, tick - arm.tick), error)
        self._told.append(Done(sample, fired))

    def heard(self, sample: float) -> Iterator[Fired]:
        """Yield what was done up to a sample, each once."""
        while self._told and self._told[0].sample <= sample:
            yield self._told.popleft().fired
