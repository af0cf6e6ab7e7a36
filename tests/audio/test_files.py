"""Sound files: what goes in comes out, whole or not at all, and always the same bytes."""

import hashlib
import re
import subprocess
import sys
import wave
from pathlib import Path

import mutagen
import numpy as np
import pytest
import soundfile as sf  # type: ignore[import-untyped]

from hardcore.audio.files import write
from hardcore.audio.formats import FORMATS
from hardcore.audio.reader import read
from hardcore.audio.tags import Tags
from hardcore.errors import EngineError, UserError
from tests.audio.sounds import RATE, noise, sine

TAGS = Tags(
    title="Förste · 工業",
    artist="me",
    tempo_bpm=137.5,
    key="F minor",
    prompt="dark warehouse techno",
    seed=7,
    bars=8,
    loop=True,
    software="hardcore 0.1.0",
)
EXACT = {"24": 2.0**-24, "16": 1.5 * 2.0**-15, "32f": 0.0}


def correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Return how alike two sounds of the same shape are, 1.0 for alike."""
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize(
    ("ending", "depth"),
    [("wav", "16"), ("wav", "24"), ("wav", "32f"), ("flac", "16"), ("flac", "24"),
     ("aiff", "16"), ("aiff", "24"), ("aiff", "32f")],
)  # fmt: skip
def test_samples_come_back_within_half_a_step(tmp_path: Path, ending: str, depth: str, channels: int) -> None:
    # an odd number of frames: 24-bit mono data needs RIFF's padding byte
    sound = noise(0.2, channels=channels)[:, :9001]
    result = write(tmp_path / f"a.{ending}", sound, 44_100, depth=depth, tags=TAGS)
    back, rate = read(tmp_path / f"a.{ending}")
    assert (rate, back.shape, back.dtype) == (44_100, sound.shape, np.float32)
    assert np.abs(back - sound).max() <= EXACT[depth]
    assert (result.format, result.rate, result.frames, result.channels, result.clipped) == (
        ending,
        rate,
        9001,
        channels,
        0,
    )
    # the other parser
    known = sf.info(tmp_path / f"a.{ending}")
    assert known.subtype == {"16": "PCM_16", "24": "PCM_24", "32f": "FLOAT"}[depth]


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("ending", ["ogg", "mp3"])
def test_lossy_files_keep_length_place_and_sound(tmp_path: Path, ending: str, channels: int) -> None:
    sound = sine(440, 1.0, -12, channels=channels)[:, :47_001] + noise(1.0, level=0.01, channels=channels)[:, :47_001]
    write(tmp_path / f"a.{ending}", sound, RATE)
    back, rate = read(tmp_path / f"a.{ending}")
    assert (rate, back.shape) == (RATE, sound.shape)
    assert correlation(back, sound) > 0.99


def test_a_long_vorbis_file_is_written(tmp_path: Path) -> None:
    # one call with this much crashes libsndfile 1.2.2
    sound = noise(70.0, level=0.05)
    write(tmp_path / "a.ogg", sound, RATE)
    assert sf.info(tmp_path / "a.ogg").frames == sound.shape[1]


def test_mp3_is_320_kbit_and_constant(tmp_path: Path) -> None:
    write(tmp_path / "a.mp3", noise(1.0), RATE)
    info = mutagen.File(tmp_path / "a.mp3").info
    assert info.bitrate == 320_000
    assert info.bitrate_mode == mutagen.mp3.BitrateMode.CBR


@pytest.mark.parametrize(("rate", "fitting"), [(96_000, 48_000), (88_200, 48_000), (37_000, 44_100), (44_100, 44_100)])
def test_mp3_takes_any_rate_by_resampling_and_says_so(tmp_path: Path, rate: int, fitting: int) -> None:
    result = write(tmp_path / "a.mp3", sine(440, 1.0, -12, rate), rate)
    back, found = read(tmp_path / "a.mp3")
    assert (result.rate, found) == (fitting, fitting)
    assert bool(result.note) == (rate != fitting)
    assert correlation(back, sine(440, 1.0, -12, fitting)[:, : back.shape[1]]) > 0.99


def test_every_kind_is_byte_identical_from_another_process(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from tests.audio.test_files import write_all\n"
        "write_all(Path(sys.argv[1]))"
    )
    digests = []
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / folder)], check=True, cwd=Path(__file__).parents[2]
        )
        digests.append(
            {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in (tmp_path / folder).iterdir()}
        )
    write_all(tmp_path)
    digests.append({file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in tmp_path.glob("*.*")})
    assert len(digests[0]) == 7
    assert digests[0] == digests[1] == digests[2]


def write_all(folder: Path) -> None:
    """Write the same sound in every format and depth; the wall clock's second differs between the processes."""
    for name, depth in (("16.wav", "16"), ("24.wav", "24"), ("32.wav", "32f"), ("16.flac", "16"), ("24.flac", "24")):
        write(folder / name, noise(0.5), RATE, depth=depth, tags=TAGS)
    write(folder / "a.ogg", noise(0.5), RATE, tags=TAGS)
    write(folder / "a.mp3", noise(0.5), RATE, tags=TAGS)


