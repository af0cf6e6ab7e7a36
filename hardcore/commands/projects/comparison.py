"""Two places of the history heard in turn, as loud as each other: what is louder always seems better."""

import asyncio
from dataclasses import dataclass, replace

from hardcore.commands.core.background import work
from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done
from hardcore.commands.mixing.mixjobs import mix_options
from hardcore.commands.projects.history import PlaceInHistory
from hardcore.controller.studio import turned_down
from hardcore.errors import UserError
from hardcore.project.history import MAIN, History
from hardcore.project.state import ProjectState
from hardcore.project.timeline import timeline


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared: two places of the history, how far each is turned down, and which is heard, 0 or 1."""

    places: tuple[int | str, int | str]
    gains_db: tuple[float, float]
    heard: int = 0


class HeardInTurn(Done):
    """The two places that are compared, how far each is turned down (dB), and which is heard, 0 or 1."""

    places: tuple[int | str, int | str]
    gains_db: tuple[float, float]
    heard: int


@command(
    "history compare",
    "history compare 0 1",
    effects={"player"},
    about={"first": "a step's number, or a branch", "second": "what it is compared with; without it, the present"},
)
async def history_compare(
    call: Call, first: PlaceInHistory | None = None, second: PlaceInHistory | None = None
) -> HeardInTurn:
    """Hear two places of the history in turn, as loud as each other: once more, without a place, hears the other one.

    The music goes on where it is. The louder one is turned down by what it is louder, measured from a render of both.
    `history hear` is back to the present; so is the next edit, where no branch is heard.
    """
    studio = call.studio
    known = studio.recall(Comparison)
    if first is None:
        if known is None:
            raise UserError("nothing is compared yet", "history compare 3 5")
        comparison = replace(known, heard=1 - known.heard)
    else:
        comparison = await _measured(call, first, call.controller.history.at if second is None else second)
    studio.hear(comparison.places[comparison.heard], comparison.gains_db[comparison.heard])
    studio.keep(comparison)
    return _said(comparison)


async def _measured(call: Call, first: int | str, second: int | str) -> Comparison:
    history = call.controller.history
    places = (_place(history, first), _place(history, second))
    states = [history.state(history.place(one) if isinstance(one, str) else one) for one in places]
    one, other = await asyncio.gather(*(_lufs(call, state) for state in states))
    if one is None or other is None:
        return Comparison(places, (0.0, 0.0))
    gain_db = -abs(one - other)
    # what is turned down is limited less: it is measured once more as it will be heard
    again = await _lufs(call, turned_down(states[0 if one > other else 1], gain_db))
    gain_db = round(min(0.0, gain_db - ((again or 0.0) - min(one, other))), 1)
    return Comparison(places, (gain_db, 0.0) if one > other else (0.0, gain_db))


def _place(history: History, place: int | str) -> int | str:
    if place == MAIN:
        return history.at
    return int(place) if isinstance(place, str) and place.isdecimal() else place


async def _lufs(call: Call, state: ProjectState) -> float | None:
    """Return the loudness of a state's mix, None where it is silent."""
    if not timeline(state):
        return None
    done = await work(call, "judge", {"parts": False, **mix_options(call, state)}, project=state)
    lufs: float | None = done["heard"]["lufs"]
    return lufs


def _said(comparison: Comparison) -> HeardInTurn:
    names = [f"branch {one}" if isinstance(one, str) else f"step {one}" for one in comparison.places]
    heard, gain_db = comparison.heard, comparison.gains_db[comparison.heard]
    level = f", {gain_db:g} dB to be as loud" if gain_db else ""
    words = f"you hear {'AB'[heard]}, {names[heard]}{level}; /history compare hears {'BA'[heard]}, {names[1 - heard]}"
    return HeardInTurn(message=words, places=comparison.places, gains_db=comparison.gains_db, heard=heard)
