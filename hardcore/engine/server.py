"""The live engine: libscsynth inside this process (embedded), or a `scsynth` program beside it (external).

Both are spoken to in OSC over UDP on a free loopback port. The embedded engine lives in the player process only: it
prints on C stdout and ends with the process. No Python function is ever called from its audio thread (no print
function, no reply function): the callback would wait for the interpreter.
"""

import os
import select
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hardcore.engine.nrt import (
    AUDIO_BUSES,
    BUFFERS,
    CONTROL_BUSES,
    MEMORY_KB,
    NODES,
    RANDOM_GENERATORS,
    SYNTHDEFS,
    WIRE_BUFFERS,
)  # fmt: skip
from hardcore.engine.offline import Engine
from hardcore.engine.osc import Message, bundle, decode, message
from hardcore.errors import EngineError

LOOPBACK = "127.0.0.1"
BOOT_S = 10.0
ANSWER_S = 2.0
# Seconds from 1900, where OSC counts from, to 1970.
EPOCH_S = 2_208_988_800
_CURE = "connect one, or choose one of /engine list; files render all the same"
_JACK_CURE = "start JACK first, such as: jackd -d alsa"


@dataclass(frozen=True, slots=True)
class Status:
    """What the engine says of itself: load in percent of real time, and its sample rate."""

    synths: int
    groups: int
    load_percent: float
    peak_percent: float
    rate: float


def now_s() -> float:
    """Return the time as OSC counts it: seconds since 1900."""
    return time.time() + EPOCH_S