@pytest.mark.parametrize("name", ["32.wav", "24.wav", "24.flac", "a.ogg", "a.mp3"])
def test_no_file_holds_a_date(tmp_path: Path, name: str) -> None:
    write_all(tmp_path)
    data = (tmp_path / name).read_bytes()
    assert b"PEAK" not in data
    # the encoders' own release dates may be there; nothing of our years, and no date or time of day
    head = data[:2000] + data[-500:]
    assert not re.search(rb"20[2-9]\d-\d\d-\d\d|(?<!\d)\d\d:\d\d:\d\d", head)
    assert not re.search(rb"DATE|TDRC|TYER|ICRD|TIME=", head)


def test_pcm_is_read_by_the_standard_library_too(tmp_path: Path) -> None:
    sound = noise(0.1)
    write(tmp_path / "a.wav", sound, RATE, depth="16", tags=TAGS)
    with wave.open(str(tmp_path / "a.wav")) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, RATE)
        values = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2).T
    assert np.abs(values / 32768 - sound).max() < 2 * 2.0**-15


def test_sixteen_bits_keep_a_tone_below_their_last_step(tmp_path: Path) -> None:
    quiet = sine(1000, 2.0, -100.0, channels=1)
    write(tmp_path / "a.wav", quiet, RATE, depth="16")
    assert correlation(read(tmp_path / "a.wav")[0], quiet) > 0.1


def test_silence_stays_silence_at_every_depth(tmp_path: Path) -> None:
    for depth in ("16", "24", "32f"):
        write(tmp_path / "a.wav", np.zeros((2, 1000), np.float32), RATE, depth=depth)
        assert not read(tmp_path / "a.wav")[0].any()


def test_what_is_too_loud_is_clipped_and_counted(tmp_path: Path) -> None:
    sound = np.array([[0.5, 1.0, 1.5, -1.0, -2.0]], np.float32)
    assert write(tmp_path / "a.wav", sound, RATE).clipped == 2
    assert np.allclose(read(tmp_path / "a.wav")[0], [[0.5, 1, 1, -1, -1]], atol=1e-6)
    assert write(tmp_path / "b.wav", sound, RATE, depth="32f").clipped == 0
    assert np.array_equal(read(tmp_path / "b.wav")[0], sound)


def test_a_single_channel_may_come_without_its_axis(tmp_path: Path) -> None:
    assert write(tmp_path / "a.flac", noise(0.1)[0], RATE).channels == 1


def test_the_format_can_be_said_apart_from_the_ending(tmp_path: Path) -> None:
    write(tmp_path / "take.1", noise(0.1), RATE, format="flac")
    assert sf.info(tmp_path / "take.1").format == "FLAC"
    write(tmp_path / "LOUD.WAV", noise(0.1), RATE)
    assert sf.info(tmp_path / "LOUD.WAV").format == "WAV"


