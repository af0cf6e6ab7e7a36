"""Follow-ups edit what exists: each moves what it says, says it with figures, and leaves the rest alone."""

from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardcore.compose.edits.density import doubled
from hardcore.compose.edits.ghosts import GHOST_VELOCITY
from hardcore.compose.edits.movement import spread, travel
from hardcore.compose.edits.swing import percent_of
from hardcore.compose.followup import EDITS, FollowUp, follow, is_followup
from hardcore.compose.intent import Intent
from hardcore.compose.producer import compose
from hardcore.compose.prompt import understand
from hardcore.errors import UserError
from hardcore.knowledge.vocabulary import vocabulary
from hardcore.music.scale import Key
from hardcore.project import clips, devices
from hardcore.project.notes import Note, NoteBlock
from hardcore.project.roles import DRUMS
from hardcore.project.state import ProjectState, new_project
from hardcore.project.track import Track
from hardcore.project.tracks import add_track

PROMPT = "warehouse techno, 138 bpm, F minor, rolling bass, lead, snare, pad, chords, 8 bars"


@cache
def base() -> ProjectState:
    """Return a project with drums, bass, lead, pad, chords."""
    return compose(understand(PROMPT), 7)


def one(project: ProjectState, role: str) -> Track:
    """Return the first track of a role."""
    return next(track for track in project.tracks if track.role == role)


def said(text: str, project: ProjectState | None = None, seed: int = 3) -> FollowUp:
    """Return a follow-up that changed something and was understood."""
    before = project or base()
    result = follow(before, text, seed)
    assert result.changes, result.ignored
    assert result.ignored == ()
    assert result.project != before
    return result


def setting(role: str, parameter: str) -> Callable[[ProjectState], float]:
    def value(project: ProjectState) -> float:
        instrument = one(project, role).instrument
        assert instrument is not None
        return instrument.value(parameter)

    return value


def notes(role: str) -> Callable[[ProjectState], float]:
    return lambda project: sum(note.ratchet for clip in one(project, role).clips for note in clip.notes)


def ghosts(role: str) -> Callable[[ProjectState], float]:
    return lambda project: sum(note.velocity < GHOST_VELOCITY for note in one(project, role).clips[0].notes)


def fader(role: str) -> Callable[[ProjectState], float]:
    return lambda project: one(project, role).mixer.gain_db


def send(role: str, bus: str = "reverb") -> Callable[[ProjectState], float]:
    def level(project: ProjectState) -> float:
        target = project.find_track(bus).id
        return next((send.gain_db for send in one(project, role).sends if send.target == target), -96.0)

    return level


def moved(role: str) -> Callable[[ProjectState], float]:
    return lambda project: travel(one(project, role).clips[0].notes)


def held(role: str) -> Callable[[ProjectState], float]:
    return lambda project: sum(note.length_ticks for note in one(project, role).clips[0].notes)


def lowest(role: str) -> Callable[[ProjectState], float]:
    return lambda project: min(note.pitch for note in one(project, role).clips[0].notes)


def loose(project: ProjectState) -> float:
    return sum(abs(note.offset_ticks) for _, clip in project.clips() for note in clip.notes)


def hardness(project: ProjectState) -> float:
    return sum(note.velocity for note in one(project, "kick").clips[0].notes)


def bpm(project: ProjectState) -> float:
    return project.tempo_map.bpm


def panned(role: str) -> Callable[[ProjectState], float]:
    return lambda project: one(project, role).mixer.pan


def bars(project: ProjectState) -> float:
    return one(project, "kick").clips[0].length_ticks / project.meter_map.bar_ticks()


def velocity_spread(role: str) -> Callable[[ProjectState], float]:
    return lambda project: spread(one(project, role).clips[0].notes)


