"""None of the faults of the earlier engine: one test for each of T0 to T15 of the list it left behind."""

import asyncio
import random
import subprocess
import sys
from pathlib import Path

import pytest

from hardcore.app import build_studio
from hardcore.commands.core import registry
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.errors import HardcoreError, UserError
from hardcore.knowledge.rhythms import rhythm, rhythm_ids
from hardcore.music import midifile
from hardcore.rhythm import log, smf
from hardcore.rhythm.config import load
from hardcore.rhythm.metrics import entrainment, entrainment_table
from hardcore.rhythm.notes import Notes
from tests.rhythm.playing import BAR, counts, layer_of, play, steps


@pytest.mark.parametrize("mode", ["m1", "m2", "m4"])
def test_t0_backbeat_and_kick_stand_on_the_beats(mode: str) -> None:
    played = play({"mode": mode}, 4)
    for bar in range(4):
        assert steps(played, "kick", bar) == [0, 4, 8, 12]
        assert steps(played, "snare", bar) == steps(played, "clap", bar) == [4, 12]


@pytest.mark.parametrize("kick", [{}, {"velocity": 120}, {"steps": 16}, {"note": 35}])
def test_t1_a_kick_without_fills_is_four_on_the_floor(kick: dict[str, int]) -> None:
    assert counts(play({"mode": "m4", "layers": {"kick": kick}}, 8), "kick") == [4] * 8


@pytest.mark.parametrize("target", [0.25, 0.55, 0.7, 0.85])
def test_t2_the_hats_follow_their_density_target(target: float) -> None:
    played = play({"mode": "m4", "targets": {"hat_density_target": target, "hat_density_tol": 0.05}}, 64)
    assert all(abs(count - round(16 * target)) <= 1 for count in counts(played, "hat_c"))


def test_t3_bars_that_a_condition_empties_stay_empty() -> None:
    every = [{"kind": "EVERY_N", "n": 4}]
    played = play({"mode": "m4", "layers": {"kick": {}, "hat_c": {"conditions": every}}}, 64)
    assert [bool(count) for count in counts(played, "hat_c")] == [False, False, False, True] * 16


def test_t4_conditions_of_every_layer_see_the_true_bar() -> None:
    every = {"conditions": [{"kind": "EVERY_N", "n": 4, "offset": 2}]}
    played = play({"mode": "m4", "layers": {"kick": {}, "hat_c": {}, "snare": every, "clap": every}}, 300)
    for name in ("snare", "clap"):
        assert [bool(count) for count in counts(played, name)] == [False, True, False, False] * 75


def test_t5_fills_and_rotation_of_hats_count_in_m4() -> None:
    hat = {"fills": 4, "rot": 2, "density_target": 0.25, "density_tol": 0.0}
    played = play({"mode": "m4", "layers": {"kick": {}, "hat_c": hat}}, 8)
    assert all(steps(played, "hat_c", bar) == [2, 6, 10, 14] for bar in range(8))


def test_t5_a_drifting_rotation_is_heard() -> None:
    played = play({"mode": "m4", "layers": {"rim": {"fills": 3, "rotation_rate_per_bar": 0.5}, "hat_c": {}}}, 8)
    first = steps(played, "rim", 0)
    for bar in range(8):
        assert steps(played, "rim", bar) == sorted((step + round(bar / 2)) % 16 for step in first)


def test_t5_a_drifting_swing_is_heard() -> None:
    motion = {"mode": "ramp", "min_val": 50, "max_val": 66, "tau": 16, "max_delta_per_bar": 1}
    hat = {"fills": 16, "beat_bins_ms": [], "beat_bins_probs": []}
    rhythm = {"mode": "m2", "layers": {"hat_c": hat}, "modulators": [{"param_path": "swing", "mod": motion}]}
    played = play(rhythm, 17)
    late = [start - grid for grid, start, *_ in layer_of(played, "hat_c") if grid % BAR == 480]
    assert late == [round((2 * (50 + bar) / 100 - 1) * 480) for bar in range(17)]


