"""Tags: read back from the files by mutagen, and from WAV by a reader of the tests' own."""

import struct
from pathlib import Path

import mutagen
import pytest

from hardcore.audio.files import write
from hardcore.audio.tags import Tags, clean
from tests.audio import riff
from tests.audio.sounds import RATE, noise
from tests.audio.test_files import TAGS


@pytest.mark.parametrize("ending", ["flac", "ogg"])
def test_vorbis_comments_say_everything(tmp_path: Path, ending: str) -> None:
    write(tmp_path / f"a.{ending}", noise(0.3), RATE, tags=TAGS)
    found = {name: values[0] for name, values in mutagen.File(tmp_path / f"a.{ending}").tags.as_dict().items()}
    assert found == {
        "title": "Förste · 工業",
        "artist": "me",
        "bpm": "137.5",
        "key": "F minor",
        "initialkey": "Fm",
        "prompt": "dark warehouse techno",
        "seed": "7",
        "bars": "8",
        "loop": "1",
        "comment": "dark warehouse techno · 137.5 bpm · F minor · 8 bars · seed 7",
        "encoder": "hardcore 0.1.0",
    }


def test_id3_says_everything_in_its_own_frames(tmp_path: Path) -> None:
    write(tmp_path / "a.mp3", noise(0.3), RATE, tags=TAGS)
    found = mutagen.File(tmp_path / "a.mp3").tags
    assert found.version == (2, 4, 0)
    texts = {name: frame.text[0] for name, frame in found.items()}
    assert texts["TIT2"] == "Förste · 工業"
    assert (texts["TPE1"], texts["TBPM"], texts["TKEY"]) == ("me", "138", "Fm")
    assert (texts["TXXX:prompt"], texts["TXXX:seed"], texts["TXXX:bpm"]) == ("dark warehouse techno", "7", "137.5")
    assert texts["COMM::eng"].endswith("seed 7")
    # no ID3v1 block at the end: it would cut the title and has a year
    assert (tmp_path / "a.mp3").read_bytes()[-128:-125] != b"TAG"


def test_empty_tags_write_nothing_but_the_program(tmp_path: Path) -> None:
    write(tmp_path / "a.flac", noise(0.1), RATE)
    assert mutagen.File(tmp_path / "a.flac").tags.as_dict() == {"encoder": ["hardcore"]}


def chunks(path: Path, tags: Tags, **options: str) -> dict[str, bytes]:
    """Write a tenth of a second with `tags` and return the chunks of the file by name."""
    write(path / "a.wav", noise(0.1), RATE, tags=tags, **options)  # type: ignore[arg-type]
    found = riff.chunks((path / "a.wav").read_bytes())
    assert len({name for name, _ in found}) == len(found)
    return dict(found)


def test_a_loop_carries_acid_and_loop_points(tmp_path: Path) -> None:
    found = chunks(tmp_path, TAGS)
    flags, root, _, _, beats, lower, upper, bpm = struct.unpack("<IHHfIHHf", found["acid"])
    assert (flags, root, beats, upper, lower, bpm) == (6, 65, 32, 4, 4, 137.5)
    words = struct.unpack("<9I6I", found["smpl"])
    assert words[2:4] == (round(1e9 / RATE), 65)
    assert words[7] == 1 and words[9:] == (0, 0, 0, 4799, 0, 0)


def test_a_song_with_a_tail_is_a_one_shot_without_loop_points(tmp_path: Path) -> None:
    found = chunks(tmp_path, Tags(tempo_bpm=120, bars=2, meter=(6, 8)))
    flags, root, _, _, beats, lower, upper, _ = struct.unpack("<IHHfIHHf", found["acid"])
    assert (flags, root, beats, upper, lower) == (1, 60, 6, 6, 8)
    assert struct.unpack("<9I", found["smpl"])[7] == 0


def test_without_a_tempo_there_is_no_acid_chunk(tmp_path: Path) -> None:
    assert "acid" not in chunks(tmp_path, Tags(title="a"))


def test_the_broadcast_chunk_describes_and_does_not_date(tmp_path: Path) -> None:
    body = chunks(tmp_path, TAGS)["bext"]
    assert body[:256].rstrip(b"\0") == b"dark warehouse techno, 137.5 bpm, F minor, 8 bars, seed 7"
    assert body[256:288].rstrip(b"\0") == b"hardcore 0.1.0"
    assert not any(body[288:346])
    assert struct.unpack("<H", body[346:348]) == (1,)
    assert not any(body[348:602])
    assert body[602:].rstrip(b"\0") == b"A=PCM,F=48000,W=24,M=stereo,T=hardcore 0.1.0\r\n"


def test_info_keeps_every_letter(tmp_path: Path) -> None:
    found = riff.info(chunks(tmp_path, TAGS)["LIST"])
    assert found == {
        "INAM": "Förste · 工業",
        "IART": "me",
        "ICMT": "dark warehouse techno · 137.5 bpm · F minor · 8 bars · seed 7",
        "ISFT": "hardcore 0.1.0",
    }


def test_a_float_wav_counts_its_frames_and_has_no_peak_chunk(tmp_path: Path) -> None:
    found = chunks(tmp_path, TAGS, depth="32f")
    assert list(found)[:3] == ["fmt ", "fact", "bext"]
    assert struct.unpack("<I", found["fact"]) == (4800,)
    assert struct.unpack_from("<HH", found["fmt "]) == (3, 2)


def test_text_that_is_too_long_or_strange_fits(tmp_path: Path) -> None:
    strange = Tags(title="a\0b\x1b[31m\ud800" + "x" * 5000, prompt="ü" * 5000, tempo_bpm=90, software="s" * 99)
    found = chunks(tmp_path, strange)
    assert found["bext"][:256] == b"u" * 256
    assert riff.info(found["LIST"])["INAM"].startswith("a b [31m?x")
    for ending in ("flac", "ogg", "mp3"):
        write(tmp_path / f"a.{ending}", noise(0.1), RATE, tags=strange)


@pytest.mark.parametrize(
    ("key", "short", "tonic"),
    [
        ("F minor", "Fm", 5),
        ("Bb", "Bb", 10),
        ("E phrygian", "Em", 4),
        ("C mixolydian", "C", 0),
        ("", "", None),
        ("x", "", None),
    ],
)
def test_a_key_fits_three_letters(key: str, short: str, tonic: int | None) -> None:
    assert (Tags(key=key).short_key, Tags(key=key).tonic) == (short, tonic)


def test_clean_text_is_composed_and_has_no_controls() -> None:
    assert clean(" Cafe\u0301\r\x07 ") == "Café"
