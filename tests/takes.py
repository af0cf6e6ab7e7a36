"""The ruler of tests in real time: what a busy machine spoils is measured in another take, and is no fault of ours.

    found = unbroken(recorded)               sound that is measured to the sample
    taken(lambda: in_order(keys), LOSSY)     messages that JACK may lose

A take is spoilt by who can tell it: the engine's own samples leap where sound is lost on the way to the card, JACK
passes a message on or does not. Where every take was spoilt, a measure is skipped: there was no ruler. What may be
lost or late on the way (`LOSSY`) is asked for again, and fails where it never comes.
"""

from collections.abc import Callable
from typing import TypeVar

import pytest

from hardcore.project.playback import Timing

Taken = TypeVar("Taken")
TRIES = 3


class Spoilt(Exception):
    """The machine has spoilt a take."""


LOSSY = (Spoilt, AssertionError)


def taken(
    take: Callable[[], Taken], spoilt: type[BaseException] | tuple[type[BaseException], ...] = Spoilt,
    tries: int = TRIES,
) -> Taken:  # fmt: skip
    """Return what the first take that was not spoilt has; see above for where every one was."""
    for _ in range(tries - 1):
        try:
            return take()
        except spoilt:
            continue
    try:
        return take()
    except Spoilt as reason:
        pytest.skip(f"this machine spoilt each of {tries} takes: {reason}")


def whole(timing: Timing, found: Taken) -> Taken:
    """Return what a take has recorded. Raises Spoilt where sound was lost meanwhile: the ruler is broken then."""
    if timing.dropouts:
        raise Spoilt(f"sound was lost {timing.dropouts} times")
    return found


def unbroken(take: Callable[[], tuple[Timing, Taken]], tries: int = TRIES) -> Taken:
    """Return what the first take without lost sound has recorded."""
    return taken(lambda: whole(*take()), tries=tries)
