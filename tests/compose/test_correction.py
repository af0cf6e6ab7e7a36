"""Corrections: bounded, damped, only of what is off, only on what nobody touched; and in words."""

from dataclasses import replace

import pytest

from hardcore.commands.mixing.mix import MixFigure
from hardcore.compose.intent import Intent
from hardcore.compose.mix.correction import (
    MOST_DB,
    Change,
    applied,
    corrections,
    differences,
    outcome,
    untouched,
    words,
)
from hardcore.compose.mix.judgement import Heard, distance_db, faults, figures, misplaced
from hardcore.compose.mix.target import Wanted, wanted
from hardcore.compose.producer import compose
from hardcore.errors import UserError
from hardcore.language.prompt.understand import understand
from hardcore.project.state import MASTER_ID, new_project

PROJECT = compose(Intent(genre="house", bars=4, only=("kick", "bass", "pad", "hat_closed")), 1)
KICK, PAD = PROJECT.find_track("kick").id, PROJECT.find_track("pad").id
WANTED = Wanted(
    "house", -12.0, {"sub": (-12, -4), "low": (-7, -1), "mid": (-12, -4), "high": (-20, -12), "air": (-18, -10)},
    {KICK: -17.0, PAD: -28.0},
)  # fmt: skip
RIGHT = {"sub": -8.0, "low": -4.0, "mid": -8.0, "high": -16.0, "air": -14.0}


def heard(lufs: float | None = -12.0, parts: dict[str, float] | None = None, **off: float) -> Heard:
    each = {name: (level, dict.fromkeys(RIGHT, level - 10)) for name, level in (parts or {}).items()}
    return Heard(lufs, {**RIGHT, **off}, -40.0, each)


def moved(found: tuple[Change, ...]) -> dict[tuple[str, str], float]:
    return {(change.track_id, change.parameter): round(change.after - change.before, 2) for change in found}


def test_a_mix_that_is_right_is_left_alone() -> None:
    assert corrections(heard(), WANTED, PROJECT) == ()
    assert corrections(heard(lufs=-12.8, sub=-11.9), WANTED, PROJECT) == ()
    assert corrections(heard(lufs=None, sub=0.0), WANTED, PROJECT) == (), "silence cannot be mixed"
    assert distance_db(heard(), WANTED) == 0


def test_a_dull_mix_gets_a_high_shelf_and_a_thin_one_a_low_one() -> None:
    assert moved(corrections(heard(air=-22.0), WANTED, PROJECT))[MASTER_ID, "high_gain"] > 0
    assert moved(corrections(heard(air=-5.0), WANTED, PROJECT))[MASTER_ID, "high_gain"] < 0
    assert moved(corrections(heard(sub=-16.0), WANTED, PROJECT))[MASTER_ID, "low_gain"] > 0


def test_a_quiet_piece_is_pushed_into_the_limiter_and_a_loud_one_less() -> None:
    quiet = moved(corrections(heard(lufs=-14.5), WANTED, PROJECT))
    assert 2 <= quiet[MASTER_ID, "gain"] <= 3.5
    loud = moved(corrections(heard(lufs=-9.0), WANTED, PROJECT))
    assert loud[MASTER_ID, "gain"] == -3.5


def test_what_the_limiter_cannot_take_away_is_the_master_s_fader() -> None:
    limiter = next(effect for effect in PROJECT.master.effects if effect.device == "limiter")
    soft = applied(PROJECT, [Change(MASTER_ID, limiter.id, "gain", limiter.value("gain"), 1.0)])
    found = moved(corrections(heard(lufs=-8.0), WANTED, soft))
    assert found[MASTER_ID, "gain"] == -1.0
    assert found[MASTER_ID, "gain_db"] == -4.0


def test_a_limiter_that_is_driven_hard_is_turned_down_behind_it() -> None:
    limiter = next(effect for effect in PROJECT.master.effects if effect.device == "limiter")
    hard = applied(PROJECT, [Change(MASTER_ID, limiter.id, "gain", limiter.value("gain"), 12.0)])
    assert moved(corrections(heard(lufs=-10.0), WANTED, hard)) == {(MASTER_ID, "gain_db"): -2.0}