@pytest.mark.parametrize("ending", FORMATS)
def test_progress_rises_to_one(tmp_path: Path, ending: str) -> None:
    seen: list[float] = []
    write(tmp_path / f"a.{ending}", noise(3.0), RATE, on_progress=seen.append)
    assert seen == sorted(seen) and seen[-1] == 1.0 and len(seen) > 1


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("a.flak", {}, "flac"),
        ("a", {}, ".wav"),
        ("a.wav", {"format": "wave"}, "wav"),
        ("missing/a.wav", {}, "no folder"),
        ("folder", {"format": "wav"}, "is a folder"),
        ("a.wav", {"depth": "32"}, "32f"),
        ("a.flac", {"depth": "32f"}, "float"),
        ("a.ogg", {"rate": 384_000}, "384000"),
    ],
)
def test_a_bad_request_is_refused_in_words(tmp_path: Path, name: str, options: dict[str, str], words: str) -> None:
    (tmp_path / "folder").mkdir()
    arguments = {"rate": RATE, **options}
    with pytest.raises(UserError) as caught:
        write(tmp_path / name, noise(0.1), **arguments)  # type: ignore[arg-type]
    assert words in caught.value.line()
    assert [left.name for left in tmp_path.iterdir()] == ["folder"]


def test_nothing_and_nonsense_are_not_written(tmp_path: Path) -> None:
    with pytest.raises(UserError):
        write(tmp_path / "a.wav", np.zeros((2, 0), np.float32), RATE)
    with pytest.raises(UserError):
        write(tmp_path / "a.mp3", np.zeros((3, 10), np.float32), RATE)
    with pytest.raises(EngineError):
        write(tmp_path / "a.wav", np.array([[0.0, np.inf]], np.float32), RATE)
    assert not list(tmp_path.iterdir())


def test_a_failed_write_leaves_the_file_that_was_there(tmp_path: Path) -> None:
    write(tmp_path / "a.ogg", noise(0.5), RATE)
    before = (tmp_path / "a.ogg").read_bytes()

    def stop(fraction: float) -> None:
        raise InterruptedError("the user pressed control-C")

    with pytest.raises(UserError, match="could not be written"):
        write(tmp_path / "a.ogg", noise(1.0, seed=2), RATE, on_progress=stop)
    assert (tmp_path / "a.ogg").read_bytes() == before
    assert [left.name for left in tmp_path.iterdir()] == ["a.ogg"]


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    write(tmp_path / "a.wav", noise(0.5), RATE)
    write(tmp_path / "a.wav", noise(0.1), RATE)
    assert read(tmp_path / "a.wav")[0].shape == (2, 4800)
    assert [left.name for left in tmp_path.iterdir()] == ["a.wav"]


@pytest.mark.parametrize("data", [b"", b"RIFF", b"not sound at all" * 100])
def test_what_is_no_sound_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.wav").write_bytes(data)
    with pytest.raises(UserError):
        read(tmp_path / "a.wav")
    with pytest.raises(UserError):
        read(tmp_path / "none.wav")


def test_damaged_files_never_end_in_anything_but_a_user_error(tmp_path: Path) -> None:
    write_all(tmp_path)
    chance = np.random.default_rng(11)
    for file in sorted(tmp_path.glob("*.*")):
        whole = file.read_bytes()
        for _ in range(25):
            damaged = bytearray(whole[: int(chance.integers(1, len(whole) + 1))])
            for place in chance.integers(0, min(len(damaged), 400), 6):
                damaged[place] = int(chance.integers(256))
            file.write_bytes(damaged)
            try:
                sound, rate = read(file)
            except UserError:
                continue
            assert sound.ndim == 2 and rate > 0


def test_an_aiff_file_carries_its_marks_and_names(tmp_path: Path) -> None:
    marked = Tags(title="a b", artist="me", marks=((0.0, "intro"), (0.05, "drop")))
    write(tmp_path / "a.aiff", noise(0.1), RATE, depth="24", tags=marked)
    data = (tmp_path / "a.aiff").read_bytes()
    at = data.index(b"MARK") + 8
    assert int.from_bytes(data[at : at + 2], "big") == 2
    assert data[at + 2 : at + 14] == bytes((0, 1, 0, 0, 0, 0)) + b"\x05intro"
    frame = round(0.05 * RATE)
    assert data[at + 14 : at + 25] == bytes((0, 2)) + frame.to_bytes(4, "big") + b"\x04drop"
    assert sf.info(tmp_path / "a.aiff").format == "AIFF"
    with sf.SoundFile(tmp_path / "a.aiff") as file:
        assert (file.title, file.artist) == ("a b", "me")
