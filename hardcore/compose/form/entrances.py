"""Entrances: in which bars of a section each part plays, so that a section grows or thins while it lasts.

An intro brings its parts in one after another, an outro of a club piece lets them go, and a break begins without drums.
A drop keeps some colours back for its second half; a verse or a chorus does where it is heard for the first time.
Parts that would leave a bar in silence stay.
"""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Literal, NamedTuple

from hardcore.compose.chance import stream
from hardcore.compose.form.taste import BREAKS, BUILDS, CLOSINGS, OPENINGS
from hardcore.music.ticks import SIXTEENTH
from hardcore.project.clip import Clip
from hardcore.project.roles import DRUMS, TRANSITIONS, Role
from hardcore.project.section import Section
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

Bars = tuple[int, int]
Kind = Literal["song", "club"]

_STEP = 4  # bars between entrances where there is room
_LEAST = 8  # bars of a section in which parts leave, or keep back
_STEPS = 4  # entrances of an intro at most
# who begins: the groove, or what says the harmony
_GROOVE: tuple[Role, ...] = (
    "texture", "kick", "hat_closed", "shaker", "perc", "rim", "ride", "tom", "clap", "snare", "hat_open",
    "bass", "sub", "pad", "pluck", "chords", "keys", "lead",
)  # fmt: skip
_HARMONY: tuple[Role, ...] = (
    "texture", "pad", "keys", "chords", "pluck", "shaker", "hat_closed", "bass", "sub", "kick", "rim", "perc", "ride",
    "tom", "hat_open", "snare", "clap", "lead",
)  # fmt: skip
# what colours a section that is whole without it
_COLOURS: dict[Kind, tuple[Role, ...]] = {
    "song": ("shaker", "perc", "hat_open", "tom", "pluck", "pad"),
    "club": ("shaker", "perc", "hat_open", "tom", "pluck", "pad", "ride", "rim", "lead"),
}
_HELD = 0.5  # share of a bar that must sound where there are no drums
_KEPT_BACK: dict[Kind, float] = {"song": 0.15, "club": 0.3}  # share of the notes at most


class Player(NamedTuple):
    """A part of a section: its track, its role and the clip that it plays there."""

    track: Track
    role: Role
    clip: Clip


class Entrances:
    """The entrances in the sections of a song of a kind of style, asked for one section after another."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self._before: dict[str, dict[int, dict[str, Bars]]] = {}

    def of(self, project: ProjectState, slots: Mapping[str, str], section: Section) -> dict[str, Bars]:
        """Return from which bar to which, counted in the section, parts play that do not play all through, by track.

        slots   clips by track, as a scene has them
        A section of a club style that comes again as long as it was has the entrances that it had.
        """
        before = self._before.setdefault(section.kind, {})
        if self.kind == "song" or section.bars not in before:
            before[section.bars] = self._entrances(project, slots, section, is_new=not before)
        return before[section.bars]

    def _entrances(
        self, project: ProjectState, slots: Mapping[str, str], section: Section, is_new: bool
    ) -> dict[str, Bars]:
        players = [
            Player(track, track.role, project.find_clip(slots[track.id])[1])
            for track in project.tracks
            if track.id in slots and track.role is not None and track.role not in TRANSITIONS
        ]
        rng = stream(project.seed, "entrances", section.kind)
        bar_ticks, bars = project.meter_map.bar_ticks(), section.bars
        if section.kind in OPENINGS:
            return _brought_in(players, bars, self.kind, rng, bar_ticks)
        if bars < _LEAST or section.kind in BUILDS:
            return {}
        if section.kind in CLOSINGS:
            return _let_go(players, bars, rng, bar_ticks) if self.kind == "club" else {}
        if section.kind in BREAKS:
            return _without_drums(players, bars, bar_ticks)
        return _kept_back(players, bars, self.kind, rng) if is_new or self.kind == "club" else {}


def _brought_in(players: Sequence[Player], bars: int, kind: Kind, rng: Random, bar_ticks: int) -> dict[str, Bars]:
    """Return the entrances of an intro."""
    step = _STEP if bars >= _LEAST else bars // 2
    groups = _groups(players, min(bars // max(step, 1), _STEPS), kind, rng)
    if len(groups) < 2 or not _sounds(groups[0], 0, step, bar_ticks):
        return {}
    return {one.track.id: (at * step, bars) for at, group in enumerate(groups) for one in group if at}


def _let_go(players: Sequence[Player], bars: int, rng: Random, bar_ticks: int) -> dict[str, Bars]:
    """Return the entrances of an outro: who comes in first in an intro stays the longest."""
    groups = _groups(players, min(bars // _STEP, _STEPS), "club", rng)
    if len(groups) < 2 or not _sounds(groups[0], bars - _STEP, bars, bar_ticks):
        return {}
    return {one.track.id: (0, bars - at * _STEP) for at, group in enumerate(groups) for one in group if at}


def _groups(players: Sequence[Player], count: int, kind: Kind, rng: Random) -> list[list[Player]]:
    """Return the parts in so many groups, or fewer, in the order in which they come in."""
    drums = sum(one.role in DRUMS for one in players)
    groove = kind != "song" or drums == len(players) or (drums > 0 and rng.random() < 0.25)
    order = _GROOVE if groove and drums else _HARMONY
    row = sorted(players, key=lambda one: order.index(one.role))
    count = min(count, len(row))
    return [row[at * len(row) // count : (at + 1) * len(row) // count] for at in range(count)]


def _without_drums(players: Sequence[Player], bars: int, bar_ticks: int) -> dict[str, Bars]:
    """Return the entrances of a break: its drums, none of which is a kick, come with its second half."""
    drums = [one for one in players if one.role in DRUMS]
    others = [one for one in players if one.role not in DRUMS]
    half = bars // 2
    if any(one.role == "kick" for one in drums) or not _sounds(others, 0, half, bar_ticks, _HELD):
        return {}
    return {one.track.id: (half, bars) for one in drums}


def _kept_back(players: Sequence[Player], bars: int, kind: Kind, rng: Random) -> dict[str, Bars]:
    """Return the entrances of some colours, which come in until the middle, one by one."""
    colours = [one for one in players if one.role in _COLOURS[kind]]
    rng.shuffle(colours)
    rest = _KEPT_BACK[kind] * sum(_notes_a_bar(one) for one in players)
    step, kept = bars // 2 if bars < 2 * _LEAST else _LEAST, dict[str, Bars]()
    for one in colours[: len(players) // 3]:
        if _notes_a_bar(one) <= rest:
            rest -= _notes_a_bar(one)
            kept[one.track.id] = (min(step * (len(kept) + 1), bars // 2 // step * step), bars)
    return kept


def _notes_a_bar(one: Player) -> float:
    return len(one.clip.notes) / one.clip.length_ticks


def _sounds(players: Sequence[Player], first: int, end: int, bar_ticks: int, least: float = 0.0) -> bool:
    """Return whether in each of these bars something sounds, for more than a share of it; clips go round."""
    heard: dict[int, set[int]] = {bar: set() for bar in range(first, end)}
    for one in players:
        bars = max(one.clip.length_ticks // bar_ticks, 1)
        steps = {
            step
            for note in one.clip.notes
            for step in range(note.start_ticks // SIXTEENTH, -(-note.end_ticks // SIXTEENTH))
        }
        for bar, sounding in heard.items():
            begin = bar % bars * bar_ticks // SIXTEENTH
            sounding |= {step - begin for step in steps if begin <= step < begin + bar_ticks // SIXTEENTH}
    return all(len(sounding) > least * bar_ticks / SIXTEENTH for sounding in heard.values())
