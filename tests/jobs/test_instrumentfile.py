"""Instruments from files as they sound: layers, loops, pan, tuning, turns; and what a file asks for in vain is said."""

import re
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped,unused-ignore]

from hardcore.errors import UserError
from hardcore.jobs.instrumentfile import presets_in, read_instrument
from hardcore.project import clips, recordings, tracks
from hardcore.project.multisample import Multisample
from hardcore.project.notes import Note
from hardcore.project.recording import decoded_path
from hardcore.project.state import ProjectState, new_project
from tests.audio.soundfonts import INSTRUMENT, KEYS, SAMPLE, VELOCITIES, Preset, Sound, font, span
from tests.engine.sound import Audio, cents, level_db, pitch_hz
from tests.jobs.test_soundfiles import RATE, rendered

# At 120 BPM a beat of 1920 ticks is half a second.
BEAT = 1920


def tone(hz: float, seconds: float = 1.0, rate: int = RATE) -> Audio:
    """Return a sine at −8 dBFS, mono."""
    return (0.4 * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def put(folder: Path, text: str, **sounds: Audio) -> Path:
    """Return an SFZ file in a folder with its sounds beside it."""
    for name, audio in sounds.items():
        soundfile.write(folder / f"{name}.wav", audio, RATE, subtype="FLOAT")
    path = folder / "inst.sfz"
    path.write_text(text)
    return path


def playing(played: Multisample, notes: list[Note], bars: int = 1) -> ProjectState:
    project = new_project("x", seed=1)
    project = project.evolve(tempo_map=project.tempo_map.with_bpm(120))
    project, track = tracks.add_track(project, "x", instrument="multisample")
    project = recordings.set_multisample(project, track, played).with_mixer(track, gain_db=-6.0)
    return clips.add_clip(project, track, "s2", bars * 4 * BEAT, notes)[0]


def heard(played: Multisample, notes: list[Note], folder: Path, bars: int = 1) -> Audio:
    audio, made = rendered(playing(played, notes, bars), folder / "out.wav", listen=False)
    assert made.notes == ()
    return audio


def level_at(audio: Audio, at_s: float, side: int | None = None) -> float:
    part = audio[:, round(at_s * RATE) : round((at_s + 0.05) * RATE)]
    return level_db(part if side is None else part[side])


def test_velocity_layers_and_keys_choose_the_sound(tmp_path: Path) -> None:
    text = """<group> pitch_keytrack=0 ampeg_release=0.01
    <region> sample=soft.wav hivel=63 hikey=59 <region> sample=hard.wav lovel=64 hikey=59
    <region> sample=high.wav lokey=60"""
    path = put(tmp_path, text, soft=tone(300), hard=tone(500), high=tone(900))
    played = read_instrument(path).multisample
    audio = heard(played, [Note(0, 1800, 50, 40), Note(BEAT, 1800, 50, 100), Note(2 * BEAT, 1800, 60, 40)], tmp_path)
    for at_s, hz in ((0.05, 300), (0.55, 500), (1.05, 900)):
        assert abs(cents(pitch_hz(audio, hz, at_s, 0.35), hz)) < 5
        assert level_at(audio, at_s + 0.1) > -40


def test_two_layers_that_cross_are_both_heard_there(tmp_path: Path) -> None:
    text = """<group> pitch_keytrack=0 amp_veltrack=0
    <region> sample=soft.wav xfout_lovel=40 xfout_hivel=80 <region> sample=hard.wav xfin_lovel=40 xfin_hivel=80"""
    path = put(tmp_path, text, soft=tone(300), hard=tone(500))
    notes = [Note(place * BEAT, 1800, 60, velocity) for place, velocity in enumerate((40, 60, 80))]
    audio = heard(read_instrument(path).multisample, notes, tmp_path)

    def partial_db(hz: float, at_s: float) -> float:
        part = audio[0, round(at_s * RATE) : round((at_s + 0.4) * RATE)]
        spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)))) * 4 / len(part)
        return float(20 * np.log10(spectrum[round(hz * 0.4)] + 1e-9))

    full = partial_db(300, 0.05)
    assert partial_db(500, 0.05) < full - 60
    assert partial_db(300, 0.55) == pytest.approx(full - 3.01, abs=0.1)
    assert partial_db(500, 0.55) == pytest.approx(full - 3.01, abs=0.1)
    assert partial_db(500, 1.05) == pytest.approx(full, abs=0.1) and partial_db(300, 1.05) < full - 60