# text, what it must move, which way
MOVES: list[tuple[str, Callable[[ProjectState], float], int]] = [
    ("darker", setting("bass", "cutoff"), -1),
    ("darker", setting("hat_closed", "tone"), -1),
    ("brighter", setting("bass", "cutoff"), 1),
    ("a darker bass", setting("bass", "cutoff"), -1),
    ("make it dark", setting("bass", "cutoff"), -1),
    ("make the bass bright", setting("bass", "cutoff"), 1),
    ("more swing", percent_of, 1),
    ("more groove", percent_of, 1),
    ("less swing", percent_of, -1),
    ("straighter", percent_of, -1),
    ("swing 58", percent_of, 1),
    ("straight", percent_of, -1),
    ("no swing", percent_of, -1),
    ("double the hats", notes("hat_closed"), 1),
    ("twice as many hats", notes("hat_closed"), 1),
    ("half the hats", notes("hat_closed"), -1),
    ("halve the claps", notes("clap"), -1),
    ("more hats", notes("hat_closed"), 1),
    ("fewer hats", notes("hat_closed"), -1),
    ("denser", notes("hat_closed"), 1),
    ("busier bass", notes("bass"), 1),
    ("sparser", notes("hat_closed"), -1),
    ("thin out the hats", notes("hat_closed"), -1),
    ("give the bass more movement", moved("bass"), 1),
    ("less movement in the bass", moved("bass"), -1),
    ("more melodic lead", moved("lead"), 1),
    ("more movement in the hats", velocity_spread("hat_closed"), 1),
    ("same but 150", bpm, 1),
    ("150", bpm, 1),
    ("120 bpm", bpm, -1),
    ("faster", bpm, 1),
    ("slower", bpm, -1),
    ("5 bpm faster", bpm, 1),
    ("10% slower", bpm, -1),
    ("double the tempo", bpm, 1),
    ("louder bass", fader("bass"), 1),
    ("bass down 3 db", fader("bass"), -1),
    ("kick up a bit", fader("kick"), 1),
    ("turn the hats down", fader("hat_closed"), -1),
    ("quieter clap", fader("clap"), -1),
    ("less bass", fader("bass"), -1),
    ("kick to -6 db", fader("kick"), -1),
    ("louder", lambda project: project.master.mixer.gain_db, 1),
    ("more reverb", send("clap"), 1),
    ("more reverb on the clap", send("clap"), 1),
    ("more space", send("clap"), 1),
    ("wetter lead", send("lead"), 1),
    ("drier", send("clap"), -1),
    ("no reverb on the clap", send("clap"), -1),
    ("more delay on the clap", send("clap", "delay"), 1),
    ("more drive", setting("bass", "drive"), 1),
    ("more distortion on the bass", setting("bass", "drive"), 1),
    ("dirtier", setting("kick", "drive"), 1),
    ("cleaner", setting("kick", "drive"), -1),
    ("more distortion on the clap", lambda project: len(one(project, "clap").effects), 1),
    ("more ghost notes", ghosts("snare"), 1),
    ("more ghost notes on the clap", ghosts("clap"), 1),
    ("tighter", loose, -1),
    ("looser", loose, 1),
    ("tighter kick", setting("kick", "decay"), -1),
    ("more energy", hardness, 1),
    ("harder", hardness, 1),
    ("calmer", hardness, -1),
    ("shorter notes", held("bass"), -1),
    ("longer notes on the bass", held("bass"), 1),
    ("longer hats", setting("hat_closed", "decay"), 1),
    ("lead an octave up", lowest("lead"), 1),
    ("octave down on the lead", lowest("lead"), -1),
    ("transpose the lead up 2 semitones", lowest("lead"), 1),
    ("pan the hats left", panned("hat_closed"), -1),
    ("pan the hats hard right", panned("hat_closed"), 1),
    ("hats a bit to the left", panned("hat_closed"), -1),
    ("wider lead", setting("lead", "width"), 1),
    ("narrower pad", setting("pad", "width"), -1),
    ("16 bars", bars, 1),
    ("4 bars", bars, -1),
    ("make it longer", bars, 1),
    ("make it shorter", bars, -1),
    ("a dirtier and darker bass", setting("bass", "cutoff"), -1),
    ("darker and faster", bpm, 1),
    ("mute the lead, 150 and more swing", percent_of, 1),
]  # fmt: skip


@pytest.mark.parametrize(("text", "measure", "way"), MOVES, ids=[row[0] for row in MOVES])
def test_a_follow_up_moves_what_it_says(text: str, measure: Callable[[ProjectState], float], way: int) -> None:
    before, after = measure(base()), measure(said(text).project)
    assert (after - before) * way > 0, (before, after)


