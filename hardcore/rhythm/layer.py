"""What a layer is told: one drum, its mask, timing, chances and conditions. Part of the schema of a rhythm file."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from hardcore.errors import UserError
from hardcore.model import Model
from hardcore.music.meter import parse_meter
from hardcore.rhythm.euclid import MAX_STEPS

DrumRole = Literal["kick", "snare", "clap", "rim", "hat_closed", "hat_open", "ride", "tom", "shaker", "perc"]
Share = Annotated[float, Field(ge=0, le=1)]
Midi = Annotated[int, Field(ge=0, le=127)]
Milliseconds = Annotated[float, Field(ge=-50, le=50)]
# The rotation that drift, modulators and hand may reach; it wraps at the layer's steps anyway.
Rotation = Annotated[float, Field(ge=-4, le=4)]


def as_percent(value: Any) -> Any:
    """Return a swing as percent: a fraction (0.55, as the earlier engine wrote it) is taken times 100."""
    return round(value * 100, 9) if isinstance(value, int | float) and 0 < value <= 1 else value


def _meter(text: str) -> str:
    try:
        numerator, denominator = parse_meter(text)
    except UserError as error:
        raise ValueError(error.line()) from error
    return f"{numerator}/{denominator}"


Swing = Annotated[float, BeforeValidator(as_percent), Field(ge=50, le=75)]
MeterText = Annotated[str, AfterValidator(_meter)]
Kind = Literal["PROB", "PRE", "NOT_PRE", "FILL", "EVERY_N", "MUTE_NEAR_KICK"]
_FIELDS: dict[str, tuple[str, ...]] = {
    "PROB": ("p",), "FILL": ("n", "offset"), "EVERY_N": ("n", "offset"), "MUTE_NEAR_KICK": ("window",),
}  # fmt: skip


class Condition(Model):
    """When a hit sounds; several must all hold. `negate` turns one round.

    PROB p               by chance
    PRE, NOT_PRE         the step before, in the mask before conditions, is on (off); step 0 looks at the bar before
    EVERY_N, FILL n      in every n-th bar from bar `offset` on (bars count from 1; 0 means from bar n)
    MUTE_NEAR_KICK       no kick within `window` sixteenths
    """

    kind: Kind
    p: Share = 1.0
    n: Annotated[int, Field(ge=1, le=4096)] = 1
    offset: Annotated[int, Field(ge=0, le=4096)] = 0
    window: Annotated[int, Field(ge=0, le=16)] = 1
    negate: bool = False

    @model_validator(mode="before")
    @classmethod
    def _only_its_own(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("kind") in ("PROB", "PRE", "NOT_PRE", *_FIELDS):
            kind = data["kind"]
            known = _FIELDS.get(kind, ())
            odd = [k for k in data if k in ("p", "n", "offset", "window") and k not in known and data[k] != _default(k)]
            if odd:
                raise ValueError(f"{kind} does not know '{odd[0]}'")
            needed = {"PROB": "p", "FILL": "n", "EVERY_N": "n"}.get(kind)
            if needed and needed not in data:
                raise ValueError(f"{kind} needs '{needed}'")
        return data


def _default(name: str) -> Any:
    return Condition.model_fields[name].default


class Markov(Model):
    """Chances of a layer's steps that follow what was heard (mode m4); the mask says which steps may sound.

    start, floor, ceil   the chance of a step, where it begins and its limits
    gain, cap            how strongly it follows the error, and the most it moves in a bar
    stickiness           how much less likely a hit is right after a hit
    """

    start: Share = 0.75
    gain: Annotated[float, Field(ge=0, le=2)] = 0.12
    cap: Share = 0.03
    floor: Share = 0.25
    ceil: Share = 0.95
    stickiness: Share = 0.4

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.floor <= self.start <= self.ceil:
            raise ValueError(f"start {self.start:g} must lie between floor {self.floor:g} and ceil {self.ceil:g}")
        return self


class Layer(Model):
    """One drum. Positions are steps of its own bar (the session's, unless `bar` names another: polymeter).

    fills, rot            a Euclidean mask turned right; or `pattern`, letters x and . for each step
    swing_percent         50–75 (66.7 a triplet) or 0.5–0.75; None: the session's
    beat_bins_*           milliseconds, one drawn for each hit, added to micro_ms and held within the cap
    ratchet_*             the chance that a hit becomes a roll of so many hits within its step
    ghost_pre1_prob       the chance of a soft hit one step before a hit (`ghost_velocity`, a factor)
    displace_into_2_prob  the chance that a hit moves two steps later; the one on step 0 stays
    choke_*               what cuts its notes: hits of a note, or of the other layers of a group
    gate                  length of a note in steps
    density_*             how many of the steps sound in a bar, ± tolerance, by `step_weights` (else the meter's)
    velocity_curve        factors, one a step, repeated
    refractory            how many steps are silent after a hit; of a layer held to a density there may be fewer then
    thin                  how much of the session's thin_bias the layer follows: hits beside a kick sound less often
    """

    steps: Annotated[int, Field(ge=1, le=MAX_STEPS)] = 16
    fills: Annotated[int, Field(ge=0, le=MAX_STEPS)] = 8
    rot: Annotated[int, Field(ge=-MAX_STEPS, le=MAX_STEPS)] = 0
    pattern: Annotated[str, Field(pattern=r"^[xX. ]*$", max_length=200)] | None = None
    bar: MeterText | None = None
    note: Midi = 42
    role: DrumRole | None = None
    velocity: Annotated[int, Field(ge=1, le=127)] = 80
    velocity_curve: tuple[Annotated[float, Field(ge=0.05, le=2)], ...] = Field((), max_length=MAX_STEPS)
    gate: Annotated[float, Field(ge=0.05, le=4)] = 0.5
    micro_ms: Milliseconds = 0.0
    rotation_rate_per_bar: Rotation = 0.0
    ghost_pre1_prob: Share = 0.0
    ghost_velocity: Annotated[float, Field(ge=0.05, le=1)] = 0.5
    displace_into_2_prob: Share = 0.0
    swing_percent: Swing | None = None
    beat_bins_ms: tuple[Milliseconds, ...] = Field((), max_length=64)
    beat_bins_probs: tuple[Share, ...] = Field((), max_length=64)
    beat_bin_cap_ms: Annotated[float, Field(ge=0, le=50)] | None = None
    ratchet_prob: Share = 0.0
    ratchet_repeat: Annotated[int, Field(ge=2, le=8)] = 2
    offbeats_only: bool = False
    choke_with_note: Midi | None = None
    choke_group: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    conditions: tuple[Condition, ...] = Field((), max_length=16)
    density_target: Share | None = None
    density_tol: Share | None = None
    step_weights: tuple[Share, ...] = Field((), max_length=MAX_STEPS)
    markov: Markov | None = None
    refractory: Annotated[int, Field(ge=0, le=16)] = 0
    thin: Share = 0.0

    @field_validator("beat_bins_ms", "beat_bins_probs", "conditions", mode="before")
    @classmethod
    def _none_is_empty(cls, value: Any) -> Any:
        return () if value is None else value

    @model_validator(mode="before")
    @classmethod
    def _pattern_is_the_mask(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("pattern"), str):
            marks = data["pattern"].replace(" ", "")
            data = {**data, "pattern": marks}
            if data.setdefault("steps", len(marks)) != len(marks):
                raise ValueError(f"the pattern has {len(marks)} steps, not {data['steps']}")
            data.setdefault("fills", 0)
            if data["fills"]:
                raise ValueError("a layer has fills or a pattern, not both")
        return data

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.fills > self.steps:
            raise ValueError(f"fills {self.fills} is more than the {self.steps} steps")
        if len(self.beat_bins_ms) != len(self.beat_bins_probs):
            raise ValueError("beat_bins_ms and beat_bins_probs must be of one length")
        if self.beat_bins_probs and sum(self.beat_bins_probs) <= 0:
            raise ValueError("beat_bins_probs are all 0")
        if self.step_weights and len(self.step_weights) != self.steps:
            raise ValueError(f"step_weights must be {self.steps} numbers")
        if self.density_tol is not None and self.density_target is None:
            raise ValueError("density_tol needs a density_target")
        if self.bar and (self.markov or self.density_target is not None):
            raise ValueError("a layer with a bar of its own cannot follow the session (no markov, no density_target)")
        return self
