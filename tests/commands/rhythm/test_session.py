"""A drum session heard for hundreds of bars: in its bands, as the engine made it, one step, through undo and stops."""

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean

import pytest

from hardcore.commands.rhythm.live import RhythmSession
from hardcore.errors import UserError
from hardcore.knowledge.rhythms import rhythm
from hardcore.project.integrity import check
from hardcore.rhythm.log import figures
from hardcore.rhythm.metrics import entropy
from hardcore.rhythm.session import perform
from tests.commands.listener import Heard
from tests.song import song

BAR = 7680
Sounding = list[tuple[int, int, int]]


@pytest.fixture
def heard() -> Iterator[Heard]:
    heard = Heard(song())
    yield heard
    heard.close()


def layers(heard: Heard) -> dict[str, Sounding]:
    """Return what was heard of each layer: tick, pitch, velocity."""
    session = heard.studio.recall(RhythmSession)
    assert session is not None
    names = {track: layer for layer, (track, _) in session.kit.parts.items()}
    found: dict[str, Sounding] = {layer: [] for layer in session.kit.parts}
    for note in heard.player.notes:
        if note.track_id in names:
            found[names[note.track_id]].append((note.tick, note.pitch, note.velocity))
    return found


def written(name: str, bars: int, **options: int) -> dict[str, Sounding]:
    """Return what the engine makes of a rhythm at once."""
    play = perform(rhythm(name), bars=bars + 4, bpm=138, **options)
    return {
        layer: sorted(
            (note.start_ticks, note.pitch, note.velocity)
            for note in play.notes.of_layer(number)
            if note.grid_ticks < bars * BAR
        )
        for number, layer in enumerate(play.rhythm.layers)
    }


