"""Generation by HTTP, as a client of Timbre's asks for it: requests, status, artifacts, sessions, and their codes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import soundfile

from hardcore.jobs.joblist import JobList
from tests.surfaces.server.served import Served, served

SHORT = {"prompt": "dark techno, 140 bpm, F minor", "duration_seconds": 4, "seed": 7, "output_sample_rate": 8000}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    """Yield a server whose jobs keep what they make in the home of the test."""
    with served(tmp_path) as server:
        yield server


@pytest.fixture(scope="module")
def refusing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Yield a server that is asked only for what it refuses."""
    with served(tmp_path_factory.mktemp("refusing")) as server:
        yield server


def finished(server: Served, job: str) -> dict[str, Any]:
    """Return the status of a generation when it is over."""
    jobs = server.studio.jobs
    assert isinstance(jobs, JobList)
    server.run(lambda: jobs.wait([int(job)]))
    status, answer = server.get(f"/status/{job}")
    assert status == 200
    return dict(answer)


def test_a_piece_is_generated_and_its_artifact_is_what_was_asked(server: Served, tmp_path: Path) -> None:
    before = server.studio.controller.history.at
    status, begun = server.post("/generate", SHORT | {"telemetry_id": "t-17"})
    assert status == 200 and begun["state"] in ("queued", "running") and begun["telemetry_id"] == "t-17"
    job = begun["job_id"]
    assert (begun["status_endpoint"], begun["stream_endpoint"]) == (f"/status/{job}", "/events")
    assert server.get(f"/artifact/{job}")[0] == 404, "not ready"
    over = finished(server, job)
    assert (over["state"], over["progress"], over["message"]) == ("succeeded", 1.0, "generation complete")
    status, made = server.get(f"/artifact/{job}")
    assert status == 200 and made["telemetry_id"] == "t-17"
    metadata = made["metadata"]
    plan, extras = metadata["plan"], metadata["extras"]
    assert (plan["tempo_bpm"], plan["key"], metadata["seed"]) == (140.0, "F minor", 7)
    assert [one["section_label"] for one in extras["sections"]] == [one["label"] for one in plan["sections"]]
    assert extras["motif_seed"]["captured"] and len(extras["motif_seed"]["chroma"]) == 12
    assert len(extras["mix"]["section_rms"]) == len(plan["sections"])
    code, headers, body = server.raw("GET", made["preview_url"])
    assert code == 200 and headers["content-type"] == "audio/flac"
    (tmp_path / "made.flac").write_bytes(body)
    heard = soundfile.info(str(tmp_path / "made.flac"))
    assert heard.samplerate == 8000
    assert heard.frames == pytest.approx(plan["total_duration_seconds"] * 8000, abs=1), "exactly as long as the plan"
    assert abs(plan["total_duration_seconds"] - 4) <= 240 / 140
    part = server.raw("GET", made["preview_url"], headers={"Range": "bytes=0-3"})
    assert (part[0], part[2]) == (206, b"fLaC")
    assert server.studio.controller.history.at == before, "nothing that stands was touched"


def test_a_plan_that_is_sent_is_what_is_rendered(server: Served) -> None:
    sections = [
        {"section_id": "s00", "role": "intro", "label": "Opening", "prompt": "", "bars": 1, "target_seconds": 2.4,
         "energy": "low"},
        {"section_id": "s01", "role": "chorus", "label": "Peak", "prompt": "", "bars": 1, "target_seconds": 2.4,
         "energy": "high"},
    ]  # fmt: skip
    plan = {
        "version": "v3", "tempo_bpm": 100, "time_signature": "4/4", "key": "D minor", "total_bars": 2,
        "total_duration_seconds": 4.8, "sections": sections,
    }  # fmt: skip
    status, begun = server.post("/generate", {**SHORT, "prompt": "house", "plan": plan})
    assert status == 200
    over = finished(server, begun["job_id"])
    assert over["state"] == "succeeded", over["message"]
    made = server.get(f"/artifact/{begun['job_id']}")[1]["metadata"]
    assert [(one["label"], one["bars"]) for one in made["plan"]["sections"]] == [("Opening", 1), ("Peak", 1)]
    assert (made["plan"]["key"], made["duration_seconds"]) == ("D minor", pytest.approx(4.8, abs=0.001))


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"prompt": ""}, 422, "prompt"),
        ({"duration_seconds": 1}, 422, "duration_seconds"),
        ({"duration_seconds": "long"}, 422, "duration_seconds"),
        ({"seed": -1}, 422, "seed"),
        ({"model_id": "musicgen-stereo-medium"}, 422, "model_id"),
        ({"musicgen_top_k": 250}, 422, "musicgen_top_k"),
        ({"cfg_scale": 3.0}, 422, "cfg_scale"),
        ({"output_format": "mp3"}, 422, "output_format"),
        ({"output_bit_depth": "pcm8"}, 422, "output_bit_depth"),
        ({"output_sample_rate": 100}, 422, "output_sample_rate"),
        ({"mode": "clip"}, 422, "clip_layer"),
        ({"mode": "dance"}, 422, "mode"),
        ({"plan": {"version": "v3"}}, 422, "plan"),
        ({"colour": "blue"}, 422, "colour"),
        ({"session_id": "session-nobody"}, 404, None),
        ({"mode": "clip", "clip_layer": "bass"}, 409, None),
    ],
)
def test_a_request_that_is_wrong_has_a_code_and_names_its_field(
    refusing: Served, change: dict[str, Any], status: int, field: str | None
) -> None:
    code, answer = refusing.post("/generate", SHORT | change)
    assert (code, answer.get("field")) == (status, field), answer


