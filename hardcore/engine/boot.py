"""How a live engine starts: libscsynth inside this process (embedded), or a `scsynth` program beside it (external).

The embedded engine lives in the player process only: it prints on C stdout and ends with the process. No Python
function is ever called from its audio thread (no print function, no reply function): the callback would wait for the
interpreter. Of the disk either sees its sandbox only.
"""

import contextlib
import os
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from hardcore.engine.capabilities import obedient, obey_modes
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
from hardcore.engine.osc import message
from hardcore.engine.sandbox import Sandbox, forget
from hardcore.engine.server import LONG_S, LOOPBACK, Server, Status, free_port, status_of
from hardcore.errors import EngineError

_CURE = "connect one, or choose one of /engine list; files render all the same"
_JACK_CURE = "start JACK first, such as: jackd -d alsa"
_LOOK_S = 0.02


class Hardware(NamedTuple):
    """What a sound device is asked for; an empty name and 0 frames are the system's own choice."""

    rate: int
    device: str
    buffer_frames: int
    outputs: int
    inputs: int


def boot(
    engine: Engine,
    *,
    rate: int,
    device: str,
    buffer_frames: int,
    outputs: int = 2,
    inputs: int = 0,
    port: int | None = None,
) -> Server:
    """Return a running engine that has answered. Raises EngineError when there is no sound device."""
    port = port or free_port()
    sandbox = Sandbox(port, engine.plugins)
    start = _external if engine.kind == "external" else _embedded
    try:
        child = start(engine, port, sandbox, Hardware(rate, device, buffer_frames, outputs, inputs))
    except EngineError:
        sandbox.close()
        raise
    server = Server(port, outputs + inputs, sandbox, child, inputs)
    try:
        server.rate = round(_first_status(server).rate)
        server.ask(message("/notify", 1), "/done")
    except EngineError:
        server.close()
        raise
    finally:
        forget(port)
    return server


def _first_status(server: Server) -> Status:
    """Return the first answer of an engine that starts. Raises EngineError when it ends or stays silent."""
    deadline = time.monotonic() + LONG_S
    while time.monotonic() < deadline and server.alive():
        with contextlib.suppress(EngineError):
            return status_of(server.ask(message("/status"), "/status.reply", 0.1))
        server.wait(_LOOK_S)  # until it listens it refuses what is sent
    raise EngineError("the engine did not start: silent, but time is kept", _JACK_CURE)


def _embedded(engine: Engine, port: int, sandbox: Sandbox, wanted: Hardware) -> None:
    """Start libscsynth on threads of this process. Raises EngineError when no sound device opens."""
    native = _native(engine)
    options: dict[str, Any] = dict(  # noqa: C408
        num_audio_bus_channels=AUDIO_BUSES, num_control_bus_channels=CONTROL_BUSES,
        num_input_bus_channels=wanted.inputs, num_output_bus_channels=wanted.outputs,
        block_size=64, num_buffers=BUFFERS, max_nodes=NODES, max_graph_defs=SYNTHDEFS,
        max_wire_bufs=WIRE_BUFFERS, num_rgens=RANDOM_GENERATORS,
        realtime_memory_size=MEMORY_KB, preferred_sample_rate=wanted.rate,
        preferred_hardware_buffer_size=wanted.buffer_frames,
        load_graph_defs=0, verbosity=0, rendezvous=False, ugen_plugins_path=str(sandbox.plugins),
        restricted_path=sandbox.restricted, shared_memory_id=0,
    )  # fmt: skip
    if wanted.device:
        options |= {"out_device_name": wanted.device} | ({"in_device_name": wanted.device} if wanted.inputs else {})

    def start() -> bool:
        obey_modes()
        return bool(native.world_open_udp(native.world_new(**options), LOOPBACK, port))

    try:
        # The engine's threads come of this one, and may do no more than it; ours keep their rights.
        with ThreadPoolExecutor(1) as apart:
            listens = apart.submit(start).result()
    except RuntimeError as error:
        raise EngineError("no sound device could be opened: silent, but time is kept", _CURE) from error
    if not listens:
        raise EngineError(f"the engine could not listen on port {port}")


def _native(engine: Engine) -> Any:
    """Return the extension module that holds libscsynth, without its package, whose import prints and takes long."""
    from importlib.machinery import ExtensionFileLoader
    from importlib.util import module_from_spec, spec_from_file_location

    loader = ExtensionFileLoader("_scsynth", str(engine.program))
    spec = spec_from_file_location("_scsynth", str(engine.program), loader=loader)
    assert spec is not None
    native = module_from_spec(spec)
    loader.exec_module(native)
    native.set_print_func(None)
    return native


def _external(engine: Engine, port: int, sandbox: Sandbox, wanted: Hardware) -> "subprocess.Popen[bytes]":
    """Start a scsynth program; it writes where we write. Raises EngineError."""
    options: dict[str, object] = {
        "-u": port, "-B": LOOPBACK, "-i": wanted.inputs, "-o": wanted.outputs, "-z": 64, "-b": BUFFERS,
        "-n": NODES, "-d": SYNTHDEFS, "-m": MEMORY_KB, "-a": AUDIO_BUSES, "-c": CONTROL_BUSES,
        "-w": WIRE_BUFFERS, "-r": RANDOM_GENERATORS, "-D": 0, "-R": 0,
        "-S": wanted.rate, "-Z": wanted.buffer_frames, "-P": sandbox.restricted,
    }  # fmt: skip
    words = [str(word) for pair in options.items() for word in pair]
    words += ["-H", wanted.device] if wanted.device else []
    words += ["-U", str(sandbox.plugins)] if sandbox.plugins else []
    # Without the second it is connected to nothing, and heard by nobody.
    environment = {"JACK_NO_START_SERVER": "1", "SC_JACK_DEFAULT_OUTPUTS": "system", **os.environ}
    if wanted.inputs:
        environment = {"SC_JACK_DEFAULT_INPUTS": "system", **environment}
    # However we end, it ends with us.
    setpriv = shutil.which("setpriv")
    leash = [setpriv, "--pdeathsig", "KILL", *obedient()] if setpriv else []
    try:
        return subprocess.Popen([*leash, str(engine.program), *words], stdin=subprocess.DEVNULL, env=environment)
    except OSError as error:
        raise EngineError(f"{engine.program} does not start: {error}") from error
