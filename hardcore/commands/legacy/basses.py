"""The earlier bass tools: a line for drums that are given as masks of steps or as a config, checked and put right."""

from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import TYPE_CHECKING, Any

from hardcore.commands.legacy.drums import session_of
from hardcore.commands.legacy.sandbox import Refusal, Sandbox
from hardcore.errors import UserError
from hardcore.music.midifile import MidiNote, MidiTrack, encode
from hardcore.music.scale import Key
from hardcore.music.tempo import PPQ, MeterMap, TempoMap
from hardcore.music.ticks import SIXTEENTH

if TYPE_CHECKING:
    from hardcore.rhythm.drums import Drums
    from hardcore.rhythm.tone import Tone

Given = Mapping[str, Any]
VERSION = "1.0"
# The earlier modes by ours; every mode of ours is known, too.
_MODES = {"mvp": "root_fifth", "scored": "rolling_ostinato"}
_STEPS, _BAR = 16, 16 * SIXTEENTH
_PARTS = {"kick": "kick", "hat": "hat_closed", "clap": "clap"}


def bass_generate(box: Sandbox, given: Given) -> Given:
    """Return a line for drums that are given as masks of sixteen steps a bar."""
    _ensure_version(given)
    from hardcore.rhythm.bassline import bassline

    drums, key, mode = _drums(given), _key(given), _mode(given)
    seed, density = _whole(given, "seed", 1, 0, 2**53), given.get("density")
    try:
        line = bassline(drums, key, mode, seed=seed, density=None if density is None else float(density))
    except (TypeError, ValueError, UserError) as error:
        raise Refusal("BAD_ARGS", str(error)) from error
    return {"version": VERSION, "events": _events(line, given)}


def bass_validate(box: Sandbox, given: Given) -> Given:
    """Say what is wrong with a line, and put it right; a line that is right comes back as it is."""
    _ensure_version(given)
    from hardcore.rhythm.bass_check import faults, repaired
    from hardcore.rhythm.bass_modes import MODES

    drums, key, mode = _drums(given), _key(given), MODES[_mode(given)]
    line = [_tone(event, given) for event in given["events"]]
    found = faults(line, drums, mode, key)
    words = [f"bar {fault.tick // _BAR + 1}: {fault.kind}: {fault.words}" for fault in found]
    return {"version": VERSION, "events": _events(repaired(line, drums, mode, key), given), "summaries": words}


def make_bass_for_config(box: Sandbox, given: Given) -> Given:
    """Play a config and a bass for it into two MIDI files."""
    from hardcore.rhythm.bassline import bassline
    from hardcore.rhythm.drums import drums_of
    from hardcore.rhythm.session import perform
    from hardcore.rhythm.smf import encode as encode_drums

    rhythm = session_of(box, str(given["config_path"]))
    play = perform(rhythm)
    drums, bass = box.result(given.get("drums_out"), "drums"), box.result(given.get("bass_out"), "bass")
    if drums == bass:
        raise Refusal("BAD_ARGS", "drums_out and bass_out are one file")
    key, density = _key(given), given.get("density")
    try:
        line = bassline(drums_of(play), key, _mode(given), seed=rhythm.seed, density=density)
    except (TypeError, UserError) as error:
        raise Refusal("BAD_ARGS", str(error)) from error
    notes = [MidiNote(tone.sounds, tone.length_ticks, tone.pitch, tone.velocity) for tone in line]
    tempo, meter = TempoMap().with_bpm(rhythm.bpm), MeterMap()
    try:
        drums.write_bytes(encode_drums(play))
        bass.write_bytes(encode([MidiTrack("bass", notes)], tempo, meter, key))
    except OSError as error:
        raise Refusal("IO_ERROR", f"the files cannot be written: {error.strerror}") from error
    control = play.session.control
    return {
        "drums": str(drums), "bass": str(bass), "summaries": [f"{len(line)} notes over {play.bars} bars in {key.name}"],
        "E_med": round(median(control.E), 4), "S_med": round(median(control.S), 4),
    }  # fmt: skip


