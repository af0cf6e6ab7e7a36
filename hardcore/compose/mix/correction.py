"""Correction: what the producer does about a mix that is not as its genre wants it, in small steps, and in words.

Nothing moves more than 6 dB at once and nothing less than half a dB; a figure that is right is left alone. Parts go
first, then what is still missing is left to the master's equaliser, then the limiter is set for loudness.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from hardcore.compose.edits.preferences import levelled
from hardcore.compose.mix.judgement import Fault, Heard, faults, misplaced
from hardcore.compose.mix.target import Wanted
from hardcore.errors import UserError
from hardcore.project import devices
from hardcore.project.mixer import Effect
from hardcore.project.roles import Role
from hardcore.project.state import MASTER_ID, ProjectState
from hardcore.project.track import Track
from hardcore.project.tracks import set_effect

# who corrects, in the history
AUTHOR = "producer"
MOST_DB, STEP_DB = 6.0, 0.5
# of what is missing, so that two corrections that help each other do not overshoot
DAMPING = 0.8
# a band is brought this far inside, a part this near to its place
INSIDE_DB, NEAR_DB = 0.7, 1.0
LOWEST_FADER_DB, HIGHEST_FADER_DB = -40.0, 12.0
# what a louder sum is worth behind a limiter, and the gain into it
LIMITED, PUSHED = 0.7, 1.2
# a limiter that is driven this hard is as loud with less
SATURATED_DB = 8.0
# the equaliser mends, it does not make: what is not there cannot be turned up
LOWEST_SHAPE_DB, HIGHEST_SHAPE_DB = -6.0, 4.0
# the master's equaliser by band: gain, frequency, its place where it is free, and how much of a dB each band gets
CONTROLS: Mapping[str, tuple[str, str, float, Mapping[str, float]]] = {
    "sub": ("low_gain", "low_freq", 75.0, {"sub": 0.85, "low": 0.25}),
    "low": ("mid1_gain", "mid1_freq", 140.0, {"sub": 0.2, "low": 0.7, "mid": 0.1}),
    "high": ("mid2_gain", "mid2_freq", 3300.0, {"mid": 0.15, "high": 0.75, "air": 0.2}),
    "air": ("high_gain", "high_freq", 8000.0, {"high": 0.2, "air": 0.8}),
}
UNITS = {"width": " %"}
NAMES = {"low_gain": "low shelf", "mid1_gain": "first peak", "mid2_gain": "second peak", "high_gain": "high shelf"}
MIDDLE: tuple[Role, ...] = ("lead", "chords", "keys", "pluck", "pad")
# what the master's width may be
NARROWEST_PERCENT, WIDEST_PERCENT = 40.0, 180.0
# how much louder a dB is that a limiter is driven by
PRESSED = 0.6
# how much a band counts in loudness (BS.1770), roughly
HEARD_AS = {"sub": 0.4, "low": 0.85, "mid": 1.0, "high": 1.7, "air": 2.2}


@dataclass(frozen=True)
class Change:
    """A fader (`effect_id` None) or an effect's parameter goes from one value to another."""

    track_id: str
    effect_id: str | None
    parameter: str
    before: float
    after: float


# How they travel as JSON.
CHANGES = TypeAdapter(tuple[Change, ...])


def corrections(heard: Heard, wanted: Wanted, project: ProjectState, share: float = 1.0) -> tuple[Change, ...]:
    """Return what brings the mix nearer to what is wanted; nothing when it is right or nothing can be done.

    `share` of what is missing, 0–1: less where all of it was too much.
    """
    off, liked = faults(heard, wanted), levelled(project)
    parts = [fault for fault in misplaced(heard, wanted) if fault.name not in liked]
    if heard.lufs is None or not (off or parts):
        return ()
    moves = {fault.name: -math.copysign(abs(fault.excess_db) + _nearer(fault.high - fault.low), fault.excess_db)
             for fault in parts}  # fmt: skip
    draft = _Draft(
        heard, wanted, project, {name: _stepped(share * DAMPING * move) for name, move in moves.items()}, share
    )
    draft.shape()
    draft.widen()
    draft.press()
    draft.level()
    return draft.changes()


def _nearer_half(fault: Fault) -> float:
    """Return half of the room of a figure: brought there it lies in the middle."""
    return (fault.high - fault.low) / 2


def _nearer(room_db: float) -> float:
    return room_db / 2 - NEAR_DB


