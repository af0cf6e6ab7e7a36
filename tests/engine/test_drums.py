"""Every drum is clean, at its role's loudness, silent in time, and its parameters do what they say."""

from functools import cache

import numpy as np
import pytest

from hardcore.project.devices import Device
from hardcore.project.drum_instruments import DRUM_INSTRUMENTS
from hardcore.project.roles import LOUDNESS_LUFS
from tests.engine.sound import (
    Audio,
    Hit,
    Phrase,
    centroid_hz,
    cents,
    level_db,
    momentary,
    note,
    peak,
    pitch_hz,
    render,
    role_phrase,
    tail,
)  # fmt: skip

BY_ID = {device.id: device for device in DRUM_INSTRUMENTS}
IDS = sorted(BY_ID)
every_drum = pytest.mark.parametrize("drum", IDS)


@cache
def phrases() -> dict[str, Audio]:
    """Return every drum's calibration phrase."""
    return dict(zip(IDS, render([role_phrase(BY_ID[name]) for name in IDS]), strict=True))


@cache
def loud_phrases() -> dict[str, Audio]:
    """Return every drum's calibration phrase at the highest velocity."""
    return dict(zip(IDS, render([role_phrase(BY_ID[name], velocity=127) for name in IDS]), strict=True))


@cache
def loudness(name: str, velocity: int = 100) -> float:
    """Return the loudness of a drum's calibration phrase, at its own or at the highest velocity."""
    return momentary((phrases() if velocity == 100 else loud_phrases())[name])


def hit(name: str, settings: dict[str, float], pitch: float | None = None) -> Phrase:
    """Return one hit of a drum, in the middle of its notes unless `pitch` is given."""
    device = BY_ID[name]
    middle = (device.low_note + device.high_note) / 2 if pitch is None else pitch
    return Phrase(device, (Hit(0, 0.1, middle),), 0.35 + device.tail_s, settings)


def changed(name: str, *settings: dict[str, float], pitch: float | None = None) -> list[Audio]:
    """Return one hit of a drum for each of `settings`."""
    return render([hit(name, values, pitch) for values in settings])


@cache
def longest() -> dict[str, Audio]:
    """Return one hit of every drum with every length at its longest, and a quarter of a second after its tail."""
    played = []
    for device in map(BY_ID.__getitem__, IDS):
        lengths = {p.id: p.high for p in device.parameters if p.unit in {"s", "ms"}}
        played.append(Phrase(device, (Hit(0, 0.1, 50),), device.tail_s + 0.25, lengths))
    return dict(zip(IDS, render(played), strict=True))


@cache
def decays() -> dict[tuple[str, str], Audio]:
    """Return a hit of every drum with its decay at its lowest, default and highest."""
    played = {}
    for name in IDS:
        decay = BY_ID[name].parameter("decay")
        extra = {"rumble": -60.0, "ghost": -60.0} if name == "kick_industrial" else {}
        for which in ("low", "default", "high"):
            played[name, which] = hit(name, {"decay": getattr(decay, which), **extra})
    return dict(zip(played, render(list(played.values())), strict=True))


@cache
def turned() -> dict[tuple[str, str, str], Audio]:
    """Return a hit of a drum with one of its BRIGHTER parameters at its lowest and highest."""
    played = {
        (name, parameter, which): hit(name, {parameter: getattr(BY_ID[name].parameter(parameter), which)})
        for name, parameter in BRIGHTER
        for which in ("low", "high")
    }
    return dict(zip(played, render(list(played.values())), strict=True))


def midi_hz(pitch: float) -> float:
    return float(440.0 * 2 ** ((pitch - 69) / 12))


@every_drum
def test_its_phrase_is_at_its_roles_loudness(drum: str) -> None:
    assert loudness(drum) == pytest.approx(LOUDNESS_LUFS[BY_ID[drum].roles[0]], abs=1.0)  # type: ignore[index]


@every_drum
def test_its_phrase_is_clean_and_below_full_scale_at_any_velocity(drum: str) -> None:
    for audio in (phrases()[drum], loud_phrases()[drum]):
        assert np.isfinite(audio).all()
        assert 0.05 < peak(audio) < 1.0
        assert abs(float(audio.mean())) < 0.001, "direct current"


