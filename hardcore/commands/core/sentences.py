"""What a studio keeps of sentences: what the last one did, and the readings that were offered of an unclear one."""

from typing import TYPE_CHECKING, NamedTuple

from hardcore.project.state import ProjectState

if TYPE_CHECKING:
    from hardcore.language.plan import NewPiece, Plan


class Spoken(NamedTuple):
    """What a sentence did: the project after it, its plan, and the ids of the tracks that changed.

    It is what "it" and "a bit more" mean, as long as nothing else was done since.
    """

    project: ProjectState
    plan: "Plan"
    tracks: tuple[str, ...]


class Candidates(NamedTuple):
    """Readings of the last sentence, where it was unclear or a model planned it; 1 and 2 choose.

    words   what the step is called where one is chosen; empty: as what is typed
    """

    readings: "tuple[Plan | NewPiece, ...]"
    words: str = ""
