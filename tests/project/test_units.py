"""Units: what is said in one unit is the same in the parameter's, by figures written down here."""

import pytest

from hardcore.errors import UserError
from hardcore.project.device import Parameter, Unit
from hardcore.project.units import Quantity, factor_of, in_unit_of


def parameter(unit: Unit) -> Parameter:
    return Parameter("some_thing", unit, 0, 100, 1)


@pytest.mark.parametrize(
    ("said", "unit", "value"),
    [
        (Quantity(7), "s", 7),
        (Quantity(300, "ms"), "s", 0.3),
        (Quantity(0.25, "s"), "ms", 250),
        (Quantity(2.5, "khz"), "hz", 2500),
        (Quantity(2, "octaves"), "semitones", 24),
        (Quantity(50, "cents"), "semitones", 0.5),
        (Quantity(2, "semitones"), "cents", 200),
        (Quantity(4, "ratio"), "ratio", 4),
        (Quantity(0.75, "beats"), "s", 0.375),  # three sixteenths at 120 bpm
        (Quantity(0.5, "beats"), "ms", 250),
        (Quantity(0.5, "beats"), "hz", 4),  # one round each eighth
    ],
)
def test_a_quantity_is_the_same_in_another_unit(said: Quantity, unit: Unit, value: float) -> None:
    assert in_unit_of(parameter(unit), said, 120) == pytest.approx(value)


@pytest.mark.parametrize(
    ("said", "unit"),
    [
        (Quantity(3, "db"), "hz"),
        (Quantity(1, "s"), "percent"),
        (Quantity(20, "percent"), "s"),
        (Quantity(0, "beats"), "s"),
    ],
)
def test_a_quantity_of_something_else_is_refused_with_the_range(said: Quantity, unit: Unit) -> None:
    with pytest.raises(UserError, match="is not for some thing") as refused:
        in_unit_of(parameter(unit), said, 120)
    assert refused.value.hint.startswith("0 to 100")


@pytest.mark.parametrize(
    ("said", "unit", "factor"),
    [
        (Quantity(20, "percent"), "s", 1.2),
        (Quantity(-150, "percent"), "hz", 0),
        (Quantity(20, "percent"), "percent", None),
        (Quantity(-1, "octaves"), "hz", 0.5),
        (Quantity(12, "semitones"), "hz", 2),
        (Quantity(12, "semitones"), "semitones", None),
        (Quantity(3, "db"), "hz", None),
    ],
)
def test_a_share_and_an_interval_multiply(said: Quantity, unit: Unit, factor: float | None) -> None:
    assert factor_of(parameter(unit), said) == (None if factor is None else pytest.approx(factor))
