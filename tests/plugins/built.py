"""A synth and an effect as VST3, built from plugin.cpp with DPF once for all runs on a machine; and their faults."""

import fcntl
import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

HERE, DPF = Path(__file__).parent, Path("/usr/share/dpf/distrho")
TONE, DELAY = "TestTone", "TestDelay"
LATENCY = 100
FAULTS = "TESTPLUGIN"
LACKING = [
    what
    for what, there in (
        ("dawdreamer", importlib.util.find_spec("dawdreamer") is not None),
        ("dpf-source", DPF.is_dir()),
        ("g++", shutil.which("g++") is not None),
        ("Linux", sys.platform == "linux"),
    )
    if not there
]
needs_plugins = pytest.mark.skipif(bool(LACKING), reason=f"no {', '.join(LACKING)}")


def folder() -> Path:
    """Return the folder that both plug-ins lie in, built when they are not there yet."""
    words = b"".join((HERE / name).read_bytes() for name in ("plugin.cpp", "DistrhoPluginInfo.h", "built.py"))
    there = Path(tempfile.gettempdir()) / f"hardcore-plugins-{os.getuid()}-{hashlib.sha256(words).hexdigest()[:12]}"
    there.mkdir(mode=0o700, exist_ok=True)
    with (there / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for name, synth in ((TONE, 1), (DELAY, 0)):
            _build(there / f"{name}.vst3", name, synth)
    return there


def _build(bundle: Path, name: str, synth: int) -> None:
    binary = bundle / "Contents" / f"{platform.machine()}-linux" / f"{name}.so"
    if binary.exists():
        return
    binary.parent.mkdir(parents=True, exist_ok=True)
    beside = binary.with_suffix(".part")
    words = ["g++", "-O0", "-w", "-std=gnu++17", "-fPIC", "-shared", "-DDISTRHO_PLUGIN_TARGET_VST3"]
    words += [f"-DSYNTH={synth}", f'-DNAME="{name}"', f"-I{DPF}", f"-I{HERE}", str(HERE / "plugin.cpp")]
    subprocess.run([*words, str(DPF / "DistrhoPluginMain.cpp"), "-o", str(beside)], check=True, timeout=300)
    beside.replace(binary)
