"""A studio that serves, from another Python process: what code does there is done here."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hardcore import connect
from hardcore.errors import UserError
from hardcore.kernel.pipe import StudioError
from hardcore.surfaces.connection import Connection
from tests.blocks import ROOT
from tests.song import studio_with_song
from tests.surfaces.server.served import serving

CODE = """
import sys, hardcore
with hardcore.connect(author="notebook") as studio:
    print(studio.track.gain("kick", -3))
    print(studio.do("/tempo 150").text)
    print(studio.batch([("tempo", {"bpm": 99}), ("track mute", {"tracks": "kick"})]).step)
    print(next(event["label"] for event in studio.events(since=1)))
    try:
        studio.track.gain("kik", -3)
    except Exception as error:
        print(error)
print({"pydantic", "fastapi", "numpy"} & sys.modules.keys())
"""


def test_a_program_reaches_the_studio_and_loads_little(tmp_path: Path) -> None:
    studio = studio_with_song()
    with serving(studio, tmp_path):
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-c", CODE], capture_output=True, text=True, env=environment, check=False
        )
    assert done.stdout.splitlines() == [
        "kick: gain 0 dB → -3 dB", "tempo 138 → 150 bpm", "4", "track gain kick -3",
        "no track 'kik' (did you mean kick?)", "set()",
    ], done.stderr  # fmt: skip
    assert studio.controller.history.step.author == "notebook"
    studio.close()


def test_a_connection_that_was_idle_goes_on_and_one_whose_studio_is_gone_says_so(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no server of yours is running"):
        connect()
    studio = studio_with_song()
    with serving(studio, tmp_path) as server:
        with pytest.raises(StudioError, match="a token is needed"):
            connect(server.url, "wrong")
        with connect(server.url, server.token) as there:
            assert isinstance(there, Connection) and "gain" in dir(there.track) and "events" in dir(there)
            assert there._http is not None and there._http.sock is not None
            there._http.sock.shutdown(2)  # as a server ends what has been idle
            assert there.tempo(140).text.endswith("140 bpm")
            with pytest.raises(StudioError, match="arguments in order"):
                there.tempo(1, 2, 3, 4, 5)
            with pytest.raises(StudioError, match="may not"):
                there.serve()
    with pytest.raises(StudioError, match="is gone"):
        there.tempo(120)
    with pytest.raises(UserError, match="no address"):
        connect("nowhere")
    studio.close()
