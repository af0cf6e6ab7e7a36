"""Tempo: set, faster and slower, a change on the way. What is set in beats keeps its beats, a riser its end.

A delay of three eighths is 0.75 · 60 / bpm seconds: at another tempo it has to be another number of seconds to stay
in time. Only lengths that are a plain part of a beat (a twelfth, within 2 %) are taken to be meant in beats.
"""

from collections.abc import Mapping

from hardcore.compose.edits.outcome import Outcome
from hardcore.compose.edits.parameterchange import within
from hardcore.compose.form.transition import retimed
from hardcore.errors import UserError
from hardcore.music.meter import MeterMap
from hardcore.music.tempo import HIGHEST_BPM, LOWEST_BPM, TempoMap
from hardcore.project.devices import Device
from hardcore.project.parts import device_of
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.project.tracks import set_effect, set_parameter

RANGE = LOWEST_BPM, HIGHEST_BPM
_PRESSING_BARS, _HALVINGS = 32, 24  # of a ritard that takes no time; how finely its tempo is sought
RITARD_BARS, RITARD = 2, 2 / 3  # over how many bars a piece slows down at its end, and to how much of its tempo
# device, parameter
IN_BEATS = {("delay", "time"), ("tape_delay", "time"), ("beat_repeat", "time"),
            ("kick_industrial", "ghost_time"), ("kick_industrial", "length"),
            ("downlifter", "time"), ("impact", "time")}  # fmt: skip


def set_tempo(project: ProjectState, bpm: float, *, bare: bool = False) -> Outcome:
    """Return the project at `bpm`, 20 to 400: the whole tempo map is scaled to begin there. Raises UserError.

    bare   the first tempo alone is another one: later changes and all that is set in beats stay as they are
    """
    before = project.tempo_map.bpm
    _ensure_new(before, bpm, "the tempo is")
    known = project.tempo_map
    scaled = known if bare or len(known.points) == 1 else known.scaled(bpm / before)
    said = [f"tempo {before:g} → {bpm:g} bpm"]
    if len(known.points) > 1 and not bare:
        said.append(f"its {len(known.points) - 1} changes on the way by the same factor")
    return _with_map(project, scaled.with_bpm(bpm), said, bare)


def set_tempo_from(project: ProjectState, bar: int, bpm: float, *, bare: bool = False) -> Outcome:
    """Return the project at `bpm` from `bar` (from 1) to the next change of tempo. Raises UserError.

    What is set in beats follows the first tempo, so only a change of that moves it.
    """
    tick = project.meter_map.bar_start(bar - 1)
    before = project.tempo_map.at(tick)
    _ensure_new(before, bpm, "the tempo is" if bar == 1 else f"the tempo in bar {bar} is")
    said = [f"tempo {before:g} → {bpm:g} bpm" + (f" from bar {bar}" if bar > 1 else "")]
    return _with_map(project, project.tempo_map.with_point(tick, bpm), said, bare)


def ramp_tempo(project: ProjectState, bar: int, bpm: float, over: int | None = None) -> Outcome:
    """Return the project with a ramp that reaches `bpm` in `bar` (from 1) and stays there to the next change.

    over   how many bars it takes, changes within them go; None: since the change of tempo before

    What is set in beats follows the first tempo, so a ramp moves none of it. Raises UserError.
    """
    known, meter = project.tempo_map, project.meter_map
    if bar < 2:
        raise UserError("a ramp needs bars to get there", "such as --bar 33")
    if over is not None and over >= bar:
        raise UserError(f"before bar {bar} there are {bar - 1} bars, not {over}", f"--over {bar - 1} begins at bar 1")
    end = meter.bar_start(bar - 1)
    if over is None:
        begin = max(point.tick for point in known.points if point.tick < end)
    else:
        begin = meter.bar_start(bar - 1 - over)
    before = known.at(begin)
    if not LOWEST_BPM <= bpm <= HIGHEST_BPM:
        raise UserError(f"{bpm:g} BPM is out of range ({LOWEST_BPM:g} to {HIGHEST_BPM:g})")
    if before == bpm:
        raise UserError(f"the tempo in bar {meter.bar_of(begin) + 1} is {bpm:g} BPM already")
    into = known.ramp_over(begin) is not None
    gone = [point for point in known.points if begin < point.tick < end]
    ramped = known.evolve(points=tuple(point for point in known.points if point not in gone))
    if begin not in (point.tick for point in ramped.points):
        ramped = ramped.with_point(begin, before, ramp=into)
    ramped = ramped.with_point(end, bpm, ramp=True)
    said = [f"tempo {before:g} → {bpm:g} bpm in a ramp from bar {meter.bar_of(begin) + 1} to bar {bar}"]
    said += [f"the change to {point.bpm:g} bpm in bar {meter.bar_of(point.tick) + 1} is gone" for point in gone]
    return Outcome(project.evolve(tempo_map=ramped), tuple(said))


