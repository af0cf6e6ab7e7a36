"""Argument types: what each takes as text and as data, what it refuses, and what it offers for completion."""

import dataclasses
from typing import Annotated, Any, get_args, get_origin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from hardcore.commands.core import quantities, types
from hardcore.commands.core.types import Kind, Place
from hardcore.commands.studio import system
from hardcore.errors import UserError
from hardcore.music.scale import Key
from hardcore.project.devices import instrument
from hardcore.project.units import Quantity
from tests.each import each
from tests.song import song

LONG = "9" * 400
A_MINOR = Key.parse("A minor")
TYPES = {
    name: value
    for name, value in {**vars(types), **vars(quantities), "CommandName": system.CommandName}.items()
    if get_origin(value) is Annotated and any(isinstance(part, Kind) for part in get_args(value))
}

# name, text, value
TAKEN: list[tuple[str, Any, Any]] = [
    ("TrackRef", "kick", "kick"),
    ("Parts", "all-kick,snare", "all-kick,snare"),
    ("Notes", "bass:A", "bass:A"),
    ("SceneRef", "A", "A"),
    ("ClipRef", "bass:A", "bass:A"),
    ("InstrumentRef", "reese", "reese"),
    ("SampleRef", "kick", "kick"),
    ("PresetRef", "dark reese", "dark reese"),
    ("PresetWords", "dark reese", "dark reese"),
    ("MoodName", "dark", "dark"),
    ("KitRef", "808", "808"),
    ("FamilyName", "mallets", "mallets"),
    ("EffectKind", "drive", "drive"),
    ("EffectRef", "1", "1"),
    ("ParameterRef", "cutoff", "cutoff"),
    ("RhythmRef", "warehouse", "warehouse"),
    ("TrackList", "bass,kick,,", ("bass", "kick")),
    ("TrackList", ["bass", "kick"], ("bass", "kick")),
    ("TrackList", "", ()),
    ("RoleName", "bass", "bass"),
    ("NewName", "Ünïcode 音", "Ünïcode 音"),
    ("CallName", "low end 2", "low end 2"),
    ("SpacedCallName", "low end 2", "low end 2"),
    ("Title", "My Song: 2", "My Song: 2"),
    ("NewPreset", "my deep one", "my deep one"),
    ("Words", "any words", "any words"),
    ("Sentence", "dark techno", "dark techno"),
    ("CommandName", "track gain", "track gain"),
    ("FileName", "a.wav", "a.wav"),
    ("ProjectFile", "a.hcs", "a.hcs"),
    ("ExportFile", "a.wav", "a.wav"),
    ("ImportFile", "a.mid", "a.mid"),
    ("Number", "-1.5", -1.5),
    ("Number", ".5", 0.5),
    ("Number", "800 hz", 800.0),
    ("Number", "50%", 50.0),
    ("Number", 3, 3.0),
    ("Value", "500", Quantity(500)),
    ("Value", 500, Quantity(500)),
    ("Value", "2 kHz", Quantity(2, "khz")),
    ("Value", "2k", Quantity(2, "khz")),
    ("Value", "300ms", Quantity(300, "ms")),
    ("Value", "4:1", Quantity(4, "ratio")),
    ("Value", "1/8t", Quantity(1 / 3, "beats")),
    ("Value", "−3 dB", Quantity(-3, "db")),
    ("MoreValue", "+20 %", Quantity(20, "percent")),
    ("MoreValue", "-1 octave", Quantity(-1, "octaves")),
    ("Step", "-0.5", -0.5),
    ("Step", "2 steps", 2.0),
    ("BarNumber", "9", 9),
    ("ScopeText", "5-8", "5-8"),
    ("Factor", "x2", 2.0),
    ("Factor", "50%", 0.5),
    ("Factor", "1.5 times", 1.5),
    ("MoreDecibels", "+2 dB", 2.0),
    ("Writer", "model", "model"),
    ("MorePan", "L20", -0.2),
    ("MorePan", "20%", 0.2),
    ("WidthPercent", "0 %", 0.0),
    ("Hertz", "2.5 kHz", 2500.0),
    ("MonoBelow", "0.12 kHz", 120.0),
    ("MonoBelow", "120", 120.0),
    ("BarNumber", "33", 33),
    ("Count", "-12", -12),
    ("Decibels", "-3", -3.0),
    ("Decibels", "−3 dB", -3.0),
    ("Decibels", "+6db", 6.0),
    ("Panning", "L30", -0.3),
    ("Panning", "r100", 1.0),
    ("Panning", "center", 0.0),
    ("Panning", "Left", -1.0),
    ("Panning", "0.25", 0.25),
    ("Tempo", "138", 138.0),
    ("Tempo", "174.5 BPM", 174.5),
    ("Bars", "8", 8),
    ("ManyBars", "100000", 100_000),
    ("Share", "80%", 80.0),
    ("RandomSeed", "7", 7),
    ("Meter", "7/8", (7, 8)),
    ("Meter", (3, 4), (3, 4)),
    ("KeyName", "a minor", A_MINOR),
    ("KeyOption", "Am", A_MINOR),
    ("Pitch", "C4", 60),
    ("Pitch", "F#2", 42),
    ("Pitch", "36", 36),
    ("Pitch", 36, 36),
    ("Length", "1/16", 480),
    ("Length", "1/8t", 640),
    ("Length", "1/4.", 2880),
    ("Length", "1.5 beats", 2880),
    ("Length", "2", 3840),
    ("Length", "77 ticks", 77),
    ("Length", 77, 77),
    ("Where", "2", Place(2, 1, 1, 0)),
    ("Where", "2.3", Place(2, 3, 1, 0)),
    ("Where", "2.3.4+17", Place(2, 3, 4, 17)),
    ("EffectName", "tape echo", "tape echo"),
    ("EffectParameter", "repeats", "repeats"),
    ("EffectSettings", "cutoff=500hz  q=0.7", {"cutoff": Quantity(500, "hz"), "q": Quantity(0.7)}),
    ("EffectSettings", {"cutoff": 500}, {"cutoff": Quantity(500)}),
    ("EffectSettings", "", {}),
    ("Duck", "12 dB", 12.0),
    ("Toggle", "on", True),
    ("Toggle", "No", False),
    ("Toggle", "", None),
    ("Toggle", "toggle", None),
    ("Velocity", "127", 127),
    ("Flag", True, True),
    ("Flag", "false", False),
]

