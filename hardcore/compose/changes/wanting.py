"""Wanting: parts that are named without a verb ("with strings", "rolling hats", "four on the floor")."""

from collections.abc import Callable, Sequence

from hardcore.compose.changes.addition import add
from hardcore.compose.changes.density import density, ghost
from hardcore.compose.changes.levels import energy, unmute
from hardcore.compose.changes.melody import movement
from hardcore.compose.changes.parts import use
from hardcore.compose.changes.renewal import anew
from hardcore.compose.changes.scope import Outcome, already, found, of_role, other_sound
from hardcore.compose.changes.space import space
from hardcore.compose.changes.tone import drive, tone
from hardcore.compose.edits.renewal import knows
from hardcore.compose.orders import OF_LEVEL, Order
from hardcore.knowledge.vocabulary import vocabulary
from hardcore.project.state import ProjectState

# one line of music: another sound for it is no second part
SINGLE = frozenset({"kick", "bass", "sub"})
_EDITS: dict[str, Callable[[ProjectState, Order, int], Outcome]] = {
    "tone": tone, "energy": energy, "density": density, "space": space, "drive": drive, "movement": movement,
    "ghost": ghost,
}  # fmt: skip


def want(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with a part as it is described: added, brought back, made anew with traits, or coloured."""
    target, words = order.value
    here = found(project, target, stand_in=False)
    if any(track.mixer.mute for track in here):
        return unmute(project, order._replace(targets=(target,)), seed)
    there = of_role(project, target)
    if target.entry is not None and (not here or other_sound(target, here)):
        if there and SINGLE.issuperset(target.roles):
            return use(project, order._replace(value=target), seed)
        return add(project, order, seed)
    if not here:
        return add(project, order, seed)
    traits, moods = _sorted(words)
    traits = (*(target.entry.traits if target.entry else ()), *traits)
    done = Outcome(project)
    if traits and not all(knows(track, traits) for track in here):
        done = anew(project, order._replace(targets=(target,), value=traits), seed)
    for change, way in moods:
        more = _EDITS[change](
            done.project, order._replace(change=change, sign=way, targets=(target,), value=None), seed
        )
        done = Outcome(more.project, (*done.said, *more.said), (*done.failed, *more.failed))
    return done if done.said or done.failed else Outcome(project, (), (already(target),))


def _sorted(words: Sequence[str]) -> tuple[tuple[str, ...], list[tuple[str, int]]]:
    """Return which words are traits, and the edits that the others, adjectives, mean."""
    levels = {phrase: next(iter(entry.sets.items())) for entry in vocabulary().moods for phrase in entry.say}
    known = {entry.trait for entry in vocabulary().traits}
    moods = []
    for word in words:
        if word not in known and word in levels:
            name, value = levels[word]
            change, way = OF_LEVEL[name]
            moods.append((change, way if value >= 0.5 else -way))
    return tuple(word for word in words if word in known), moods