def free_port() -> int:
    """Return a UDP port of the loopback interface that nobody uses."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


class Server:
    """A running engine and the socket to it. Make one with `boot`."""

    def __init__(self, port: int, outputs: int, child: "subprocess.Popen[bytes] | None" = None) -> None:
        self.port, self.outputs, self.rate = port, outputs, 0
        self._child = child
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        # The engine answers many requests at once with one packet each.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.socket.connect((LOOPBACK, port))
        self.socket.setblocking(False)

    def send(self, packet: bytes) -> None:
        """Send a message or bundle. Raises EngineError when nobody listens any more."""
        try:
            self.socket.send(packet)
        except OSError as error:
            raise EngineError(f"the engine does not listen: {error}") from error

    def send_at(self, time_s: float, messages: list[bytes]) -> None:
        """Send messages to be done at `time_s` (seconds since 1900)."""
        self.send(bundle(time_s, messages))

    def received(self) -> list[Message]:
        """Return the answers that have arrived. Raises EngineError when the engine is gone."""
        found: list[Message] = []
        while True:
            try:
                found += decode(self.socket.recv(65536))[1]
            except BlockingIOError:
                return found
            except OSError as error:
                raise EngineError(f"the engine is gone: {error}") from error

    def wait(self, timeout_s: float) -> None:
        """Return when an answer is there, or after a while."""
        select.select([self.socket], [], [], timeout_s)

    def ask(self, packet: bytes, reply: str, timeout_s: float = ANSWER_S) -> list[Any]:
        """Return the arguments of the `reply` to a request; other answers are lost. Raises EngineError in time."""
        deadline = time.monotonic() + timeout_s
        self.send(packet)
        while (left := deadline - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                answers = decode(self.socket.recv(65536))[1]
            except TimeoutError:
                break
            except OSError as error:
                raise EngineError(f"the engine is gone: {error}") from error
            finally:
                self.socket.setblocking(False)
            for address, words in answers:
                if address == reply:
                    return words
        raise EngineError(f"the engine does not answer {reply}", "it may be overloaded")

    def status(self) -> Status:
        """Return how the engine fares. Raises EngineError."""
        return status_of(self.ask(message("/status"), "/status.reply"))

    def sync(self, number: int) -> None:
        """Return when everything sent so far is done. Raises EngineError."""
        self.ask(message("/sync", number), "/synced", BOOT_S)

    def alive(self) -> bool:
        """Return whether the program beside us still runs; the embedded engine lives as long as we do."""
        return self._child is None or self._child.poll() is None

    def close(self) -> None:
        """End the external engine; remove what the engine left in shared memory."""
        if self._child is not None and self._child.poll() is None:
            self._child.kill()
            self._child.wait()
        self.socket.close()
        forget(self.port)


def status_of(words: list[Any]) -> Status:
    """Return the status in the words of a /status.reply."""
    return Status(int(words[2]), int(words[3]), float(words[5]), float(words[6]), float(words[7]))


def forget(port: int) -> None:
    """Remove the shared memory that a killed engine leaves behind (8 MB each)."""
    Path(f"/dev/shm/SuperColliderServer_{port}").unlink(missing_ok=True)


def boot(
    engine: Engine, *, rate: int, device: str, buffer_frames: int, outputs: int = 2, port: int | None = None
) -> Server:
    """Return a running engine that has answered. Raises EngineError when there is no sound device."""
    port = port or free_port()
    start = _external if engine.kind == "external" else _embedded
    child = start(engine, port, rate=rate, device=device, buffer_frames=buffer_frames, outputs=outputs)
    server = Server(port, outputs, child)
    try:
        server.rate = round(_first_status(server).rate)
        server.ask(message("/notify", 1), "/done")
    except EngineError:
        server.close()
        raise
    return server


def _first_status(server: Server) -> Status:
    """Return the first answer of an engine that starts. Raises EngineError when it ends or stays silent."""
    deadline = time.monotonic() + BOOT_S
    while time.monotonic() < deadline and server.alive():
        try:
            return status_of(server.ask(message("/status"), "/status.reply", 0.1))
        except EngineError:
            continue
    raise EngineError("the engine did not start: silent, but time is kept", _JACK_CURE)


def _embedded(engine: Engine, port: int, *, rate: int, device: str, buffer_frames: int, outputs: int) -> None:
    """Start libscsynth on threads of this process. Raises EngineError when no sound device opens."""
    from importlib.machinery import ExtensionFileLoader
    from importlib.util import module_from_spec, spec_from_file_location

    loader = ExtensionFileLoader("_scsynth", str(engine.program))
    spec = spec_from_file_location("_scsynth", str(engine.program), loader=loader)
    assert spec is not None
    native = module_from_spec(spec)
    loader.exec_module(native)
    native.set_print_func(None)
    chosen = {"out_device_name": device} if device else {}
    try:
        world = native.world_new(
            num_audio_bus_channels=AUDIO_BUSES, num_control_bus_channels=CONTROL_BUSES, num_input_bus_channels=0,
            num_output_bus_channels=outputs, block_size=64, num_buffers=BUFFERS, max_nodes=NODES,
            max_graph_defs=SYNTHDEFS, max_wire_bufs=WIRE_BUFFERS, num_rgens=RANDOM_GENERATORS,
            realtime_memory_size=MEMORY_KB, preferred_sample_rate=rate, preferred_hardware_buffer_size=buffer_frames,
            load_graph_defs=0, verbosity=0, rendezvous=False, ugen_plugins_path=str(engine.plugins),
            shared_memory_id=port, **chosen,
        )  # fmt: skip
    except RuntimeError as error:
        forget(port)
        raise EngineError("no sound device could be opened: silent, but time is kept", _CURE) from error
    if not native.world_open_udp(world, LOOPBACK, port):
        raise EngineError(f"the engine could not listen on port {port}")


def _external(
    engine: Engine, port: int, *, rate: int, device: str, buffer_frames: int, outputs: int
) -> "subprocess.Popen[bytes]":
    """Start a scsynth program; it writes where we write. Raises EngineError."""
    options: dict[str, object] = {
        "-u": port, "-B": LOOPBACK, "-i": 0, "-o": outputs, "-z": 64, "-b": BUFFERS, "-n": NODES, "-d": SYNTHDEFS,
        "-m": MEMORY_KB, "-a": AUDIO_BUSES, "-c": CONTROL_BUSES, "-w": WIRE_BUFFERS, "-r": RANDOM_GENERATORS,
        "-D": 0, "-R": 0, "-S": rate, "-Z": buffer_frames,
    }  # fmt: skip
    words = [str(word) for pair in options.items() for word in pair]
    words += ["-H", device] if device else []
    words += ["-U", str(engine.plugins)] if engine.plugins else []
    # Without the second it is connected to nothing, and heard by nobody.
    environment = {"JACK_NO_START_SERVER": "1", "SC_JACK_DEFAULT_OUTPUTS": "system", **os.environ}
    # However we end, it ends with us.
    setpriv = shutil.which("setpriv")
    leash = [setpriv, "--pdeathsig", "KILL"] if setpriv else []
    try:
        return subprocess.Popen([*leash, str(engine.program), *words], stdin=subprocess.DEVNULL, env=environment)
    except OSError as error:
        raise EngineError(f"{engine.program} does not start: {error}") from error