def test_a_loop_goes_on_without_a_seam_in_tune_and_a_held_note_ends_with_its_sound(tmp_path: Path) -> None:
    loop = "loop_mode=loop_continuous loop_start=24000 loop_end=24199"
    for mode, lasts in ((loop, True), ("loop_mode=no_loop", False)):
        played = read_instrument(put(tmp_path, f"<region> sample=a.wav {mode}", a=tone(240))).multisample
        audio = heard(played, [Note(0, 5 * BEAT, 60), Note(6 * BEAT, BEAT, 67)], tmp_path, bars=2)
        assert (level_at(audio, 2.0) > -30) == lasts
        assert level_at(audio, 2.7) < -90, "it is released"
        if lasts:
            assert abs(cents(pitch_hz(audio, 240, 1.2, 1.0), 240)) < 1
            assert abs(cents(pitch_hz(audio, 240 * 2 ** (7 / 12), 3.05, 0.4), 240 * 2 ** (7 / 12))) < 3
            calm = np.abs(np.diff(audio[0, : round(0.4 * RATE)], n=2))[2000:].max()
            assert np.abs(np.diff(audio[0, 2000 : round(2.4 * RATE)], n=2)).max() < 1.05 * calm + 1e-5


def test_a_loop_while_the_key_is_down_goes_on_to_the_end_of_the_sound_afterwards(tmp_path: Path) -> None:
    # Until 0.5 s one tone, then another one that is only heard when the loop is left.
    sound = np.concatenate([tone(240, 0.5), tone(720, 0.5)])
    text = "<region> sample=a.wav loop_mode={} loop_start=12000 loop_end=13999 ampeg_release=4"
    for mode, second in (("loop_sustain", True), ("loop_continuous", False)):
        played = read_instrument(put(tmp_path, text.format(mode), a=sound)).multisample
        audio = heard(played, [Note(0, 2 * BEAT, 60)], tmp_path)
        high = pitch_hz(audio, 720, 1.35, 0.2)
        spectrum = np.abs(np.fft.rfft(audio[0, round(1.35 * RATE) : round(1.55 * RATE)]))
        assert (np.argmax(spectrum) / 0.2 > 600) == second, (mode, high)
        assert abs(cents(pitch_hz(audio, 240, 0.6, 0.35), 240)) < 2
        bend = np.abs(np.diff(audio[0, 2000 : round(1.2 * RATE)], n=2)).max()
        assert bend < 1.1 * np.abs(np.diff(audio[0, 2000:20000], n=2)).max() + 1e-5, "leaving the loop is not heard"


def test_a_one_shot_plays_to_its_end_and_a_cut_ends_it(tmp_path: Path) -> None:
    text = """<region> sample=open.wav key=46 loop_mode=one_shot off_by=1
    <region> sample=shut.wav key=42 group=1 loop_mode=one_shot pan=100"""
    played = read_instrument(put(tmp_path, text, open=tone(400), shut=tone(900, 0.05))).multisample
    alone = heard(played, [Note(0, 100, 46)], tmp_path)
    assert level_at(alone, 0.9) > -30 and level_at(alone, 1.05) < -100
    cut = heard(played, [Note(0, 100, 46), Note(BEAT, 100, 42)], tmp_path)
    assert level_at(cut, 0.4, 0) > -30 and level_at(cut, 0.52, 0) < -90
    assert level_at(cut, 0.5, 1) > -30


def test_turns_tuning_volume_and_pan(tmp_path: Path) -> None:
    text = """<global> seq_length=2 ampeg_release=0.01 key=60
    <region> sample=a.wav seq_position=1 transpose=12 pan=-100
    <region> sample=a.wav seq_position=2 volume=-12 tune=50"""
    played = read_instrument(put(tmp_path, text, a=tone(300))).multisample
    audio = heard(played, [Note(place * BEAT, 1800, 60) for place in range(3)], tmp_path)
    assert abs(cents(pitch_hz(audio, 600, 0.05, 0.35), 600)) < 5
    assert level_at(audio, 0.1, 1) < -100
    assert level_at(audio, 0.6, 0) == pytest.approx(level_at(audio, 0.1, 0) - 12, abs=0.2)
    assert abs(cents(pitch_hz(audio, 309, 0.55, 0.35), 300)) == pytest.approx(50, abs=5)
    assert level_at(audio, 1.1, 0) == pytest.approx(level_at(audio, 0.1, 0), abs=0.2)