@pytest.mark.parametrize("text", dict.fromkeys(row[0] for row in MOVES))
def test_what_moves_is_in_range_and_the_same_every_time(text: str) -> None:
    result = said(text)
    assert result == said(text)
    assert ProjectState.model_validate_json(result.project.model_dump_json()) == result.project
    assert base() == compose(understand(PROMPT), 7)
    assert is_followup(text)
    assert any(letter.isdigit() for line in result.changes for letter in line) or "muted" in result.changes[0]


def test_twice_the_hats_is_exactly_twice_on_a_finer_grid() -> None:
    before, after = (one(project, "hat_closed").clips[0] for project in (base(), said("double the hats").project))
    assert len(after.notes) == 2 * len(before.notes)
    assert {note.start_ticks for note in before.notes} <= {note.start_ticks for note in after.notes}
    assert all(note.start_ticks < after.length_ticks for note in after.notes)
    assert one(base(), "hat_open") == one(said("double the hats").project, "hat_open")


def test_a_doubled_hit_is_halfway_to_the_next_and_softer() -> None:
    notes = doubled(NoteBlock.of([Note(0, 400, 42, 100), Note(480, 400, 42, 100), Note(1440, 400, 42, 100)]), 1920)
    assert [(note.start_ticks, note.length_ticks, note.velocity) for note in notes] == [
        (0, 240, 100), (240, 240, 80), (480, 400, 100), (960, 400, 80), (1440, 240, 100), (1680, 240, 80),
    ]  # fmt: skip


def test_half_the_doubled_hats_are_the_hats_again() -> None:
    doubled = said("double the hats").project
    halved = said("half the hats", doubled).project
    starts = [[note.start_ticks for note in one(project, "hat_closed").clips[0].notes] for project in (base(), halved)]
    assert starts[0] == starts[1]


def test_another_tempo_leaves_every_clip_the_same_object() -> None:
    after = said("same but 150").project
    assert after.tempo_map.bpm == 150
    for (_, old), (_, new) in zip(base().clips(), after.clips(), strict=True):
        assert old is new


def test_a_delay_in_time_stays_in_time() -> None:
    def beats(project: ProjectState) -> float:
        return next(fx.value("time") for fx in project.find_track("delay").effects) * project.tempo_map.bpm / 60

    assert beats(said("150").project) == pytest.approx(beats(base()), rel=1e-3)


def test_a_part_is_taken_out_and_brought_back() -> None:
    out = said("take out the lead")
    assert one(out.project, "lead").mixer.mute
    assert out.changes == ("lead: muted (bring back the lead)",)
    back = said("bring back the lead", out.project)
    assert back.project == base()


def test_a_removed_part_is_gone() -> None:
    result = said("remove the lead")
    assert all(track.role != "lead" for track in result.project.tracks)
    assert "50 notes" in result.changes[0] or "notes" in result.changes[0]


def test_several_parts_share_a_verb_before_and_after() -> None:
    muted = said("mute the hats and claps").project
    assert [track.role for track in muted.tracks if track.mixer.mute] == ["clap", "hat_closed", "hat_open"]
    louder = said("bass, lead and pad down 2 db").project
    for role in ("bass", "lead", "pad"):
        assert fader(role)(louder) == pytest.approx(fader(role)(base()) - 2)


def test_each_clause_has_its_own_parts() -> None:
    after = said("give the bass more movement and the lead less").project
    assert moved("bass")(after) > moved("bass")(base())
    assert moved("lead")(after) < moved("lead")(base())
    after = said("bass down 3 db, kick up a bit").project
    assert fader("bass")(after) == pytest.approx(fader("bass")(base()) - 3)
    assert fader("kick")(after) == pytest.approx(fader("kick")(base()) + 1.5)


def test_a_named_part_changes_and_the_others_stay_the_same_objects() -> None:
    after = said("darker bass").project
    for old, new in zip(base().tracks, after.tracks, strict=True):
        assert (old is new) == (old.role != "bass")


def test_sweeps_follow_the_setting_they_move() -> None:
    before, after = (one(project, "bass").clips[0].automation for project in (base(), said("darker").project))
    assert before
    assert before[0].parameter == "cutoff"
    assert all(new.value < old.value for old, new in zip(before[0].points, after[0].points, strict=True))


