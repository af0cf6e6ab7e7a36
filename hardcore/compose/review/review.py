"""The review of a piece: everything that was found in its notes and its sound, what matters most first."""

from collections.abc import Callable, Iterator

from hardcore.compose.mix.target import Wanted, wanted
from hardcore.compose.review import form, hearing, playing, tune
from hardcore.compose.review.finding import Finding
from hardcore.compose.review.hearing import Ears
from hardcore.compose.review.reading import Reading, read
from hardcore.errors import UserError
from hardcore.project.state import ProjectState

Look = Callable[[Reading], Iterator[Finding]]

# what looks at any bars by themselves, and what compares sections and so needs them all
LOOKS: tuple[Look, ...] = (
    tune.missing_tune, tune.covered_tune, tune.narrow_tune, form.stuck, form.silence,
    playing.flat, playing.still, playing.crowded, playing.beside_the_key,
)  # fmt: skip
COMPARING: tuple[Look, ...] = (tune.ending, form.repetition, form.contrast, form.all_at_once, form.no_fill)
LISTENING = (
    hearing.loudness, hearing.kick_and_bass, hearing.quiet_tune, hearing.places, hearing.bands, hearing.stereo,
)  # fmt: skip
LISTENING_TO_SECTIONS = (hearing.steps, hearing.darker)


def review(project: ProjectState, where: str = "", ears: Ears | None = None) -> tuple[Finding, ...]:
    """Return what a producer would say of a project, the weightiest first; of its sound only where it was heard.

    where   a stretch as a scope names it; sections are compared with the others all the same

    Raises UserError where nothing plays, or where there is no such place.
    """
    whole = read(project)
    part = read(project, where) if where else whole
    asked = _wanted(project)
    found = [one for look in LOOKS for one in look(part)]
    compared = [one for look in COMPARING for one in look(whole)]
    if ears is not None:
        found += [one for hear in LISTENING for one in hear(part, ears, asked)]
        compared += [one for hear in LISTENING_TO_SECTIONS for one in hear(whole, ears, asked)]
    bars = set(part.bars)
    found += [one for one in compared if not bars.isdisjoint(range(one.first_bar, one.last_bar + 1))]
    return tuple(sorted(found, key=lambda one: (-one.weight, one.first_bar, one.kind)))


def _wanted(project: ProjectState) -> Wanted | None:
    """Return what the mix should be like, None where no style says so."""
    try:
        return wanted(project)
    except UserError:
        return None
