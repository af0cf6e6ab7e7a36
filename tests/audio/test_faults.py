"""Faults put into a sound by hand are found where they are; sound that is whole has none."""

import numpy as np
import pytest

from hardcore.audio.faults import Fault, faults
from hardcore.audio.seam import seam
from tests.audio.sounds import RATE, groove, noise, progression, sine


def kinds(found: list[Fault]) -> set[str]:
    return {fault.kind for fault in found}


def music() -> np.ndarray:  # type: ignore[type-arg]
    return progression(9, "minor", (0, 5), drums=True)


@pytest.mark.parametrize("sound", [music(), groove("techno", 138), noise(2), sine(50, 2.0, -0.5)], ids=range(4))
def test_whole_sound_has_no_faults(sound: np.ndarray) -> None:  # type: ignore[type-arg]
    assert faults(sound, RATE) == []


@pytest.mark.parametrize("level", [1.0, 0.7])
def test_clipping_is_found_also_when_it_was_turned_down(level: float) -> None:
    sound = music()
    hot = np.clip(sound * 2.5 / np.abs(sound).max(), -1.0, 1.0) * np.float32(level)
    (found,) = faults(hot, RATE)
    assert found.kind == "clipping"
    first = np.flatnonzero((np.abs(hot[:, :-2]) == level).all(axis=0) & (np.abs(hot[:, 2:]) == level).all(axis=0))[0]
    assert found.at_s == pytest.approx(first / RATE, abs=0.001)


def test_samples_that_are_not_numbers_are_counted_and_the_rest_is_heard() -> None:
    sound = music()
    sound[0, 1000:1005] = np.nan
    sound[0, 7000] = np.inf
    found = faults(sound, RATE)
    assert found[0].kind == "not a number"
    assert found[0].said == "6 samples are not numbers"
    assert found[0].at_s == pytest.approx(1000 / RATE)


@pytest.mark.parametrize("offset", [0.02, -0.02])
def test_dc_is_found_with_its_sign(offset: float) -> None:
    (found,) = faults(music() + np.float32(offset), RATE)
    assert found.kind == "DC"
    assert ("−" in found.said) == (offset < 0)


def test_dropouts_are_found_one_by_one() -> None:
    sound = music()
    for start in (20_000, 100_000):
        loud = start + int(np.argmax(np.abs(sound[0, start : start + 2000])))
        sound[:, loud : loud + 480] = 0.0
    found = faults(sound, RATE)
    assert [fault.kind for fault in found] == ["dropout", "dropout"]
    assert found[0].length_s == pytest.approx(0.01, abs=0.001)


def test_silences_are_told_by_where_they_are() -> None:
    gap = np.zeros((1, RATE), np.float32)
    fade = np.linspace(1, 0, RATE // 10, dtype=np.float32)
    part = music()[:, : RATE * 2]
    part[:, -len(fade) :] *= fade
    found = [fault.said for fault in faults(np.hstack((gap, part, gap, part, gap)), RATE) if fault.kind == "silence"]
    assert [said.split(" s ")[1] for said in found] == ["at the beginning", "inside", "at the end"]
    assert kinds(faults(gap, RATE)) == {"silence"}
    assert kinds(faults(gap[:, :0], RATE)) == {"empty"}


@pytest.mark.parametrize("hz", [50.0, 220.0, 1000.0])
def test_a_seam_is_clean_on_whole_periods_and_clicks_off_them(hz: float) -> None:
    whole = sine(hz, 1.0, -6)
    clean, cut = seam(whole, RATE), seam(whole[:, : RATE - round(RATE / hz / 4)], RATE)
    assert clean is not None
    assert cut is not None
    assert not clean.clicks
    assert cut.clicks
    assert cut.jump == pytest.approx(0.5, abs=0.02)


def test_a_loop_that_begins_with_a_kick_does_not_click() -> None:
    found = seam(groove("techno", 138), RATE)
    assert found is not None
    assert not found.clicks
    cut = seam(groove("techno", 138)[:, : RATE * 3 // 2 + 900] + sine(55, 1.51875, -9), RATE)
    assert cut is not None


def test_what_is_too_short_or_silent_has_no_seam() -> None:
    assert seam(np.zeros((2, RATE), np.float32), RATE) is None
    assert seam(noise(0.05), RATE) is None
