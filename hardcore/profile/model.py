"""The profile as data: what a person made of each of the last pieces, and what they set by hand."""

from collections.abc import Callable, Mapping
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from hardcore.model import Model
from hardcore.profile.quantities import TAKE, is_learned, quantity

Word = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$")]
Value = Annotated[float, Field(ge=-1000, le=1000)] | Word
# Older ones weigh next to nothing.
MOST_PIECES, MOST_SET = 200, 1000
# of a piece, and things of a part: 64 sends, 32 effects and how wet they are, and what every part has
MOST_PARTS, MOST_THINGS = 64, 160


class Observation(Model):
    """What became of one piece.

    piece    names it, by chance: neither its prompt nor its notes can be told from that
    style    the id of its style
    at       when it was last looked at, seconds since 1970
    offsets  by part and by what: how far it ended from what the composer had made, as `quantities` measures it; of a
             choice its name, with = before it where it is as the composer made it
    """

    piece: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
    style: Word
    at: Annotated[float, Field(ge=0, le=1e11)]
    offsets: Annotated[
        Mapping[Word, Annotated[Mapping[Word, Value], Field(max_length=MOST_THINGS)]], Field(max_length=MOST_PARTS + 1)
    ]


class Choice(Model):
    """What a person set by hand, within what a profile may do; `style` is empty where it holds for all."""

    style: Annotated[str, StringConstraints(max_length=80)] = ""
    part: Word
    what: Word
    value: Value

    @model_validator(mode="after")
    def _possible(self) -> Self:
        """Refuse a name where there is a size, a size where there is a name, and one that is too large."""
        if not is_learned(self.what):
            return self
        measure = quantity(self.what)
        if self.what == TAKE or (measure is None) != isinstance(self.value, str):
            raise ValueError(f"{self.value} is no value of {self.what}")
        if measure is not None and abs(float(self.value)) > measure.most:
            raise ValueError(f"{self.what} by {self.value} is more than {measure.most:g}")
        return self


class Profile(Model):
    """A profile: the pieces it knows, the newest first, and what was set by hand."""

    pieces: Annotated[tuple[Observation, ...], Field(max_length=MOST_PIECES)] = ()
    chosen: Annotated[tuple[Choice, ...], Field(max_length=MOST_SET)] = ()

    def with_piece(self, piece: Observation) -> Self:
        """Return the profile with a piece, in place of what was known of it; the oldest beyond MOST_PIECES go."""
        row = sorted((piece, *self.without_piece(piece.piece).pieces), key=lambda one: -one.at)
        return self.evolve(pieces=tuple(row[:MOST_PIECES]))

    def without_piece(self, name: str) -> Self:
        """Return the profile without a piece."""
        return self.evolve(pieces=tuple(one for one in self.pieces if one.piece != name))

    def with_choice(self, choice: Choice) -> Self:
        """Return the profile with something set by hand, in place of what was set before."""
        place = (choice.style, choice.part, choice.what)
        others = (one for one in self.chosen if (one.style, one.part, one.what) != place)
        return self.evolve(chosen=(*others, choice))

    def merged(self, other: Self) -> Self:
        """Return the profile with all that another one knows besides; of what both know, the newer."""
        known = {one.piece: one for one in self.pieces}
        profile = self
        for piece in other.pieces:
            if piece.piece not in known or known[piece.piece].at < piece.at:
                profile = profile.with_piece(piece)
        for choice in other.chosen:
            profile = profile.with_choice(choice)
        return profile

    def without(self, is_gone: Callable[[str, str, str], bool]) -> Self:
        """Return the profile without what `is_gone` says of style, part and what; a piece without any goes too."""
        kept = []
        for one in self.pieces:
            offsets = {
                part: left
                for part, known in one.offsets.items()
                if (left := {what: value for what, value in known.items() if not is_gone(one.style, part, what)})
            }
            kept += [one.evolve(offsets=offsets)] if offsets else []
        chosen = (one for one in self.chosen if not is_gone(one.style, one.part, one.what))
        return self.evolve(pieces=tuple(kept), chosen=tuple(chosen))

    def places(self) -> list[tuple[str, str, str]]:
        """Return every style, part and what that something is known of, in order."""
        learned = {
            (one.style, part, what) for one in self.pieces for part, known in one.offsets.items() for what in known
        }
        return sorted(learned | {(one.style, one.part, one.what) for one in self.chosen})

    def known_only(self) -> Self:
        """Return the profile without what this version does not learn, such as a later one's."""
        return self.without(lambda style, part, what: not is_learned(what))
