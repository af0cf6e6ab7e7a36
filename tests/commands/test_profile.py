"""A profile that learns: what a person does after the producer, seen, used, set and forgotten, and who has no part."""

import asyncio
import random
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from math import exp, log
from pathlib import Path
from typing import Any

import pytest

from hardcore.app import open_project
from hardcore.commands.composing.compose import Composed
from hardcore.commands.composing.profile import ProfileShown
from hardcore.commands.composing.profilelearner import EVERY, ProfileLearner
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.compose.mix.correction import HEARD_AS, corrections
from hardcore.compose.mix.judgement import Heard
from hardcore.compose.mix.target import Wanted
from hardcore.controller.studio import Studio
from hardcore.errors import Denied, UserError
from hardcore.paths import user_folder
from hardcore.project import devices
from hardcore.project.state import ProjectState
from hardcore.surfaces.gate import PROGRAM, OwnInput, Rights

YOU = Caller()
STYLES = ("techno", "house", "trance")
HELD_OUT = (
    "electro with hats and lead, 1 bar --seed 91",
    "rock with hats and lead, 1 bar --seed 92",
    "disco with hats and lead, 1 bar --seed 93",
)


@contextmanager
def studio_of(*, learns: bool = True) -> Iterator[Studio]:
    """Yield a studio as a person at the terminal has it, or, without learning, as a script has."""
    with open_project(None) as studio:
        if learns:
            ProfileLearner(studio)
        yield studio


def do(studio: Studio, line: str, caller: Caller = YOU) -> Any:
    return asyncio.run(run_line(studio, line, caller))


def composed(line: str, *, learns: bool = True) -> ProjectState:
    """Return what a prompt makes in a studio of its own, whose person leaves at once."""
    with studio_of(learns=learns) as studio:
        do(studio, line)
        return studio.controller.project


@cache
def neutral(line: str) -> ProjectState:
    """Return what a prompt makes for who has no profile."""
    return composed(line, learns=False)


def bytes_of(project: ProjectState) -> str:
    return project.model_dump_json()


def learn(studio: Studio, *edits: str, pieces: int = 3, caller: Caller = YOU) -> None:
    """Make pieces of several styles, do the same edits to each, and begin another."""
    for seed in range(pieces):
        do(studio, f"/compose --new {STYLES[seed % 3]}, 1 bar --seed {seed}")
        for edit in edits:
            do(studio, edit, caller)
    do(studio, "house, 1 bar --seed 77")


def known(studio: Studio, words: str = "") -> dict[tuple[str, str, str], float | str]:
    shown = do(studio, f"/profile show {words}".strip())
    assert isinstance(shown, ProfileShown)
    return {(row.style, row.part, row.what): row.value for row in shown.items}


# a taste, and how far a piece is from it


TASTE = {"hats": -3.0, "tempo": -7.0, "reverb": -4.0}


def lead_of(project: ProjectState) -> Any:
    return next((track for track in project.tracks if track.role == "lead"), None)


def figures(project: ProjectState) -> dict[str, float]:
    """Return what TASTE is about: the fader of the hats and the lead's reverb in dB, the tempo as 100 logarithms."""
    reverb = project.find_track("reverb").id
    sent = next(send.gain_db for send in lead_of(project).sends if send.target == reverb)
    hats = project.find_track("hats").mixer.gain_db
    return {"hats": hats, "tempo": 100 * log(project.tempo_map.bpm), "reverb": sent}


def distance(project: ProjectState, plain: ProjectState) -> float:
    """Return how far a piece is from the taste: 1 for each thing that is as the composer alone makes it, 0 when right.

    Hats 3 dB lower, 7 % slower, 4 dB less reverb on the lead, in minor, the lead by an electric piano.
    """
    now, before = figures(project), figures(plain)
    moved = sum(abs(now[name] - before[name] - offset) / abs(offset) for name, offset in TASTE.items())
    return moved + (not project.key.is_minor) + (lead_of(project).instrument.device != "epiano")


