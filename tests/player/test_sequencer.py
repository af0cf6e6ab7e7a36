"""The sequencer without an engine: what it hands out is the offline score's, through edits, jumps and launches."""

import gc
import itertools
import math
import random
import tracemalloc
from collections.abc import Iterator

import pytest

from hardcore.engine import nodes
from hardcore.engine.osc import Argument, decode, score_packets
from hardcore.engine.score import build_score
from hardcore.music.tempo import PPQ
from hardcore.player.entryrequests import Timed
from hardcore.player.sequencer import Sequencer
from hardcore.project import automation, clips, placing, scenes, tracks
from hardcore.project.clip import Automation, AutomationPoint
from hardcore.project.notes import Note
from hardcore.project.playback import Loop, Quantum, next_on_grid
from hardcore.project.state import ProjectState, new_project
from hardcore.project.timeline import timeline
from tests.song import song

RATE, BAR = 48_000, 4 * PPQ
Line = tuple[int, str, list[Argument]]


def one(device: str, *notes: Note, length: int = BAR, bpm: float = 120) -> ProjectState:
    project = new_project(seed=2)
    project = project.evolve(tempo_map=project.tempo_map.with_bpm(bpm))
    project, track = tracks.add_track(project, "one", instrument=device)
    return clips.add_clip(project, track, "s2", length, notes)[0]


def lines(timed: list[Timed]) -> list[Line]:
    return [
        (round(sample), address, words)
        for sample, requests, _ in timed
        for request in requests
        for address, words in decode(request)[1]
    ]


def starts(found: list[Line]) -> list[int]:
    return [sample for sample, address, _ in found if address == "/s_new"]


def run(sequencer: Sequencer, until: int, step: int = 480) -> list[Line]:
    found: list[Timed] = []
    while sequencer.horizon < until:
        found += sequencer.advance(min(until, sequencer.horizon + step))
    return lines(found)


def plain(found: list[Line], first: int = 0) -> list[tuple[int, str, tuple[Argument, ...]]]:
    """Return lines with nodes numbered by when they first appear, so that two runs can be compared."""
    numbers: dict[int, int] = {}

    def node(words: list[Argument], place: int) -> tuple[Argument, ...]:
        number = numbers.setdefault(int(words[place]), len(numbers)) if int(words[place]) > 10**9 else words[place]
        return (*words[:place], number, *words[place + 1 :])

    return sorted(
        (sample - first, address, node(words, 1 if address == "/s_new" else 0)) for sample, address, words in found
    )


@pytest.mark.parametrize("step", [64, 480, 7777])
def test_it_plays_what_the_offline_score_plays(step: int) -> None:
    project = song()
    bass = project.find_track("bass")
    project = automation.with_point(project, bass.clips[0].id, bass.id, "cutoff", 0, 200)
    project = automation.with_point(project, bass.clips[0].id, bass.id, "cutoff", BAR, 2000)
    snare = project.find_track("snare")
    for tick, level_db in ((0, -40), (BAR, -6)):
        project = automation.with_point(
            project, snare.clips[0].id, snare.id, f"send:{snare.sends[0].target}", tick, level_db
        )
    end = project.tempo_map.frames(2 * BAR, RATE)
    sequencer = Sequencer(project, RATE, 2)
    sequencer.play(1000, 0)
    live = [line for line in run(sequencer, 1000 + end, step) if line[0] < 1000 + end]
    score = build_score(project, timeline(project), rate=RATE, tail_s=0)
    offline = []
    for packet in score_packets(score.data):
        time_s, messages = decode(packet)
        for address, words in messages:
            notes = address == "/s_new" and words[0] in {"kick909", "snare909", "hat_closed", "reese"}
            if (notes or address == "/n_set") and round(time_s * RATE) < end:
                offline.append((round(time_s * RATE), address, words))

    def kinds(found: list[Line], first: int) -> list[tuple[object, ...]]:
        return sorted(
            (sample - first, address, *(words[:1] + words[5:] if address == "/s_new" else words[1:]))
            for sample, address, words in found
        )

    assert len(offline) > 60
    assert kinds(live, 1000) == kinds(offline, 0)


def test_a_ramp_plays_live_as_offline_and_each_beat_is_shorter_than_the_one_before() -> None:
    project = one("rim", *[Note(i * PPQ, 240, 37) for i in range(16)], length=4 * BAR)
    project = project.evolve(tempo_map=project.tempo_map.with_point(4 * BAR, 240, ramp=True))
    sequencer = Sequencer(project, RATE, 2)
    sequencer.play(0, 0)
    live = starts(run(sequencer, project.tempo_map.frames(4 * BAR, RATE) - 1))
    score = build_score(project, timeline(project), rate=RATE, tail_s=0)
    packets = [decode(packet) for packet in score_packets(score.data)]
    offline = [
        round(s * RATE) for s, lines in packets for where, words in lines if where == "/s_new" and "rim" in words
    ]
    assert live == offline
    lengths = [b - a for a, b in itertools.pairwise(live)]
    assert lengths == sorted(lengths, reverse=True) and len(live) == 16
    # from 120 to 240 over 16 beats, beat n begins after 8 ln(1 + n / 16) s
    assert live == [round(16 * 60 / 120 * math.log1p(n / 16) * RATE) for n in range(16)]


