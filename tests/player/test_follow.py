"""Follow actions and the tempo of scenes: who follows when, on which sample, through loops, seeks and edits."""

from collections import Counter
from itertools import pairwise
from math import log2

from hardcore.commands.timeline.sessionrecorder import SessionRecorder
from hardcore.engine.osc import decode
from hardcore.player.sequencer import Sequencer
from hardcore.project import clips, scenes, tracks
from hardcore.project.events import Span, events
from hardcore.project.follow import Follow
from hardcore.project.launches import arranged
from hardcore.project.notes import Note
from hardcore.project.playback import Launched, LaunchedScene, Loop, Playback
from hardcore.project.retiming import retimed
from hardcore.project.scene import SceneMeter
from hardcore.project.state import ProjectState, new_project
from hardcore.project.timeline import timeline

RATE, BAR = 48_000, 7680
BAR_FRAMES = 2 * RATE  # at 120 BPM


def grid(rows: int = 4, seed: int = 1) -> ProjectState:
    """Return a project of a track `rim` with a clip of a bar in each scene, each a note of another pitch."""
    project = new_project(seed=seed)
    project, track = tracks.add_track(project, "rim", instrument="rim")
    for row in range(rows):
        if row:
            project, _ = scenes.add_scene(project)
        project, _ = clips.add_clip(project, track, project.scenes[row].id, BAR, [Note(0, 240, 40 + row)])
    return project


def clip_of(project: ProjectState, row: int) -> str:
    return project.scenes[row].slots[project.find_track("rim").id]


def with_follow(project: ProjectState, row: int, follow: Follow) -> ProjectState:
    return project.with_clip(clip_of(project, row), lambda clip: clip.evolve(follow=follow))


def with_scene(project: ProjectState, row: int, **changes: object) -> ProjectState:
    rows = [one.evolve(**changes) if place == row else one for place, one in enumerate(project.scenes)]
    return project.evolve(scenes=tuple(rows))


def heard(sequencer: Sequencer, until: int, step: int = 480) -> list[tuple[int, int]]:
    """Return the notes up to a sample: on which sample, and of which scene."""
    found = []
    while sequencer.horizon < until:
        for sample, requests, _ in sequencer.advance(min(until, sequencer.horizon + step)):
            for request in requests:
                for address, words in decode(request)[1]:
                    if address == "/s_new" and words[0] == "rim":
                        pitch = words[words.index("freq") + 1]
                        found.append((round(sample), round(pitch_of(float(pitch))) - 40))
    return found


def pitch_of(freq: float) -> float:
    return 69 + 12 * log2(freq / 440)


def playing(project: ProjectState, row: int = 0) -> Sequencer:
    sequencer = Sequencer(project, RATE, 2)
    track = project.find_track("rim").id
    sequencer.session.clips = {track: Launched(clip=clip_of(project, row), tick=0)}
    sequencer.play(0, 0)
    return sequencer


def rows(found: list[tuple[int, int]]) -> list[int]:
    return [row for _, row in found]


def test_the_next_clip_follows_on_the_sample_after_loops_or_bars() -> None:
    project = with_follow(grid(), 0, Follow(action="next", loops=2))
    project = with_follow(project, 1, Follow(action="last", bars=1))
    project = with_follow(project, 3, Follow(action="next", bars=1))
    project = with_follow(project, 2, Follow(action="stop", bars=1))
    found = heard(playing(project), 8 * BAR_FRAMES, step=777)
    assert rows(found) == [0, 0, 1, 3, 0, 0, 1, 3]
    assert [sample for sample, _ in found] == [bar * BAR_FRAMES for bar in range(8)]
    assert rows(heard(playing(project, 2), 3 * BAR_FRAMES)) == [2], "then it is silent"


def test_previous_first_again_and_a_gap_in_the_row() -> None:
    project = grid(5)
    track = project.find_track("rim").id
    project = clips.put(project, project.scenes[2].id, track, None)
    project = with_follow(project, 0, Follow(action="previous"))
    assert rows(heard(playing(project), 3 * BAR_FRAMES)) == [0, 1, 1], "the row ends before the gap, and goes round"
    project = with_follow(project, 4, Follow(action="first"))
    assert rows(heard(playing(project, 4), 2 * BAR_FRAMES)) == [4, 3]
    project = with_follow(project, 4, Follow(action="jump", to=project.scenes[1].id))
    assert rows(heard(playing(project, 4), 2 * BAR_FRAMES)) == [4, 1]
    cut = project.with_clip(clip_of(project, 0), lambda clip: clip.evolve(length_ticks=4 * BAR))
    cut = with_follow(cut, 0, Follow(action="again", bars=1))
    assert len(heard(playing(cut), 4 * BAR_FRAMES)) == 4, "it begins again before it is over"


def test_chance_chooses_as_often_as_it_says_and_the_same_each_time() -> None:
    follow = Follow(action="next", otherwise="none", chance=25)
    project = grid(2)
    for row in (0, 1):
        project = with_follow(project, row, follow)
    found = rows(heard(playing(project), 400 * BAR_FRAMES, step=BAR_FRAMES))
    changed = sum(a != b for a, b in pairwise(found))
    assert 70 <= changed <= 130, "a quarter of 399, within 3.5 standard deviations"
    assert rows(heard(playing(project), 40 * BAR_FRAMES)) == found[:40]


def test_any_may_be_itself_and_another_never_is() -> None:
    for word in ("any", "other"):
        project = grid(4)
        for row in range(4):
            project = with_follow(project, row, Follow(action=word))
        found = rows(heard(playing(project), 300 * BAR_FRAMES, step=BAR_FRAMES))
        again = sum(a == b for a, b in pairwise(found))
        assert 45 <= again <= 105 if word == "any" else again == 0
        assert min(Counter(found).values()) > 40, "all of them come"


