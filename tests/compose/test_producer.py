"""The producer: an intent becomes a project that is exactly what was asked."""

import subprocess
import sys
from collections.abc import Sequence
from itertools import combinations
from math import log2, sqrt
from statistics import fmean, pstdev

import pytest

from hardcore.compose.intent import Intent
from hardcore.compose.plan import make_plan
from hardcore.compose.producer import PRODUCER, PRODUCER_VERSION, compose, intent_of
from hardcore.errors import UserError
from hardcore.knowledge.loader import genre
from hardcore.knowledge.sound import Part
from hardcore.music.scale import Key
from hardcore.project import devices
from hardcore.project.events import Span, events
from hardcore.project.roles import DRUMS, ROLES, TRANSITIONS, Role
from hardcore.project.timeline import end_ticks, timeline
from tests.compose.measures import (
    CASES,
    DEEP,
    GENRES,
    SEEDS,
    bar_shapes,
    bars_of,
    composed,
    features,
    notes_of,
    out_of_key,
    parts,
    roles_of,
    sampled,
    seeds_of,
    setting,
    silent_bars,
)
from tests.each import each

FM = Key(tonic=5, mode="minor")
FEW = range(4)


@each(("name", "seed"), CASES)
def test_a_clip_has_the_asked_tempo_key_meter_and_bars_and_every_bar_sounds(name: str, seed: int) -> None:
    project = composed(name, seed, bpm=133.5, key=FM, bars=8, numerator=4, denominator=4)
    assert (project.tempo_map.bpm, project.key, project.meter_map.text) == (133.5, FM, "4/4")
    assert {clip.length_ticks for _, clip in project.clips()} == {8 * 7680}
    assert not silent_bars(project)
    style = genre(name)
    chromatic = style.harmony.chromatic or style.bass.chromatic or style.lead.chromatic
    coloured = style.harmony.chromatic or style.harmony.cadence
    assert out_of_key(project) <= (0.25 if coloured else 0.1 if chromatic else 0)
    for role, track, notes in parts(project):
        assert track.instrument is not None
        device = devices.instrument(track.instrument.device)
        assert notes, role
        assert all(note.start_ticks >= 0 and note.end_ticks <= 8 * 7680 for note in notes)
        if device.pitched:
            assert all(device.low_note <= note.pitch <= device.high_note for note in notes), role


@each("name", GENRES)
def test_unasked_a_genre_plays_its_own_tempo_bars_and_one_of_its_keys(name: str) -> None:
    style = genre(name)
    drawn = {composed(name, seed).key for seed in seeds_of(name)}
    assert drawn <= {choice.key for choice in style.keys}
    assert len({make_plan(Intent(genre=name), seed).key for seed in SEEDS}) > 1
    assert composed(name, 0).tempo_map.bpm == style.tempo.default
    assert bars_of(composed(name, 0)) == style.bars


@each(("name", "meter"), sampled((3, 4), (5, 4), (7, 8), (6, 8), (2, 4), (7, 16), (1, 4)))
def test_odd_meters_keep_bars_filled_and_notes_inside(name: str, meter: tuple[int, int]) -> None:
    numerator, denominator = meter
    project = composed(name, 5, numerator=numerator, denominator=denominator, bars=5)
    assert project.meter_map.text == f"{numerator}/{denominator}"
    length = 5 * numerator * 7680 // denominator
    assert {clip.length_ticks for _, clip in project.clips()} == {length}
    assert not silent_bars(project)
    assert all(note.end_ticks <= length for _, _, notes in parts(project) for note in notes)
    assert all(notes for _, _, notes in parts(project))


@each(("name", "bars"), sampled(1, 2, 3, 13, 64))
def test_any_number_of_bars_is_filled(name: str, bars: int) -> None:
    project = composed(name, 6, bars=bars)
    assert bars_of(project) == bars and not silent_bars(project)


@each("name", GENRES)
def test_the_main_parts_play_in_every_bar(name: str) -> None:
    if genre(name).character.energy < 0.2:
        return  # without a beat
    for seed in seeds_of(name):
        project = composed(name, seed)
        for role in ("kick", "hat_closed"):
            if genre(name).parts.get(role, Part(chance=0)).chance == 1 and role in roles_of(project):
                # a fill may silence them at a phrase's end
                playing = sum(map(bool, bar_shapes(project, role)))
                assert playing >= 0.7 * bars_of(project), (name, seed, role)


