"""Rhythm files: JSON and YAML alike, mistakes named, and sixteen that really differ."""

import json
from itertools import combinations
from pathlib import Path
from statistics import pstdev

import pytest

from hardcore.errors import UserError
from hardcore.knowledge.rhythms import read_data, read_rhythm, rhythm, rhythm_ids, rhythm_path
from hardcore.rhythm.config import Rhythm, load
from hardcore.rhythm.log import summary
from hardcore.rhythm.session import perform
from hardcore.rhythm.smf import encode
from tests.rhythm.playing import layer_of, play, steps

# Every key that the earlier engine's files know.
EARLIER = """{
  "mode": "m4", "bpm": 132.0, "ppq": 1920, "bars": 64, "seed": 1234, "out": "out/my.mid", "log_path": "out/my.csv",
  "targets": {"E_target": 0.8, "S_low": 0.35, "S_high": 0.55, "T_ms_cap": 12.0,
              "H_low": 0.3, "H_high": 0.6, "hat_density_target": 0.7, "hat_density_tol": 0.05},
  "guard": {"min_E": 0.78, "max_rot_rate": 0.125, "kick_immutable": true},
  "layers": {
    "kick":  {"steps": 16, "fills": 4, "rot": 1, "note": 36, "velocity": 110, "micro_ms": 0.0,
              "rotation_rate_per_bar": 0.0, "ghost_pre1_prob": 0.1, "displace_into_2_prob": 0.05},
    "hat_c": {"steps": 16, "fills": 12, "rot": 0, "note": 42, "velocity": 80, "swing_percent": 0.55,
              "beat_bins_ms": [-8, -4, 0], "beat_bins_probs": [0.3, 0.4, 0.3], "beat_bin_cap_ms": 12,
              "ratchet_prob": 0.03, "ratchet_repeat": 2,
              "conditions": [{"kind": "PROB", "p": 0.9}, {"kind": "EVERY_N", "n": 4, "offset": 2, "negate": true}]},
    "hat_o": {"steps": 16, "fills": 16, "note": 46, "velocity": 80, "offbeats_only": true,
              "ratchet_prob": 0.08, "ratchet_repeat": 3, "choke_with_note": 42},
    "snare": {"steps": 16, "fills": 2, "rot": 5, "note": 38, "velocity": 96},
    "clap":  {"steps": 16, "fills": 2, "rot": 5, "note": 39, "velocity": 92}
  },
  "modulators": [
    {"name": "swing_drift", "param_path": "hat_c.swing_percent",
     "mod": {"mode": "ou", "min_val": 0.52, "max_val": 0.58, "step_per_bar": 0.006, "tau": 24,
             "max_delta_per_bar": 0.01, "phase": 0.0}},
    {"name": "thin", "param_path": "thin_bias",
     "mod": {"mode": "random_walk", "min_val": -0.5, "max_val": -0.1, "step_per_bar": 0.02, "max_delta_per_bar": 0.03}}
  ],
  "accent": {"steps": [1, 5, 9, 13], "prob": 0.2, "velocity_scale": 1.15, "length_scale": 1.0}
}"""


def test_a_file_of_the_earlier_engine_is_read_whole() -> None:
    found = load(json.loads(EARLIER))
    assert found.layers["hat_c"].swing_percent == 55
    assert found.modulators[0].mod.max_val == 58
    assert found.accent and found.accent.steps == (1, 5, 9, 13)
    assert perform(found, bars=4).notes


