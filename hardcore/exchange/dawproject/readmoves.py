"""The automation of a DAWproject read: what moves along the song, and what moves inside a clip."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple
from xml.etree.ElementTree import Element

from hardcore.exchange.dawproject.markup import children, numeral
from hardcore.exchange.dawproject.readdevices import Target
from hardcore.exchange.dawproject.readmixer import label
from hardcore.exchange.dawproject.readtime import Scale, scale_of
from hardcore.exchange.losses import Losses
from hardcore.music.tempo import MAX_TICKS
from hardcore.project.clip import Automation, AutomationPoint
from hardcore.project.envelopes import MOST_POINTS, stretch
from hardcore.project.state import ProjectState


class Window(NamedTuple):
    """A stretch of a clip's content that plays: from `low` to `high` over and over, in ticks of the content."""

    start_ticks: int
    length_ticks: int
    low: int
    high: int
    offset: int


class EnvelopeReader:
    """Reads points that move what `targets` names; elements of the file are found by id for what is lost."""

    def __init__(self, by_id: Mapping[str, Element], targets: Mapping[str, Target], losses: Losses) -> None:
        self._by_id, self._targets, self._losses = by_id, targets, losses

    def inside(self, content: Element, inner: Scale, track_id: str, window: Window, bpm: float) -> Iterator[Automation]:
        """Yield the automation that lies in a clip."""
        seen: set[tuple[str, str]] = set()
        for points in (content, *content) if content.tag == "Lanes" else ():
            envelope = self._envelope(points, inner, track_id, bpm) if points.tag == "Points" else None
            if envelope is None or envelope.key in seen:
                continue
            seen.add(envelope.key)
            cut = window.low or envelope.points[-1].tick >= window.high
            yield envelope.evolve(points=stretch(envelope, window.low, window.high)) if cut else envelope

    def along(self, project: ProjectState, points: Element, scale: Scale) -> ProjectState:
        """Return the project with automation along the song."""
        target = self._target(points)
        envelope = self._envelope(points, scale, target.track, project.tempo_map.bpm) if target is not None else None
        if target is None or envelope is None:
            return project
        there = {one.key for one in project.find_track(target.track).automation}
        if envelope.key in there:
            return project
        return project.with_track(target.track, lambda track: track.evolve(automation=(*track.automation, envelope)))

    def _target(self, points: Element) -> Target | None:
        target = points.find("Target")
        parameter = target.get("parameter", "") if target is not None else ""
        found = self._targets.get(parameter) if parameter else None
        if found is None and parameter:
            moved = self._by_id.get(parameter)
            what = label(moved, moved.tag) if moved is not None else parameter[:40]
            self._losses.add("automation", "nothing here is moved by it", what)
        elif found is None:
            what = target.get("expression", "") if target is not None else ""
            self._losses.add("expressions", "there are none here", what)
        return found

    def _envelope(self, points: Element, parent: Scale, track_id: str, bpm: float) -> Automation | None:
        target = self._target(points)
        if target is None or target.track != track_id:
            return None
        scale = scale_of(points, parent, bpm)
        made: dict[int, AutomationPoint] = {}
        for point in children(points, "RealPoint")[:MOST_POINTS]:
            value = target.value(numeral(point, "value"), points.get("unit", ""))
            tick = min(max(0, scale.tick(numeral(point, "time"))), MAX_TICKS)
            shape = "linear" if point.get("interpolation") == "linear" else "step"
            kept = min(max(value, target.low), target.high)
            made[tick] = AutomationPoint(tick=tick, value=kept, shape=shape)
        if not made:
            return None
        return Automation(owner=target.owner, parameter=target.parameter, points=tuple(made[at] for at in sorted(made)))
