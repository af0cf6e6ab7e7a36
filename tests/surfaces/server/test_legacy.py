"""The earlier tools: each does what it did, in its two folders, and refuses with its codes."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hardcore.commands.legacy.sandbox import CODES
from hardcore.controller.studio import Studio
from hardcore.music.midifile import read
from hardcore.surfaces.gate import OwnInput, Rights
from hardcore.surfaces.mcp.legacy import legacy
from hardcore.surfaces.service import Service
from tests.song import studio_with_song
from tests.surfaces.server.test_mcp import over_stdio

NAMES = {
    "render_session", "create_config", "read_config", "write_config", "list_configs", "list_examples", "agent_handle",
    "bass_generate", "bass_validate", "make_bass_for_config", "help_text", "list_docs", "read_doc", "search_docs",
    "doc_answer", "render_phrase",
}  # fmt: skip
KICK = [0b0001000100010001]


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.setenv("HARDCORE_CONFIGS_DIR", str(tmp_path / "configs"))
    monkeypatch.setenv("TECH_ENGINE_OUT_DIR", str(tmp_path / "out"))
    studio = studio_with_song()
    yield studio
    studio.close()


def call(studio: Studio, name: str, /, **given: Any) -> dict[str, Any]:
    """Return what a tool answers as data."""
    tool = next(tool for tool in legacy() if tool.name == name)
    service = Service(studio, OwnInput(), Rights((Path.cwd(),)))
    answer = asyncio.run(tool.work(service, service.caller("agent"), given))
    assert answer.data["code"] in CODES
    assert answer.text
    return answer.data


def code(studio: Studio, name: str, /, **given: Any) -> str:
    return str(call(studio, name, **given)["code"])


def test_a_client_finds_them_under_their_names(home: Path) -> None:
    async def session() -> None:
        async with over_stdio(home, "--tools", "legacy") as agent:
            assert {tool.name for tool in (await agent.list_tools()).tools} == NAMES
            result = await agent.call_tool("agent_handle", {"prompt": "ben klock, 128 bpm, 4 bars, seed 5"})
            assert result.structured_content is not None
            assert result.structured_content["code"] == "OK"
            assert Path(result.structured_content["midi_path"]).is_relative_to(home / "data" / "out")

    asyncio.run(session())


def test_configs_are_made_read_written_listed_and_rendered(studio: Studio, tmp_path: Path) -> None:
    assert code(studio, "create_config", name="night", params={"mode": "m1", "bpm": 128, "bars": 4}) == "OK"
    assert code(studio, "create_config", name="night", params={"mode": "m1"}) == "BAD_ARGS"
    assert call(studio, "list_configs")["items"] == ["night"]
    assert call(studio, "read_config", name="night")["body"]["bpm"] == 128
    assert code(studio, "write_config", name="night", body='{"mode": "m1", "bpm": 131, "bars": 2}') == "OK"
    done = call(studio, "render_session", config_path="night.json")
    assert (done["bpm"], done["bars"]) == (131, 2)
    song = read(Path(done["path"]))
    assert song.tempo_map.bpm == pytest.approx(131, abs=0.01)
    assert Path(done["path"]).parent == tmp_path / "out"
    assert "ben_klock" in call(studio, "list_examples")["items"]


def test_what_is_given_is_held_to_the_earlier_limits(studio: Studio) -> None:
    done = call(studio, "render_session", inline_config={"mode": "nonsense", "bpm": 174, "bars": 2, "ppq": -5})
    assert (done["code"], done["bpm"], done["bars"]) == ("OK", 150, 2)
    assert call(studio, "render_phrase", style="urgent", bars=0)["bars"] == 1
    assert code(studio, "render_phrase", style="soft") == "BAD_ARGS"


def test_a_prompt_makes_a_config_and_a_file_without_a_model(studio: Studio, tmp_path: Path) -> None:
    done = call(studio, "agent_handle", prompt="ghost kick, 174 bpm, 8 bars, more ghost, save as night/../dusk")
    assert (done["config"]["bpm"], done["config"]["bars"]) == (150, 8)
    assert Path(done["config_path"]).parent == tmp_path / "configs"
    again = call(studio, "agent_handle", prompt="ghost kick, 174 bpm, 8 bars, more ghost, save as night/../dusk")
    assert Path(again["midi_path"]).read_bytes() == Path(done["midi_path"]).read_bytes()
    plain = call(studio, "agent_handle", prompt="ghost kick, seed 3")
    more = call(studio, "agent_handle", prompt="ghost kick, seed 3, less ghost")
    assert plain["config"]["layers"] != more["config"]["layers"]


def test_a_bass_keeps_out_of_the_kicks_way_and_a_wrong_one_is_put_right(studio: Studio) -> None:
    drums = {"kick_masks_by_bar": KICK, "bars": 2, "root_note": 29}
    made = call(studio, "bass_generate", **drums, mode="scored", seed=4)
    assert made["events"] and not {event["step"] for event in made["events"]} & {0, 4, 8, 12}
    right = call(studio, "bass_validate", **drums, mode="scored", events=made["events"])
    assert (right["summaries"], right["events"]) == ([], made["events"])
    wrong = [{"start_tick": step * 480, "length_ticks": 960, "note": 90} for step in range(32)]
    mended = call(studio, "bass_validate", **drums, mode="scored", events=wrong)
    assert {line.split(": ")[1] for line in mended["summaries"]} >= {"collision", "register", "density", "monophony"}
    twice = call(studio, "bass_validate", **drums, mode="scored", events=mended["events"])
    assert (twice["summaries"], twice["events"]) == ([], mended["events"])
    assert call(studio, "bass_generate", **drums, ppq=480, seed=4)["events"][0]["start_tick"] % 120 == 0


def test_drums_and_a_bass_for_a_config_are_two_files(studio: Studio) -> None:
    done = call(studio, "make_bass_for_config", config_path="ben_klock", key="F minor", bass_out="low")
    assert Path(done["bass"]).name == "low.mid"
    bass = read(Path(done["bass"])).tracks[0]
    kicks = {note[0] for part in read(Path(done["drums"])).tracks for note in part.notes if note[2] == 36}
    assert bass.notes and kicks and not {note[0] for note in bass.notes} & kicks
    assert 0 <= done["E_med"] <= 1 and 0 <= done["S_med"] <= 1


def test_each_code_is_said_for_what_it_means(studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "configs").mkdir(exist_ok=True)
    (tmp_path / "configs" / "broken.json").write_text("{")
    (tmp_path / "secret.json").write_text("{}")
    for outside in ("../secret.json", str(tmp_path / "secret.json"), "/etc/passwd"):
        assert code(studio, "render_session", config_path=outside) == "PATH_OUT_OF_SANDBOX"
        assert code(studio, "read_config", name=outside) == "PATH_OUT_OF_SANDBOX"
    assert code(studio, "render_session", inline_config={"mode": "m1"}, out="../x") == "PATH_OUT_OF_SANDBOX"
    assert code(studio, "read_config", name="broken") == "BAD_CONFIG"
    assert code(studio, "write_config", name="x", body="[1]") == "BAD_CONFIG"
    assert code(studio, "create_config", name="x", params={"mode": "m1", "bpm": "fast"}) == "BAD_CONFIG"
    assert code(studio, "read_config", name="nothing") == "IO_ERROR"
    assert code(studio, "render_session", seed_id="nothing") == "NO_SUCH_SEED"
    assert code(studio, "bass_generate", version="2.0") == "VERSION_MISMATCH"
    assert code(studio, "bass_generate", bars=0) == "BAD_ARGS"
    assert code(studio, "bass_generate", kick_masks_by_bar=[99999999]) == "BAD_ARGS"
    assert code(studio, "create_config", name="x") == "BAD_ARGS"
    assert code(studio, "help_text", surprise=1) == "BAD_ARGS"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["configs", "out", "secret.json"]


def test_a_link_out_of_the_folder_is_not_followed(studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "configs").mkdir(exist_ok=True)
    (tmp_path / "secret.json").write_text('{"mode": "m1"}')
    (tmp_path / "configs" / "link.json").symlink_to(tmp_path / "secret.json")
    assert code(studio, "read_config", name="link") == "PATH_OUT_OF_SANDBOX"


def test_the_documentation_is_listed_read_searched_and_answers(studio: Studio) -> None:
    assert "guide/jobs.md" in call(studio, "list_docs")["items"]
    assert call(studio, "read_doc", name="jobs", start_line=1, max_lines=1)["body"] == "# Jobs"
    assert code(studio, "read_doc", name="nothing") == "IO_ERROR"
    results = call(studio, "search_docs", query="merge a branch", max_results=3)["results"]
    assert len(results) == 3 and set(results[0]) == {"path", "line", "snippet"}
    told = call(studio, "doc_answer", query="how do I cancel a job?")
    assert told["sources"] and all(len(part) <= 400 for part in told["summary"].split("\n\n"))
    assert "agent_handle" in call(studio, "help_text")["usage"]
    assert json.dumps(told)
