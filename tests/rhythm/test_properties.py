"""What holds for every rhythm: a thousand valid ones made by chance, each played and written as MIDI."""

import io
from itertools import pairwise

import mido
import numpy as np
import pytest

from hardcore.rhythm import session, smf
from hardcore.rhythm.config import Rhythm, load
from hardcore.rhythm.density import allowed_counts
from hardcore.rhythm.log import log
from hardcore.rhythm.masks import Part
from hardcore.rhythm.session import Performance, perform
from tests.each import each
from tests.rhythm.anyrhythm import any_rhythm

COUNT, GROUPS, BARS = 1000, 10, 4
SEEDS = [range(group, COUNT, GROUPS) for group in range(GROUPS)]


@pytest.mark.parametrize("seeds", SEEDS, ids=lambda seeds: f"{seeds.start}+{seeds.step}n")
def test_every_rhythm_keeps_its_bounds(seeds: range) -> None:
    for seed in seeds:
        rhythm = load(any_rhythm(seed))
        play = perform(rhythm, bars=BARS)
        try:
            check_notes(play)
            check_chokes(play)
            check_timing(play)
            check_counts(play)
            check_continuity(play)
        except AssertionError as error:
            raise AssertionError(f"rhythm {seed}: {error}") from error


def check_notes(play: Performance) -> None:
    """Every note lies in the bars, is a MIDI note, and is over before the next of its pitch."""
    notes, end = play.notes, BARS * play.rhythm.bar_ticks
    if not len(notes):
        return
    assert notes.start.min() >= 0 and (notes.start + notes.length).max() <= end
    assert notes.length.min() >= 1
    assert notes.pitch.min() >= 0 and notes.pitch.max() <= 127
    assert notes.velocity.min() >= 1 and notes.velocity.max() <= 127
    assert (np.diff(notes.start) >= 0).all()
    for pitch in np.unique(notes.pitch):
        one = notes.take(notes.pitch == pitch)
        assert (one.start[1:] >= (one.start + one.length)[:-1]).all()
    assert notes.grid.min() >= 0 and notes.grid.max() < end


def check_chokes(play: Performance) -> None:
    """No note of a choked layer sounds past a choker of a later step, whatever bar that is in."""
    notes, layers = play.notes, list(play.rhythm.layers.values())
    for number, layer in enumerate(layers):
        group = [n for n, other in enumerate(layers) if n != number and layer.choke_group == other.choke_group]
        chokers = np.zeros(len(notes), np.bool_)
        if layer.choke_group is not None:
            chokers |= np.isin(notes.layer, group)
        if layer.choke_with_note is not None:
            chokers |= (notes.pitch == layer.choke_with_note) & (notes.layer != number)
        for note in notes.of_layer(number):
            cuts = notes.start[chokers & (notes.grid > note.grid_ticks)]
            assert not ((cuts > note.start_ticks) & (cuts < note.start_ticks + note.length_ticks)).any()


def check_timing(play: Performance) -> None:
    """No hit is off its swung step by more than its caps."""
    rhythm, per_ms, file_ticks = play.rhythm, play.bpm * 1920 / 60_000, 1920 // play.rhythm.ppq
    # what would lie outside the bars is held at their edges
    inside = (play.notes.start > 0) & (play.notes.start < play.length_ticks - file_ticks)
    rounding = file_ticks / 2 if file_ticks > 1 else 0
    for number, layer in enumerate(rhythm.layers.values()):
        caps = [cap for cap in (layer.beat_bin_cap_ms, rhythm.targets.T_ms_cap) if cap is not None]
        mine = play.notes.take((play.notes.layer == number) & inside)
        if caps and len(mine):
            assert np.abs(mine.start - mine.swung).max() <= min(caps) * per_ms + rounding


