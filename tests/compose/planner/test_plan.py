"""The plan that is used: what was asked wins, the length is hit, and the project's sections are the plan."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hardcore.compose.form.song import composed, perform
from hardcore.compose.planner.form import players
from hardcore.compose.planner.model import CompositionPlan
from hardcore.compose.planner.outline import outline
from hardcore.compose.planner.plan import layer_of, outlined, plan_of, planned_roles
from hardcore.compose.planner.reference import reference
from hardcore.errors import UserError
from hardcore.knowledge.loader import genre, genre_ids
from hardcore.knowledge.planning import LAYERS, planning
from hardcore.language.prompt.understand import LONGEST, understand
from hardcore.music.scale import Key
from hardcore.project import sections
from hardcore.project.integrity import check
from hardcore.project.roles import ROLES
from hardcore.project.state import new_project
from hardcore.project.timeline import end_ticks, timeline

SECONDS = st.floats(2, 1200)
SEEDS = st.integers(0, 2**53 - 1)
STYLES = st.sampled_from(genre_ids())
ASKED = st.tuples(
    st.none() | st.integers(40, 300),
    st.none() | st.sampled_from(("C major", "D minor", "F# minor", "Bb major", "G dorian")),
    st.none() | st.sampled_from(("3/4", "4/4", "5/4", "6/8", "7/8")),
)


def prompt_of(style: str, asked: tuple[int | None, str | None, str | None]) -> str:
    bpm, key, meter = asked
    tempo = f"{bpm} bpm" if bpm else None
    return ", ".join(part for part in (style.replace("_", " "), tempo, key, meter) if part)


@given(STYLES, ASKED, SECONDS, SEEDS)
def test_what_is_asked_wins_and_the_length_is_hit_within_a_bar(
    style: str, asked: tuple[int | None, str | None, str | None], seconds: float, seed: int
) -> None:
    bpm, key, meter = asked
    intent = understand(prompt_of(style, asked))
    project = outline(intent, seed, seconds)
    plan = plan_of(project)
    assert (
        plan == plan_of(outline(intent, seed, seconds)) == CompositionPlan.model_validate_json(plan.model_dump_json())
    )
    known = genre(style)
    assert plan.tempo_bpm == (bpm or known.tempo.default)
    assert plan.time_signature == (meter or known.meter)
    assert Key.parse(plan.key) == Key.parse(key) if key else Key.parse(plan.key) in [one.key for one in known.keys]
    over, under = map(int, plan.time_signature.split("/"))
    bar_s = 60 / plan.tempo_bpm * over * 4 / under
    assert abs(plan.total_duration_seconds - seconds) <= bar_s
    assert sum(one.target_seconds for one in plan.sections) == pytest.approx(plan.total_duration_seconds)
    assert [one.bars for one in plan.sections] == [one.bars for one in project.sections]
    for one in plan.sections:
        assert one.target_seconds == pytest.approx(one.bars * bar_s)
        assert any(getattr(one.orchestration, layer) for layer in LAYERS)


@example("000000\n", 1200, 2.0)
@example("a slow pad and a choir", LONGEST, 600.0)
@given(st.text(min_size=1, max_size=60), st.integers(1, 300), SECONDS)
def test_any_prompt_that_can_be_read_can_be_planned(words: str, length: int, seconds: float) -> None:
    prompt = (f"techno {words} " * (length // len(words) + 1))[:length]
    try:
        intent = understand(prompt)
    except UserError:
        return
    plan = plan_of(outline(intent, 1, seconds))
    assert all(len(one.prompt) <= 512 for one in plan.sections)


@pytest.mark.parametrize(
    ("prompt", "total"),
    [
        ("cinematic build, 120 s, 100 bpm, D minor", 120.0),
        ("techno, 20 minutes", 1200.0),
        ("house, 64 bars", 64 * 240 / 124),
        ("house song, 8 bars intro, 16 bars drop, 4 bars outro", 28 * 240 / 124),
    ],
)
def test_a_length_in_the_words_counts(prompt: str, total: float) -> None:
    assert plan_of(outline(understand(prompt), 3)).total_duration_seconds == pytest.approx(total)


@pytest.mark.parametrize("style", ["cinematic", "house", "pop", "jazz_trio", "dubstep", "waltz"])
def test_a_plan_is_played_as_it_says_and_again_to_the_same_bytes(style: str) -> None:
    intent = understand(f"{style.replace('_', ' ')}, 2 minutes")
    project = outline(intent, 5)
    plan = plan_of(project)
    music, _ = perform(project)
    check(music)
    played = plan_of(music)
    *before, last = played.sections
    assert [one.orchestration for one in before] == [one.orchestration for one in plan.sections[:-1]]
    for layer in LAYERS:  # others may join in the last bar, for the hit
        assert set(getattr(plan.sections[-1].orchestration, layer)) <= set(getattr(last.orchestration, layer))
    assert [(one.label, one.bars, one.energy) for one in played.sections] == [
        (one.label, one.bars, one.energy) for one in plan.sections
    ]
    assert end_ticks(timeline(music)) == music.meter_map.bar_start(plan.total_bars)
    assert music == composed(intent, 5)[0], "a song from a prompt is its plan played"
    again, _ = perform(music)
    assert again.evolve(next_id=1).model_dump_json() == music.evolve(next_id=1).model_dump_json()


def test_energy_is_how_many_parts_play() -> None:
    project = outline(understand("house, 2 minutes"), 5)
    roles = planned_roles(project)
    place = sections.find_section(project, "break")
    for energy in (0.2, 0.5, 0.9, 1.0):
        louder = sections.set_energy(project, place, energy)
        chosen = players(louder.sections[place], roles)
        expected = max(round(energy * len(roles)), 1)
        assert abs(len(chosen) - expected) <= 2, "what leads in and out joins nowhere by itself"
        music, _ = perform(louder)
        assert [track.role for track in sections.playing(music, place)] == [roles[at] for at in chosen]
    quiet = players(sections.set_energy(project, place, 0.1).sections[place], roles)
    assert set(quiet) < set(players(project.sections[place], roles))


def test_sections_that_are_the_same_again_share_their_music_until_one_is_changed() -> None:
    project = outline(understand("pop, 3 minutes"), 5)
    chorus, again = (sections.find_section(project, name) for name in ("chorus", "chorus 2"))
    music, _ = perform(project)

    def clips(music: object, place: int) -> set[str]:
        start, end = sections.ticks_of(music, place)  # type: ignore[arg-type]
        tracks = music.tracks  # type: ignore[attr-defined]
        return {one.clip for track in tracks for one in track.placements if start <= one.start_ticks < end}

    assert clips(music, chorus) == clips(music, again)
    thinner, _ = perform(sections.set_energy(project, again, 0.3))
    assert len(clips(thinner, again)) < len(clips(thinner, chorus))


@given(st.sampled_from(("techno", "cinematic", "pop")), st.floats(2, 300), st.integers(0, 2**32))
def test_a_plan_from_elsewhere_is_kept_to_the_bar(style: str, seconds: float, seed: int) -> None:
    plan = reference(style, seconds, seed)
    project = outlined(plan, understand(style), seed)
    ours = plan_of(project)
    assert [(one.label, one.bars) for one in ours.sections] == [(one.name, one.bars) for one in project.sections]
    assert [one.bars for one in ours.sections] == [one.bars for one in plan.sections]
    assert (ours.tempo_bpm, ours.key, ours.total_bars) == (plan.tempo_bpm, plan.key, plan.total_bars)
    assert [one.role for one in ours.sections] == [one.role for one in plan.sections]


def test_a_layer_that_a_plan_leaves_out_does_not_play() -> None:
    plan = reference("techno", 120, 3)
    chorus = next(at for at, one in enumerate(plan.sections) if one.role == "chorus")
    row = list(plan.sections)
    row[chorus] = row[chorus].evolve(orchestration=row[chorus].orchestration.evolve(bass=(), lead=()))
    music, _ = perform(outlined(plan.evolve(sections=tuple(row)), understand("techno with a lead"), 3))
    layers = {layer_of(track.role) for track in sections.playing(music, chorus)}
    assert layers and not layers & {"bass", "lead"}
    others = {layer_of(track.role) for at in range(len(row)) for track in sections.playing(music, at)}
    assert "bass" in others


def test_every_part_is_a_layer_and_every_kind_of_section_has_a_role() -> None:
    assert all(layer_of(role) is not None for role in ROLES)
    kinds = {sections.kind_of(one.name) for style in genre_ids() for one in genre(style).song}
    assert kinds <= set(planning().kinds)


def test_what_came_from_no_prompt_has_no_plan_to_play() -> None:
    with pytest.raises(UserError, match="not made from a prompt"):
        perform(new_project())
    with pytest.raises(UserError, match="loop"):
        perform(composed(understand("house, 4 bars"), 1)[0])