@pytest.mark.parametrize("name", rhythm_ids())
def test_json_and_yaml_say_the_same(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.json"
    path.write_text(json.dumps(read_data(rhythm_path(name))))
    assert read_rhythm(path) == rhythm(name)
    assert Rhythm.model_validate(rhythm(name).model_dump(mode="json")) == rhythm(name)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("bpm: 5", "bpm: .*10"), ("mode: m3", "mode"), ("bars: 0", "bars"), ("- 1", "holds no rhythm"),
        ("bmp: 120", r"unknown key \(did you mean bpm"), ("layers: {kick: {fils: 2}}", "fills"),
        ("layers: {x: {fills: 17}}", "more than the 16 steps"), ("layers: {x: {steps: 65}}", "steps"),
        ("layers: {x: {pattern: 'x.y.'}}", "pattern"), ("layers: {x: {conditions: [{kind: MAYBE}]}}", "kind"),
        ("layers: {x: {conditions: [{kind: EVERY_N}]}}", "needs 'n'"),
        ("layers: {x: {conditions: [{kind: PROB, p: 0.5, n: 3}]}}", "does not know 'n'"),
        ("meter: 4/5", "meter"),
        ("accent: {steps: [17]}", "16 steps"), ("accent: {steps: [1], layers: [y]}", "no layer"),
        ("mode: m0\nlayers: {kick: {}}", "metronome"), ("layers: {kick: {ghost_pre1_prob: 0.5}}", "nothing to chance"),
        ("mode: m2\nthin_bias: -0.5\nlayers: {x: {}}", "thins nothing"), ("bpm: 120\nbpm: 130", "written twice"),
        ("mode: [", "yaml"),
    ],
)  # fmt: skip
def test_a_mistake_is_named(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    with pytest.raises(UserError, match=said) as caught:
        read_rhythm(path)
    assert caught.value.message.startswith("mine.yaml")
    assert "\n" not in caught.value.line()


def test_the_metronome_clicks_on_every_beat_of_its_meter() -> None:
    played = perform(load({"mode": "m0", "meter": "3/4"}), bars=2)
    assert [(note.start_ticks, note.pitch) for note in played.notes] == [
        (0, 76), (1920, 77), (3840, 77), (5760, 76), (7680, 77), (9600, 77)
    ]  # fmt: skip


def test_there_are_at_least_sixteen_rhythms_and_each_says_what_it_is() -> None:
    assert len(rhythm_ids()) >= 16
    for name in rhythm_ids():
        about = rhythm(name).about
        assert 20 <= len(about) <= 120


# What is compared: the means over 32 bars, each in units of its spread over all rhythms.
FIGURES = ("E", "S", "H", "D", "T_ms", "swing", "kick hits", "hits")


def figures(name: str) -> list[float]:
    found = summary(perform(rhythm(name), bars=32))
    hits = sum(value for key, value in found.items() if key.endswith(" hits"))
    return [found.get(key, 0.0) for key in FIGURES[:-1]] + [hits]


def test_every_two_rhythms_are_apart() -> None:
    found = {name: figures(name) for name in rhythm_ids()}
    spread = [pstdev(column) for column in zip(*found.values(), strict=True)]
    for (one, a), (other, b) in combinations(found.items(), 2):
        apart = sum(((x - y) / s) ** 2 for x, y, s in zip(a, b, spread, strict=True)) ** 0.5
        assert apart > 1.0, f"{one} and {other} are {apart:.2f} apart"
        assert encode(perform(rhythm(one), bars=2, seed=1, bpm=120)) != encode(
            perform(rhythm(other), bars=2, seed=1, bpm=120)
        )


@pytest.mark.parametrize(
    ("meter", "kick", "snare"),
    [
        ("4/4", [0, 4, 8, 12], [4, 12]), ("3/4", [0, 4, 8], [4]), ("6/8", [0, 6], [6]), ("7/8", [0, 4, 8], [4]),
        ("12/8", [0, 6, 12, 18], [6, 18]), ("5/8", [0, 4], [4]), ("2/2", [0, 4, 8, 12], [4, 12]),
    ],
)  # fmt: skip
def test_the_default_kick_and_snare_follow_the_meter(meter: str, kick: list[int], snare: list[int]) -> None:
    played = play({"mode": "m2", "meter": meter}, 2)
    assert [steps(played, "kick", bar) for bar in range(2)] == [kick] * 2
    assert steps(played, "snare", 1) == snare


def test_the_backbone_has_the_velocities_of_the_earlier_engine() -> None:
    played = play({"mode": "m1"}, 1)
    assert [note[4] for note in layer_of(played, "hat_c")] == [80, 65, 75, 65] * 4
    assert {note[4] for note in layer_of(played, "clap")} == {96}
