"""Follow-ups as newcomers type them: each edits the piece or is refused in one line, and none throws it away."""

from functools import cache

import pytest

from hardcore.compose.followup import FollowUp, follow, is_followup
from hardcore.compose.producer import compose
from hardcore.compose.prompt import understand
from hardcore.project import devices
from hardcore.project.roles import DRUMS
from hardcore.project.state import ProjectState, new_project
from hardcore.project.track import Track


@cache
def house() -> ProjectState:
    """Return a house piece with ten parts, in C minor."""
    return compose(understand("house 124 bpm, C minor, 4 bars"), 4)


def part(project: ProjectState, role: str) -> Track:
    return next(track for track in project.tracks if track.role == role)


def done(text: str, project: ProjectState | None = None) -> FollowUp:
    """Return a follow-up that was taken as one, changed something and was understood."""
    assert is_followup(text)
    result = follow(project or house(), text, 3)
    assert result.changes, result.ignored
    assert result.ignored == ()
    return result


def effects(project: ProjectState, role: str) -> list[str]:
    return [effect.device for effect in part(project, role).effects]


@pytest.mark.parametrize(("text", "bpm"), [("make it 174 bpm", 174), ("speed 128", 128), ("make it 99", 99)])
def test_a_tempo_is_set(text: str, bpm: float) -> None:
    assert done(text).project.tempo_map.bpm == bpm


@pytest.mark.parametrize("text", ["make it slow", "slow", "more slow"])
def test_slow_is_slower(text: str) -> None:
    assert done(text).project.tempo_map.bpm < 124


def test_length_and_meter_are_set() -> None:
    long = done("make it 16 bars").project
    assert part(long, "kick").clips[0].length_ticks == 16 * long.meter_map.bar_ticks()
    assert done("switch to 3/4").project.meter_map.text == "3/4"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("key change to D minor", "D minor"),
        ("change to major", "C major"),
        ("go to minor", "C minor"),
        ("transpose up 2", "D minor"),
        ("transpose down 2", "Bb minor"),
    ],
)
def test_a_key_is_set(text: str, key: str) -> None:
    project = done("in C major").project if text == "go to minor" else house()
    assert done(text, project).project.key.name == key


def test_only_what_is_named_is_transposed() -> None:
    moved = done("transpose the lead down 2").project
    assert moved.key == house().key
    old, new = (part(project, "lead").clips[0].notes for project in (house(), moved))
    assert [note.pitch for note in new] == [note.pitch - 2 for note in old]


def hits(project: ProjectState) -> int:
    return sum(len(track.clips[0].notes) for track in project.tracks if track.role in DRUMS)


def test_half_time_thins_the_drums_and_double_time_doubles_them() -> None:
    assert hits(done("half time").project) < hits(house())
    assert hits(done("double time").project) == 2 * hits(house())


@pytest.mark.parametrize(
    ("text", "role", "device"),
    [
        ("put a chorus on the chords", "chords", "chorus"),
        ("phaser on the pad", "pad", "phaser"),
        ("flanger on the chords", "chords", "flanger"),
        ("filter sweep on the pad", "pad", "filter"),
        ("compress the bass", "bass", "compressor"),
        ("bitcrush the lead", "lead", "bitcrusher"),
        ("sidechain the lead to the kick", "lead", "sidechain"),
        ("add tremolo to the lead", "lead", "tremolo"),
    ],
)
def test_an_effect_is_put_on_a_part_and_taken_off(text: str, role: str, device: str) -> None:
    before = effects(house(), role)
    wet = done(text).project
    assert sorted(effects(wet, role)) == sorted([*before, device])
    name = "bitcrusher" if device == "bitcrusher" else devices.effect(device).name.split()[0]
    name = "filter sweep" if device == "filter" else "sidechain" if device == "sidechain" else name
    dry = follow(wet, f"no {name} on the {role}", 3)
    assert effects(dry.project, role) == before, dry
    assert [track.id for track in wet.tracks] == [track.id for track in house().tracks]


def test_every_effect_of_the_catalogue_can_be_asked_for() -> None:
    for effect in devices.effects().values():
        if effect.id in ("reverb", "delay", "drive", "width", "utility"):
            continue  # sends and settings of their own; a utility has no sound
        result = follow(house(), f"put a {effect.name} on the pad", 3)
        had = effect.id in effects(house(), "pad")
        assert had or effect.id in effects(result.project, "pad") or result.changes, (effect.id, result)


def test_an_effect_is_turned_up_and_down() -> None:
    wet = done("chorus on the pad").project

    def mix(project: ProjectState) -> float:
        return next(effect for effect in part(project, "pad").effects if effect.device == "chorus").value("mix")

    more = done("more chorus on the pad", wet).project
    less = done("less chorus on the pad", wet).project
    assert mix(less) < mix(wet) < mix(more)
    assert follow(house(), "less chorus on the pad", 3).ignored == ("pad has no chorus",)


