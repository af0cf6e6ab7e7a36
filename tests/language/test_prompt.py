"""A prompt is read word by word: what it asks for, and what it does not say."""

import contextlib
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hardcore.compose.intent import Intent
from hardcore.compose.producer import compose
from hardcore.compose.styles import styles
from hardcore.errors import UserError
from hardcore.knowledge.loader import folder
from hardcore.knowledge.vocabulary import LeaningWords, plural, vocabulary
from hardcore.language.lexicon import Phrases
from hardcore.language.prompt import adjectives
from hardcore.language.prompt.pieces import phrasebook
from hardcore.language.prompt.understand import understand
from hardcore.language.spelling import QUICK
from hardcore.language.words import STOPS, clean, tokens
from hardcore.music.scale import Key
from hardcore.project import devices
from hardcore.project.roles import DRUMS, ROLES
from hardcore.project.samples import PLAYERS
from tests.each import each
from tests.effort import examples

HATS = ("hat_closed", "hat_open")
ROWS: list[tuple[str, dict[str, Any]]] = [
    # tempo
    ("140", {"bpm": 140}),
    ("techno 140 bpm", {"bpm": 140}),
    ("techno at 140", {"bpm": 140}),
    ("techno,140bpm", {"bpm": 140}),
    ("techno @140", {"bpm": 140}),
    ("techno @ 140 BPM", {"bpm": 140}),
    ("techno at about 140", {"bpm": 140}),
    ("140-bpm techno", {"bpm": 140}),
    ("tempo: 133", {"bpm": 133}),
    ("tempo = 133.5", {"bpm": 133.5}),
    ("bpm 99", {"bpm": 99}),
    ("138.5 bpm", {"bpm": 138.5}),
    ("138,5 bpm", {"bpm": 138.5}),
    ("150 beats per minute", {"bpm": 150}),
    ("one hundred and forty bpm", {"bpm": 140}),
    ("one seventy four bpm dnb", {"bpm": 174}),
    ("between 170 and 174", {"bpm": 172}),
    ("170-174 bpm", {"bpm": 172}),
    ("from 120 to 130 bpm", {"bpm": 125}),
    ("170 – 176", {"bpm": 173}),
    ("20 bpm", {"bpm": 20}),
    ("400 bpm", {"bpm": 400}),
    ("900 bpm", {"bpm": None}),
    ("5 bpm", {"bpm": None}),
    ("techno 39", {"bpm": None}),
    ("techno 401", {"bpm": None}),
    ("techno in 1995", {"bpm": None}),
    ("a 90s house track", {"bpm": None}),
    ("-60 house", {"bpm": None}),
    ("cut at 250 hz", {"bpm": None}),
    ("140 then 150 bpm", {"bpm": 150}),
    ("１４０ bpm", {"bpm": 140}),
    ("١٤٠ bpm", {"bpm": 140}),
    ("fast techno", {"bpm": 146}),
    ("slow techno", {"bpm": 130}),
    ("fast techno at 128", {"bpm": 128}),
    ("303 techno", {"bpm": None, "devices": {"bass": "acid303"}}),
    ("909 techno", {"bpm": None, "devices": {"kick": "kick909"}}),
    ("808s", {"bpm": None, "bars": None, "devices": {"kick": "kick808"}}),
    # key
    ("F minor", {"key": "F minor"}),
    ("techno in Am", {"key": "A minor"}),
    ("techno in am", {"key": "A minor"}),
    ("I am here for techno", {"key": None}),
    ("am I late for techno", {"key": None}),
    ("a techno track in a warehouse", {"key": None}),
    ("E phrygian", {"key": "E phrygian"}),
    ("e phrygian dominant", {"key": "E phrygian dominant"}),
    ("F#m", {"key": "F# minor"}),
    ("f♯ minor", {"key": "F# minor"}),
    ("Bb major", {"key": "Bb major"}),
    ("B♭m", {"key": "Bb minor"}),
    ("c sharp minor", {"key": "C# minor"}),
    ("b flat minor", {"key": "Bb minor"}),
    ("F-sharp minor", {"key": "F# minor"}),
    ("G harmonic minor", {"key": "G harmonic minor"}),
    ("D dorian mode", {"key": "D dorian"}),
    ("in the key of D minor", {"key": "D minor"}),
    ("key: G mixolydian", {"key": "G mixolydian"}),
    ("Ebm", {"key": "Eb minor"}),
    ("a-Moll", {"key": "A minor"}),
    ("Fis-Dur", {"key": "F# major"}),
    ("h-moll", {"key": "B minor"}),
    ("en la mineur", {"key": "A minor"}),
    ("si bémol majeur", {"key": "Bb major"}),
    ("warehouse techno in F", {"key": "F minor"}),
    ("C minor, no, D minor", {"key": "D minor"}),
    ("Am.", {"key": "A minor"}),
    ("FM bass", {"key": None, "devices": {"bass": "fm_bass"}}),
    ("a D&B banger", {"key": None, "genre": "drum_and_bass"}),
    ("warehouse techno, minor key", {"key": "F minor"}),
    ("warehouse techno in phrygian", {"key": "F phrygian"}),
    # length and meter
    ("8 bars", {"bars": 8}),
    ("16-bar techno loop", {"bars": 16}),
    ("two bars", {"bars": 2}),
    ("thirty two bars", {"bars": 32}),
    ("bars: 4", {"bars": 4}),
    ("1 bar", {"bars": 1}),
    ("5000 bars", {"bars": None}),
    ("30 seconds at 120 bpm", {"bars": 15}),
    ("120 bpm for half a minute", {"bars": 15}),
    ("house 124 bpm 1:00", {"bars": 31}),
    ("1 second, gabber", {"bars": 1}),
    ("120 bpm, 3/4, 30 secs", {"bars": 20}),
    ("32 beats", {"bars": 8}),
    ("8 bars, no, 4 bars", {"bars": 4}),
    ("3/4", {"numerator": 3, "denominator": 4}),
    ("in 7/8", {"numerator": 7, "denominator": 8}),
    ("waltz time", {"numerator": 3, "denominator": 4}),
    ("a waltz", {"genre": "waltz", "numerator": None}),
    ("waltz", {"genre": "waltz"}),
    ("waltz in 3/4", {"genre": "waltz", "numerator": 3}),
    ("viennese waltz with strings", {"genre": "waltz", "devices": {"pad": "strings"}}),
    ("techno waltz", {"genre": "warehouse_techno", "numerator": 3}),
    ("jazz waltz", {"genre": "jazz_trio", "numerator": 3}),
    ("six eight", {"numerator": 6, "denominator": 8}),
    ("5 / 4 time", {"numerator": 5, "denominator": 4}),
    ("24/7", {"numerator": None, "bpm": None}),
    ("1/16 hats", {"numerator": None, "only": HATS}),
    # styles
    ("warehouse techno", {"genre": "warehouse_techno"}),
    ("acid", {"genre": "acid", "devices": {}}),
    ("acid house", {"genre": "acid"}),
    ("GABBER!!!", {"genre": "gabber"}),
    ("industrial hardcore", {"genre": "industrial_hardcore"}),
    ("drum & bass", {"genre": "drum_and_bass", "include": ()}),
    ("Drum'n'Bass", {"genre": "drum_and_bass"}),
    ("drum n bass", {"genre": "drum_and_bass"}),
    ("dnb", {"genre": "drum_and_bass"}),
    ("lo-fi hip-hop", {"genre": "lofi_hip_hop"}),
    ("ambient", {"genre": "ambient"}),
    ("house", {"genre": "house"}),
    ("acid gabber", {"genre": "gabber", "devices": {"bass": "acid303"}}),
    ("techno with acid", {"genre": "warehouse_techno", "devices": {"bass": "acid303"}}),
    ("ambient techno", {"genre": "warehouse_techno", "space": 0.85}),
    ("lofi house", {"genre": "house", "drive": 0.76}),
    ("techno, no, house", {"genre": "house"}),
    ("175 bpm with a hoover and a gabber kick", {"genre": "gabber"}),
    ("82 bpm, swung, rhodes, vinyl crackle", {"genre": "lofi_hip_hop"}),
    ("spacious calm beatless 60 bpm", {"genre": "ambient"}),
    # substrings are not words
    ("sharp", {"include": (), "traits": {}}),
    ("trap bassoon", {"include": ()}),
    ("warehouses", {"genre": "warehouse_techno", "understood": 1}),
    ("hatred padlock kickers", {"include": ()}),
    # instruments
    ("rolling bass", {"only": ("bass",), "traits": {"bass": ("rolling",)}}),
    ("rolling, techno", {"include": (), "traits": {"bass": ("rolling",)}}),
    ("techno, acid line", {"include": ("bass",), "devices": {"bass": "acid303"}}),
    ("a hoover", {"devices": {"lead": "hoover"}}),
    ("Rhodes", {"devices": {"keys": "epiano"}}),
    ("e-piano", {"devices": {"keys": "epiano"}}),
    ("909 kick", {"devices": {"kick": "kick909"}}),
    ("808 bass", {"only": ("sub",)}),
    ("a reese", {"devices": {"bass": "reese"}, "traits": {"bass": ("reese",)}}),
    ("kicks and claps", {"only": ("kick", "clap")}),
    ("hi-hats", {"only": HATS}),
    ("open hats", {"only": ("hat_open",)}),
    ("organ stabs", {"only": ("chords", "keys")}),
    ("offbeat hats", {"traits": {"hat_closed": ("offbeat",), "hat_open": ("offbeat",)}}),
    ("busy hats", {"density": None, "traits": {"hat_closed": ("busy",), "hat_open": ("busy",)}}),
    ("lots of claps", {"traits": {"clap": ("busy",)}}),
    ("deep bass", {"traits": {"bass": ("deep",)}}),
    ("four on the floor", {"traits": {"kick": ("four on the floor",)}}),
    ("strings", {"only": ("pad",), "devices": {"pad": "strings"}}),
    ("no hats", {"exclude": HATS}),
    ("without bass", {"exclude": ("bass",)}),
    ("minus the lead", {"exclude": ("lead",)}),
    ("no hats or claps", {"exclude": ("clap", *HATS)}),
    ("no hats and claps", {"exclude": ("clap", *HATS)}),
    ("without kick, snare or hats", {"exclude": ("kick", "snare", *HATS)}),
    ("no hats, rolling bass", {"exclude": HATS, "include": ("bass",)}),
    ("no hats and a rolling bass", {"exclude": HATS, "include": ("bass",)}),
    ("no kick, no clap", {"exclude": ("kick", "clap")}),
    ("don't use pads", {"exclude": ("pad",)}),
    ("no drums", {"exclude": DRUMS}),
    ("no distorted kick", {"exclude": ("kick",)}),
    ("no hats. hats!", {"exclude": (), "only": HATS}),
    ("hats, but no hats", {"exclude": HATS, "include": ()}),
    ("no hoover", {"exclude": (), "ignored": 1}),
    ("techno, drums only", {"only": ("kick", "clap", *HATS, "ride")}),
    ("only drums, 140", {"only": ("kick", "clap", *HATS, "ride"), "bpm": 140}),
    ("just bass and kick", {"only": ("kick", "bass")}),
    ("nothing but a kick and a dark pad", {"only": ("kick", "pad")}),
    ("kick, snare and bass only", {"only": ("kick", "snare", "bass")}),
    ("just make it techno with bass", {"only": (), "include": ("bass",)}),
    ("rolling bass, only drums", {"include": (), "only": ("kick", "clap", *HATS, "ride")}),
    ("drums only, dark pad", {"include": ("pad",)}),
    # levels
    ("high energy", {"energy": 0.85}),
    ("low energy", {"energy": 0.2}),
    ("sparse", {"density": 0.2}),
    ("busy", {"density": 0.82}),
    ("dark", {"darkness": 0.82}),
    ("very dark", {"darkness": 0.98}),
    ("super dark", {"darkness": 0.98}),
    ("slightly dark", {"darkness": 0.66}),
    ("a bit dark", {"darkness": 0.66}),
    ("bright", {"darkness": 0.18}),
    ("not dark", {"darkness": 0.34}),
    ("not too dark", {"darkness": 0.42}),
    ("not dark or dirty", {"darkness": 0.34, "drive": 0.37}),
    ("less dark", {"darkness": 0.42}),
    ("warm", {"darkness": 0.6, "drive": 0.35}),
    ("cold", {"darkness": 0.66, "space": 0.66}),
    ("hypnotic", {"movement": 0.3}),
    ("brutal", {"energy": 0.96, "drive": 0.92}),
    ("dreamy", {"space": 0.82, "energy": 0.3}),
    ("melancholic", {"darkness": 0.68}),
    ("euphoric", {"darkness": 0.15, "energy": 0.82}),
    ("dirty", {"drive": 0.76}),
    ("clean", {"drive": 0.14}),
    ("minimal", {"density": 0.25}),
    ("dark but bright", {"darkness": 0.18, "ignored": 1}),
    ("dark and gloomy", {"darkness": 0.82, "ignored": 0}),
    ("dark, warm", {"darkness": 0.82}),
    ("no reverb", {"space": 0.2}),
    ("no distortion", {"drive": 0.15}),
    ("ghost notes", {"ghost": 0.6}),
    ("lots of ghost notes", {"ghost": 0.9}),
    ("a few ghost notes", {"ghost": 0.3}),
    ("no ghost notes", {"ghost": 0.0}),
    ("swung", {"swing_percent": 60}),
    ("swing 60", {"swing_percent": 60}),
    ("58% swing", {"swing_percent": 58}),
    ("swing of 62 %", {"swing_percent": 62}),
    ("heavy swing", {"swing_percent": 66}),
    ("slight swing", {"swing_percent": 55}),
    ("triplet feel", {"swing_percent": 66.7}),
    ("straight", {"swing_percent": 50}),
    ("no swing", {"swing_percent": 50}),
    ("140 swing", {"bpm": 140, "swing_percent": 60}),
    ("20% swing", {"swing_percent": None, "ignored": 1}),
    ("swing 55 swing 60", {"swing_percent": 60, "ignored": 1}),
    # the nearest style, the nearest spelling
    (
        "solo piano in C",
        {"only": ("lead", "keys"), "devices": {"lead": "piano", "keys": "piano"}, "key": "C major", "ignored": 0},
    ),
    ("something sad for a funeral, slow, piano only", {"only": ("keys",), "genre": "cinematic", "bpm": 72}),
    ("guitar solo", {"genre": "rock", "devices": {"pluck": "electric_guitar"}}),
    ("just a harp", {"genre": "cinematic", "only": ("pluck",)}),
    ("solo violin", {"only": ("lead",), "devices": {"lead": "fiddle"}}),
    ("classical string quartet", {"genre": "string_quartet", "only": (), "ignored": 0}),
    ("techno with a string quartet", {"genre": "warehouse_techno", "only": ()}),
    ("techno with a fiddle solo, drums", {"only": (), "devices": {"lead": "fiddle"}}),
    ("rnb slow jam", {"genre": "rnb", "ignored": 0}),
    ("blues shuffle in E", {"genre": "blues", "groove": None}),
    ("swing big band", {"genre": "swing", "swing_percent": 60}),
    ("big room", {"genre": "house", "drive": None}),
    ("808 beat", {"bars": None, "devices": {"kick": "kick808"}}),
    ("classical techno", {"genre": "warehouse_techno", "ignored": 1}),
    ("slow blues", {"genre": "blues", "bpm": 76}),
    ("slow blues at 100", {"genre": "blues", "bpm": 100}),
    ("gaber", {"genre": "gabber", "ignored": 0}),
    ("jugle", {"genre": "jungle"}),
    ("dubsteb", {"genre": "dubstep"}),
    ("ambiant", {"genre": "ambient"}),
    ("huose 124", {"genre": "house", "bpm": 124}),
    ("tecno 140", {"genre": "warehouse_techno", "ignored": 0}),
    ("drumnbass", {"genre": "drum_and_bass"}),
    ("gabber with a huose feel", {"genre": "gabber", "ignored": 1}),
    # named is that
    ("house with piano", {"devices": {"keys": "piano"}}),
    ("wobble bass", {"devices": {"bass": "wobble"}}),
    ("growl bass dubstep", {"devices": {"bass": "growl"}}),
    ("909 closed hats", {"devices": {}, "only": ("hat_closed",)}),
    # keys that were lost
    ("techno in E dark", {"key": "E minor", "darkness": 0.82, "ignored": 0}),
    ("techno in A dark warehouse", {"key": None}),
    ("blues in E shuffle", {"key": "E mixolydian", "ignored": 0}),
    ("techno; 140; am", {"key": "A minor"}),
    ("am, techno", {"key": "A minor"}),
    ("techno fa# menor", {"key": "F# minor", "ignored": 0}),
    ("si♭ majeur", {"key": "Bb major"}),
    ("fis-moll", {"key": "F# minor"}),
    ("techno -50 bpm", {"bpm": None, "ignored": 1}),
    ("techno - 140 bpm", {"bpm": 140, "ignored": 0}),
    ("techno, -8 bars", {"bars": None, "ignored": 1}),
    # typed chords
    ("house, chords Am F C G", {"progression": ("Am", "F", "C", "G"), "key": "A minor", "ignored": 0}),
    ("house in D minor, Dm7 | Gm7 | A7", {"progression": ("Dm7", "Gm7", "A7"), "key": "D minor"}),
    ("jazz, progression ii V I in C major", {"progression": ("ii", "V", "I"), "key": "C major"}),
    ("techno in A B A form", {"progression": ()}),
    ("ii-V-I in C, jazz", {"progression": ("ii", "V", "I"), "key": "C major", "ignored": 0}),
    ("I V vi IV pop", {"progression": ("I", "V", "vi", "IV")}),
    ("I am here, techno", {"progression": (), "key": None}),
    # told, not dropped
    ("techno with vocals", {"ignored": 1}),
    ("techno, no vocals", {"ignored": 0}),
    ("techno xyzzy plugh", {"ignored": 1}),
    ("techno xyzzy, plugh", {"ignored": 2}),
    ("seed 42 techno", {"ignored": 1, "bpm": None}),
    ("please make me a nice techno track with the sound of it", {"ignored": 0}),
    ("тёмное техно 140", {"bpm": 140, "ignored": 1}),
    ("暗いテクノ 140", {"bpm": 140, "ignored": 1}),
    ("🔥 techno 🔥", {"ignored": 1}),
    ("te\x00ch\x1bno", {"ignored": 2}),
]  # fmt: skip


