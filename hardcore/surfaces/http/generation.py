"""The routes of generation, as Timbre's clients know them: generate, status, artifact, and the session."""

from collections import OrderedDict
from collections.abc import Callable

from fastapi import FastAPI, Request
from fastapi.responses import Response

from hardcore.commands.composing import generationstatus, sessionstart
from hardcore.commands.core.results import Result
from hardcore.commands.projects import sessionid
from hardcore.errors import NotFound
from hardcore.surfaces.http.replies import body_of, reply
from hardcore.surfaces.service import Service

# So many telemetry ids are remembered, of the latest generations.
MOST_ECHOED = 1000
AUTHOR = "http"


class Echoes:
    """The telemetry ids of generations: they are sent nowhere, only said again with what is said of the job."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, str] = OrderedDict()

    def keep(self, job: str, telemetry: str | None) -> None:
        """Remember the id that a generation was asked with."""
        if telemetry is not None:
            self._known[job] = telemetry
            while len(self._known) > MOST_ECHOED:
                self._known.popitem(last=False)

    def of(self, job: str) -> str | None:
        """Return the id of a generation, None without one."""
        return self._known.get(job)


def add_generation(app: FastAPI, service: Service) -> None:
    """Add the routes of generation."""
    studio, echoes = service.studio, Echoes()

    def begun(result: Result, telemetry: str | None) -> Response:
        job = str(result.data()["job"])
        echoes.keep(job, telemetry)
        return reply(generationstatus.status_of(studio, job, telemetry).model_dump(mode="json"))

    @app.post("/generate")
    async def generate(request: Request) -> Response:
        asked = generationstatus.request_of(await body_of(request))
        if asked.session_id is not None:
            _ensure_session(service, asked.session_id)
        scenes = len(studio.controller.project.scenes)
        name, arguments = generationstatus.arguments_of(asked, scenes)
        result = await service.run(name, arguments, service.caller(AUTHOR))
        seeded = generationstatus.seeding(asked, studio, result)
        if seeded is not None:
            await service.run("session start", seeded, service.caller(AUTHOR))
        return begun(result, asked.telemetry_id)

    @app.get("/status/{job_id}")
    async def status(job_id: str) -> Response:
        found = generationstatus.status_of(studio, job_id, echoes.of(job_id))
        return reply(found.model_dump(mode="json"))

    @app.get("/artifact/{job_id}")
    async def artifact(job_id: str) -> Response:
        found = generationstatus.artifact_of(studio, job_id, echoes.of(job_id))
        return reply(found.model_dump(mode="json"))

    _sessions(app, service, begun)


def _sessions(app: FastAPI, service: Service, begun: Callable[[Result, str | None], Response]) -> None:
    @app.post("/session")
    async def create(request: Request) -> Response:
        arguments = generationstatus.session_arguments(await body_of(request))
        await service.run("session start", arguments, service.caller(AUTHOR))
        return _summary(service)

    @app.get("/session/{session_id}")
    async def show(session_id: str) -> Response:
        _ensure_session(service, session_id)
        return _summary(service)

    @app.post("/session/{session_id}/clip")
    async def clip(session_id: str, request: Request) -> Response:
        _ensure_session(service, session_id)
        scenes = len(service.studio.controller.project.scenes)
        arguments, telemetry = generationstatus.clip_arguments(await body_of(request), scenes)
        return begun(await service.run("generate clip", arguments, service.caller(AUTHOR)), telemetry)


def _summary(service: Service) -> Response:
    return reply(sessionstart.summary(service.studio).model_dump(mode="json"))


def _ensure_session(service: Service, wanted: str) -> None:
    """Raise NotFound where a session is not that of the project that is open."""
    if wanted != sessionid.session_id(service.studio):
        raise NotFound(f"no session '{wanted[:64]}'", "POST /session says the one of the project that is open")
