"""The dependency rule and the fences of docs/architecture.md, read from the code."""

import ast
from functools import cache
from pathlib import Path

from tests.each import each

ROOT = Path(__file__).resolve().parents[1] / "hardcore"
BASE = {
    "artifacts",
    "bugs",
    "checkpoint",
    "errors",
    "escaping",
    "filenames",
    "lockedfolder",
    "mending",
    "settings",
    "paths",
    "model",
    "version",
    "__init__",
}
MAY = {
    "workers": set(),
    "music": set(),
    "rhythm": {"music"},
    "project": {"music"},
    "profile": {"project", "music"},
    "knowledge": {"music", "rhythm", "project"},
    "audio": {"music"},
    "compose": {"music", "rhythm", "project", "profile", "knowledge"},
    "engine": {"workers", "music", "project", "audio"},
    "player": {"engine", "music", "project"},
    "midi": {"player", "engine", "music", "project"},
    "models": {"workers", "audio"},
    "exchange": {"music", "project"},
    "jobs": {
        "workers", "models", "exchange", "assistant", "compose", "knowledge", "rhythm", "engine", "audio", "project",
        "music",
    },
    "controller": {"profile", "project", "music"},
    "store": {"profile", "project", "music"},
    "language": {"compose", "rhythm", "knowledge", "project", "music"},
    "rules": {"controller", "project", "music"},
    "kernel": {"workers", "music", "rhythm"},
    "assistant": {"language", "compose", "rhythm", "knowledge", "project", "music"},
    "commands": {
        "kernel", "rules", "workers", "assistant", "language", "controller", "jobs", "exchange", "compose", "rhythm",
        "knowledge", "profile", "project", "music",
    },
    "surfaces": {"workers", "kernel", "commands", "controller", "project", "music"},
}  # fmt: skip
FENCES = {
    "prompt_toolkit": ("surfaces/repl/", "surfaces/screen/cells.py"),
    "sqlite3": ("store/",),
    "sqlite_utils": ("store/",),
    "nanosynth": ("engine/synthdefs/",),
    "socket": ("engine/server.py", "player/", "surfaces/http/server.py", "midi/process.py", "midi/sendprocess.py"),
    "subprocess": (
        "workers/child.py",
        "engine/boot.py",
        "engine/nrt.py",
        "engine/server.py",
        "player/",
        "midi/listener.py",
        "midi/sender.py",
    ),
    "rtmidi": ("midi/ports.py",),
    "fastapi": ("surfaces/http/",),
    "pythonosc": ("surfaces/osc/",),
    "uvicorn": ("surfaces/http/server.py",),
    "mcp": ("surfaces/mcp/",),
    "mcp_types": ("surfaces/mcp/",),
    "pydantic_ai": ("assistant/",),
    "openai": ("assistant/provider.py",),
    "pymusicxml": ("exchange/musicxml.py",),
    "pickle": (),
    "random": ("compose/", "knowledge/"),
    "torch": ("models/",),
    "transformers": ("models/",),
    "diffusers": ("models/",),
    "urllib.request": ("models/service.py", "models/weights.py"),
    "distributed": ("jobs/cluster.py", "jobs/clusterwork.py"),
    "onnxruntime": ("audio/polyphony.py",),
    "pyarrow": ("jobs/parquet.py",),
    "soundfile": ("audio/reader.py", "audio/files.py", "jobs/doctor.py"),
}
# Names by which slow work would get off the event loop and could not be stopped there.
# `commands/performance/playing.py` asks the player: a start that is given up ends, and every other question is answered
# within seconds.
UNSTOPPABLE = {
    "to_thread": (),
    "run_in_executor": ("commands/performance/playing.py",),
    "create_subprocess_exec": (),
    "create_subprocess_shell": (),
}
FILES = sorted(ROOT.rglob("*.py"))


@cache
def nodes(path: Path) -> list[ast.AST]:
    """Return what a file is made of and this looks at."""
    kinds = ast.Import | ast.ImportFrom | ast.Attribute | ast.alias
    return [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, kinds)]


@cache
def imports(path: Path) -> frozenset[str]:
    """Return the dotted names a file imports, wherever in it."""
    found: set[str] = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {f"{node.module}.{name.name}" for name in node.names}
    return frozenset(found)


@each("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_imports_only_what_its_package_may(path: Path) -> None:
    place = path.relative_to(ROOT)
    package = place.parts[0] if len(place.parts) > 1 else place.stem
    ours = {name.split(".")[1] for name in imports(path) if name.startswith("hardcore.") and "." in name}
    ours -= {"open_studio"}
    if package in ("app", "__main__"):
        return
    if package in BASE:
        allowed = BASE | ({"app", "surfaces"} if package == "__init__" else set())
    else:
        allowed = BASE | MAY[package] | {package}
    assert ours <= allowed, f"{place} imports {sorted(ours - allowed)}"


@each("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_library_stays_behind_its_fence(path: Path) -> None:
    place = path.relative_to(ROOT).as_posix()
    for name in imports(path):
        library = name.split(".")[0]
        if library in FENCES:
            assert place.startswith(FENCES[library]), f"{place} imports {library}"


def test_slow_work_leaves_the_loop_only_where_it_can_be_stopped() -> None:
    found = [
        (path.relative_to(ROOT).as_posix(), named)
        for path in FILES
        for node in nodes(path)
        if isinstance(node, ast.Attribute | ast.alias)
        and (named := node.attr if isinstance(node, ast.Attribute) else node.name) in UNSTOPPABLE
    ]
    strangers = [f"{place} uses {named}" for place, named in found if place not in UNSTOPPABLE[named]]
    assert not strangers, "workers/thread.py and workers/child.py do it"


def module(path: Path) -> str:
    return ".".join(("hardcore", *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__")


def test_no_module_imports_itself_in_a_circle() -> None:
    """Imports inside functions and those for types count as well: a circle hides where a fact belongs."""
    modules = {module(path): path for path in FILES}

    def imported(name: str) -> set[str]:
        return {
            next(m for m in (other, other.rpartition(".")[0]) if m in modules)
            for other in imports(modules[name])
            if other.startswith("hardcore.") and (other in modules or other.rpartition(".")[0] in modules)
        } - {name}

    left = {name: imported(name) for name in modules}
    while ends := [name for name in left if not left[name] & left.keys() or not any(name in i for i in left.values())]:
        for name in ends:  # it imports nothing that is left, or nothing left imports it: it is in no circle
            del left[name]
    assert left == {}


def test_every_package_holds_something() -> None:
    for folder in ROOT.rglob("*/"):
        if folder.is_dir() and folder.name != "__pycache__" and "_data" not in folder.parts:
            assert any(folder.glob("*.py")), folder


def test_the_top_level_holds_exactly_what_it_should() -> None:
    expected = {
        "pyproject.toml", "poetry.lock", "requirements", "README.md", "CONTRIBUTING.md", "Makefile", "LICENSE",
        "mkdocs.yml", "hardcore", "knowledge_base", "samples", "synthdefs", "config", "tests", "docs",
    }  # fmt: skip
    import subprocess

    listed = subprocess.run(["git", "ls-files"], cwd=ROOT.parent, capture_output=True, text=True, check=True).stdout
    top = {line.split("/")[0] for line in listed.splitlines()}
    assert {name for name in top if not name.startswith(".")} == expected