def fields(intent: Intent, expected: dict[str, Any]) -> dict[str, Any]:
    """Return the intent's fields as the table writes them."""
    seen: dict[str, Any] = {}
    for name, wanted in expected.items():
        value = getattr(intent, name)
        if name in ("ignored", "understood") and isinstance(wanted, int):
            value = len(value)
        seen[name] = value.name if isinstance(value, Key) else value
    return seen


@each(("prompt", "expected"), ROWS, ids=lambda row: row[0])
def test_a_prompt_asks_for(prompt: str, expected: dict[str, Any]) -> None:
    assert fields(understand(prompt), expected) == expected


def test_there_are_enough_rows() -> None:
    assert len(ROWS) >= 120


def test_what_was_understood_is_told_in_the_words_and_order_of_the_prompt() -> None:
    intent = understand("Dark warehouse techno, 138 bpm, F minor, rolling bass")
    assert [found.words for found in intent.understood] == [
        "Dark", "warehouse techno", "138 bpm", "F minor", "rolling bass",
    ]  # fmt: skip
    assert intent.understood[2].meaning == "tempo 138 BPM"
    assert intent.ignored == ()


def test_the_later_of_two_contradictions_wins_and_the_earlier_is_told() -> None:
    intent = understand("130 bpm techno, bright, no hats, dark, 140 bpm, hats")
    assert (intent.bpm, intent.darkness, intent.exclude) == (140, 0.82, ())
    assert intent.ignored == (
        "130 bpm (140 bpm comes later)", "bright (dark comes later)", "no hats (hats comes later)",
    )  # fmt: skip


