"""Drum grammar: what each drum may play, as step text, and how it varies.

Step text, one letter per step (`beat_steps` to the quarter): X accent, x normal, o ghost, - maybe (drawn by `maybe`),
2 3 4 a roll of so many hits, . rest. Spaces and bars are for the eye. A pattern may be several bars long.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from hardcore.errors import nearest
from hardcore.knowledge.section import ROLLS, Section, Span01, Steps, Unit01, Weight, Word
from hardcore.knowledge.source import folder
from hardcore.project.roles import Role

Velocity7 = Annotated[int, Field(ge=1, le=127)]


class Pattern(Section):
    """One way to play a drum, drawn by weight among those whose energy span holds the wanted energy.

    A weight of 0 is played only when one of its traits is asked for ("broken", "halftime" …).
    """

    steps: Annotated[Steps, Field(min_length=1)]
    weight: Annotated[float, Field(ge=0, le=1000)] = 1
    energy: Span01 = (0, 1)
    traits: tuple[Word, ...] = ()


class Velocities(Section):
    """How hard the three kinds of hits are, and how far each is drawn from that (±)."""

    accent: Velocity7 = 118
    normal: Velocity7 = 100
    ghost: Velocity7 = 50
    spread: Annotated[int, Field(ge=0, le=30)] = 4


class DrumPart(Section):
    """What one drum plays.

    patterns  one is drawn for each letter of the form
    ghosts    where ghost notes may be added (any step that is not a rest), as often as the ghost level says
    more      where hits may be added when more density is wanted
    anchored  its hits are never thinned out (a kick, a backbeat)
    maybe     chance of a `-` step
    mutation  chance that a primed bar (A') moves, drops or adds a weak hit
    roll      chance, per bar, that one weak hit becomes a roll of two or three
    late_ms, spread_ms   how late it is played and how far each hit is drawn from that (±)
    length    of a note, in steps; matters only where the instrument listens to it
    degrees   scale degrees that the hits of a pitched drum step through, 0 the tonic; accents return to the first
    around    MIDI pitch the degrees lie nearest to, for a pitched drum
    """

    beat_steps: Literal[2, 3, 4, 6, 8] = 4
    patterns: Annotated[tuple[Pattern, ...], Field(min_length=1)]
    ghosts: Steps = ""
    more: Steps = ""
    anchored: bool = False
    maybe: Unit01 = 0.5
    mutation: Unit01 = 0.4
    roll: Unit01 = 0.0
    velocity: Velocities = Velocities()
    late_ms: Annotated[float, Field(ge=-40, le=60)] = 0.0
    spread_ms: Annotated[float, Field(ge=0, le=30)] = 1.5
    length: Annotated[float, Field(gt=0, le=64)] = 0.5
    degrees: Annotated[tuple[Annotated[int, Field(ge=-14, le=14)], ...], Field(min_length=1)] = (0,)
    around: Annotated[int, Field(ge=0, le=127)] | None = None

    @model_validator(mode="after")
    def _whole_beats(self) -> "DrumPart":
        for pattern in self.patterns:
            if len(pattern.steps) % self.beat_steps:
                raise ValueError(f"'{pattern.steps}' is not a whole number of beats of {self.beat_steps} steps")
        if any(letter in ROLLS for letter in self.ghosts):
            raise ValueError("ghosts are not rolls")
        return self


class Fill(Section):
    """What some drums play at the end of a bar instead: sixteenths, aligned to the bar's end.

    A drum that is not named plays on. `big` fills end the scene, the others end its phrases.
    """

    parts: Annotated[dict[Role, Annotated[Steps, Field(min_length=1, max_length=32)]], Field(min_length=1)]
    weight: Weight = 1
    energy: Span01 = (0, 1)
    big: bool = False


class Break(Section):
    """A break: some bars of 4/4 that drummers played, written out in sixteenths, to be cut up.

    parts   each as long as the longest or repeated until there
    cut     how much of it is cut, 0–1: the share of beats that are not where they were
    weight  one break is drawn for a piece
    """

    parts: Annotated[dict[Role, Annotated[Steps, Field(min_length=16, max_length=128)]], Field(min_length=1)]
    cut: Unit01 = 0.5
    weight: Weight = 1

    @property
    def steps(self) -> int:
        """Return how many sixteenths it is long."""
        return max(map(len, self.parts.values()))

    @model_validator(mode="after")
    def _whole_bars(self) -> "Break":
        for role, steps in self.parts.items():
            if len(steps) % 16 or self.steps % len(steps):
                raise ValueError(f"{role} of a break is not one, two or four bars of sixteen steps")
        return self


class DrumGrammar(Section):
    """The drums of a genre.

    rhythm  a rhythm of knowledge_base/rhythm whose drums the engine plays, as the levels and the form want it; what it
            lacks, what a prompt asks for by trait, fills, sounds and forces are still those of `parts`
    running its bars follow each other through the scene, so that bars of three and five turn over the kick; without,
            bars of one letter of the form are the same
    breaks  one of which is cut up for the drums that it has, in place of their patterns
    """

    rhythm: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,60}$")] | None = None
    running: bool = False
    breaks: tuple[Break, ...] = ()
    parts: dict[Role, DrumPart] = {}
    fills: tuple[Fill, ...] = ()

    @field_validator("rhythm")
    @classmethod
    def _known(cls, name: str | None) -> str | None:
        if name is not None:
            known = [path.stem for path in (folder() / "rhythm").glob("*.yaml")]
            if name not in known:
                raise ValueError(f"no rhythm '{name}' ({nearest(name, sorted(known))})")
        return name
