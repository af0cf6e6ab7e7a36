"""Using the profile: a piece that was composed is changed to what the person likes, within the step that makes it."""

from typing import TYPE_CHECKING

from hardcore.commands.composing.profilelearner import AsComposed, ProfileLearner
from hardcore.commands.core.call import Call
from hardcore.controller.controller import PERSON
from hardcore.controller.events import Notified
from hardcore.errors import UserError
from hardcore.project.history import MAIN
from hardcore.project.state import ProjectState

if TYPE_CHECKING:
    from hardcore.compose.edits.preferences import Liked


def is_used(call: Call) -> bool:
    """Return whether pieces of a call are made as the profile has it: the person at an open studio, or who asks."""
    if call.studio.profile is None:
        return False
    who = call.caller
    by_person = who.author == PERSON and not who.cause and not who.outside and who.head == MAIN
    is_studio = call.studio.recall(ProfileLearner) is not None and call.studio.settings.producer.profile
    return who.profile or (by_person and is_studio)


def to_taste(call: Call, composed: ProjectState, *, whole: bool = True) -> "Liked":
    """Return a piece as the person likes it, where the profile is used; else as it was composed.

    whole   the tempo and key may be others, too
    """
    from hardcore.compose.edits.preferences import Liked, as_liked

    if not is_used(call):
        return Liked(composed)
    from hardcore.compose.producer import asked_of
    from hardcore.profile.preferences import preferences
    from hardcore.profile.quantities import PIECE

    assert call.studio.profile is not None
    learner = call.studio.recall(ProfileLearner)
    if learner is not None and not call.caller.dry_run:
        learner.settle()  # what was done to the piece before counts for this one
    try:
        profile = call.studio.profile.read()
    except UserError as error:
        call.events.tell(Notified(message=error.line(), author="profile"))
        return Liked(composed)
    intent = asked_of(composed)
    wishes = preferences(profile, intent.genre) if intent is not None else ()
    liked = as_liked(composed, [wish for wish in wishes if whole or wish.part != PIECE])
    if not call.caller.dry_run:
        call.studio.keep(AsComposed(composed, liked.project))
    return liked


def told(liked: "tuple[str, ...]") -> str:
    """Return what the profile did, as an answer says it."""
    return f"{', '.join(liked)}, as you like {'it' if len(liked) == 1 else 'them'} (/profile toggle: without)"
