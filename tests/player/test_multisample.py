"""Zones as they are played: the sequencer hands out what the offline score holds, in turn, and open hats are cut."""

import pytest

from hardcore.engine.osc import decode, score_packets
from hardcore.engine.score import build_score
from hardcore.engine.voice import CUT_GATE
from hardcore.player.sequencer import Sequencer
from hardcore.project import recordings
from hardcore.project.multisample import Multisample, Zone
from hardcore.project.notes import Note
from hardcore.project.state import ProjectState
from hardcore.project.timeline import timeline
from tests.player.test_sequencer import RATE, Line, one, run


def drums() -> Multisample:
    """Return a kick of two zones, a snare of three turns, a closed hat that cuts an open one."""
    turns = range(1, 4)
    return Multisample(
        name="drums",
        zones=(
            Zone(sample="kick808_long", low_key=36, high_key=36, root_key=36, pan=-1),
            Zone(sample="hat_tick", low_key=36, high_key=36, root_key=36, pan=1),
            *(Zone(sample="snare_dust", low_key=38, high_key=38, tune_cents=10 * n, turn=n, turns=3) for n in turns),
            Zone(sample="hat_tick", low_key=42, high_key=42, root_key=42, group=1, mode="once"),
            Zone(sample="vinyl_loop", low_key=46, high_key=46, off_by=1, mode="once"),
        ),
    )  # fmt: skip


def played(*notes: Note) -> ProjectState:
    project = one("multisample", *notes)
    return recordings.set_multisample(project, project.tracks[0].id, drums())


def handed_out(project: ProjectState) -> list[Line]:
    sequencer = Sequencer(project, RATE, 2)
    sequencer.play(0, 0)
    return run(sequencer, 2 * RATE - 1)


def words(line: Line) -> dict[str, object]:
    return dict(zip(map(str, line[2][4::2]), line[2][5::2], strict=True))


PATTERN = [Note(at * 480, 200, pitch, 90) for at, pitch in enumerate((36, 46, 38, 42, 38, 46, 38, 42, 38, 46, 38, 36))]


def without_nodes(found: list[Line]) -> list[tuple[object, ...]]:
    return sorted(
        (sample, address, *(words[:1] + words[2:] if address == "/s_new" else words[1:]))
        for sample, address, words in found
    )


def test_live_and_offline_are_the_same_requests() -> None:
    project = played(*PATTERN)
    live = handed_out(project)
    offline: list[Line] = []
    for packet in score_packets(build_score(project, timeline(project), rate=RATE, tail_s=0.1).data):
        time_s, messages = decode(packet)
        for address, said in messages:
            if (address == "/s_new" and str(said[0]).startswith("multisample")) or address == "/n_set":
                offline.append((round(time_s * RATE), address, said))
    buses = {str(words(line)["out"]) for line in live if line[1] == "/s_new"}
    assert buses == {str(words(line)["out"]) for line in offline if line[1] == "/s_new"}
    assert without_nodes(live) == without_nodes(offline)
    assert sum(address == "/s_new" for _, address, _ in live) == len(PATTERN) + 2


def test_a_note_starts_a_synth_for_each_of_its_zones() -> None:
    first = [line for line in handed_out(played(Note(0, 400, 36))) if line[1] == "/s_new"]
    assert [words(line)["zone_pan"] for line in first] == [-1.0, 1.0]
    ends = [line for line in handed_out(played(Note(0, 400, 36))) if line[1] == "/n_set"]
    assert len(ends) == 2 and {line[2][2] for line in ends} == {0}


def test_turns_go_round_whatever_is_played_between() -> None:
    found = [words(line) for line in handed_out(played(*PATTERN)) if line[1] == "/s_new"]
    tuned = [round(60 - float(str(one["root_note"])), 2) for one in found if one["zone_pan"] == 0.0]
    assert [cents for cents in tuned if 0 < cents < 1] == [0.1, 0.2, 0.3, 0.1, 0.2]


def test_a_closed_hat_cuts_the_open_one_and_nothing_else() -> None:
    lines = handed_out(played(*PATTERN))
    cuts = [line for line in lines if line[1] == "/n_set" and line[2][2] == pytest.approx(CUT_GATE)]
    opened = [
        line for line in lines if line[1] == "/s_new" and "once" in words(line) and words(line)["root_note"] == 60
    ]
    nodes = [line[2][1] for line in opened if words(line)["once"] == 1.0]
    assert [line[2][0] for line in cuts] == nodes[:2]
    assert [line[0] for line in cuts] == [3 * 480 * RATE // 3840, 7 * 480 * RATE // 3840]


def test_what_the_track_sets_wins_over_what_a_zone_says() -> None:
    project = played(Note(0, 400, 36))
    instrument = project.tracks[0].instrument
    assert instrument is not None
    louder = instrument.evolve(settings={"release": 2.0})
    project = project.with_track(project.tracks[0].id, lambda track: track.evolve(instrument=louder))
    assert [words(line)["release"] for line in handed_out(project) if line[1] == "/s_new"] == [2.0, 2.0]