@each("name", GENRES)
def test_seeds_differ_and_bars_of_a_scene_differ(name: str) -> None:
    drawn = [composed(name, seed) for seed in seeds_of(name)]
    assert len({tuple(clip.notes.data for _, clip in project.clips()) for project in drawn}) == len(drawn)
    for project in drawn:
        scene = list(zip(*(bar_shapes(project, role) for role in roles_of(project)), strict=True))
        held = 0.3 if genre(name).character.energy < 0.1 else 0.6
        assert len(set(scene)) >= held * len(scene)


def test_the_same_intent_and_seed_give_the_same_bytes_in_another_process() -> None:
    code = (
        "import sys; from hardcore.compose.producer import compose; from hardcore.compose.intent import Intent;"
        "sys.stdout.write(''.join(compose(Intent(genre=g, energy=0.7), 11).model_dump_json()"
        " for g in ('acid', 'house', 'ambient', 'pop', 'jazz_trio')))"
    )
    run = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": salt}
        )
        for salt in ("1", "2")
    ]
    names = ("acid", "house", "ambient", "pop", "jazz_trio")
    here = "".join(compose(Intent(genre=g, energy=0.7), 11).model_dump_json() for g in names)
    assert run[0].stdout == run[1].stdout == here


def test_one_more_part_never_changes_the_others() -> None:
    plain = composed("drum_and_bass", 4, exclude=("perc", "tom"))
    more = composed("drum_and_bass", 4, include=("perc", "tom"))
    assert set(roles_of(more)) - set(roles_of(plain)) == {"perc", "tom"}
    for role in roles_of(plain):
        assert notes_of(plain, role) == notes_of(more, role)


def centres(names: Sequence[str], seeds: Sequence[int]) -> tuple[dict[str, list[dict[str, float]]], dict[str, float]]:
    """Return what is measured of pieces by style, and each measure's spread over all."""
    measured = {name: [features(composed(name, seed, bars=8)) for seed in seeds] for name in names}
    keys = list(measured[names[0]][0])
    return measured, {key: pstdev([one[key] for row in measured.values() for one in row]) for key in keys}


def right_and_nearest(names: Sequence[str], seeds: Sequence[int]) -> tuple[float, float]:
    """Return the share of pieces nearest to their own style's centre, and the distance of the two nearest centres."""
    measured, scale = centres(names, seeds)
    centre = {name: {key: fmean(one[key] for one in row) for key in scale} for name, row in measured.items()}

    def apart(a: dict[str, float], b: dict[str, float]) -> float:
        return sqrt(sum(((a[key] - b[key]) / scale[key]) ** 2 for key in scale))

    right = [
        min(names, key=lambda other: apart(one, centre[other])) == name for name in names for one in measured[name]
    ]
    return fmean(right), min(apart(centre[a], centre[b]) for a, b in combinations(names, 2))


def test_the_families_are_apart_in_rhythm_pair_by_pair() -> None:
    right, nearest = right_and_nearest(DEEP, FEW)
    assert right == 1
    assert nearest > 2


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_all_styles_are_apart_in_rhythm() -> None:
    right, nearest = right_and_nearest(GENRES, SEEDS)
    assert right >= 0.85
    assert nearest > 0.8


def test_only_include_and_exclude_decide_who_plays() -> None:
    assert roles_of(composed("house", 1, only=("kick", "bass"))) == ["kick", "bass"]
    assert "hat_closed" not in roles_of(composed("house", 1, exclude=("hat_closed", "hat_open")))
    for role in ROLES:
        for name in DEEP:
            assert role in roles_of(composed(name, 2, include=(role,), bars=2)), (name, role)
    with pytest.raises(UserError, match="nothing is left"):
        composed("house", 1, only=("kick",), exclude=("kick",))


@pytest.mark.parametrize("role", ROLES)
def test_any_part_can_play_alone_in_any_genre(role: Role) -> None:
    for name in (*DEEP, *GENRES[::6]):
        project = composed(name, 3, only=(role,), bars=4)
        assert roles_of(project) == [role] and (role in TRANSITIONS or not silent_bars(project))


def test_a_part_asked_for_by_name_plays_all_through() -> None:
    late = next(p for seed in range(30) if "ride" in roles_of(p := composed("warehouse_techno", seed)))
    assert not bar_shapes(late, "ride")[0]
    assert bar_shapes(composed("warehouse_techno", 1, include=("ride",)), "ride")[0]


def test_an_instrument_asked_for_plays_its_part() -> None:
    project = composed("warehouse_techno", 1, devices={"lead": "hoover", "kick": "kick909"})
    played = {track.role: track.instrument.device for track in project.tracks if track.instrument}
    assert (played["lead"], played["kick"]) == ("hoover", "kick909")


