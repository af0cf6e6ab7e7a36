"""The Model Context Protocol, spoken by its own client: on stdin and stdout, and over HTTP."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import MCPError
from mcp.client.session import ClientSession
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

from hardcore.commands.core.registry import registry
from hardcore.controller.studio import Studio
from hardcore.kernel.kernel import Kernel
from hardcore.surfaces.gate import OwnInput, Rights
from hardcore.surfaces.mcp.tools import FEW, MOST_LETTERS, WEAVE, every
from hardcore.surfaces.service import Service
from tests.blocks import ROOT
from tests.song import studio_with_song
from tests.surfaces.server.agent import beside, said
from tests.surfaces.server.served import Served, serving


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    studio = studio_with_song()
    with serving(studio, tmp_path_factory.mktemp("served")) as served:
        yield served
    studio.close()


@pytest.fixture
def studio() -> Iterator[Studio]:
    studio = studio_with_song()
    yield studio
    studio.close()


@asynccontextmanager
async def over_http(server: Served, token: str | None = None) -> AsyncIterator[ClientSession]:
    headers = {"Authorization": f"Bearer {server.token if token is None else token}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=60) as client,
        streamable_http_client(f"{server.url}/mcp/", http_client=client) as (read, write),
        ClientSession(read, write) as session,
    ):
        await session.initialize()
        yield session


@asynccontextmanager
async def over_stdio(home: Path, *words: str) -> AsyncIterator[ClientSession]:
    environment = {"HARDCORE_HOME": str(home), "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
    program = StdioServerParameters(command=sys.executable, args=["-m", "hardcore", "mcp", *words], env=environment)
    async with stdio_client(program) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        yield session


def test_an_agent_works_on_its_own_branch_and_a_person_merges_it(server: Served) -> None:
    controller = server.studio.controller
    before, tempo = controller.history.at, controller.project.tempo_map.bpm

    async def session() -> None:
        async with over_http(server) as agent:
            assert (await said(agent, "run", calls=[{"name": "tempo", "arguments": {"bpm": tempo + 9}}]))[0] is False
            assert f"{tempo + 9:g} bpm" in (await said(agent, "look", what="project"))[1]
            failed, words = await said(agent, "history", action="undo")
            assert not failed and words.startswith("undone: tempo")
            assert (await said(agent, "history", action="undo"))[0] is True, "not below where it began"
            assert (await said(agent, "say", text="mute the kick"))[0] is False

    asyncio.run(session())
    assert (controller.history.at, controller.project.tempo_map.bpm) == (before, tempo), "main stays the person's"
    assert controller.on("agent").find_track("kick").mixer.mute
    status, merged = server.post("/do/history/merge", {"branch": "agent"})
    assert status == 200 and controller.project.find_track("kick").mixer.mute, merged
    assert controller.history.step.author == "http"


def test_an_agent_may_not_write_files_or_change_settings(server: Served) -> None:
    async def session() -> None:
        async with over_http(server) as agent:
            for tool, arguments in (
                ("render", {"file": "song.wav"}),
                ("line", {"line": "/config render.rate 44100"}),
                ("line", {"line": "/quit"}),
                ("run", {"calls": [{"name": "serve", "arguments": {}}]}),
                ("run", {"calls": [{"name": "save-as", "arguments": {"file": "/tmp/owned.hcs"}}]}),
            ):
                failed, words = await said(agent, tool, **arguments)
                assert failed and "may not" in words, (tool, words)

    asyncio.run(session())


def test_a_wrong_token_opens_no_session(server: Served) -> None:
    async def session() -> None:
        async with over_http(server, "wrong"):
            pass

    with pytest.raises(BaseExceptionGroup) as error:
        asyncio.run(session())
    assert "401" in repr(error.value.split(httpx2.HTTPError)[0] or error.value) or error.value.exceptions


def test_progress_comes_while_it_listens_and_a_call_is_given_up(server: Served) -> None:
    async def session() -> None:
        told: list[float] = []

        async def progress(share: float, total: float | None, words: str | None) -> None:
            told.append(share)

        async with over_http(server) as agent:
            result = await agent.call_tool("listen", {}, progress_callback=progress)
            assert not result.is_error and "LUFS" in result.content[0].text  # type: ignore[union-attr]
            assert told and told == sorted(told) and told[-1] <= 1
            for moment_s in (0.01, 0.05, 0.1, 0.2):
                with pytest.raises(TimeoutError):
                    await asyncio.wait_for(agent.call_tool("listen", {}), moment_s)
                assert (await said(agent, "look", what="tracks"))[0] is False, "the session goes on"

    asyncio.run(session())


def test_a_studio_of_its_own_on_stdin_and_stdout(tmp_path: Path) -> None:
    async def session() -> None:
        async with over_stdio(tmp_path, "--folder", str(tmp_path), "--agents-write") as agent:
            tools = (await agent.list_tools()).tools
            assert len(tools) == len(FEW) <= 12
            assert len(json.dumps([one.model_dump(exclude_none=True) for one in tools])) < 8000, "some 2,000 tokens"
            assert (await said(agent, "say", text="acid 130 bpm, A minor, 2 bars"))[0] is False
            failed, words = await said(agent, "find_commands", query="make the kick quieter", limit=3)
            assert not failed and words.startswith("/track gain")
            failed, words = await said(agent, "render", file="made.mid")
            assert not failed and (tmp_path / "made.mid").exists()
            failed, words = await said(agent, "render", file="/etc/made.mid")
            assert failed and "outside" in words
            failed, words = await said(agent, "run", calls=[{"name": "tempo", "arguments": {"bpm": 140}}], expected=0)
            assert failed and "not 0" in words
            assert (await said(agent, "nothing"))[0] is True
            assert (await said(agent, "describe"))[0] is True
            assert "acid" in (await agent.read_resource("hardcore://project")).contents[0].text  # type: ignore[union-attr]

    asyncio.run(session())


def test_an_agent_sees_a_sound(server: Served) -> None:
    """What a step changed in the sound it hears in the guide (With an agent)."""

    async def session() -> None:
        async with over_http(server) as agent:
            failed, words = await said(agent, "listen", sound="kick", picture="waveform")
            assert not failed and "LUFS" in words and words.count("\n") > 20
            assert (await said(agent, "compare"))[1].startswith("error: compare needs a sound")

    asyncio.run(session())


def test_with_every_command_as_a_tool_each_answer_fits_the_schema_that_was_listed(studio: Studio) -> None:
    """The client holds what it gets against the schemas of the list, and refuses what does not fit."""

    async def session() -> None:
        async with beside(studio, "all") as agent:
            listed = {tool.name: tool for tool in (await agent.list_tools()).tools}
            assert len(listed) == len(registry()) and all(tool.output_schema for tool in listed.values())
            for name, given in (
                ("track_list", {}), ("track_gain", {"tracks": "bass", "gain_db": -3}), ("info", {}), ("jobs", {}),
                ("history_list", {}), ("clip_show", {"clip": "bass:A"}), ("session_show", {}), ("undo", {}),
                ("track_show", {"track": "bass"}), ("help", {}), ("genre_list", {}),
            ):  # fmt: skip
                result = await agent.call_tool(name, given)
                assert not result.is_error and result.structured_content, (name, result.content)
                assert "cut" not in result.structured_content

    asyncio.run(session())


def test_jobs_branches_prompts_and_the_guide_are_there(studio: Studio) -> None:
    async def session() -> None:
        async with beside(studio) as agent:
            assert (await said(agent, "jobs"))[0] is False
            assert "no job 7" in (await said(agent, "jobs", action="cancel", job=7))[1]
            assert (await said(agent, "history", action="branch", branch="idea"))[0] is False
            assert "idea" in (await said(agent, "history", action="branches"))[1]
            assert (await said(agent, "line", line="/tempo 99 --head idea"))[0] is False
            assert "99" in (await said(agent, "history", action="merge", branch="idea"))[1]
            assert "tempo" in (await said(agent, "history", action="diff"))[1]
            offered = {one.name: one for one in (await agent.list_prompts()).prompts}
            assert set(offered) == {"new_piece", "mix", "arrange"}
            words = (await agent.get_prompt("mix", {"wish": "warmer"})).messages[0].content.text  # type: ignore[union-attr]
            assert words.startswith("Mix this project: warmer. `listen` first")
            assert (await agent.get_prompt("mix", {})).messages[0].content.text.startswith("Mix this project. ")  # type: ignore[union-attr]
            with pytest.raises(MCPError):
                await agent.get_prompt("nothing", {})
            page = (await agent.read_resource("hardcore://guide/branches")).contents[0].text  # type: ignore[union-attr]
            assert page.lstrip().startswith("# Branches")
            for strange in ("guide/nothing", "guide/../../../etc/passwd", "nothing"):
                text = (await agent.read_resource(f"hardcore://{strange}")).contents[0].text  # type: ignore[union-attr]
                assert text.startswith("there is no"), strange

    asyncio.run(session())


def test_every_command_can_be_a_tool_whose_schema_every_client_takes() -> None:
    tools = {tool.name: tool for tool in every()}
    assert len(tools) == len(registry())

    def nodes(schema: Any) -> Iterator[dict[str, Any]]:
        yield schema
        for child in (*schema.get("properties", {}).values(), *(schema[key] for key in ("items",) if key in schema)):
            yield from nodes(child)

    for tool in (*FEW, *tools.values()):
        assert tool.name.replace("_", "").isalnum(), tool.name
        for node in nodes(tool.schema):
            assert "default" not in node and "$ref" not in node and "anyOf" not in node, (tool.name, node)
            assert node["type"], (tool.name, node)
    assert tools["track_gain"].schema["properties"]["gain_db"]["type"] == ["number", "null"]
    assert tools["track_list"].reads and not tools["track_gain"].reads


def test_an_answer_is_cut_to_what_a_model_takes(server: Served) -> None:
    from hardcore.surfaces.mcp.tools import _line

    service = Service(server.studio, OwnInput(), Rights((Path.cwd(),)))
    answer = server.run(lambda: _line(service, service.caller("agent"), {"line": "/help"}))
    assert len(answer.text) <= MOST_LETTERS + 100 and "letters more" in answer.text


def test_an_agent_runs_python_only_where_it_was_allowed(server: Served, tmp_path: Path) -> None:
    async def refused() -> None:
        async with over_http(server) as agent:
            assert not {tool.name for tool in (await agent.list_tools()).tools} & {tool.name for tool in WEAVE}
            batch = {"calls": [{"name": "tempo", "arguments": {"bpm": 91}}, {"name": "py", "arguments": {"code": "1"}}]}
            for tool, arguments in (("line", {"line": "/py 1"}), ("run", batch)):
                failed, words = await said(agent, tool, **arguments)
                assert failed and "may not" in words, words

    asyncio.run(refused())
    assert server.post("/do/py", {"code": "1"})[0] == 403
    assert server.studio.recall(Kernel) is None, "nothing was started"
    studio = studio_with_song()

    async def allowed(own: Served) -> None:
        async with over_http(own) as agent:
            assert await said(agent, "weave_eval", code="x = 20\nprint('hi')\nx + 1") == (False, "hi\n21")
            result = await agent.call_tool("weave_eval", {"code": "1 / 0"})
            assert result.structured_content is not None and not result.is_error
            assert result.structured_content["error"] == "ZeroDivisionError: division by zero"
            assert "1 / 0" in result.structured_content["traceback"]
            failed, words = await said(agent, "weave_eval", code="tempo(99).text")
            assert not failed and "99 bpm" in words
            assert "Tempo: 99 BPM" in (await said(agent, "weave_session"))[1]
            assert "on_beat" in (await said(agent, "weave_help", topic="scheduler"))[1]
            assert (await said(agent, "weave_reset"))[0] is False
            assert (await said(agent, "weave_eval", code="x"))[1] == "NameError: name 'x' is not defined"

    with serving(studio, tmp_path, allow_eval=True) as own:
        asyncio.run(allowed(own))
        assert studio.controller.project.tempo_map.bpm == 138, "an agent's Python works on the agent's branch"
        assert own.post("/do/py", {"code": "a = 2\na * 3"})[1]["value"] == "6"
    studio.close()