def test_what_is_out_of_range_is_told_with_the_range() -> None:
    assert understand("techno 900 bpm").ignored == ("900 bpm (tempo goes from 20 to 400)",)
    assert understand("techno 600 bars").ignored == ("600 bars (a scene has 1 to 512)",)


def test_a_default_style_is_taken_where_none_is_named() -> None:
    assert understand("140 bpm", default_genre="house").genre == "house"
    assert understand("140 bpm gabber", default_genre="house").genre == "gabber"


def test_that_no_style_was_named_is_said() -> None:
    assert ("no style named", "taken as warehouse techno") in understand("dark, 138 bpm").understood


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "!!!", "\x00\x07", "...,;", "\ud800"])
def test_a_text_without_a_word_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UserError) as refused:
        understand(text)
    assert "techno" in refused.value.hint


@pytest.mark.timeout(20)
def test_ten_thousand_characters_are_understood_and_no_more() -> None:
    words = "dark techno 140 bpm xyzzy no hats with a rolling bass, in F minor please or not too bright 8 bars"
    text = " ".join([words] * 101)
    assert 9_800 < len(text) <= 10_000
    intent = understand(text)
    assert intent.bpm == 140
    assert "xyzzy" in intent.ignored
    with pytest.raises(UserError, match="characters long"):
        understand(f"{text} {text}")


