"""Palette and mix: which instruments play the roles, and how they sit together."""

from typing import Annotated, Literal

from pydantic import Field

from hardcore.knowledge.section import Section, Settings, Span01, Unit01, Weight, Word
from hardcore.project.roles import Role
from hardcore.project.values import GainDb, Pan


class Insert(Section):
    """An effect in a chain; `side` is the role it listens to, and without a track of that role it is left out.

    `beats` sets parameters by quarter notes of the project's tempo.
    """

    device: str
    settings: Settings = {}
    beats: Settings = {}
    side: Role | None = None


class Sweep(Section):
    """A parameter of the instrument that moves through the clip, between `low` and `high` around its setting.

    shape  rise: once through the clip; arch: up and down; wave: up and down every `bars` bars; steps: a new value a bar
    """

    parameter: str
    low: float
    high: float
    shape: Literal["rise", "fall", "arch", "wave", "steps"] = "wave"
    bars: Annotated[int, Field(ge=1, le=64)] = 4


class Sound(Section):
    """One instrument for a role, drawn by weight among those whose spans hold the wanted energy and darkness.

    `beats` sets parameters (times) by quarter notes of the project's tempo; `gain_db` evens it out with the others.
    """

    device: str
    weight: Weight = 1
    gain_db: GainDb = 0.0
    settings: Settings = {}
    beats: Settings = {}
    energy: Span01 = (0, 1)
    darkness: Span01 = (0, 1)
    inserts: tuple[Insert, ...] = ()
    sweep: Sweep | None = None


LowCut = Annotated[float, Field(ge=20, le=1000)]
Width = Annotated[float, Field(ge=0, le=200)]
Place = Annotated[float, Field(ge=-40, le=10)]


class Strip(Section):
    """A role's place in the mix. `sends` are gains in dB by return; `groove` how much of the swing it follows.

    `place`, `low_cut` and `width` stand in for what knowledge_base/mixing.yaml says of the role.
    """

    gain_db: GainDb = 0.0
    pan: Pan = 0.0
    sends: dict[Word, GainDb] = {}
    inserts: tuple[Insert, ...] = ()
    groove: Unit01 = 1.0
    place: Place | None = None
    low_cut: LowCut | None = None
    width: Width | None = None


class Bus(Section):
    """A return: what it does to what is sent to it."""

    gain_db: GainDb = 0.0
    inserts: Annotated[tuple[Insert, ...], Field(min_length=1)]


class Group(Section):
    """A bus that parts go through together; it is made when at least `least` of them play."""

    roles: Annotated[tuple[Role, ...], Field(min_length=2)]
    least: Annotated[int, Field(ge=2, le=16)] = 4
    gain_db: GainDb = 0.0
    inserts: Annotated[tuple[Insert, ...], Field(min_length=1)]


Band = Literal["sub", "low", "mid", "high", "air"]


class Mix(Section):
    """Strips by role, groups and returns by name, the master's chain, and what the whole is like when it is right.

    target_lufs      integrated loudness of a piece of the genre; renders are within 1 LU
    limiter_gain_db  gain into the master's limiter that brings a piece there, instead of what the chain says
    bands            lowest and highest energy of each band of a piece, dB relative to the whole (audio/features.bands)
    """

    strips: dict[Role, Strip]
    groups: dict[Word, Group] = {}
    returns: dict[Word, Bus]
    master: tuple[Insert, ...] = ()
    master_gain_db: GainDb = 0.0
    target_lufs: Annotated[float, Field(ge=-30, le=-5)] = -12.0
    limiter_gain_db: Annotated[float, Field(ge=0, le=24)] | None = None
    bands: dict[Band, tuple[float, float]] = {}


class Part(Section):
    """Whether a role takes part: drawn by `chance`, when the wanted energy is within `energy`."""

    chance: Unit01 = 1.0
    energy: Span01 = (0, 1)
