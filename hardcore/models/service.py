"""Another studio as a backend: it renders with its own instruments or models, by its HTTP interface.

The place is its URL. Its token, where it needs one, is in the environment as HARDCORE_SERVICE_TOKEN, in no setting.
What comes back is a sound file of unknown origin and is read as one.
"""

import json
import os
import time
import urllib.error
import urllib.request
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from hardcore.errors import ModelFailed
from hardcore.models.backend import Capabilities, Take, Tell, Wish

TOKEN = "HARDCORE_SERVICE_TOKEN"
_RATE, _LONGEST_S = 48_000, 1200.0
_PATIENCE_S, _POLL_S = 3600.0, 0.25
_LARGEST_ANSWER, _LARGEST_SOUND = 1 << 20, 1 << 30


class Service:
    """A studio that serves (`hardcore serve`), found by its health."""

    def __init__(self, place: str, device: str) -> None:
        if urlsplit(place).scheme not in ("http", "https"):
            raise ModelFailed(f"{place[:80]} is no URL of a studio", "http://HOST:PORT")
        self._place = place.rstrip("/")
        health = self._asked("/health")
        self._version = str(health.get("version", ""))[:40]
        self._backends = [str(name)[:40] for name in health.get("backends", ())]
        self._can = Capabilities(frozenset({"text"}), _RATE, 2, _LONGEST_S, frozenset({"guidance", "temperature"}))

    @property
    def can(self) -> Capabilities:
        """Return what it can."""
        return self._can

    def render(self, wish: Wish, tell: Tell) -> Take:
        """Return what was asked for, rendered there. Raises ModelFailed."""
        from hardcore.audio.intake import whole

        asked: dict[str, Any] = {
            "prompt": wish.caption, "seed": wish.seed, "duration_seconds": wish.seconds, "output_sample_rate": _RATE,
            "output_format": "flac",
        }  # fmt: skip
        if wish.guidance is not None:
            asked["cfg_scale"] = wish.guidance
        if wish.temperature is not None:
            asked["musicgen_temperature"] = wish.temperature
        job = str(self._asked("/generate", asked)["job_id"])
        begun = time.monotonic()
        while (status := self._asked(f"/status/{job}"))["state"] not in ("succeeded", "failed"):
            tell(float(status.get("progress") or 0.0), str(status.get("message", ""))[:80])
            if time.monotonic() - begun > _PATIENCE_S:
                raise ModelFailed(f"the studio at {self._place} took longer than an hour")
            time.sleep(_POLL_S)
        if status["state"] == "failed":
            raise ModelFailed(f"the studio at {self._place} failed: {str(status.get('message', ''))[:200]}")
        with TemporaryDirectory() as folder:
            file = Path(folder) / "take.flac"
            file.write_bytes(self._fetched(f"/artifact/{job}/sound", None, _LARGEST_SOUND))
            audio, rate = whole(file)
        if rate != _RATE:
            raise ModelFailed(f"the studio at {self._place} answers with {rate} frames a second", f"{_RATE}")
        return Take(audio, rate, {"service": self._place, "version": self._version, "backends": self._backends})

    def _asked(self, path: str, data: dict[str, Any] | None = None) -> dict[str, Any]:
        body = json.dumps(data).encode() if data is not None else None
        try:
            answer = json.loads(self._fetched(path, body, _LARGEST_ANSWER))
        except ValueError as error:
            raise ModelFailed(f"{self._place} does not answer as a studio does") from error
        if not isinstance(answer, dict):
            raise ModelFailed(f"{self._place} does not answer as a studio does")
        return answer

    def _fetched(self, path: str, body: bytes | None, most: int) -> bytes:
        headers = {"content-type": "application/json", "accept": "*/*"}
        if token := os.environ.get(TOKEN, "").strip():
            headers["authorization"] = f"Bearer {token}"
        request = urllib.request.Request(self._place + path, body, headers)
        try:
            with _opener().open(request, timeout=60) as answer:
                data: bytes = answer.read(most + 1)
        except urllib.error.HTTPError as error:
            why = _reason(error)
            hint = f"its token in {TOKEN}" if error.code == 401 else ""
            raise ModelFailed(f"the studio at {self._place} refuses: {why}", hint) from error
        except (OSError, ValueError) as error:
            raise ModelFailed(f"no studio answers at {self._place}", "hardcore serve starts one there") from error
        if len(data) > most:
            raise ModelFailed(f"{self._place} answers with more than {most >> 20} MiB")
        return data


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A token goes nowhere but where it was meant to."""

    def redirect_request(self, *given: Any, **more: Any) -> None:
        """Return nothing: a redirection is an error."""


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_NoRedirect())


def _reason(error: urllib.error.HTTPError) -> str:
    try:
        said = json.loads(error.read(_LARGEST_ANSWER))
        words = said.get("message") or said.get("detail") or said.get("error")
        return " ".join(str(words).split())[:200] if words else str(error.code)
    except (OSError, ValueError, AttributeError):
        return str(error.code)
