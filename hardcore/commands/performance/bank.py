"""Banks: which tracks, scenes and parameters a controller's pads, faders and knobs are over at present.

In the line of a mapping `bank:3` is the third track of the bank, `row:2` the second of its scenes, `pad:3:2` the slot
where both meet, `track:chosen` the track that was chosen last and `param:4` the fourth parameter of its page.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done
from hardcore.commands.core.types import Choice, Kind, TrackRef
from hardcore.controller.studio import Studio
from hardcore.errors import NotFound, UserError
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

WIDTH = 8
_PLACE = re.compile(r"\b(?:(bank|row|param):(\d{1,3})|(pad):(\d{1,3}):(\d{1,3})|(track):chosen)\b")
_WAYS = ("next", "previous")


def _ways(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    return map(Choice, _WAYS)


Way = Annotated[str, Field(max_length=10), Kind("place", "next, previous, or a number from 1", _ways)]


@dataclass(slots=True)
class Bank:
    """Where a controller is: its first track and scene, the page of parameters, from 0; the track that was chosen."""

    tracks: int = 0
    scenes: int = 0
    page: int = 0
    chosen: str = ""

    def line(self, project: ProjectState, line: str) -> str:
        """Return the line of a mapping with what its places mean now. Raises NotFound for one beyond the project."""
        return _PLACE.sub(lambda match: self._meant(project, match), line)

    def _meant(self, project: ProjectState, match: re.Match[str]) -> str:
        noun, number, pad, column, row, _ = match.groups()
        if pad:
            return f"{self._track(project, int(column)).id}:{self._scene(project, int(row))}"
        if noun == "bank":
            return self._track(project, int(number)).id
        if noun == "row":
            return self._scene(project, int(number))
        track = self.chosen_track(project)
        return self._parameter(track, int(number)) if noun == "param" else track.id

    def chosen_track(self, project: ProjectState) -> Track:
        """Return the track that was chosen last, else the first of the bank. Raises NotFound."""
        found = next((track for track in columns(project) if track.id == self.chosen), None)
        return found or self._track(project, 1)

    def _track(self, project: ProjectState, number: int) -> Track:
        found = columns(project)[self.tracks :][number - 1 : number]
        if not found:
            raise NotFound(f"no track in column {number} of the bank", "bank tracks previous")
        return found[0]

    def _scene(self, project: ProjectState, number: int) -> str:
        found = project.scenes[self.scenes :][number - 1 : number]
        if not found:
            raise NotFound(f"no scene in row {number} of the bank", "bank scenes previous")
        return found[0].id

    def _parameter(self, track: Track, number: int) -> str:
        known = track.instrument.definition.shown if track.instrument is not None else ()
        found = known[self.page * WIDTH :][number - 1 : number]
        if not found:
            raise NotFound(f"{track.name} has no parameter {number} on page {self.page + 1}", "bank page previous")
        return found[0].id


def columns(project: ProjectState) -> list[Track]:
    """Return the tracks that banks go over: all but the master."""
    return [track for track in project.tracks if track.kind != "master"]


def is_placed(line: str) -> bool:
    """Return whether what a line means depends on the bank."""
    return _PLACE.search(line) is not None


def bank_of(studio: Studio) -> Bank:
    """Return where the controllers of a studio are."""
    found = studio.recall(Bank)
    if found is None:
        found = Bank()
        studio.keep(found)
    return found


class BankState(Done):
    """Where controllers are: the first track and scene of the bank and the page, from 1; the track that was chosen."""

    track: int
    scene: int
    page: int
    chosen: str | None


@command("bank", "bank", effects=())
def bank(call: Call) -> BankState:
    """Say which tracks, scenes and parameters the pads, faders and knobs of controllers are over."""
    return _answer(call, bank_of(call.studio))


@command("bank tracks", "bank tracks next", effects={"player"}, immediate=True)
def bank_tracks(call: Call, to: Way) -> BankState:
    """Let controllers be over the next or previous eight tracks, or begin at a track by its number."""
    now = bank_of(call.studio)
    now.tracks = _moved(now.tracks, to, len(columns(call.project)), "track")
    return _answer(call, now)


@command("bank scenes", "bank scenes next", effects={"player"}, immediate=True)
def bank_scenes(call: Call, to: Way) -> BankState:
    """Let controllers be over the next or previous eight scenes, or begin at a scene by its number."""
    now = bank_of(call.studio)
    now.scenes = _moved(now.scenes, to, len(call.project.scenes), "scene")
    return _answer(call, now)


@command("bank page", "bank page next", effects={"player"}, immediate=True)
def bank_page(call: Call, to: Way) -> BankState:
    """Let knobs be over the next or previous eight parameters of the chosen track's sound, or a page by its number."""
    now = bank_of(call.studio)
    track = now.chosen_track(call.project)
    known = track.instrument.definition.shown if track.instrument is not None else ()
    pages = max(1, -(-len(known) // WIDTH))
    now.page = _moved(now.page, to, pages, "page", 1)
    return _answer(call, now)


@command("bank choose", "bank choose bass", effects={"player"}, immediate=True)
def bank_choose(call: Call, track: TrackRef) -> BankState:
    """Choose the track whose sound the knobs of controllers turn."""
    now = bank_of(call.studio)
    now.chosen, now.page = call.project.find_track(track).id, 0
    return _answer(call, now)


def _moved(now: int, to: str, count: int, noun: str, width: int = WIDTH) -> int:
    """Return the first place from 0 after a move; at either end it stays. Raises UserError."""
    if to.isdecimal() and 1 <= int(to) <= max(count, 1):
        return int(to) - 1
    if to.casefold() not in _WAYS:
        raise UserError(f"no {noun} '{to}'", f"next, previous, or 1 to {max(count, 1)}")
    after = now + (width if to.casefold() == "next" else -width)
    return now if after >= count else max(0, after)


def _answer(call: Call, now: Bank) -> BankState:
    project = call.project
    over = columns(project)[now.tracks : now.tracks + WIDTH]
    rows = project.scenes[now.scenes : now.scenes + WIDTH]
    chosen = next((track.name for track in project.tracks if track.id == now.chosen), None)
    words = f"tracks {', '.join(track.name for track in over) or 'none'}; "
    words += f"scenes {', '.join(scene.name for scene in rows) or 'none'}"
    words += f"; knobs turn {chosen}, page {now.page + 1}" if chosen else ""
    return BankState(message=words, track=now.tracks + 1, scene=now.scenes + 1, page=now.page + 1, chosen=chosen)