@pytest.mark.parametrize("path", ["/status/99999", "/status/x", "/artifact/99999", "/session/session-nobody"])
def test_what_is_unknown_is_not_found(refusing: Served, path: str) -> None:
    assert refusing.get(path)[0] == 404


def test_the_first_generation_of_a_session_is_its_piece(server: Served) -> None:
    session = server.post("/session", {})[1]["session_id"]
    status, begun = server.post("/generate", {**SHORT, "session_id": session})
    assert status == 200
    shown = server.get(f"/session/{session}")[1]
    assert shown["seed_prompt"] == SHORT["prompt"] and shown["clip_count"] > 0
    assert finished(server, begun["job_id"])["state"] == "succeeded"
    plan = server.get(f"/artifact/{begun['job_id']}")[1]["metadata"]["plan"]
    seeded = shown["seed_plan"]
    assert [(one["label"], one["bars"]) for one in plan["sections"]] == [
        (one["label"], one["bars"]) for one in seeded["sections"]
    ]
    status, job = server.post(f"/session/{session}/clip", {"layer": "lead", "bars": 1, "telemetry_id": "t-2"})
    assert (status, job["telemetry_id"]) == (200, "t-2")
    coming = [one for one in server.get(f"/session/{session}")[1]["clips"] if one["job_id"] == job["job_id"]]
    assert [one["state"] for one in coming] in (["queued"], ["running"], [])
    assert finished(server, job["job_id"])["state"] == "succeeded"


def test_a_session_begins_with_a_piece_and_takes_clips(server: Served) -> None:
    status, empty = server.post("/session", {"name": "night", "tempo_bpm": 90, "key": "A minor"})
    assert status == 200 and (empty["name"], empty["tempo_bpm"], empty["seed_plan"]) == ("night", 90, None)
    session = empty["session_id"]
    assert server.post(f"/session/{session}/clip", {"layer": "bass"})[0] == 409, "no piece to make a clip for"
    assert server.post("/session/session-nobody/clip", {"layer": "bass"})[0] == 404
    status, begun = server.post("/session", {"prompt": "house, 124 bpm, 2 bars", "seed": 3})
    assert status == 200 and begun["seed_prompt"] == "house, 124 bpm, 2 bars"
    assert begun["seed_plan"]["tempo_bpm"] == 124 and begun["theme"]["motif"]
    assert server.post(f"/session/{session}/clip", {"layer": "triangle"})[0] == 422
    assert server.post(f"/session/{session}/clip", {"layer": "bass", "scene_index": 7})[0] == 422
    status, job = server.post(f"/session/{session}/clip", {"layer": "bass", "prompt": "walking", "bars": 2, "seed": 4})
    assert status == 200
    over = finished(server, job["job_id"])
    assert over["state"] == "succeeded", over["message"]
    status, shown = server.get(f"/session/{session}")
    assert shown["clip_count"] == begun["clip_count"] + 1
    newest = max(shown["clips"], key=lambda one: one["scene_index"])
    assert (newest["layer"], newest["state"], newest["bars"]) == ("bass", "succeeded", 2)
    clip = server.get(f"/artifact/{job['job_id']}")[1]["metadata"]
    assert clip["plan"]["version"] == "v4" and clip["extras"]["clip"]["loop_ready"]
    assert clip["extras"]["clip"]["session_id"] == session
    assert clip["duration_seconds"] == pytest.approx(2 * 240 / 124, abs=1 / 8000)
    assert server.post(f"/session/{session}/clip", {"layer": "vocals"})[0] == 400