@every_drum
def test_velocity_makes_it_louder(drum: str) -> None:
    rise_db = loudness(drum, 127) - loudness(drum)
    assert 2.0 < rise_db < 6.0


@every_drum
def test_it_is_silent_after_its_tail_with_every_length_at_its_longest(drum: str) -> None:
    device, audio = BY_ID[drum], longest()[drum]
    assert level_db(audio) > -40
    assert level_db(tail(audio, device.tail_s)) < -80
    assert level_db(tail(audio, device.tail_s * 0.4)) > -80, "tail_s says far more than it rings"


def edges(device: Device) -> list[dict[str, float]]:
    """Return settings with each parameter, then all of them, at their lowest and highest."""
    # `level` is plain gain.
    own = [p for p in device.parameters if p.id != "level"]
    single = [{p.id: value} for p in own for value in (p.low, p.high)]
    return [*single, {p.id: p.low for p in own}, {p.id: p.high for p in own}]


def test_no_parameter_at_its_edge_breaks_a_drum() -> None:
    cases = [(device, values) for device in DRUM_INSTRUMENTS for values in edges(device)]
    played = [
        Phrase(device, (Hit(0, 0.1, device.low_note, 127), Hit(0.2, 0.1, device.high_note, 1)), 0.6, values)
        for device, values in cases
    ]
    for (device, values), audio in zip(cases, render(played), strict=True):
        assert np.isfinite(audio).all(), (device.id, values)
        assert 0.001 < peak(audio) < 2.5, (device.id, values)


def test_a_second_render_is_the_same_and_another_seed_is_not() -> None:
    hits = [note(BY_ID[name], 50, 0.1, seed=seed) for name in IDS for seed in (1, 2)]
    first, second = render(hits), render(hits)
    for index, name in enumerate(IDS):
        one, other = first[2 * index], first[2 * index + 1]
        assert np.array_equal(one, second[2 * index]), name
        assert not np.array_equal(one, other), f"{name} does not use its seed"
        assert momentary(one) == pytest.approx(momentary(other), abs=1.5), name


def test_a_drum_alone_equals_itself_among_others() -> None:
    crowd = [role_phrase(BY_ID[name]) for name in IDS]
    alone = render([crowd[0]] * 4 + [crowd[IDS.index("snare_break")]])
    assert np.array_equal(alone[4], phrases()["snare_break"])