# name, text, a part of what is said
REFUSED: list[tuple[str, Any, str]] = [
    ("NewName", "", "1 character"),
    ("NewName", "x" * 201, "200 characters"),
    ("FileName", "", "1 character"),
    ("Number", "loud", "'loud' is not a number"),
    ("Number", "1e5", "not a number"),
    ("Number", LONG, "finite"),
    ("Count", "1.5", "integer"),
    ("Decibels", "-97", "-96"),
    ("Decibels", "25", "24"),
    ("Decibels", "3 hz", "not a number"),
    ("Value", "3 parrots", "'3 parrots' is not a value"),
    ("Value", "1/0", "not a"),
    ("Value", float("inf"), "finite"),
    ("MoreValue", LONG, "finite"),
    ("Step", "17", "16"),
    ("Factor", "0", "greater than 0"),
    ("MoreDecibels", "121", "120"),
    ("MorePan", "3", "2"),
    ("WidthPercent", "201", "200"),
    ("MonoBelow", "1k", "500"),
    ("Panning", "L101", "-1"),
    ("Panning", "north", "between left and right"),
    ("Tempo", "19", "20"),
    ("Tempo", "401", "400"),
    ("CallName", "12", "number or an id"),
    ("CallName", "t4", "number or an id"),
    ("CallName", "a:b", "no :"),
    ("SpacedCallName", "a, b", "no ,"),
    ("Title", "", "1 character"),
    ("NewPreset", "../x", "reads as a path"),
    ("Bars", "0", "1"),
    ("Bars", "4097", "4096"),
    ("ManyBars", "100001", "100000"),
    ("RhythmRef", "", "1 character"),
    ("Share", "101", "100"),
    ("RandomSeed", "-1", "0"),
    ("RandomSeed", str(2**53), "less than"),
    ("Meter", "4", "not a meter"),
    ("Meter", "4/5", "4/4"),
    ("KeyName", "H minor", "H"),
    ("Pitch", "H4", "H4"),
    ("Pitch", "128", "127"),
    ("Length", "0", "usable"),
    ("Length", "1/0", "not a length"),
    ("Length", "x", "not a length"),
    ("Length", LONG, "too large"),
    ("Length", f"{LONG}/1", "too large"),
    ("Where", "0", "count from 1"),
    ("Where", "1.0", "count from 1"),
    ("Where", "one", "not a place"),
    ("EffectSettings", "cutoff", "not name=value"),
    ("EffectSettings", "cutoff=loud", "'loud' is not a value"),
    ("Toggle", "maybe", "neither on nor off"),
    ("Velocity", "0", "1"),
    ("Velocity", "128", "127"),
]


