"""Addition: a new part, made by the producer in the project's style, key and chords, and grafted on."""

from collections.abc import Sequence

from hardcore.compose.changes.levels import unmute
from hardcore.compose.changes.renewal import anew
from hardcore.compose.changes.scope import Outcome, already, found, of_role, other_sound
from hardcore.compose.counter import COUNTER, RESPONSE
from hardcore.compose.edits.addition import add as add_part
from hardcore.compose.edits.naming import Named
from hardcore.compose.edits.renewal import knows
from hardcore.compose.orders import Order, Target
from hardcore.project.roles import Role
from hardcore.project.state import ProjectState
from hardcore.project.track import Track


def add(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with a part that was not there; one that is muted comes back."""
    target, traits = order.value
    entry = target.entry
    if entry is None:
        return Outcome(project, (), (f"{target.words} is there already",))
    here = found(project, target, stand_in=False)
    muted = [track for track in here if track.mixer.mute]
    if muted:
        return unmute(project, order._replace(targets=(target,)), seed)
    roles = [role for role in entry.roles if all(track.role != role for track in project.tracks)]
    if entry.group:
        roles = [role for role in roles if role in ("kick", "clap", "hat_closed", "hat_open")]
    said: list[str] = []
    for role in roles:
        outcome, _ = add_part(project, _named(target, role, traits), seed)
        project, said = outcome.project, [*said, *outcome.said]
    if not roles and ({COUNTER, RESPONSE} & set(entry.traits) or (entry.traits and entry.roles == ("riser",))):
        # the part that is there plays the line
        return anew(project, order._replace(targets=(target,), value=entry.traits), seed)
    if not roles:
        if other_sound(target, of_role(project, target)):
            return add_part(project, _named(target, entry.roles[0], traits), seed, another=True)[0]
        if entry.traits and any(made(track) and not knows(track, entry.traits) for track in here):
            # a break is how the snare plays
            return anew(project, order._replace(targets=(target,), value=entry.traits), seed)
        return Outcome(project, (), (already(target),))
    return Outcome(project, tuple(said))


def _named(target: Target, role: Role, traits: Sequence[str]) -> Named:
    assert target.entry is not None
    return Named(target.words, (role,), target.entry.device, (*target.entry.traits, *traits))


def made(track: Track) -> bool:
    """Return whether a track has clips and all of them were made from a prompt."""
    return bool(track.clips) and all(clip.provenance is not None for clip in track.clips)
