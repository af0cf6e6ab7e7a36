"""What is kept of a project is the same whatever its ids were, whole by itself, and whole where it is put."""

import random

from hardcore.project import controlmaps, excerpts, insertion
from hardcore.project.integrity import check
from hardcore.project.renumbering import canonical, shifted
from hardcore.project.state import ProjectState, new_project
from tests.effort import examples
from tests.project.edits import random_edit
from tests.song import song


def test_equal_things_make_equal_excerpts_whatever_their_ids() -> None:
    one = song()
    bass = one.find_track("bass").id
    one = controlmaps.add(one, message="cc", number=7, target=f"send {bass} t12")
    other = shifted(one, 1000)
    assert other.maps[0].target == f"send t{int(bass[1:]) + 1000} t1012"
    for make in (
        lambda project: excerpts.of_sound(project, project.find_track("bass").id),
        lambda project: excerpts.of_strip(project, project.find_track("snare").id),
        lambda project: excerpts.of_clip(project, project.find_clip("bass:A")[1].id),
        lambda project: excerpts.of_scene(project, project.scenes[0].id),
        lambda project: excerpts.of_maps(project, project.maps),
    ):
        made = make(one).project
        assert make(other).project == made == canonical(made)


def test_any_part_of_any_project_is_whole_and_can_be_put_anywhere() -> None:
    rng = random.Random(5)
    project, target = song(), song()
    for _ in range(examples(60)):
        project = tried(project, rng)
        target = tried(target, rng)
        for track in project.tracks[:-1]:
            strip = excerpts.of_strip(project, track.id).project
            check(strip)
            check(insertion.put_strip(target, strip, None, track.name).project)
        for _, clip in project.clips():
            kept = excerpts.of_clip(project, clip.id).project
            check(kept)
            put = insertion.put_clip(target, kept, None, None, clip.name).project
            check(put)
            assert any(one.notes == clip.notes and one.region == clip.region for _, one in put.clips())
        for scene in project.scenes:
            if scene.slots:
                kept = excerpts.of_scene(project, scene.id).project
                check(kept)
                check(insertion.put_scene(target, kept, scene.name).project)
                check(insertion.put_scene(new_project(), kept, scene.name).project)


def tried(project: ProjectState, rng: random.Random) -> ProjectState:
    for _ in range(3):
        _, project = random_edit(project, rng)
    return project