def _ensure_version(given: Given) -> None:
    version = str(given.get("version", VERSION))
    if version.partition(".")[0] != VERSION.partition(".")[0]:
        raise Refusal("VERSION_MISMATCH", f"version {version[:20]} is not {VERSION}")


def _drums(given: Given) -> "Drums":
    """Return the drums of the masks: of each family a mask a bar, a number of sixteen bits or a list of sixteen."""
    from hardcore.rhythm.drums import DrumHit, listen

    bars = _whole(given, "bars", 4, 1, 1024)
    parts = {}
    for family, role in _PARTS.items():
        masks = given.get(f"{family}_masks_by_bar") or []
        if not isinstance(masks, list):
            raise Refusal("BAD_ARGS", f"{family}_masks_by_bar is a list, a mask a bar")
        rows = [_steps(masks[bar % len(masks)], family) for bar in range(bars)] if masks else []
        parts[role] = [DrumHit(bar * _BAR + step * SIXTEENTH) for bar, row in enumerate(rows) for step in row]
    return listen(parts, _BAR, bars)


def _steps(mask: Any, family: str) -> Sequence[int]:
    if isinstance(mask, int) and not isinstance(mask, bool) and 0 <= mask < 1 << _STEPS:
        return [step for step in range(_STEPS) if mask >> step & 1]
    if isinstance(mask, list) and len(mask) == _STEPS and all(one in (0, 1) for one in mask):
        return [step for step, hit in enumerate(mask) if hit]
    raise Refusal("BAD_ARGS", f"a mask of {family} is sixteen bits, or a list of sixteen 0 and 1")


def _key(given: Given) -> Key:
    try:
        if given.get("key"):
            return Key.parse(str(given["key"]))
        return Key(tonic=_whole(given, "root_note", 33, 0, 127) % 12, mode="minor")
    except UserError as error:
        raise Refusal("BAD_ARGS", error.line()) from error


def _mode(given: Given) -> str:
    from hardcore.rhythm.bass_modes import mode_name

    text = str(given.get("mode") or "scored")
    try:
        return mode_name(_MODES.get(text, text))
    except UserError as error:
        raise Refusal("BAD_ARGS", error.line()) from error


def _whole(given: Given, name: str, usual: int, low: int, high: int) -> int:
    value = given.get(name, usual)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise Refusal("BAD_ARGS", f"{name} is a whole number from {low} to {high}")
    return value


def _ppq(given: Given) -> int:
    ppq = given.get("ppq", PPQ)
    return ppq if isinstance(ppq, int) and ppq > 0 else PPQ


def _events(line: "Iterable[Tone]", given: Given) -> list[dict[str, int]]:
    ppq = _ppq(given)
    return [
        {
            "bar": tone.start_ticks // _BAR, "step": tone.start_ticks % _BAR // SIXTEENTH, "note": tone.pitch,
            "velocity": tone.velocity, "start_tick": tone.sounds * ppq // PPQ,
            "length_ticks": max(tone.length_ticks * ppq // PPQ, 1),
        }
        for tone in line
    ]  # fmt: skip


def _tone(event: Any, given: Given) -> "Tone":
    from hardcore.rhythm.tone import Tone

    ppq = _ppq(given)
    try:
        start, length = int(event["start_tick"]) * PPQ // ppq, int(event["length_ticks"]) * PPQ // ppq
        note, velocity = int(event["note"]), int(event.get("velocity", 96))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Refusal("BAD_ARGS", "an event has start_tick, length_ticks and note") from error
    if start < 0 or length < 1 or not 0 <= note <= 127 or not 1 <= velocity <= 127:
        raise Refusal("BAD_ARGS", "an event is out of range")
    return Tone(start, length, note, velocity)
