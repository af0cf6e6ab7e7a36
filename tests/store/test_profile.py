"""The profile's file: a kill loses at most one observation, studios write side by side, what is forgotten is gone."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hardcore.errors import UserError
from hardcore.profile.model import Choice, Profile
from hardcore.store.profile import UserProfile
from tests.store.child import learn, observation
from tests.store.processes import heard, running


@pytest.mark.parametrize("after", [1, 4, 9])
def test_a_kill_loses_at_most_the_last_observation(after: int, tmp_path: Path) -> None:
    file = tmp_path / "profile.db"
    with running(learn, str(file)) as (process, wire):
        acknowledged = 0
        while acknowledged < after:
            acknowledged = heard(wire)
        process.kill()
        process.join()
        while wire.poll():
            try:
                acknowledged = wire.recv()
            except EOFError:
                break
    known = UserProfile(lambda: file)
    count = len(known.read().pieces)
    assert acknowledged <= count <= acknowledged + 1
    assert known.change(lambda profile: profile.with_piece(observation(10**6))).pieces[0] == observation(10**6)


def test_studios_learn_side_by_side(tmp_path: Path) -> None:
    file = tmp_path / "profile.db"

    def studio(number: int) -> None:
        known = UserProfile(lambda: file)
        for at in range(10):
            known.change(lambda profile: profile.with_piece(observation(100 * number + at)))  # noqa: B023 it is called at once

    with ThreadPoolExecutor() as threads:
        list(threads.map(studio, range(3)))
    assert len(UserProfile(lambda: file).read().pieces) == 30


def test_what_is_read_is_what_was_written_and_the_oldest_pieces_go(tmp_path: Path) -> None:
    known = UserProfile(lambda: tmp_path / "profile.db")
    assert known.read() == Profile()
    assert not (tmp_path / "profile.db").exists()
    made = Profile(
        pieces=tuple(observation(at) for at in range(199, -1, -1)),
        chosen=(Choice(part="kick", what="gain", value=1.0),),
    )
    known.change(lambda profile: made)
    assert known.read() == made
    after = known.change(lambda profile: profile.with_piece(observation(500)))
    assert (len(after.pieces), after.pieces[0].at, after.pieces[-1].at) == (200, 500, 1)
    assert known.read() == after


def test_what_is_forgotten_is_not_in_the_file(tmp_path: Path) -> None:
    known = UserProfile(lambda: tmp_path / "profile.db")
    known.change(lambda profile: profile.with_choice(Choice(part="theremin", what="gain", value=1.0)))
    assert b"theremin" in (tmp_path / "profile.db").read_bytes()
    known.change(lambda profile: Profile())
    assert b"theremin" not in (tmp_path / "profile.db").read_bytes()


def test_a_change_that_fails_changes_nothing(tmp_path: Path) -> None:
    known = UserProfile(lambda: tmp_path / "profile.db")
    known.change(lambda profile: profile.with_piece(observation(1)))

    def fails(profile: Profile) -> Profile:
        raise UserError("no")

    with pytest.raises(UserError):
        known.change(fails)
    assert len(known.read().pieces) == 1
