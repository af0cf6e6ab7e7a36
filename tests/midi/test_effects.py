"""Live MIDI effects: scale, chord, velocity, arpeggios and note repeat, as requests for the engine with their times."""

from typing import Any

import pytest

from hardcore.engine.osc import decode
from hardcore.midi.hands import Hands
from hardcore.midi.ticker import Ticker
from hardcore.music.scale import Key
from hardcore.music.tempo import PPQ, TempoMap
from hardcore.project.midieffects import MidiEffects
from hardcore.project.midiin import MidiInput
from tests.midi.test_hands import KEYS, band

SIXTEENTH = PPQ // 4


class Timed:
    """Hands with a clock of our own, and what they sent: (seconds, address, frequency or gate)."""

    def __init__(self, effects: MidiEffects, key: Key | None = None) -> None:
        project = band(organ=MidiInput(effects=effects))
        project = project.evolve(key=key) if key is not None else project
        self.now_s = 50.0
        self.sent: list[tuple[float, str, float]] = []
        self.hands = Hands(project, 2, lambda requests: self.take(self.now_s, requests), lambda: self.now_s, self.take)
        self.hands.follow(project)

    def take(self, at_s: float, requests: list[bytes]) -> None:
        for packet in requests:
            ((address, words),) = decode(packet)[1]
            if address == "/s_new":
                pairs = dict(zip(words[4::2], words[5::2], strict=True))
                self.sent.append((at_s, address, float(pairs["freq"])))  # type: ignore[arg-type]
                self.velocity = float(pairs["velocity"])  # type: ignore[arg-type]
            elif address == "/n_set":
                self.sent.append((at_s, address, float(words[2])))

    def send(self, *data: int) -> None:
        self.hands.hear(KEYS, data)

    def until(self, end_s: float) -> list[tuple[float, float]]:
        """Run until then, and return (seconds, MIDI pitch) of the notes that began."""
        self.sent.clear()
        while self.now_s < end_s:
            self.hands.run()
            self.now_s += 0.01
        return [(at, pitch(freq)) for at, address, freq in self.sent if address == "/s_new"]


def pitch(freq: float) -> float:
    from math import log2

    return round(69 + 12 * log2(freq / 440), 3)


def begun(play: Timed, *data: int) -> list[float]:
    play.sent.clear()
    play.send(*data)
    return [pitch(freq) for _, address, freq in play.sent if address == "/s_new"]


def test_a_key_sounds_a_chord_in_the_key_and_all_of_it_ends_with_it() -> None:
    play = Timed(MidiEffects(chord=(0, 4, 7), scale=True), Key(tonic=9, mode="minor"))
    assert begun(play, 0x90, 69, 100) == [69, 72, 76]
    play.sent.clear()
    play.send(0x80, 69, 0)
    assert [gate for _, _, gate in play.sent] == [0, 0, 0]
    assert begun(play, 0x90, 70, 100)[0] in (69, 71), "A sharp is not in the key"


def test_a_touch_and_one_velocity_for_all() -> None:
    played = []
    for effects in (MidiEffects(curve=-0.5), MidiEffects(), MidiEffects(curve=0.5), MidiEffects(velocity=100)):
        play = Timed(effects)
        play.send(0x90, 60, 40)
        played.append(play.velocity)
    assert played[0] > played[1] > played[2] and played[1] == pytest.approx(40 / 127)
    assert played[3] == pytest.approx(100 / 127)
    assert MidiEffects(curve=0.5).loud(127) == MidiEffects(curve=-0.5).loud(127) == 127


def test_an_arpeggio_goes_through_the_keys_on_its_grid_and_its_notes_end() -> None:
    play = Timed(MidiEffects(arp="up", octaves=2, gate=0.5))
    for key in (64, 60):
        play.send(0x90, key, 100)
    step_s = 60 / 120 / 4
    notes = play.until(51)
    assert [key for _, key in notes[:6]] == [60, 64, 72, 76, 60, 64]
    assert [at - notes[0][0] for at, _ in notes] == pytest.approx([step_s * place for place in range(len(notes))])
    ends = [at for at, address, gate in play.sent if address == "/n_set" and gate == 0]
    assert ends[0] - notes[0][0] == pytest.approx(step_s / 2)
    play.send(0x80, 64, 0)
    assert {key for _, key in play.until(51.5)} == {60, 72}
    play.send(0x80, 60, 0)
    assert play.until(52) == []


def test_note_repeat_strikes_what_is_down_in_step_with_the_music() -> None:
    play = Timed(MidiEffects(arp="repeat", rate_ticks=2 * SIXTEENTH))
    play.hands.ticker.heard(True, 100.0, 50.0, 1)
    play.send(0x90, 60, 100)
    play.send(0x90, 67, 100)
    notes = play.until(50.6)
    ticks = {round(100 + (at - 50) * 2 * PPQ) for at, _ in notes}
    assert ticks == {2 * SIXTEENTH, 4 * SIXTEENTH} and len(notes) == 4
    play.hands.ticker.heard(True, 5000.0, play.now_s, 2)
    moved: list[Any] = play.until(play.now_s + 0.3)
    assert all(round(5000 + (at - 50.6) * 2 * PPQ) % (2 * SIXTEENTH) < 60 for at, _ in moved) and moved


@pytest.mark.parametrize(
    ("arp", "keys"), [("down", [67, 64, 60]), ("updown", [60, 64, 67, 64]), ("order", [64, 60, 67])]
)
def test_the_ways_through_the_keys(arp: str, keys: list[int]) -> None:
    effects = MidiEffects(arp=arp)  # type: ignore[arg-type]
    assert [effects.step([64, 60, 67], number)[0] for number in range(len(keys))] == keys
    assert effects.step([], 0) == []


def test_a_random_arpeggio_plays_what_is_down_and_the_same_each_time() -> None:
    effects = MidiEffects(arp="random")
    row = [effects.step([60, 64, 67], number)[0] for number in range(64)]
    assert set(row) == {60, 64, 67} and row == [effects.step([60, 64, 67], number)[0] for number in range(64)]


def test_what_is_struck_by_name_ends_by_itself() -> None:
    play = Timed(MidiEffects())
    organ = play.hands._voices.project.find_track("organ").id
    play.hands.strike(organ, [60, 64], 90, 0.5)
    assert [pitch(freq) for _, address, freq in play.sent if address == "/s_new"] == [60, 64]
    play.until(51)
    assert [at for at, address, gate in play.sent if address == "/n_set" and gate == 0] == pytest.approx([50.5, 50.5])


def test_a_ticker_goes_on_where_the_tempo_changes() -> None:
    now = [10.0]
    ticker = Ticker(lambda: now[0])
    ticker.heard(True, 0.0, 10.0, 1)
    now[0] = 11.0
    assert ticker.tick_at(11.0) == pytest.approx(2 * PPQ)
    ticker.follow(TempoMap().with_bpm(60))
    assert ticker.tick_at(12.0) == pytest.approx(3 * PPQ)
    assert ticker.time_of(4 * PPQ) == pytest.approx(13.0)
