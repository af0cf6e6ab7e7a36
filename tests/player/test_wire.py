"""What travels: a project arrives as it was sent, and only what changed travels."""

import io
import random

from hypothesis import given
from hypothesis import strategies as st

from hardcore.player.wire import Receiver, Sender, frame, frames
from tests.project.edits import random_edit
from tests.song import song


@given(st.integers(0, 2**32))
def test_a_project_arrives_as_it_was_sent_through_any_edits(seed: int) -> None:
    rng, project = random.Random(seed), song()
    sender, receiver = Sender(), Receiver()
    for _ in range(12):
        (words,) = frames(io.BytesIO(frame(sender.delta(project))))
        assert receiver.project(words) == project
        project = random_edit(project, rng)[1]


def test_what_did_not_change_stays_the_same_object_over_there() -> None:
    project = song()
    sender, receiver = Sender(), Receiver()
    first = receiver.project(sender.delta(project))
    quieter = project.with_mixer(project.find_track("kick").id, gain_db=-3)
    words = sender.delta(quieter)
    assert len(frame(words)) < 1500
    second = receiver.project(words)
    assert second == quieter
    assert second.find_track("bass") is first.find_track("bass")
    assert second.find_track("kick").clips[0] is first.find_track("kick").clips[0]


def test_half_a_frame_is_dropped() -> None:
    whole = frame({"do": "stop"})
    assert list(frames(io.BytesIO(whole + whole[:-1]))) == [{"do": "stop"}]
    assert list(frames(io.BytesIO(whole[:2]))) == []