@pytest.mark.parametrize(
    "name",
    ["showcase", *(pytest.param(name, marks=pytest.mark.soak) for name in ("warehouse", "default"))],
)
def test_512_bars_are_heard_as_they_were_made_and_stay_in_their_bands(name: str, heard: Heard) -> None:
    heard.do(f"/rhythm session {name} --seed 11")
    steps = heard.steps
    heard.pass_bars(512.5)
    sound = {layer: [note for note in notes if note[0] < 512 * BAR - 400] for layer, notes in layers(heard).items()}
    wanted = written(name, 512, seed=11)
    assert {layer: sorted(notes) for layer, notes in sound.items()} == {
        layer: [note for note in notes if note[0] < 512 * BAR - 400] for layer, notes in wanted.items()
    }
    assert heard.steps == steps, "nothing floods the history"
    targets = rhythm(name).targets
    hats = [0] * 512
    for step in {(tick + 239) // 480 for tick, _, _ in sound["hat_c"]}:
        hats[min(511, step // 16)] += 1
    union = sorted({tick for notes in sound.values() for tick, _, _ in notes})
    e = []
    for begin in range(0, 512, 64):
        inside = [tick - begin * BAR for tick in union if begin * BAR <= tick + 239 < (begin + 64) * BAR]
        found = figures(inside, inside, BAR, 138)
        e.append(found["E"])
        assert targets.S_low is not None and targets.S_high is not None
        assert targets.S_low - 0.03 <= found["S"] <= targets.S_high + 0.03
    assert fmean(e) == pytest.approx(targets.E_target, abs=0.05)
    low, high = (targets.hat_density_target or 0) - 0.05, (targets.hat_density_target or 0) + 0.05
    mean = fmean(hats) / 16
    assert low - (targets.hat_density_tol or 0) <= mean <= high + (targets.hat_density_tol or 0)
    if targets.H_low is not None and targets.H_high is not None:
        silent = sum(count == 0 for count in hats)
        mean = fmean(entropy(count / 16) for count in hats if count)
        assert targets.H_low - 0.03 <= mean <= targets.H_high + 0.03 and silent < 0.2 * 512


def test_a_session_says_its_bar_and_how_its_figures_lie_in_their_bands(heard: Heard) -> None:
    with pytest.raises(UserError, match="no session"):
        heard.do("/rhythm session")
    assert heard.do("/rhythm session showcase --seed 3").state == "waiting to be heard"
    heard.pass_bars(40)
    view = heard.do("/rhythm session")
    assert (view.bar, view.state, view.scene) == (41, "playing", "showcase")
    assert [figure.name for figure in view.figures] == ["E", "S", "H", "hat_c density"]
    assert "41" in view.text() and "0.3–0.44" in view.text() and "in its band" in view.text()
    with pytest.raises(UserError, match="is going on"):
        heard.do("/rhythm session default")


def test_one_undo_takes_a_session_back_and_ends_it(heard: Heard) -> None:
    before = heard.project
    heard.do("/rhythm session warehouse")
    heard.pass_bars(10)
    assert heard.steps == 3
    heard.do("/undo")
    assert heard.project == before
    heard.pass_bars(1)
    session = heard.studio.recall(RhythmSession)
    assert session is not None and not session.running and session.over == "its clips are gone"
    assert heard.studio.controller.hearing.heard == before
    assert heard.do("/rhythm session").state == "its clips are gone"
    heard.do("/rhythm session default")


def test_a_session_is_told_while_it_plays_and_goes_on(heard: Heard) -> None:
    heard.do("/rhythm session warehouse --seed 2")
    heard.pass_bars(32.5)
    steps = heard.steps
    answer = heard.do('/rhythm session tell "much sparser, much sparser"')
    assert answer.message.startswith("from bar 37")
    heard.pass_bars(35)
    counts = [0] * 68
    for tick, _, _ in layers(heard)["hat_c"]:
        counts[(tick + 239) // BAR] += 1
    assert fmean(counts[36:67]) < 0.8 * fmean(counts[:36])
    assert {layer: s[:40] for layer, s in layers(heard).items()} == {
        layer: s[:40] for layer, s in written("warehouse", 36, seed=2).items()
    }
    assert heard.steps == steps


def test_a_layer_that_is_new_joins_in_its_place_and_faster_moves_the_tempo(heard: Heard) -> None:
    heard.do("/rhythm session warehouse --seed 2")
    heard.pass_bars(5.4)
    steps = heard.steps
    heard.do('/rhythm session tell "polymetric, polymetric, faster"')
    assert heard.steps == steps + 1 and heard.project.tempo_map.bpm == 143
    heard.pass_bars(16)
    session = heard.studio.recall(RhythmSession)
    assert session is not None
    sound = layers(heard)
    made = {bar.number: bar for bar in session.heard(64)}
    for layer in ("perc", "kick"):
        ticks = {tick for tick, _, _ in sound[layer] if 10 * BAR <= tick < 19 * BAR}
        wanted = {n.start_ticks + bar * BAR for bar in range(9, 20) if bar in made for n in made[bar].parts[layer]}
        assert ticks == {tick for tick in wanted if 10 * BAR <= tick < 19 * BAR} != set()
    check(heard.project)


def test_what_was_heard_is_kept_as_one_step(heard: Heard) -> None:
    heard.do("/rhythm session warehouse --seed 4")
    assert "bars 1 to 4" in heard.do("/rhythm session keep").message
    heard.pass_bars(20.5)
    steps = heard.steps
    assert "bars 13 to 20" in heard.do("/rhythm session keep drop --bars 8").message
    assert heard.steps == steps + 1
    with pytest.raises(UserError, match="already"):
        heard.do("/rhythm session keep drop")
    scene = heard.project.find_scene("drop")
    track, clip = heard.project.find_clip("kick:drop")
    assert clip.length_ticks == 8 * BAR and scene.slots[track.id] == clip.id
    kicks = [(n.start_ticks + n.offset_ticks + 12 * BAR, n.pitch, n.velocity) for n in clip.notes]
    assert kicks == [note for note in written("warehouse", 20, seed=4)["kick"] if note[0] >= 12 * BAR]
    assert clip.provenance is not None and clip.provenance.intent["from bar"] == "13"
    check(heard.project)


def test_stop_keeps_the_bars_that_go_round(heard: Heard) -> None:
    heard.do("/rhythm session warehouse --seed 4")
    heard.pass_bars(9.5)
    playing = heard.studio.controller.hearing.heard
    assert "is over" in heard.do("/rhythm session stop").message
    assert heard.studio.controller.hearing.heard == heard.project
    assert [t.clips for t in heard.project.tracks] == [t.clips for t in playing.tracks]
    before = len(heard.player.notes)
    heard.pass_bars(8)
    counts = [0] * 10
    for note in heard.player.notes[before:]:
        counts[min(9, (note.tick + 400) // BAR - 9)] += 1
    assert counts[1:4] == counts[5:8] and min(counts[1:8]) > 10
    with pytest.raises(UserError, match="no session"):
        heard.do("/rhythm session stop")


def test_a_session_of_so_many_bars_ends_with_the_last_ones_going_round(heard: Heard) -> None:
    heard.do("/rhythm session warehouse --bars 6 --seed 4")
    heard.pass_bars(12.5)
    view = heard.do("/rhythm session")
    assert (view.bar, view.bars) == (6, 6)
    kicks = layers(heard)["kick"]
    first = [note for note in kicks if note[0] < 6 * BAR - 200]
    assert first == [note for note in written("warehouse", 6, seed=4)["kick"] if note[0] < 6 * BAR - 200]
    # bars 3 to 6 lie in the ring by their numbers, so bar 7 is bar 3 again
    again = [(tick - 4 * BAR, *rest) for tick, *rest in kicks if 6 * BAR <= tick + 200 < 10 * BAR]
    assert again == [note for note in kicks if 2 * BAR <= note[0] + 200 < 6 * BAR]


def test_a_session_follows_stops_seeks_and_a_pause_of_its_own_thread(heard: Heard) -> None:
    heard.do("/rhythm session warehouse --seed 4")
    heard.pass_bars(6.5)
    heard.player.stop()
    heard.look()
    assert heard.do("/rhythm session").state == "waiting to be heard"
    heard.player.play()
    heard.pass_bars(3)
    heard.player.seek(40 * BAR + 960)
    heard.pass_bars(6)
    notes, session = len(heard.player.notes), heard.studio.recall(RhythmSession)
    assert session is not None and session.running
    assert heard.do("/rhythm session").state == "playing"
    # Nobody looks for ten bars: the ring goes round.
    heard.player.go_on(10 * 240 / 138)
    assert len(heard.player.notes) - notes > 100
    bar = session.bar
    heard.pass_bars(3)
    assert session.bar > bar


def test_a_word_of_the_player_that_is_a_moment_old_skips_no_bar(heard: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    heard.do("/rhythm session warehouse --seed 4")
    heard.pass_bars(5.5)
    session, state = heard.studio.recall(RhythmSession), heard.player.latest()
    assert session is not None
    for bars, bar in ((5.999, 5), (6.001, 6), (5.9995, 6), (6.2, 6), (7.1, 7)):
        monkeypatch.setattr(heard.player, "latest", lambda bars=bars: state.evolve(tick=bars * BAR))
        heard.look()
        assert session.bar == bar


def test_a_bug_ends_a_session_and_is_told_while_the_music_goes_on(
    heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard.do("/rhythm session warehouse --seed 4")
    session = heard.studio.recall(RhythmSession)
    assert session is not None

    def broken() -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(session.stream, "next", broken)
    heard.player.go_on(2.5 * 240 / 138)
    deadline = time.monotonic() + 5
    while session.running and time.monotonic() < deadline:
        time.sleep(0.02)
    with pytest.raises(ZeroDivisionError):
        heard.do("/rhythm session")
    assert heard.do("/rhythm session").state == "it broke off"
    before = len(heard.player.notes)
    heard.player.go_on(5)
    assert len(heard.player.notes) > before
    heard.do("/rhythm session stop")
    heard.do("/rhythm session warehouse --seed 4")


def test_edits_beside_a_session_are_heard_and_its_clips_stay(heard: Heard) -> None:
    heard.do("/rhythm session warehouse --seed 4")
    heard.pass_bars(8.5)
    heard.do("/gain kick -9")
    heard.pass_bars(1)
    hearing = heard.studio.controller.hearing
    kick = hearing.heard.find_track("kick")
    assert kick.mixer.gain_db == -9
    assert any(a.clips != b.clips for a, b in zip(hearing.heard.tracks, heard.project.tracks, strict=True))
    heard.do("/new")
    heard.look()
    session = heard.studio.recall(RhythmSession)
    assert session is not None and not session.running
    assert hearing.heard == heard.project


def test_a_rhythm_of_another_meter_is_refused_and_a_metronome_is_played(heard: Heard, tmp_path: Path) -> None:
    heard.do("/new")
    heard.do("/meter 3/4")
    with pytest.raises(UserError, match="is in 4/4"):
        heard.do("/rhythm session warehouse")
    heard.do("/new")
    (tmp_path / "click.json").write_text('{"mode": "m0", "bpm": 120}', encoding="utf-8")
    heard.do(f"/rhythm session {tmp_path / 'click.json'}")
    heard.pass_bars(3)
    assert len(layers(heard)["beat"]) >= 6