HOSTILE = ["5" * 20_000, "1/" * 9_000, " " * 30_000 + "techno", "one " * 8_000, "a b " * 8_000, "no " * 8_000,
           "very " * 8_000, "kick and " * 6_000 + "only", "#" * 20_000]  # fmt: skip


@pytest.mark.timeout(20)
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_lengths_end(text: str) -> None:
    # Anything worse than linear would take minutes.
    with contextlib.suppress(UserError):
        understand(text)


_WORDS = st.sampled_from(
    [phrase for entry in vocabulary().instruments for phrase in entry.say]
    + [phrase for entry in vocabulary().moods for phrase in entry.say]
    + [phrase for entry in (*vocabulary().traits, *vocabulary().degrees, *vocabulary().swing) for phrase in entry.say]
    + [
        *vocabulary().negation,
        *vocabulary().only,
        ",",
        ",",
        "and",
        "or",
        "-",
        "140",
        "8 bars",
        "in",
        "F",
        "minor",
        "Am",
    ]
    + [
        "techno",
        "acid",
        "house",
        "xyzzy",
        "%",
        "/",
        "3/4",
        "58% swing",
        "#",
        "sharp",
        "30 seconds",
        "é",
        "テクノ",
        "🔥",
    ]
)
_SENTENCES = st.lists(_WORDS, max_size=14).map(" ".join)