def test_t6_accents_and_notes_of_a_file_are_played_and_unknown_keys_are_refused() -> None:
    accent = {"steps": [1], "prob": 1, "velocity_scale": 1.1}
    played = play({"mode": "m1", "layers": {"kick": {"note": 35, "velocity": 100}}, "accent": accent}, 2)
    assert {note[3] for note in layer_of(played, "kick")} == {35}
    assert [note[4] for note in layer_of(played, "kick")] == [110, 100, 100, 100] * 2
    for wrong, near in (
        ({"bmp": 120}, "bpm"),
        ({"layers": {"kick": {"velocty": 1}}}, "velocity"),
        ({"targets": {"S_lo": 0.1}, "mode": "m4"}, "S_low"),
        ({"accent": {"steps": [1], "probe": 1}}, "prob"),
    ):
        with pytest.raises(UserError, match="unknown key") as caught:
            load(wrong)
        assert near in caught.value.message


def test_t7_note_offs_come_before_note_ons_and_no_note_is_cut_at_birth() -> None:
    hats = {"hat_c": {"fills": 16, "ratchet_prob": 0.5, "ratchet_repeat": 4, "gate": 1, "velocity": 90}}
    played = play({"mode": "m2", "layers": hats}, 64)
    data = smf.encode(played)
    sounding: set[int] = set()
    begun: dict[int, int] = {}
    for tick, kind, pitch in _messages(data):
        if kind == 0x90:
            assert pitch not in sounding
            sounding.add(pitch)
            begun[pitch] = tick
        else:
            assert pitch in sounding and tick > begun[pitch]
            sounding.discard(pitch)
    assert not sounding


def _messages(data: bytes) -> list[tuple[int, int, int]]:
    import io

    import mido

    found = []
    for track in mido.MidiFile(file=io.BytesIO(data)).tracks:
        now = 0
        for message in track:
            now += message.time
            if message.type in ("note_on", "note_off"):
                off = message.type == "note_off" or message.velocity == 0
                found.append((now, 0x80 if off else 0x90, message.note))
    return found


def test_t8_an_early_first_hit_moves_nothing_else() -> None:
    plain = {"beat_bins_ms": [], "beat_bins_probs": []}
    early = {"kick": {"micro_ms": 0}, "hat_c": {"fills": 16, "micro_ms": -10, **plain}}
    song = midifile.read(smf.encode(play({"mode": "m2", "swing": 50, "layers": early}, 2)))
    kick, hats = song.tracks
    assert [note[0] for note in kick.notes] == list(range(0, 2 * BAR, 1920))
    ticks = round(10 * 132 * 1920 / 60_000)
    assert [note[0] for note in hats.notes] == [max(0, step * 480 - ticks) for step in range(32)]


def test_t9_an_early_hit_counts_on_its_own_step() -> None:
    hats = {"hat_c": {"fills": 4, "micro_ms": -10, "beat_bins_ms": [], "beat_bins_probs": []}}
    played = play({"mode": "m2", "layers": hats}, 4)
    assert [row["S"] for row in log.log(played)] == [0.0] * 4
    song = midifile.read(smf.encode(played))
    onsets = [note[0] for note in song.tracks[0].notes]
    found = log.figures(onsets, onsets, BAR, 132)
    assert (found["S"], found["E"]) == (0, 1)


def test_t10_the_same_seed_gives_the_same_bytes_whatever_else_draws() -> None:
    first = smf.encode(play(rhythm("showcase"), 32))
    random.seed(5)
    random.random()
    assert smf.encode(play(rhythm("showcase"), 32)) == first
    code = (
        "import hashlib; from hardcore.knowledge.rhythms import rhythm; from hardcore.rhythm import smf; "
        "from hardcore.rhythm.session import perform; "
        "print(hashlib.sha256(smf.encode(perform(rhythm('showcase'), bars=32))).hexdigest())"
    )
    import hashlib

    for hashes in ("0", "77"):
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_environment(hashes)
        )
        assert done.stdout.strip() == hashlib.sha256(first).hexdigest()
    assert smf.encode(play(rhythm("showcase"), 32, seed=1)) != first


def _environment(hashes: str) -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONHASHSEED": hashes, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}


