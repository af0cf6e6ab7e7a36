"""Doctor: what the studio needs on this machine, tried rather than assumed."""

import platform
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from hardcore.engine.offline import find_embedded, find_external, render_raw
from hardcore.engine.osc import bundle, message, score_bytes
from hardcore.engine.synthdefs.store import synthdef_bytes, synthdef_folder
from hardcore.errors import HardcoreError, why
from hardcore.jobs.pluginscan import search_folders
from hardcore.mending import faults
from hardcore.paths import cache_folder, config_folder, data_folder, state_folder
from hardcore.project import pluginlist

# DawDreamer's: it is never loaded into the studio itself.
_LICENCE = "GPL-3.0"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was tried; `cure` says what to do when it is not good."""

    what: str
    good: bool
    found: str
    cure: str = ""


def mended() -> list[Check]:
    """Put right what can be, and return what was done, or why it could not be."""
    checks = []
    for fault in faults():
        try:
            checks.append(Check(fault.what, True, fault.mend()))
        except OSError as error:
            checks.append(Check(fault.what, False, fault.found, f"it cannot be mended: {why(error)}"))
    return checks


async def examine(version: str) -> list[Check]:
    """Return every check, in the order a newcomer would need them; last, what `doctor --fix` would mend."""
    python = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    return [
        Check("hardcore", True, version),
        Check(
            "Python", sys.version_info >= (3, 11), python, "" if sys.version_info >= (3, 11) else "install Python 3.11"
        ),
        _data(),
        _folder("projects' working copies", state_folder),
        _folder("settings", config_folder),
        _folder("what can be made again", cache_folder),
        _engine(),
        await _sound(),
        _formats(),
        _plugins(),
        *(Check(fault.what, False, fault.found, f"hardcore doctor --fix: {fault.remedy}") for fault in faults()),
    ]


def _data() -> Check:
    try:
        folders = [data_folder(name) for name in ("synthdefs", "knowledge_base", "config")]
        count = len(list(synthdef_folder().glob("*.scsyndef")))
        return Check("sounds and styles", count > 0, f"{count} SynthDefs in {folders[0].parent}")
    except HardcoreError as error:
        return Check("sounds and styles", False, error.message, error.hint)


def _folder(what: str, place: object) -> Check:
    try:
        assert callable(place)
        folder: Path = place()
        with tempfile.TemporaryFile(dir=folder):
            pass
        return Check(what, True, str(folder))
    except (OSError, HardcoreError) as error:
        return Check(what, False, str(error), "set HARDCORE_HOME to a folder you can write")


def _engine() -> Check:
    embedded, external = find_embedded(), find_external()
    if embedded:
        return Check("sound engine", True, "embedded scsynth")
    if external:
        return Check("sound engine", True, f"external {external.program}")
    return Check("sound engine", False, "none", "pip install nanosynth==0.5.0, or install SuperCollider's scsynth")


async def _sound() -> Check:
    """Render a tenth of a second of a kick and look whether there is sound in it."""
    end = [message("/g_freeAll", 0)]
    hit = [message("/d_recv", synthdef_bytes("kick909")), message("/s_new", "kick909", 1000, 0, 0, "out", 0)]
    score = score_bytes([bundle(0.0, hit), bundle(0.12, end)])
    with tempfile.TemporaryDirectory(prefix="hardcore-doctor-") as folder:
        try:
            raw = await render_raw(score, rate=48000, channels=2, folder=Path(folder), frames=4800)
            heard = any(raw.read_bytes())
        except (HardcoreError, OSError) as error:
            return Check("a test sound", False, str(error), getattr(error, "hint", ""))
    return Check("a test sound", heard, "rendered" if heard else "silence")


def _formats() -> Check:
    import soundfile  # type: ignore[import-untyped]

    known = soundfile.available_formats()
    missing = [name for name in ("WAV", "FLAC", "OGG", "MP3") if name not in known]
    found = f"libsndfile {soundfile.__libsndfile_version__}"
    cure = f"no {', '.join(missing)}: install a newer libsndfile" if missing else ""
    return Check("file formats", not missing, found, cure)


def _plugins() -> Check:
    """Say what hosts plug-ins and by which licence, where they are looked for, and how many are known."""
    try:
        host = distribution("dawdreamer")
    except PackageNotFoundError:
        return Check("plug-ins", True, "none: they need the extra plugins (pip install 'hardcore[plugins]')")
    known = pluginlist.listing()
    failed = sum(bool(one.reason) for one in known)
    found = f"DawDreamer {host.version} ({_LICENCE}), in processes of its own; {len(known)} plug-ins known"
    found += f", {failed} of them not used (plugins list failed)" if failed else ""
    there = [str(folder) for folder in search_folders() if folder.is_dir()]
    return Check("plug-ins", True, f"{found}; looked for in {', '.join(there) or 'no folder that exists'}")
