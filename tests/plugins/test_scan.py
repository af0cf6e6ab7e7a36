"""Scanning: what a plug-in is called, has and shows; each is loaded once; one that goes wrong harms nobody."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from hardcore.controller.studio import Studio
from hardcore.errors import NotFound
from hardcore.project import pluginlist
from tests.plugins.built import LATENCY, needs_plugins
from tests.plugins.conftest import say

pytestmark = needs_plugins
ZAM = Path("/usr/lib/vst3/ZamComp.vst3")


def test_a_plug_in_is_known_by_what_it_says_of_itself(scanned: bytes) -> None:
    delay, tone = (entry["plugin"] for entry in json.loads(scanned))
    assert {name: tone[name] for name in ("id", "name", "vendor", "version", "kind", "inputs", "outputs")} == {
        "id": "vst3:testtone", "name": "TestTone", "vendor": "Hardcore tests", "version": "1.2.3",
        "kind": "instrument", "inputs": 0, "outputs": 2,
    }  # fmt: skip
    assert (delay["kind"], delay["latency_frames"]) == ("effect", LATENCY)
    # of 2,083 parameters two are a person's: the others are MIDI controllers and what the plug-in only tells
    level, curve = tone["parameters"]
    assert {name: level[name] for name in ("id", "low", "high", "default", "unit")} == {
        "id": "level", "low": -60, "high": 0, "default": -12, "unit": "dB",
    }  # fmt: skip
    assert (curve["id"], curve["low"], curve["high"], curve["default"]) == ("curve", 0, 1, 0.25)


def test_plug_ins_are_listed_found_and_shown(studio: Studio) -> None:
    assert [line.split()[:2] for line in say(studio, "/plugins list").splitlines()[1:3]] == [
        ["vst3:testdelay", "effect"], ["vst3:testtone", "instrument"],
    ]  # fmt: skip
    assert "testtone" not in say(studio, "/plugins list effects")
    assert "testtone" in say(studio, "/plugins find tone curve") and "TestDelay" not in say(
        studio, "/plugins find tone"
    )
    shown = say(studio, "/plugins show testtone")
    assert "-60 to 0" in shown and "by Hardcore tests, 1.2.3" in shown
    with pytest.raises(NotFound, match="no plug-in 'TestTome'") as refused:
        say(studio, "/plugins show TestTome")
    assert "TestTone" in refused.value.hint


def test_only_what_is_new_or_has_changed_is_loaded_again_and_what_is_gone_is_forgotten(
    studio: Studio, plugin_folder: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own" / "deeper" / "TestTone.vst3"
    shutil.copytree(plugin_folder / "TestTone.vst3", own)
    assert say(studio, "/plugins scan own") == "1 plug-in, 1 loaded"
    assert say(studio, "/plugins scan own") == "1 plug-in, 0 loaded"
    binary = next(own.rglob("*.so"))
    os.utime(binary, ns=(1, 1))
    assert say(studio, "/plugins scan own") == "1 plug-in, 1 loaded"
    shutil.rmtree(own)
    assert say(studio, "/plugins scan own") == "0 plug-ins, 0 loaded, 1 no longer there"
    assert len(pluginlist.listing()) == 2


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ("abort-load", "it ended its process while it was loaded"),
        ("hang-load", "it did not load within 1 s"),
        ("leak-load", "it ended its process while it was loaded"),
    ],
)
def test_one_that_goes_wrong_is_put_aside_with_the_reason_and_tried_again_when_allowed(
    wrong: str, reason: str, studio: Studio, plugin_folder: Path, fault: Callable[[str], object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    if wrong == "hang-load":
        monkeypatch.setenv("HARDCORE_PLUGINS_PATIENCE_S", "1")
    pluginlist.keep([])
    fault(wrong)
    said = say(studio, f"/plugins scan {plugin_folder / 'TestTone.vst3'}")
    assert said == f"1 plug-in, 1 loaded\nnot used: TestTone: {reason}"
    assert reason in say(studio, "/plugins list failed")
    fault("")
    assert say(studio, f"/plugins scan {plugin_folder / 'TestTone.vst3'}") == "1 plug-in, 0 loaded", "never by itself"
    with pytest.raises(NotFound, match="no instrument plug-in 'TestTone'"):
        say(studio, "/track add lead --instrument vst3:TestTone")
    monkeypatch.delenv("HARDCORE_PLUGINS_PATIENCE_S", raising=False)
    assert say(studio, "/plugins allow testtone") == "1 plug-in, 1 loaded"
    assert say(studio, "/track add lead --instrument vst3:TestTone").endswith("playing vst3:testtone")


def test_a_file_that_is_no_plug_in_is_refused_in_a_line(studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "song.vst3").write_bytes(b"no plug-in")
    said = say(studio, "/plugins scan song.vst3")
    assert said.startswith("1 plug-in, 1 loaded\nnot used: song: ")


@pytest.mark.skipif(not ZAM.exists(), reason="no zam-plugins")
def test_a_plug_in_that_many_people_have_is_described(studio: Studio) -> None:
    assert say(studio, f"/plugins scan {ZAM}") == "1 plug-in, 1 loaded"
    plugin = pluginlist.find("vst3:zamcomp", "effect")
    assert (plugin.vendor, plugin.inputs) == ("Damien Zammit", 1)
    ranges = {one.id: (one.low, one.high, one.unit) for one in plugin.parameters}
    assert ranges["threshold"] == (-80, 0, "dB") and ranges["attack"] == (0.1, 100, "ms")