def ritard(project: ProjectState, bar: int, bars: int = RITARD_BARS) -> Outcome:
    """Return the project slowing down by a third over the `bars` before a bar, from 0. Raises UserError."""
    if bar < bars:
        raise UserError(f"before bar {bar + 1} there are {bar} bars, not {bars}", "over fewer bars")
    now = project.tempo_map.at(project.meter_map.bar_start(bar - bars))
    return ramp_tempo(project, bar + 1, max(round(now * RITARD, 1), LOWEST_BPM), bars)


def ritard_in_time(project: ProjectState, bar: int) -> Outcome:
    """Return the project slowing down to a bar, from 0, and no longer for that: it presses on in the bars before.

    Up to 32 of them, at a tempo that rises evenly, give back what the ritard takes. Raises UserError.
    """
    end = project.meter_map.bar_start(bar + 1)
    over, start = min(bar - RITARD_BARS, _PRESSING_BARS), bar - RITARD_BARS
    now = project.tempo_map.at(project.meter_map.bar_start(start))
    wanted, low, high = project.tempo_map.seconds(end), now, 1.5 * now
    slowed = project
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        pressed = ramp_tempo(project, start + 1, round(middle, 4), over).project
        slowed = ramp_tempo(pressed, bar + 1, max(round(now * RITARD, 1), LOWEST_BPM), RITARD_BARS).project
        low, high = (middle, high) if slowed.tempo_map.seconds(end) > wanted else (low, middle)
    said = f"it presses on over {over} bars, then slows down to bar {bar + 1}, as long as before"
    return Outcome(slowed, (said,))


def remove_tempo(project: ProjectState, bar: int) -> Outcome:
    """Return the project without the changes of tempo in `bar`, from 1. Raises UserError that says where some are."""
    known, meter = project.tempo_map, project.meter_map
    gone = [point for point in known.points[1:] if meter.bar_of(point.tick) == bar - 1]
    if not gone and bar == 1:
        raise UserError("the first tempo stays", "another one replaces it: tempo 128")
    if not gone:
        there = ", ".join(f"{meter.bar_of(point.tick) + 1}" for point in known.points[1:9])
        raise UserError(
            f"no change of tempo in bar {bar}", f"there are changes in bar {there}" if there else "none yet"
        )
    left = tuple(point for point in known.points if point not in gone)
    words = ", ".join(f"{point.bpm:g} bpm" for point in gone)
    after = known.evolve(points=left)
    return Outcome(
        project.evolve(tempo_map=after), (f"bar {bar}: {words} → {after.at(meter.bar_start(bar - 1)):g} bpm",)
    )


def places(tempo_map: TempoMap, meter_map: MeterMap) -> list[tuple[str, float, bool]]:
    """Return where each tempo begins (`9`, or `9.3.1` within a bar), its BPM, and whether a ramp leads there."""
    found = []
    for point in tempo_map.points:
        at = meter_map.position(point.tick)
        found.append((str(at.bar) if at[1:] == (1, 1, 0) else str(at), point.bpm, point.ramp))
    return found


def _ensure_new(before: float, bpm: float, what: str) -> None:
    if not LOWEST_BPM <= bpm <= HIGHEST_BPM:
        raise UserError(f"{bpm:g} BPM is out of range ({LOWEST_BPM:g} to {HIGHEST_BPM:g})")
    if bpm == before:
        raise UserError(f"{what} {before:g} BPM already")


def _with_map(project: ProjectState, tempo_map: TempoMap, said: list[str], bare: bool) -> Outcome:
    old, project = project, project.evolve(tempo_map=tempo_map)
    before, after = old.tempo_map.bpm, tempo_map.bpm
    if not bare and before != after:
        for track in old.tracks:
            project, lines = _in_time(project, track, before, after)
            project = retimed(project, track.id, old)
            said += lines
    return Outcome(project, tuple(said))


def _in_time(project: ProjectState, track: Track, before: float, bpm: float) -> tuple[ProjectState, list[str]]:
    said = []
    for effect in track.effects:
        for name, value in _followed(effect.definition, effect.settings, before, bpm):
            said.append(f"{track.name}: {name} {effect.value(name) * 1000:.0f} → {value * 1000:.0f} ms")
            project = set_effect(project, track.id, effect.id, {name: value})
    if track.instrument is not None:
        for name, value in _followed(device_of(track), track.instrument.settings, before, bpm):
            project = set_parameter(project, track.id, name, value)
    return project, said


def _followed(device: Device, settings: Mapping[str, float], before: float, bpm: float) -> list[tuple[str, float]]:
    """Return the device's lengths in beats at the new tempo, where they are plain parts of a beat at the old one."""
    found = []
    for parameter in device.parameters:
        value = settings.get(parameter.id)
        if value is None or (device.id, parameter.id) not in IN_BEATS:
            continue
        twelfths = value * before / 60 * 12
        if abs(twelfths - round(twelfths)) < 0.02 * max(1, twelfths) and round(twelfths) > 0:
            found.append((parameter.id, within(parameter, round(twelfths) / 12 * 60 / bpm)))
    return found
