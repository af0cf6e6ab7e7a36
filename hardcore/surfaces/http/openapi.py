"""The description of the server for programs: OpenAPI 3.1, with the schema of every command."""

from typing import Any

from hardcore.commands.composing.generationstatus import request_schemas
from hardcore.commands.core import registry

# What callers may sign with.
AUTHOR_PATTERN = r"^[A-Za-z0-9_ .:@-]+$"

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
    "405": "not by this method",
    "413": "the body is too long",
    "421": "the server does not go by that name",
    "422": "an argument is wrong; `field` names it",
    "429": "too many requests",
    "500": "a job or the program failed; the project is as before",
    "503": "what plays or renders cannot be had now",
    "507": "there is no room",
}


def openapi(version: str) -> dict[str, Any]:
    """Return the whole description."""
    requests = request_schemas(_REFERENCE)
    return {
        "openapi": "3.1.0",
        "info": {"title": "hardcore", "version": version},
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Error": _ERROR, **requests},
        },
        "security": [{"token": []}],
        "paths": _studio() | _generation(requests) | _sounds() | _commands(),
    }


def _studio() -> dict[str, Any]:
    """Return the routes of what stands and what happens, of sentences, lines and batches."""
    since = _query("since", {**_STEP, "minimum": 0})
    limit = _query("limit", {"type": "integer", "minimum": 1, "maximum": 2000})
    text, change = {"type": "string"}, {"expected": _STEP}
    clips = {**_query("clips", {**text, "maxLength": 4000}), "required": True}
    return {
        "/": _open(_get("The page of the studio", answer=_content("text/html", text))),
        "/health": _open(_get("Whether the server answers")),
        "/status": _get("The project, its step, what plays and where"),
        "/project": _get("The project in short"),
        "/project/outline": _get("What a view draws: tracks, grid, arrangement, no notes"),
        "/project/pictures": _get("What a view draws of clips: notes, or peaks of a sound", clips),
        "/project/state": _get("The whole project as JSON", _query("step", _STEP)),
        "/history": _get("The steps of the project", since, limit, answer=_LIST),
        "/events": _get(
            "What happens, as server-sent events; `since` misses nothing after that step",
            since,
            answer=_content("text/event-stream", text),
        ),
        "/stream": _get("What is heard from now on, as endless WAV", answer=_content("audio/wav", {})),
        "/do": _get("Every command", answer=_LIST),
        "/say": _post(
            "A sentence: music, or a change to it", {"text": text, "preview": _FLAG, **change}, ["text"], _AUTHOR
        ),
        "/line": _post("A line as it is typed", {"line": text, "dry_run": _FLAG, **change}, ["line"], _AUTHOR),
        "/batch": _post(
            "Several commands as one step", {"calls": _CALLS, "dry_run": _FLAG, **change}, ["calls"], _AUTHOR
        ),
    }


def _commands() -> dict[str, Any]:
    """Return the routes of every command: what it is for, and to run it."""
    asked = [_query("expected", _STEP), _AUTHOR]
    return {
        f"/do/{known.name.replace(' ', '/')}": {
            **_get(f"What {known.name} is for, its arguments, an example"),
            "post": {
                "summary": known.summary,
                "description": known.doc,
                "parameters": [*([_query("dry_run", _FLAG)] if _can_be_tried(known) else []), *asked],
                "requestBody": _body(known.schema()),
                "responses": _responses(_OBJECT),
            },
        }
        for known in registry.registry().values()
    }


def _can_be_tried(known: registry.Command) -> bool:
    return known.is_step or known.tries or not known.effects.all


def _generation(requests: dict[str, Any]) -> dict[str, Any]:
    """Return the routes of generation, whose bodies are `requests`, by name."""
    job, session = _in_path("job_id"), _in_path("session_id")

    def body(name: str) -> dict[str, Any]:
        return _body(requests[name]) | {"content": _content("application/json", _named(name))}

    return {
        "/generate": _post_of("Plan, compose and render a piece or a clip", body("GenerationRequest")),
        "/status/{job_id}": _get("Where a generation is", job),
        "/artifact/{job_id}": _get("What a generation made, with its plan", job),
        "/session": _post_of("Start a session", body("SessionCreateRequest")),
        "/session/{session_id}": _get("The session: piece, theme, clips", session),
        "/session/{session_id}/clip": _post_of("Make a clip for its piece", body("SessionClipRequest"), session),
    }


def _sounds() -> dict[str, Any]:
    """Return the routes of sounds: whole, a range of one, or that the client's is the same still."""

    def sound(summary: str, *parameters: dict[str, Any]) -> dict[str, Any]:
        operation = _get(summary, *parameters, answer=_content("audio/flac", {}))
        operation["get"]["responses"] |= {
            "206": {"description": "the bytes that `Range` asks for", "content": _content("audio/flac", {})},
            "304": {"description": "what `If-None-Match` names is the sound still"},
            "416": {"description": "the sound has no such bytes"},
        }
        return operation

    return {
        "/artifact/{job_id}/sound": sound("The sound of a generation, FLAC", _in_path("job_id")),
        "/artifacts/{artifact}/peaks": _get("How loud an artifact is along it, 0 to 255", _in_path("artifact")),
        "/artifacts/{artifact}/sound": sound("The sound of an artifact by its name or id", _in_path("artifact")),
    }


def _named(schema: str) -> dict[str, Any]:
    return {"$ref": _REFERENCE.format(model=schema)}


def _content(kind: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {kind: {"schema": schema}}


_REFERENCE = "#/components/schemas/{model}"
_FLAG = {"type": "boolean"}
_STEP = {"type": "integer"}
_OBJECT = _content("application/json", {"type": "object"})
_LIST = _content("application/json", {"type": "array"})
_CALLS = {
    "type": "array",
    "maxItems": 64,
    "items": {
        "type": "object",
        "required": ["name"],
        "properties": {"name": {"type": "string"}, "arguments": {"type": "object"}},
    },
}


def _query(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema}


_AUTHOR = _query("author", {"type": "string", "minLength": 1, "maxLength": 40, "pattern": AUTHOR_PATTERN})


def _responses(answer: dict[str, Any]) -> dict[str, Any]:
    refused = _content("application/json", _named("Error"))
    refusals = {code: {"description": words, "content": refused} for code, words in _REFUSALS.items()}
    return {"200": {"description": "done", "content": answer}, **refusals}


def _body(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a body; none is an empty object, which is as good where nothing has to be given."""
    return {"required": bool(schema.get("required")), "content": _content("application/json", schema)}


def _get(summary: str, *parameters: dict[str, Any], answer: dict[str, Any] = _OBJECT) -> dict[str, Any]:
    return {"get": {"summary": summary, "parameters": list(parameters), "responses": _responses(answer)}}


def _open(operation: dict[str, Any]) -> dict[str, Any]:
    """Return a route that answers without a token."""
    return {method: {**facts, "security": []} for method, facts in operation.items()}


def _post(summary: str, properties: dict[str, Any], required: list[str], *parameters: dict[str, Any]) -> dict[str, Any]:
    schema = {"type": "object", "required": required, "properties": properties, "additionalProperties": False}
    return _post_of(summary, _body(schema), *parameters)


def _post_of(summary: str, body: dict[str, Any], *parameters: dict[str, Any]) -> dict[str, Any]:
    answers = {"parameters": list(parameters), "requestBody": body, "responses": _responses(_OBJECT)}
    return {"post": {"summary": summary, **answers}}


def _in_path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