def satisfy(studio: Studio, plain: ProjectState, rng: random.Random) -> None:
    """Change the piece to the taste, as exactly as people are."""
    project, before = studio.controller.project, figures(plain)
    aim = {name: before[name] + offset * rng.uniform(0.85, 1.15) for name, offset in TASTE.items()}
    do(studio, f"/gain hats {aim['hats']:.2f}")
    do(studio, f"/tempo {exp(aim['tempo'] / 100):.2f}")
    do(studio, f"/send lead reverb {aim['reverb']:.2f}")
    if not project.key.is_minor:
        do(studio, f"/key {project.key.parallel().name}")
    if lead_of(project).instrument.device != "epiano":
        do(studio, "/track instrument lead epiano")


def far(lines: tuple[str, ...]) -> float:
    """Return how far pieces are from the taste as they are made now."""
    return sum(distance(composed(line), neutral(line)) for line in lines)


def test_ten_pieces_bring_it_near_to_a_taste_in_styles_and_seeds_that_it_has_not_seen() -> None:
    before, rng = far(HELD_OUT), random.Random(5)
    with studio_of() as studio:
        for seed in range(10):
            line = f"/compose --new {STYLES[seed % 3]} with hats and lead, 1 bar --seed {seed}"
            do(studio, line)
            satisfy(studio, neutral(line), rng)
    after = far(HELD_OUT)
    assert before > 3 * len(HELD_OUT)
    assert after < before / 4, (before, after)


def test_who_does_this_and_that_by_chance_changes_next_to_nothing() -> None:
    rng = random.Random(2)
    with studio_of() as studio:
        for seed in range(4):
            do(studio, f"/compose --new {STYLES[seed % 3]}, 1 bar --seed {seed}")
            for track in studio.controller.project.tracks[:8]:
                do(studio, f"/gain {track.id} --by {rng.choice((-1, 1)) * rng.uniform(0.5, 5):.1f}")
                do(studio, f"/pan {track.id} --by {rng.choice((-1, 1)) * rng.uniform(0.05, 0.4):.2f}")
            do(studio, f"/tempo --factor {rng.uniform(0.9, 1.1):.4f}")
    for line in HELD_OUT:
        with studio_of() as studio:
            done = do(studio, line)
            assert isinstance(done, Composed)
            assert len(done.liked) <= 1, done.liked


# what it says and does


def test_it_says_what_it_did_within_the_step_that_made_the_piece() -> None:
    with studio_of() as studio:
        learn(studio, "/gain hats --by -3")
        before = studio.controller.history.at
        done = do(studio, "techno, 1 bar --seed 5")
        assert done.liked == ("hats 2.5 dB lower",)
        assert "hats 2.5 dB lower, as you like it" in done.text()
        assert studio.controller.history.at == before + 1
        both = (studio.controller.project, neutral("techno, 1 bar --seed 5"))
        hats, plain = (one.find_track("hats").mixer.gain_db for one in both)
        assert hats == pytest.approx(plain - 2.5)
        shown = do(studio, "/history show").text()
        assert "profile: hats 2.5 dB lower (from " in shown


def test_what_the_prompt_says_wins() -> None:
    with studio_of() as studio:
        for line in (
            "/profile set piece tempo -8",
            "/profile set piece key F minor",
            "/profile set lead instrument epiano",
        ):
            do(studio, line)
        do(studio, "house 126 bpm in C major with saw lead, 1 bar --seed 3")
        project = studio.controller.project
        assert (project.tempo_map.bpm, project.key.name) == (126, "C major")
        assert lead_of(project).instrument.device == "supersaw"
        do(studio, "house with hats and lead, 1 bar --seed 3")
        project = studio.controller.project
        assert (project.tempo_map.bpm, project.key.name) == (114, "F minor")
        assert lead_of(project).instrument.device == "epiano"


