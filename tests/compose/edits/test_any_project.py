"""Whatever a project has become, an edit makes a sound one of it or says why not; and it draws the same again."""

import random
from collections.abc import Callable

import pytest

from hardcore.compose.edits import (
    articulation,
    beats,
    chords,
    cropping,
    density,
    doubling,
    fill,
    ghosts,
    key,
    length,
    meter,
    microtiming,
    movement,
    noteprocessing,
    regenerate,
    replacement,
    restyling,
    swing,
    tempo,
    transposition,
    velocity,
)
from hardcore.compose.edits.addition import add
from hardcore.compose.edits.amount import Amount
from hardcore.compose.edits.naming import named
from hardcore.compose.edits.outcome import Outcome
from hardcore.errors import UserError
from hardcore.music.scale import Key
from hardcore.project.integrity import check
from hardcore.project.selection import Selected, select
from hardcore.project.state import ProjectState
from tests.compose.edits.pieces import techno
from tests.project.edits import random_edit
from tests.song import song

Some = tuple[Selected, ...]
Edit = Callable[[ProjectState, Some, random.Random], Outcome]

PATTERNS = ("1/8", "5/16", "x..x", "beats 1", "offbeats", "1/16t")
WAYS = ("up", "down", "up-down")
PARTS, SOUNDS = ("pad", "shaker", "rhodes", "hats", "drums"), ("reese", "808", "flute")
EDITS: dict[str, Edit] = {
    "tempo": lambda p, s, r: tempo.set_tempo(p, r.uniform(10, 500)),
    "tempo from": lambda p, s, r: tempo.set_tempo_from(p, r.randrange(1, 9), r.uniform(60, 200)),
    "tempo remove": lambda p, s, r: tempo.remove_tempo(p, r.randrange(1, 5)),
    "key": lambda p, s, r: key.set_key(p, Key(tonic=r.randrange(12), mode=r.choice(["major", "blues", "dorian"]))),
    "meter": lambda p, s, r: meter.set_meter(p, r.randrange(1, 13), r.choice([4, 8, 16])),
    "meter from": lambda p, s, r: meter.set_meter_from(p, r.randrange(1, 6), r.randrange(1, 13), r.choice([4, 8])),
    "meter remove": lambda p, s, r: meter.remove_meter(p, r.randrange(1, 6)),
    "swing": lambda p, s, r: swing.set_swing(p, Amount(by=r.uniform(-30, 30))),
    "swing of": lambda p, s, r: swing.set_swing_of(p, [one.track for one in s], Amount(to=r.uniform(40, 80))),
    "length": lambda p, s, r: length.set_length(p, Amount(factor=r.choice([0.5, 2, 3])), 1),
    "crop": lambda p, s, r: cropping.crop(p, r.randrange(1, 3), r.randrange(1, 3)),
    "transpose": lambda p, s, r: transposition.transpose(p, s, r.randrange(-30, 30)),
    "degrees": lambda p, s, r: transposition.transpose_degrees(p, s, r.randrange(-9, 9)),
    "whole": lambda p, s, r: transposition.transpose_all(p, r.randrange(-14, 14)),
    "shift": lambda p, s, r: microtiming.shift(p, s, r.uniform(-2000, 2000)),
    "humanize": lambda p, s, r: microtiming.humanize(p, s, r.uniform(0, 100), 3),
    "tighten": lambda p, s, r: microtiming.tighten(p, s, r.uniform(0, 100)),
    "density": lambda p, s, r: density.set_density(p, s, r.uniform(0.05, 5), 3),
    "pattern": lambda p, s, r: beats.set_pattern(p, s, r.choice(PATTERNS)),
    "double": lambda p, s, r: beats.double_time(p, s),
    "half": lambda p, s, r: beats.half_time(p, s),
    "ghosts": lambda p, s, r: ghosts.add_ghosts(p, s, r.uniform(0.1, 4), 3),
    "no ghosts": lambda p, s, r: ghosts.remove_ghosts(p, s, r.uniform(0.1, 4)),
    "fill": lambda p, s, r: fill.add_fills(p, s, r.choice([None, 1, 2, 5]), None, r.choice(["style", "snare-roll"]), 3),
    "fill at": lambda p, s, r: fill.add_fills(p, s, None, r.randrange(1, 9), "style", 3),
    "velocity": lambda p, s, r: velocity.set_velocity(p, s, Amount(by=r.randrange(-150, 150))),
    "spread": lambda p, s, r: velocity.spread_velocity(p, s, r.uniform(0, 100), 3),
    "force": lambda p, s, r: velocity.humanize_velocity(p, s, r.uniform(0, 50), 3),
    "chance": lambda p, s, r: velocity.set_probability(p, s, r.randrange(101)),
    "hold": lambda p, s, r: articulation.hold(p, s, r.uniform(0.05, 9)),
    "legato": lambda p, s, r: articulation.legato(p, s),
    "reverse": lambda p, s, r: noteprocessing.reverse(p, s),
    "ratchet": lambda p, s, r: noteprocessing.ratchet(p, s, r.randrange(1, 17), r.randrange(1, 5)),
    "arpeggio": lambda p, s, r: noteprocessing.arpeggiate(p, s, r.choice([120, 480, 1920]), r.choice(WAYS)),
    "movement": lambda p, s, r: movement.move(p, s, r.uniform(-3, 3), 3),
    "add": lambda p, s, r: add(p, named(r.choice(PARTS)), 3, another=r.random() < 0.5)[0],
    "part double": lambda p, s, r: doubling.double(p, [one.track for one in s], r.randrange(-1, 2)),
    "replace": lambda p, s, r: replacement.replace(p, [one.track for one in s], named(r.choice(SOUNDS))),
    "renew": lambda p, s, r: regenerate.renew(p, [one.track for one in s], 3, r.choice([(), ("offbeat",)])),
    "chords": lambda p, s, r: chords.set_chords(p, r.choice([("Am", "F"), ("i", "VI", "III"), ("Dbmaj7",)])),
    "fit": lambda p, s, r: chords.fit_chords(p, ("C", "G7")),
    "colour": lambda p, s, r: chords.colour_chords(p, r.choice(["jazzy", "richer", "plainer", "suspended"])),
    "restyle": lambda p, s, r: restyling.restyle(p, r.choice(["house", "waltz", "ambient"]), 3),
}  # fmt: skip


