"""The plug-ins of the tests, known to the studio as a scan made them known."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hardcore.app import build_studio
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.controller.studio import Studio
from hardcore.jobs.pluginscan import scan_plugins
from hardcore.paths import state_folder
from hardcore.workers.context import Context
from tests.plugins import built


def say(studio: Studio, *lines: str) -> str:
    """Return what the last of some lines answers."""

    async def session() -> str:
        answers = [await run_line(studio, line, Caller()) for line in lines]
        return answers[-1].text()

    return asyncio.run(session())


@pytest.fixture(scope="session")
def plugin_folder() -> Path:
    return built.folder()


@pytest.fixture(scope="session")
def scanned(plugin_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the list that a scan of the tests' plug-ins leaves."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HARDCORE_HOME", str(tmp_path_factory.mktemp("scanned")))
        done = scan_plugins(Context(lambda words: None), [str(plugin_folder)], [])
        assert (done["found"], done["failed"]) == (2, [])
        return (state_folder() / "plugins.json").read_bytes()


@pytest.fixture
def studio(home: Path, tmp_path: Path, scanned: bytes, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    """Yield a studio that knows both plug-ins."""
    (state_folder() / "plugins.json").write_bytes(scanned)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HARDCORE_ENGINE_KIND", "none")
    studio = build_studio()
    yield studio
    studio.close()


@pytest.fixture
def fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], object]:
    """Return what lets plug-ins go wrong from now on: `abort-load`, `hang-run` …, or nothing."""
    file = tmp_path / "fault"
    monkeypatch.setenv(built.FAULTS, str(file))
    return file.write_text