def check_counts(play: Performance) -> None:
    """A layer that nothing leaves out or adds to has its fills in every bar; a steered one at most what is allowed."""
    rhythm = play.rhythm
    for number, (name, layer) in enumerate(rhythm.layers.items()):
        if layer.bar or layer.ghost_pre1_prob or f"{name}.ghost_pre1_prob" in rhythm.moved or _doubled(rhythm, name):
            continue
        steps = np.unique((play.notes.of_layer(number).grid + 1) * layer.steps // rhythm.bar_ticks)
        found = np.bincount(steps // layer.steps, minlength=BARS)
        aim = rhythm.density_of(name)
        if aim is not None:
            bands = (rhythm.targets.H_low, rhythm.targets.H_high) if name == "hat_c" else (None, None)
            most = [allowed_counts(layer.steps, *aim, bar, *bands).high for bar in range(BARS)]
            assert (found <= most).all()
        elif layer.markov or layer.conditions or layer.offbeats_only or rhythm.is_thinned(name):
            assert found.max() <= layer.fills
        else:
            # what is pushed past the end falls together on its last tick
            assert (found[: BARS - (layer.micro_ms > 0)] == layer.fills).all()


def _doubled(rhythm: Rhythm, name: str) -> bool:
    """Return whether a hit of another layer may stand in the place of one of this layer."""
    pitches = [
        set(range(35, 51)) if f"{other}.note" in rhythm.moved else {layer.note}
        for other, layer in rhythm.layers.items()
        if other != name
    ]
    mine = set(range(35, 51)) if f"{name}.note" in rhythm.moved else {rhythm.layers[name].note}
    # within the layer too: pushed below the first tick, or rolls in steps of few ticks, hits may fall together
    return any(mine & other for other in pitches) or rhythm.layers[name].micro_ms < 0 or bool(rhythm.modulators)


def check_continuity(play: Performance) -> None:
    """What modulators move goes by no more than its limit from bar to bar and stays in its range; so do leanings."""
    for modulator in play.rhythm.modulators:
        values = play.session.motions.series(modulator.param_path, 0, np.arange(32)).tolist()
        motion = modulator.mod
        assert all(abs(b - a) <= motion.max_delta_per_bar + 1e-9 for a, b in pairwise(values))
        assert motion.min_val - 1e-9 <= min(values) and max(values) <= motion.max_val + 1e-9
    assert all(abs(b - a) <= 0.05 + 1e-9 for a, b in pairwise(play.control.lean))


@each("seed", range(0, 1000, 5))
def test_a_second_library_reads_the_same_notes_and_the_exact_length(seed: int) -> None:
    play = perform(load(any_rhythm(seed)), bars=BARS)
    rhythm, notes = play.rhythm, play.notes
    song = mido.MidiFile(file=io.BytesIO(smf.encode(play)))
    assert (song.type, song.ticks_per_beat, len(song.tracks)) == (1, rhythm.ppq, 1 + len(rhythm.layers))
    scale = 1920 // rhythm.ppq
    for number, (name, track) in enumerate(zip(rhythm.layers, song.tracks[1:], strict=True)):
        assert track.name.encode("latin-1").decode() == name
        assert sum(message.time for message in track) * scale == play.length_ticks
        now, begun, found = 0, {}, []
        for message in track:
            now += message.time
            if message.type == "note_on":
                assert message.note not in begun and message.channel == 9
                begun[message.note] = (now, message.velocity)
            elif message.type == "note_off":
                start, velocity = begun.pop(message.note)
                assert now > start
                found.append((start, message.note, velocity))
        assert not begun
        mine = notes.of_layer(number)
        starts = (mine.start * 2 + scale) // (2 * scale)
        assert sorted(found) == sorted(zip(starts.tolist(), mine.pitch.tolist(), mine.velocity.tolist(), strict=True))


@pytest.mark.parametrize("seed", range(1, 1000, 25))
def test_the_size_of_the_blocks_changes_nothing(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rhythm = load(any_rhythm(seed))
    whole = perform(rhythm, bars=9)
    data, rows = smf.encode(whole), log(whole)
    for size in (1, 2, 7):
        monkeypatch.setattr(session, "BLOCK", size)
        pieces = perform(rhythm, bars=9)
        assert smf.encode(pieces) == data
        assert log(pieces) == rows


@pytest.mark.parametrize("seed", range(2, 1000, 50))
def test_more_bars_only_add_at_the_end(seed: int) -> None:
    rhythm = load(any_rhythm(seed))
    short, long = perform(rhythm, bars=3), perform(rhythm, bars=9)
    first = [note for note in short.notes if note.start_ticks + note.length_ticks < 2 * rhythm.bar_ticks]
    assert first == list(long.notes)[: len(first)] or set(first) <= set(long.notes)


@pytest.mark.parametrize("meter", ["2/4", "3/4", "4/4", "5/4", "6/8", "7/8", "9/8", "11/16", "12/8", "5/8"])
def test_masks_fill_bars_of_any_meter_and_any_number_of_steps(meter: str) -> None:
    for steps in range(1, 65):
        for fills in {0, 1, steps // 3, steps // 2, steps}:
            rhythm = load({"mode": "m1", "meter": meter, "layers": {"x": {"steps": steps, "fills": fills}}})
            part = Part(rhythm, "x", 1, session.Session(rhythm).motions)
            assert part.raw(0, 2).sum() == 2 * fills
            assert part.step_ticks[-1] < rhythm.bar_ticks


def test_a_layer_with_a_bar_of_its_own_turns_over_the_sessions() -> None:
    rhythm = load({"mode": "m1", "layers": {"kick": {}, "x": {"bar": "3/4", "steps": 12, "fills": 1}}})
    starts = [note.start_ticks for note in perform(rhythm, bars=6).notes.of_layer(1)]
    assert starts == list(range(0, 6 * 7680, 3 * 1920))
