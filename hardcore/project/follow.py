"""Follow actions: what follows a clip or a scene by itself once it has played for a while. Pure.

A clip's row is the clips beside it on its track: of the scenes above and below, up to the next empty slot. A scene's
row is all scenes that hold clips. What chance decides is drawn from the project's seed, the place and who is followed.
"""

from collections.abc import Sequence
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from hardcore.model import Model
from hardcore.music.meter import MeterMap
from hardcore.project.rule import chance
from hardcore.project.values import Percent, SceneId

FollowWord = Literal["next", "previous", "first", "last", "any", "other", "again", "stop", "jump", "none"]
STOP = ""


class Follow(Model):
    """What follows, and when.

    action     next, previous, first, last or any of the row, another one of it, itself again, silence, the scene `to`
               (of a clip: the clip there), or nothing: it goes on
    otherwise  what happens where chance does not choose `action`
    chance     how often it is `action`, 0 to 100 %
    bars       after so many bars; None: after `loops` times its length
    """

    action: FollowWord
    otherwise: FollowWord = "none"
    chance: Percent = 100
    bars: Annotated[int, Field(ge=1, le=1024)] | None = None
    loops: Annotated[int, Field(ge=1, le=1024)] = 1
    to: SceneId | None = None


class Follower(NamedTuple):
    """Who follows at a tick, by id; `STOP` is silence, None: nobody, it goes on."""

    tick: int
    id: str | None


def due_tick(follow: Follow, meters: MeterMap, since: int, length_ticks: int, now: int) -> int:
    """Return the first tick from `now` on at which something follows what plays since a tick."""
    size = length_ticks * follow.loops if follow.bars is None else follow.bars * meters.bar_ticks(since)
    first = since + size
    if follow.bars is not None and meters.bar_start(meters.bar_of(since)) == since:
        first = meters.bar_start(meters.bar_of(since) + follow.bars)
    passes = max(0, -((first - now) // size))  # that have gone by since, rounded up
    return first + passes * size


def chosen(follow: Follow, row: Sequence[str], here: str, seed: int, tick: int, jump: str | None) -> str | None:
    """Return who of a row follows `here` at a tick; `STOP` for silence, None for nobody.

    jump   the one that `jump` means, None where it is not there
    """
    word = follow.action if chance(seed, f"follow {here}", tick, 0) * 100 < follow.chance else follow.otherwise
    if word in ("none", "stop", "again", "jump"):
        return {"none": None, "stop": STOP, "again": here, "jump": jump}[word]
    place = row.index(here)
    if word in ("any", "other"):
        open_ = [one for one in row if word == "any" or one != here]
        draw = chance(seed, f"which {here}", tick, 0)
        return open_[min(int(draw * len(open_)), len(open_) - 1)] if open_ else None
    places = {"next": place + 1, "previous": place - 1, "first": 0, "last": -1}
    return row[places[word] % len(row)]
