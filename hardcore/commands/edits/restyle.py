"""The piece in another style."""

from hardcore.commands.composing.genre import GenreRef, find
from hardcore.commands.core.call import Call
from hardcore.commands.core.outcomes import carry_out
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done
from hardcore.commands.core.seeds import fresh_seed
from hardcore.commands.core.types import RandomSeed


@command("restyle", "restyle house --seed 3")
def restyle(call: Call, style: GenreRef, *, seed: RandomSeed | None = None) -> Done:
    """Play the piece in another style: new drums, accompaniment, sounds and mix; key, chords, tune and form stay.

    The tune is what leads, and what was made by hand and plays pitches. The tempo stays where the style is played at
    it, else it is the style's own; a waltz brings its meter. `compose --new` makes another piece instead.
    """
    from hardcore.compose.edits import restyling

    genre_id = find(style)
    used = fresh_seed() if seed is None else seed
    return carry_out(call, lambda project: restyling.restyle(project, genre_id, used))
