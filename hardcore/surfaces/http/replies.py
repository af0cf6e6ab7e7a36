"""Answers as JSON, and errors with the status that says whose they are."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic_core import from_json, to_json
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route

from hardcore.bugs import log_bug
from hardcore.errors import Conflict, Denied, HardcoreError, JobFailed, Misused, NotFound, Refused, Stale, UserError
from hardcore.escaping import escaped_json
from hardcore.surfaces.gate import MOST_BYTES

# The first that fits.
STATUS: tuple[tuple[type[HardcoreError], int], ...] = (
    (NotFound, 404),
    (Misused, 422),
    (Denied, 403),
    (Stale, 409),
    (Conflict, 409),
    (Refused, 507),
    (UserError, 400),
    (JobFailed, 500),
    (HardcoreError, 503),
)


def reply(data: Any, status: int = 200) -> Response:
    """Return data as a JSON answer; pydantic's writer takes a twentieth of the time of the framework's."""
    return Response(json_bytes(data), status, media_type="application/json")


def json_bytes(data: Any) -> bytes:
    """Return data as JSON in which nothing steers the terminal of whoever looks at it."""
    raw = to_json(data, inf_nan_mode="null")
    return raw if raw.isascii() and b"\x7f" not in raw else escaped_json(raw.decode()).encode()


def refusal(error: HardcoreError) -> Response:
    """Return an error as a JSON answer: what, the hint, its code, and the argument where it is about one."""
    status = next(status for kind, status in STATUS if isinstance(error, kind))
    data = {"error": error.message, "hint": error.hint, "code": error.code}
    if isinstance(error, Misused) and error.field:
        data["field"] = error.field
    return reply(data, status)


async def body_of(request: Request) -> dict[str, Any]:
    """Return the JSON object in a request; an empty body is an empty object. Raises Misused.

    NaN and Infinity are no JSON and are refused.
    """
    raw = await request.body()
    if len(raw) > MOST_BYTES:
        raise Misused("the body is too long")
    if not raw.strip():
        return {}
    try:
        data = from_json(raw, allow_inf_nan=False)
    except (ValueError, RecursionError) as error:
        raise Misused(f"that is no JSON: {error}") from error
    if not isinstance(data, dict):
        raise Misused("a JSON object is expected", 'such as {"bpm": 140}')
    return data


def answer_errors(app: FastAPI) -> None:
    """Answer every error in the one shape that the description of the server gives."""

    @app.exception_handler(HardcoreError)
    async def refused(request: Request, error: HardcoreError) -> Response:
        return refusal(error)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        field = str(first["loc"][-1])
        return refusal(Misused(f"{field}: {first['msg']}", "", field))

    @app.exception_handler(HTTPException)
    async def unrouted(request: Request, error: HTTPException) -> Response:
        facts = {"error": error.detail, "hint": "/openapi.json has every route", "code": "route"}
        answer = reply(facts, error.status_code)
        if error.status_code == 405:
            answer.headers["allow"] = ", ".join(_methods(app, request))
        return answer

    @app.exception_handler(Exception)
    async def failed(request: Request, error: Exception) -> Response:
        return reply(
            {"error": f"that should not happen: {type(error).__name__}", "hint": log_bug(error), "code": "bug"}, 500
        )


def _methods(app: FastAPI, request: Request) -> list[str]:
    """Return what a path may be asked by: of all routes that it fits, where the framework says the first one's."""
    fitting = (
        route for route in app.routes if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE
    )
    return sorted({method for route in fitting for method in route.methods or ()})