def model(name: str) -> type[BaseModel]:
    config = ConfigDict(allow_inf_nan=False, arbitrary_types_allowed=True)
    return create_model(name, __config__=config, value=(TYPES[name], ...))


def kind(name: str) -> Kind:
    return next(part for part in get_args(TYPES[name]) if isinstance(part, Kind))


def choices(name: str, *before: str) -> dict[str, str]:
    return {choice.value: choice.help for choice in kind(name).complete(song(), before)}


@each(("name", "given", "value"), TAKEN, ids=str)
def test_a_type_takes(name: str, given: Any, value: Any) -> None:
    assert model(name).model_validate({"value": given}).value == value  # type: ignore[attr-defined]


@each(("name", "given", "said"), REFUSED, ids=lambda value: str(value)[:20])
def test_a_type_refuses(name: str, given: Any, said: str) -> None:
    with pytest.raises(ValidationError) as error:
        model(name).model_validate({"value": given})
    assert said in error.value.errors()[0]["msg"]


def test_every_type_is_tried_here() -> None:
    assert {name for name, _, _ in TAKEN} == set(TYPES)


@each("name", sorted(TYPES))
def test_a_type_describes_itself(name: str) -> None:
    assert kind(name).help
    assert "properties" in model(name).model_json_schema()


@given(st.text(max_size=30), st.sampled_from(sorted(TYPES)))
def test_no_text_breaks_a_type(text: str, name: str) -> None:
    try:
        MODELS[name].model_validate({"value": text})
    except ValidationError as error:
        assert error.errors()[0]["msg"]


MODELS = {name: model(name) for name in TYPES}


def test_tracks_scenes_and_clips_are_offered_by_name() -> None:
    assert choices("TrackRef") == {
        "kick": "midi", "snare": "midi", "hats": "midi", "bass": "midi", "drums": "group", "reverb": "return",
        "master": "master",
    }  # fmt: skip
    assert choices("TrackList") == choices("TrackRef")
    assert choices("SceneRef") == {"A": "4 clips", "B": "0 clips"}
    assert list(choices("ClipRef")) == ["kick:A", "snare:A", "hats:A", "bass:A"]


def test_devices_are_offered_with_what_they_are() -> None:
    assert choices("InstrumentRef")["reese"]
    assert choices("EffectKind")["drive"]
    assert "drive" not in choices("InstrumentRef")


def test_a_parameter_is_offered_with_its_range() -> None:
    offered = choices("ParameterRef", "bass")
    cutoff = instrument("reese").parameter("cutoff")
    assert offered["cutoff"] == f"{cutoff.low:g}–{cutoff.high:g} hz, default {cutoff.default:g}"
    assert choices("ParameterRef", "drums") == {}


def test_the_effects_and_settings_are_those_of_the_track() -> None:
    assert choices("EffectRef", "bass") == {"filter": "effect 1"}
    assert choices("EffectRef", "kick") == {}
    assert set(choices("EffectSettings", "bass", "1")) == set(choices("EffectSettings", "kick", "filter"))
    assert all(choice.endswith("=") for choice in choices("EffectSettings", "bass", "filter"))


def test_what_depends_on_a_track_that_is_not_there_says_so() -> None:
    for name in ("ParameterRef", "EffectRef", "EffectSettings"):
        with pytest.raises(UserError, match="no track 'bas'"):
            choices(name, "bas", "filter")


def test_words_of_a_prompt_are_offered_with_what_they_are() -> None:
    offered = choices("Sentence")
    assert offered["gabber"] == "genre"
    assert offered["acid techno"] == "genre"
    assert offered["acid house"] == "genre: acid"
    assert offered["dark"] == "mood"
    assert offered["F minor"] == "key"


def test_fixed_choices_are_offered() -> None:
    assert list(choices("Toggle")) == ["on", "off"]
    assert "7/8" in choices("Meter")
    assert "F minor" in choices("KeyName")
    assert "bass" in choices("RoleName")
    assert choices("CommandName")["track gain"] == "Set tracks' faders, or move them --by decibels."


def test_a_choice_that_is_offered_is_taken() -> None:
    for name in ("KeyName", "KeyOption", "Meter", "Toggle"):
        for choice in choices(name):
            model(name).model_validate({"value": choice})


def test_a_kind_is_immutable() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        kind("Count").name = "other"  # type: ignore[misc]
