"""`clip LAYER`: cells of the grid filled from the piece that stands."""

from collections.abc import Iterator

import pytest

from hardcore import open_studio
from hardcore.commands.clips.layerclip import LAYERS, ClipsMade
from hardcore.commands.core.line import resolve
from hardcore.commands.core.registry import registry
from hardcore.compose.planner.plan import layer_of
from hardcore.errors import Conflict, UserError
from hardcore.knowledge import planning
from hardcore.project.roles import DRUMS
from hardcore.surfaces.live import LiveStudio

BAR = 7680


@pytest.fixture
def studio() -> Iterator[LiveStudio]:
    with open_studio() as opened:
        yield opened


def clip(studio: LiveStudio, line: str) -> ClipsMade:
    answer = studio.do(f"/clip {line}")
    assert isinstance(answer, ClipsMade)
    return answer


def test_a_clip_fits_the_piece_and_undo_takes_it_back(studio: LiveStudio) -> None:
    studio.do("house, 100 bpm, D minor, 4 bars --seed 3")
    before = studio.project
    made = clip(studio, "bass walking --seed 4")
    (cell,) = made.cells
    track, new = studio.project.find_clip(cell.id)
    old = before.find_clip("bass:A")[1]
    assert (track.role, new.length_ticks, made.scene) == ("bass", 4 * BAR, "B")
    assert new.notes != old.notes and studio.project.tempo_map == before.tempo_map
    scale = {(studio.project.key.tonic + step) % 12 for step in studio.project.key.intervals}
    assert sum(note.pitch % 12 in scale for note in new.notes) >= 0.8 * len(new.notes)
    assert new.provenance and old.provenance
    assert new.provenance.intent["chords_played"] == old.provenance.intent["chords_played"], "its chords"
    studio.do("/undo")
    assert studio.project is before


def test_a_full_cell_takes_the_next_scene_and_a_new_one_where_all_are_full(studio: LiveStudio) -> None:
    studio.do("house, 4 bars --seed 3")
    studio.do("/scene add drop")
    assert [clip(studio, f"bass --seed {seed}").scene for seed in (1, 2, 3)] == ["drop", "B", "C"]
    assert clip(studio, "lead --scene B --bars 2").scene == "B"


def test_a_layer_is_all_its_parts_and_words_choose_one(studio: LiveStudio) -> None:
    studio.do("house, 4 bars --seed 3")
    drums = clip(studio, "rhythm busy --seed 1")
    roles = {studio.project.find_track(one.track).role for one in drums.cells}
    assert roles <= set(DRUMS) and {"kick", "hat_closed"} <= roles
    assert [one.track for one in clip(studio, "rhythm sparse hats --seed 1").cells] in (["hats"], ["hats", "open hats"])


def test_a_part_that_the_piece_lacks_plays_in_that_scene_alone(studio: LiveStudio) -> None:
    studio.do("house, only kick and bass, 4 bars --seed 3")
    made = clip(studio, "harmony rhodes --scene A --seed 3")
    (cell,) = made.cells
    track, _ = studio.project.find_clip(cell.id)
    assert layer_of(track.role) == "harmony" and len(track.clips) == 1
    assert [scene.name for scene in studio.project.scenes if track.id in scene.slots] == [made.scene]
    assert clip(studio, "lead").cells and clip(studio, "textures").cells


@pytest.mark.parametrize(
    ("line", "kind", "said"),
    [
        ("/clip bass", Conflict, "no piece"),
        ("/clip vocals", Conflict, "no piece"),
        ("/clip shwo bass:A", UserError, "show"),
        ("/clip bas", UserError, "bass"),
        ("/clip", UserError, "rhythm"),
        ("/clip bass --bars 65", UserError, "at most 64"),
    ],
)
def test_what_cannot_be_made_is_said(studio: LiveStudio, line: str, kind: type[UserError], said: str) -> None:
    before = studio.project
    with pytest.raises(kind) as raised:
        studio.do(line)
    assert said in raised.value.line() and studio.project is before
    studio.do("house, 4 bars --seed 3")
    with pytest.raises(UserError, match="no instrument"):
        studio.do("/clip vocals")


def test_words_that_say_nothing_are_told(studio: LiveStudio) -> None:
    studio.do("house, 4 bars --seed 3")
    assert clip(studio, "bass frobnicated").ignored == ("frobnicated",)


def test_the_longest_name_wins_and_no_verb_of_clip_is_a_layer() -> None:
    assert LAYERS == planning.LAYERS
    verbs = {name.split()[1] for name in registry() if name.startswith("clip ")}
    assert not verbs & set(LAYERS) and "show" in verbs
    for line, name in (("/clip show bass:A", "clip show"), ("/clip bass show", "clip"), ("/clip rhythm", "clip")):
        resolved = resolve(line)
        assert resolved is not None and resolved[0].name == name