def test_what_was_asked_for_is_no_taste() -> None:
    with studio_of() as studio:
        for seed in range(4):
            do(studio, f"/compose --new {STYLES[seed % 3]} 150 bpm in D minor, 1 bar --seed {seed}")
            do(studio, "/gain hats --by -3")
        do(studio, "house, 1 bar --seed 9")
        assert {what for _, part, what in known(studio) if part == "piece"} == set()


def test_one_key_takes_it_off_and_puts_it_on_again_and_later_edits_stay() -> None:
    with studio_of() as studio:
        do(studio, "/profile set hats gain -4")
        do(studio, "/profile set piece mode minor")
        do(studio, "trance in an open mood, 1 bar --seed 3")
        made = studio.controller.project
        do(studio, "/gain kick -7")
        liked = studio.controller.project
        off = do(studio, "/profile toggle")
        assert off.step is not None
        plain = studio.controller.project
        assert plain.find_track("hats").mixer.gain_db == pytest.approx(made.find_track("hats").mixer.gain_db + 4)
        assert plain.find_track("kick").mixer.gain_db == -7
        do(studio, "/profile toggle")
        assert bytes_of(studio.controller.project) == bytes_of(liked)
        do(studio, "/undo")
        assert studio.controller.project is plain


def test_off_is_as_if_there_were_no_profile_to_the_byte_and_learns_nothing() -> None:
    line = "techno, 1 bar --seed 5"
    plain = bytes_of(neutral(line))
    with studio_of() as studio:
        learn(studio, "/gain hats --by -3")
    assert bytes_of(composed(line)) != plain
    with studio_of() as studio:
        do(studio, "/profile off")
        learn(studio, "/gain kick --by -5")
    assert bytes_of(composed(line)) == plain
    with studio_of() as studio:
        assert not any(part == "kick" for _, part, _ in known(studio))
        do(studio, "/profile on")
    assert bytes_of(composed(line)) != plain


@pytest.mark.parametrize("words", ["all", "hats", "techno house trance"])
def test_what_is_forgotten_is_neutral_to_the_byte(words: str) -> None:
    line = "techno, 1 bar --seed 5"
    with studio_of() as studio:
        learn(studio, "/gain hats --by -3")
    plain = bytes_of(neutral(line))
    assert bytes_of(composed(line)) != plain
    with studio_of() as studio:
        for word in words.split() if words.startswith("techno") else [words]:
            do(studio, f"/profile forget {word}")
    assert bytes_of(composed(line)) == plain


# what counts, and who


def test_a_turn_of_a_knob_is_nothing_and_what_is_undone_neither() -> None:
    with studio_of() as studio:
        for seed in range(3):
            do(studio, f"/compose --new {STYLES[seed]}, 1 bar --seed {seed}")
            for by in (-3, -3, 2, 1):
                do(studio, f"/gain hats --by {by}")
            do(studio, "/gain kick --by -4")
            do(studio, "/undo")
        do(studio, "house, 1 bar --seed 9")
        assert {(part, what) for _, part, what in known(studio)} == {("hat_closed", "gain")}
        assert known(studio)["", "hat_closed", "gain"] == pytest.approx(-3 * 3 / 4, abs=0.1)


def test_a_piece_that_is_left_as_soon_as_it_is_made_says_nothing_and_one_that_is_saved_does(tmp_path: Path) -> None:
    with studio_of() as studio:
        do(studio, "house, 1 bar --seed 1")
        do(studio, "house, 1 bar --seed 2")
        assert do(studio, "/profile show").pieces == 0
        do(studio, f"/save {tmp_path / 'kept.hcs'}")
        assert do(studio, "/profile show").pieces == 1


def test_a_piece_counts_once_however_often_it_is_written_down(tmp_path: Path) -> None:
    with studio_of() as studio:
        do(studio, "house, 1 bar --seed 1")
        for number in range(2 * EVERY + 1):
            do(studio, f"/gain hats {-number / 10}")
            if number == EVERY:
                assert do(studio, "/profile show").pieces == 1
        do(studio, f"/save {tmp_path / 'kept.hcs'}")
        do(studio, "/new")
        assert do(studio, "/profile show").pieces == 1


