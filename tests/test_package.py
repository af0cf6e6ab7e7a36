"""What is installed is what is locked, and the wheel works without the checkout."""

import hashlib
import json
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
import soundfile
import xmlschema
from packaging.markers import Marker, default_environment
from packaging.requirements import Requirement

import hardcore
from hardcore.paths import DATA
from tests.exchange.dawfile import SCHEMAS

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = tomllib.loads((ROOT / "poetry.lock").read_text(encoding="utf-8"))
SYSTEMS = (
    ("linux", "posix", "Linux", "x86_64"),
    ("linux", "posix", "Linux", "aarch64"),
    ("darwin", "posix", "Darwin", "arm64"),
    ("darwin", "posix", "Darwin", "x86_64"),
    ("win32", "nt", "Windows", "AMD64"),
)
PROMPT = "acid 130 bpm, A minor, 2 bars"

Pinned = tuple[str, str, frozenset[str]]


def machines() -> Iterator[dict[str, str]]:
    """Yield the marker environment of every system and Python that matters."""
    names = ("sys_platform", "os_name", "platform_system", "platform_machine")
    for system, version in product(SYSTEMS, ("3.11", "3.12", "3.13", "3.14", "3.15")):
        known = {**default_environment(), **dict(zip(names, system, strict=True))}
        yield known | {"python_version": version, "python_full_version": f"{version}.0"}


def locked(groups: set[str], extras: tuple[str, ...], machine: dict[str, str]) -> set[Pinned]:
    """Return what the lock gives a machine for some groups of dependencies, and for some extras."""
    found: set[Pinned] = set()
    for package in LOCK["package"]:
        markers = package.get("markers", {})
        for group in groups & set(package["groups"]):
            marker = markers if isinstance(markers, str) else markers.get(group, "")
            if not marker or any(Marker(marker).evaluate({**machine, "extra": extra}) for extra in ("", *extras)):
                hashes = frozenset(file["hash"] for file in package["files"])
                found.add((package["name"], package["version"], hashes))
    return found


def required(name: str) -> list[tuple[Requirement, frozenset[str]]]:
    """Return the requirements of a file of requirements/, each with its hashes."""
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [(Requirement(line.split("--hash=")[0]), frozenset(re.findall(r"--hash=(\S+)", line))) for line in lines]


def exported(pins: list[tuple[Requirement, frozenset[str]]], machine: dict[str, str]) -> set[Pinned]:
    """Return what a requirements file gives a machine."""
    return {
        (pin.name, str(pin.specifier).removeprefix("=="), hashes)
        for pin, hashes in pins
        if pin.marker is None or pin.marker.evaluate(machine)
    }


@pytest.mark.parametrize(
    ("name", "groups", "extras"),
    [
        ("run.txt", {"main"}, ()),
        ("serve.txt", {"main"}, ("serve",)),
        ("assistant.txt", {"main"}, ("assistant",)),
        ("site.txt", {"site"}, ()),
        ("test.txt", {"main", "dev"}, ("serve", "assistant", "cluster", "chords", "link", "plugins")),
    ],
)
def test_a_requirements_file_is_what_the_lock_says(name: str, groups: set[str], extras: tuple[str, ...]) -> None:
    pins = required(name)
    assert all(hashes for _, hashes in pins)
    for machine in machines():
        wanted, found = locked(groups, extras, machine), exported(pins, machine)
        differing = sorted({package[0] for package in wanted ^ found})
        where = f"{machine['sys_platform']} {machine['platform_machine']}, Python {machine['python_version']}"
        assert not differing, f"run `make requirements`: {name} differs from the lock on {where}: {differing}"


def content_hash(pyproject: dict[str, Any]) -> str:
    """Return the hash that Poetry (2.3 and later) keeps in the lock of a project with PEP 621 metadata."""
    project = {
        key: pyproject["project"][key]
        for key in ("requires-python", "dependencies", "optional-dependencies")
        if key in pyproject["project"]
    }
    keys = ("dependencies", "source", "extras", "dev-dependencies", "group")
    tool = {key: pyproject["tool"]["poetry"][key] for key in keys if key in pyproject["tool"]["poetry"]}
    relevant: dict[str, Any] = {"project": project}
    if pyproject.get("dependency-groups"):
        relevant["dependency-groups"] = pyproject["dependency-groups"]
    relevant["tool"] = {"poetry": tool}
    return hashlib.sha256(json.dumps(relevant, sort_keys=True).encode()).hexdigest()


def test_the_lock_belongs_to_the_project_file() -> None:
    assert LOCK["metadata"]["content-hash"] == content_hash(PYPROJECT), "run `poetry lock` and `make requirements`"


def test_no_file_names_an_index() -> None:
    for path in (ROOT / "poetry.lock", *(ROOT / "requirements").iterdir()):
        assert not re.search(r"https?://|--(extra-)?index-url|--trusted-host", path.read_text(encoding="utf-8")), path


