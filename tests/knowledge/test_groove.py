"""The grooves that come with the program: valid, distinct, each with its source."""

from itertools import combinations
from pathlib import Path

import pytest

from hardcore.errors import UserError
from hardcore.knowledge.groove import groove, groove_file, groove_ids, groove_words, read_groove
from hardcore.music.groove import swing_percent

WANTED = {
    "straight", "mpc_54", "mpc_58", "mpc_62", "mpc_66", "mpc_71", "shuffle_8", "shuffle_16", "laid_back", "pushed",
    "samba", "amapiano", "uk_garage", "hip_hop_drunk",
}  # fmt: skip


def test_there_are_those_that_were_asked_for() -> None:
    assert set(groove_ids()) >= WANTED
    assert len(groove_ids()) >= 16


@pytest.mark.parametrize("groove_id", groove_ids())
def test_a_groove_is_a_bar_on_average_as_loud_and_says_where_it_is_from(groove_id: str) -> None:
    file, template = groove_file(groove_id), groove(groove_id)
    assert template.length_ticks == template.bar_ticks == 7680
    assert sum(template.velocity) / len(template.velocity) == pytest.approx(1, abs=0.001)
    assert template.timing[0] == 0
    assert max(template.velocity) <= 1.27, "a note of velocity 100 would be cut"
    assert len(file.source) > 8
    assert file.about.endswith(".")
    assert template.name.isprintable()


def test_no_two_are_alike() -> None:
    for one, other in combinations(map(groove, groove_ids()), 2):
        at = range(0, 7680, 240)
        apart = [one.timing[t // one.step_ticks] != other.timing[t // other.step_ticks] for t in at]
        louder = [abs(one.velocity[t // one.step_ticks] - other.velocity[t // other.step_ticks]) > 0.02 for t in at]
        assert any(apart) or any(louder), f"{one.id} and {other.id}"


@pytest.mark.parametrize("percent", [54, 56, 58, 60, 62, 64, 66, 68, 71])
def test_the_mpc_splits_each_pair_at_its_percentage(percent: int) -> None:
    template = groove(f"mpc_{percent}")
    assert set(template.timing[::2]) == {0}
    assert len(set(template.timing[1::2])) == 1
    assert (480 + template.timing[1]) / 960 == pytest.approx(percent / 100, abs=0.0006)
    assert swing_percent(template) == pytest.approx(percent, abs=0.06)


def test_samba_is_early_on_the_third_and_fourth_sixteenth() -> None:
    timing = groove("samba").timing
    assert all(offset < 0 for step, offset in enumerate(timing) if step % 4 > 1)
    assert all(offset >= 0 for step, offset in enumerate(timing) if step % 4 < 2)


def test_the_words_of_a_groove_lead_to_it() -> None:
    words = groove_words()
    assert words["laid back"] == "laid_back"
    assert words["mpc swing 62"] == words["mpc 16 swing 62"] == "mpc_62"
    assert set(words.values()) == set(groove_ids())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: x\nabout: x.\nsource: x\ntimming: [0]", "unknown key 'timming'"),
        ("name: x\nabout: x.\nsource: x\ntiming: [0, 1, 2]", "do not fill"),
        ("name: x\nabout: x.\nsource: x\ntiming: [400, -400]", "before the one it follows"),
        ("name: x\nabout: x.\nsource: x\nswing: 80", "swing"),
        ("name: x\nabout: x.\nsource: x\ngrid: 12", "none of 8, 16, 32"),
        ("name: x\nabout: x.", "source"),
    ],
)
def test_a_wrong_file_is_refused_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "bad.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=r"^bad\.yaml: .*" + said):
        read_groove(tmp_path / "bad.yaml")


def test_a_name_that_is_not_there_gets_the_nearest() -> None:
    with pytest.raises(UserError) as told:
        groove("sambo")
    assert "samba" in told.value.hint