def test_a_tempo_edit_takes_effect_at_the_horizon_and_loses_nothing() -> None:
    project = one("rim", *[Note(i * PPQ, 240, 37) for i in range(4)])
    sequencer = Sequencer(project, RATE, 2)
    sequencer.play(0, 0)
    early = run(sequencer, 60_000)
    sequencer.follow(project.evolve(tempo_map=project.tempo_map.with_bpm(240)))
    found = starts(early + run(sequencer, 200_000))
    assert found[:3] == [0, 24_000, 48_000]
    # Half a beat was left, and takes half as long.
    assert abs(found[3] - 66_000) <= 13
    assert {b - a for a, b in itertools.pairwise(found[3:])} == {12_000}


def test_a_loop_repeats_exactly_and_rings_over_its_end() -> None:
    project = one("pad", Note(0, 960, 33), Note(3 * PPQ, 2 * PPQ, 40), length=2 * BAR)
    sequencer = Sequencer(project, RATE, 2)
    sequencer.loop = Loop(start_ticks=0, end_ticks=BAR)
    sequencer.play(0, 0)
    found = run(sequencer, 3 * 96_000)
    assert starts(found) == [0, 72_000, 96_000, 168_000, 192_000, 264_000]
    released = [sample for sample, address, words in found if words[1:2] == ["gate"]]
    assert released[:3] == [12_000, 108_000, 120_000]
    assert sequencer.position(3 * 96_000 - 24_000) == pytest.approx(3 * PPQ)


def test_a_loop_that_begins_before_where_play_began_is_heard_from_its_start() -> None:
    project = one("pad", Note(0, 960, 33), length=BAR)
    sequencer = Sequencer(project, RATE, 2)
    sequencer.loop = Loop(start_ticks=0, end_ticks=3 * BAR)
    sequencer.play(0, 2 * BAR)
    found = run(sequencer, 4 * 96_000)
    assert starts(found) == [0, 96_000, 192_000, 288_000]
    assert not [words for _, _, words in found if words[:1] == ["click"]]


def test_a_launch_waits_for_the_bar_and_cuts_what_it_follows() -> None:
    project = one("sub", Note(0, 8 * PPQ, 33), length=2 * BAR)
    track = project.find_track("one").id
    project, scene = scenes.add_scene(project, "B")
    project, other = clips.add_clip(project, track, scene, BAR, [Note(0, 480, 45)])
    sequencer = Sequencer(project, RATE, 2)
    sequencer.play(0, 0)
    early = run(sequencer, 20_000)
    sequencer.launch({track: other}, lambda clip, tick: next_on_grid(project.meter_map, tick, "1"))
    assert sequencer.session.queue[track].tick == BAR
    late = run(sequencer, 120_000)
    assert not sequencer.session.queue
    assert starts(early) == [0] and starts(late) == [96_000]
    assert (96_000, "/n_set", [1_200_000_001, "gate", 0]) in late


def test_stopping_a_track_leaves_the_others() -> None:
    project = song()
    kick = project.find_track("kick").id
    sequencer = Sequencer(project, RATE, 2)
    sequencer.play(0, 0)
    sequencer.launch({kick: None}, lambda clip, tick: next_on_grid(project.meter_map, tick, "1"))
    bar = project.tempo_map.frames(BAR, RATE)
    names = [words[0] for sample, address, words in run(sequencer, 2 * bar) if address == "/s_new" and sample >= bar]
    assert "kick909" not in names and "snare909" in names


def test_the_arrangement_plays_where_nothing_was_launched() -> None:
    project = song()
    kick, hats = project.find_track("kick"), project.find_track("hats")
    project = placing.place(project, kick.clips[0].id, BAR, BAR)
    sequencer = Sequencer(project, RATE, 2)
    sequencer.play(0, 0)
    early = run(sequencer, 480)
    sequencer.launch({hats.id: hats.clips[0].id}, lambda clip, tick: next_on_grid(project.meter_map, tick, "2"))
    bar = project.tempo_map.frames(BAR, RATE)
    whole = early + run(sequencer, 3 * bar)
    found = [(sample, words[0]) for sample, address, words in whole if address == "/s_new"]
    assert {name for _, name in found} == {"kick909", "hat_closed"}
    kicks = [sample for sample, name in found if name == "kick909"]
    assert (kicks[0], len(kicks)) == (bar, 4)
    assert min(sample for sample, name in found if name == "hat_closed") > 2 * bar - 2