def test_a_piece_that_was_undone_is_taken_back() -> None:
    with studio_of() as studio:
        do(studio, "house, 1 bar --seed 1")
        for number in range(EVERY):
            do(studio, f"/gain hats {-number / 10}")
        assert do(studio, "/profile show").pieces == 1
        do(studio, f"/undo {EVERY + 1}")
        do(studio, "techno, 1 bar --seed 1")
        assert do(studio, "/profile show").pieces == 0


@pytest.mark.parametrize(
    "caller",
    [
        Caller("agent"),
        Caller("producer", cause=("house",)),
        Caller("rule drop", cause=("rule drop",)),
        OwnInput().caller(Rights(roots=(Path(),), permissions=PROGRAM), "you"),
    ],
    ids=lambda caller: caller.author,
)
def test_nothing_is_learned_from_others_whatever_they_sign(caller: Caller) -> None:
    with studio_of() as studio:
        learn(studio, "/gain hats --by -3", caller=caller)
        assert do(studio, "/profile show").pieces == 0
        for seed in range(2):
            do(studio, f"/compose --new {STYLES[seed]}, 1 bar --seed {seed}", caller)
            do(studio, "/gain hats --by -3", caller)
        assert do(studio, "/profile show").pieces == 0


def test_a_script_neither_uses_it_nor_teaches_it_unless_it_asks() -> None:
    line = "techno, 1 bar --seed 5"
    with studio_of(learns=False) as studio:
        learn(studio, "/gain hats --by -3")
        assert do(studio, "/profile show").pieces == 0
        do(studio, "/profile set hats gain -4")
        assert do(studio, line).liked == ()
        assert do(studio, f"{line} --profile").liked == ("hats 4 dB lower",)
        assert do(studio, line, Caller(profile=True)).liked == ("hats 4 dB lower",)


def test_others_neither_see_it_nor_are_made_pieces_by_it() -> None:
    program = OwnInput().caller(Rights(roots=(Path(),), permissions=PROGRAM), "you")
    with studio_of() as studio:
        do(studio, "/profile set hats gain -4")
        assert do(studio, "techno, 1 bar --seed 5", program).liked == ()
        assert do(studio, "techno, 1 bar --seed 5").liked == ("hats 4 dB lower",)
        for line in ("show", "set hats gain 3", "forget all", "off", "export a.json", "import a.json"):
            with pytest.raises(Denied):
                do(studio, f"/profile {line}", program)


def test_another_style_for_a_piece_is_another_piece() -> None:
    with studio_of() as studio:
        do(studio, "house, 1 bar --seed 1")
        do(studio, "/gain hats --by -3")
        do(studio, "/restyle techno --seed 1")
        assert do(studio, "/profile show").pieces == 1
        (piece,) = studio.profile.read().pieces if studio.profile else ()
        assert piece.style == "house"
        assert piece.offsets["bass"]["instrument"].startswith("=")  # type: ignore[union-attr]


@pytest.mark.parametrize("line", ["/session start house, 1 bar --seed 3", "/plan render"])
def test_every_way_to_a_piece_uses_it_and_a_plan_keeps_its_own_tempo(line: str) -> None:
    with studio_of() as studio:
        do(studio, "/profile set hats gain -4")
        if "plan" in line:
            do(studio, "/profile set piece tempo -8")
            do(studio, "/plan make house, 20 s, 124 bpm --seed 3")
        made = do(studio, line)
        assert "hats 4 dB lower, as you like it" in made.text()
        assert studio.controller.project.tempo_map.bpm == 124


