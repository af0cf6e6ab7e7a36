"""Another user of the machine, who talks to an engine's port: `python stranger.py PORT PRIVATE`.

It begins as root, becomes nobody, and asks the engine for everything that touches files under PRIVATE, which it cannot
enter itself. It prints one line of JSON for each request: [what, request, address of the answer or null, answer].
"""

import json
import os
import socket
import struct
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from hardcore.engine.osc import Argument, decode, message

NOBODY = 65534
ANSWER_S = 0.4
BUFFER, OTHER, NODE = 3000, 3001, 1_999_999_000
FRAMES = 100
# A SynthDef of one unit, which writes a file by itself: FeatureSave.kr(features: [1], trig: 1).
SPY = (
    b"SCgf" + struct.pack(">ih", 2, 1) + b"\x03spy" + struct.pack(">if", 1, 1.0) + struct.pack(">iii", 0, 0, 1)
    + b"\x0bFeatureSave" + struct.pack(">biih", 1, 3, 1, 0) + struct.pack(">ii", -1, 0) * 3 + b"\x01"
    + struct.pack(">h", 0)
)  # fmt: skip
# What a player hears from its engine, as a stranger would say it.
CRIES = ("/meter", "/probe", "/status.reply", "/synced", "\xff\xfe", "")
Asked = tuple[str, tuple[Argument, ...]]


def crying(address: str) -> bytes:
    """Return a SynthDef that sends an address without any values to all who listen: SendReply.kr(1, address)."""
    letters = address.encode("latin-1")
    constants = [1.0, 0.0, float(len(letters)), *map(float, letters)]
    inputs = b"".join(struct.pack(">ii", -1, place) for place in range(len(constants)))
    return (
        b"SCgf" + struct.pack(">ih", 2, 1) + b"\x03cry" + struct.pack(">i", len(constants))
        + struct.pack(f">{len(constants)}f", *constants) + struct.pack(">iii", 0, 0, 1)
        + b"\x09SendReply" + struct.pack(">biih", 1, len(constants), 0, 0) + inputs + struct.pack(">h", 0)
    )  # fmt: skip


class Port:
    """The engine's port, as anybody may use it."""

    def __init__(self, port: int) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.connect(("127.0.0.1", port))
        self._socket.settimeout(ANSWER_S)

    def ask(self, *words: Argument) -> tuple[str | None, list[Argument]]:
        """Return the engine's answer, None when there is none."""
        self._socket.send(message(str(words[0]), *words[1:]))
        try:
            return decode(self._socket.recv(65536))[1][0]
        except OSError:
            return None, []


def ways(base: str, path: str, links: Path) -> Iterator[str]:
    """Yield the names under which a file outside the engine's folder `base` might be reached."""
    up = "../" * 16
    yield path
    yield up + path[1:]
    yield f"/{up}{path[1:]}"
    yield f"{base}/{up}{path[1:]}"
    yield f"{base.rstrip('/')}{up}{path[1:]}"
    yield str(links / "file" / Path(path).name)
    yield f"{up}{links}/folder/{Path(path).name}"


def patterns(base: str, path: str) -> Iterator[str]:
    """Yield names that a pattern may make of a way up."""
    for up in (".?", ".*", ".[.]"):
        for depth in range(1, 12):
            yield f"/{f'{up}/' * depth}{path[1:]}"


def writes(base: str, private: Path, links: Path) -> Iterator[Asked]:
    """Yield what would write a file."""
    for number, name in enumerate(["sound.wav", "new.wav"]):
        for path in ways(base, str(private / name), links):
            yield "write", ("/b_write", BUFFER, path, "wav", "int16", -1, 0, number)
    for name in (f"{base.rstrip('/')}beside.wav", f"{base}/../above.wav", "relative.wav", "./relative.wav"):
        yield "write", ("/b_write", BUFFER, name, "wav", "int16", -1, 0, 0)
    for name in (str(private / "spied"), str(private / "sound.wav")):
        yield "unit", ("/u_cmd", NODE, 0, "createfile", name, 1)
        yield "unit", ("/u_cmd", NODE, 0, "closefile")


def reads(base: str, private: Path, links: Path) -> Iterator[Asked]:
    """Yield what would read a file."""
    for path in ways(base, str(private / "sound.wav"), links):
        yield "read", ("/b_allocRead", OTHER, path, 0, 0)
        yield "read", ("/b_allocReadChannel", OTHER, path, 0, 0, 0)
        yield "read", ("/b_read", BUFFER, path, 0, -1, 0, 0)
        yield "read", ("/b_readChannel", BUFFER, path, 0, -1, 0, 0, 0)
    for path in (*ways(base, str(private / "spy.scsyndef"), links), *patterns(base, str(private / "spy.scsyndef"))):
        yield "read", ("/d_load", path)
    for path in patterns(base, str(private / "sound.wav")):
        yield "read", ("/d_load", path)
    for path in ways(base, str(private), links):
        yield "read", ("/d_loadDir", path)


def main(port: int, private: Path) -> None:
    """Try everything."""
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    engine = Port(port)
    with tempfile.TemporaryDirectory() as place:
        links = Path(place)
        links.chmod(0o755)
        (links / "file").symlink_to(private)
        (links / "folder").symlink_to(private, target_is_directory=True)
        try:
            (private / "sound.wav").open().close()
        except PermissionError:
            said(("self", ("open",)), None, [])
        engine.ask("/b_alloc", BUFFER, FRAMES, 1)
        # The engine says itself where its folder is: the complaint names the whole path.
        _, complaint = engine.ask("/b_read", BUFFER, "nowhere", 0, -1, 0, 0)
        base = str(complaint[1]).split("'")[1].removesuffix("nowhere") if len(complaint) > 1 else ""
        engine.ask("/d_recv", SPY)
        engine.ask("/s_new", "spy", NODE, 0, 0)
        for asked in (*writes(base, private, links), *reads(base, private, links)):
            said(asked, *engine.ask(*asked[1]))
        for address in CRIES:
            engine.ask("/d_recv", crying(address))
            said(("cry", ("/s_new", address)), *engine.ask("/s_new", "cry", -1, 0, 0))
        for request in (("/b_close", BUFFER), ("/b_query", OTHER), ("/n_trace", 0), ("/n_free", NODE)):
            said(("other", request), *engine.ask(*request))


def said(asked: Asked, address: str | None, answer: list[Argument]) -> None:
    """Print what was asked and answered."""
    print(json.dumps([asked[0], asked[1], address, [str(word) for word in answer]]), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