def test_t11_file_names_stay_inside_the_callers_folders(tmp_path: Path) -> None:
    inside = tmp_path / "configs"
    inside.mkdir()
    (tmp_path / "configs2").mkdir()
    (tmp_path / "configs2" / "x.json").write_text('{"mode": "m1"}')
    (inside / "link").symlink_to(tmp_path / "configs2")
    studio, caller = build_studio(), Caller(author="someone", roots=(inside,))
    commands = registry.registry()

    def call(name: str, **values: object) -> None:
        asyncio.run(registry.run(studio, commands[name], dict(values), caller))

    try:
        for bad in ("../configs2/x.json", str(tmp_path / "configs2" / "x.json"), "link/x.json", "a\0.json"):
            for values in ({"rhythm": bad}, {"rhythm": bad, "file": "a.mid"}):
                with pytest.raises(HardcoreError):
                    call("rhythm render", **values)
            for name in ("rhythm show", "rhythm to-clip"):
                with pytest.raises(HardcoreError):
                    call(name, rhythm=bad)
        for bad in ("../configs2/x.mid", str(tmp_path / "x.mid"), "link/x.mid", "a\0.mid"):
            with pytest.raises(HardcoreError):
                call("rhythm render", rhythm="default", file=bad)
            with pytest.raises(HardcoreError):
                call("rhythm metrics", clip=bad)
        for bad in ("../x.csv", "link/x.csv", "a\0.csv"):
            with pytest.raises(HardcoreError):
                call("rhythm render", rhythm="default", file="a.mid", log=bad)
        (inside / "own.json").write_text('{"mode": "m1", "out": "../configs2/out.mid"}')
        with pytest.raises(HardcoreError):
            call("rhythm render", rhythm="own.json")
        with pytest.raises(HardcoreError):
            call("rhythm render", rhythm="default", file="a.mid", bars=100_000_000)
        assert sorted(path.name for path in tmp_path.rglob("*.mid")) == []
        call("rhythm render", rhythm="default", file="a.mid", log="a.csv", bars=2)
        assert (inside / "a.mid").exists() and (inside / "a.csv").exists()
    finally:
        studio.controller.close()


def test_t12_more_beats_are_never_less_entrained_and_silence_is_not_entrained() -> None:
    beats = (1, 1 | 1 << 4, 1 | 1 << 4 | 1 << 8, 0x1111)
    for measure in (entrainment, entrainment_table):
        values = [measure(0), *map(measure, beats), measure(0xFFFF)]
        assert values == sorted(values)
        assert values[0] == 0
    hats = {"conditions": [{"kind": "EVERY_N", "n": 1, "negate": True}]}
    silent = play({"mode": "m4", "guard": {"min_E": 0.5}, "layers": {"hat_c": hats}}, 8)
    assert len(silent.notes) == 0
    assert silent.control.rescues == list(range(1, 8))


def test_t13_rhythms_need_no_key_and_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    studio = build_studio()
    try:
        result = asyncio.run(run_line(studio, "/rhythm show warehouse", Caller()))
        assert result is not None and "kick" in result.text()
    finally:
        studio.controller.close()


@pytest.mark.parametrize("name", rhythm_ids())
def test_t14_the_file_has_tempo_meter_a_named_track_a_layer_and_lasts_to_the_bar(name: str) -> None:
    played = play(rhythm(name), 3)
    data = smf.encode(played)
    assert data[8:10] == b"\0\1"
    song = midifile.read(data)
    assert song.tempo_map.bpm == pytest.approx(played.bpm, abs=1e-3)
    assert song.meter_map.text == played.rhythm.meter
    sounding = [layer for layer in played.rhythm.layers if layer_of(played, layer)]
    assert [track.name for track in song.tracks] == sounding
    assert all(track.channel == 9 for track in song.tracks)
    assert data.count(b"MTrk") == 1 + len(played.rhythm.layers)
    assert song.length_ticks >= 3 * played.rhythm.bar_ticks


def test_t15_accents_reach_layers_of_any_note() -> None:
    layers = {"kick": {"note": 35, "velocity": 100}, "cowbell": {"note": 56, "fills": 16, "velocity": 60}}
    accent = {"steps": [1, 9], "prob": 1, "velocity_scale": 1.2, "length_scale": 0.5}
    plain = play({"mode": "m1", "layers": layers}, 2)
    loud = play({"mode": "m1", "layers": layers, "accent": accent}, 2)
    assert len(plain.notes) == len(loud.notes)
    for name in layers:
        for before, after in zip(layer_of(plain, name), layer_of(loud, name), strict=True):
            hit = before[0] % BAR in (0, 8 * 480)
            assert after[4] == (round(before[4] * 1.2) if hit else before[4])
            assert after[2] == (before[2] // 2 if hit else before[2])


def test_the_columns_of_notes_are_as_long_as_each_other() -> None:
    notes = play({"mode": "m4"}, 2).notes
    assert isinstance(notes, Notes)
    assert {len(getattr(notes, name)) for name in Notes.__slots__} == {len(notes)}
