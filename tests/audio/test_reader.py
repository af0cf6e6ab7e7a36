"""The gate for sound files: limits before a sample is read, headers that lie either way, and any header at all."""

import json
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped,unused-ignore]

from hardcore.audio.reader import HEARD, LEARNED, OURS, PLAYED, Limits, opened, read
from hardcore.errors import UserError
from tests.audio.bombs import CHANNELS_AT, DATA_AT, RATE, RATE_AT, TONE, fast, flac, silence, wav, wide

ROOT = Path(__file__).resolve().parents[2]


def refused(path: Path, limits: Limits = HEARD) -> str:
    with pytest.raises(UserError) as caught:
        read(path, limits)
    line = caught.value.line()
    assert "\n" not in line and path.name in line
    return line


def test_what_a_header_claims_beyond_the_limits_is_refused_with_what_it_is_and_the_limit(tmp_path: Path) -> None:
    for rate in (1999, 384_001, 8_388_608, 100_000_000, 0x7FFFFFFF):
        assert refused(fast(tmp_path / "a.au", rate)) == f"a.au has a rate of {rate} Hz (2000 to 384000)"
    assert refused(wide(tmp_path / "a.wav", 1024)) == "a.wav has 1024 channels (at most 64)"
    assert refused(wide(tmp_path / "a.wav", 65)) == "a.wav has 65 channels (at most 64)"
    assert refused(wide(tmp_path / "a.wav", 3), PLAYED) == "a.wav has 3 channels (at most 2)"
    assert refused(silence(tmp_path / "a.flac", 31, 4000, 1)) == "a.flac is 31 minutes long (at most 30 minutes)"
    assert refused(tmp_path / "a.flac", PLAYED) == "a.flac is 31 minutes long (at most 20 minutes)"


def test_frames_times_channels_have_a_limit_of_their_own(tmp_path: Path) -> None:
    few = Limits(channels=8, longest_s=60.0, numbers=8 * RATE)
    path = silence(tmp_path / "a.flac", 1.5 / 60, RATE, 8)
    assert refused(path, few) == "a.flac is 1.5 s long (at most 1 s of 8 channels at 48000 Hz)"
    assert read(path, Limits(channels=8, longest_s=60.0, numbers=12 * RATE))[0].shape == (8, 72_000)


def test_what_people_have_is_within_the_limits() -> None:
    minutes = {
        (HEARD, 48_000, 2): 30, (HEARD, 44_100, 1): 30, (HEARD, 96_000, 2): 23, (HEARD, 48_000, 6): 15,
        (PLAYED, 48_000, 2): 20, (PLAYED, 96_000, 2): 20, (LEARNED, 48_000, 2): 10,
    }  # fmt: skip
    for (limits, rate, channels), wanted in minutes.items():
        assert limits.frames(rate, channels) / rate / 60 >= wanted
    # an hour and a half of a mix that we rendered
    assert OURS.frames(48_000, 2) / 48_000 / 60 > 90


def test_the_guide_says_the_limits_that_hold() -> None:
    for page, limits in (("ears", HEARD), ("samples", PLAYED)):
        text = (ROOT / "docs" / "guide" / f"{page}.md").read_text("utf-8")
        low, high = limits.rates
        for row in (
            f"| channels | {limits.channels} |", f"| rate | {low:,} to {high:,} Hz",
            f"| length | {limits.longest_s / 60:.0f} minutes |", f"| frames × channels | {limits.numbers:,}: ",
        ):  # fmt: skip
            assert row in text, f"{page}.md lacks: {row}"


def test_a_file_that_holds_less_than_it_claims_gives_what_it_holds(tmp_path: Path) -> None:
    for path in (
        wav(tmp_path / "a.wav", DATA_AT, "<I", 0x7FFFFFF0), wav(tmp_path / "b.wav", DATA_AT, "<I", 0xFFFFFFFF),
        flac(tmp_path / "c.flac", 1_000_000), flac(tmp_path / "streamed.flac", 0),
    ):  # fmt: skip
        audio, rate = read(path)
        assert rate == RATE and np.abs(audio[0] - TONE).max() < 1e-4
    assert "is 398 hours long" in refused(flac(tmp_path / "d.flac", (1 << 36) - 1))


def test_a_file_that_holds_more_than_it_claims_gives_what_it_claims(tmp_path: Path) -> None:
    assert read(wav(tmp_path / "a.wav", DATA_AT, "<I", 200))[0].shape == (1, 100)
    assert read(flac(tmp_path / "b.flac", 100))[0].shape == (1, 100)


def test_what_comes_is_counted_where_no_length_is_claimed(tmp_path: Path) -> None:
    path = flac(tmp_path / "streamed.flac", 0)
    with opened(path, HEARD) as sound:
        assert sound.claimed is None
    few = Limits(channels=1, longest_s=0.1, numbers=1 << 20)
    assert refused(path, few) == "streamed.flac is 0.25 s long (at most 0.1 s)"
    cut = Limits(channels=1, longest_s=0.1, numbers=1 << 20, cuts=True)
    assert read(path, cut)[0].shape == (1, 4800)


