"""The presets and kits of the program, rendered and measured: as loud as their roles ask, and no two the same."""

from dataclasses import replace
from functools import cache
from itertools import combinations, pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from hardcore.knowledge.presets import FactoryPreset, factory_presets, kits
from hardcore.project.devices import instrument, instruments
from hardcore.project.roles import DRUMS, LOUDNESS_LUFS, ROLES
from tests.engine.sound import RATE, Audio, Phrase, level_db, momentary, render, role_phrase

PRESETS = tuple(factory_presets().values())


def phrase_of(preset: FactoryPreset) -> Phrase:
    """Return the calibration phrase of a preset's role, played by it through its effects."""
    device = instrument(preset.device)
    phrase = role_phrase(device, preset.role, **preset.settings)
    if device.gated and not device.pitched:
        phrase = replace(phrase, hits=phrase.hits[:1])
    chain = tuple((insert.device, dict(insert.settings)) for insert in preset.effects)
    # The loudest 400 ms are in the phrase itself, whatever rings after it.
    last = max(hit.at_s + hit.length_s for hit in phrase.hits)
    return replace(phrase, effects=chain, sample=preset.sample or "", seconds=last + 0.3)


@cache
def heard() -> dict[str, Audio]:
    """Return every preset's phrase."""
    found: dict[str, Audio] = {}
    ordered = sorted(PRESETS, key=lambda preset: phrase_of(preset).seconds)
    for at in range(0, len(ordered), 40):
        part = ordered[at : at + 40]
        found |= {p.name: audio for p, audio in zip(part, render([phrase_of(p) for p in part]), strict=True)}
    return found


def test_there_are_200_presets_and_every_instrument_and_role_has_some() -> None:
    assert len(factory_presets()) >= 200
    assert {preset.device for preset in factory_presets().values()} == set(instruments())
    for role in ROLES:
        known = [preset for preset in factory_presets().values() if role in instrument(preset.device).roles]
        assert len(known) >= 3, role


def test_every_preset_is_as_loud_as_its_role_asks_and_clean() -> None:
    off = {}
    for preset in PRESETS:
        audio = heard()[preset.name]
        assert np.isfinite(audio).all(), preset.name
        assert level_db(audio) < 0, preset.name
        assert abs(float(audio.mean())) < 0.004, preset.name
        wanted: float = LOUDNESS_LUFS[preset.role]
        if abs(over := momentary(audio) - wanted) > 1.5:
            off[preset.name] = round(over, 1)
    assert off == {}


def picture(audio: Audio) -> NDArray[np.float64]:
    """Return what a sound is like: levels of 26 bands of its spectrum and of 12 parts of its first two seconds, dB."""
    mono = audio.sum(axis=0).astype(np.float64)
    power = np.abs(np.fft.rfft(mono)) ** 2
    hz = np.fft.rfftfreq(len(mono), 1 / RATE)
    edges = np.geomspace(30, 18000, 27)
    bands = [power[(hz >= a) & (hz < b)].sum() for a, b in pairwise(edges)]
    first = mono[: round(0.5 * RATE)]
    parts = [float((one**2).mean()) for one in np.array_split(first, 12)]
    levels = [10 * np.log10(np.array(values) / max(sum(values), 1e-20) + 1e-6) for values in (bands, parts)]
    side = 10 * np.log10(((audio[0] - audio[1]) ** 2).mean() / max((mono**2).mean(), 1e-20) + 1e-4)
    return np.concatenate([*levels, [side]])


def test_no_two_presets_of_a_role_sound_the_same() -> None:
    pictures = {name: picture(audio) for name, audio in heard().items()}
    alike = {}
    for one, other in combinations(PRESETS, 2):
        if one.role == other.role:
            distance = float(np.sqrt(((pictures[one.name] - pictures[other.name]) ** 2).mean()))
            if distance < 1.0:
                alike[one.name, other.name] = round(distance, 2)
    assert alike == {}


@pytest.mark.parametrize("name", kits())
def test_a_kit_has_a_kick_a_backbeat_and_hats(name: str) -> None:
    parts = set(kits()[name].parts)
    assert parts <= set(DRUMS)
    assert "kick" in parts and parts & {"snare", "clap"} and "hat_closed" in parts


def test_no_two_kits_are_the_same() -> None:
    assert len({tuple(sorted(kit.parts.items())) for kit in kits().values()}) == len(kits()) >= 8
