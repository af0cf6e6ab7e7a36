"""The child process that renders one binary score to raw float32 samples, then ends.

It runs as a file (`python -I -S nrt.py …`) and imports nothing but the native engine itself: that starts in a third
of the time, and the engine's memory, prints and crashes stay here. One score per process, because some unit
generators read memory left by the score before.

    nrt.py embedded EXTENSION PLUGINS SCORE OUTPUT RATE CHANNELS
    nrt.py external SCSYNTH   PLUGINS SCORE OUTPUT RATE CHANNELS      (PLUGINS may be empty: the program's own)

Standard input is a pipe from the parent: when it closes, this process ends at once. Exit status 0 means a whole file.
"""

import _thread
import os
import signal
import sys
from collections.abc import Callable

# Room for 64 tracks of 16 voices with effects; memory is only touched as it is used. Both engines get the same.
NODES = 16384
BUFFERS = 4096
SYNTHDEFS = 4096
MEMORY_KB = 262144
AUDIO_BUSES = 4096
CONTROL_BUSES = 16384
WIRE_BUFFERS = 512
RANDOM_GENERATORS = 512


def watch_parent(end: Callable[[], None]) -> None:
    """Start a thread that calls `end` and exits when standard input closes (the parent is gone)."""

    def wait() -> None:
        try:
            while os.read(0, 4096):
                pass
        except OSError:
            pass
        end()
        os._exit(3)

    _thread.start_new_thread(wait, ())


def render_embedded(extension: str, plugins: str, score: str, output: str, rate: int, channels: int) -> None:
    """Render `score` with the engine in the native extension at `extension`. Raises RuntimeError when it fails."""
    from importlib.machinery import ExtensionFileLoader
    from importlib.util import module_from_spec, spec_from_file_location

    loader = ExtensionFileLoader("_scsynth", extension)
    spec = spec_from_file_location("_scsynth", extension, loader=loader)
    if spec is None:
        raise RuntimeError(f"no engine at {extension}")
    engine = module_from_spec(spec)
    loader.exec_module(engine)
    # The engine's own stdout is buffered in C, and we leave without flushing it.
    engine.set_print_func(lambda text: os.write(2, text.encode("utf-8", "replace")))
    engine.world_nrt_render(
        cmd_filename=score,
        output_filename=output,
        sample_rate=rate,
        header_format="RAW",
        sample_format="float",
        num_output_bus_channels=channels,
        num_input_bus_channels=0,
        block_size=64,
        num_buffers=BUFFERS,
        max_nodes=NODES,
        max_graph_defs=SYNTHDEFS,
        realtime_memory_size=MEMORY_KB,
        verbosity=0,
        ugen_plugins_path=plugins,
        num_audio_bus_channels=AUDIO_BUSES,
        num_control_bus_channels=CONTROL_BUSES,
        max_wire_bufs=WIRE_BUFFERS,
        num_rgens=RANDOM_GENERATORS,
    )


def render_external(program: str, plugins: str, score: str, output: str, rate: int, channels: int) -> int:
    """Render `score` with the scsynth at `program`; return its exit status."""
    import subprocess

    options = {
        "-o": channels, "-i": 0, "-z": 64, "-b": BUFFERS, "-n": NODES, "-d": SYNTHDEFS, "-m": MEMORY_KB,
        "-a": AUDIO_BUSES, "-c": CONTROL_BUSES, "-w": WIRE_BUFFERS, "-r": RANDOM_GENERATORS, "-D": 0,
    }  # fmt: skip
    command = [program, "-N", score, "_", output, str(rate), "RAW", "float"]
    command += [str(word) for pair in options.items() for word in pair]
    child = subprocess.Popen(command + (["-U", plugins] if plugins else []), stdin=subprocess.DEVNULL)
    watch_parent(child.kill)
    return child.wait()


def main(argv: list[str]) -> int:
    """Render what `argv` says; return the exit status."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    kind, engine, plugins, score, output, rate, channels = argv
    if kind == "external":
        return render_external(engine, plugins, score, output, int(rate), int(channels))
    watch_parent(lambda: None)
    try:
        render_embedded(engine, plugins, score, output, int(rate), int(channels))
    except Exception as error:
        os.write(2, f"{error}\n".encode("utf-8", "replace"))
        return 1
    return 0


if __name__ == "__main__":
    status = main(sys.argv[1:])
    # The engine's plug-ins have threads and destructors of their own: leave without running them.
    os._exit(status)