def test_a_kick_is_tuned_to_the_key() -> None:
    for tonic in range(12):
        project = composed("house", 1, key=Key(tonic=tonic, mode="minor"), devices={"kick": "kick909"})
        hz = setting(project, "kick", "tune")
        assert hz is not None
        semitones = 12 * log2(hz / 440) + 69
        assert abs(semitones - round(semitones)) < 0.02 and round(semitones) % 12 == tonic


def moved(level: str, role: Role, parameter: str, name: str = "warehouse_techno") -> tuple[float, float]:
    low, high = (setting(composed(name, 1, **{level: value}), role, parameter) for value in (0.05, 0.95))
    assert low is not None and high is not None
    return low, high


def test_darkness_closes_filters_and_turns_cymbals_down() -> None:
    low, high = moved("darkness", "chords", "cutoff", "house")
    assert high < 0.6 * low
    bright, dark = (composed("house", 1, darkness=value) for value in (0.05, 0.95))
    assert dark.find_track("hats").mixer.gain_db < bright.find_track("hats").mixer.gain_db - 2


def test_a_dark_wish_draws_darker_keys() -> None:
    style = {choice.key: choice.darkness for choice in genre("house").keys}
    bright, dark = (fmean(style[composed("house", s, darkness=d).key] for s in range(24)) for d in (0.05, 0.95))
    assert dark > bright + 0.2


def test_drive_saturates() -> None:
    low, high = moved("drive", "bass", "drive", "house")
    assert high > low + 6
    low, high = moved("drive", "kick", "stages", "gabber")
    assert high > low


def test_space_raises_sends_and_lengthens_the_reverb() -> None:
    dry, wet = (composed("house", 1, space=value) for value in (0.05, 0.95))
    gains = [fmean(send.gain_db for send in project.find_track("clap").sends) for project in (dry, wet)]
    assert gains[1] > gains[0] + 8
    decays = [project.find_track("reverb").effects[0].value("decay") for project in (dry, wet)]
    assert decays[1] > 2 * decays[0]


def test_movement_deepens_sweeps() -> None:
    reach = []
    for value in (0.0, 0.4, 1.0):
        clip = composed("acid", 1, movement=value).find_track("lead").clips[0]
        points = [point.value for envelope in clip.automation for point in envelope.points]
        reach.append(max(points) / min(points) if points else 1.0)
    assert reach[0] == 1.0 and 1.5 < reach[1] < reach[2]


def test_density_brings_more_notes_and_energy_more_parts_and_force() -> None:
    for name in (*DEEP, *GENRES[::13]):
        thin, full = (
            fmean(sum(len(notes) for _, _, notes in parts(composed(name, s, density=d))) for s in range(4))
            for d in (0.1, 0.95)
        )
        assert full > 1.4 * thin, name
    calm, wild = (composed("house", 1, energy=value) for value in (0.1, 1.0))
    assert fmean(n.velocity for n in notes_of(wild, *DRUMS)) > 10 + fmean(n.velocity for n in notes_of(calm, *DRUMS))


def test_swing_is_the_project_s_groove() -> None:
    for percent, delay in ((50, 0), (58, 77), (66.7, 160)):
        groove = composed("house", 1, swing_percent=percent).groove
        assert (groove.timing[1] if groove else 0) == pytest.approx(delay, abs=1)
    assert composed("gabber", 1).groove is None


def test_every_sound_it_makes_can_be_played() -> None:
    for name in GENRES:
        project = composed(name, 2)
        playing = timeline(project)
        assert events(project, playing, Span(0, end_ticks(playing)))
        assert [track.name for track in project.tracks if track.kind == "return"] == ["reverb", "delay"]
        assert [effect.device for effect in project.master.effects][-1] == "limiter"


def test_what_a_clip_is_made_from_is_kept_and_read_back() -> None:
    intent = Intent(
        prompt="x" * 9000, genre="acid", key=FM, bars=4, density=0.3, only=("kick", "lead"),
        devices={"lead": "acid303"}, traits={"lead": ("acid",)},
    )  # fmt: skip
    project = compose(intent, 77)
    for _, clip in project.clips():
        assert clip.provenance is not None
        made = clip.provenance
        assert (made.producer, made.version, made.seed) == (PRODUCER, PRODUCER_VERSION, 77)
        assert intent_of(clip.provenance) == intent.evolve(prompt="x" * 4000)
    assert project.provenance is not None and project.provenance.seed == 77
