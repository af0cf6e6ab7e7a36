"""Another style: its drums, sounds and mix under the same tune, chords, key and form."""

import pytest

from hardcore.compose.edits.restyling import restyle
from hardcore.errors import UserError
from hardcore.knowledge.loader import genre
from hardcore.music.chord import parse_chord
from hardcore.project.clip import Automation, AutomationPoint
from hardcore.project.integrity import check
from hardcore.project.notes import Note
from hardcore.project.roles import DRUMS
from hardcore.project.state import ProjectState
from tests.compose.edits.pieces import BAR, BEAT, made_by_hand, part, techno, trance

STYLES = ["house", "drum_and_bass", "reggae", "funk", "ambient", "metal"]


def tune(project: ProjectState) -> list[tuple[int, int]]:
    return [(note.start_ticks, note.pitch % 12) for note in part(project, "lead").clips[0].notes]


def chords(project: ProjectState) -> list[str]:
    """Return the chord of each bar, the one before where none is struck."""
    sources = [clip.provenance.intent for _, clip in project.clips() if clip.provenance]
    told = next(intent["chords_played"] for intent in sources if "chords_played" in intent)
    found: list[str] = []
    for bar in told.split("|"):
        found.append(bar.split()[0] if bar.strip() != "–" else found[-1])
    return found


@pytest.mark.parametrize("style", STYLES)
def test_key_tune_chords_and_length_stay_and_the_parts_are_the_styles(style: str) -> None:
    after = restyle(techno(), style, 3).project
    check(after)
    assert after.key == techno().key and tune(after) == tune(techno())
    assert {clip.length_ticks for _, clip in after.clips()} == {8 * BAR}
    known = genre(style)
    assert known.tempo.low <= after.tempo_map.bpm <= known.tempo.high
    for track in after.tracks:
        if track.kind == "midi" and track.role != "lead":
            assert track.role in known.parts
            assert all(clip.provenance and f'"{style}"' == clip.provenance.intent["genre"] for clip in track.clips)
            assert all(clip.id in after.scenes[0].slots.values() for clip in track.clips)
        if track.role in ("bass", "pad"):
            assert all(after.key.contains(note.pitch) for note in track.clips[0].notes)
    wanted = [set(parse_chord(name).pitch_classes) for name in chords(techno())]
    for track in after.tracks:
        if track.role in ("chords", "pad", "keys"):
            for note in track.clips[0].notes:
                if note.start_ticks % BAR == 0:
                    assert note.pitch % 12 in wanted[note.start_ticks // BAR] or track.role == "keys"


def test_it_is_the_same_piece_with_the_same_tracks_where_they_have_the_same_role() -> None:
    outcome = restyle(techno(), "house", 3)
    assert outcome.project.piece == techno().piece
    for role in ("kick", "bass", "lead", "clap"):
        assert part(outcome.project, role).id == part(techno(), role).id
    assert outcome.said[0] == "style warehouse techno → house"
    assert "lead: the tune as it was" in outcome.said
    assert outcome == restyle(techno(), "house", 3)
    kick = [note.start_ticks % BAR for note in part(outcome.project, "kick").clips[0].notes if note.start_ticks < BAR]
    assert kick == [0, BEAT, 2 * BEAT, 3 * BEAT]


def test_a_song_keeps_its_sections_and_where_its_parts_play() -> None:
    song = trance()
    after = restyle(song, "house", 5).project
    check(after)
    assert after.sections == song.sections
    for role in ("kick", "bass", "lead"):
        old, new = part(song, role), part(after, role)
        assert [(one.start_ticks, one.end_ticks) for one in new.placements] == [
            (one.start_ticks, one.end_ticks) for one in old.placements
        ]


def test_a_waltz_brings_its_meter_and_the_bars_stay_bars() -> None:
    after = restyle(techno(), "waltz", 5).project
    check(after)
    assert after.meter_map.text == "3/4"
    assert {clip.length_ticks for _, clip in after.clips()} == {8 * 3 * BEAT}
    # what stood in the first three beats of a bar stands there
    stays = [note for note in part(techno(), "lead").clips[0].notes if note.start_ticks % BAR < 3 * BEAT]
    assert tune(after)[: len(stays)] and {
        (note.start_ticks // BAR * 3 * BEAT + note.start_ticks % BAR, note.pitch % 12) for note in stays
    } <= set(tune(after))


def test_what_was_made_by_hand_is_the_tune() -> None:
    hand = made_by_hand({"bass": [Note(at, 960, 41) for at in range(0, 2 * BAR, BEAT)], "kick": [Note(0, 480, 36)]})
    after = restyle(hand, "house", 2).project
    check(after)
    assert [note.start_ticks for note in part(after, "bass").clips[0].notes] == list(range(0, 2 * BAR, BEAT))
    assert len(part(after, "kick").clips[0].notes) >= 8
    assert any(track.role in DRUMS and track.role != "kick" for track in after.tracks)


def test_levels_of_the_mix_and_the_way_out_are_the_styles_but_what_is_muted_stays_so() -> None:
    muted = techno().with_mixer(part(techno(), "kick").id, mute=True)
    after = restyle(muted, "dub", 2).project
    assert part(after, "kick").mixer.mute
    returns = {track.name for track in after.tracks if track.kind == "return"}
    assert returns == set(genre("dub").mix.returns)
    assert after.master.id == techno().master.id


@pytest.mark.parametrize(("style", "why"), [("warehouse_techno", "it is warehouse techno already"), ("polka", "polka")])
def test_what_cannot_be_is_refused(style: str, why: str) -> None:
    with pytest.raises(UserError, match=why):
        restyle(techno(), style, 1)


def test_a_fade_along_the_song_stays() -> None:
    song = trance()
    points = (AutomationPoint(tick=0, value=-60), AutomationPoint(tick=BAR, value=0))
    fade = Automation(owner="t1", parameter="gain_db", points=points)
    song = song.with_track("t1", lambda track: track.evolve(automation=(fade,)))
    assert restyle(song, "house", 5).project.master.automation == (fade,)