def test_no_channels_no_rate_no_samples_and_no_sound_are_said(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "none.wav", np.zeros(0), RATE)
    assert refused(tmp_path / "none.wav") == "none.wav is empty (it holds no sound at all)"
    assert "is empty" in refused(wav(tmp_path / "data.wav", DATA_AT, "<I", 0))
    assert "cannot be read as sound" in refused(wav(tmp_path / "channels.wav", CHANNELS_AT, "<H", 0))
    assert "cannot be read as sound" in refused(wav(tmp_path / "rate.wav", RATE_AT, "<I", 0))
    (tmp_path / "a.raw").write_bytes(TONE.tobytes())
    assert "cannot be read as sound" in refused(tmp_path / "a.raw")
    assert "there is no file" in refused(tmp_path / "gone.wav")
    (tmp_path / "folder.wav").mkdir()
    assert "there is no file" in refused(tmp_path / "folder.wav")


def test_a_groove_is_learned_from_the_beginning_of_what_is_longer(tmp_path: Path) -> None:
    audio, rate = read(silence(tmp_path / "a.flac", 12, 4000, 1), LEARNED)
    assert audio.shape[1] / rate == 600.0


FORMATS = {
    "a.wav": {"subtype": "PCM_16"}, "f.wav": {"subtype": "FLOAT"}, "law.wav": {"subtype": "ULAW"},
    "ima.wav": {"subtype": "IMA_ADPCM"}, "gsm.wav": {"subtype": "GSM610"}, "x.wav": {"format": "WAVEX"}, "a.aiff": {},
    "a.au": {}, "a.caf": {}, "alac.caf": {"subtype": "ALAC_16"}, "a.w64": {}, "a.rf64": {"format": "RF64"},
    "a.voc": {}, "a.flac": {}, "a.ogg": {}, "o.opus": {"format": "OGG", "subtype": "OPUS"}, "a.mp3": {},
}  # fmt: skip
EXTREMES = (b"\0", b"\xff", b"\x7f", b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f")
# Reads every file of a folder with each of the limits, and with ones that are less than the sound `long.flac` holds.
READING = """
import json, resource, sys
from pathlib import Path
from hardcore.audio import reader
from hardcore.errors import UserError
from hardcore.workers.host import limit_memory
limits = (reader.HEARD, reader.PLAYED, reader.LEARNED, reader.Limits(channels=2, longest_s=600.0, numbers=1 << 20))
reader.read(Path(sys.argv[1]) / "a.wav")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
limit_memory(2 << 30)
said = {}
for path in sorted(Path(sys.argv[1]).iterdir()):
    print(path.name, file=sys.stderr, flush=True)
    for number, limit in enumerate(limits):
        try:
            audio, rate = reader.read(path, limit)
            assert audio.shape[1] <= limit.frames(rate, len(audio)), path
            said[f"{path.name} {number}"] = ""
        except UserError as error:
            said[f"{path.name} {number}"] = error.line()
print(json.dumps([resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, said]))
"""


def mutated(folder: Path, count: int) -> None:
    """Write small files of every format, and `count` of each with other bytes in their headers."""
    rng = random.Random(5)
    silence(folder / "long.flac", 5, 4000, 2)
    for name, options in FORMATS.items():
        soundfile.write(folder / name, TONE[:8000], 8000 if "opus" in name or "gsm" in name else RATE, **options)
    for name in (*FORMATS, "long.flac"):
        whole = (folder / name).read_bytes()
        for number in range(count):
            data = bytearray(whole)
            for _ in range(rng.randrange(1, 4)):
                place = rng.randrange(4, min(len(data) - 8, 300 if rng.random() < 0.2 else 64))
                new = rng.choice((*EXTREMES, bytes([rng.randrange(256)]), rng.randbytes(4)))
                data[place : place + len(new)] = new
            (folder / f"{number:03}{name}").write_bytes(data[: len(whole) if rng.random() < 0.8 else len(data) // 2])


@pytest.mark.skipif(sys.platform == "win32", reason="the memory of a process")
def test_any_header_is_read_or_refused_in_a_line_and_takes_no_more_memory_than_the_file_is_worth(
    tmp_path: Path,
) -> None:
    mutated(tmp_path, 40)
    done = subprocess.run(
        [sys.executable, "-c", READING, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, timeout=250
    )
    assert done.returncode == 0, done.stderr.splitlines()[-1]
    taken_kb, said = json.loads(done.stdout)
    assert taken_kb < 200 << 10
    assert len(said) == 4 * 41 * (len(FORMATS) + 1)
    assert all("\n" not in line and line.isprintable() for line in said.values())
    assert all(said[f"{name} {limit}"] == "" for name in FORMATS for limit in range(4)), "what is whole is read"
    assert "5 minutes" in said["long.flac 3"] and said["long.flac 0"] == ""
    assert sum(line != "" for line in said.values()) > 100, "and what is not, is refused"
