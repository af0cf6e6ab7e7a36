"""SFZ regions as zones: what each opcode means here, and what was left out, counted."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from math import log10
from pathlib import Path

from hardcore.audio.sfz import Opcodes, OutsideError, SfzFile, Within
from hardcore.checkpoint import checkpoint
from hardcore.errors import UserError
from hardcore.music.pitch import parse_note
from hardcore.project.multisample import LONGEST_S, SHORTEST_LOOP, Mode, Zone
from hardcore.project.recording import Recording

# A file as a recording, and the loop that its own header says: from its first frame to the one after its last.
Loop = tuple[int, int]
Sound = Callable[[Path], tuple[Recording, Loop | None]]
_MODES: dict[str, Mode] = {
    "no_loop": "held", "one_shot": "once", "loop_continuous": "loop", "loop_sustain": "sustain"
}  # fmt: skip
_SAME = {
    "loopmode": "loop_mode", "loopstart": "loop_start", "loopend": "loop_end", "pitch": "tune",
    "polyphony_group": "group",
}  # fmt: skip
# Read below; what else a region says is counted as not understood.
_READ = """
    sample default_path key lokey hikey pitch_keycenter lovel hivel tune transpose pitch_keytrack volume amplitude pan
    global_volume master_volume group_volume amp_veltrack offset end loop_mode loop_start loop_end trigger group off_by
    seq_length seq_position lorand hirand ampeg_attack ampeg_hold ampeg_decay ampeg_sustain ampeg_release xfin_lovel
    xfin_hivel xfout_lovel xfout_hivel xfin_lokey xfin_hikey xfout_lokey xfout_hikey sw_last sw_default region_label
    group_label master_label global_label label sw_label sw_lokey sw_hikey off_mode off_time
