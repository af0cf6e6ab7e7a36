"""A rhythm: the whole schema of a rhythm file, checked. What it names steers the session, or it is refused here."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from hardcore.errors import UserError, nearest
from hardcore.model import Model
from hardcore.music.meter import MeterPoint, parse_meter
from hardcore.music.ticks import PPQ, SIXTEENTH
from hardcore.rhythm import defaults
from hardcore.rhythm.euclid import MAX_STEPS
from hardcore.rhythm.layer import Condition, Layer, Markov, MeterText, Share, Swing
from hardcore.rhythm.modulation import Modulator
from hardcore.rhythm.parameterpaths import check_path

MAX_BARS = 100_000
Mode = Literal["m0", "m1", "m2", "m4"]
Energy = Share | Annotated[tuple[Share, ...], Field(min_length=1, max_length=4096)]
Words = Annotated[str, Field(max_length=400, pattern=r"^[^\x00-\x1f\x7f]*$")]


class Targets(Model):
    """What mode m4 steers toward; every one that is given acts.

    E_target            entrainment of all layers together, 0–1: the hats copy beat from beat as far as it needs
    S_low, S_high       syncopation of all layers together: the hats lean to strong or weak steps
    H_low, H_high       entropy of the closed hat's mask: picks the density, within its tolerance
    hat_density_target  share of the closed hat's steps that sound, ± hat_density_tol
    T_ms_cap            the most a hit is moved off its (swung) step, milliseconds
    """

    E_target: Share | None = None
    S_low: Share | None = None
    S_high: Share | None = None
    H_low: Share | None = None
    H_high: Share | None = None
    hat_density_target: Share | None = None
    hat_density_tol: Share | None = None
    T_ms_cap: Annotated[float, Field(ge=0, le=50)] | None = None

    @model_validator(mode="after")
    def _bands(self) -> Self:
        for name, low, high in (("S", self.S_low, self.S_high), ("H", self.H_low, self.H_high)):
            if low is not None and high is not None and low > high:
                raise ValueError(f"{name}_low {low:g} is above {name}_high {high:g}")
        if self.hat_density_tol is not None and self.hat_density_target is None:
            raise ValueError("hat_density_tol needs hat_density_target")
        return self

    @property
    def given(self) -> tuple[str, ...]:
        """Return the names of the targets that are set."""
        return tuple(name for name in type(self).model_fields if getattr(self, name) is not None)


class Guard(Model):
    """What keeps a session together.

    min_E           below it the next bar is rescued: full hats, chances at their ceiling, leanings back to none
    max_rot_rate    the fastest a mask may turn, steps a bar
    kick_immutable  the kick never drifts or moves; ghosts may still join it
    """

    min_E: Share = 0.0
    max_rot_rate: Annotated[float, Field(ge=0, le=4)] = 4.0
    kick_immutable: bool = True


class Accent(Model):
    """Louder hits: `steps` of the bar in sixteenths from 1, one coin a bar and step, for all layers or those named."""

    steps: tuple[Annotated[int, Field(ge=1, le=MAX_STEPS)], ...] = Field(max_length=MAX_STEPS)
    prob: Share = 1.0
    velocity_scale: Annotated[float, Field(ge=0.1, le=4)] = 1.15
    length_scale: Annotated[float, Field(ge=0.1, le=4)] = 1.0
    layers: tuple[str, ...] = Field((), max_length=64)


class Rhythm(Model):
    """A rhythm file. Layers may have any names; those of the default kit bring their own defaults.

    swing, swing_grid  percent, 50–75, of eighths or sixteenths; `legacy` is the earlier engine's weaker law
    thin_bias          how much less likely a hit is beside a kick, −1–0, by each layer's `thin`
    energy             that of the scene, for modulators of mode energy: one number, or one a bar (the last goes on)
    """

    name: Words = ""
    about: Words = ""
    mode: Mode = "m1"
    bpm: Annotated[float, Field(ge=10, le=1000)] = 132.0
    ppq: Annotated[int, Field(ge=24, le=32767)] = PPQ
    bars: Annotated[int, Field(ge=1, le=MAX_BARS)] = 8
    meter: MeterText = "4/4"
    seed: Annotated[int, Field(ge=0, le=2**53 - 1)] = 1234
    out: Words | None = None
    log_path: Words | None = None
    swing: Swing = 50.0
    swing_grid: Literal[8, 16] = 16
    swing_law: Literal["percent", "legacy"] = "percent"
    thin_bias: Annotated[float, Field(ge=-1, le=0)] = 0.0
    energy: Energy = 0.5
    targets: Targets = Targets()
    guard: Guard = Guard()
    layers: Annotated[Mapping[Annotated[str, Field(min_length=1, max_length=40)], Layer], Field(max_length=32)] = {}
    modulators: tuple[Modulator, ...] = Field((), max_length=64)
    accent: Accent | None = None

    @model_validator(mode="before")
    @classmethod
    def _filled(cls, data: Any) -> Any:
        return defaults.filled(data) if isinstance(data, Mapping) else data

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.bar_ticks % (SIXTEENTH // 2) or self.grid_steps > MAX_STEPS:
            raise ValueError(f"a bar of {self.meter} cannot be laid out in sixteenths ({MAX_STEPS} at most)")
        {"m0": self._check_m0, "m1": self._check_m1, "m2": self._check_m2, "m4": self._check_m4}[self.mode]()
        for named in self.accent.layers if self.accent else ():
            if named not in self.layers:
                raise ValueError(f"accent.layers: no layer '{named}' ({nearest(named, self.layers)})")
        if self.accent and max(self.accent.steps, default=0) > self.grid_steps:
            raise ValueError(f"accent.steps: a bar has {self.grid_steps} steps")
        if len(self.moved) < len(self.modulators):
            raise ValueError("modulators: one parameter is moved twice")
        for number, modulator in enumerate(self.modulators):
            check_path(self, modulator, f"modulators.{number}")
        self._check_rotation()
        for name, layer in self.layers.items():
            if layer.step_weights and self.density_of(name) is None:
                raise ValueError(f"layers.{name}.step_weights need a density_target")
        if self.thin_bias and not any(map(self.is_thinned, self.layers)):
            raise ValueError("thin_bias thins nothing: no layer has a thin share")
        return self

    def _check_m0(self) -> None:
        if self.layers or self.targets.given or self.modulators or self.accent:
            raise ValueError("mode m0 is a metronome: it has no layers, targets, modulators or accent")

    def _check_m1(self) -> None:
        self._no_targets()
        if self.modulators:
            raise ValueError("mode m1 leaves nothing to chance: modulators need m2 or m4")
        for name, layer in self.layers.items():
            for field in defaults.CHANCE:
                if field in ("ghost_pre1_prob", "displace_into_2_prob", "ratchet_prob"):
                    moves = 0 < getattr(layer, field) < 1
                else:
                    moves = bool(getattr(layer, field))
                if moves:
                    raise ValueError(f"mode m1 leaves nothing to chance: layers.{name}.{field} needs m2 or m4")
            if any(condition.kind == "PROB" and 0 < condition.p < 1 for condition in layer.conditions):
                raise ValueError(f"mode m1 leaves nothing to chance: PROB in layers.{name} needs m2 or m4")

    def _check_m2(self) -> None:
        self._no_targets()

    def _no_targets(self) -> None:
        if self.targets.given:
            raise ValueError(f"targets.{self.targets.given[0]} needs mode m4, where the session is steered")
        if self.guard.min_E:
            raise ValueError("guard.min_E needs mode m4, where the session is steered")
        for name, layer in self.layers.items():
            if layer.markov:
                raise ValueError(f"layers.{name}.markov needs mode m4, where the session is steered")

    def _check_m4(self) -> None:
        steered = [name for name, layer in self.layers.items() if self.is_steered(name, layer)]
        for target in self.targets.given:
            if target[0] == "H" or target.startswith("hat"):
                hat = self.layers.get("hat_c")
                if hat is None or hat.bar:
                    raise ValueError(f"targets.{target} has nothing to steer: there is no layer hat_c in the bar")
                if target.startswith("hat") and hat.density_target is not None:
                    raise ValueError(f"targets.{target} and layers.hat_c.density_target both say how dense it is")
            elif target[0] in "ES" and not steered:
                raise ValueError(f"targets.{target} has nothing to steer: no layer has markov or density_target")
        if self.guard.min_E and not steered:
            raise ValueError("guard.min_E has nothing to rescue with: no layer has markov or density_target")

    def _check_rotation(self) -> None:
        for name, layer in self.layers.items():
            if abs(layer.rotation_rate_per_bar) > self.guard.max_rot_rate:
                raise ValueError(
                    f"layers.{name}.rotation_rate_per_bar {layer.rotation_rate_per_bar:g} is above guard.max_rot_rate "
                    f"{self.guard.max_rot_rate:g}"
                )

    def is_steered(self, name: str, layer: Layer) -> bool:
        """Return whether a layer's hits follow what was heard, or are held to a density."""
        aimed = self.mode == "m4" and name == "hat_c" and layer.bar is None
        return bool(layer.markov) or layer.density_target is not None or aimed

    def is_thinned(self, name: str) -> bool:
        """Return whether a layer follows thin_bias, at least at times."""
        return bool(self.layers[name].thin) or f"{name}.thin" in self.moved

    @cached_property
    def moved(self) -> frozenset[str]:
        """Return the paths that modulators move."""
        return frozenset(modulator.param_path for modulator in self.modulators)

    def density_of(self, name: str) -> tuple[float, float] | None:
        """Return the density target and tolerance of a layer: its own, or for hat_c in m4 the session's."""
        layer = self.layers[name]
        if layer.density_target is not None:
            return layer.density_target, defaults.HAT_TOLERANCE if layer.density_tol is None else layer.density_tol
        if self.mode == "m4" and name == "hat_c" and layer.bar is None:
            targets = self.targets
            if targets.hat_density_target is None and (targets.H_low is not None or targets.H_high is not None):
                return 0.5, 0.5  # the entropy alone says how dense
            target = defaults.HAT_DENSITY if targets.hat_density_target is None else targets.hat_density_target
            return target, defaults.HAT_TOLERANCE if targets.hat_density_tol is None else targets.hat_density_tol
        return None

    @cached_property
    def meter_point(self) -> MeterPoint:
        """Return the session's meter."""
        return meter_point(self.meter)

    @property
    def bar_ticks(self) -> int:
        """Return the ticks of a bar."""
        return self.meter_point.bar_ticks

    @property
    def grid_ticks(self) -> int:
        """Return the ticks of a step of the session's grid: a sixteenth where bars are made of them."""
        return SIXTEENTH if self.bar_ticks % SIXTEENTH == 0 else SIXTEENTH // 2

    @property
    def grid_steps(self) -> int:
        """Return the steps of the session's grid in a bar."""
        return self.bar_ticks // self.grid_ticks

    @property
    def notes(self) -> tuple[str, ...]:
        """Return, one line each, what the file asks for and the guard holds back."""
        said = []
        kick = self.layers.get("kick")
        if kick and self.guard.kick_immutable:
            for field in ("displace_into_2_prob", "rotation_rate_per_bar"):
                if getattr(kick, field):
                    said.append(f"guard.kick_immutable holds the kick: its {field} does nothing")
        return tuple(said)


def meter_point(text: str) -> MeterPoint:
    """Return the meter of a text such as 7/8. Raises UserError."""
    numerator, denominator = parse_meter(text)
    return MeterPoint.model_validate({"tick": 0, "numerator": numerator, "denominator": denominator})


SECTIONS = (Rhythm, Targets, Guard, Accent, Layer, Condition, Markov, Modulator)


def load(data: Any, where: str = "rhythm") -> Rhythm:
    """Return the rhythm in plain data. Raises UserError `where: key: what is wrong`, with the nearest known key."""
    try:
        return Rhythm.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "top level"
        message = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            known = dict.fromkeys(name for section in SECTIONS for name in section.model_fields)
            message = f"unknown key ({nearest(str(first['loc'][-1]), known)})"
        raise UserError(f"{where}: {key}: {message}") from error
