"""The tunes of styles, judged by code that does not make them; the judge itself, on notes written by hand."""

import numpy as np
import pytest

from hardcore.compose.form.song import perform
from hardcore.compose.intent import Intent
from hardcore.compose.planner.outline import outline
from hardcore.knowledge.loader import genre, genre_ids
from hardcore.project.notes import Note
from hardcore.project.roles import DRUMS, TRANSITIONS
from tests import judged
from tests.compose.judge import (
    chord_tone_bars,
    correlation,
    covered,
    deviations,
    different,
    edits,
    figures,
    likeness,
    song_of,
    tune_of,
)
from tests.compose.pop909 import auc, references
from tests.effort import IS_SOAK

BAR = 7680
SONGS = [name for name in genre_ids() if genre(name).kind == "song"]
# two styles in every run, with fewer seeds than the page
FEW, SOME = ("pop", "bossa_nova"), range(300, 306)


def row(*notes: tuple[float, float, int]) -> list[Note]:
    """Return notes of (sixteenth, sixteenths, pitch)."""
    return [Note(int(at * 480), int(length * 480), pitch) for at, length, pitch in notes]


def test_the_judge_counts_what_is_there() -> None:
    # C D E D | rest, pickup B held into bar 3 | C D E D, an octave leap
    notes = row(
        (0, 4, 60), (4, 4, 62), (8, 2, 64), (10, 2, 62), (30, 6, 59),
        (36, 4, 60), (40, 2, 62), (42, 2, 64), (44, 2, 62), (46, 2, 74),
    )  # fmt: skip
    found = figures(tune_of(notes, BAR))
    assert found["steps"] == pytest.approx(7 / 9)
    assert found["over barlines"] == pytest.approx(0.1)
    assert found["notes a phrase"] == pytest.approx(10 / 3), "a rest of 18 sixteenths, and a note of six"
    assert found["pickups"] == pytest.approx(1 / 3)
    assert found["range"] == 15
    assert found["direction kept"] == 0.5
    assert found["bar rhythms"] == 1
    assert chord_tone_bars(tune_of(notes, BAR), [frozenset({0, 2, 4})]) == pytest.approx(2 / 3)


def test_a_figure_that_comes_again_is_found_at_another_pitch() -> None:
    figure = [0, 2, 4, 5, 4]
    notes = row(*((at * 2, 2, 60 + tone) for at, tone in enumerate([*figure, *(tone + 5 for tone in figure)])))
    assert figures(tune_of(notes, BAR))["figures that recur"] == pytest.approx(1 / 6)
    assert figures(tune_of(notes[:6], BAR))["figures that recur"] == 0


def test_a_lead_is_covered_by_what_sounds_above_it() -> None:
    lead, chord = row((0, 4, 72), (4, 4, 60)), row((0, 16, 67))
    assert covered(lead, chord) == 0.5 and covered(lead, []) == 0


@pytest.mark.parametrize("style", [pytest.param(name, marks=() if name in FEW else pytest.mark.soak) for name in SONGS])
def test_the_tunes_of_a_style_of_songs_are_within_reach_of_real_ones(style: str) -> None:
    assert len(judged.missed(style, SOME)) <= 2, judged.judged(style, SOME)


@pytest.mark.parametrize("style", FEW)
def test_the_tune_of_a_song_style_begins_in_the_first_bars_and_lies_on_top(style: str) -> None:
    for seed in SOME:
        project = judged.piece(style, seed)
        lead = judged.heard(project, "lead")
        assert lead[0].start_ticks < 2 * BAR
        assert covered(lead, judged.heard(project, *judged.ACCOMPANIMENT)) == 0


def test_the_page_has_a_row_for_every_style_of_songs_and_nearly_all_goals_are_met() -> None:
    text = judged.PAGE.read_text(encoding="utf-8")
    assert all(f"\n| {genre(name).name} | " in text for name in SONGS)
    met, of = text.split("\n\n## Other")[0].split("\n\n")[-1].split(" goals")[0].split(" of ")
    assert int(met) >= 0.9 * int(of)


@pytest.mark.parametrize(
    "style",
    [pytest.param(name, marks=() if name in ("pop", "house") else pytest.mark.soak) for name in genre_ids()],
)
def test_a_song_has_sections_of_its_own_comes_back_to_its_hook_and_ends_at_home(style: str) -> None:
    found = judged.judged_song(style, 5)
    assert found["sections"] >= 4
    assert found["unique bars"] >= (0.35 if genre(style).kind == "song" else 0.2)
    assert found.get("returns", 1) >= 0.8 or found.get("same tune", 0) <= 0.5
    assert found.get("ends on tonic", 1) == 1