def test_parts_out_of_place_are_moved_towards_it_in_steps_of_half_a_db_and_never_far() -> None:
    found = moved(corrections(heard(parts={KICK: -9.0, PAD: -50.0}), WANTED, PROJECT))
    assert found[KICK, "gain_db"] == pytest.approx(-5.5)
    assert found[PAD, "gain_db"] == MOST_DB
    for step in found.values():
        assert abs(step) <= MOST_DB and step * 2 == round(step * 2)
    near = heard(parts={KICK: -14.0, PAD: -30.0})
    assert not misplaced(near, WANTED) and corrections(near, WANTED, PROJECT) == ()


def test_the_same_figures_give_the_same_corrections() -> None:
    figures = heard(lufs=-15.0, air=-25.0, parts={KICK: -8.0})
    assert corrections(figures, WANTED, PROJECT) == corrections(figures, WANTED, PROJECT)


def test_corrections_are_differences_and_told_in_words() -> None:
    found = corrections(heard(lufs=-15.0, air=-22.0, parts={KICK: -9.0}), WANTED, PROJECT)
    after = applied(PROJECT, found)
    assert set(differences(PROJECT, after)) == set(found)
    said = ", ".join(words(found, PROJECT))
    assert "kick −5.5 dB" in said and "master eq high shelf +" in said and "master limiter gain +" in said
    assert "freq" not in said
    told = outcome(heard(air=-22.0, lufs=-15.0), heard(lufs=-14.0), WANTED)
    assert told == (
        "loudness −15.0 → −14.0 LUFS, still not −12.9 to −11.1",
        "air −22.0 → −14.0 dB, as it should be",
    )


def test_a_track_that_was_touched_meanwhile_stays_as_it_is() -> None:
    found = corrections(heard(lufs=-15.0, parts={KICK: -9.0, PAD: -40.0}), WANTED, PROJECT)
    now = PROJECT.with_mixer(KICK, gain_db=3)
    left = untouched(found, PROJECT, now)
    assert {change.track_id for change in left} == {PAD, MASTER_ID}
    renamed = PROJECT.with_track(KICK, lambda track: track.evolve(name="boom"))
    assert untouched(found, PROJECT, renamed) == found
    with pytest.raises(UserError, match="another piece"):
        untouched(found, PROJECT, compose(Intent(genre="house", bars=4), 2))


def test_a_prompt_s_wishes_move_what_is_wanted() -> None:
    def asked(text: str) -> Wanted:
        return wanted(compose(understand(text), 3))

    plain, dark = asked("house, 4 bars"), asked("very dark house, 4 bars")
    assert dark.bands["air"][0] < plain.bands["air"][0] - 3
    assert asked("house, only bass and pad, 4 bars").bands == {}
    loud, usual = (
        compose(Intent(genre="house", bars=4, only=("kick", "clap"), traits=traits), 3)
        for traits in ({"clap": ("loud",)}, {})
    )
    clap = loud.find_track("clap").id
    assert wanted(loud).places[clap] == pytest.approx(wanted(usual).places[clap] + 4, abs=0.2)


def test_a_project_of_one_s_own_needs_a_style() -> None:
    with pytest.raises(UserError, match="not made from a prompt"):
        wanted(new_project())
    assert wanted(new_project(), "house").style == "house"


def test_the_figures_name_everything_and_what_is_off() -> None:
    found = heard(air=-22.0, parts={KICK: -9.0})
    table = {figure.name: figure for figure in figures(found, WANTED, PROJECT)}
    assert table["air"].off_db == pytest.approx(-4.0)
    assert table["kick"].off_db == pytest.approx(3.0) and table["sub"].off_db is None
    assert [fault.name for fault in faults(found, WANTED)] == ["air"]
    low, high = table["kick"].low, table["kick"].high
    assert low is not None and high is not None and high - low == pytest.approx(10)


def test_a_part_that_nobody_hears_is_named() -> None:
    found = heard()
    silent = replace(found, parts={**found.parts, KICK: (None, {})})
    table = {figure.name: figure for figure in figures(silent, WANTED, PROJECT)}
    assert table["kick"].heard is None
    assert MixFigure(**table["kick"]._asdict()).cells()[2:] == ("silent", "not heard")
