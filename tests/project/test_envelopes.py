"""Envelopes: shapes between points, and cuts that change nothing but what is cut; values written down or sampled."""

import random

import pytest

from hardcore.project import clips, envelopes
from hardcore.project.clip import Automation, AutomationPoint, Shape
from tests.each import each
from tests.song import song

SHAPES: tuple[Shape, ...] = ("linear", "step", "curve")
NEAR = 0.02  # what is left of a cut curve are straight pieces: so near, as a share of its range


def envelope(*points: tuple[int, float, Shape] | tuple[int, float, Shape, float]) -> Automation:
    made = [AutomationPoint(tick=p[0], value=p[1], shape=p[2], bend=p[3] if len(p) > 3 else 0.0) for p in points]
    return Automation(owner="t2", parameter="pan", points=tuple(made))


def drawn(rng: random.Random, length: int = 4000) -> Automation:
    ticks = sorted(rng.sample(range(length), rng.randint(1, 9)))
    return envelope(*((tick, rng.random(), rng.choice(SHAPES), rng.uniform(-1, 1)) for tick in ticks))


def moving(points: envelopes.Points) -> Automation:
    return Automation(owner="t2", parameter="pan", points=points)


def test_a_point_says_how_it_goes_on() -> None:
    steps = envelope((0, 0, "linear"), (100, 10, "step"), (200, 20, "curve", 1 / 3), (300, 0, "linear"))
    assert [steps.at(tick) for tick in (-5, 0, 50, 100, 199, 200, 300, 999)] == [0, 0, 5, 10, 10, 20, 0, 0]
    assert steps.at(250) == pytest.approx(15)  # bent by a third it goes as the square: a quarter of the way half-way
    fast = envelope((0, 0, "curve", -1 / 3), (100, 1, "linear"))
    assert fast.at(25) == pytest.approx(0.5)


@each("seed", range(60))
def test_what_is_lifted_out_goes_as_it_did_there(seed: int) -> None:
    rng = random.Random(seed)
    whole = drawn(rng)
    start, end = sorted(rng.sample(range(5000), 2))
    part = moving(envelopes.stretch(whole, start, end))
    for tick in range(start, end, 7):
        assert part.at(tick - start) == pytest.approx(whole.at(tick), abs=NEAR)


@each("seed", range(60))
def test_time_put_in_and_cut_out_leaves_the_rest_as_it_was(seed: int) -> None:
    rng = random.Random(seed)
    whole, at, size = drawn(rng), rng.randrange(0, 4500), rng.randint(1, 900)
    longer = moving(envelopes.parted(whole, at, size))
    for tick in range(0, 5000, 11):
        assert longer.at(tick if tick < at else tick + size) == pytest.approx(whole.at(tick), abs=NEAR)
    if at:
        assert longer.at(at + size // 2) == pytest.approx(whole.at(at - 1), abs=NEAR)  # it holds meanwhile
    back = moving(envelopes.without(longer, at, at + size))
    for tick in range(0, 5000, 11):
        assert back.at(tick) == pytest.approx(whole.at(tick), abs=3 * NEAR)


@each("seed", range(60))
def test_a_stretch_that_is_drawn_anew_changes_nothing_around_it(seed: int) -> None:
    rng = random.Random(seed)
    whole = drawn(rng) if seed % 4 else None
    start, end = sorted(rng.sample(range(5000), 2))
    inside = (AutomationPoint(tick=start, value=0.25), AutomationPoint(tick=max(start, end - 1), value=0.75))
    new = moving(envelopes.over(whole, 0.4, start, end, inside[: 1 + (end - start > 1)]))
    for tick in [*range(0, start, 7), *range(end, 6000, 7)]:
        assert new.at(tick) == pytest.approx(whole.at(tick) if whole else 0.4, abs=NEAR)
    assert new.at(start) == 0.25
    if end - start > 1:
        assert new.at((start + end - 1) / 2) == pytest.approx(0.5)


@each("seed", range(30))
def test_an_envelope_that_loops_is_unrolled(seed: int) -> None:
    rng = random.Random(seed)
    whole, length, offset = drawn(rng, 900), 960, rng.randrange(0, 3000)
    unrolled = moving(envelopes.looped(whole, length, offset, 2500))
    for tick in range(0, 2500, 13):
        assert unrolled.at(tick) == pytest.approx(whole.at((tick + offset) % length), abs=NEAR)


def test_an_envelope_turned_twice_with_its_clip_is_written_as_it_was() -> None:
    clip = song().find_track("bass").clips[0]
    lane = envelope((0, 0, "linear"), (100, 0.5, "curve", 0.25), (900, 0.7, "linear"))
    project = song().with_clip(clip.id, lambda clip: clip.evolve(automation=(lane,)))
    turned = clips.reverse_clip(project, clip.id)
    assert turned != project
    ((_, once), (_, twice)) = (p.find_clip(clip.id) for p in (turned, clips.reverse_clip(turned, clip.id)))
    assert "-0.0" not in once.automation[0].model_dump_json()
    assert twice.automation[0].model_dump_json() == lane.model_dump_json()
