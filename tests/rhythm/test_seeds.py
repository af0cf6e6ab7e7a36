"""Rhythm seeds: kept, shown, played again to the same bytes, copied, tagged, deleted, varied and bred."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hardcore.app import build_studio
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.errors import UserError
from hardcore.knowledge.rhythms import rhythm, rhythm_ids
from hardcore.rhythm import smf
from hardcore.rhythm.breeding import breed, vary
from hardcore.rhythm.config import Rhythm
from hardcore.rhythm.session import perform
from tests.rhythm.playing import layer_of

Type = Callable[[str], str]


@pytest.fixture
def type_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Type]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HARDCORE_HOME", str(tmp_path / "home"))
    studio = build_studio()

    def typed(line: str) -> str:
        result = asyncio.run(run_line(studio, line, Caller()))
        assert result is not None
        return result.text()

    yield typed
    studio.controller.close()


def test_a_seed_is_played_again_to_the_same_bytes(type_line: Type, tmp_path: Path) -> None:
    type_line("/rhythm seed save opener showcase --seed 9 --bars 24 --bpm 140 --tags dark,club --prompt dark")
    type_line("/rhythm seed render opener a.mid")
    type_line("/rhythm seed render OPENER b.mid")
    expected = smf.encode(perform(rhythm("showcase"), bars=24, seed=9, bpm=140))
    assert (tmp_path / "a.mid").read_bytes() == (tmp_path / "b.mid").read_bytes() == expected
    listed = type_line("/rhythm seed list --tag club")
    assert "opener" in listed and "dark club" in listed and "140" in listed
    assert "kick" in type_line("/rhythm seed show opener")


def test_a_seed_needs_no_file_any_more(type_line: Type, tmp_path: Path) -> None:
    type_line("/rhythm new mine.yaml --like urgent")
    type_line("/rhythm seed save own mine.yaml --bars 4")
    (tmp_path / "mine.yaml").unlink()
    type_line("/rhythm seed render own a.mid")
    assert (tmp_path / "a.mid").stat().st_size > 500


def test_seeds_are_cloned_tagged_and_deleted(type_line: Type, tmp_path: Path) -> None:
    type_line("/rhythm seed save one default --bars 4")
    type_line("/rhythm seed clone one two")
    type_line("/rhythm seed tag two late,warm")
    assert type_line("/rhythm seed tag two late --remove") == "two: warm"
    for name in ("one", "two"):
        type_line(f"/rhythm seed render {name}")
    assert (tmp_path / "one.mid").read_bytes() == (tmp_path / "two.mid").read_bytes()
    type_line("/rhythm seed delete one")
    assert "one" not in [line.split()[0] for line in type_line("/rhythm seed list").splitlines()]
    with pytest.raises(UserError, match="no rhythm seed"):
        type_line("/rhythm seed show one")
    with pytest.raises(UserError, match="already"):
        type_line("/rhythm seed save two default")


def test_a_child_names_its_parents(type_line: Type) -> None:
    type_line("/rhythm seed save one warehouse")
    type_line("/rhythm seed save two ghosty")
    type_line("/rhythm seed breed one two child --seed 4")
    type_line("/rhythm seed vary one near --distance 20")
    listed = type_line("/rhythm seed list").splitlines()
    assert any(line.startswith("child") and line.endswith("one × two") for line in listed)
    assert any(line.startswith("near") and line.endswith("one") for line in listed)


@pytest.mark.parametrize("name", rhythm_ids())
def test_a_variation_moves_further_with_its_distance(name: str) -> None:
    found = rhythm(name)
    assert vary(found, 0, 1) == found

    def moved(distance: float) -> float:
        other = vary(found, distance, 1)
        return sum(
            abs(getattr(other.layers[n], field) - getattr(layer, field)) / span
            for n, layer in found.layers.items()
            for field, span in (("velocity", 30), ("gate", 0.5), ("micro_ms", 8))
        )

    assert 0 < moved(0.2) < moved(0.9)
    assert vary(found, 0.5, 1) == vary(found, 0.5, 1) != vary(found, 0.5, 2)
    assert len(perform(vary(found, 1, 3), bars=2).notes) > 0


@pytest.mark.parametrize("seed", range(8))
def test_a_held_kick_stays_where_it_is_when_it_is_varied(seed: int) -> None:
    held = rhythm("warehouse")
    assert held.guard.kick_immutable
    loose = held.evolve(guard=held.guard.evolve(kick_immutable=False))

    def places(found: Rhythm) -> list[tuple[int, ...]]:
        kick = found.layers["kick"].evolve(ghost_pre1_prob=0.0, ratchet_prob=0.0)
        plain = found.evolve(swing=held.swing, layers={**found.layers, "kick": kick})
        return [note[:2] for note in layer_of(perform(plain, bars=4), "kick")]

    other = vary(held, 1, seed)
    assert other != held and places(other) == places(held)
    assert seed != 3 or places(vary(loose, 1, seed)) != places(loose)


@pytest.mark.parametrize("seed", range(8))
def test_a_child_has_layers_of_both(seed: int) -> None:
    one, other = rhythm("warehouse"), rhythm("polymeter")
    child = breed(one, other, seed)
    assert set(child.layers) <= set(one.layers) | set(other.layers)
    for name, layer in child.layers.items():
        assert layer in [parent.layers.get(name) for parent in (one, other)]
    assert child.bpm == (one.bpm + other.bpm) / 2
    assert perform(child, bars=4).notes


def test_two_rhythms_have_different_children() -> None:
    one, other = rhythm("warehouse"), rhythm("ghosty")
    children = [breed(one, other, seed) for seed in range(8)]
    assert len({child.model_dump_json() for child in children}) > 4
    assert breed(one, other, 1) == children[1]


@pytest.mark.parametrize("name", ["../../out", "/tmp/out", "..", "a/b", "con"])
def test_the_name_of_a_seed_never_becomes_a_path(type_line: Type, tmp_path: Path, name: str) -> None:
    type_line(f'/rhythm seed save "{name}" warehouse --bars 1')
    said = type_line(f'/rhythm seed render "{name}"')
    (file,) = tmp_path.glob("*.mid")
    assert str(file) in said and file.parent == tmp_path


def test_a_seed_that_an_earlier_engine_kept_is_said_to_be_one(type_line: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as before:
        before.setattr("hardcore.rhythm.version.VERSION", "1")
        type_line("/rhythm seed save old warehouse --bars 1")
    type_line("/rhythm seed save new warehouse --bars 1")
    assert "it was kept by version" in type_line("/rhythm seed render old")
    assert "it was kept by version" not in type_line("/rhythm seed render new")
