"""Every SynthDef of ours plays on a live engine, which has no more plug-ins than that needs: none writes files."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.player.device import needs_alsa, recording
from tests.player.jack import jack_server, needs_jack

pytestmark = needs_alsa

# The engine prints and never unloads: it runs in a process of its own.
SCRIPT = """
import os, sys
from hardcore.engine.boot import boot
from hardcore.engine.offline import find_embedded, find_external
from hardcore.engine.osc import message
from hardcore.engine.synthdefs.store import synthdef_folder
from tests.player.stranger import SPY

kind, report = sys.argv[1:]
server = boot(find_embedded() if kind == "embedded" else find_external(), rate=48000, device="", buffer_frames=0)
defs = {path.stem: path.read_bytes() for path in synthdef_folder().glob("*.scsyndef")}

def unknown(known):
    # How many of some SynthDefs the engine does not take.
    for number, compiled in enumerate(known.values()):
        server.send(message("/d_recv", compiled))
        if number % 8 == 7:  # more at once are lost
            server.sync(1)
    server.sync(1)
    for number, name in enumerate(known):
        server.send(message("/s_new", name, 1000 + number, 0, 0))
        server.send(message("/n_free", 1000 + number))
    server.send(message("/sync", 2))
    said = []
    while ("/synced", [2]) not in said:
        server.wait(5)
        said += server.received()
    return sum(address == "/fail" and words[0] == "/s_new" for address, words in said)

found = [len(defs), unknown(defs), unknown({"spy": SPY})]
server.close()
open(report, "w").write(" ".join(map(str, found)))
os._exit(0)
"""


def check(kind: str, folder: Path) -> None:
    report = folder / "report"
    words = [sys.executable, "-c", SCRIPT, kind, str(report)]
    run = subprocess.run(words, capture_output=True, text=True, timeout=120)
    assert report.exists(), run.stderr
    ours, missing, strange = map(int, report.read_text().split())
    assert ours > 100 and (missing, strange) == (0, 1), run.stdout


def test_the_embedded_engine_has_what_it_needs_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with recording(tmp_path / "device", monkeypatch):
        check("embedded", tmp_path)


@needs_jack
def test_an_external_engine_has_what_it_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with jack_server(tmp_path, monkeypatch, ["--sync", "--timeout", "100"]):
        check("external", tmp_path)