def test_the_producers_listening_leaves_a_level_as_the_person_likes_it() -> None:
    with studio_of() as studio:
        do(studio, "/profile set hats gain -6")
        do(studio, "house with hats, 1 bar --seed 3")
        project = studio.controller.project
        hats = project.find_track("hats").id
        wanted = Wanted("house", lufs=-9.0, bands={}, places={track.id: -20.0 for track in project.tracks})
        parts = {track.id: (-30.0, dict.fromkeys(HEARD_AS, -20.0)) for track in project.tracks[:5]}
        heard = Heard(-9.0, dict.fromkeys(HEARD_AS, -10.0), -30.0, parts)
        moved = {change.track_id for change in corrections(heard, wanted, project) if change.effect_id is None}
        plain = {change.track_id for change in corrections(heard, wanted, neutral("house with hats, 1 bar --seed 3"))}
        assert hats in plain
        assert moved
        assert hats not in moved


# as a file


def test_it_is_private_and_holds_neither_prompt_nor_notes() -> None:
    with studio_of() as studio:
        do(studio, "secret warehouse techno, 1 bar --seed 1")
        do(studio, "/gain hats --by -3")
    file = user_folder() / "profile.db"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert b"secret" not in file.read_bytes()


def test_it_goes_to_a_file_and_back_and_twice_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "taste.json"
    with studio_of() as studio:
        learn(studio, "/gain hats --by -3")
        do(studio, "/profile set lead instrument epiano")
        before = known(studio)
        do(studio, f"/profile export {file}")
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        do(studio, "/profile forget all")
        assert known(studio) == {}
        for _ in range(2):
            do(studio, f"/profile import {file}")
            assert known(studio) == before


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"pieces": 3}', '{"chosen": [{"part": "kick", "what": "gain", "value": 99}]}',
     '{"chosen": [{"part": "kick", "what": "gain", "value": "loud"}]}', '{"pieces": [{"piece": "../x"}]}'],
)  # fmt: skip
def test_a_file_that_is_no_profile_is_refused_in_a_line(text: str, tmp_path: Path) -> None:
    file = tmp_path / "taste.json"
    file.write_text(text)
    with studio_of() as studio, pytest.raises(UserError, match="is no profile"):
        do(studio, f"/profile import {file}")


def test_what_is_damaged_is_said_and_music_is_made_all_the_same() -> None:
    (user_folder() / "profile.db").write_bytes(b"nonsense" * 999)
    with studio_of() as studio:
        assert do(studio, "house, 1 bar --seed 1").liked == ()
        with pytest.raises(UserError, match="profile cannot be used"):
            do(studio, "/profile show")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("set hats gain -9", "at most 6 dB"), ("set hats tempo -3", "not of hats"),
        ("set hats gian -3", "did you mean"),
        ("set lead instrument nothing", "no instrument"), ("set lead effect:chorus maybe", "on or off"),
        ("forget bagpipes", "no style, part or thing"), ("forget kick", "nothing is known of kick"),
        ("toggle", "did nothing to this piece"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_in_a_line(line: str, why: str) -> None:
    with studio_of() as studio, pytest.raises(UserError) as raised:
        do(studio, f"/profile {line}")
    assert why in raised.value.line()


def test_every_kind_of_thing_is_learned_and_done() -> None:
    def pieces(studio: Studio, edit: Callable[[Studio], None]) -> None:
        for seed in range(4):
            do(studio, f"/compose --new {STYLES[seed % 3]} with pad and lead, 1 bar --seed {seed}")
            edit(studio)

    def change(studio: Studio) -> None:
        for line in ("/pan lead --by 0.3", "/mute clap on", "/effect add pad chorus", "/gain reverb --by -4",
                     "/regenerate pad:A --seed 4", "/key D minor"):  # fmt: skip
            with suppress(UserError):  # it is so already
                do(studio, line)

    with studio_of() as studio:
        pieces(studio, change)
        done = do(studio, "techno with pad and lead, 1 bar --seed 9")
        assert set(done.liked) >= {"in D minor", "clap muted", "pad with chorus", "lead further right"}
        assert any(words.startswith("reverb ") and words.endswith("dB lower") for words in done.liked)
        assert known(studio)["", "pad", "take"] == pytest.approx(0.78, abs=0.1)
        assert devices.effect("chorus").id in [
            effect.device for effect in studio.controller.project.find_track("pad").effects
        ]
