"""The automation lane of the arrangement view: which parameter of the focused track is shown and turned by keys."""

from collections.abc import Sequence

from hardcore.project.automation import FADER, SEND, parameter_of, static
from hardcore.project.clip import Automation
from hardcore.project.device import Parameter
from hardcore.project.midilanes import MIDI, midi_name
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.project.units import SAID
from hardcore.surfaces.screen.chain import track_word
from hardcore.surfaces.screen.songcursor import bar_text
from hardcore.surfaces.screen.view import Shown

_STEPS = 20


class LaneCursor:
    """Which lane is shown: (owner, parameter) on the focused track; None: none."""

    def __init__(self) -> None:
        self.key: tuple[str, str] | None = None
        # The value that the last key asked for, until the line has run: where, and how much.
        self._asked: tuple[tuple[str, str], int, float] | None = None

    def step(self, shown: Shown) -> None:
        """Show the next lane of the track: those that move, its fader, pan, sends, parameters; then none."""
        lanes = _lanes(shown.focus.track(shown.project))
        at = lanes.index(self.key) + 1 if self.key in lanes else 0
        self.key, self._asked = (lanes[at] if at < len(lanes) else None), None

    def follow(self, shown: Shown) -> None:
        """Show the same parameter of another track, its fader where it has none such; nothing stays nothing."""
        if self.key is None:
            return
        track = shown.focus.track(shown.project)
        name, lanes = self.key[1], _lanes(track)
        self.key = next((lane for lane in lanes if lane[1] == name), (track.id, "gain_db"))
        self._asked = None

    def parameter(self, shown: Shown) -> Parameter | None:
        """Return what the lane moves."""
        return None if self.key is None else parameter_of(shown.focus.track(shown.project), *self.key)

    def envelope(self, shown: Shown) -> Automation | None:
        """Return how it moves along the song; None where it does not."""
        track = shown.focus.track(shown.project)
        return next((one for one in track.automation if one.key == self.key), None)

    def label(self, shown: Shown) -> str:
        """Return what it is called: `cutoff`, `delay.mix`, `send.reverb`."""
        return "" if self.key is None else _name(shown.project, shown.focus.track(shown.project), self.key)

    def value(self, tick: int, shown: Shown) -> float:
        """Return what it is at a tick, as it will be when the lines that wait have run."""
        assert self.key is not None
        if self._asked is not None and self._asked[:2] == (self.key, tick):
            return self._asked[2]
        there, track = self.envelope(shown), shown.focus.track(shown.project)
        return there.at(tick) if there is not None else static(track, *self.key) or 0.0

    def words(self, tick: int, shown: Shown) -> str:
        """Return the lane's value at a tick in words."""
        parameter = self.parameter(shown)
        unit = "" if parameter is None else f" {SAID.get(parameter.unit, parameter.unit)}"
        return f"{self.label(shown)} {self.value(tick, shown):g}{unit}".rstrip()

    def turn(self, way: int, tick: int, shown: Shown) -> Sequence[str]:
        """Return the line that sets a point at the cursor a step higher or lower."""
        parameter = self.parameter(shown)
        if self.key is None or parameter is None:
            return []
        value = _stepped(parameter, self.value(tick, shown), way)
        self._asked = (self.key, tick, value)
        track = shown.focus.track(shown.project)
        at, name = bar_text(shown.project, tick), _name(shown.project, track, self.key, by_id=True)
        return [f"/automation add {track_word(shown.project, track)} {name} {at} {value:g}"]


def _stepped(parameter: Parameter, value: float, way: int) -> float:
    """Return a value a twentieth of the knob's way up or down."""
    low, high = parameter.low, parameter.high
    if parameter.curve == "exp" and low > 0:
        value = max(value, low) * (high / low) ** (way / _STEPS)
    else:
        value += way * (high - low) / _STEPS
    value = min(max(value, low), high)
    short = float(f"{value:.4g}")
    return short if low <= short <= high else value


def _lanes(track: Track) -> list[tuple[str, str]]:
    found = [one.key for one in track.automation]
    found += [(track.id, name) for name in FADER]
    found += [(track.id, SEND + send.target) for send in track.sends]
    if track.instrument is not None:
        found += [(track.id, known.id) for known in track.instrument.definition.shown]
    found += [(effect.id, known.id) for effect in track.effects for known in effect.definition.shown]
    return list(dict.fromkeys(found))


def _name(project: ProjectState, track: Track, key: tuple[str, str], *, by_id: bool = False) -> str:
    owner, parameter = key
    if parameter.startswith(SEND):
        target = parameter.removeprefix(SEND)
        return f"send.{target if by_id else project.find_track(target).name}"
    if parameter.startswith(MIDI):
        return midi_name(parameter)
    effect = next((effect for effect in track.effects if effect.id == owner), None)
    return parameter if effect is None else f"{effect.id if by_id else effect.device}.{parameter}"
