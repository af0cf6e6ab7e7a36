"""Meters: decibels that rest at a floor, and lamps that stay lit."""

from hardcore.player.meters import FLOOR_DB, Meters, decibels
from tests.song import song


def test_silence_rests_at_the_floor() -> None:
    assert decibels(0) == decibels(1e-9) == FLOOR_DB
    assert (decibels(1), decibels(0.5)) == (0, -6.0)


def test_the_louder_side_counts_and_tracks_that_are_gone_are_left_out() -> None:
    project = song()
    kick, snare = project.find_track("kick"), project.find_track("snare")
    meters = Meters()
    meters.take([0, int(kick.id[1:]), 0.25, 0.5, 0.1, 0.05])
    meters.take([0, 999, 1.0, 1.0, 1.0, 1.0])
    assert meters.peaks_db((kick, snare)) == {kick.id: -6.0}
    assert meters.rms_db((kick, snare)) == {kick.id: -20.0}


def test_a_lamp_stays_lit_after_one_peak_over_full_scale() -> None:
    kick = song().find_track("kick")
    number = int(kick.id[1:])
    meters = Meters()
    meters.take([0, number, 1.0, 1.0, 0.1, 0.1])
    assert meters.clipped((kick,)) == ()
    meters.take([0, number, 1.01, 0.2, 0.1, 0.1])
    meters.take([0, number, 0.1, 0.1, 0.1, 0.1])
    assert meters.clipped((kick,)) == (kick.id,)
    meters.over.clear()
    assert meters.clipped((kick,)) == ()
