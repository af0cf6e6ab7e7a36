"""The field's terms: each means what is there, once; every device is reached by what musicians say."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from hardcore.errors import UserError
from hardcore.knowledge import terms as module
from hardcore.knowledge.terms import effect_called, parameter_called, terms
from hardcore.project import devices


def test_every_parameter_is_reached_by_its_own_id_written_in_any_way() -> None:
    for device in (*devices.instruments().values(), *devices.effects().values()):
        for parameter in device.shown:
            for words in (parameter.id, parameter.id.replace("_", " ").upper(), parameter.id.replace("_", "-")):
                assert parameter_called(device, words) is parameter


@pytest.mark.parametrize(
    ("device", "words", "parameter"),
    [
        ("reese", "brightness", "cutoff"),
        ("kick_gabber", "brightness", "tone"),
        ("piano", "the brightness", "bright"),
        ("acid303", "squelch", "resonance"),
        ("mono_lead", "portamento", "glide"),
        ("kick909", "release", "decay"),
        ("kick909", "punch", "click"),
        ("pad", "attack time", "attack"),
        ("supersaw", "unison", "detune"),
        ("kick808", "overdrive", "drive"),
        ("epiano", "vibrato", None),
        ("kick909", "glide", None),
    ],
)
def test_an_instruments_parameter_is_found_by_its_term(device: str, words: str, parameter: str | None) -> None:
    found = parameter_called(devices.instrument(device), words)
    assert (found.id if found else None) == parameter


@pytest.mark.parametrize(
    ("device", "words", "parameter"),
    [
        ("phaser", "speed", "rate"),
        ("delay", "repeats", "feedback"),
        ("reverb", "room size", "size"),
        ("reverb", "wet", "mix"),
        ("chorus", "amount", "mix"),
        ("compressor", "thresh", "threshold"),
        ("bitcrusher", "bit depth", "bits"),
        ("limiter", "input gain", "gain"),
        ("filter", "low pass", "cutoff"),
    ],
)
def test_an_effects_parameter_is_found_by_its_term(device: str, words: str, parameter: str) -> None:
    found = parameter_called(devices.effect(device), words)
    assert found is not None and found.id == parameter


def test_every_term_means_something_that_is_there() -> None:
    known = [*devices.instruments().values(), *devices.effects().values()]
    for term in terms().parameters:
        for phrase in term.say:
            assert any(parameter_called(device, phrase) for device in known), phrase


@pytest.mark.parametrize(
    ("words", "device", "send"),
    [
        ("verb", "reverb", True), ("Echo", "delay", True), ("tape echo", "tape_delay", False),
        ("disto", "drive", False),
        ("comp", "compressor", False), ("side-chain", "sidechain", False), ("bit-crush", "bitcrusher", False),
        ("reverb", "reverb", True), ("spring", "spring", False), ("widener", "width", False),
    ],
)  # fmt: skip
def test_an_effect_is_found_by_what_it_is_called(words: str, device: str, send: bool) -> None:
    found = effect_called(words)
    assert (found.device, found.send) == (device, send)


def test_every_effect_of_the_catalogue_is_itself_and_has_other_names() -> None:
    for device in devices.effects():
        assert effect_called(device).device == device
    assert {term.device for term in terms().effects} == set(devices.effects())


def test_a_high_pass_begins_as_one() -> None:
    assert effect_called("hpf").settings == {"mode": 1, "cutoff": 300, "resonance": 10}


def test_what_is_no_effect_is_refused_with_the_nearest() -> None:
    with pytest.raises(UserError) as refused:
        effect_called("revrb")
    assert "reverb" in refused.value.hint


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"parameters": [{"say": ["a"], "means": ["cutof"]}]}, "no device has a parameter 'cutof'"),
        ({"effects": [{"say": ["a"], "device": "verbb"}]}, "no effect 'verbb'"),
        ({"effects": [{"say": ["a"], "device": "filter", "settings": {"mode": 7}}]}, "out of range"),
        ({"effects": [{"say": ["a", "A"], "device": "filter"}]}, "'a' is there twice"),
        ({"wrong": []}, "unknown key 'wrong'"),
    ],
)
def test_a_mistake_in_the_file_is_named(
    change: dict[str, Any], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "terms.yaml").write_text(yaml.safe_dump({"parameters": [], "effects": []} | change))
    monkeypatch.setattr(module, "folder", lambda: tmp_path)
    with pytest.raises(UserError, match=r"terms\.yaml: ") as refused:
        terms.__wrapped__()
    assert said in refused.value.line()