def test_what_is_not_done_here_is_left_out_and_said(tmp_path: Path) -> None:
    text = """<control> set_cc4=10
    <group> cutoff=800 fil_type=lpf_2p <region> sample=a.wav <region> sample=a.wav lfo01_freq=3
    <group> trigger=release <region> sample=a.wav <region> sample=a.wav
    <group> <region> sample=gone.wav <region> sample=*sine <region> sample=a.wav locc4=64 <region> sample=a.wav hicc4=64
    <region> sample=a.wav end=-1 <region> sample=a.wav hikey=-1"""
    made = read_instrument(put(tmp_path, text, a=tone(300)))
    assert len(made.multisample.zones) == 3
    said = "\n".join(made.notes)
    assert "2 zones for trigger=release" in said and "1 zone whose file is missing (gone.wav)" in said
    assert "*sine" in said and "1 zone for a controller" in said and "end=-1" in said
    assert made.notes[-1] == "not understood: cutoff ×2, fil_type ×2, lfo01_freq ×1"


def test_a_file_outside_the_folder_is_left_out_like_a_missing_one(tmp_path: Path) -> None:
    (tmp_path.parent / "up.wav").write_bytes(b"never read")
    made = read_instrument(put(tmp_path, "<region> sample=..\\up.wav <region> sample=a.wav", a=tone(300)))
    assert len(made.multisample.zones) == 1
    why = "whose file lies outside its own folder, never opened: ..\\up.wav; --root names its library's"
    assert made.notes == (f"left out: 1 zone {why}",)


def test_a_value_beyond_its_range_is_limited_and_counted(tmp_path: Path) -> None:
    text = "<region> sample=a.wav pan=500 <region> sample=a.wav pan=-101 lovel=-5 <region> sample=a.wav pan=100"
    made = read_instrument(put(tmp_path, text, a=tone(300)))
    assert [zone.pan for zone in made.multisample.zones] == [1.0, -1.0, 1.0]
    assert made.notes == ("kept within its range: pan ×2, lovel ×1",)


