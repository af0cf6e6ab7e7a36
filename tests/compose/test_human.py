"""Human hands: sizes by role, order, bar lines, and machines that have none."""

from itertools import groupby, pairwise
from random import Random
from statistics import correlation, fmean, pstdev

import pytest

from hardcore.compose.feel.drift import spread_ms
from hardcore.compose.feel.humanize import FORCE, TIMING_MS, humanized
from hardcore.compose.vary import regenerate
from hardcore.knowledge.loader import genre, genre_ids
from hardcore.project import devices
from hardcore.project.notes import Note
from hardcore.project.roles import DRUMS, TRANSITIONS
from tests.compose.measures import composed, parts
from tests.each import each

BAR = 7680
ROW = [Note(tick, 480, 60 + tick // 480 % 7, 90) for tick in range(0, 4 * BAR, 480)]


def test_nothing_moves_at_none_and_more_at_more() -> None:
    assert humanized(ROW, "keys", 0, 120, BAR, Random(1)) == ROW
    spread = [fmean(abs(n.offset_ticks) for n in humanized(ROW, "keys", a, 120, BAR, Random(1))) for a in (0.3, 0.6, 1)]
    assert 0 < spread[0] < spread[1] < spread[2]


def test_each_role_has_its_size_and_a_tempo_keeps_the_milliseconds() -> None:
    assert TIMING_MS["bass"] < TIMING_MS["keys"] < TIMING_MS["pad"] and FORCE["bass"] < FORCE["lead"]
    for role, most in TIMING_MS.items():
        for bpm in (80, 160):
            moved = humanized(ROW, role, 1, bpm, BAR, Random(3))
            ms = [abs(note.offset_ticks) * 60_000 / bpm / 1920 for note in moved]
            assert max(ms) <= most + 0.5 and max(ms) > most / 3
            assert max(abs(a.velocity - b.velocity) for a, b in zip(ROW, moved, strict=True)) >= 3


def test_notes_keep_their_order_their_bar_and_their_chords() -> None:
    rng = Random(5)
    for seed in range(40):
        starts = sorted(rng.sample(range(0, 4 * BAR, 60), 30))
        row = [Note(start, 200, pitch, 80) for start in starts for pitch in (60, 64, 67)]
        moved = humanized(row, "keys", 1, 174, BAR, Random(seed))
        onsets = [note.start_ticks + note.offset_ticks for note in moved]
        assert onsets == sorted(onsets)
        assert all(at // BAR == note.start_ticks // BAR for at, note in zip(onsets, moved, strict=True))
        for _, group in groupby(moved, key=lambda note: note.start_ticks):
            assert len({note.offset_ticks for note in group}) == 1


def test_one_voice_stays_one_voice() -> None:
    row = [note._replace(length_ticks=480) for note in ROW]
    for seed in range(10):
        moved = humanized(row, "lead", 1, 120, BAR, Random(seed), mono=True)
        ends = [note.end_ticks + note.offset_ticks for note in moved]
        assert all(end <= b.start_ticks + b.offset_ticks for end, b in zip(ends, moved[1:], strict=False))


def test_what_is_late_by_its_style_is_not_moved_twice() -> None:
    row = [note._replace(offset_ticks=20) for note in ROW]
    assert {note.offset_ticks for note in humanized(row, "keys", 1, 120, BAR, Random(1))} == {20}


@each("name", [name for name in genre_ids() if genre(name).human][::2])
def test_played_styles_breathe_and_stay_near_the_grid_and_in_order(name: str) -> None:
    moved = []
    for seed in (1, 2):
        project = composed(name, seed, bars=8)
        ms = 60_000 / project.tempo_map.bpm / 1920
        for role, track, notes in parts(project):
            if role not in (*DRUMS, "texture", *TRANSITIONS):
                assert track.instrument is not None
                mono = devices.instrument(track.instrument.device).mono
                moved += [note.offset_ticks != 0 for note in notes]
                for a, b in pairwise(notes) if mono else ():
                    assert a.start_ticks + a.offset_ticks < b.start_ticks + b.offset_ticks
                if role in ("bass", "lead"):
                    assert all(abs(n.offset_ticks) * ms < 5 * spread_ms(genre(name).human) for n in notes)
    assert fmean(moved) > 0.2


@pytest.mark.parametrize("name", ["warehouse_techno", "gabber", "trance", "acid", "electro"])
def test_machines_play_bass_and_lead_on_the_grid(name: str) -> None:
    project = composed(name, 1, bars=8)
    assert all(not n.offset_ticks for role, _, notes in parts(project) if role in ("bass", "lead") for n in notes)


def deviations(name: str, seeds: range) -> dict[str, list[dict[int, float]]]:
    """Return per role and piece how late each sixteenth is, ms."""
    found: dict[str, list[dict[int, float]]] = {}
    for seed in seeds:
        project = composed(name, seed, bars=16)
        ms = 60_000 / project.tempo_map.bpm / 1920
        for role, _, notes in parts(project):
            found.setdefault(role, []).append({n.start_ticks // 480: n.offset_ticks * ms for n in notes})
    return found


def correlated(pairs: list[tuple[float, float]]) -> float:
    """Return the correlation of pairs of deviations, each of its own piece's mean."""
    return correlation([a for a, _ in pairs], [b for _, b in pairs])


@pytest.mark.parametrize("name", ["rock", "blues"])
def test_played_drums_drift_together_as_drummers_do(name: str) -> None:
    found = deviations(name, range(8))
    own = {
        role: [{at: d - fmean(one.values()) for at, d in one.items()} for one in rows] for role, rows in found.items()
    }
    for role in ("kick", "snare"):
        spread = fmean(pstdev(one.values()) for one in own[role])
        assert 5 <= spread <= 14, (role, spread)
    hats = own["hat_closed"]
    after = [(one[at], one[at + 2]) for one in hats for at in one if at + 2 in one]
    assert correlated(after) >= 0.3
    for role in ("kick", "snare"):
        pairs = [(a[at], b[at]) for a, b in zip(hats, own[role], strict=True) for at in a if at in b]
        assert correlated(pairs) >= 0.4, role


@pytest.mark.parametrize("name", ["warehouse_techno", "trance", "trap"])
def test_machines_do_not_drift(name: str) -> None:
    for role, rows in deviations(name, range(2)).items():
        assert role not in ("kick", "snare", "hat_closed") or all(pstdev(one.values()) < 3 for one in rows), role


def test_a_part_made_anew_follows_the_drift_of_the_others() -> None:
    project = composed("rock", 1, bars=16)
    hats = next(clip for track, clip in project.clips() if track.role == "hat_closed")
    kick = next(clip for track, clip in project.clips() if track.role == "kick")
    anew = regenerate(project, hats.id, 99).find_clip(hats.id)[1]
    late = {note.start_ticks: note.offset_ticks for note in kick.notes}
    pairs = [(float(late[n.start_ticks]), float(n.offset_ticks)) for n in anew.notes if n.start_ticks in late]
    assert correlated(pairs) > 0.3
