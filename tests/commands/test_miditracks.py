"""Commands about MIDI that take a list of tracks."""

import pytest

from tests.commands.asked import refused


@pytest.mark.parametrize("line", ["/track midi-out , nano", "/midi input ,", "/midi effect ,"])
def test_a_list_that_names_no_track_is_refused_in_words(line: str) -> None:
    assert refused(line).startswith("that names no track")