def test_keys_are_moved_with_the_whole_file_and_what_is_not_said_is_not(tmp_path: Path) -> None:
    text = "<control> octave_offset=1 note_offset=-2\n<region> sample=a.wav key=c3 <region> sample=a.wav hikey=50"
    first, second = read_instrument(put(tmp_path, text, a=tone(300))).multisample.zones
    assert (first.low_key, first.high_key, first.root_key) == (58, 58, 58)
    assert (second.low_key, second.high_key, second.root_key) == (0, 60, 60)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<region> sample=../a.wav", "nothing to play .*outside its own folder, never opened: ../a.wav"),
        ("<region> sample=/etc/passwd", "outside its own folder, never opened"),
        ("<control> default_path=/etc/\n<region> sample=passwd", "outside its own folder"),
        ("<region> sample=a.wav lokey=h9", "region 1: 'h9' is not a note"),
        ("<region> sample=inst.sfz", "cannot be read as sound"),
        ("<region> sample=gone.wav", "nothing to play"),
        ("", "nothing to play"),
    ],
)
def test_a_file_that_cannot_be_right_ends_in_one_line(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(UserError) as error:
        read_instrument(put(tmp_path, text, a=tone(300)))
    assert re.search(said, error.value.line())


def test_a_loop_in_the_header_of_a_sound_is_used_unless_the_file_says_otherwise(tmp_path: Path) -> None:
    path = put(tmp_path, "<region> sample=a.wav <region> sample=a.wav loop_mode=no_loop", a=tone(240))
    sampler = struct.pack("<9I", 0, 0, 20833, 60, 0, 0, 0, 1, 0) + struct.pack("<6I", 0, 0, 6000, 6199, 0, 0)
    data = (tmp_path / "a.wav").read_bytes() + struct.pack("<4sI", b"smpl", len(sampler)) + sampler
    (tmp_path / "a.wav").write_bytes(data[:4] + struct.pack("<I", len(data) - 8) + data[8:])
    first, second = read_instrument(path).multisample.zones
    assert (first.mode, first.loop_start, first.loop_end) == ("loop", 6000, 6200)
    assert second.mode == "held"


def sf2(folder: Path) -> Path:
    """Return a font: two layers of a stereo pair, and a looped tone that is tuned and cut short."""
    rate = 44_100
    numbers = [(tone(hz, 0.5, rate) * 32767).astype(np.int16) for hz in (441, 630, 882)]
    sounds = [Sound("left", numbers[0], rate, (5000, 5200), 69), Sound("right", numbers[1], rate, (5000, 5140), 69),
              Sound("hard", numbers[2], rate, (1000, 1100), 81, -3)]  # fmt: skip
    pair = [[(17, -500), (SAMPLE, 0)], [(17, 500), (SAMPLE, 1)]]
    looped = [[(54, 1), (38, -2400)], [(VELOCITIES, span(0, 127)), (57, 5), (SAMPLE, 2)]]
    presets = [
        Preset("Pair", 0, 0, [[(INSTRUMENT, 0)]]),
        Preset("Looped", 0, 1, [[(KEYS, span(60, 90)), (48, 300), (51, -12), (8, 6000), (INSTRUMENT, 1)]]),
    ]
    path = folder / "two.sf2"
    path.write_bytes(font(sounds, [pair, looped], presets))
    return path


def test_a_soundfont_lists_its_presets_and_plays_the_first(tmp_path: Path) -> None:
    path = sf2(tmp_path)
    assert presets_in(path) == [(0, 0, "Pair", 2), (0, 1, "Looped", 1)]
    played = read_instrument(path).multisample
    assert played.name == "Pair" and played == read_instrument(path, "0:0").multisample
    audio = heard(played, [Note(0, BEAT, 69)], tmp_path)
    assert abs(cents(pitch_hz(audio[:1], 441, 0.05, 0.3), 441)) < 3
    assert abs(cents(pitch_hz(audio[1:], 630, 0.05, 0.3), 630)) < 3
    left, right = (np.abs(np.fft.rfft(side[4800:14400])) for side in audio)
    assert left.argmax() == round(441 * 0.2) and right.argmax() == round(630 * 0.2), "each side is its own"


def test_a_looped_preset_sounds_in_tune_for_as_long_as_it_is_held(tmp_path: Path) -> None:
    made = read_instrument(sf2(tmp_path), "looped")
    assert made.notes == ("not understood: filter ×1",)
    (zone,) = made.multisample.zones
    assert (zone.low_key, zone.high_key, zone.gain_db, zone.release_s) == (60, 90, -12.0, 0.25)
    assert (zone.group, zone.off_by, zone.tune_cents) == (5, 5, -1203)
    audio = heard(made.multisample, [Note(0, 4 * BEAT, 81)], tmp_path)
    wanted = 441 * 2 ** (-3 / 1200)
    assert abs(cents(pitch_hz(audio, wanted, 1.0, 0.8), wanted)) < 1
    assert level_at(audio, 1.9) > -40
    silent, _ = rendered(playing(made.multisample, [Note(0, BEAT, 59)]), tmp_path / "no.wav", listen=False)
    assert level_db(silent) < -100


def test_the_sounds_of_a_soundfont_stay_in_it_and_are_found_where_it_goes(tmp_path: Path, home: Path) -> None:
    path = sf2(tmp_path)
    played = read_instrument(path).multisample
    project = playing(played, [Note(0, BEAT, 69)])
    before, _ = rendered(project, tmp_path / "a.wav", listen=False)
    made = [decoded_path(key) for key in played.recordings]
    assert all(copy.is_file() and copy.is_relative_to(home) for copy in made)
    for copy in made:
        copy.unlink()
    moved = path.rename(tmp_path / "moved.sf2")
    lost, told = rendered(project, tmp_path / "b.wav", listen=False)
    assert level_db(lost) < -100
    assert len(told.notes) == 2 and "x is silent" in told.notes[0] and "relink" in told.notes[0]
    sha256 = next(iter(played.recordings.values())).sha256
    again, told = rendered(project, tmp_path / "c.wav", listen=False, places={sha256: moved})
    assert told.notes == () and np.array_equal(again, before)
    for copy in made:
        copy.unlink()
    relinked = recordings.relinked(project, {sha256: str(moved)})
    assert np.array_equal(rendered(relinked, tmp_path / "d.wav", listen=False)[0], before)


@pytest.mark.parametrize(("name", "preset", "said"), [
    ("two.sf2", "grand", "no preset 'grand'"), ("two.wav", "", "no instrument file"),
    ("no.sf2", "", "there is no file"), ("inst.sfz", "x", "is one instrument"),
])  # fmt: skip
def test_what_is_not_there_is_said(name: str, preset: str, said: str, tmp_path: Path) -> None:
    sf2(tmp_path)
    put(tmp_path, "<region> sample=a.wav", a=tone(300))
    with pytest.raises(UserError, match=said):
        read_instrument(tmp_path / name, preset)


def test_values_with_units_and_commas_are_read_and_those_that_are_none_are_left_out_and_told(tmp_path: Path) -> None:
    text = """<region> sample=a.wav key=60 volume=-6,5dB ampeg_attack=20ms ampeg_release=0.3 s loop_mode=NO_LOOP
    <region> sample=a.wav key=61 volume=nan loop_mode=twice tune=1e999
    """
    read = read_instrument(put(tmp_path, text, a=tone(300)))
    first, second = read.multisample.zones
    assert (first.gain_db, first.attack_s, first.release_s, first.mode) == (-6.5, 0.02, 0.3, "held")
    assert (second.gain_db, second.mode) == (0, "held")
    (told,) = (note for note in read.notes if "no values" in note)
    assert "volume=nan" in told and "loop_mode=twice" in told


def test_a_library_has_its_sounds_beside_its_instruments_and_nothing_outside_is_opened(tmp_path: Path) -> None:
    library = tmp_path / "library"
    (library / "Samples").mkdir(parents=True)
    (tmp_path / "up.wav").write_bytes(b"never read")
    inner = put(library / "Samples", "", a=tone(300)).parent
    (inner / "Flügel.wav").write_bytes((inner / "a.wav").read_bytes())
    text = """<control> default_path=../Samples/
    <region> sample=a.wav key=60 <region> sample=Flügel.wav key=61 <region> sample=../../up.wav key=62"""
    file = library / "Programs" / "grand.sfz"
    file.parent.mkdir()
    file.write_bytes(text.encode("latin-1"))
    made = read_instrument(file, root=library)
    assert [zone.low_key for zone in made.multisample.zones] == [60, 61]
    assert "1 zone whose file lies outside" in made.notes[0] and "up.wav" in made.notes[0]
    with pytest.raises(UserError, match="nothing to play"):
        read_instrument(file)
    with pytest.raises(UserError, match="the instrument is not in"):
        read_instrument(file, root=library / "Samples")


def test_the_packed_sounds_of_an_sf3_are_decoded_and_sound_in_tune(tmp_path: Path, home: Path) -> None:
    at = np.arange(44_100) / 44_100
    tone = Sound("a", (16_000 * np.sin(2 * np.pi * 441 * at)).astype(np.int16), 44_100, loop=(4_000, 40_000), root=69)
    zones = [[[(54, 1), (SAMPLE, 0)]]]
    presets = [Preset("Packed", 0, 0, [[(INSTRUMENT, 0)]])]
    path = tmp_path / "small.sf3"
    path.write_bytes(font([tone], zones, presets, packed=True))
    assert presets_in(path) == [(0, 0, "Packed", 1)]
    played = read_instrument(path).multisample
    (zone,) = played.zones
    assert (zone.loop_start, zone.loop_end, zone.recording.frames) == (4_000, 40_000, 44_100)
    audio = heard(played, [Note(0, 4 * BEAT, 69)], tmp_path)
    assert abs(cents(pitch_hz(audio, 441, 0.5, 1.2), 441)) < 1, "in tune, past the end of the sound"
    (copy,) = [decoded_path(key) for key in played.recordings]
    assert copy.is_file() and copy.is_relative_to(home)


def test_packed_sounds_that_are_none_are_refused_in_words(tmp_path: Path) -> None:
    tone = Sound("a", np.zeros(4_000, np.int16), 44_100)
    zones, presets = [[[(SAMPLE, 0)]]], [Preset("Packed", 0, 0, [[(INSTRUMENT, 0)]])]
    data = font([tone], zones, presets, packed=True)
    (tmp_path / "noise.sf3").write_bytes(data.replace(b"OggS", b"Oops"))
    with pytest.raises(UserError, match=r"a in noise\.sf3"):
        read_instrument(tmp_path / "noise.sf3")


@pytest.mark.soak
def test_a_packed_sound_that_is_longer_than_any_sample_is_refused(tmp_path: Path) -> None:
    zones, presets = [[[(SAMPLE, 0)]]], [Preset("Packed", 0, 0, [[(INSTRUMENT, 0)]])]
    hour = Sound("a", np.zeros(8_000 * 1300, np.int16), 8_000)
    (tmp_path / "long.sf3").write_bytes(font([hour], zones, presets, packed=True))
    with pytest.raises(UserError, match=r"a in long\.sf3"):
        read_instrument(tmp_path / "long.sf3")