# The program, and the page that it serves.
SUFFIXES = (".py", ".html")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_the_program_and_its_data_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        entry = next(name for name in archive.namelist() if name.endswith("entry_points.txt"))
        assert "hardcore=hardcore.__main__:main" in archive.read(entry).decode().replace(" ", "")
        metadata = archive.read(entry.replace("entry_points.txt", "METADATA")).decode()
    assert "License-Expression: GPL-3.0-or-later" in metadata
    code = {path.relative_to(ROOT).as_posix() for path in (ROOT / "hardcore").rglob("*") if path.suffix in SUFFIXES}
    data = {
        f"hardcore/_data/{path.relative_to(ROOT).as_posix()}"
        for folder in DATA
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and (folder != "docs" or path.suffix in (".md", ".py"))
    }
    assert all(any(name.startswith(f"hardcore/_data/{folder}/") for name in data) for folder in DATA)
    assert names == code | data


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a new environment with the wheel in it, which breaks when it opens a file of the checkout.

    The dependencies are those of this environment, by a link.
    """
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    own = sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
    (site / "dependencies.pth").write_text("\n".join(own), encoding="utf-8")
    python = str(program(folder, "python"))
    # without an index: all that the wheel asks for is there, as pipx would have to find it
    install = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-index"]
    subprocess.run([*install, "--ignore-installed", "--no-deps", str(wheel)], check=True, timeout=100)
    subprocess.run([*install, str(wheel)], check=True, timeout=100)
    (site / "sitecustomize.py").write_text(GUARD.format(root=str(ROOT), environment=sys.prefix), encoding="utf-8")
    return folder


GUARD = """
import os, sys

def guard(event, arguments):
    if event in ("open", "os.listdir", "os.scandir") and isinstance(arguments[0], (str, os.PathLike)):
        path = os.path.abspath(os.fspath(arguments[0]))
        if path.startswith({root!r} + os.sep) and not path.startswith({environment!r} + os.sep):
            raise RuntimeError("opens the checkout: " + path)

sys.addaudithook(guard)
"""


PLACES = """
import json, sys, hardcore
from hardcore.knowledge import loader
import hardcore
from hardcore.paths import DATA, data_folder
print(json.dumps([hardcore.__file__, str(loader.folder()), *(str(data_folder(name)) for name in DATA), *sys.path]))
"""


def program(folder: Path, name: str) -> Path:
    """Return the path of a program in an environment."""
    return folder / ("Scripts" if os.name == "nt" else "bin") / name


def environment(**more: str) -> dict[str, str]:
    """Return this process's environment without what leads Python to the checkout."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")} | more


def test_the_guard_of_the_installed_program_works(installed: Path, tmp_path: Path) -> None:
    script = f"open({str(ROOT / 'pyproject.toml')!r})"
    done = subprocess.run(
        [program(installed, "python"), "-c", script], cwd=tmp_path, env=environment(), capture_output=True, timeout=60
    )
    assert b"opens the checkout" in done.stderr


def test_the_installed_program_brings_its_data(installed: Path, tmp_path: Path) -> None:
    command = [program(installed, "python"), "-c", PLACES]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=60, check=True
    )
    package, genres, *rest = json.loads(done.stdout)
    for path in (package, genres, *rest[: len(DATA)]):
        assert Path(path).resolve().is_relative_to(installed.resolve())
    assert ROOT not in [Path(path).resolve() for path in rest[len(DATA) :] if path]


def test_the_installed_program_renders_the_bytes_that_the_checkout_renders(installed: Path, tmp_path: Path) -> None:
    words = ["render", PROMPT, "--seed", "5", "-o", "a.wav"]
    places = {
        "installed": ([str(program(installed, "hardcore"))], environment()),
        "checkout": ([sys.executable, "-m", "hardcore"], environment(PYTHONPATH=str(ROOT))),
    }
    files = []
    for name, (command, variables) in places.items():
        folder = tmp_path / name
        folder.mkdir()
        done = subprocess.run(
            [*command, *words], cwd=folder, env=variables, capture_output=True, text=True, timeout=100
        )
        assert done.returncode == 0, done.stderr
        files.append((folder / "a.wav").read_bytes())
    assert len(files[0]) > 100_000
    assert files[0] == files[1]


def test_the_program_says_the_version_that_is_released() -> None:
    assert hardcore.__version__ == PYPROJECT["project"]["version"]


def test_a_newcomer_comes_from_a_sentence_to_a_song_its_stems_and_another_studio(
    installed: Path, tmp_path: Path
) -> None:
    """With the wheel alone, in a home in which there is nothing; what comes out is read by libraries of others."""
    home = tmp_path / "home"
    home.mkdir()
    place = environment(HOME=str(home), HARDCORE_RENDER_RATE="24000", PATH=f"{installed}/bin:{os.environ['PATH']}")
    for name in [name for name in place if name.startswith(("HARDCORE_HOME", "XDG_"))]:
        del place[name]

    def run(*words: str) -> str:
        done = subprocess.run(
            ["hardcore", *words], cwd=home, env=place, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=100,
        )  # fmt: skip
        assert done.returncode == 0, (words, done.stderr)
        return done.stdout

    run("do", f"{PROMPT} --seed 5", "/song --bars 8 --seed 5", "--create", "--project", "song.hcs")
    assert "section" in run("section", "list", "--project", "song.hcs")
    run("export", "song.wav", "--stems", "--bars", "4", "--project", "song.hcs")
    run("export", "song.dawproject", "--project", "song.hcs")

    mix, rate = soundfile.read(home / "song.wav")
    stems = [soundfile.read(path)[0] for path in (home / "song stems").glob("*.wav")]
    assert (rate, len(stems) > 2, np.abs(mix).max() > 0.1) == (24_000, True, True), [*home.iterdir()]
    assert all(len(stem) == len(mix) for stem in stems)
    tracks = set(re.findall(r"^track \S+ (.+) \(", run("text", "song.hcs"), flags=re.MULTILINE))
    with zipfile.ZipFile(home / "song.dawproject") as archive:
        assert archive.testzip() is None
        document = archive.read("project.xml")
    if SCHEMAS is not None:
        xmlschema.XMLSchema(str(SCHEMAS / "Project.xsd")).validate(document.decode())
    assert {track.get("name") for track in ElementTree.fromstring(document).iter("Track")} == tracks != set()
