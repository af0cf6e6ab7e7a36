"""Transition: where the sections of a scene begin, risers that lead into them and impacts that mark them.

A riser's instrument climbs for a time of its own: `climb_s` is the one home of how long that is for a note, so the
notes, the settings they are made with and later edits agree, and the climb is over when the section begins.
"""

from collections.abc import Sequence
from itertools import pairwise

from hardcore.compose.chance import pick, stream
from hardcore.compose.form.structure import SceneBar
from hardcore.compose.plan import Plan
from hardcore.music.ticks import PPQ
from hardcore.project.devices import Device, Parameter
from hardcore.project.notes import Note
from hardcore.project.roles import Role
from hardcore.project.state import ProjectState
from hardcore.project.tracks import set_parameter

CLIMB = "time"  # the parameter
# how much of its time an instrument needs to the top: a sweep goes up and back
_WAY_UP = {"noise_sweep": 0.5}
_LEANING = 0.1  # how far "busy" or "sparse" must move the role's density to count
_BARS = {"long": 4, "short": 1}
_IMPACT_BARS = 2
_HOME = 48


def sections(plan: Plan, role: Role) -> tuple[int, ...]:
    """Return the bars, from 0, at which sections begin: the first, and where the letter of the form changes.

    Only bars on the genre's grid of sections count, in scenes of at least two; `double` and `busy` halve the grid,
    `sparse` leaves the first bar.
    """
    grid, form = plan.genre.transition.section_bars, plan.genre.structure.form
    leaning = plan.relative("density", role) - plan.relative("density")
    if leaning > _LEANING:
        grid = max(grid // 2, 1)
    if plan.bars < 2 * grid or leaning < -_LEANING:
        return (0,)
    letters = [form[bar % len(form)][0] for bar in range(plan.bars)]
    return (0, *(bar for bar in range(grid, plan.bars, grid) if letters[bar] != letters[bar - 1]))


def climb_ticks(plan: Plan, device: Device) -> int:
    """Return how long each riser of the scene is: at most half of its shortest section and what the device can climb.

    Whole bars, in a scene of one bar whole beats as far as there are any.
    """
    starts = (*sections(plan, "riser"), plan.bars)
    half = min(plan.meter.bar_start(b) - plan.meter.bar_start(a) for a, b in pairwise(starts)) // 2
    bar, traits, choices = plan.bar_ticks, plan.traits.get("riser", ()), plan.genre.transition.riser_bars
    drawn = pick(choices, [1.0] * len(choices), stream(plan.seed, "riser", "bars").random())
    # of "long" and "short" the one said last counts
    wanted = next((_BARS[word] for word in reversed(traits) if word in _BARS), drawn)
    longest = longest_ticks(device, plan.bpm)
    ticks = min(wanted * bar, half, longest)
    grid = next((step for step in (bar, PPQ) if step <= ticks), ticks)
    return max(ticks // max(grid, 1) * grid, 1)


def longest_ticks(device: Device, bpm: float) -> int:
    """Return the longest note whose climb the device can follow; without such a parameter any."""
    parameter = _climb_of(device)
    return 2**31 if parameter is None else int(parameter.high * _WAY_UP.get(device.id, 1.0) * bpm / 60 * PPQ)


def climb_s(ticks: int, bpm: float, device: Device) -> float | None:
    """Return the `time` of a device that reaches its top as a note of `ticks` ends, s; None for one without it."""
    parameter = _climb_of(device)
    if parameter is None:
        return None
    value = float(f"{ticks / PPQ * 60 / bpm / _WAY_UP.get(device.id, 1.0):.4g}")
    return min(max(value, parameter.low), parameter.high)


def _climb_of(device: Device) -> Parameter | None:
    return next((parameter for parameter in device.parameters if parameter.id == CLIMB), None)


def generate(plan: Plan, bars: Sequence[SceneBar], role: Role, device: Device) -> list[Note]:
    """Return the notes of a riser or an impact: at least one, and none that anything moves off its place."""
    starts = sections(plan, role)
    pitch = _pitch(plan, device)
    if role == "riser":
        length = climb_ticks(plan, device)
        ends = [plan.meter.bar_start(bar) for bar in _drawn(plan, role, starts)] + [plan.length_ticks]
        return [Note(end - length, length, pitch, _force(plan, bars, (end - 1) // plan.bar_ticks, 82)) for end in ends]
    ends = [plan.meter.bar_start(bar) for bar in (*starts[1:], plan.bars)]
    half = min(end - plan.meter.bar_start(bar) for bar, end in zip(starts, ends, strict=True)) // 2
    length = max(min(_IMPACT_BARS * plan.bar_ticks, half), 1)
    marked = (0, *_drawn(plan, role, starts))
    return [Note(plan.meter.bar_start(bar), length, pitch, _force(plan, bars, bar, 78)) for bar in marked]


def _drawn(plan: Plan, role: Role, starts: Sequence[int]) -> list[int]:
    """Return the sections inside the scene that have a riser or an impact, by chance."""
    style = plan.genre.transition
    chance = style.riser if role == "riser" else style.impact
    return [bar for bar in starts if bar and stream(plan.seed, role, "section", bar).random() < chance]


def _force(plan: Plan, bars: Sequence[SceneBar], bar: int, normal: int) -> int:
    """Return the velocity at a bar: `normal` at no energy, 40 more at full."""
    return min(round(normal + 40 * bars[min(bar, len(bars) - 1)].energy), 127)


def _pitch(plan: Plan, device: Device) -> int:
    """Return the tonic near C3 that the device plays."""
    inside = range(max(device.low_note, 0), min(device.high_note, 127) + 1)
    tonics = [pitch for pitch in inside if pitch % 12 == plan.key.tonic]
    return min(tonics or inside, key=lambda pitch: (abs(pitch - _HOME), pitch))


def retimed(project: ProjectState, track_id: str, old: ProjectState | None = None) -> ProjectState:
    """Return the project with the climb of a riser's instrument as long as its notes are, the shortest of them.

    old  the project before an edit: a climb that was set otherwise by hand there stays as it is
    """
    value = _climb(project, track_id)
    if value is None or (old is not None and not _follows(old, track_id)) or _follows(project, track_id):
        return project
    return set_parameter(project, track_id, CLIMB, value)


def _climb(project: ProjectState, track_id: str) -> float | None:
    """Return the climb that the notes of a riser's track want, s; None where there is none."""
    track = project.find_track(track_id)
    lengths = [note.length_ticks for clip in track.clips for note in clip.notes]
    if track.role != "riser" or track.instrument is None or not lengths:
        return None
    return climb_s(min(lengths), project.tempo_map.bpm, track.instrument.definition)


def _follows(project: ProjectState, track_id: str) -> bool:
    instrument = project.find_track(track_id).instrument
    return instrument is not None and instrument.value(CLIMB) == _climb(project, track_id)
