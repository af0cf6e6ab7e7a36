"""The compiled SynthDefs on disk are what the graph functions say, and the catalogue says the same."""

import hashlib
import subprocess
import sys

import numpy as np
import pytest

from hardcore.engine.synthdefs.store import SUFFIX, parameter_defaults, synthdef_bytes, synthdef_folder
from hardcore.errors import EngineError
from hardcore.project.devices import instruments

CURE = "run: python -m hardcore.engine.synthdefs"


# Prints the names of all, each with the digest of what compiling it gives.
COMPILE = """
import hashlib
from hardcore.engine.synthdefs import compile_all
for name, data in compile_all().items():
    print("SynthDef", name, hashlib.sha256(data).hexdigest())
"""


@pytest.fixture(scope="module")
def compiled() -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in synthdef_folder().glob(f"*{SUFFIX}")}


def test_the_files_are_what_compiling_gives_in_another_process(compiled: dict[str, bytes]) -> None:
    run = subprocess.run([sys.executable, "-c", COMPILE], capture_output=True, text=True, check=True)
    digests = dict(line.split()[1:] for line in run.stdout.splitlines() if line.startswith("SynthDef "))
    assert sorted(digests) == sorted(compiled), CURE
    assert [name for name, data in compiled.items() if hashlib.sha256(data).hexdigest() != digests[name]] == [], CURE


def test_every_instrument_of_the_catalogue_has_a_synthdef(compiled: dict[str, bytes]) -> None:
    assert set(instruments()) <= set(compiled)


def test_controls_are_the_common_ones_and_the_catalogues_parameters(compiled: dict[str, bytes]) -> None:
    for device in instruments().values():
        controls = parameter_defaults(compiled[device.id])
        common = {"out", "freq", "velocity", "seed", "rgen"} | ({"gate"} if device.gated else set())
        assert common <= set(controls), device.id
        wanted = {parameter.id: float(np.float32(parameter.default)) for parameter in device.parameters}
        assert {name: value for name, value in controls.items() if name not in common} == wanted, device.id


def test_parameters_are_within_their_own_ranges() -> None:
    for device in instruments().values():
        for parameter in device.parameters:
            assert parameter.low <= parameter.default <= parameter.high, (device.id, parameter.id)
            assert parameter.low > 0 or parameter.curve != "exp", (device.id, parameter.id)
        assert len({parameter.id for parameter in device.parameters}) == len(device.parameters), device.id


def test_a_missing_synthdef_is_an_error_with_a_cure() -> None:
    with pytest.raises(EngineError) as caught:
        synthdef_bytes("no_such_sound")
    assert "no_such_sound" in caught.value.line() and "hardcore.engine.synthdefs" in caught.value.line()


def test_importing_the_store_does_not_import_the_engine() -> None:
    script = "import sys, hardcore.engine.synthdefs.store, hardcore.engine.offline; print('nanosynth' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "False\n"
    )