@pytest.mark.parametrize(("placed_bar", "first_kick"), [(0, 0), (8, None)])
def test_the_song_takes_over_on_the_grid(placed_bar: int, first_kick: int | None) -> None:
    project = song()
    kick, bass = project.find_track("kick"), project.find_track("bass")
    sequencer = Sequencer(project, RATE, 2)
    sequencer.play(0, 0)
    early = run(sequencer, 4800)
    project = placing.place(project, kick.clips[0].id, placed_bar * BAR, 2 * BAR)
    sequencer.follow(project)
    bar = project.tempo_map.frames(BAR, RATE)
    before = run(sequencer, bar - 4800)
    sequencer.quantum = "2"
    sequencer.take_song()
    after = run(sequencer, 5 * bar)
    found = [(sample, words[0]) for sample, address, words in early + before + after if address == "/s_new"]
    others = [sample for sample, name in found if name != "kick909"]
    assert max(others) < 2 * bar  # the loop ends where the grid of two bars is
    kicks = [sample for sample, name in found if name == "kick909" and sample >= 2 * bar - 2]
    if first_kick is None:  # the song plays later: it goes on where it stands
        assert kicks == [] and sequencer.tick > 4 * BAR
    else:  # the song has ended there: it begins anew, for its two bars
        assert len(kicks) == 8 and kicks[0] == pytest.approx(2 * bar, abs=1)
        assert sequencer.start_tick == 0
    assert not sequencer.session.clips and bass.id not in sequencer.session.queue


def test_a_song_made_while_the_first_scene_plays_is_what_plays_next() -> None:
    project = song()
    kick = project.find_track("kick")
    sequencer = Sequencer(project, RATE, 2)
    sequencer.play(0, 0)
    run(sequencer, 4800)
    made = placing.place(project, kick.clips[0].id, 0, BAR)
    sequencer.follow(made)
    assert sequencer.session.clips  # what plays goes on
    sequencer.stop()
    sequencer.play(100_000, 0)
    assert not sequencer.session.clips
    sequencer.launch({kick.id: kick.clips[0].id}, lambda clip, tick: tick)
    sequencer.stop()
    sequencer.play(200_000, 0)
    assert sequencer.session.clips  # what somebody launched stays


def test_an_envelope_wins_over_a_fader_and_what_it_moved_is_put_back_without_it() -> None:
    plain_one = one("sub", Note(0, 480, 33))
    track = plain_one.find_track("one")
    moving = automation.with_point(plain_one, track.clips[0].id, track.id, "gain_db", 0, -20)
    strip = nodes.strip_node(track.id)
    sequencer = Sequencer(moving, RATE, 2)
    sequencer.play(0, 0)

    def faders(found: list[Line]) -> list[Argument]:
        return [words[2] for _, address, words in found if (address, words[0]) == ("/n_set", strip)]

    assert faders(run(sequencer, 10_000)) == [-20]
    assert faders(run(sequencer, 20_000)) == []
    quieter = moving.with_mixer(track.id, gain_db=-3)
    assert sequencer.follow(quieter, moved=True) == []
    assert faders(run(sequencer, 30_000)) == [-20]
    back = sequencer.follow(plain_one.with_mixer(track.id, gain_db=-3), moved=True)
    assert faders(lines([Timed(0, back)])) == [-3]
    assert faders(run(sequencer, 40_000)) == [] and not sequencer.automated


def test_a_clip_is_launched_on_the_grid_it_is_given() -> None:
    project = one("rim", Note(0, 240, 37))
    track = project.find_track("one")
    sequencer = Sequencer(project, RATE, 2)
    sequencer.play(0, 0)
    run(sequencer, 10_000)
    grids: dict[str | None, Quantum] = {track.clips[0].id: "1/4", None: "2"}
    for clip, tick in ((track.clips[0].id, PPQ), (None, 2 * BAR)):
        sequencer.launch({track.id: clip}, lambda clip, now: next_on_grid(project.meter_map, now, grids[clip]))
        assert sequencer.session.queue[track.id].tick == tick


def test_a_count_in_clicks_and_then_the_music_begins() -> None:
    project = one("rim", Note(0, 240, 37))
    sequencer = Sequencer(project, RATE, 2)
    sequencer.play(0, BAR, count_in_bars=1)
    found = [(sample, words[0]) for sample, _, words in run(sequencer, 100_000)]
    assert found == [(0, "click"), (24_000, "click"), (48_000, "click"), (72_000, "click"), (96_000, "rim")]


def test_a_metronome_accents_the_bar_of_any_meter() -> None:
    project = one("rim")
    project = project.evolve(meter_map=project.meter_map.with_meter(3, 8))
    sequencer = Sequencer(project, RATE, 2)
    sequencer.metronome.on = True
    sequencer.play(0, 0)
    found = [(sample, words[-1]) for sample, _, words in run(sequencer, 48_000)]
    assert found == [(0, 1600), (12_000, 1000), (24_000, 1000), (36_000, 1600)]


