"""Large projects, of the sizes that edits must not feel."""

from hardcore.project import clips, scenes, tracks
from hardcore.project.notes import Note
from hardcore.project.placement import Placement
from hardcore.project.rule import MOST_RULES, BeatTrigger, LaunchAction, Rule
from hardcore.project.section import Section
from hardcore.project.state import ProjectState, new_project

BAR = 7680


def arranged(count: int = 64, sections: int = 200) -> ProjectState:
    """Return a song of many tracks and sections, each a scene, with every track placed in every one of them.

    It has as many rules as a project holds.
    """
    project = new_project("large", seed=1)
    for number in range(1, sections):
        project, _ = scenes.add_scene(project, f"scene {number}")
    for number in range(count):
        project, track = tracks.add_track(project, f"track {number}", role="lead", instrument="pluck")
        notes = [Note(at * 480, 240, 36 + at * number % 40) for at in range(16)]
        project, clip = clips.add_clip(project, track, project.scenes[0].id, BAR, notes)
        placed = tuple(Placement(clip=clip, start_ticks=at * BAR, length_ticks=BAR) for at in range(sections))
        project = project.with_track(track, lambda track, placed=placed: track.evolve(placements=placed))
    first = project.next_id
    form = (Section(id=f"f{first + at}", name=f"part {at}", kind="verse", bars=1) for at in range(sections))
    every = {track.id: track.clips[0].id for track in project.tracks if track.clips}
    rows = tuple(scene.evolve(slots=every) for scene in project.scenes)
    after = first + sections
    return project.evolve(sections=tuple(form), scenes=rows, rules=many_rules(first=after), next_id=after + MOST_RULES)


def many_rules(count: int = MOST_RULES, first: int = 1) -> tuple[Rule, ...]:
    """Return rules on every so many beats, each with a divisor of its own."""
    action = LaunchAction(target="next")
    return tuple(
        Rule(id=f"r{first + at}", name=f"rule {at}", trigger=BeatTrigger(divisor=16 + at % 1000), action=action)
        for at in range(count)
    )


def long_clip(project: ProjectState, clip_id: str, count: int = 65_000) -> ProjectState:
    """Return the project with so many notes in one clip."""
    notes = [Note(at * 13, 7 + at % 50, 30 + at * 7 % 60, 1 + at * 11 % 127) for at in range(count)]
    return clips.edit_notes(project, clip_id, lambda _: notes)