@pytest.mark.parametrize("name", ["A minor", "C# phrygian", "Eb major", "B harmonic minor", "D dorian"])
def test_another_key_keeps_the_degrees_and_stays_in_scale(name: str) -> None:
    target = Key.parse(name)
    after = said(f"in {name} instead").project
    assert after.key == target
    for track, old in base().clips():
        device = devices.instrument(one(base(), track.role or "").instrument.device)  # type: ignore[union-attr]
        new = after.find_clip(old.id)[1]
        if not device.pitched:
            assert old.notes == new.notes
            continue
        assert [note.start_ticks for note in sorted(old.notes)] == [note.start_ticks for note in sorted(new.notes)]
        assert all(target.contains(note.pitch) for note in new.notes if base().key.contains(note.pitch)) or len(
            target.intervals
        ) != len(base().key.intervals)
        assert all(device.low_note <= note.pitch <= device.high_note for note in new.notes)


def test_a_tuned_kick_follows_the_key() -> None:
    assert setting("kick", "tune")(said("in A minor").project) == pytest.approx(55, rel=0.01)
    gabber = compose(understand("gabber 180 bpm, A minor, 4 bars"), 5)
    after = said("in C minor", gabber).project
    assert {note.pitch % 12 for note in one(gabber, "kick").clips[0].notes} != {
        note.pitch % 12 for note in one(after, "kick").clips[0].notes
    }
    assert all(after.key.contains(note.pitch) for note in one(after, "kick").clips[0].notes)


def test_a_tonic_keeps_the_mode_and_a_mode_keeps_the_tonic() -> None:
    assert said("in D instead").project.key.name == "D minor"
    assert said("in phrygian").project.key.name == "F phrygian"


def test_moving_everything_moves_the_key() -> None:
    after = said("transpose everything up 2 semitones").project
    assert after.key.name == "G minor"


@pytest.mark.parametrize(
    "text", ["add a pluck", "add rhodes", "add an organ", "add shakers", "add a rim", "add a sub bass"]
)
def test_an_added_part_fits_the_project(text: str) -> None:
    result = said(text)
    new = [track for track in result.project.tracks if track.id not in {old.id for old in base().tracks}]
    assert len(new) == 1
    track = new[0]
    assert track.clips[0].id in result.project.scenes[0].slots.values()
    assert track.clips[0].length_ticks == one(base(), "kick").clips[0].length_ticks
    assert len(track.clips[0].notes) > 0
    if track.role not in DRUMS:
        assert all(result.project.key.contains(note.pitch) for note in track.clips[0].notes)
    assert [old for old in result.project.tracks if old.id != track.id] == list(base().tracks)
    ids = [track.id for track in result.project.tracks]
    ids += [clip.id for _, clip in result.project.clips()]
    ids += [effect.id for track in result.project.tracks for effect in track.effects]
    assert len(set(ids)) == len(ids)


def test_an_added_part_plays_the_chords_that_are_there() -> None:
    without = said("remove the chords").project
    again = said("add chords", without).project
    assert {note.pitch % 12 for note in one(again, "chords").clips[0].notes} <= {
        pitch % 12 for pitch in base().key.pitch_classes
    }


def test_adding_what_is_muted_brings_it_back() -> None:
    assert said("add the lead", said("mute the lead").project).project == base()


def test_adding_what_is_there_is_told() -> None:
    result = follow(base(), "add a bass", 3)
    assert result.project == base()
    assert "already" in result.ignored[0]


@pytest.mark.parametrize(
    ("text", "role", "device"),
    [
        ("swap the kick for an 808", "kick", "kick808"),
        ("swap the kick for a gabber kick", "kick", "kick_gabber"),
        ("replace the bass with a reese", "bass", "reese"),
        ("change the lead to a hoover", "lead", "hoover"),
        ("make the bass a reese", "bass", "reese"),
        ("use a 909 kick", "kick", "kick909"),
        ("use the 303", "bass", "acid303"),
    ],
)
def test_an_instrument_is_swapped(text: str, role: str, device: str) -> None:
    track = one(said(text).project, role)
    assert track.instrument is not None
    assert track.instrument.device == device
    known = devices.instrument(device)
    assert len(track.clips[0].notes) == len(one(base(), role).clips[0].notes)
    if known.pitched:
        assert all(known.low_note <= note.pitch <= known.high_note for note in track.clips[0].notes)