def test_what_is_launched_by_hand_comes_instead() -> None:
    project = with_follow(grid(), 0, Follow(action="next", bars=2))
    sequencer = playing(project)
    heard(sequencer, RATE)
    sequencer.launch({project.find_track("rim").id: clip_of(project, 3)}, lambda clip, tick: BAR)
    assert rows(heard(sequencer, 5 * BAR_FRAMES)) == [3, 3, 3, 3]


def test_a_loop_and_a_seek_leave_as_much_to_play_as_there_was() -> None:
    project = with_follow(grid(), 0, Follow(action="next", bars=3))
    sequencer = playing(project)
    sequencer.loop = Loop(start_ticks=0, end_ticks=2 * BAR)
    assert rows(heard(sequencer, 5 * BAR_FRAMES)) == [0, 0, 0, 1, 1]
    sequencer = playing(project)
    heard(sequencer, BAR_FRAMES)
    sequencer.seek(BAR_FRAMES, 9 * BAR)
    assert rows(heard(sequencer, 5 * BAR_FRAMES)) == [0, 0, 1, 1]


def test_a_follow_action_that_is_set_while_it_plays_counts_from_the_launch() -> None:
    project = grid()
    sequencer = playing(project)
    heard(sequencer, 5 * BAR_FRAMES + 100)
    sequencer.follow(with_follow(project, 0, Follow(action="next", bars=4)))
    assert heard(sequencer, 9 * BAR_FRAMES)[-1] == (8 * BAR_FRAMES, 1)


def test_a_scene_follows_and_tells_who_comes() -> None:
    project = with_scene(grid(3), 0, follow=Follow(action="next", bars=2))
    project = with_scene(project, 1, follow=Follow(action="jump", bars=1, to=project.scenes[0].id))
    sequencer = Sequencer(project, RATE, 2)
    sequencer.play(0, 0)
    early = heard(sequencer, BAR_FRAMES)
    told = sequencer.session.scenes(project, sequencer.tick)
    assert told["scene"] == LaunchedScene(scene=project.scenes[0].id, tick=0)
    assert told["scene_follower"] == LaunchedScene(scene=project.scenes[1].id, tick=2 * BAR)
    assert rows(early + heard(sequencer, 6 * BAR_FRAMES)) == [0, 0, 1, 0, 0, 1]
    sequencer.stop()
    assert sequencer.session.scene is not None and sequencer.session.scene.tick == 0


def test_a_scene_brings_its_tempo_and_meter_on_the_sample() -> None:
    project = with_scene(grid(3), 0, follow=Follow(action="next", bars=2))
    project = with_scene(project, 1, bpm=60.0, meter=SceneMeter(numerator=3, denominator=4))
    project = with_scene(project, 1, follow=Follow(action="next", bars=4))
    sequencer = Sequencer(project, RATE, 2)
    sequencer.play(0, 0)
    found = heard(sequencer, 20 * RATE, step=333)
    # two bars of 2 s, then notes every 4 beats of a second; four bars of 3 beats later the next scene, still at 60
    assert found == [
        (0, 0), (2 * RATE, 0), (4 * RATE, 1), (8 * RATE, 1), (12 * RATE, 1), (16 * RATE, 2),
    ]  # fmt: skip
    assert sequencer.project.meter_map.at(3 * BAR).numerator == 3
    echoed = sequencer.project
    sequencer.follow(echoed)
    assert sequencer.project.tempo_map == echoed.tempo_map and sequencer.retimings
    edited = project.evolve(tempo_map=project.tempo_map.with_bpm(90))
    sequencer.follow(edited)
    assert sequencer.project.tempo_map.at(100 * BAR) == 90 and not sequencer.retimings, "an edit of the tempo wins"


def test_a_nudge_moves_the_music_by_so_much_and_leaves_the_tempo() -> None:
    project = grid(1)
    for seconds in (0.03, -0.05):
        sequencer = playing(project)
        heard(sequencer, BAR_FRAMES + 100)
        sequencer.nudge(seconds)
        found = [sample for sample, _ in heard(sequencer, 6 * BAR_FRAMES)]
        moved = [sample - (bar + 2) * BAR_FRAMES for bar, sample in enumerate(found)]
        assert all(abs(one + seconds * RATE) <= 1 for one in moved), "from the next bar on, to the sample"


def test_a_performance_that_was_noted_is_rendered_as_it_was_heard() -> None:
    project = with_scene(grid(4), 0, follow=Follow(action="other", bars=1))
    for row in (1, 2, 3):
        project = with_scene(project, row, follow=Follow(action="any", bars=row, chance=80, otherwise="next"))
    project = with_scene(project, 2, bpm=150.0)
    sequencer, recorder = Sequencer(project, RATE, 2), SessionRecorder()
    sequencer.play(0, 0)
    found: list[tuple[int, int]] = []
    while sequencer.tick < 24 * BAR:
        found += heard(sequencer, int(sequencer.horizon) + 480)
        session = sequencer.session
        recorder.note(Playback(playing=True, tick=sequencer.tick, clips=session.clips, retimings=sequencer.retimings))
    song = arranged(retimed(project, recorder.last.retimings), recorder.launches, 0, 24 * BAR)
    assert len(song.tempo_map.points) > 1 and len({row for _, row in found}) == 4
    notes = events(song, timeline(song), Span(0, 24 * BAR))
    rendered = [(song.tempo_map.frames(note.tick, RATE), note.pitch - 40) for note in notes]
    assert [row for _, row in rendered] == [row for _, row in found[: len(rendered)]]
    assert all(abs(a - b) <= 1 for (a, _), (b, _) in zip(rendered, found, strict=False)), "to the sample"
