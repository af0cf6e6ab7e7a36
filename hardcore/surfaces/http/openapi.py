"""The description of the server for programs: OpenAPI 3.1, with the schema of every command."""

from typing import Any

from hardcore.commands import registry

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
    "409": "the project is at another step than was expected",
    "413": "the body is too long",
    "422": "an argument is wrong; `field` names it",
    "429": "too many requests",
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
            "schemas": {"Error": _ERROR},
        },
        "security": [{"token": []}],
        "paths": fixed | commands,
    }


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


def _get(summary: str) -> dict[str, Any]:
    return {"get": {"summary": summary, "responses": _responses()}}


def _post(summary: str, properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    schema = {"type": "object", "required": required, "properties": properties, "additionalProperties": False}
    content = {"application/json": {"schema": schema}}
    return {"post": {"summary": summary, "requestBody": {"content": content}, "responses": _responses()}}