def test_a_drum_is_not_swapped_for_a_synth() -> None:
    result = follow(base(), "swap the kick for a hoover", 3)
    assert result.project == base()
    assert result.ignored


def test_a_part_is_made_anew_and_the_others_stay() -> None:
    after = said("another bass line").project
    assert one(after, "bass").clips[0].notes != one(base(), "bass").clips[0].notes
    assert one(after, "lead") == one(base(), "lead")
    assert said("another bass line", seed=4).project != after


def test_a_part_can_be_told_how_to_play() -> None:
    after = said("make the bass offbeat").project
    steps = {note.start_ticks % 1920 for note in one(after, "bass").clips[0].notes}
    assert 0 not in steps


def test_solo_and_everything_back() -> None:
    alone = said("just the drums").project
    assert all(track.mixer.solo == (track.role in DRUMS) for track in alone.tracks if track.role)
    assert said("everything back", alone).project == base()


def test_longer_clips_repeat_with_small_differences() -> None:
    old, new = one(base(), "hat_closed").clips[0], one(said("16 bars").project, "hat_closed").clips[0]
    first = [note for note in new.notes if note.start_ticks < old.length_ticks]
    again = [note for note in new.notes if note.start_ticks >= old.length_ticks]
    assert first == list(old.notes)
    assert [note.velocity for note in again] != [note.velocity for note in first]
    assert {note.start_ticks - old.length_ticks for note in again} <= {note.start_ticks for note in first}


def test_another_meter_fills_its_bars() -> None:
    after = said("in 3/4").project
    assert after.meter_map.text == "3/4"
    bar = after.meter_map.bar_ticks()
    kick = one(after, "kick").clips[0]
    assert kick.length_ticks == 8 * bar
    assert {note.start_ticks // bar for note in kick.notes} == set(range(8))


def test_levels_stop_at_their_caps() -> None:
    project, texts = (
        base(),
        ("louder kick", "brighter", "more reverb", "more distortion", "more swing", "more ghost notes"),
    )
    for text in texts:
        for _ in range(14):
            project = follow(project, f"much {text}" if not text.startswith("more") else text, 1).project
    assert one(project, "kick").mixer.gain_db == 12
    assert percent_of(project) <= 75
    assert all(send.gain_db <= 6 for track in project.tracks for send in track.sends)
    steps = one(project, "snare").clips[0].length_ticks // 480
    assert ghosts("snare")(project) <= steps / 2 + 1
    result = follow(project, "louder kick", 1)
    assert result.changes == ()
    assert "12 dB" in result.ignored[0]


def test_a_tempo_out_of_range_is_told() -> None:
    result = follow(base(), "double the tempo, double the tempo", 1)
    assert result.project.tempo_map.bpm == 276
    assert "out of range" in result.ignored[0]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("take out the organ", "there is no organ to take out"),
        ("bring back the bass", "bass is not muted"),
        ("mute the shakers", "there are no shakers to take out"),
        ("take out the trumpet", "there is no trumpet to take out"),
        ("take out the banjo", "banjo (there is no such instrument; a nylon guitar or an organ is near)"),
        ("xyzzy", "xyzzy"),
        ("don't touch the bass", "don't touch bass"),
        ("make it house", "house (another style is a new prompt)"),
        ("900 bpm", "900 bpm (tempo goes from 20 to 400)"),
        ("138", "the tempo is 138 BPM already"),
        ("in F minor", "the key is F minor already"),
        ("double", "say what to double: double the hats"),
    ],
)
def test_what_cannot_be_done_is_told(text: str, why: str) -> None:
    result = follow(base(), text, 3)
    assert result.project == base()
    assert result.changes == ()
    assert why in result.ignored


def test_what_is_not_understood_beside_a_change_is_told() -> None:
    result = follow(base(), "xyzzy louder kick please", 3)
    assert result.ignored == ("xyzzy",)
    assert result.changes


def test_a_track_is_known_by_its_own_name() -> None:
    project, track_id = add_track(base(), "Fred", instrument="pluck")
    assert said("mute Fred", project).project.find_track(track_id).mixer.mute
    assert said("fred down 3 db", project).project.find_track(track_id).mixer.gain_db == -3