class _Draft:
    """Corrections in the making, and the bands and loudness they are expected to lead to."""

    def __init__(
        self, heard: Heard, wanted: Wanted, project: ProjectState, faders: dict[str, float], share: float
    ) -> None:
        self._share = share
        self._heard, self._wanted, self._project = heard, wanted, project
        self._faders = faders
        self._master: dict[tuple[str, str], float] = {}
        self._fader_db, self._pressed = 0.0, 0.0
        self._shaped: dict[str, float] = {}

    def shape(self) -> None:
        """Move the middle's faders and the master's equaliser where bands would still be outside."""
        for _ in range(2):
            expected = self._expected()
            outside = sorted(faults(expected, self._wanted), key=lambda fault: -abs(fault.excess_db))
            for fault in outside:
                way = -fault.excess_db - math.copysign(INSIDE_DB, fault.excess_db)
                if fault.name == "mid":
                    self._move_middle(_stepped(self._share * DAMPING * way))
                elif fault.name in CONTROLS:
                    self._turn(fault.name, way)

    def _move_middle(self, step_db: float) -> None:
        for track in self._project.tracks:
            if track.role in MIDDLE and track.kind == "midi":
                self._faders[track.id] = _bounded(self._faders.get(track.id, 0.0) + step_db)

    def _turn(self, band: str, way_db: float) -> None:
        equaliser = _master_effect(self._project, "eq")
        if equaliser is None:
            return
        gain, freq, at_hz, reach = CONTROLS[band]
        turned = _bounded(self._shaped.get(band, 0.0) + _stepped(self._share * DAMPING * way_db / reach[band]))
        now = equaliser.value(gain)
        value = min(max(now + turned, min(now, LOWEST_SHAPE_DB)), max(now, HIGHEST_SHAPE_DB))
        self._master[equaliser.id, gain], self._shaped[band] = value, value - now
        if now == 0:
            self._master[equaliser.id, freq] = at_hz

    def widen(self) -> None:
        """Turn the master's width until the sides are as wide as is wanted."""
        fault, width = self._off("width"), _master_effect(self._project, "width")
        if fault is None or width is None:
            return
        now = width.value("width")
        by = 10 ** (-self._share * (fault.excess_db + math.copysign(_nearer_half(fault), fault.excess_db)) / 20)
        lowest, highest = min(now, NARROWEST_PERCENT), max(now, WIDEST_PERCENT)
        self._master[width.id, "width"] = min(max(now * by, lowest), highest)

    def press(self) -> None:
        """Drive the limiter harder where the peaks stand too high, less where they are too low; the fader gives way."""
        fault = self._off("dynamics")
        if fault is not None and _master_effect(self._project, "limiter") is not None:
            self._pressed = _stepped(
                self._share * (fault.excess_db + math.copysign(_nearer_half(fault), fault.excess_db))
            )

    def _off(self, name: str) -> Fault | None:
        return next((fault for fault in faults(self._heard, self._wanted) if fault.name == name), None)

    def level(self) -> None:
        """Set the limiter for loudness; without one, or where it is at its end, the master's fader."""
        expected = self._expected()
        assert expected.lufs is not None and self._heard.lufs is not None
        missing = self._wanted.lufs - expected.lufs
        right = all(fault.name != "loudness" for fault in faults(self._heard, self._wanted))
        if right and abs(missing) < 1.0 and not self._pressed:
            return
        limiter = _master_effect(self._project, "limiter")
        # what was moved before the limiter changes how hard it works: then a little less
        pushed = DAMPING if self._faders else PUSHED
        step = _stepped(self._share * missing * pushed)
        if limiter is None:
            self._fader_db = step
            return
        known = devices.effect("limiter").parameter("gain")
        gain = limiter.value("gain")
        if step < 0 and gain >= SATURATED_DB and not self._pressed:
            self._fader_db = _stepped(self._share * missing)
            return
        new = min(max(gain + step + self._pressed, known.low), known.high)
        self._master[limiter.id, "gain"] = new
        # what the limiter cannot take away is the fader's; what drives it for the peaks alone makes nothing louder
        self._fader_db = min(0.0, _stepped(gain + step + self._pressed - new))
        self._fader_db -= _stepped(PRESSED * max(new - gain - step, 0.0)) if self._pressed > 0 >= missing else 0.0

    def _expected(self) -> Heard:
        """Return what the corrections so far should lead to."""
        before = _sums(self._heard, {})
        after = _sums(self._heard, self._faders)
        raised = {band: 10 * math.log10(after[band] / before[band]) for band in before} if before else {}
        for band, turned in self._shaped.items():
            for other, share in CONTROLS[band][3].items():
                raised[other] = raised.get(other, 0.0) + share * turned
        absolute = {band: value + raised.get(band, 0.0) for band, value in self._heard.bands.items()}
        total = 10 * math.log10(sum(10 ** (value / 10) for value in absolute.values()))
        louder = _loudness(absolute) - _loudness(self._heard.bands)
        lufs = None if self._heard.lufs is None else self._heard.lufs + LIMITED * louder
        return replace(self._heard, lufs=lufs, bands={band: value - total for band, value in absolute.items()})

    def changes(self) -> tuple[Change, ...]:
        """Return what changes, in the order of the tracks, the master last."""
        return tuple(change for change in self._found() if change.before != change.after)

    def _found(self) -> Iterator[Change]:
        for track in self._project.tracks:
            step = self._fader_db if track.id == MASTER_ID else self._faders.get(track.id, 0.0)
            if track.id == MASTER_ID:
                for (effect_id, parameter), value in self._master.items():
                    effect = next(effect for effect in track.effects if effect.id == effect_id)
                    yield Change(track.id, effect_id, parameter, effect.value(parameter), round(value, 2))
            old = track.mixer.gain_db
            new = round(min(max(old + step, min(old, LOWEST_FADER_DB)), max(old, HIGHEST_FADER_DB)), 2)
            yield Change(track.id, None, "gain_db", old, new)


