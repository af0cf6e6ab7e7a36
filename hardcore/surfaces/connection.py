"""A studio that serves, from another Python process: a notebook, a script, a program of yours.

from hardcore import connect

studio = connect()
studio.track.gain("kick", -3)
"""

import http.client
import json
import selectors
from collections.abc import Iterator
from typing import Any, Self
from urllib.parse import quote, urlencode, urlsplit

from hardcore.errors import UserError
from hardcore.kernel.facade import Studio
from hardcore.kernel.pipe import StudioError
from hardcore.surfaces.http.access import Access, running

TIMEOUT_S = 600.0


class Connection(Studio):
    """The studio of this user that serves: its commands as lines, by name and as attributes, and what happens there.

    What it refuses raises StudioError, in one line. One thread at a time may use it.
    """

    def __init__(self, access: Access, author: str) -> None:
        super().__init__(self._answer)
        self._access, self._author = access, author
        self._places: dict[str, list[str]] = {}
        self._http: http.client.HTTPConnection | None = None

    def events(self, since: int | None = None) -> Iterator[dict[str, Any]]:
        """Yield what happens from now on, as data; first, with `since`, the steps made after that one."""
        query = "" if since is None else f"?{urlencode({'since': since})}"
        channel = self._opened()
        try:
            channel.request("GET", f"/events{query}", headers=self._headers)
            for line in self._read(channel):
                if line.startswith(b"data:"):
                    yield json.loads(line[5:])
        finally:
            channel.close()

    def close(self) -> None:
        """End the connection; the studio goes on."""
        if self._http is not None:
            self._http.close()
            self._http = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __dir__(self) -> list[str]:
        """Return what can stand after the dot."""
        return [*super().__dir__(), "close", "events"]

    def _answer(self, words: dict[str, Any]) -> Any:
        """Return what the studio answers to a question of the facade. Raises StudioError."""
        if "do" in words:
            return self._asked("POST", "/line", {"line": words["do"]})
        if "batch" in words:
            calls = [{"name": name, "arguments": given} for name, given in words["batch"]]
            return self._asked("POST", "/batch", {"calls": calls})
        if "commands" in words:
            return [[one["name"], f"{one['usage']}   {one['summary']}"] for one in self._asked("GET", "/do")]
        return self._called(words["name"], words["values"], words["named"])

    def _called(self, name: str, values: Any, named: dict[str, Any]) -> Any:
        path = f"/do/{quote(name.replace(' ', '/'))}"
        if values and name not in self._places:
            self._places[name] = self._asked("GET", path)["places"]
        places = self._places.get(name, [])
        if len(values) > len(places):
            raise StudioError(f"{name} takes {len(places)} arguments in order")
        given = dict(zip(places, values, strict=False)) | named
        return self._asked("POST", path, {key: value for key, value in given.items() if value is not None})

    def _asked(self, method: str, path: str, data: Any = None) -> Any:
        """Return the data of an answer. Raises StudioError."""
        body = None if data is None else json.dumps(data)
        query = f"?{urlencode({'author': self._author})}" if method == "POST" else ""
        if self._http is None or _has_news(self._http):
            self.close()
            self._http = self._opened()
        try:
            self._http.request(method, path + query, body, self._headers)
            return json.loads(self._read(self._http).read())
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise StudioError(f"the studio at {self._access.url} is gone ({error})") from error

    def _read(self, channel: http.client.HTTPConnection) -> http.client.HTTPResponse:
        answer = channel.getresponse()
        if answer.status != 200:
            facts = json.loads(answer.read())
            raise StudioError(f"{facts['error']} ({facts['hint']})" if facts["hint"] else facts["error"])
        return answer

    def _opened(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self._access.host, self._access.port, timeout=TIMEOUT_S)

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._access.token}", "Content-Type": "application/json"}


def _has_news(channel: http.client.HTTPConnection) -> bool:
    """Return whether something came unasked: the end, since a server closes what has been idle."""
    if channel.sock is None:
        return False
    with selectors.DefaultSelector() as selector:
        selector.register(channel.sock, selectors.EVENT_READ)
        return bool(selector.select(0))


def connect(url: str | None = None, token: str | None = None, *, author: str = "python") -> Connection:
    """Return a connection to the studio of this user that was served last, or to one by its address and token.

    Raises UserError when none serves, StudioError when it does not answer.
    """
    access = running() if url is None else Access(*_place(url), token or "")
    made = Connection(access, author)
    made._asked("GET", "/status")
    return made


def _place(url: str) -> tuple[str, int]:
    """Return host and port of an address. Raises UserError."""
    parts = urlsplit(url if "//" in url else f"//{url}")
    if not parts.hostname or not parts.port:
        raise UserError(f"'{url}' is no address of a studio", "such as http://127.0.0.1:8000")
    return parts.hostname, parts.port
