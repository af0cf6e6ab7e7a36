"""Repeat and legato: when a session launches what waits."""

from hardcore.player.session import Session
from hardcore.project import clips, scenes, tracks
from hardcore.project.playback import Launched
from hardcore.project.state import ProjectState, new_project

BEAT, BAR = 1920, 7680


def two_clips() -> tuple[ProjectState, str, str, str]:
    """Return a project of a track with two clips, the track, and both."""
    project, track = tracks.add_track(scenes.add_scene(new_project(seed=1))[0], "bass", instrument="acid303")
    found = []
    for place in (0, 1):
        scene = project.scenes[place].id
        project, clip = clips.add_clip(project, track, scene, BAR)
        found.append(clip)
    return project, track, found[0], found[1]


def launches(session: Session, project: ProjectState, end: int) -> list[tuple[int, str | None]]:
    """Return when what is launched until `end`, and where it begins."""
    found, tick = [], 0
    while tick < end:
        found += [(tick, session.clips[track].clip) for track in session.due(project, tick)]
        tick = session.next_tick(project, tick, end)
    return found


def test_what_repeats_begins_on_every_place_of_its_grid_until_it_is_let_go() -> None:
    project, track, clip, _ = two_clips()
    session = Session(queue={track: Launched(clip=clip, tick=BAR, repeat="1/4")})
    assert launches(session, project, 2 * BAR) == [(BAR + beat * BEAT, clip) for beat in range(4)]
    session.let_go([track])
    assert launches(session, project, 4 * BAR) == []
    assert session.clips[track] == Launched(clip=clip, tick=BAR + 3 * BEAT), "it goes on"


def test_what_is_let_go_before_it_has_begun_begins_once() -> None:
    project, track, clip, other = two_clips()
    session = Session(clips={track: Launched(clip=other, tick=0)})
    session.queue[track] = Launched(clip=clip, tick=BAR, repeat="1/4")
    session.let_go([track])
    assert launches(session, project, 4 * BAR) == [(BAR, clip)]


def test_a_legato_clip_goes_on_where_the_one_before_it_was() -> None:
    project, track, clip, other = two_clips()
    session = Session(clips={track: Launched(clip=other, tick=BEAT)}, queue={track: Launched(clip=clip, tick=BAR)})
    legato = project.with_clip(clip, lambda one: one.evolve(legato=True))
    session.due(legato, BAR)
    assert session.clips[track] == Launched(clip=clip, tick=BEAT)
    session.queue[track] = Launched(clip=other, tick=2 * BAR)
    session.due(legato, 2 * BAR)
    assert session.clips[track].tick == 2 * BAR
