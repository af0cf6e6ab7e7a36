"""Effects by command: what is put on, where it is found, how far it turns; figures written down here.

In the song the snare sends −12 dB to a return with a reverb, the bass has a filter that is wide open.
"""

import pytest

from hardcore.project import devices
from hardcore.project.mixer import Effect
from hardcore.project.state import ProjectState
from tests.commands.asked import Asked, edited, refused
from tests.song import song


def inserts(project: ProjectState, name: str) -> list[str]:
    """Return the devices of a track's inserts, in order."""
    return [effect.device for effect in project.find_track(name).effects]


def sends(project: ProjectState) -> dict[str, float]:
    """Return the level of each send by the track it is of."""
    return {track.name: send.gain_db for track in project.tracks for send in track.sends}


def insert(made: Asked, name: str, device: str) -> Effect:
    return next(effect for effect in made.track(name).effects if effect.device == device)


def test_an_effect_is_put_on_several_tracks_by_what_it_is_called() -> None:
    made = edited("/effect add kick,bass disto drive=20")
    assert (inserts(made.project, "kick"), inserts(made.project, "bass")) == (["drive"], ["filter", "drive"])
    assert [insert(made, name, "drive").value("drive") for name in ("kick", "bass")] == [20, 20]
    assert made.said == ["2 changes", "  drive on kick, drive 20 dB", "  drive on bass, drive 20 dB"]
    assert inserts(edited("/effect add bass comp --place 1").project, "bass") == ["compressor", "filter"]
    assert refused("/effect add kick revrb").startswith("no effect 'revrb' (did you mean reverb or verb")


@pytest.mark.parametrize(
    ("line", "settings"),
    [
        ("/effect add kick filter cutoff=800", {"cutoff": 800}),
        ("/effect add kick filter", {"cutoff": 1200, "resonance": 15}),
        ("/effect add kick hpf", {"mode": 1, "cutoff": 300, "resonance": 10}),
        ("/effect add kick hpf cutoff=0.2khz", {"mode": 1, "cutoff": 200, "resonance": 10}),
        ("/effect add kick comp attack=5ms ratio=4:1", {"attack": 0.005, "ratio": 4}),
        ("/effect add kick echo time=1/8 repeats=30%", {"time": 0.5 * 60 / 138, "feedback": 30}),
        ("/effect add kick echo", {"time": 0.75 * 60 / 138}),  # three sixteenths at 138 bpm
        ("/effect add kick trancegate", {"rate": 4 * 138 / 60}),  # sixteenths
    ],
)
def test_an_effect_begins_with_settings_in_units_and_in_time(line: str, settings: dict[str, float]) -> None:
    (effect,) = edited(line).track("kick").effects
    assert dict(effect.settings) == pytest.approx(settings, rel=1e-3)


def test_a_reverb_is_a_send_where_there_is_a_return_of_its_kind() -> None:
    made = edited("/effect add kick,bass verb")
    assert sends(made.project) == {"kick": -12, "snare": -12, "bass": -12}
    assert inserts(made.project, "kick") == []
    for line in ("/effect add kick verb --insert", "/effect add kick reverb decay=3"):
        alone = edited(line)
        assert inserts(alone.project, "kick") == ["reverb"]
        assert sends(alone.project) == {"snare": -12}
    assert inserts(edited("/effect add kick verb", "/track remove reverb").project, "kick") == ["reverb"]
    assert inserts(edited("/effect add kick delay").project, "kick") == ["delay"]
    assert inserts(edited("/effect add reverb verb").project, "reverb") == ["reverb", "reverb"]
    spring = edited("/effect add kick reverb", "/effect remove reverb reverb", "/effect add reverb spring")
    assert sends(spring.project)["kick"] == -12
    assert refused("/effect add snare verb") == ("snare sends to reverb already (effect change snare reverb --by 1)")


def test_a_side_chain_listens_to_the_kick_unless_it_is_told_another_track() -> None:
    made = edited("/effect add bass,kick sidechain")
    assert insert(made, "bass", "sidechain").side == made.track("kick").id
    assert made.said[-1] == "  not changed: kick cannot listen to itself"
    other = edited("/effect add bass ducking --side snare")
    assert insert(other, "bass", "sidechain").side == other.track("snare").id
    assert refused("/effect add bass sidechain", "/track remove kick").startswith("side-chain compressor needs a track")


