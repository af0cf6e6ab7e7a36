"""Zones: which sound for a key and a velocity and how loud, and how small an instrument is in a file."""

import math

import pytest

from hardcore.errors import UserError
from hardcore.project import recordings, tracks
from hardcore.project.difference import differences
from hardcore.project.integrity import check
from hardcore.project.mixer import Instrument
from hardcore.project.multisample import Multisample, Zone
from hardcore.project.preset import preset_of, with_preset
from hardcore.project.recording import Recording
from hardcore.project.state import new_project
from hardcore.store.decoder import Decoder
from hardcore.store.encoder import Encoder
from hardcore.store.objects import Memory

SOUND = Recording(
    sha256="ab" * 32, name="c3 soft", path="/tmp/c3.wav", size=200_000, frames=48_000, rate=48_000, channels=2
)


def zone(**facts: object) -> Zone:
    return Zone.model_validate({"recording": SOUND} | facts)


def layers() -> Multisample:
    """Return two keys of three layers each."""
    edges = ((0, 49), (50, 99), (100, 127))
    return Multisample(
        name="layered",
        zones=tuple(
            zone(low_key=key, high_key=key, low_velocity=low, high_velocity=high)
            for key in (60, 61)
            for low, high in edges
        ),
    )


def heard(played: Multisample, key: int, velocity: int) -> dict[int, float]:
    return {place: gain for place, _, gain in played.sounding(key, velocity)}


def test_a_note_sounds_the_zones_of_its_key_and_velocity_only() -> None:
    played = layers()
    assert heard(played, 60, 49) == {0: 1.0} and heard(played, 60, 50) == {1: 1.0}
    assert heard(played, 61, 127) == {5: 1.0}
    assert heard(played, 62, 100) == {}


@pytest.mark.parametrize("width", [2, 9, 20, 120])
def test_blended_layers_have_the_same_power_at_every_velocity_and_their_edge_in_the_middle(width: int) -> None:
    played = layers().blended(width)
    for velocity in range(1, 128):
        power = sum(gain * gain for gain in heard(played, 60, velocity).values())
        assert math.isclose(power, 1.0, abs_tol=1e-6), velocity
    first, second = heard(played, 60, 50)[0], heard(played, 60, 50)[1]
    assert math.isclose(first, second)
    assert len(heard(played, 60, 50 - width // 2 - 1)) == 1 or width > 60


def test_blending_again_starts_from_the_hard_edges() -> None:
    assert layers().blended(20).blended(8) == layers().blended(8)
    assert layers().blended(20).blended(0) == layers()


def test_zones_that_do_not_meet_are_not_blended() -> None:
    alone = Multisample(name="x", zones=(zone(high_velocity=40), zone(low_velocity=60)))
    assert alone.blended(20) == alone


def test_velocity_is_loudness_as_far_as_a_zone_says() -> None:
    full, none, turned = zone(), zone(velocity_share=0), zone(velocity_share=-1)
    # The SynthDef makes every note louder by (velocity / 100) ** 1.5; a share of 0 takes that back.
    whole_db = 30 * math.log10(50 / 100)
    assert full.controls(1.0, 50)["zone_db"] == pytest.approx(0)
    assert none.controls(1.0, 50)["zone_db"] == pytest.approx(-whole_db)
    assert turned.controls(1.0, 50)["zone_db"] == pytest.approx(-2 * whole_db)
    assert zone(gain_db=-6).controls(0.5, 100)["zone_db"] == pytest.approx(-12.02, abs=0.01)


def test_tuning_moves_the_root() -> None:
    assert zone(root_key=48, tune_cents=150).controls(1.0, 100)["root_note"] == pytest.approx(46.5)


@pytest.mark.parametrize(
    "facts",
    [
        {"low_key": 61, "high_key": 60}, {"low_velocity": 90, "high_velocity": 80}, {"turn": 3, "turns": 2},
        {"end": 48_001}, {"start": 48_000}, {"start": 100, "end": 100}, {"mode": "loop", "loop_end": 48_001},
        {"mode": "loop", "loop_start": 47_998}, {"mode": "loop", "start": 500, "loop_start": 100},
        {"sample": "perc_wood"},
    ],
)  # fmt: skip
def test_a_zone_that_its_sound_cannot_play_is_refused(facts: dict[str, object]) -> None:
    with pytest.raises(UserError):
        zone(**facts)


def test_every_stretch_of_a_sound_is_loaded_once() -> None:
    loop = {"mode": "loop", "loop_start": 1000, "loop_end": 3000}
    played = Multisample(
        name="x", zones=(zone(), zone(**loop), zone(start=500, **loop), zone(sample=None, recording=SOUND))
    )
    stretches = sorted((load.first, load.frames) for load in played.loads.values())
    assert stretches == [(0, 0), (500, 0), (1000, 2000)]
    assert played.memory_bytes == 4 * 2 * (48_000 + 47_500 + 2000)


def test_only_the_multisample_plays_zones() -> None:
    with pytest.raises(UserError, match="zones belong to"):
        Instrument(device="sampler", multisample=layers())
    with pytest.raises(UserError, match="zones belong to"):
        Instrument(device="multisample", sample="perc_wood", multisample=layers())
    assert Instrument(device="multisample").sample, "without zones it plays one sample over all keys"


def test_a_large_instrument_is_small_in_a_file_and_comes_back_the_same() -> None:
    zones = tuple(zone(low_key=k, high_key=k, root_key=k, low_velocity=v, high_velocity=v + 15)
                  for k in range(21, 109) for v in range(0, 128, 16))  # fmt: skip
    project, track = tracks.add_track(new_project(seed=1), "piano", instrument="multisample")
    project = recordings.set_multisample(project, track, Multisample(name="piano", zones=zones))
    check(project)
    encoder = Encoder(Memory())
    root = encoder.encode(project)
    assert len(zones) == 704
    assert sum(len(one.payload) for one in encoder.fresh) < 20_000
    stored = {one.digest: one for one in encoder.fresh}
    encoder.stored()
    encoder.encode(project.with_mixer(track, gain_db=-3.0))
    assert sum(len(one.payload) for one in encoder.fresh) < 2000, "a fader does not write the zones again"
    assert Decoder(stored.get, Memory()).decode(root) == project


def test_a_preset_carries_the_zones_and_history_says_what_changed() -> None:
    project, track = tracks.add_track(new_project(seed=1), "a", instrument="multisample")
    before, other = project, "b"
    project = recordings.set_multisample(project, track, layers())
    assert differences(before, project) == ["a plays perc_wood → layered"]
    blended = recordings.set_multisample(project, track, layers().blended(20))
    assert differences(project, blended) == ["a plays layered → layered, with other zones"]
    project, second = tracks.add_track(project, other)
    project = with_preset(project, second, preset_of(project, track))
    assert project.find_track("b").instrument == project.find_track("a").instrument


def test_a_moved_file_is_moved_in_every_zone() -> None:
    project, track = tracks.add_track(new_project(seed=1), "a", instrument="multisample")
    project = recordings.set_multisample(project, track, layers())
    assert recordings.relinked(project, {"cd" * 32: "/else.wav"}).find_track("a") is project.find_track("a")
    moved = recordings.relinked(project, {SOUND.sha256: "/new/c3.wav"})
    assert {known.path for known in moved.recordings.values()} == {"/new/c3.wav"}
    assert recordings.players(moved, SOUND.sha256) == ["a"]
