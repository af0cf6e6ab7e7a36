"""Sounds over HTTP: whole, in ranges, or 304 where the client has them already.

An artifact is named by its content, so its hash is what says whether a copy is the same (the ETag).
"""

import re

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, Response

from hardcore.commands.composing import generationstatus
from hardcore.controller.studio import Studio
from hardcore.errors import NotFound
from hardcore.project import artifacts
from hardcore.project.artifact import Artifact
from hardcore.surfaces.http.replies import reply

_RANGES = re.compile(rb"bytes=(\d+-\d*|-\d+)(\s*,\s*(\d+-\d*|-\d+))*")


def add_sounds(app: FastAPI, studio: Studio) -> None:
    """Add the sound of a generation, and that of any artifact by its name or id."""

    @app.get("/artifact/{job_id}/sound")
    async def generated(request: Request, job_id: str) -> Response:
        return _sound(request, generationstatus.made_by(studio, job_id))

    @app.get("/artifacts/{artifact}/sound")
    async def kept(request: Request, artifact: str) -> Response:
        return _sound(request, artifacts.find(artifact))

    @app.get("/artifacts/{artifact}/peaks")
    async def drawn(artifact: str) -> Response:
        return reply({"peaks": artifacts.find(artifact).peaks})


def _sound(request: Request, known: Artifact) -> Response:
    """Return the FLAC file of an artifact, as much of it as is asked for. Raises NotFound where it is gone."""
    path = artifacts.path_of(known.sha256)
    if not path.is_file():
        raise NotFound(f"the file of {known.name} is not there any more")
    headers = {"etag": f'"{known.sha256}"', "cache-control": "private, no-cache"}
    if _has(request.headers.get("if-none-match", ""), headers["etag"]):
        return Response(status_code=304, headers=headers)
    # what cannot be read as a range is as if it were not there (RFC 9110, 14.2)
    request.scope["headers"] = [
        (name, value) for name, value in request.scope["headers"] if name != b"range" or _RANGES.fullmatch(value)
    ]
    return FileResponse(path, headers=headers, media_type="audio/flac", filename=f"{known.name}.flac")


def _has(tags: str, ours: str) -> bool:
    """Return whether an `If-None-Match` names our tag, or any."""
    return tags.strip() == "*" or ours in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