def test_an_effect_without_a_part_asks_for_one() -> None:
    assert follow(house(), "add a phaser", 3).ignored == ("say on what: phaser on the bass",)


def test_the_bass_is_distorted() -> None:
    bass = part(done("distort the bass").project, "bass")
    before = part(house(), "bass")
    assert bass.instrument is not None
    assert before.instrument is not None
    assert bass.instrument.value("drive") > before.instrument.value("drive")


def test_a_delay_is_sent_to() -> None:
    def send(project: ProjectState) -> float:
        bus = next(track for track in project.tracks if track.name == "delay")
        return next((send.gain_db for send in part(project, "chords").sends if send.target == bus.id), -96)

    assert send(done("put a delay on the chords").project) > send(house())
    assert send(done("less delay on the chords").project) < send(house())
    assert send(done("no delay on the chords").project) == -96


@pytest.mark.parametrize("text", ["change the bass to acid", "make the bass acid", "acid bass please"])
def test_the_bass_becomes_another_instrument(text: str) -> None:
    result = done(text).project
    assert [track.instrument.device for track in result.tracks if track.role == "bass" and track.instrument] == [
        "acid303"
    ]


@pytest.mark.parametrize(("text", "hz"), [("tune the kick to F", 87.31), ("tune the kick to F#", 46.25)])
def test_a_kick_is_tuned_to_a_note(text: str, hz: float) -> None:
    kick = part(done(text).project, "kick")
    assert kick.instrument is not None
    assert kick.instrument.value("tune") in (pytest.approx(hz, rel=0.01), pytest.approx(hz * 2, rel=0.01))


def test_what_plays_the_key_is_not_tuned() -> None:
    result = follow(house(), "tune the bass to F", 3)
    assert result.project == house()
    assert "plays the notes of the key" in result.ignored[0]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("bass +100 dB", "100 dB is out of range (a fader goes from -60 to 12 dB)"),
        ("kick to 40 db", "40 dB is out of range (a fader goes from -60 to 12 dB)"),
    ],
)
def test_a_level_out_of_range_is_refused_with_the_range(text: str, why: str) -> None:
    assert is_followup(text)
    result = follow(house(), text, 3)
    assert (result.project, result.ignored) == (house(), (why,))


def test_a_share_of_a_level_is_decibels() -> None:
    before = part(house(), "kick").mixer.gain_db
    assert part(done("kick 200%").project, "kick").mixer.gain_db == pytest.approx(before + 6, abs=0.05)
    assert part(done("kick 50 %").project, "kick").mixer.gain_db == pytest.approx(before - 6, abs=0.05)
    assert part(done("kick 0%").project, "kick").mixer.mute


@pytest.mark.parametrize("text", ["hats back", "bring the hats back", "bring back the hats"])
def test_what_is_muted_comes_back(text: str) -> None:
    silent = done("mute the hats").project
    assert done(text, silent).project == house()
    assert follow(house(), text, 3).project == house()


@pytest.mark.parametrize(
    ("text", "role", "device"),
    [
        ("with strings", "pad", "strings"),
        ("add strings", "pad", "strings"),
        ("with a counter-melody", "pluck", "pluck"),
        ("sub bass please", "sub", "sub"),
        ("a harp", "pluck", "harp"),
        ("with a trumpet and a harp", "pluck", "harp"),
    ],
)
def test_a_part_that_is_named_is_added(text: str, role: str, device: str) -> None:
    project = done(text).project
    new = [track for track in project.tracks if track.id not in {old.id for old in house().tracks}]
    assert (role, device) in [(track.role, track.instrument.device) for track in new if track.instrument]
    assert [track for track in project.tracks if track not in new] == list(house().tracks)


@pytest.mark.parametrize(
    ("text", "role", "trait"),
    [
        ("four on the floor", "kick", "four on the floor"),
        ("rolling hats", "hat_closed", "rolling"),
        ("syncopate the bass", "bass", "syncopated"),
        ("rolling bass", "bass", "rolling"),
    ],
)
def test_a_part_that_is_there_is_played_as_described(text: str, role: str, trait: str) -> None:
    result = done(text)
    source = part(result.project, role).clips[0].provenance
    assert source is not None
    assert trait in source.intent["traits"]
    assert all("made anew" in line for line in result.changes)


def test_a_part_that_is_there_is_coloured_as_described() -> None:
    result = done("dark bass")
    assert result.changes[0].startswith("bass: low-pass")


@pytest.mark.parametrize("text", ["more jazzy", "make it jazzy", "jazzier"])
def test_jazzy_is_about_the_chords(text: str) -> None:
    assert done(text).project == done("jazzier").project


@pytest.mark.parametrize(
    "text", ["add a techno kick", "add acid", "remove the house organ", "mute the breakbeat", "add a funk guitar"]
)
def test_a_style_in_the_name_of_a_part_makes_no_new_piece(text: str) -> None:
    assert is_followup(text)


