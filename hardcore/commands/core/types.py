"""Argument types: each one parses, completes and describes itself. A command's annotations come from here.

A type is `Annotated[python type, validators…, Kind(...)]`: pydantic does the parsing of text and of JSON alike.
"""

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, WithJsonSchema

from hardcore.commands.core.kinds import Choice as Choice
from hardcore.commands.core.kinds import Complete
from hardcore.commands.core.kinds import Kind as Kind
from hardcore.commands.core.kinds import number as _number
from hardcore.commands.core.kinds import text_as as _value
from hardcore.commands.core.kinds import whole as _whole
from hardcore.errors import UserError
from hardcore.jobs import exporters, importers
from hardcore.music.meter import parse_meter
from hardcore.music.pitch import parse_note
from hardcore.music.scale import Key
from hardcore.music.tempo import HIGHEST_BPM, LOWEST_BPM, PPQ
from hardcore.music.ticks import SIXTEENTH, WHOLE
from hardcore.project import devices, pluginlist, samples
from hardcore.project.parts import GROUPS
from hardcore.project.roles import ROLES
from hardcore.project.scope import EXAMPLES, section_bars
from hardcore.project.state import ProjectState
from hardcore.project.values import GainDb, Pan, Percent, Seed


def _tracks(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    return (Choice(track.name, track.kind) for track in project.tracks)


def _parts(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    yield from _tracks(project, before)
    taken = {track.name.casefold() for track in project.tracks}
    yield from (Choice(*group) for group in GROUPS.items() if group[0] not in taken)
    roles = dict.fromkeys(track.role for track in project.tracks if track.role and track.role not in taken)
    yield from (Choice(role, "every track of that role") for role in roles)


def _notes(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    yield from _parts(project, before)
    yield from _clips(project, before)


def _scopes(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    return (Choice(name, f"bars {first}-{last}") for name, first, last in section_bars(project))


def _scenes(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    return (Choice(scene.name, f"{len(scene.slots)} clips") for scene in project.scenes)


def _clips(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    for scene in project.scenes:
        for track in project.tracks:
            if track.id in scene.slots:
                yield Choice(f"{track.name}:{scene.name}")


def _instruments(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    known = (*devices.instruments().values(), *(one.device for one in pluginlist.plugins("instrument").values()))
    return (Choice(device.id, device.help) for device in known)


def _samples(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    return (
        Choice(known.name, f"{known.role}, {known.seconds:.2f} s{', loop' * known.loop}")
        for known in samples.samples().values()
    )


def _families(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    known = (*devices.instruments().values(), *devices.effects().values())
    return map(Choice, dict.fromkeys(device.family for device in known))


def _presets(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    from hardcore.knowledge.presets import factory_presets

    track = project.find_track(before[0]) if before else None
    # Those for the track's own role first.
    known = sorted(factory_presets().values(), key=lambda preset: track is None or preset.role != track.role)
    return (Choice(preset.name, f"{preset.role}, {', '.join(preset.moods)}") for preset in known)


def _preset_words(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    from hardcore.knowledge.presetsearch import words

    return (Choice(word, kind) for word, kind in words())


def _moods(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    from hardcore.knowledge.presets import factory_presets

    return map(Choice, sorted({mood for preset in factory_presets().values() for mood in preset.moods}))


def _kits(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    from hardcore.knowledge.presets import kits

    return (Choice(kit.name, kit.about) for kit in kits().values())


def _effects(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    known = (*devices.effects().values(), *(one.device for one in pluginlist.plugins("effect").values()))
    return (Choice(device.id, device.help) for device in known)


def _chain(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    track = project.find_track(before[0])
    return (Choice(effect.device, f"effect {place}") for place, effect in enumerate(track.effects, 1))


def _parameters(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    seen: set[str] = set()
    for track in project.find_tracks(before[0]):
        own = [track.instrument.definition] if track.instrument else []
        for device in own or [effect.definition for effect in track.effects]:
            yield from (choice for choice in _of_device(device) if choice.value not in seen)
            seen |= {parameter.id for parameter in device.shown}


def _heard(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    """Yield the effects of tracks: their inserts, then those of the returns they send to."""
    seen: set[str] = set()
    for track in project.find_tracks(before[0]):
        targets = [project.find_track(send.target) for send in track.sends]
        there = [(effect.device, track.name) for effect in track.effects]
        there += [(effect.device, f"through {target.name}") for target in targets for effect in target.effects]
        yield from (Choice(device, where) for device, where in there if device not in seen)
        seen |= {device for device, _ in there}


def _of_effect(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    from hardcore.compose.edits.chain import heard
    from hardcore.knowledge.terms import effect_called

    found = (heard(project, track, before[1]) for track in project.find_tracks(before[0]))
    own = next((there.effect.definition for there in found if there), None)
    return _of_device(own or devices.effect(effect_called(before[1]).device))


def effect_settings(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    """Yield `name=` for every parameter of the effect that is named before."""
    return (Choice(f"{choice.value}=", choice.help) for choice in _of_effect(project, before))


def _of_device(device: devices.Device) -> Iterable[Choice]:
    for parameter in device.shown:
        span = f"{parameter.low:g}–{parameter.high:g} {parameter.unit}, default {parameter.default:g}"
        yield Choice(parameter.id, span)


def _keys(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    return (Choice(f"{tonic} {mode}") for mode in ("minor", "major") for tonic in ["A", "B", "C", "D", "E", "F", "G"])


def _roles(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    return (Choice(role) for role in ROLES)


def _rhythms(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    from hardcore.knowledge.rhythms import rhythm_ids

    return (Choice(name) for name in rhythm_ids())


def _fixed(*values: str) -> Complete:
    return lambda project, before: (Choice(value) for value in values)


def _phrases(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    from hardcore.commands.composing.phrases import phrases

    return (Choice(*phrase) for phrase in phrases())


def _key(text: str) -> Key:
    """Return the key of a text, in other languages too: `F minor`, `fis-moll`, `fa# menor`. Raises UserError."""
    try:
        return Key.parse(text)
    except UserError:
        from hardcore.language.keyphrases import keys

        found = [span.value for span in keys(text) if (span.start, span.end) == (0, len(text))]
        if found and isinstance(found[0], Key):
            return found[0]
        raise


def pan(text: str) -> float:
    """Return −1…1 from `left`, `L30`, `center`, `R100`, or a number."""
    words = {"left": -1.0, "l": -1.0, "right": 1.0, "r": 1.0, "center": 0.0, "centre": 0.0, "c": 0.0}
    if text.lower() in words:
        return words[text.lower()]
    if match := re.fullmatch(r"([lr])\s*(\d{1,3})%?", text.lower()):
        return int(match.group(2)) / 100 * (-1 if match.group(1) == "l" else 1)
    try:
        return _number(text, "")
    except UserError as error:
        raise UserError(f"'{text}' is not a place between left and right", "such as L30, R57, center or 0.2") from error


def length_ticks(text: str) -> int:
    """Return ticks from `1/16`, `1/8t`, `1/4.`, `1.5 beats` or plain beats (quarters). Raises UserError."""
    text = text.lower()
    if match := re.fullmatch(r"(\d+)/(\d+)\s*([t.]?)", text):
        factor = {"t": 2 / 3, ".": 1.5, "": 1.0}[match.group(3)]
        if int(match.group(2)):
            return _sane(round(int(match.group(1)) / int(match.group(2)) * 4 * PPQ * factor), text)
    if match := re.fullmatch(r"(\d+(?:\.\d*)?)\s*(beats?|ticks?)?", text):
        unit = 1 if (match.group(2) or "").startswith("tick") else PPQ
        return _sane(round(float(match.group(1)) * unit), text)
    raise UserError(f"'{text}' is not a length", "1/16, 1/8t, 1.5 beats")


def _sane(ticks: int, text: str) -> int:
    if not 1 <= ticks < 2**31:
        raise UserError(f"'{text}' is not a usable length")
    return ticks


def length_text(ticks: int) -> str:
    """Return ticks as `length_ticks` reads them, in the words of musicians where there are any: `1/16`, `1/8t`."""
    for factor, sign in ((Fraction(1), ""), (Fraction(3, 2), "."), (Fraction(2, 3), "t")):
        share = Fraction(ticks, WHOLE) / factor
        if share.numerator == 1 and share.denominator <= 128 and share.denominator.bit_count() == 1:
            return f"1/{share.denominator}{sign}"
    return f"{ticks // SIXTEENTH}/16" if ticks % SIXTEENTH == 0 else f"{ticks}ticks"


class Place(NamedTuple):
    """A place in a clip as musicians count it, from 1: bar, beat, sixteenth, and ticks beyond."""

    bar: int
    beat: int
    sixteenth: int
    ticks: int


def place_of(text: str) -> Place:
    """Return the place of a text such as `2.1.3`. Raises UserError."""
    match = re.fullmatch(r"(\d{1,6})(?:\.(\d{1,3}))?(?:\.(\d{1,3}))?(?:\+(\d{1,6}))?", text)
    if match is None:
        raise UserError(f"'{text}' is not a place", "bar.beat.sixteenth from 1, such as 2.1.3")
    bar, beat, sixteenth = (int(group or 1) for group in match.groups()[:3])
    if not (bar and beat and sixteenth):
        raise UserError(f"'{text}' is not a place", "bars, beats and sixteenths count from 1")
    return Place(bar, beat, sixteenth, int(match.group(4) or 0))


def _callable(text: str) -> str:
    """Return a name by which a track, scene or clip can be called: none that reads as something else."""
    if text.isdecimal() or re.fullmatch(r"[tsce]\d+", text.casefold()):
        raise UserError(f"'{text}' would be taken for a number or an id", f"such as take-{text}")
    if any(sign in text for sign in ":,"):
        raise UserError(
            f"a name has no {' or '.join(sign for sign in ':,' if sign in text)}", "track:clip, track,track"
        )
    return text


def _plain(text: str) -> str:
    """Return a preset's name, which may become a file's."""
    if text.startswith(".") or "/" in text or "\\" in text:
        raise UserError(f"'{text}' reads as a path", "a preset's name has no / and no \\, and begins with no dot")
    return text


def _toggle(text: str) -> bool | None:
    words = {"on": True, "yes": True, "true": True, "1": True, "off": False, "no": False, "false": False, "0": False}
    if text.lower() in ("", "toggle"):
        return None
    if text.lower() not in words:
        raise UserError(f"'{text}' is neither on nor off")
    return words[text.lower()]


def _velocity(text: str) -> int:
    """Return a velocity from `100` or `80%`."""
    if text.endswith("%"):
        return round(_number(text, "%") * 127 / 100)
    return _whole(text)


_TEXT = WithJsonSchema({"type": "string"})

TrackRef = Annotated[str, Kind("track", "a track's name or number", _tracks)]
Parts = Annotated[
    str,
    Field(min_length=1, max_length=4096),
    Kind("tracks", "names, numbers or roles, with commas; all, drums, melodic; all-kick", _parts, formerly="track"),
]
Notes = Annotated[
    str,
    Field(min_length=1, max_length=4096),
    Kind("tracks", "parts, as in all,drums,bass; or one clip alone, such as bass:A", _notes, formerly="track"),
]
ScopeText = Annotated[str, Field(min_length=1, max_length=200), Kind("where", f"only there: {EXAMPLES}", _scopes)]
SceneRef = Annotated[str, Kind("scene", "a scene's name or number", _scenes)]
ClipRef = Annotated[str, Kind("clip", "track:scene, or a track that has one clip", _clips)]
InstrumentRef = Annotated[str, Kind("instrument", "an instrument of the catalogue", _instruments)]
SampleRef = Annotated[str, Kind("sample", "a sample of the program's, or of yours by name or id", _samples)]
EffectKind = Annotated[str, Field(max_length=80), Kind("effect", "an effect by its id or what it is called", _effects)]
EffectName = Annotated[
    str, Field(max_length=80), Kind("effect", "an effect of the tracks by name, place or what it is called", _heard)
]
EffectParameter = Annotated[
    str, Field(max_length=80), Kind("parameter", "a parameter of the effect, or what it is called", _of_effect)
]
EffectRef = Annotated[str, Kind("effect", "an effect of the track, by name or place", _chain)]
ParameterRef = Annotated[
    str, Field(max_length=80), Kind("parameter", "a parameter of the track, or what it is called", _parameters)
]
RhythmRef = Annotated[
    str, Field(min_length=1, max_length=4096), Kind("rhythm", "a rhythm's name, or a .yaml or .json file", _rhythms)
]
TrackList = Annotated[
    tuple[str, ...],
    _value(lambda text: tuple(filter(None, text.split(",")))),
    Kind("tracks", "names, with commas", _tracks),
]
RoleName = Annotated[str, Kind("role", "what the track does in the music", _roles)]
PresetRef = Annotated[
    str, Field(min_length=1, max_length=200), Kind("preset", "a preset of the program or your own", _presets, rest=True)
]
PresetWords = Annotated[
    str,
    Field(min_length=1, max_length=400),
    Kind("words", "role, mood, style or name", _preset_words, rest=True, each=True),
]
FamilyName = Annotated[str, Field(max_length=40), Kind("family", "such as basses, mallets or dynamics", _families)]
MoodName = Annotated[str, Field(max_length=40), Kind("mood", "a word such as dark, warm or bright", _moods)]
KitRef = Annotated[str, Field(min_length=1, max_length=200), Kind("kit", "a drum kit of the program", _kits, rest=True)]
NewPreset = Annotated[
    str, Field(min_length=1, max_length=200), _value(_plain), Kind("name", "the preset's name", rest=True)
]
CallName = Annotated[str, Field(min_length=1, max_length=200), _value(_callable), Kind("name", "a new name")]
NewName = Annotated[str, Field(min_length=1, max_length=200), Kind("name", "a new name")]
# The same, as the last word of a line: what follows belongs to it.
SpacedCallName = Annotated[
    str, Field(min_length=1, max_length=200), _value(_callable), Kind("name", "the new name", rest=True)
]
Title = Annotated[str, Field(min_length=1, max_length=200), Kind("name", "the new name", rest=True)]
Words = Annotated[str, Kind("words", "plain words", rest=True)]
Writer = Annotated[Literal["composer", "model"], Kind("writer", "composer, or model: a language model")]
Sentence = Annotated[
    str, Kind("words", "genre, mood, tempo, key, instruments, or a change", _phrases, rest=True, each=True)
]
_File = Field(min_length=1, max_length=4096)
FileName = Annotated[str, _File, Kind("file", "a file name")]
ProjectFile = Annotated[str, _File, Kind("file", "a project file", endings=(".hcs",))]
# the usual ending of each kind of file that an export writes
EXPORTED = exporters.named_endings()
ExportFile = Annotated[str, _File, Kind("file", f"what is written: {EXPORTED}", endings=exporters.endings())]
ImportFile = Annotated[
    str, _File, Kind("file", "a file of notes or sound, or a folder of stems", endings=importers.endings())
]
Number = Annotated[float, _value(lambda text: _number(text, r"[a-z%/]*")), Kind("value", "a number")]
Count = Annotated[int, Kind("number", "a whole number")]
Decibels = Annotated[GainDb, _value(lambda text: _number(text, "(?:db)?")), Kind("db", "decibels, −96 to 24")]
Panning = Annotated[Pan, _value(pan), Kind("pan", "-1 to 1, left, L30, center, R30, right")]
Tempo = Annotated[
    float,
    Field(ge=LOWEST_BPM, le=HIGHEST_BPM),
    _value(lambda text: _number(text, "(?:bpm)?")),
    Kind("bpm", f"beats per minute, {LOWEST_BPM:g} to {HIGHEST_BPM:g}"),
]
BarNumber = Annotated[int, Field(ge=1, le=100_000), Kind("bar", "the number of a bar, from 1")]
Bars = Annotated[int, Field(ge=1, le=4096), Kind("bars", "how many bars")]
ManyBars = Annotated[int, Field(ge=1, le=100_000), Kind("bars", "how many bars, up to 100,000")]
Share = Annotated[Percent, _value(lambda text: _number(text, "%?")), Kind("percent", "0 to 100")]
RandomSeed = Annotated[Seed, Kind("seed", "a whole number that makes chance repeatable")]
Meter = Annotated[
    tuple[int, int], _value(parse_meter), _TEXT, Kind("meter", "such as 4/4", _fixed("4/4", "3/4", "7/8"))
]
KeyName = Annotated[Key, _value(_key), _TEXT, Kind("key", "such as F minor", _keys, rest=True)]
KeyOption = Annotated[Key, _value(_key), _TEXT, Kind("key", "such as 'F minor' or Am", _keys)]
Pitch = Annotated[int, Field(ge=0, le=127), _value(parse_note), _TEXT, Kind("pitch", "C4, F#2 or a MIDI number")]
Length = Annotated[int, Field(ge=1), _value(length_ticks), _TEXT, Kind("length", "1/16, 1/8t, 1/4., or beats")]
Where = Annotated[Place, _value(place_of), _TEXT, Kind("place", "bar.beat.sixteenth, from 1")]
Toggle = Annotated[bool | None, _value(_toggle), Kind("on|off", "on, off, or nothing to switch", _fixed("on", "off"))]
Velocity = Annotated[int, Field(ge=1, le=127), _value(_velocity), Kind("velocity", "1 to 127, or 1 % to 100 %")]
Flag = Annotated[bool, Kind("", "on when given")]
