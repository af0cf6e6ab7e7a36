"""Files written beside each other: really at once, told as one, and an error of one is that of all."""

import os
import threading
from functools import partial

import pytest

from hardcore.errors import UserError
from hardcore.jobs.request import Progress
from hardcore.jobs.writing import writing

several = pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one core writes one file at a time")


@several
def test_two_files_are_written_at_once_and_told_as_one_piece_of_work() -> None:
    both = threading.Barrier(2, timeout=60)
    told: list[float] = []

    def work(name: str, progress: Progress) -> str:
        both.wait()
        progress(0.5, name)
        both.wait()
        progress(1.0, name)
        return name

    with writing(2, lambda share, words: told.append(share), 0.2, 0.6) as files:
        begun = [files.begin(partial(work, name)) for name in ("one", "two")]
        assert [one.result() for one in begun] == ["one", "two"]
    assert told == pytest.approx([0.3, 0.4, 0.5, 0.6])


def test_an_error_of_one_is_raised_and_what_has_not_begun_is_left() -> None:
    def fails(progress: Progress) -> None:
        raise UserError("the disk is full")

    with pytest.raises(UserError, match="disk is full"), writing(1, lambda share, words: None, 0.0, 1.0) as files:
        files.begin(fails).result()
