"""Presets and kits are read strictly: a mistake is named by file, entry and what is wrong."""

import pytest
from pydantic import TypeAdapter

from hardcore.errors import UserError
from hardcore.knowledge.presets import FactoryPreset, _read, factory_preset, factory_presets, kit, kits

GOOD = {"name": "a sound", "device": "reese", "role": "bass", "moods": ["dark"], "settings": {"cutoff": 500}}


def read(**changes: object) -> object:
    return _read("x.yaml", TypeAdapter(tuple[FactoryPreset, ...]), [GOOD | changes])


def test_a_good_entry_becomes_a_sound_a_track_can_take() -> None:
    (entry,) = read(effects=[{"device": "chorus", "settings": {"mix": 30}}])  # type: ignore[misc]
    assert entry.preset.instrument.settings == {"cutoff": 500}
    assert [effect.device for effect in entry.preset.effects] == ["chorus"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"device": "rees"}, "no instrument 'rees'"),
        ({"role": "kick"}, "does not play kick"),
        ({"settings": {"cutof": 500}}, "no parameter 'cutof'"),
        ({"settings": {"cutoff": 1}}, "out of range"),
        ({"effects": [{"device": "choruss"}]}, "no effect 'choruss'"),
        ({"moods": []}, "moods"),
        ({"moodz": ["dark"]}, "unknown key 'moodz'"),
        ({"sample": "tom_low"}, "sample"),
    ],
)
def test_a_mistake_is_named(changes: dict[str, object], said: str) -> None:
    with pytest.raises(UserError, match=said):
        read(**changes)


def test_names_are_found_in_any_case_and_the_nearest_is_named() -> None:
    assert factory_preset("Dark  REESE").name == "dark reese"
    assert kit("GABBER").name == "gabber"
    with pytest.raises(UserError) as caught:
        kit("gaber")
    assert "gabber" in caught.value.hint
    assert len({name.casefold() for name in (*factory_presets(), *kits())}) == len(factory_presets()) + len(kits())
