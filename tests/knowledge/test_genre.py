"""The genre files against the schema's promises, the catalogue and each other."""

from collections.abc import Iterator

from hardcore.knowledge.genre import Genre
from hardcore.knowledge.loader import folder, genre, genre_ids, kin
from hardcore.knowledge.sound import Insert
from hardcore.music.chord import parse_progression
from hardcore.project import devices
from hardcore.project.devices import Device, Parameter
from hardcore.project.roles import DRUMS, ROLES
from tests.each import each

GENRES = genre_ids()


def inserts(known: Genre) -> Iterator[Insert]:
    chains = [known.mix.master, *(strip.inserts for strip in known.mix.strips.values())]
    chains += [bus.inserts for bus in known.mix.returns.values()]
    chains += [sound.inserts for sounds in known.palette.values() for sound in sounds]
    return (insert for chain in chains for insert in chain)


def check(device: Device, settings: dict[str, float], beats: dict[str, float]) -> None:
    for name, value in settings.items():
        device.checked(name, value)
    for name in beats:
        assert isinstance(device.parameter(name), Parameter)


@each("name", GENRES)
def test_every_instrument_and_setting_is_in_the_catalogue(name: str) -> None:
    for role, sounds in genre(name).palette.items():
        for sound in sounds:
            device = devices.instrument(sound.device)
            check(device, sound.settings, sound.beats)
            if role in DRUMS:
                assert not device.gated, f"{role}: a drum rings by itself"
            if sound.sweep:
                device.checked(sound.sweep.parameter, sound.sweep.low)
                device.checked(sound.sweep.parameter, sound.sweep.high)


@each("name", GENRES)
def test_every_effect_and_setting_is_in_the_catalogue(name: str) -> None:
    for insert in inserts(genre(name)):
        device = devices.effect(insert.device)
        check(device, insert.settings, insert.beats)
        assert device.side == (insert.side is not None)


@each("name", GENRES)
def test_any_role_is_known_to_the_genre_or_its_kin(name: str) -> None:
    family = list(kin(name))
    assert family[0] == genre(name)
    for role in ROLES:
        assert any(role in one.palette for one in family), role
        assert any(role in one.mix.strips for one in family), role
        if role in DRUMS:
            assert any(role in one.drums.parts for one in family), role
        else:
            assert any(role in one.parts for one in family), role


@each("name", GENRES)
def test_a_genre_can_play_and_mix_each_of_its_own_parts(name: str) -> None:
    known = genre(name)
    for role in known.parts:
        assert role in known.palette and role in known.mix.strips
        assert role not in DRUMS or role in known.drums.parts
    assert known.mix.master[-1].device == "limiter"
    assert {"reverb", "delay"} == set(known.mix.returns)


@each("name", GENRES)
def test_each_drum_has_more_than_one_way_to_play_or_is_rare(name: str) -> None:
    known = genre(name)
    for role, part in known.drums.parts.items():
        often = role in known.parts and known.parts[role].chance >= 0.6
        assert not often or len(part.patterns) >= 2, role
        assert any(pattern.weight for pattern in part.patterns)


@each("name", GENRES)
def test_some_fill_ends_phrases_and_some_big_one_the_scene_at_any_energy(name: str) -> None:
    fills = genre(name).drums.fills
    for energy in (0.0, 0.5, 1.0):
        for big in (False, True):
            assert any(fill.big == big and fill.energy[0] <= energy <= fill.energy[1] for fill in fills)


def test_no_two_genres_have_the_same_tempo_swing_and_character() -> None:
    told = {
        (known.tempo.default, known.swing.default, *known.character.model_dump().values())
        for known in map(genre, GENRES)
    }
    assert len(told) == len(GENRES)


def test_the_schema_document_names_every_key() -> None:
    text = (folder() / "SCHEMA.md").read_text(encoding="utf-8")
    from hardcore.knowledge.loader import known_keys

    missing = [key for key in known_keys(Genre) if f"`{key}`" not in text]
    assert not missing


@each("name", GENRES)
def test_every_progression_is_chords_in_every_key_of_the_genre(name: str) -> None:
    known = genre(name)
    rows = (*(one.numerals for one in known.harmony.progressions), *known.harmony.turnarounds)
    for choice in known.keys:
        for numerals in rows:
            assert parse_progression(numerals, choice.key)