@pytest.mark.parametrize(("drum", "from_s"), [("kick_gabber", 0.25), ("tom", 0.15), ("perc", 0.06)])
def test_a_tuned_drum_sounds_the_notes_pitch(drum: str, from_s: float) -> None:
    device = BY_ID[drum]
    pitches = (device.low_note, (device.low_note + device.high_note) // 2, device.high_note)
    decay = device.parameter("decay").high
    for pitch, audio in zip(pitches, render([note(device, p, 0.1, decay=decay) for p in pitches]), strict=True):
        measured = pitch_hz(audio, midi_hz(pitch), from_s, decay * 0.4)
        assert abs(cents(measured, midi_hz(pitch))) < 5, pitch


@pytest.mark.parametrize("drum", ["kick808", "kick909", "kick_industrial"])
def test_a_kick_is_tuned_by_its_parameter(drum: str) -> None:
    tunes = (42.0, 65.0)
    off = {"rumble": -60.0, "ghost": -60.0} if drum == "kick_industrial" else {}
    for tune, audio in zip(tunes, changed(drum, *({"tune": t, "decay": 1.2, **off} for t in tunes)), strict=True):
        assert abs(cents(pitch_hz(audio, tune, 0.4, 0.6), tune)) < 10


@pytest.mark.parametrize("drum", ["snare909", "snare_break"])
def test_a_snare_is_tuned_by_its_parameter(drum: str) -> None:
    tunes = (140.0, 300.0)
    for tune, audio in zip(tunes, changed(drum, *({"tune": t, "snap": -40.0} for t in tunes)), strict=True):
        assert abs(cents(pitch_hz(audio, tune, 0.03, 0.15), tune)) < 40


@pytest.mark.parametrize("drum", ["kick808", "kick909", "kick_gabber", "kick_industrial"])
def test_a_kick_starts_high_with_a_click_and_ends_low(drum: str) -> None:
    audio = phrases()[drum]
    assert centroid_hz(audio[:, :240]) > 2 * centroid_hz(audio[:, 4800:14_400])
    assert level_db(audio[:, :240]) > level_db(audio) - 8, "a late attack"


def test_distortion_passes_add_harmonics_one_after_another() -> None:
    audio = changed("kick_gabber", *({"stages": n} for n in (1.0, 3.0, 8.0)))
    bright = [centroid_hz(a[:, 4800:9600]) for a in audio]
    assert bright[0] < bright[1] < bright[2]


def test_the_gabber_tail_glides_to_its_interval() -> None:
    still, up = changed("kick_gabber", {"decay": 1.0}, {"decay": 1.0, "tail": 12}, pitch=36)
    assert abs(cents(pitch_hz(still, midi_hz(36), 0.6, 0.3), midi_hz(36))) < 5
    assert pitch_hz(up, midi_hz(45), 0.7, 0.2) > 1.4 * midi_hz(36)


def test_the_rumble_is_low_ducked_by_the_kick_and_mono_at_the_bottom() -> None:
    on, off = changed("kick_industrial", {"ghost": -60, "length": 1}, {"ghost": -60, "rumble": -60, "length": 1})
    layer = on - off
    assert level_db(layer[:, :3840]) < level_db(layer[:, 12_000:24_000]) - 15
    assert level_db(layer[:, :7200]) < level_db(layer[:, 12_000:24_000]) - 3
    assert centroid_hz(layer) < 200
    side = np.fft.rfft(on[0] - on[1])
    hz = np.fft.rfftfreq(on.shape[1], 1 / 48_000)
    middle = np.fft.rfft(on[0] + on[1])
    assert (np.abs(side[hz < 100]) ** 2).sum() < 0.01 * (np.abs(middle[hz < 100]) ** 2).sum()
    assert (np.abs(side) ** 2).sum() > 0


def test_ghosts_follow_on_their_sixteenths() -> None:
    on, off = changed("kick_industrial", {"rumble": -60, "ghost": 0, "ghost_time": 0.2}, {"rumble": -60, "ghost": -60})
    ghost = np.abs((on[:, : off.shape[1]] - off).mean(axis=0))
    assert ghost[:9000].max() < 0.01
    for place in (1, 2, 3):
        start = round(place * 0.2 * 48_000)
        assert ghost[start : start + 4800].max() > 0.02


def test_a_clap_is_several_hands() -> None:
    (audio,) = changed("clap", {"spread": 20})
    level = np.abs(audio).max(axis=0)
    for onset_s in (0.0205, 0.039, 0.0625):
        onset = round(onset_s * 48_000)
        assert level[onset : onset + 144].max() > 3 * level[onset - 120 : onset - 24].max(), onset_s


def ring_s(audio: Audio, below_db: float = -50) -> float:
    """Return when the sound last exceeds `below_db` under its own peak, seconds."""
    return float(np.flatnonzero(np.abs(audio).max(axis=0) > peak(audio) * 10 ** (below_db / 20))[-1] / 48_000)


@every_drum
def test_a_longer_decay_rings_longer(drum: str) -> None:
    short, default, long = (ring_s(decays()[drum, which]) for which in ("low", "default", "high"))
    assert short < default < long


BRIGHTER = [
    ("kick808", "click"), ("kick808", "drive"), ("kick909", "sweep"), ("kick909", "click"), ("kick909", "drive"),
    ("kick_gabber", "tone"), ("kick_gabber", "drive"), ("kick_industrial", "click"), ("snare909", "snap"),
    ("snare909", "tone"), ("snare_break", "snap"), ("snare_break", "tone"), ("clap", "tone"),
    ("rim", "tune"), ("rim", "tone"), ("hat_closed", "tone"), ("hat_open", "tone"), ("ride", "tone"),
    ("tom", "bend"), ("tom", "click"), ("shaker", "tone"), ("perc", "wood"), ("perc", "slap"), ("perc", "tone"),
]  # fmt: skip


@pytest.mark.parametrize(("drum", "parameter"), BRIGHTER)
def test_a_parameter_turned_up_brightens(drum: str, parameter: str) -> None:
    low, high = (centroid_hz(turned()[drum, parameter, which]) for which in ("low", "high"))
    assert high > 1.03 * low