"""
_NUMBER = re.compile(
    r"([-+]?(?:\d{1,40}(?:[.,]\d{0,40})?|[.,]\d{1,40})(?:e[-+]?\d{1,3})?)\s*(|ms|s|db|cents?|ct|%|hz)", re.I | re.A
)
_KNOWN = frozenset(_READ.split())


class Dropped(Exception):
    """A region that is not for keys struck; its words say why."""


class Region(dict[str, str]):
    """The opcodes of a region; the names of those kept within their range, and values that are none."""

    def __init__(self, opcodes: Opcodes) -> None:
        super().__init__({_SAME.get(name, name): value for name, value in opcodes.items()})
        self.limited: list[str] = []
        self.odd: list[str] = []


@dataclass(slots=True)
class Read:
    """Zones; with their numbers what was left out, opcodes not understood, values limited and values that are none."""

    zones: list[Zone] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    limited: Counter[str] = field(default_factory=Counter)
    odd: Counter[str] = field(default_factory=Counter)


def zones_of(said: SfzFile, within: Within, sound: Sound) -> Read:
    """Return the zones of an SFZ file. `sound` gives what a file is; one that is not `within` is never asked for.

    Raises UserError for values that are none.
    """
    read = Read(unknown=Counter(said.passed))
    # Many regions name the same file: it is looked for once.
    where = cache(within.path)
    for number, region in enumerate(said.regions, 1):
        checkpoint()
        own = Region(region)
        try:
            read.zones.append(_zone(own, said.control, where, sound))
            read.limited.update(own.limited)
            read.odd.update(own.odd)
            read.unknown.update(name for name in own if name not in _KNOWN and not name.startswith(("locc", "hicc")))
        except Dropped as dropped:
            read.left_out[str(dropped)] += 1
        except UserError as error:
            raise UserError(f"region {number}: {error.message}", error.hint) from error
    return read


def _zone(own: Opcodes, control: Opcodes, where: Callable[[str], Path], sound: Sound) -> Zone:
    _ensure_struck(own, control)
    name = own.get("sample", "").strip()
    if not name:
        raise Dropped("without a sample")
    if name.startswith("*"):
        raise Dropped(f"played by the synthesizer's own {name[:20]}")
    try:
        place = where(f"{own['default_path']}{name}".replace("\\", "/"))
    except OutsideError as error:
        words = f"whose file lies outside its own folder, never opened: {name[:60]}; --root names its library's"
        raise Dropped(words) from error
    low, high, root = _keys(own, control)
    played, loop = sound(place)
    low_velocity, high_velocity = _whole(own, "lovel", 0, 127, 0), _whole(own, "hivel", 0, 127, 127)
    if low > high or low_velocity > high_velocity:
        raise Dropped("for no key and velocity at all")
    stretch = _stretch(own, loop, played.frames)
    return Zone.model_validate({
        "recording": played, "low_key": low, "high_key": high,
        "low_velocity": low_velocity, "high_velocity": high_velocity,
        "root_key": root, "tune_cents": _number(own, "tune", -9600, 9600) + 100 * _number(own, "transpose", -127, 127),
        "tracking_cents": _number(own, "pitch_keytrack", -1200, 1200, 100), "gain_db": _gain_db(own),
        "pan": _number(own, "pan", -100, 100) / 100,
        "velocity_share": _number(own, "amp_veltrack", -100, 100, 100) / 100, **stretch, **_envelope(own),
        **_turns(own), "group": _whole(own, "group", 0, 2**31 - 1, 0), "off_by": _whole(own, "off_by", 0, 2**31 - 1, 0),
        "velocity_in": _fade(own, "xfin_lovel", "xfin_hivel"), "velocity_out": _fade(own, "xfout_lovel", "xfout_hivel"),
        "key_in": _fade(own, "xfin_lokey", "xfin_hikey"), "key_out": _fade(own, "xfout_lokey", "xfout_hikey"),
    })  # fmt: skip


def _ensure_struck(own: Opcodes, control: Opcodes) -> None:
    """Raise Dropped for a region that a plain key does not sound: releases, controllers, key switches."""
    trigger = own.get("trigger", "attack").strip()
    if trigger != "attack":
        raise Dropped(f"for trigger={trigger[:20]}")
    for name, value in own.items():
        if name.startswith(("locc", "hicc")):
            now = _float(control.get(f"set_cc{name[4:]}", "0"), f"set_cc{name[4:]}")
            limit = _float(value, name)
            if now < limit if name.startswith("locc") else now > limit:
                raise Dropped("for a controller that is elsewhere")
    if "sw_last" in own and own["sw_last"].strip() != own.get("sw_default", "").strip():
        raise Dropped("for another key switch")


def _keys(own: Opcodes, control: Opcodes) -> tuple[int, int, int]:
    """Return lowest, highest and root key; with `-1` a region says that no key plays it."""
    key = own.get("key")
    shift = round(_number(control, "note_offset", -127, 127) + 12 * _number(control, "octave_offset", -10, 10))
    low, high = own.get("lokey", key or "0").strip(), own.get("hikey", key or "127").strip()
    if "-1" in (low, high):
        raise Dropped("for no key and velocity at all")
    root = own.get("pitch_keycenter", key or "60").strip()
    # What is not said is the whole keyboard and middle C, wherever the file's keys are moved.
    lowest = parse_note(low) + (shift if key or "lokey" in own else 0)
    highest = parse_note(high) + (shift if key or "hikey" in own else 0)
    centre = parse_note(root if root != "sample" else "60") + (shift if key or "pitch_keycenter" in own else 0)
    return max(0, lowest), min(127, highest), min(127, max(0, centre))


def _gain_db(own: Opcodes) -> float:
    names = ("volume", "group_volume", "master_volume", "global_volume")
    amplitude = _number(own, "amplitude", 0, 1000, 100)
    gain = sum(_number(own, name, -144, 60) for name in names) + 20 * log10(max(amplitude, 0.001) / 100)
    return min(24.0, max(-96.0, gain))


def _stretch(own: Opcodes, loop: Loop | None, frames: int) -> dict[str, object]:
    """Return what is played: offset, end (its last frame in SFZ) and loop; a loop without a mode goes round.

    What says more than there are `frames` is cut, and a loop with nothing in it is none.
    """
    end = _whole(own, "end", -1, 2**40, -2)
    if end == -1:
        raise Dropped("switched off by end=-1")
    start = _whole(own, "offset", 0, 2**40, 0)
    stop = min(frames, end + 1) if end >= 0 else frames
    if stop - start < SHORTEST_LOOP:
        raise Dropped("with nothing between offset and end")
    said = own.get("loop_mode", "").strip().lower()
    if said and said not in _MODES:
        _odd(own, "loop_mode")
        said = ""
    mode: Mode = _MODES[said] if said else "loop" if loop is not None else "held"
    first, last = loop or (start, stop)
    first = max(start, _whole(own, "loop_start", 0, 2**40, first))
    last = min(stop, _whole(own, "loop_end", 0, 2**40, last - 1) + 1)
    played: dict[str, object] = {"start": start, "end": stop if stop < frames else 0}
    if mode not in ("loop", "sustain"):
        return {**played, "mode": mode}
    if last - first < SHORTEST_LOOP:
        return {**played, "mode": "held"}
    return {**played, "mode": mode, "loop_start": first, "loop_end": last}


def _envelope(own: Opcodes) -> dict[str, object]:
    names = {"attack_s": "ampeg_attack", "hold_s": "ampeg_hold", "decay_s": "ampeg_decay", "release_s": "ampeg_release"}
    found: dict[str, object] = {
        field: min(LONGEST_S, _number(own, name, 0, 1000)) for field, name in names.items() if name in own
    }
    if "ampeg_sustain" in own:
        found["sustain"] = _number(own, "ampeg_sustain", 0, 100) / 100
    return found


def _turns(own: Opcodes) -> dict[str, object]:
    """Return whose turn it is: of a sequence, or, in place of chance, one after the other."""
    turns, turn = _whole(own, "seq_length", 1, 100, 1), _whole(own, "seq_position", 1, 100, 1)
    low, high = _number(own, "lorand", 0, 1, 0), _number(own, "hirand", 0, 1, 1)
    if turns == 1 and 0.01 <= high - low < 0.99:
        turns = round(1 / (high - low))
        turn = min(turns, round(low * turns) + 1)
    if turn > turns:
        raise Dropped("whose turn never comes")
    return {"turn": turn, "turns": turns}


def _fade(own: Opcodes, low: str, high: str) -> tuple[int, int] | None:
    if low not in own and high not in own:
        return None
    rising = low.startswith("xfin")
    return _point(own, low, 0 if rising else 127), _point(own, high, 0 if rising else 127)


def _point(own: Opcodes, name: str, default: int) -> int:
    text = own.get(name, str(default)).strip()
    return parse_note(text) if name.endswith("key") else _whole(own, name, 0, 127, default)


def _whole(own: Opcodes, name: str, low: int, high: int, default: int) -> int:
    return round(_number(own, name, low, high, default))


def _number(own: Opcodes, name: str, low: float, high: float, default: float = 0.0) -> float:
    """Return a number that is kept within its range; the default for what is no number, which is noted."""
    if name not in own:
        return default
    try:
        value = _float(own[name], name)
    except UserError:
        _odd(own, name)
        return default
    if not low <= value <= high and isinstance(own, Region):
        own.limited.append(name)
    return min(high, max(low, value))


def _odd(own: Opcodes, name: str) -> None:
    if isinstance(own, Region):
        own.odd.append(f"{name}={own[name].strip()[:40]}")


def _float(text: str, name: str) -> float:
    """Return a number, as people write it: with a comma, or with its unit after it. Raises UserError."""
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        raise UserError(f"{name}={text.strip()[:40]} is no number")
    return float(found[1].replace(",", ".")) * (0.001 if found[2].lower() == "ms" else 1)
