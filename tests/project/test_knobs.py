"""Knobs: how far one step goes."""

import pytest

from hardcore.project import devices
from hardcore.project.device import Parameter
from hardcore.project.knobs import travel, turned

CUTOFF = Parameter("cutoff", "hz", 40, 16000, 800, "exp")
LEVEL = Parameter("level", "db", -24, 12, 0)
KNOBS = [knob for known in (devices.instruments(), devices.effects()) for one in known.values() for knob in one.shown]


def test_a_frequency_goes_by_equal_ratios_and_ten_fine_steps_are_a_coarse_one() -> None:
    assert turned(CUTOFF, 800, 1) / 800 == pytest.approx(400**0.01, rel=1e-3)
    value = 800.0
    for _ in range(10):
        value = turned(CUTOFF, value, 1)
    assert value == pytest.approx(turned(CUTOFF, 800, 1, coarse=True), rel=3e-3)
    assert turned(CUTOFF, turned(CUTOFF, 800, 1), -1) == pytest.approx(800, rel=1e-3)


def test_a_level_goes_by_round_numbers() -> None:
    assert turned(LEVEL, 0, 1) == 0.5
    assert turned(LEVEL, 0.5, -1) == 0
    assert turned(LEVEL, 0, -1, coarse=True) == -5


def test_whole_numbers_stay_whole_and_switches_switch() -> None:
    bits = Parameter("bits", "bits", 1, 16, 8, "int")
    assert turned(bits, 8, 1) == 9
    assert turned(bits, 8, -1, coarse=True) == 6
    switch = Parameter("on", "", 0, 1, 0, "switch")
    assert turned(switch, 0, 1) == 1
    assert turned(switch, 1, -1, coarse=True) == 0


@pytest.mark.parametrize("coarse", [False, True])
def test_every_knob_of_the_catalogue_travels_its_whole_range_and_stops_there(coarse: bool) -> None:
    for knob in KNOBS:
        for end, way in ((knob.high, 1), (knob.low, -1)):
            value = knob.default
            while value != end:
                new = turned(knob, value, way, coarse=coarse)
                assert knob.low <= new <= knob.high
                assert (new - value) * way > 0, knob
                assert float(f"{new:.6g}") == new or new == end
                value = new
        assert (travel(knob, knob.low), travel(knob, knob.high)) == (0, 1)
        assert 0 <= travel(knob, knob.default) <= 1
