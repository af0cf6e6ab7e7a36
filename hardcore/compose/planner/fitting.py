"""Which sections of a form a song of a given length has, and how many bars each: together exactly what was asked."""

from collections.abc import Sequence

from hardcore.knowledge.form import SongSection
from hardcore.project.sections import kind_of

PHRASE_BARS = 4

Fitted = tuple[tuple[SongSection, int], ...]


def fitted(sections: Sequence[SongSection], bars: int | None, scene_bars: int) -> Fitted:
    """Return the sections of a song of exactly `bars` bars, each with its length; without `bars` as long as they say.

    A section is as long as its share in whole scenes where it holds one and there is room, else in phrases of four
    bars; what is left over lengthens or shortens the last. A song too short for all of them keeps the fullest, the
    last, the first, then what comes for the first time.
    """
    if bars is None:
        return tuple((section, section.bars) for section in sections)
    kept = [sections[at] for at in sorted(ranked(sections)[: max(bars // PHRASE_BARS, 1)])]
    own = [section.bars for section in kept]
    scenes = [scene_bars if scene_bars <= length else PHRASE_BARS for length in own]
    phrases = [PHRASE_BARS] * len(own)
    lengths = _shared(own, scenes, bars)
    if bars < sum(scenes) or lengths[-1] + bars - sum(lengths) < 1:  # whole scenes do not come near enough
        lengths = _shared(own, phrases, bars)
    lengths[-1] += bars - sum(lengths)
    return tuple(zip(kept, lengths, strict=True))


def ranked(sections: Sequence[SongSection]) -> list[int]:
    """Return the places of the sections, the one that a song can least do without first."""
    places = range(len(sections))
    fullest = max(places, key=lambda at: (not sections[at].play, -len(sections[at].rest), sections[at].bars, -at))
    kinds = [kind_of(section.name) for section in sections]
    again = [at for at in places if kinds[at] in kinds[:at]]
    once = [at for at in places if at not in again]
    return list(dict.fromkeys([fullest, places[-1], places[0], *once, *again]))


def _shared(own: Sequence[int], units: Sequence[int], bars: int) -> list[int]:
    """Return lengths in whole units, one at least, in the proportion of `own`, that come nearest to `bars`."""
    factor = bars / sum(own)
    found = [max(round(length * factor / unit), 1) * unit for length, unit in zip(own, units, strict=True)]
    for _ in range(bars):
        missing = bars - sum(found)
        steps = [unit if missing > 0 else -unit for unit in units]
        nearer = [n for n, step in enumerate(steps) if abs(missing - step) < abs(missing) and found[n] + step > 0]
        if not nearer:
            break
        # the section that is furthest from its share
        worst = max(nearer, key=lambda n: (own[n] * factor - found[n]) * steps[n] / units[n])
        found[worst] += steps[worst]
    return found
