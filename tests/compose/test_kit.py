"""The drums of a genre that names a rhythm: they come from the drum engine, as the plan's levels and form want it."""

import subprocess
import sys
from itertools import pairwise

import pytest
from pydantic import ValidationError

from hardcore.compose.form.structure import scene_bars
from hardcore.compose.intent import Intent
from hardcore.compose.parts.drums import generate
from hardcore.compose.parts.kit import LEAD_IN, strokes
from hardcore.compose.plan import Plan, make_plan
from hardcore.compose.producer import compose
from hardcore.knowledge.grammar import DrumGrammar
from hardcore.language.prompt.understand import understand
from hardcore.project import devices
from hardcore.project.notes import Note
from hardcore.project.roles import Role

TECHNO = "dark warehouse techno, 138 bpm, F minor, 8 bars"


def plan(seed: int = 1, genre: str = "warehouse_techno", **fields: object) -> Plan:
    return make_plan(Intent.model_validate({"genre": genre, **fields}), seed)


def drum(made: Plan, role: Role) -> list[Note]:
    device = "kick909" if role == "kick" else role
    return generate(made, scene_bars(made), role, devices.instrument(device))


def bars_of(made: Plan, role: Role) -> tuple[tuple[tuple[int, str], ...], ...]:
    found = strokes(made, scene_bars(made), role)
    assert found is not None
    return tuple(tuple((stroke.tick, stroke.letter) for stroke in bar) for bar in found)


def test_the_drums_are_those_of_a_session_of_the_engine_after_its_lead_in() -> None:
    from hardcore.compose.chance import stream
    from hardcore.knowledge.rhythms import rhythm
    from hardcore.rhythm.session import perform

    made = plan(5, swing_percent=52, bpm=138)
    forms = list(dict.fromkeys((bar.letter, bar.primes) for bar in scene_bars(made)))
    seed = stream(5, "rhythm").getrandbits(53)
    play = perform(rhythm("warehouse"), bars=LEAD_IN + len(forms), seed=seed, bpm=138, energy=made.energy)
    hats = play.notes.of_layer(list(play.rhythm.layers).index("hat_c")).grid.tolist()
    for bar, played in zip(scene_bars(made), bars_of(made, "hat_closed"), strict=True):
        place = LEAD_IN + forms.index((bar.letter, bar.primes))
        assert [tick for tick, _ in played] == [tick % 7680 for tick in hats if tick // 7680 == place]


@pytest.mark.parametrize("seed", range(6))
def test_a_bar_of_the_form_comes_back_and_its_variation_differs(seed: int) -> None:
    made = plan(seed)
    forms = [(bar.letter, bar.primes) for bar in scene_bars(made)]
    hats = bars_of(made, "hat_closed")
    assert all(hats[forms.index(form)] == bar for form, bar in zip(forms, hats, strict=True))
    assert len(set(hats)) == len(set(forms)) >= 4


def test_energy_fills_the_hats_and_ghosts_follow_their_level() -> None:
    counts = [
        sum(len(bar) for s in range(6) for bar in bars_of(plan(s, energy=e), "hat_closed")) for e in (0.2, 0.65, 1)
    ]
    assert counts[0] < 0.8 * counts[1] and counts[1] < 0.95 * counts[2]
    soft = [
        sum(letter == "o" for s in range(20) for bar in bars_of(plan(s, ghost=g), "kick") for _, letter in bar)
        for g in (0.0, 0.35, 1.0)
    ]
    assert soft[0] == 0 < soft[1] < soft[2]


def test_hats_keep_to_the_engines_timing_within_its_cap() -> None:
    notes = drum(plan(3, bpm=138), "hat_closed")
    late_ms = [note.offset_ticks / (138 * 1920 / 60_000) for note in notes]
    assert min(late_ms) < -3 and max(map(abs, late_ms)) <= 5.2
    assert all(note.start_ticks % 480 == 0 for note in notes)


@pytest.mark.parametrize("meter", [(3, 4), (5, 4), (4, 2), (2, 4)])
def test_the_engine_plays_any_meter_of_quarters_with_a_kick_on_every_beat(meter: tuple[int, int]) -> None:
    made = plan(2, numerator=meter[0], denominator=meter[1], ghost=0)
    quarters = set(range(0, made.bar_ticks, 1920))
    assert all({tick for tick, _ in bar} == quarters for bar in bars_of(made, "kick"))


def test_the_grammar_plays_other_meters_what_is_asked_by_name_and_drums_that_the_rhythm_lacks() -> None:
    bars = scene_bars(plan())
    assert strokes(plan(), bars, "tom") is None
    assert strokes(plan(traits={"kick": ("broken",)}), bars, "kick") is None
    assert strokes(plan(numerator=7, denominator=8), bars, "kick") is None
    assert strokes(plan(genre="house"), bars, "kick") is None


def test_a_rhythm_that_is_not_there_is_refused_with_the_nearest() -> None:
    with pytest.raises(ValidationError, match="warehouse"):
        DrumGrammar.model_validate({"rhythm": "werehouse"})


def test_the_same_sentence_and_seed_give_the_same_project_in_any_process() -> None:
    here = compose(understand(TECHNO), 7)
    # another session before it must change nothing
    code = (
        "from hardcore.compose.producer import compose; from hardcore.language.prompt.understand import understand\n"
        f"compose(understand('warehouse techno'), 3); print(compose(understand({TECHNO!r}), 7).model_dump_json())"
    )
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert there == here.model_dump_json()


def test_a_running_rhythm_turns_through_the_scene_while_a_form_repeats_its_bars() -> None:
    made = plan(1, "minimal_techno", bars=8)
    hits = [bar * 16 + tick // 480 for bar, row in enumerate(bars_of(made, "perc")) for tick, _ in row]
    assert {b - a for a, b in pairwise(hits)} == {5}, "a bar of five sixteenths over bars of sixteen"
    assert strokes(made, scene_bars(made), "kick") is None
    form = [(bar.letter, bar.primes) for bar in scene_bars(plan(1, bars=8))]
    kicks = bars_of(plan(1, bars=8), "hat_open")
    assert all(kicks[at] == kicks[form.index(one)] for at, one in enumerate(form))


def test_a_polymetric_drum_turns_in_its_own_length_over_the_bar_lines() -> None:
    plain, turned = (make_plan(understand(f"{words}techno, 138 bpm, 8 bars"), 3) for words in ("", "polymetric "))
    grid = [round(note.start_ticks / 480) for note in drum(turned, "perc")]
    places = {place % 5 for place in grid}
    assert len(places) == 2 and len({place % 16 for place in grid}) > 8
    assert grid != [round(note.start_ticks / 480) for note in drum(plain, "perc")]
    assert drum(plain, "kick") == drum(turned, "kick")
    hats = make_plan(understand("house with polymetric hats"), 3)
    assert hats.traits["hat_closed"] == ("polymetric",) and not hats.traits.get("perc")