@settings(max_examples=examples(400), deadline=None)
@example("SI")
@given(st.one_of(st.text(max_size=80), _SENTENCES))
def test_any_text_is_read_and_no_word_is_lost(text: str) -> None:
    try:
        intent = understand(text)
    except UserError:
        assert not any(letter.isalnum() for letter in clean(text))
        return
    told = [token.word for found in intent.understood for token in tokens(found.words)]
    told += [token.word for words in intent.ignored for token in tokens(words)]
    silent = {token.word for phrase in _SILENT for token in tokens(phrase)}
    for token in tokens(clean(text)):
        if token.word in STOPS or (not token.word[0].isalnum() and token.word.isascii()):
            continue
        assert token.word in told or token.word in silent, token.word


def book() -> Phrases:
    return phrasebook(tuple((style.id, style.phrases) for style in styles()))


_FILLERS = (phrase for phrase, senses in book().phrases() if any(sense.kind == "filler" for sense in senses))
_LINKS = ("or", "and", "nor", "plus", "n")
_SILENT = [*_FILLERS, *vocabulary().nothing_else, *vocabulary().only, *adjectives.SILENT, *_LINKS]
# typed in a hurry, they are read as words that say nothing: "si" for "is"
_SILENT += [typed for typed, meant in QUICK.items() if meant in STOPS or meant in _SILENT]