def test_ducking_is_added_once_and_then_turned() -> None:
    made = edited("/effect sidechain bass,hats --by kick --amount 9")
    assert [insert(made, name, "sidechain").value("range") for name in ("bass", "hats")] == [9, 9]
    again = edited("/duck bass --by snare --amount 12dB", "/duck bass --by kick", "/fx bypass bass sidechain on")
    effect = insert(again, "bass", "sidechain")
    assert (effect.side, effect.value("range"), effect.bypass) == (again.track("snare").id, 12, False)
    assert inserts(again.project, "bass") == ["filter", "sidechain"]
    assert refused("/duck bass --by kick", "/duck bass --by kick") == ("bass ducks for kick already, 18 dB at most")


def test_an_effect_is_taken_off_as_an_insert_and_as_a_send() -> None:
    assert inserts(edited("/effect remove bass lpf").project, "bass") == []
    assert sends(edited("/effect remove snare reverb").project) == {}
    both = edited("/effect remove snare verb", "/effect add snare reverb --insert", "/effect add snare spring")
    assert (inserts(both.project, "snare"), sends(both.project)) == ([], {})
    dry = edited("/effect remove bass,snare all", "/effect add bass drive", "/send bass reverb 0")
    assert (inserts(dry.project, "bass"), sends(dry.project)) == ([], {})
    second = edited("/effect remove bass 2", "/effect add bass drive", "/effect add bass drive")
    assert inserts(second.project, "bass") == ["filter", "drive"]
    every = edited("/effect remove bass drive", "/effect add bass drive", "/effect add bass drive")
    assert inserts(every.project, "bass") == ["filter"]
    assert refused("/effect remove bass phaser") == "bass has no phaser (it has filter)"
    assert refused("/effect remove kick all") == "kick has no effects"


def test_a_bypass_is_flipped_or_set_on_several() -> None:
    made = edited("/effect bypass bass,hats filter", "/effect add hats filter", "/effect bypass bass filter on")
    assert (insert(made, "bass", "filter").bypass, insert(made, "hats", "filter").bypass) == (True, True)
    assert made.said == ["hats filter: bypass on"]
    assert not insert(edited("/fx bypass bass filter off", "/fx bypass bass filter"), "bass", "filter").bypass
    assert refused("/effect bypass bass filter off") == "bass filter: bypass is off already"
    assert refused("/effect bypass snare reverb") == "snare sends to reverb: effect remove takes the send away"


def test_settings_are_those_of_the_insert_or_of_the_return() -> None:
    made = edited("/effect set bass filter cutoff=500 reso=20")
    effect = insert(made, "bass", "filter")
    assert (effect.value("cutoff"), effect.value("resonance")) == (500, 20)
    assert made.said[1:] == ["  bass filter: cutoff 18000 → 500 Hz", "  bass filter: resonance 0 → 20 %"]
    hall = edited("/effect set snare,kick verb decay=4s", "/send kick reverb -9")
    assert insert(hall, "reverb", "reverb").value("decay") == 4
    assert hall.said == ["reverb reverb: decay 1.8 → 4 s"]  # once, though two send to it
    assert refused("/effect set bass filter cutof=3").startswith("filter has no parameter 'cutof' (did you mean cutoff")
    assert refused("/effect set bass filter cutoff=3 reso=20").startswith("filter cutoff 3 is out of range")
    assert refused("/effect set kick filter cutoff=500") == "kick has no filter"


@pytest.mark.parametrize(
    ("line", "db"),
    [
        ("--by 1", -8),
        ("--by -0.5", -14),
        ("--steps -1", -16),
        ("--by 3dB", -9),
        ("--factor 0.5", -18),
        ("--factor 2", -6),
        ("--to -9", -9),
        ("--to 50%", -6),
        ("--to 50", -6),
        ("--by 5", 0),
    ],
)
def test_the_amount_of_a_send_is_its_level(line: str, db: float) -> None:
    assert sends(edited(f"/effect change snare reverb {line}").project) == {"snare": pytest.approx(db, abs=0.05)}


def test_a_send_that_is_turned_down_far_is_gone() -> None:
    assert sends(edited("/effect change snare reverb --by -8").project) == {}
    assert sends(edited("/effect change snare reverb --to 0").project) == {}
    loud = "/send snare reverb 3 --pre"
    assert refused("/effect change snare reverb --by 1", loud) == "snare sends 3 dB to reverb, as far as it goes"
    softer = edited("/effect change snare reverb --by -1", loud).track("snare").sends[0]
    assert (softer.gain_db, softer.pre) == (-1, True)


def test_a_parameter_of_what_is_heard_through_a_return_is_the_returns() -> None:
    made = edited("/effect change all reverb decay --to 4", "/send bass reverb -9")
    assert insert(made, "reverb", "reverb").value("decay") == 4
    assert made.said == ["reverb reverb: decay 1.8 → 4 s"]
    shorter = edited("/effect change snare reverb decay --steps -1")
    assert insert(shorter, "reverb", "reverb").value("decay") == pytest.approx(1.8 / 1.5)
    longer = edited("/effect change snare reverb predelay --by 1/16")
    assert insert(longer, "reverb", "reverb").value("predelay") == pytest.approx(12 + 250 * 60 / 138, rel=1e-3)
    assert "reverb has no parameter 'cutoff'" in refused("/effect change snare reverb cutoff --to 4")


