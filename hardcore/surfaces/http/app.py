"""The routes of the server: commands, sentences, the project, its history and events."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Query, Request
from fastapi.responses import Response

from hardcore.commands.core import registry
from hardcore.errors import Misused, NotFound, UserError
from hardcore.escaping import escaped_json
from hardcore.surfaces.clippictures import pictures
from hardcore.surfaces.http.feed import Feeds, add_routes
from hardcore.surfaces.http.generation import add_generation
from hardcore.surfaces.http.master import Listeners, add_stream
from hardcore.surfaces.http.openapi import AUTHOR_PATTERN, openapi
from hardcore.surfaces.http.page import add_page
from hardcore.surfaces.http.replies import answer_errors, body_of, reply
from hardcore.surfaces.http.sounds import add_sounds
from hardcore.surfaces.mcp.mount import mounted
from hardcore.surfaces.outline import outline
from hardcore.surfaces.service import Service, answer, described
from hardcore.workers.thread import beside

Author = Query("http", min_length=1, max_length=40, pattern=AUTHOR_PATTERN)


def create_app(service: Service, agents: Service, feeds: Feeds, listeners: Listeners) -> FastAPI:
    """Return the application for an open studio; without its guard it asks for no token."""
    protocol, sessions = mounted(agents)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with sessions:
            yield

    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, lifespan=lifespan)

    answer_errors(app)
    add_page(app)
    _about(app, service)
    _commands(app, service)
    _project(app, service)
    add_generation(app, service)
    add_sounds(app, service.studio)
    add_routes(app, feeds)
    add_stream(app, listeners)
    app.mount("/mcp", protocol)
    return app


def _about(app: FastAPI, service: Service) -> None:
    cached: list[dict[str, Any]] = []

    @app.get("/health")
    async def health() -> Response:
        return reply({"status": "ok", "version": service.studio.version, "backends": ["synth"]})

    @app.get("/status")
    async def status() -> Response:
        return reply(service.status())

    @app.get("/openapi.json")
    async def schema() -> Response:
        if not cached:
            cached.append(openapi(service.studio.version))
        return reply(cached[0])


def _commands(app: FastAPI, service: Service) -> None:
    @app.get("/do")
    async def commands() -> Response:
        return reply(
            [{"name": one.name, "summary": one.summary, "usage": one.usage} for one in registry.registry().values()]
        )

    @app.get("/do/{name:path}")
    async def describe(name: str) -> Response:
        return reply(described(service.command(name)))

    @app.post("/do/{name:path}")
    async def do(
        request: Request, name: str, dry_run: bool = False, expected: int | None = None, author: str = Author
    ) -> Response:
        arguments = await body_of(request)
        caller = service.caller(author, dry_run=dry_run, expected=expected)
        return reply(answer(await service.run(name, arguments, caller)))

    @app.post("/say")
    async def say(request: Request, author: str = Author) -> Response:
        given = await body_of(request)
        text, preview, expected = _fields(given, {"text": str}, {"preview": bool, "expected": int})
        caller = service.caller(author, expected=expected)
        return reply(answer(await service.say(text, caller, bool(preview))))

    @app.post("/line")
    async def line(request: Request, author: str = Author) -> Response:
        given = await body_of(request)
        text, dry_run, expected = _fields(given, {"line": str}, {"dry_run": bool, "expected": int})
        caller = service.caller(author, expected=expected, dry_run=bool(dry_run))
        return reply(answer(await service.line(text, caller)))

    @app.post("/batch")
    async def batch(request: Request, author: str = Author) -> Response:
        given = await body_of(request)
        calls, dry_run, expected = _fields(given, {"calls": list}, {"dry_run": bool, "expected": int})
        caller = service.caller(author, expected=expected, dry_run=bool(dry_run))
        return reply(answer(await service.batch([_call(one) for one in calls], caller)))


def _project(app: FastAPI, service: Service) -> None:
    controller = service.studio.controller

    @app.get("/project")
    async def project() -> Response:
        return reply(answer(await service.run("info", {}, service.caller("http"))))

    @app.get("/project/outline")
    async def drawn() -> Response:
        return reply(outline(controller.project))

    @app.get("/project/pictures")
    async def of_clips(clips: str = Query(max_length=4000)) -> Response:
        names, project = frozenset(clips.split(",")), controller.project
        return reply(await beside(lambda: pictures(project, names)))

    @app.get("/project/state")
    async def state(step: int | None = None) -> Response:
        try:
            whole = controller.history.state() if step is None else controller.history.state(step)
        except (KeyError, UserError) as error:
            raise NotFound(f"no step {step}") from error
        # a large project takes tens of milliseconds to write: not on the loop that draws and plays
        written = await beside(lambda: escaped_json(whole.model_dump_json()))
        return Response(written, media_type="application/json")

    @app.get("/history")
    async def history(since: int = Query(0, ge=0), limit: int = Query(200, ge=1, le=2000)) -> Response:
        steps = [one for one in controller.history.steps.values() if one.number > since][:limit]
        return reply([{"step": one.number, "label": one.label, "author": one.author} for one in steps])


def _fields(given: dict[str, Any], needed: dict[str, type], optional: dict[str, type]) -> tuple[Any, ...]:
    """Return the fields of a request in that order, None for an optional one that is not given. Raises Misused."""
    kinds = needed | optional
    for name, value in given.items():
        if name not in kinds:
            raise Misused(f"no field '{name}'", ", ".join(kinds), name)
        if type(value) is not kinds[name]:
            raise Misused(f"{name} must be {_NAMES[kinds[name]]}", "", name)
    for name in needed:
        if name not in given:
            raise Misused(f"{name} is missing", "", name)
    return tuple(given.get(name) for name in kinds)


_NAMES = {str: "text", bool: "true or false", int: "a whole number", list: "a list"}


def _call(one: Any) -> tuple[str, dict[str, Any]]:
    if not isinstance(one, dict):
        raise Misused("a call is an object", '{"name": "track gain", "arguments": {…}}', "calls")
    name, arguments = _fields(one, {"name": str}, {"arguments": dict})
    return name, arguments or {}


_NAMES[dict] = "an object"