def test_follow_ups_work_on_what_was_made_by_hand() -> None:
    project, track_id = add_track(new_project(), "bass", role="bass", instrument="reese")
    project, _ = clips.add_clip(project, track_id, "s2", 7680, [Note(at * 480, 240, 33) for at in range(16)])
    assert moved("bass")(said("give the bass more movement", project).project) > 0
    assert bpm(said("150", project).project) == 150
    added = said("add a kick", project).project
    assert one(added, "kick").clips[0].length_ticks == 7680
    assert follow(project, "another bass line", 1).project == project


EMPTY = ["darker", "more swing", "double the hats", "add a pad", "150", "16 bars", "mute the kick", "more reverb",
         "wider", "tighter", "more energy", "in 3/4", "swap the kick for an 808"]  # fmt: skip


@pytest.mark.parametrize("text", EMPTY)
def test_an_empty_project_is_no_trouble(text: str) -> None:
    result = follow(new_project(), text, 1)
    assert result.changes or result.ignored


@pytest.mark.parametrize("text", ["", "  ", "!!!", "\x00"])
def test_a_text_without_a_word_is_refused(text: str) -> None:
    with pytest.raises(UserError):
        follow(base(), text, 1)
    assert not is_followup(text)


CHANGES = [row[0] for row in MOVES] + [
    "take out the lead", "bring back the lead", "add a pad", "add a dark rhodes", "in A minor instead", "mute the hats",
    "no hats", "without the bass", "drums only", "just the drums", "swap the kick for an 808", "use a 909 kick",
    "make the bass a reese", "another bass line", "new melody", "vary the lead", "something else", "in 3/4", "F minor",
    "in A minor, 150", "everything back", "solo the bass", "remove the pad", "make it faster please",
    "a bit more swing", "more of the reverb", "same but slower", "and now darker", "too much bass",
    "the hats are too loud, turn them down", "rolling bass", "dark", "dark and hypnotic", "dreamy pads and a rhodes",
]  # fmt: skip
PROMPTS = [
    "dark warehouse techno, 138 bpm, F minor, rolling bass", "acid", "gabber 190 bpm, 4 bars", "house",
    "140 bpm techno", "a darker techno track", "faster gabber", "make me a dark techno track",
    "rolling bass, 140", "make it house", "same but drum and bass", "lofi hip hop beat",
    "make me something hypnotic at 140 with ghost notes", "hoover and gabber kick, 180", "ambient, no drums",
    "minimal, 126 bpm, deep bass", "xyzzy", "hello there", "", "🔥", "euphoric supersaw anthem in D major",
    "techno without hats", "give me an acid line over techno", "warm lush pads, 80 bpm", "just techno",
    "a waltz for piano",
]  # fmt: skip


@pytest.mark.parametrize("text", CHANGES)
def test_this_is_a_follow_up(text: str) -> None:
    assert is_followup(text)


@pytest.mark.parametrize("text", PROMPTS)
def test_this_is_a_new_prompt(text: str) -> None:
    assert not is_followup(text)


def test_every_change_of_the_vocabulary_has_an_edit() -> None:
    for entry in (*vocabulary().changes, *vocabulary().things):
        assert entry.change in EDITS, entry.say


_WORDS = st.sampled_from(
    [phrase for entry in (*vocabulary().changes, *vocabulary().things, *vocabulary().signs) for phrase in entry.say]
    + [phrase for entry in (*vocabulary().amounts, *vocabulary().sides) for phrase in entry.say]
    + ["bass", "hats", "lead", "kick", "pad", "the", "and", ",", "150", "3 db", "16 bars", "in A minor", "swing 60",
       "dark", "an 808", "for", "no", "techno", "xyzzy", "reese", "12 semitones", "3/4", "everything", "make it", "30%"]
)  # fmt: skip


@cache
def small() -> ProjectState:
    return compose(Intent(genre="house", bars=1), 2)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.lists(_WORDS, max_size=7).map(" ".join), st.text(max_size=40)))
def test_any_text_gives_a_sound_project_or_a_user_error(text: str) -> None:
    try:
        result = follow(small(), text, 1)
    except UserError:
        return
    is_followup(text)
    ProjectState.model_validate_json(result.project.model_dump_json())
    assert bool(result.changes) == (result.project != small()) or result.changes