def sound(new: ProjectState, old: ProjectState) -> ProjectState:
    """Return the new project where it is a sound one: not every edit of the tests makes one."""
    try:
        check(new)
    except ValueError:
        return old
    return new


@pytest.mark.parametrize("seed", range(8))
def test_a_row_of_random_edits_leaves_a_sound_project_every_time(seed: int) -> None:
    rng = random.Random(seed)
    project, done = (song() if seed % 2 else techno()), 0
    for _ in range(40):
        if rng.random() < 0.4:
            project = sound(random_edit(project, rng)[1], project)
            continue
        name = rng.choice(list(EDITS))
        state = rng.getstate()
        try:
            outcome = EDITS[name](project, select(project, "all"), rng)
        except UserError as error:
            assert "\n" not in error.line()
            continue
        rng.setstate(state)
        assert EDITS[name](project, select(project, "all"), rng) == outcome, name
        check(outcome.project)
        assert bool(outcome.said) or outcome.project == project, name
        ProjectState.model_validate_json(outcome.project.model_dump_json())
        done += 1
        if len(outcome.project.tracks) < 30 and sum(len(clip.notes) for _, clip in outcome.project.clips()) < 8_000:
            project = outcome.project
    assert done > 5


@pytest.mark.parametrize("name", EDITS)
def test_every_edit_does_something_to_some_piece(name: str) -> None:
    rng = random.Random(1)
    for _ in range(12):
        project = techno() if rng.random() < 0.7 else song()
        try:
            outcome = EDITS[name](project, select(project, "all"), rng)
        except UserError:
            continue
        if outcome.said:
            return
    assert name in ("tempo remove", "meter remove", "tighten", "no ghosts"), name
