"""OSC packets are what the standard and scsynth's score file say."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_bundle import OscBundle
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import build_msg

from hardcore.engine.osc import bundle, decode, message, score_bytes, score_packets

arguments = st.lists(
    st.one_of(
        st.integers(-(2**31), 2**31 - 1),
        st.floats(width=32, allow_nan=False),
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20),
        st.binary(max_size=40),
    ),
    max_size=8,
)


@given(arguments)
def test_a_message_reads_back_through_another_parser_and_our_own(args: list[int | float | str | bytes]) -> None:
    packet = message("/s_new", *args)
    assert len(packet) % 4 == 0
    theirs = OscMessage(packet)
    assert (theirs.address, theirs.params) == ("/s_new", args)
    assert decode(packet) == (0.0, [("/s_new", args)])


def test_a_message_has_the_bytes_another_writer_makes() -> None:
    assert message("/n_set", 1001, "gate", 0.0) == build_msg("/n_set", [1001, "gate", 0.0]).dgram


def test_an_unknown_argument_type_is_refused() -> None:
    with pytest.raises(KeyError):
        message("/x", None)  # type: ignore[arg-type]


def test_a_bundle_keeps_time_as_fixed_point_seconds() -> None:
    packet = bundle(1.5, [message("/a", 1), message("/b", "two")])
    assert packet[8:16] == struct.pack(">II", 1, 2**31)
    assert decode(packet) == (1.5, [("/a", [1]), ("/b", ["two"])])
    theirs = OscBundle(packet)
    assert [item.address for item in theirs] == ["/a", "/b"]


def test_bundle_time_is_finer_than_a_sample() -> None:
    for frame in (1, 47_999, 9_999_999, 172_800_001):
        time_s, _ = decode(bundle(frame / 48_000, []))
        assert round(time_s * 48_000) == frame
        assert abs(time_s * 48_000 - frame) < 1e-3


def test_a_score_is_its_bundles_after_their_sizes() -> None:
    bundles = [bundle(i, [message("/n", i)]) for i in range(3)]
    score = score_bytes(bundles)
    assert score[:4] == struct.pack(">i", len(bundles[0]))
    assert score_packets(score) == bundles
