"""What was heard, in words: figures for a table, and asked and heard side by side."""

from typing import Any

from hardcore.jobs.comparison import signed
from hardcore.music.mode import SCALES
from hardcore.project.state import ProjectState

Figures = dict[str, Any]

_TEMPO_SURE, _KEY_SURE = (0.4, 0.15), (0.6, 0.2)
_MOST_CHORDS, _MOST_FAULTS = 12, 4


def asked_of(project: ProjectState) -> Figures:
    """Return what the project asks for, as far as ears can tell."""
    return {
        "tempo_bpm": project.tempo_map.bpm,
        "key": project.key.name,
        "tonic": project.key.tonic,
        "mode": "major" if 4 in SCALES[project.key.mode] else "minor",
    }


def side_by_side(asked: Figures, heard: Figures) -> tuple[str, ...]:
    """Return two lines, asked and heard, and what is broken; `heard` is a `summary`."""
    beat = tempo_words(heard["tempo_bpm"], heard["tempo_confidence"], asked["tempo_bpm"])
    key = key_words(heard["key"], heard["key_confidence"])
    note = _key_note(asked, heard)
    lines = [f"asked  {asked['tempo_bpm']:g} BPM, {asked['key']}", f"heard  {beat}, {key}{note}"]
    return (*lines, *(f"fault  {fault}" for fault in heard["faults"][:_MOST_FAULTS]))


def _key_note(asked: Figures, heard: Figures) -> str:
    if not heard["key"] or (heard["tonic"] == asked["tonic"] and heard["mode"] == asked["mode"]):
        return ""
    # a major key and the minor one three semitones below share their notes
    relative = {"major": 9, "minor": 3}[asked["mode"]]
    same_notes = heard["mode"] != asked["mode"] and (heard["tonic"] - asked["tonic"]) % 12 == relative
    if same_notes:
        return ": the same notes"
    if heard["tonic"] == asked["tonic"]:
        return ": the same tonic"
    # ears that are not sure accuse nobody
    return ": not as asked" if heard["key_confidence"] >= _KEY_SURE[1] else ""


def tempo_words(bpm: float, confidence: float, asked_bpm: float = 0.0) -> str:
    """Return a tempo as people say it; beside what was asked, also when it is half or double."""
    if not bpm:
        return "no tempo"
    ratio = bpm / asked_bpm if asked_bpm else 1.0
    names = {2.0: "double", 0.5: "half", 1.5: "three for two", 2 / 3: "two for three"}
    near = next((f", {name} of what was asked" for times, name in names.items() if abs(ratio / times - 1) < 0.01), "")
    far = ", not as asked" if not near and abs(ratio - 1) >= 0.01 else ""
    return f"{bpm:.1f} BPM ({_sure(confidence, _TEMPO_SURE)}{near}{far})"


def key_words(name: str, confidence: float) -> str:
    """Return a key as people say it."""
    return f"{name} ({_sure(confidence, _KEY_SURE)})" if name else "no key"


def _sure(confidence: float, limits: tuple[float, float]) -> str:
    return "sure" if confidence >= limits[0] else "fairly sure" if confidence >= limits[1] else "unsure"


def rows(figures: Figures) -> list[tuple[str, str]]:
    """Return every figure of an analysis (as data) under a heading, for a table."""
    rhythm, harmony, level = figures["rhythm"], figures["harmony"], figures["level"]
    spectrum = figures["spectrum"]
    beats = f"{len(rhythm['beats_s'])} beats, {len(rhythm['onsets_s'])} onsets, {rhythm['onsets_per_s']:.1f} a second"
    stray = f", beats stray {rhythm['jitter_ms']:.0f} ms" if rhythm["beats_s"] else ""
    bands = ", ".join(f"{name} {signed(db, '.0f')}" for name, db in spectrum["bands_db"].items())
    kilo = spectrum["centroid_hz"] / 1000
    return [
        ("tempo", tempo_words(rhythm["tempo_bpm"], rhythm["confidence"])),
        ("beats", beats + stray),
        ("key", key_words(harmony["name"] if harmony["confidence"] else "", harmony["confidence"])),
        ("chords", chord_words(harmony["chords"])),
        ("loudness", _loudness(level)),
        ("peak", f"true {_db(level['true_peak_dbtp'])} dBTP, sample {_db(level['peak_dbfs'])} dBFS, "
                 f"crest {level['crest_db']:.1f} dB"),
        ("spectrum", f"centroid {kilo:.1f} kHz, tilt {signed(spectrum['tilt_db_per_octave'], '.1f')} dB an octave"),
        ("bands", f"{bands} dB"),
        ("stereo", _stereo(figures["stereo"])),
        ("loop", _loop(figures["seam"])),
        ("faults", _faults(figures["faults"])),
    ]  # fmt: skip


def chord_words(chords: list[Figures]) -> str:
    """Return the chords in order, as `Am 4.1 s`; `–` where there is none."""
    if not any(chord["name"] for chord in chords):
        return "none"
    said = [f"{chord['name'] or '–'} {chord['end_s'] - chord['start_s']:.1f} s" for chord in chords[:_MOST_CHORDS]]
    return ", ".join(said) + (f", … {len(chords)} in all" if len(chords) > _MOST_CHORDS else "")


def _loudness(level: Figures) -> str:
    reach = f", range {level['range_lu']:.1f} LU" if level["range_lu"] is not None else ""
    maxima = f"loudest 3 s {_db(level['short_term_max_lufs'])}, loudest 0.4 s {_db(level['momentary_max_lufs'])}"
    return f"{_db(level['integrated_lufs'])} LUFS, {maxima}{reach}"


def _db(value: float | None) -> str:
    return "–" if value is None else signed(value, ".1f")


def _stereo(found: Figures | None) -> str:
    if found is None:
        return "one channel, or silent"
    return (
        f"correlation {signed(found['correlation'], '.2f')} (lowest {signed(found['lowest_correlation'], '.2f')}, "
        f"below 120 Hz {signed(found['low_correlation'], '.2f')}), width {found['width']:.2f}, "
        f"balance {signed(found['balance_db'], '+.1f')} dB, in mono {signed(found['mono_change_db'], '+.1f')} dB"
    )


def _loop(found: Figures | None) -> str:
    if found is None:
        return "too short or silent"
    return f"clicks at the seam: a jump of {found['jump']:.2f}" if found["clicks"] else "no click at the seam"


def _faults(found: list[Figures]) -> str:
    said = [f"{fault['kind']} at {fault['at_s']:.2f} s: {fault['said']}" for fault in found[:_MOST_FAULTS]]
    more = f"; {len(found) - _MOST_FAULTS} more" if len(found) > _MOST_FAULTS else ""
    return "; ".join(said) + more if said else "none"
