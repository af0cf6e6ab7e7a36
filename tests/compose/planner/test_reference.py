"""The earlier planner's plans: every figure that its documentation gives, and what holds for any prompt and length."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardcore.compose.planner.model import CompositionPlan
from hardcore.compose.planner.reference import clip_seed, reference, reference_clip, seed_of
from hardcore.compose.planner.theme import arrangement, fnv1a, heard, motif_of
from hardcore.errors import UserError
from hardcore.knowledge.planning import LAYERS, planning

WORDS = ("dark", "techno", "piano", "bass", "slow", "lush", "hip", "hop", "140", "bpm,")
PROMPTS = st.text(max_size=600) | st.lists(st.sampled_from(WORDS)).map(" ".join)


@pytest.mark.parametrize(
    ("seconds", "bpm", "bars", "total"),
    [
        (2, 128, (1, 4), 9.5),
        (16, 128, (2, 6, 4, 2, 1), 28.25),
        (24, 128, (3, 6, 6, 3, 2), 37.5),
        (30, 128, (3, 6, 6, 3, 2), 37.5),
        (90, 128, (8, 14, 18, 8), 92.0),
        (120, 128, (12, 17, 23, 12), 120.0),
    ],
)
def test_lengths_are_those_that_were_documented(seconds: float, bpm: int, bars: tuple[int, ...], total: float) -> None:
    plan = reference("anything", seconds)
    assert (plan.tempo_bpm, tuple(section.bars for section in plan.sections)) == (bpm, bars)
    assert plan.total_duration_seconds == total


def test_two_minutes_are_these_sections() -> None:
    plan = reference("hello", 120)
    assert [(one.role, one.target_seconds, one.energy) for one in plan.sections] == [
        ("intro", 22.5, "low"), ("motif", 31.875, "medium"), ("chorus", 43.125, "high"), ("outro", 22.5, "low"),
    ]  # fmt: skip
    assert (plan.version, plan.time_signature, plan.total_bars) == ("v3", "4/4", 64)
    assert [one.seed_offset for one in plan.sections] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("seconds", "bpm", "bars", "total"),
    [(12, 120, 6, 12.0), (16, 90, 6, 16.0), (24, 68, 7, 24.706), (8, 128, 4, 7.5), (3, 128, 4, 7.5)],
)
def test_a_motif_alone_is_as_long_as_was_documented(seconds: float, bpm: int, bars: int, total: float) -> None:
    plan = reference("hello", seconds, motif=True)
    assert (plan.tempo_bpm, plan.total_bars) == (bpm, bars)
    assert plan.total_duration_seconds == pytest.approx(total, abs=0.001)


def test_seeds_keys_and_hashes_are_those_that_were_documented() -> None:
    assert seed_of("hello") == 3238736544897475342
    assert seed_of("techno") == 6869586387417210350
    assert clip_seed("session-abc", "rhythm", 0, "deep drums") == 600433610167437160
    assert fnv1a("palette:rhythm:42") == 2270615450
    assert fnv1a("palette:bass:1") == 2056219812
    assert fnv1a("instrumentation:0") == 1812035055
    assert [reference("x", 120, seed).key for seed in (0, 6, 7, 11, 12)] == [
        "C major", "F major", "E minor", "C minor", "C major",
    ]  # fmt: skip


def test_a_motif_is_the_first_three_words_of_letters() -> None:
    assert motif_of("Techno! at 140 bpm") == "Techno at bpm"
    assert motif_of("140 4/4 !!") == "primary motif"


def test_words_count_whole() -> None:
    """A bassoon was a bass once, what is sharp a harp, and a strap a trap beat."""
    said = heard("bassoon, sharp strap")
    assert (said.instruments, said.rhythm, said.texture, said.profile) == ((), None, None, None)
    assert heard("a bass, a harp").instruments == (("bass", "round bass"), ("harmony", "harp"))


@given(PROMPTS, st.floats(2, 1200), st.none() | st.integers(0, 2**63))
def test_any_plan_holds_together(prompt: str, seconds: float, seed: int | None) -> None:
    plan = reference(prompt, seconds, seed)
    assert plan == reference(prompt, seconds, seed)
    assert plan == CompositionPlan.model_validate_json(plan.model_dump_json())
    assert 68 <= plan.tempo_bpm <= 128
    assert plan.total_bars == sum(one.bars for one in plan.sections)
    bar_s = 240 / plan.tempo_bpm
    floor = 16 if seconds >= 90 else 2
    assert all(one.target_seconds == max(floor, one.bars * bar_s) for one in plan.sections)
    if 90 <= seconds <= 300:
        assert abs(plan.total_duration_seconds - seconds) <= 2.0
    for one in plan.sections:
        counts = planning().roles[one.role].layers
        assert [len(getattr(one.orchestration, layer)) <= n for layer, n in zip(LAYERS, counts, strict=True)] == [
            True
        ] * 6
        assert arrangement(one).startswith(planning().roles[one.role].verb)


@given(PROMPTS, st.sampled_from(LAYERS), st.integers(1, 64))
def test_a_clip_joins_its_piece(prompt: str, layer: str, bars: int) -> None:
    piece = reference("dark techno with piano and choir", 120)
    plan = reference_clip(piece, layer, prompt, bars)  # type: ignore[arg-type]
    (section,) = plan.sections
    assert (plan.version, plan.tempo_bpm, plan.key, plan.theme) == ("v4", piece.tempo_bpm, piece.key, piece.theme)
    assert section.section_id == "c00"
    assert section.target_seconds == max(2.0, bars * 1.875)
    kept = planning().layers[layer].keeps  # type: ignore[index]
    assert {name for name in LAYERS if getattr(section.orchestration, name)} <= set(kept)


def test_a_clip_of_no_bars_is_refused() -> None:
    with pytest.raises(UserError, match="no length"):
        reference_clip(reference("hello", 120), "bass", "walking", 0)