@pytest.mark.parametrize(
    "text", ["make it house", "a new song", "start over", "a dark track", "i want techno with a lead", "tecno 140"]
)
def test_what_asks_for_a_piece_makes_a_new_one(text: str) -> None:
    assert not is_followup(text)


def test_redo_is_no_edit() -> None:
    result = follow(house(), "redo", 3)
    assert result.project == house()
    assert "/redo" in result.ignored[0]
    assert done("redo the bass").changes[0].startswith("bass: made anew")


def test_chords_are_played_as_they_are_typed() -> None:
    result = done("chords Am F C G")
    assert result.changes == ("chords: Am | F | C | G", "key C minor → A minor, which holds them")
    assert result.project.key.name == "A minor"
    held = {note.pitch % 12 for note in part(result.project, "pad").clips[0].notes if note.start_ticks < 7680}
    assert held <= {9, 0, 4}
    again = done("progression: i VI III VII", result.project)
    assert again.changes == ("chords: Am | F | C | G",)


def levels(project: ProjectState) -> dict[str, float]:
    return {track.name: track.mixer.gain_db for track in project.tracks}


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("too dark", "brighter"),
        ("not too dark", "brighter"),
        ("not dark enough", "darker"),
        ("too slow", "faster"),
        ("not fast enough", "faster"),
        ("too busy", "sparser"),
        ("the bass is too quiet", "louder bass"),
        ("the hats are too loud", "quieter hats"),
        ("the hats are too loud, turn them down", "quieter hats"),
        ("slower by 10", "114 bpm"),
        ("double the length", "8 bars"),
        ("add 4 bars", "8 bars"),
        ("8 bars longer", "12 bars"),
        ("2 bars shorter", "2 bars"),
        ("turn it up", "louder"),
        ("bass -3", "bass down 3 db"),
        ("kick off", "mute the kick"),
        ("give it some swing", "more swing"),
        ("remove everything but the drums", "only the drums"),
        ("mute everything except the bass", "solo the bass"),
        ("everything but the drums", "mute the drums"),
    ],
)
def test_this_means_the_same_as_that(text: str, other: str) -> None:
    assert done(text).project == done(other).project


def test_a_part_that_is_named_by_its_instrument_is_no_other_part() -> None:
    for text in ("remove the strings", "mute the trumpet", "more cowbell", "quieter piano"):
        assert is_followup(text)
        result = follow(house(), text, 3)
        assert result.project == house(), result.changes
        assert result.ignored[0].startswith("there ")
    louder = levels(done("louder organ").project)
    assert {name for name in louder if louder[name] != levels(house())[name]} == {"lead"}


def test_what_is_not_known_beside_a_part_makes_no_new_piece() -> None:
    assert is_followup("flurb the bass")
    assert follow(house(), "flurb the bass", 3).ignored[0] == "flurb"


def test_a_break_that_is_asked_for_is_played_though_there_is_a_snare() -> None:
    jungle = compose(understand("drum and bass, 2 bars"), 4)
    result = done("add a break", jungle)
    assert result.changes[0].startswith("snare: made anew (broken, jungle)")
    assert follow(result.project, "add a break", 3).ignored == ("there is a break already (say: another break)",)


def test_a_filter_sweep_moves() -> None:
    for text in ("filter sweep on the pad", "put a filter sweep on the pad"):
        effect = next(effect for effect in part(done(text).project, "pad").effects if effect.device == "filter")
        assert effect.value("lfo_depth") > 0


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("change the key to D", "in D minor"),
        ("put the kick at -6 db", "kick to -6 db"),
        ("pitch the lead up 3", "transpose the lead up 3 semitones"),
        ("stop the drums", "mute the drums"),
        ("give me strings", "add strings"),
    ],
)
def test_this_way_to_say_it_is_understood(text: str, other: str) -> None:
    assert done(text).project == done(other).project


@pytest.mark.parametrize("text", ["change the tempo", "change the key", "change the reverb"])
def test_a_change_without_a_direction_is_refused(text: str) -> None:
    assert is_followup(text)
    result = follow(house(), text, 3)
    assert (result.project, result.ignored) == (house(), (f"{text} (say to what)",))


def test_what_is_wished_of_typed_chords_colours_them() -> None:
    result = done("chords Am F C G and jazzier")
    assert result.changes[0].startswith("chords: Am | F | C | G")
    assert "Am9" in result.changes[-1]


def test_chords_that_cannot_be_played_leave_the_piece() -> None:
    by_hand = new_project()
    assert follow(by_hand, "chords Am F C G", 1).project == by_hand


@pytest.mark.timeout(20)
@pytest.mark.parametrize("text", ["A-" * 8000, "transpose " + "x " * 8000 + "2", "chords " * 8000])
def test_hostile_lengths_are_read_in_time(text: str) -> None:
    is_followup(text)