def test_stop_goes_back_and_pause_stays() -> None:
    sequencer = Sequencer(song(), RATE, 2)
    sequencer.play(0, BAR)
    run(sequencer, 48_000)
    sequencer.pause(24_000)
    here = sequencer.tick
    assert BAR < here == round(BAR + 138 / 60 * PPQ / 2)
    sequencer.play(100_000, here)
    assert sequencer.position(100_000) == here
    sequencer.stop()
    assert sequencer.tick == here and not sequencer.playing


def test_random_edits_while_it_plays_never_leave_a_note_hanging() -> None:
    from tests.project.edits import random_edit

    for seed in range(12):
        rng, project = random.Random(seed), song()
        sequencer = Sequencer(project, RATE, 2)
        sequencer.play(0, 0)
        found: list[Line] = []
        for _ in range(30):
            project = random_edit(project, rng)[1]
            sequencer.follow(project)
            found += run(sequencer, int(sequencer.horizon) + rng.randrange(500, 30_000))
        for track in project.tracks:
            sequencer.launch({track.id: None}, lambda clip, tick: tick)
        found += run(sequencer, int(sequencer.horizon) + 10 * RATE)
        assert sequencer._voices.sounding == {} or _longest(project) > 10 * RATE
        assert all(b[0] >= 0 for b in found)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seconds", [120, pytest.param(3600, marks=pytest.mark.soak)])
def test_an_hour_of_play_leaves_no_note_and_no_memory(seconds: int) -> None:
    project = song()
    sequencer = Sequencer(project, RATE, 2)
    sequencer.play(0, 0)

    def go_on(count: int) -> None:
        for _ in range(count * 10):
            sequencer.advance(sequencer.horizon + RATE / 10)

    tracemalloc.start()
    try:
        go_on(20)
        entries, before = len(sequencer._agenda.entries), tracemalloc.get_traced_memory()[0]
        go_on(seconds)
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown < 100_000
    assert len(sequencer._agenda.entries) <= entries + 8 and len(sequencer._voices.sounding) <= 8


def _longest(project: ProjectState) -> int:
    lengths: Iterator[int] = (note.length_ticks for _, clip in project.clips() for note in clip.notes)
    return project.tempo_map.frames(max(lengths, default=0), RATE)


@pytest.mark.parametrize("provisional", [False, True])
def test_a_track_that_was_gone_comes_back_as_it_was_after_a_while_and_else_with_its_scene(provisional: bool) -> None:
    project = song()
    kick = project.find_track("kick")
    sequencer = Sequencer(project, RATE, 2)
    sequencer.play(0, 0)
    run(sequencer, 60_000)
    whole = dict(sequencer.session.clips)
    sequencer.launch({kick.id: None}, lambda clip, tick: tick)
    run(sequencer, 70_000)
    stopped = dict(sequencer.session.clips)
    assert stopped[kick.id].clip is None
    sequencer.session.provisional = provisional
    sequencer.follow(tracks.remove_track(project, kick.id))
    assert kick.id not in sequencer.session.clips
    sequencer.session.provisional = False
    sequencer.follow(project)
    assert sequencer.session.clips == (stopped if provisional else whole)


def test_the_wheel_bends_what_sounds_and_what_comes_and_rests_when_it_is_gone() -> None:
    project = one("epiano", Note(0, PPQ, 69), Note(PPQ, PPQ, 69), Note(2 * PPQ, PPQ, 69))
    bend = Automation(
        owner="t3", parameter="midi:bend",
        points=(AutomationPoint(tick=0, value=0, shape="step"), AutomationPoint(tick=1000, value=12, shape="step")),
    )  # fmt: skip
    project = project.with_clip("c4", lambda clip: clip.evolve(automation=(bend,)))
    sequencer = Sequencer(project, RATE, 2)
    sequencer.play(0, 0)
    found = run(sequencer, round(RATE * 0.9))
    tuned = [(at, words[words.index("freq") + 1]) for at, _, words in found if "freq" in words]
    at = round(1000 / PPQ * RATE / 2)
    assert tuned == [(0, 440.0), (pytest.approx(at, abs=1), 880.0), (RATE // 2, 880.0)]
    plainly = project.with_clip("c4", lambda clip: clip.evolve(automation=()))
    back = [words for request in sequencer.follow(plainly) for _, words in decode(request)[1]]
    assert [words[1:] for words in back] == [["freq", 440.0]], "the note that sounds"
    rest = run(sequencer, round(RATE * 1.4))
    assert [words[words.index("freq") + 1] for _, _, words in rest if "freq" in words] == [440.0]