@pytest.mark.parametrize(
    "style",
    [pytest.param(name, marks=() if name in ("salsa", "dubstep") else pytest.mark.soak) for name in genre_ids()],
)
def test_a_song_of_two_and_a_half_minutes_develops_and_comes_back(style: str) -> None:
    """Three of its sections differ from each other in chords or tune, and what it is about returns as it was."""
    for seed in (11, 12, 13) if IS_SOAK else (11,):
        project, _ = perform(outline(Intent(genre=style, song=True), seed, 150.0))
        song, roles = song_of(project), {track.role: track.name for track in project.tracks}
        assert project.tempo_map.seconds(project.meter_map.bar_start(len(song.bars))) == pytest.approx(150, abs=4)
        tune = {roles[role] for role in (("lead",) if "lead" in roles else ("bass", "pluck", "sub")) if role in roles}
        chords = {name for role, name in roles.items() if role not in (*DRUMS, *TRANSITIONS, "lead", "texture")}
        kinds, apart = [kind for kind, _, _ in song.sections], list[int]()
        rows = [song.bars[first:end] for _, first, end in song.sections]
        for place, row in enumerate(rows):
            if all(different(row, rows[other], tune, chords) for other in apart):
                apart.append(place)
        assert len(kinds) >= 4 and len(apart) >= 3, (seed, kinds, apart)
        main = next((kind for kind in judged.MAIN if kinds.count(kind) > 1), "")
        assert not main or likeness(song.of(main), song.of(main, 1)) >= 0.8, (seed, main)


def test_what_differs_is_counted_in_bars() -> None:
    home = [frozenset({("pad", 0, 16, pitch)}) for pitch in (60, 65, 67, 60)]
    again = [frozenset({("pad", 0, 16, pitch)}) for pitch in (72, 65, 67, 60, 60)]
    assert edits("abcd", "bcde") == 2 and edits((), "ab") == 2 and edits("abc", "abc") == 0
    assert not different(home, again, {"lead"}, {"pad"}), "a bar more of five, and an octave is no other chord"
    assert different(home, home[2:], {"lead"}, {"pad"})
    sung = [bar | {("lead", at, 4, 72)} for at, bar in enumerate(home)]
    assert different(home, sung, {"lead"}, {"pad"}) and not different(sung, sung, {"lead"}, {"pad"})


@pytest.mark.soak
def test_the_page_is_what_is_measured_now() -> None:
    assert judged.PAGE.read_text(encoding="utf-8") == judged.page(), "python -m tests.judged"


def test_the_judge_of_timing_removes_what_is_the_same_in_every_bar() -> None:
    pushed = [Note(bar * BAR + 480 * at, 120, 42, offset_ticks=40 * (at % 2)) for bar in range(4) for at in range(16)]
    assert set(deviations(pushed, 16, 120).values()) == {0.0}
    late = [note._replace(offset_ticks=note.offset_ticks + 96 * (note.start_ticks >= 2 * BAR)) for note in pushed]
    found = deviations(late, 16, 125)
    assert found[0] == pytest.approx(-12.0) and found[40] == pytest.approx(12.0), "96 ticks are 24 ms"
    assert correlation([(found[at], found[at + 1]) for at in range(63)]) == pytest.approx(0.94, abs=0.04)
    assert correlation([(1.0, 2.0)] * 9) is None


@pytest.mark.parametrize("style", ["funk", "jazz_trio"])
def test_players_push_and_drag_together(style: str) -> None:
    found = judged.judged_feel(style, range(300, 304))
    for name, (low, high) in judged.FEEL.items():
        assert low <= found[name] <= high, (name, found)
    assert not judged.judged_feel("acid", range(300, 302)) or judged.judged_feel("acid", range(300, 302))["kick"] < 1


def test_the_forest_tells_apart_what_differs_and_nothing_else() -> None:
    rng = np.random.default_rng(3)
    some, others = rng.normal(size=(60, 4)), rng.normal(size=(60, 4))
    assert abs(auc(some, others) - 0.5) < 0.2
    others[:, 2] += 3
    assert auc(some, others) > 0.95
    figures_of = references(row(*((4 * at, 4, 60 + at % 8) for at in range(32))))
    assert len(figures_of) == 31 and figures_of[10] == 4, "a note a beat"
