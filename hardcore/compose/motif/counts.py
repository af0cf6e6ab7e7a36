"""Distributions from the counts of real melodies: a context that was seen seldom leans on the shorter one."""

from functools import lru_cache

from hardcore.knowledge.tunes import Rows, pairs, tune_counts

STEPS = range(-9, 10)
MASKS = 256
_STEP_LEAN, _CELL_LEAN = 40, 6  # counts that the shorter context weighs
START = 99  # the last step where there was none


@lru_cache(maxsize=4096)
def step_weights(
    mode: str, degree: int, last: int, before: int, register: int, level: int, gap: int
) -> tuple[float, ...]:
    """Return the chances of the steps −9…9 to the next note.

    mode      maj or min
    last      step to the present note, `before` the one before it; START where there was none
    register  −2…2, thirds from the centre
    level     metre level of the next note: 0 bar, 1 half, 2 beat, 3 eighth, 4 16th
    gap       class of the gap to it
    """
    contexts = (
        mode,
        f"{mode},{last},{register}",
        f"{mode},{degree},{last}",
        f"{mode},{degree},{last},{level},{gap}",
        f"{mode},{degree},{last},{before},{level},{gap}",
    )
    found = _steps(contexts)
    return tuple(found.get(step, 0.0) for step in STEPS)


@lru_cache(maxsize=2048)
def cell_weights(kind: int, half: int, last: int, before: int) -> dict[int, float]:
    """Return the chances of half-bar rhythms; `last` and `before` are those it follows, −1 where there was none."""
    general = f"{kind},{half}"
    if last < 0:
        row = tune_counts().first_cell[str(kind)]
        total = sum(row.values())
        return {mask: 0.7 * row.get(str(mask), 0) / total + 0.3 * chance for mask, chance in _cells((general,)).items()}
    return _cells(
        (general, f"{general},{last.bit_count()}", f"{general},{last}", f"{general},{last},{before}"),
    )


@lru_cache(maxsize=256)
def length_weights(gap: int, beat: bool, kind: int) -> dict[int, int]:
    """Return how often a note sounds how many sixteenths where the next one comes `gap` sixteenths after it."""
    return dict(pairs(tune_counts().length.get(f"{gap},{beat},{kind}", "")))


@lru_cache(maxsize=4096)
def _steps(contexts: tuple[str, ...]) -> dict[int, float]:
    shorter = _steps(contexts[:-1]) if len(contexts) > 1 else {}
    return _backed_off(tune_counts().steps[len(contexts) - 1], contexts[-1], shorter, _STEP_LEAN)


@lru_cache(maxsize=4096)
def _cells(contexts: tuple[str, ...]) -> dict[int, float]:
    shorter = _cells(contexts[:-1]) if len(contexts) > 1 else {}
    return _backed_off(tune_counts().cells[len(contexts) - 1], contexts[-1], shorter, _CELL_LEAN)


def _backed_off(table: Rows, context: str, shorter: dict[int, float], lean: float) -> dict[int, float]:
    """Return p = (count + lean · p of the shorter context) / (sum + lean); the shorter one where there is no row."""
    row = table.get(context)
    if row is None:
        return shorter
    counts = pairs(row)
    total = sum(count for _, count in counts) + (lean if shorter else 0.0)
    found = {value: lean * chance / total for value, chance in shorter.items()}
    for value, count in counts:
        found[value] = found.get(value, 0.0) + count / total
    return found
