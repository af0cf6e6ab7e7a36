"""The stage, as Live's own tests would ask: follow actions and launches on the sample, what takeover lets jump."""

import random
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from hardcore.player.sequencer import Sequencer
from hardcore.project import clips, scenes, tracks
from hardcore.project.follow import Follow
from hardcore.project.notes import Note
from hardcore.project.playback import Launched, next_on_grid
from hardcore.project.state import ProjectState, new_project
from hardcore.project.takeover import TOP, taken_over
from tests.bench.timing import Measure

RATE, BAR, BPM = 48_000, 7680, 174.0
FOLLOWS, LAUNCHES, WALKS = 1000, 200, 2000


def grid(track_count: int, rows: int = 4) -> ProjectState:
    """Return a project at 174 bpm: a note at the start of each clip of a bar, all of which another one follows."""
    project = new_project(seed=4)
    project = project.evolve(tempo_map=project.tempo_map.with_bpm(BPM))
    for _ in range(rows - 1):
        project, _ = scenes.add_scene(project)
    follow = Follow(action="other", bars=1)
    for number in range(track_count):
        project, track = tracks.add_track(project, f"part{number}", instrument="rim")
        for scene in project.scenes:
            project, clip = clips.add_clip(project, track, scene.id, BAR, [Note(0, 240, 40)])
            project = project.with_clip(clip, lambda one: one.evolve(follow=follow))
    return project


def playing(project: ProjectState) -> Sequencer:
    """Return a sequencer that plays the first scene."""
    sequencer = Sequencer(project, RATE, 2)
    slots = project.scenes[0].slots.items()
    sequencer.session.clips = {track: Launched(clip=clip, tick=0) for track, clip in slots}
    sequencer.play(0, 0)
    return sequencer


def farthest_s(sequencer: Sequencer, bars: int) -> float:
    """Return how far the farthest start of a bar is from where the tempo puts it, once so many bars have played."""
    found: list[float] = []
    bar = sequencer.project.tempo_map.seconds(BAR) * RATE
    while sequencer.horizon < bars * bar:
        found += [timed.sample for timed in sequencer.advance(sequencer.horizon + 480)]
    apart = [abs(round(at) - round(round(at / bar) * bar)) for at in found]
    return max(apart) / RATE


def launched_s() -> float:
    """Return how far launches on the bar at any time begin from it, at the farthest."""
    project, chance, worst = grid(1), random.Random(7), 0
    project = project.with_clip(project.tracks[0].clips[0].id, lambda one: one.evolve(follow=None))
    track = project.tracks[0]
    sequencer, bar = playing(project), project.tempo_map.seconds(BAR) * RATE
    for _ in range(LAUNCHES):
        sequencer.advance(sequencer.horizon + chance.uniform(0.01, 2.0) * bar)
        clip = chance.choice(track.clips).id
        sequencer.launch({track.id: clip}, lambda clip, tick: next_on_grid(project.meter_map, tick, "1"))
        queued = sequencer.session.queue[track.id].tick
        due = sequencer.sample_of(queued)
        sequencer.advance(due + 1)
        begun = sequencer.session.clips[track.id].tick
        worst = max(worst, abs(round(sequencer.sample_of(begun)) - round(round(due / bar) * bar)))
    return worst / RATE


def leap(mode: str) -> float:
    """Return by how much of its range a value jumps at most when a knob that stands anywhere is turned step by step."""
    chance, worst = random.Random(3), 0.0
    for _ in range(WALKS):
        value, last = chance.random(), float(chance.randrange(TOP + 1))
        for _ in range(60):
            sent = min(max(last + chance.choice((-2, -1, 1, 2)), 0), TOP)
            fresh = taken_over(mode, last / TOP, sent, value)  # type: ignore[arg-type]
            if fresh is not None:
                worst, value = max(worst, abs(fresh - value)), fresh
            last = sent
    return worst


def measures(folder: Path) -> Iterator[Measure]:
    """Yield what the table of the guide's page On stage says."""
    yield Measure(f"follow action off its bar, of {FOLLOWS}", farthest_s(playing(grid(1)), FOLLOWS), "ms", goal=0.0)
    yield Measure(f"launch off the bar, of {LAUNCHES}", launched_s(), "ms", goal=0.0)
    sequencer, begun = playing(grid(64)), perf_counter()
    steps = 500
    for _ in range(steps):
        sequencer.advance(sequencer.horizon + 480)
    yield Measure("10 ms of 64 tracks, each followed every bar", (perf_counter() - begun) / steps, "ms", goal=0.01)
    for mode, most in (("pickup", 3 / TOP), ("jump", 1.0)):
        yield Measure(f"{mode}: largest leap of a value, of its range", leap(mode), "×", goal_said=f"≤ {most:.3g}")
