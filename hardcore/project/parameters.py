"""Parameters that many devices share, so that the same knob means the same thing on all of them."""

from dataclasses import replace

from hardcore.project.device import Device, Parameter

CUTOFF_HELP = "cutoff of the low-pass"
LEVEL = Parameter("level", "db", -24, 12, 0, "lin", "evens it out with other sounds of its role")


def finished(family: str, *devices: Device) -> tuple[Device, ...]:
    """Return the instruments of a family, each with its `level` as the last parameter."""
    return tuple(replace(device, family=family, parameters=(*device.parameters, LEVEL)) for device in devices)


def drum(device_id: str, name: str, help_text: str, role: str, tail_s: float, *parameters: Parameter) -> Device:
    """Return a drum that ignores the note's pitch; `role` are its roles, the best first."""
    return Device(
        device_id, name, help_text, parameters, roles=tuple(role.split()), pitched=False, gated=False, tail_s=tail_s
    )


def tuned_drum(
    device_id: str, name: str, help_text: str, role: str, tail_s: float, notes: tuple[int, int], *parameters: Parameter
) -> Device:
    """Return a drum on the note's pitch, which sounds good from `notes[0]` to `notes[1]`."""
    return Device(
        device_id, name, help_text, parameters, roles=tuple(role.split()), gated=False, tail_s=tail_s,
        low_note=notes[0], high_note=notes[1],
    )  # fmt: skip


def cutoff(default: float) -> Parameter:
    """Return the frequency of a low-pass."""
    return Parameter("cutoff", "hz", 40, 16000, default, "exp", CUTOFF_HELP)


def resonance(default: float) -> Parameter:
    """Return the peak of a low-pass."""
    return Parameter("resonance", "percent", 0, 100, default, "lin", "peak at the cutoff")


def env(default: float) -> Parameter:
    """Return how far an envelope opens a low-pass."""
    return Parameter("env", "semitones", 0, 72, default, "lin", "how far the envelope opens the low-pass")


def detune(default: float) -> Parameter:
    """Return how far voices are out of tune with each other."""
    return Parameter("detune", "cents", 0, 60, default, "lin", "how far the voices are out of tune")


def attack(default: float) -> Parameter:
    """Return the attack of the loudness."""
    return Parameter("attack", "s", 0.001, 4.0, default, "exp", "time to full level")


def decay(default: float, high: float = 4.0) -> Parameter:
    """Return the fall of the envelopes while the key is held."""
    return Parameter("decay", "s", 0.03, high, default, "exp", "time the envelopes fall")


def rings(default: float, high: float) -> Parameter:
    """Return how long something struck or plucked rings."""
    return Parameter("decay", "s", 0.05, high, default, "exp", "how long middle C rings")


def release(default: float, high: float = 4.0) -> Parameter:
    """Return the release; an instrument's tail is a little longer than `high`."""
    return Parameter("release", "s", 0.005, high, default, "exp", "time to silence after the key")


def percent(id: str, default: float, help: str, high: float = 100, low: float = 0) -> Parameter:
    """Return a level, depth or balance in percent."""
    return Parameter(id, "percent", low, high, default, "lin", help)


def mix(default: float) -> Parameter:
    """Return how much of an effect is heard."""
    return percent("mix", default, "processed against plain sound")


def db(id: str, low: float, high: float, default: float, help: str) -> Parameter:
    """Return a gain or threshold."""
    return Parameter(id, "db", low, high, default, "lin", help)


def hz(id: str, low: float, high: float, default: float, help: str) -> Parameter:
    """Return a frequency; equal ratios are equal steps."""
    return Parameter(id, "hz", low, high, default, "exp", help)


def sec(id: str, low: float, high: float, default: float, help: str) -> Parameter:
    """Return a time; equal ratios are equal steps."""
    return Parameter(id, "s", low, high, default, "exp", help)


def drive(default: float) -> Parameter:
    """Return the gain into a saturation."""
    return Parameter("drive", "db", 0, 30, default, "lin", "saturation")


def rate(default: float, help: str) -> Parameter:
    """Return the speed of a slow movement."""
    return Parameter("rate", "hz", 0.02, 12, default, "exp", help)


def vibrato(default: float) -> Parameter:
    """Return the depth of a vibrato that comes in after the attack."""
    return Parameter("vibrato", "cents", 0, 50, default, "lin", "depth of vibrato")


GLIDE = Parameter("glide", "s", 0.0, 0.5, 0.06, "lin", "time a slide takes")
