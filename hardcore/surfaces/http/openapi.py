"""The description of the server for programs: OpenAPI 3.1, with the schema of every command."""

from typing import Any

from hardcore.commands import registry
from hardcore.commands.generationstatus import request_schemas

_ERROR = {
    "type": "object",
    "required": ["error", "code"],
    "properties": {
        "error": {"type": "string"},
        "hint": {"type": "string"},
        "code": {"type": "string"},
        "field": {"type": "string"},
    },
}
_REFUSALS = {
    "400": "it cannot be carried out; nothing has changed",
    "401": "no token, or a wrong one",
    "403": "this caller may not do that",
    "404": "there is no such thing",
    "409": "the project is at another step than was expected, or there is no piece to make a clip for",
    "413": "the body is too long",
    "422": "an argument is wrong; `field` names it",
    "429": "too many requests",
    "507": "there is no room",
}


def openapi(version: str) -> dict[str, Any]:
    """Return the whole description."""
    fixed = {
        "/health": _get("Whether the server answers"),
        "/status": _get("The project, its step, what plays"),
        "/project": _get("The project in short"),
        "/project/state": _get("The whole project as JSON"),
        "/history": _get("The steps of the project"),
        "/events": _get("What happens, as server-sent events; `since` misses nothing after that step"),
        "/do": _get("Every command"),
        "/say": _post("A sentence: music, or a change to it", {"text": {"type": "string"}, "preview": _FLAG}, ["text"]),
        "/line": _post("A line as it is typed", {"line": {"type": "string"}, "dry_run": _FLAG}, ["line"]),
        "/batch": _post("Several commands as one step", {"calls": _CALLS, "dry_run": _FLAG}, ["calls"]),
    }
    fixed |= _generation()
    commands = {
        f"/do/{known.name.replace(' ', '/')}": {
            "post": {
                "summary": known.summary,
                "description": known.doc,
                "parameters": _PARAMETERS,
                "requestBody": {"content": {"application/json": {"schema": known.schema()}}},
                "responses": _responses(),
            }
        }
        for known in registry.registry().values()
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "hardcore", "version": version},
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Error": _ERROR, **request_schemas(_REFERENCE)},
        },
        "security": [{"token": []}],
        "paths": fixed | commands,
    }


def _generation() -> dict[str, Any]:
    """Return the routes of generation."""
    return {
        "/generate": _post_of("Plan, compose and render a piece or a clip", _named("GenerationRequest")),
        "/status/{job_id}": _get("Where a generation is", "job_id"),
        "/artifact/{job_id}": _get("What a generation made, with its plan", "job_id"),
        "/artifact/{job_id}/sound": _get("The sound, FLAC; ranges are answered", "job_id"),
        "/session": _post_of("Start a session", _named("SessionCreateRequest")),
        "/session/{session_id}": _get("The session: piece, theme, clips", "session_id"),
        "/session/{session_id}/clip": _post_of(
            "Make a clip of a layer for its piece", _named("SessionClipRequest"), "session_id"
        ),
    }


def _named(schema: str) -> dict[str, Any]:
    return {"$ref": _REFERENCE.format(model=schema)}


_REFERENCE = "#/components/schemas/{model}"
_FLAG = {"type": "boolean"}
_CALLS = {
    "type": "array",
    "maxItems": 64,
    "items": {
        "type": "object",
        "required": ["name"],
        "properties": {"name": {"type": "string"}, "arguments": {"type": "object"}},
    },
}
_PARAMETERS = [
    {"name": "dry_run", "in": "query", "schema": _FLAG},
    {"name": "expected", "in": "query", "schema": {"type": "integer"}},
    {"name": "author", "in": "query", "schema": {"type": "string"}},
]


def _responses() -> dict[str, Any]:
    refusals = {
        code: {
            "description": words,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
        }
        for code, words in _REFUSALS.items()
    }
    done = {"description": "done", "content": {"application/json": {"schema": {"type": "object"}}}}
    return {"200": done, **refusals}


def _get(summary: str, *names: str) -> dict[str, Any]:
    return {"get": {"summary": summary, "parameters": _in_path(names), "responses": _responses()}}


def _post(summary: str, properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return _post_of(
        summary, {"type": "object", "required": required, "properties": properties, "additionalProperties": False}
    )


def _post_of(summary: str, schema: dict[str, Any], *names: str) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    answers = {"parameters": _in_path(names), "requestBody": {"content": content}, "responses": _responses()}
    return {"post": {"summary": summary, **answers}}


def _in_path(names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]
