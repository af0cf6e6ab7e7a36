"""SFZ as text: headers, inheritance, definitions, includes, and the ways in which a file can be hostile."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from hardcore.audio.sfz import LARGEST_FILE, Within, read_sfz
from hardcore.errors import UserError


def written(folder: Path, text: str, name: str = "a.sfz") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def regions(folder: Path, text: str) -> list[dict[str, str]]:
    found = read_sfz(written(folder, text)).regions
    return [{name: value for name, value in region.items() if name != "default_path"} for region in found]


def test_a_region_has_its_own_opcodes_over_those_of_group_master_and_global(tmp_path: Path) -> None:
    text = """
    <global> volume=-6 pan=10
    <master> pan=20 tune=1
    <group> lokey=10 hikey=20
    <region> sample=a.wav tune=5
    <group> lokey=30
    <region> sample=b.wav
    <master> <region> sample=c.wav
    <global> <region> sample=d.wav
    """
    assert regions(tmp_path, text) == [
        {"volume": "-6", "pan": "20", "tune": "5", "lokey": "10", "hikey": "20", "sample": "a.wav"},
        {"volume": "-6", "pan": "20", "tune": "1", "lokey": "30", "sample": "b.wav"},
        {"volume": "-6", "pan": "10", "sample": "c.wav"},
        {"sample": "d.wav"},
    ]


def test_values_may_hold_spaces_and_comments_do_not_count(tmp_path: Path) -> None:
    text = "<region> sample=My Piano C4 soft.wav key=60 // tail\n/* <region> sample=x.wav\n*/ lovel=1"
    text += "<region>sample=b c.wav"
    assert regions(tmp_path, text) == [
        {"sample": "My Piano C4 soft.wav", "key": "60", "lovel": "1"},
        {"sample": "b c.wav"},
    ]


def test_definitions_stand_for_their_value_the_longest_name_first(tmp_path: Path) -> None:
    text = "#define $KEY 60\n#define $KEYHI 72\n<region> lokey=$KEY hikey=$KEYHI sample=p$KEY.wav"
    assert regions(tmp_path, text) == [{"lokey": "60", "hikey": "72", "sample": "p60.wav"}]


def test_what_is_included_stands_where_it_is_included(tmp_path: Path) -> None:
    written(tmp_path, "<region> sample=in.wav key=$K", "sub/part.txt")
    text = '#define $K 40\n<group> pan=5\n#include "sub\\part.txt"\n<region> sample=out.wav'
    assert regions(tmp_path, text) == [
        {"pan": "5", "sample": "in.wav", "key": "40"}, {"pan": "5", "sample": "out.wav"}
    ]  # fmt: skip


def test_the_default_path_is_the_one_in_force_at_its_region(tmp_path: Path) -> None:
    text = "<control> default_path=one/\n<region> sample=a.wav\n<control> default_path=two/\n<region> sample=b.wav"
    assert [region["default_path"] for region in read_sfz(written(tmp_path, text)).regions] == ["one/", "two/"]


def test_headers_that_mean_nothing_here_are_counted(tmp_path: Path) -> None:
    found = read_sfz(written(tmp_path, "<curve> curve_index=7\n<effect> bus=main\n<curve>\n<region> sample=a.wav"))
    assert found.passed == {"<curve>": 2, "<effect>": 1}
    assert len(found.regions) == 1


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../up.wav", "a/../../up.wav", "C:\\x.wav", "..\\up.wav", "", "a\0b", "../here/x.wav"]
)
def test_a_file_outside_the_folder_is_refused(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    with pytest.raises(UserError, match="outside its own folder"):
        Within(folder).path(name)


def test_a_link_out_of_the_folder_is_refused_and_one_inside_is_not(tmp_path: Path) -> None:
    folder = tmp_path / "piano"
    written(tmp_path, "x", "secret.wav")
    written(folder, "y", "real.wav")
    (folder / "out.wav").symlink_to(tmp_path / "secret.wav")
    (folder / "in.wav").symlink_to(folder / "real.wav")
    with pytest.raises(UserError, match="outside its own folder"):
        Within(folder).path("out.wav")
    assert Within(folder).path("in.wav") == folder / "in.wav"


def test_letters_may_be_of_another_case_than_the_file(tmp_path: Path) -> None:
    written(tmp_path, "x", "Samples/C3.WAV")
    assert Within(tmp_path).path("samples\\c3.wav") == tmp_path / "Samples" / "C3.WAV"


def test_a_folder_is_listed_once_however_many_files_are_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, "x", "C3.WAV")
    listed: list[object] = []

    def counting(real: Callable[..., object]) -> Callable[..., object]:
        return lambda *given: (listed.append(given), real(*given))[1]

    for name in ("listdir", "scandir"):
        monkeypatch.setattr(os, name, counting(getattr(os, name)))
    within = Within(tmp_path)
    for number in range(300):
        assert within.path(f"missing {number}.wav") == tmp_path / f"missing {number}.wav"
    assert within.path("c3.wav") == tmp_path / "C3.WAV"
    assert len(listed) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('#include "a.sfz"', "includes too many"),
        ('#include "../b.sfz"', "line 1: it names a file outside"),
        ('\n#include "no.sfz"', "line 2: there is no file no.sfz"),
        ("<region> sample=" + "x" * 1001, "too long"),
        ("#define $A xxxxxxxxxx\n" + "".join(f"#define $A{n} $A{n - 1 if n else ''}$A{n - 1 if n else ''}\n"
                                              for n in range(40)) + "<region> key=$A39", "grows without end"),
        ("<region>\n" * 20_000, "more than 16384 regions"),
    ],
)  # fmt: skip
def test_a_hostile_file_ends_in_one_line(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=said):
        read_sfz(written(tmp_path, text))


def test_what_is_no_text_or_too_large_is_refused(tmp_path: Path) -> None:
    (tmp_path / "b.sfz").write_bytes(b"RIFF\0\0\0\0")
    with pytest.raises(UserError, match="no text"):
        read_sfz(tmp_path / "b.sfz")
    with (tmp_path / "c.sfz").open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    with pytest.raises(UserError, match="larger than"):
        read_sfz(tmp_path / "c.sfz")
    with pytest.raises(UserError, match="there is no file"):
        read_sfz(tmp_path)