@settings(max_examples=examples(100), deadline=None)
@given(_SENTENCES)
def test_the_same_text_gives_the_same_intent(text: str) -> None:
    with contextlib.suppress(UserError):
        assert understand(text) == understand(text)


def test_every_instrument_of_the_vocabulary_suits_its_role() -> None:
    for entry in vocabulary().instruments:
        if entry.device and entry.device != "sampler":
            known = devices.instrument(entry.device)
            assert set(known.roles) & set(entry.roles) or (entry.device, entry.roles[0]) == ("sub", "sub"), entry.say


# they lead from scene to scene, or play a sample of the user's
NO_PART = {*PLAYERS, "riser", "downlifter", "impact", "noise_sweep"}


@each("device", sorted(set(devices.instruments()) - NO_PART))
def test_every_instrument_of_the_catalogue_is_played_where_it_is_named(device: str) -> None:
    # the plain name of a role is the style's own sound
    for words in {devices.instrument(device).name, device.replace("_", " ")} - set(ROLES):
        intent = understand(f"house with a {words}")
        assert not intent.ignored, words
        played = compose(intent.evolve(bars=1), 3)
        assert device in {track.instrument.device for track in played.tracks if track.instrument}, words


@each("family", [path.stem for path in sorted((folder() / "presets").glob("*.yaml"))])
def test_every_family_of_presets_is_a_word(family: str) -> None:
    if family not in ("transitions", "voices", "samplers"):
        assert not understand(f"house with {family}").ignored


@each("entry", vocabulary().leanings, ids=lambda entry: f"{entry.style}: {entry.say[0]}")
def test_a_leaning_names_the_style_it_is_nearest_to(entry: LeaningWords) -> None:
    assert entry.style in {known.id for known in styles()}
    for phrase in entry.say:
        intent = understand(phrase)
        assert intent.genre == entry.style, phrase
        assert any("nearest" in piece.meaning for piece in intent.understood), phrase


def test_plurals_are_words_too() -> None:
    assert [plural(word) for word in ("kick", "kick drum", "drums", "bass")] == ["kicks", "kick drums", "drums", "bass"]
    assert understand("toms and shakers").only == ("tom", "shaker")
