"""Form: tempo, key, meter, length."""

from hardcore.compose.changes.scope import Outcome
from hardcore.compose.edits.amount import Amount
from hardcore.compose.edits.key import set_key
from hardcore.compose.edits.length import set_length
from hardcore.compose.edits.meter import set_meter
from hardcore.compose.edits.tempo import set_tempo
from hardcore.compose.orders import Order
from hardcore.music.scale import Key
from hardcore.project.state import ProjectState

PACE_PERCENT = 5.0


def tempo(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project at a tempo in BPM; clips stay the same objects."""
    return at_tempo(project, float(order.value))


def pace(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project faster or slower: by the per cents that are said, else by 5."""
    way = 1 if order.sign >= 0 else -1
    before = project.tempo_map.bpm
    percent = order.value[1] if isinstance(order.value, tuple) else PACE_PERCENT * order.amount
    return at_tempo(project, float(round(before * (1 + way * percent / 100))))


def bpm_step(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project faster or slower by so many BPM."""
    sign, amount = order.value
    return at_tempo(project, project.tempo_map.bpm + (sign or 1) * amount)


def tempo_factor(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project at twice or half its tempo."""
    return at_tempo(project, project.tempo_map.bpm * (2 if order.sign > 0 else 0.5))


def at_tempo(project: ProjectState, bpm: float) -> Outcome:
    """Return the project with its tempo map scaled to start at `bpm`; what is set in beats follows."""
    return set_tempo(project, bpm)


def key(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project in another key: notes keep their degree, tuned kicks follow the tonic."""
    _, value = order.value
    if isinstance(value, int):
        return set_key(project, Key(tonic=value, mode=project.key.mode))
    return set_key(project, Key(tonic=project.key.tonic, mode=value) if isinstance(value, str) else value)


def bars(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with its scenes' clips so many bars long: repeated with small differences, or cut."""
    kind, value = order.value
    bar = project.meter_map.bar_ticks()
    if kind == "beats":
        count = round(value * 1920 / bar)
    elif kind == "bars_step":
        longest = max((clip.length_ticks for _, clip in project.clips()), default=0)
        count = -(-longest // bar) + int(value[0] * value[1])
    elif kind == "seconds":
        count = round(value * project.tempo_map.bpm / 60 * 1920 / bar)
    else:
        count = int(value)
    return set_length(project, Amount(to=max(count, 1)), seed)


def extend(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project twice or half as long."""
    longest = max((clip.length_ticks for _, clip in project.clips()), default=0)
    old = -(-longest // project.meter_map.bar_ticks())
    return set_length(project, Amount(to=old * 2 if order.sign > 0 else max(old // 2, 1)), seed)


def meter(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project in another meter."""
    return set_meter(project, *order.value)
