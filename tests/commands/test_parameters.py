"""Parameters by command: in the device at hand, by any name, absolute and relative; figures written down here."""

import pytest

from hardcore.compose.edits.move import Move
from hardcore.compose.edits.parameters import moved, place
from hardcore.project import devices, tracks
from hardcore.project.automation import with_point
from hardcore.project.state import ProjectState
from tests.commands.asked import edited, refused
from tests.song import song

# the bass is a reese at its defaults: cutoff 700 Hz, release 0.08 s, resonance 15 %; the kick a 909, decay 0.42 s


def value(project: ProjectState, name: str, parameter: str) -> float:
    instrument = project.find_track(name).instrument
    assert instrument is not None
    return instrument.value(parameter)


@pytest.mark.parametrize(
    ("line", "track", "parameter", "after"),
    [
        ("/track set bass cutoff 500", "bass", "cutoff", 500),
        ("/set bass cutoff 2khz", "bass", "cutoff", 2000),
        ("/set bass brightness --factor 0.5", "bass", "cutoff", 350),
        ("/set bass cutoff --by 300", "bass", "cutoff", 1000),
        ("/set bass cutoff --by -1oct", "bass", "cutoff", 350),
        ("/set bass cutoff --by 10%", "bass", "cutoff", 770),
        ("/set bass reso --by 10%", "bass", "resonance", 25),
        ("/set bass release 300ms", "bass", "release", 0.3),
        ("/set bass release --by -30ms", "bass", "release", 0.05),
        ("/set bass cutoff --steps 2", "bass", "cutoff", 700 * 2**1.2),
        ("/set kick length --factor 2", "kick", "decay", 0.84),
    ],
)
def test_a_parameter_is_set_and_moved(line: str, track: str, parameter: str, after: float) -> None:
    assert value(edited(line).project, track, parameter) == pytest.approx(after, rel=1e-3)


def test_each_track_moves_what_it_has() -> None:
    made = edited("/track set kick,bass release --factor 0.5")
    assert (value(made.project, "kick", "decay"), value(made.project, "bass", "release")) == (0.21, 0.04)
    assert made.said == ["2 changes", "  kick: decay 0.42 → 0.21 s", "  bass: release 0.08 → 0.04 s"]
    made = edited("/track set kick,bass glide 80ms")
    assert value(made.project, "bass", "glide") == 0.08
    assert made.said[-1].startswith("  not changed: kick (kick909) has no parameter 'glide'")


def test_what_the_instrument_has_not_is_its_effects() -> None:
    made = edited("/track set snare cutoff 3000", "/effect add snare filter")
    snare = made.track("snare")
    assert made.project.find_effect(snare, "filter").value("cutoff") == 3000
    assert made.said == ["snare filter: cutoff 1200 → 3000 Hz"]
    hall = edited("/set reverb decay 4s")
    assert hall.project.find_effect(hall.track("reverb"), "reverb").value("decay") == 4
    # the bass has a cutoff of its own, and a filter
    assert (
        edited("/set bass cutoff 400").project.find_effect(song().find_track("bass"), "filter").value("cutoff") == 18000
    )


def test_an_id_counts_before_what_a_term_means() -> None:
    made = edited("/track set bass mix 30", "/effect add bass drive")
    assert made.project.find_effect(made.track("bass"), "drive").value("mix") == 30


def test_a_compressors_attack_is_not_the_sounds() -> None:
    assert refused("/set kick attack 5ms", "/effect add kick compressor").startswith(
        "kick (kick909, compressor) has no parameter 'attack'"
    )
    glued = edited("/set drums attack 5ms", "/effect add drums compressor")  # a group has no sound of its own
    assert glued.project.find_effect(glued.track("drums"), "compressor").value("attack") == 0.005


def test_a_time_in_beats_is_of_the_tempo() -> None:
    made = edited("/set echoes time 1/8", "/track add echoes --kind return", "/effect add echoes delay")
    delay = made.project.find_effect(made.track("echoes"), "delay")
    assert delay.value("time") == pytest.approx(0.5 * 60 / 138, rel=1e-3)


def test_envelopes_go_as_far_as_their_parameter() -> None:
    project = song()
    bass = project.find_track("bass")
    for tick, hz in ((0, 350), (960, 1400)):
        project = with_point(project, bass.clips[0].id, bass.id, "cutoff", tick, hz)
    project = with_point(project, bass.clips[0].id, bass.id, "resonance", 0, 60)
    for line, points in (
        ("/set bass cutoff 1400", [700, 2800]),
        ("/set bass cutoff --factor 0.5", [175, 700]),
        ("/set bass resonance 25", [70]),
    ):
        clip = edited(line, project=project).track("bass").clips[0]
        name = line.split()[2]
        envelope = next(envelope for envelope in clip.automation if envelope.parameter == name)
        assert [point.value for point in envelope.points] == pytest.approx(points)


def test_a_move_stops_at_the_end_and_a_value_beyond_it_is_refused() -> None:
    assert edited("/set bass resonance --steps -4").said == ["bass: resonance 15 → 0 %, as far as it goes"]
    assert refused("/set bass resonance --by -1", "/set bass resonance 0") == (
        "bass: resonance is at 0 %, as far as it goes"
    )
    assert refused("/set bass cutoff 5") == "bass: reese cutoff 5 is out of range (40 to 16000 hz, default 700)"
    assert refused("/set bass cutoff 700") == "bass: cutoff is at 700 Hz already"
    assert refused("/set bass cutoff 3s") == "bass: 3 s is not for cutoff (40 to 16000 Hz)"


def test_what_is_not_there_is_refused_with_the_nearest() -> None:
    assert refused("/set bass cutof 500") == (
        "bass (reese, filter) has no parameter 'cutof' (did you mean cutoff or cut off or filter cutoff?)"
    )
    assert refused("/set drums cutoff 500") == "drums has no instrument and no effects (effect add puts one on it)"
    assert refused("/set bass cutoff").startswith("say how much")
    assert refused("/set bass cutoff 3 --steps 1").startswith("say one of")


def test_a_step_moves_every_parameter_of_every_instrument_and_of_every_effect() -> None:
    project, _ = tracks.add_track(song(), "bus", "group")
    for device in (*devices.instruments().values(), *devices.effects().values()):
        if device.roles:
            name, before = "bass", tracks.set_instrument(project, project.find_track("bass").id, device.id)
        else:
            kick = project.find_track("kick").id if device.side else None
            name, before = "bus", tracks.add_effect(project, project.find_track("bus").id, device.id, side=kick)[0]
        track = before.find_track(name)
        for parameter in device.shown:
            thing = track.instrument if device.roles else before.find_effect(track, device.id)
            assert thing is not None
            way = 1 if thing.value(parameter.id) < parameter.high else -1
            there = place(track, parameter.id)
            assert (there.device, there.parameter) == (device, parameter)
            after, line, why = moved(before, track, there, Move(steps=way))
            new = after.find_track(name)
            now = new.instrument if device.roles else after.find_effect(new, device.id)
            assert now is not None
            assert (now.value(parameter.id) - thing.value(parameter.id)) * way > 0, (device.id, parameter.id, why)
            assert line