@pytest.mark.parametrize(
    ("effect", "parameter", "less", "more"),
    [
        ("reverb", "mix", 11, 39),
        ("drive", "drive", 8, 16),
        ("comp", "threshold", -14, -22),
        ("bitcrusher", "bits", 14.25, 9.75),
        ("phaser", "depth", 56, 84),
        ("tremolo", "depth", 46, 74),
        ("sidechain", "range", 14, 22),
        ("filter", "cutoff", 1200 * 2**0.6, 1200 / 2**0.6),
    ],
)
def test_more_of_an_insert_is_its_own_amount(effect: str, parameter: str, less: float, more: float) -> None:
    before = f"/effect add hats {effect} --insert"
    for steps, wanted in ((1, more), (-1, less)):
        (there,) = edited(f"/effect change hats {effect} --by {steps}", before).track("hats").effects
        assert there.value(parameter) == pytest.approx(wanted, rel=1e-3)


@pytest.mark.parametrize("device", [device for device in devices.effects() if device != "eq"])
def test_less_of_every_effect_takes_back_what_more_of_it_did(device: str) -> None:
    lines = (f"/effect add hats {device} --insert", f"/effect change hats {device} --by 0.5")
    (at_first,) = edited(lines[0]).track("hats").effects
    (turned,) = edited(lines[1], lines[0]).track("hats").effects
    (back,) = edited(f"/effect change hats {device} --by -0.5", *lines).track("hats").effects
    names = {parameter.id for parameter in devices.effect(device).shown}
    assert any(turned.value(name) != at_first.value(name) for name in names)
    assert [back.value(name) for name in names] == pytest.approx([at_first.value(name) for name in names], rel=1e-3)


def test_what_an_instrument_has_by_that_name_is_its_own() -> None:
    kick = edited("/effect change kick drive --by 1").track("kick")
    assert kick.effects == ()
    assert kick.instrument is not None
    before = song().find_track("kick").instrument
    assert before is not None
    assert kick.instrument.value("drive") == before.value("drive") + 4
    # an insert comes first
    assert (
        insert(edited("/effect change kick drive --by 1", "/effect add kick drive"), "kick", "drive").value("drive")
        == 16
    )


def test_more_of_what_is_not_there_puts_it_on_and_less_is_refused() -> None:
    assert sends(edited("/effect change kick reverb --by 1").project)["kick"] == -16
    assert sends(edited("/effect change kick reverb --by 2").project)["kick"] == -12
    assert sends(edited("/effect change kick reverb --to 100").project)["kick"] == 0
    assert inserts(edited("/effect change kick chorus --by 1").project, "kick") == ["chorus"]
    wet = edited("/effect change kick chorus --to 80")
    assert insert(wet, "kick", "chorus").value("mix") == 80
    assert refused("/effect change kick reverb --by -1") == "kick has no reverb"
    assert refused("/effect change kick reverb decay --by 1") == "kick has no reverb"


def test_of_all_those_that_have_it_are_meant_or_all_but_the_low_ones() -> None:
    assert sends(edited("/effect change all reverb --by 1").project) == {"snare": -8}
    begun = edited("/effect change all reverb --by 1", "/effect remove snare reverb")
    assert sends(begun.project) == {"snare": -16, "hats": -16}
    ceiling = edited("/effect change all limiter ceiling --to -0.3", "/effect add master limiter")
    assert insert(ceiling, "master", "limiter").value("ceiling") == -0.3
    glued = edited("/effect change all compressor --by 1", "/effect add drums comp")
    assert insert(glued, "drums", "compressor").value("threshold") == -22
    dry = edited("/effect change all reverb decay --to 4", "/effect remove snare reverb")
    assert insert(dry, "reverb", "reverb").value("decay") == 4
    named = edited("/effect change kick,snare reverb --by 1")
    assert sends(named.project) == {"kick": -16, "snare": -8}
    assert refused("/effect change all delay --by -1") == "nothing has a delay to turn down"


def test_one_amount_is_said() -> None:
    assert refused("/effect change snare reverb").startswith("say how much")
    assert refused("/effect change snare reverb --by 1 --steps 1").startswith("say one of")
    assert refused("/effect change snare reverb --by 1 --factor 2").startswith("say one of")
    assert refused("/effect change snare reverb --to 3s") == "3 s is no level of a send (dB, or per cent of 0 dB)"
