"""What names say: words, types, tempos; and the reference that a project keeps."""

import pytest

from hardcore.errors import UserError
from hardcore.project.soundfacts import (
    SoundFacts,
    SoundFile,
    name_words,
    recording_of,
    said_bpm,
    said_hz,
    said_key,
    said_note,
    said_type,
    sound_name,
)


def facts(kind: str, **more: object) -> SoundFacts:
    return SoundFacts(
        **{"sha256": "a" * 64, "size": 9, "frames": 48000, "rate": 48000, "channels": 1, "type": kind, **more}
    )  # type: ignore[arg-type]


def file(path: str, kind: str, **more: object) -> SoundFile:
    return SoundFile(path, "/s", 9, 1, facts(kind, **more))


def test_a_name_is_taken_apart_into_words() -> None:
    assert name_words("/s/Deep House/DeepKick_01-hard.wav", "/s/Deep House") == ("deep", "house", "kick", "01", "hard")
    assert name_words("/elsewhere/a.wav", "/s") == ("a",)
    assert sound_name("/s/ Big\tKick\x07.wav") == "Big Kick"
    assert sound_name("/s/" + "x" * 300 + ".wav") == "x" * 80
    assert sound_name("/s/\t.wav") == "sound"


@pytest.mark.parametrize(
    ("path", "kind"),
    [("BD_12.wav", "kick"), ("OpenHat.wav", "hat"), ("kick loop 120.wav", "loop"), ("Amen Break.wav", "loop"),
     ("vox_ah.wav", "vocal"), ("x.wav", None), ("bass drum.wav", "bass"), ("Sub Kick.wav", "kick")],
)  # fmt: skip
def test_a_name_says_a_type(path: str, kind: str | None) -> None:
    assert said_type(path) == kind


@pytest.mark.parametrize(
    ("path", "bpm"),
    [("a_174bpm.wav", 174), ("120 BPM top.wav", 120), ("BPM_95_x.wav", 95), ("92.5bpm.wav", 92.5), ("loop 1.wav", None),
     ("9999bpm.wav", None), ("10bpm.wav", None)],
)  # fmt: skip
def test_a_name_says_a_tempo(path: str, bpm: float | None) -> None:
    assert said_bpm(path) == bpm


def test_a_name_outweighs_the_ear_but_a_loop_stays_one() -> None:
    assert file("/s/kick.wav", "bass").type == "kick"
    assert file("/s/kick 120bpm.wav", "loop", bpm=120.0).type == "loop"
    assert file("/s/x.wav", "snare").type == "snare"


@pytest.mark.parametrize(
    ("path", "kind", "hz", "root", "loop"),
    [("x", "kick", 49.0, 36, False), ("x", "snare", None, 38, False), ("x", "bass", 55.0, 33, False),
     ("x", "stab", None, 60, False), ("x", "loop", None, 60, True), ("x", "pad", 443.0, 69, False)],
)  # fmt: skip
def test_drums_lie_where_patterns_play_them_and_tones_on_their_pitch(
    path: str, kind: str, hz: float | None, root: int, loop: bool
) -> None:
    recording = recording_of(file(f"/s/{path}.wav", kind, hz=hz))
    assert (recording.root_note, recording.loop, recording.name) == (root, loop, path)


def test_a_file_that_could_not_be_used_is_no_recording() -> None:
    with pytest.raises(UserError, match="it is silent"):
        recording_of(SoundFile("/s/x.wav", "/s", 9, 1, None, "it is silent"))


@pytest.mark.parametrize(
    ("path", "note"),
    [("saw_A2.wav", 45), ("Pad F#3.wav", 54), ("bass-Bb1 (2).wav", 34), ("stab_Cmin.wav", 60), ("Amin pluck.wav", 57),
     ("lead_C-1.wav", None), ("Break 2.wav", None), ("A Kick.wav", None), ("vox_Ebm.wav", 63), ("Gs4.wav", 68),
     ("Am_Break_B.wav", 57), ("TR808A2x.wav", None), ("C9.wav", 120), ("G9.wav", 127), ("B9.wav", None)],
)  # fmt: skip
def test_a_name_says_a_note(path: str, note: int | None) -> None:
    # a dash parts words, so C-1 is a C and a 1
    assert said_note(path) == note


def test_a_name_says_a_key_and_a_frequency() -> None:
    assert [key and key.name for key in map(said_key, ("loop_F#m.wav", "Bb major.wav", "Amaj7.wav", "Dub.wav"))] == [
        "F# minor", "Bb major", "A major", None,
    ]  # fmt: skip
    assert [said_hz(name) for name in ("BD_50hz.wav", "kick 49.5 Hz.wav", "hz.wav", "9hz.wav", "50hzx.wav")] == [
        50, 49.5, None, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "kind", "hz", "root"),
    [
        ("/s/saw_A2.wav", "perc", 110.0, 45), ("/s/x.wav", "perc", 110.0, 45), ("/s/x.wav", "kick", 55.0, 33),
        # octaves are heard, fifths are known by the name, and where nothing is heard the name is all there is
        ("/s/saw_A3.wav", "stab", 110.0, 45), ("/s/saw_A2.wav", "stab", 330.0, 45), ("/s/saw_A2.wav", "fx", None, 45),
        ("/s/x.wav", "snare", None, 38), ("/s/x.wav", "fx", None, 60), ("/s/tom_50hz.wav", "perc", None, 31),
    ],
)  # fmt: skip
def test_for_a_melodic_part_a_sound_lies_on_its_own_pitch_whatever_it_is(
    path: str, kind: str, hz: float | None, root: int
) -> None:
    assert recording_of(file(path, kind, hz=hz), pitched=True).root_note == root


def test_for_a_drum_part_a_drum_lies_where_patterns_play_it() -> None:
    assert recording_of(file("/s/saw_A2.wav", "perc", hz=110.0)).root_note == 75
