"""A low sample rate takes highs away and adds nothing: no sound is louder there than at 48 kHz."""

import asyncio
from pathlib import Path

import numpy as np

from hardcore.engine.offline import render_raw
from hardcore.project.devices import Device, effects, instruments
from tests.engine.sound import RATE, Hit, Phrase, score_of

HEARD_S = 0.6
# Noise of the same level is spread over fewer highs, so what is left of a band of it is louder by a little; bands
# above half of 12,345 Hz come to lie on each other.
MOST_DB = {22_050: 4.0, 12_345: 9.0}


def loudness_db(phrases: list[Phrase], rate: int, folder: Path) -> list[float]:
    """Return the level of each phrase, rendered at a rate: RMS in dBFS."""
    score, _ = score_of(phrases)
    channels = 2 * len(phrases)
    folder.mkdir()
    frames = round(HEARD_S * rate)
    raw = asyncio.run(render_raw(score, rate=rate, channels=channels, folder=folder, frames=frames))
    sound = np.fromfile(raw, np.float32).reshape(-1, len(phrases), 2).astype(np.float64)
    return [float(10 * np.log10(level + 1e-12)) for level in (sound**2).mean(axis=(0, 2)) * len(sound) / rate]


def test_no_instrument_is_louder_at_a_low_rate(tmp_path: Path) -> None:
    devices = list(instruments().values())
    ensure_no_louder(
        devices, [heard(device, (device.low_note + device.high_note) // 2) for device in devices], tmp_path
    )


def test_no_effect_is_louder_at_a_low_rate(tmp_path: Path) -> None:
    chosen, pad = list(effects().values()), instruments()["supersaw"]
    ensure_no_louder(chosen, [heard(pad, 48, (effect.id, {})) for effect in chosen], tmp_path)


def heard(device: Device, pitch: float, *chain: tuple[str, dict[str, float]]) -> Phrase:
    """Return one note of an instrument, through effects."""
    return Phrase(device, (Hit(0, HEARD_S / 2, pitch),), HEARD_S, effects=chain)


def ensure_no_louder(devices: list[Device], phrases: list[Phrase], tmp_path: Path) -> None:
    """Fail for what is louder at a low rate, by name."""
    high = loudness_db(phrases, RATE, tmp_path / "high")
    for rate, most_db in MOST_DB.items():
        low = loudness_db(phrases, rate, tmp_path / str(rate))
        louder = {one.id: round(b - a, 1) for one, a, b in zip(devices, high, low, strict=True) if b - a > most_db}
        assert not louder, (rate, louder)
