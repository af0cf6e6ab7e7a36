"""What came of listening to a mix."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hardcore.project.state import ProjectState

if TYPE_CHECKING:
    from hardcore.compose.mix.correction import Change
    from hardcore.compose.mix.judgement import Heard


@dataclass(frozen=True, slots=True)
class Listened:
    """What came of listening: the project with the mix that is kept, what was heard before and with it, the changes."""

    project: ProjectState
    before: "Heard"
    after: "Heard"
    changes: tuple["Change", ...]
    said: tuple[str, ...]