def _sums(heard: Heard, faders: Mapping[str, float]) -> dict[str, float]:
    """Return the energy in each band of all parts together, their faders moved; nothing when none was measured."""
    total: dict[str, float] = {}
    for track_id, (_, bands) in heard.parts.items():
        for band, level in bands.items():
            total[band] = total.get(band, 0.0) + 10 ** ((level + faders.get(track_id, 0.0)) / 10)
    return total


def _loudness(bands: Mapping[str, float]) -> float:
    return 10 * math.log10(sum(HEARD_AS.get(band, 1.0) * 10 ** (level / 10) for band, level in bands.items()))


def _master_effect(project: ProjectState, device: str) -> Effect | None:
    return next((fx for fx in reversed(project.master.effects) if fx.device == device and not fx.bypass), None)


def _stepped(value_db: float) -> float:
    """Return the value in whole steps, within what is moved at once."""
    return _bounded(round(value_db / STEP_DB) * STEP_DB)


def _bounded(value_db: float) -> float:
    return min(max(value_db, -MOST_DB), MOST_DB)


def differences(old: ProjectState, new: ProjectState) -> tuple[Change, ...]:
    """Return which faders and effect parameters differ between two mixes of the same tracks."""
    found: list[Change] = []
    for before, after in zip(old.tracks, new.tracks, strict=True):
        for was, now in zip(before.effects, after.effects, strict=True):
            for name in sorted({*was.settings, *now.settings}):
                if was.value(name) != now.value(name):
                    found.append(Change(before.id, was.id, name, was.value(name), now.value(name)))
        if before.mixer.gain_db != after.mixer.gain_db:
            found.append(Change(before.id, None, "gain_db", before.mixer.gain_db, after.mixer.gain_db))
    return tuple(found)


def applied(project: ProjectState, changes: Sequence[Change]) -> ProjectState:
    """Return the project with the changes made. Raises UserError when what they change is not there."""
    for change in changes:
        if change.effect_id is None:
            project = project.with_mixer(change.track_id, gain_db=change.after)
        else:
            project = set_effect(project, change.track_id, change.effect_id, {change.parameter: change.after})
    return project


def untouched(changes: Sequence[Change], then: ProjectState, now: ProjectState) -> tuple[Change, ...]:
    """Return the changes of tracks whose sound is still as it was when they were listened to. Raises UserError.

    Another piece in the place of the one that was heard takes none.
    """
    if now.provenance != then.provenance:
        raise UserError("another piece was made meanwhile: nothing is corrected")
    old = {track.id: _sound(track) for track in then.tracks}
    same = {track.id for track in now.tracks if track.id in old and _sound(track) == old[track.id]}
    return tuple(change for change in changes if change.track_id in same)


def _sound(track: Track) -> tuple[object, ...]:
    return track.mixer, track.effects, track.instrument, track.sends, track.output, track.automation


def words(changes: Sequence[Change], project: ProjectState) -> tuple[str, ...]:
    """Return the changes as people say them: `bass −1.5 dB`, `master eq high shelf +1 dB`."""
    names: Callable[[str], str] = {track.id: track.name for track in project.tracks}.__getitem__
    said = []
    for change in changes:
        if change.parameter.endswith("_freq"):
            continue
        step = f"{change.after - change.before:+.3g}{UNITS.get(change.parameter, ' dB')}".replace("-", "−")
        track = "master" if change.track_id == MASTER_ID else names(change.track_id)
        if change.effect_id is None:
            said.append(f"{track} {step}" if track != "master" else f"master fader {step}")
        else:
            effect = next(
                fx
                for one in project.tracks
                if one.id == change.track_id
                for fx in one.effects
                if fx.id == change.effect_id
            )
            said.append(f"{track} {effect.device} {NAMES.get(change.parameter, change.parameter)} {step}")
    return tuple(said)


def label(changes: Sequence[Change], project: ProjectState) -> str:
    """Return what a step of the producer's is called in the history."""
    return f"mix: {', '.join(words(changes, project))}"[:200]


def outcome(before: Heard, after: Heard, wanted: Wanted) -> tuple[str, ...]:
    """Return what became of the figures that were off: `low −3.2 → −5.0 dB, in its band`."""
    left = {fault.name for fault in faults(after, wanted)}
    said = []
    for fault in faults(before, wanted):
        value = {"loudness": after.lufs, "width": after.sides_db, "dynamics": after.crest_db, **after.bands}[fault.name]
        unit = "LUFS" if fault.name == "loudness" else "dB"
        place = f"still not {fault.low:.1f} to {fault.high:.1f}" if fault.name in left else "as it should be"
        said.append(f"{fault.name} {fault.value:.1f} → {value or 0.0:.1f} {unit}, {place}".replace("-", "−"))
    return tuple(said)
