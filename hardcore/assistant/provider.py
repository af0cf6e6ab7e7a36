"""The model: opened by the URL of its server and its name; what goes wrong there, in one line, without the key."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from hardcore.assistant.keys import api_key, redacted
from hardcore.errors import HardcoreError, ModelFailed, without_extra

if TYPE_CHECKING:
    from pydantic_ai.models import Model

_LONGEST = 300


class Server(NamedTuple):
    """Where a model runs, and how long and how often its server is asked for one answer."""

    url: str
    model: str
    timeout_s: float
    retries: int


def load() -> None:
    """Load what a model needs: most of a second. Raises UserError where the extra is not installed."""
    try:
        import pydantic_ai
        import pydantic_ai.models.openai
        import pydantic_ai.providers.openai_compatible  # noqa: F401
    except ImportError as error:
        raise without_extra("a language model", error, "assistant") from error


@asynccontextmanager
async def opened(server: Server) -> AsyncIterator["Model"]:
    """Yield the model; its connections are closed afterwards. Raises ModelFailed for whatever goes wrong with it."""
    from openai import AsyncOpenAI
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

    key = api_key(server.url)
    # a server that needs no key gets a word, without which the client would look for a key itself
    client = AsyncOpenAI(
        base_url=server.url,
        api_key=key or "none",
        timeout=server.timeout_s,
        max_retries=server.retries,
        organization="",
        project="",
    )
    try:
        async with client:
            yield OpenAIChatModel(server.model, provider=OpenAICompatibleProvider("assistant", openai_client=client))
    except HardcoreError:
        raise
    except Exception as error:
        raise failed(error, server, key) from error


def failed(error: Exception, server: Server, key: str | None) -> ModelFailed:
    """Return what went wrong with a model, in a line that has no key in it."""
    message, hint = _in_words(error, server)
    line = " ".join(redacted(message, key).split())
    return ModelFailed(line if len(line) <= _LONGEST else f"{line[:_LONGEST]} …", hint)


def _in_words(error: Exception, server: Server) -> tuple[str, str]:
    from pydantic_ai import exceptions as wrong

    if isinstance(error, wrong.ModelHTTPError):
        hint = {401: "HARDCORE_ASSISTANT_KEY, or .env", 404: "config assistant.model", 429: "try again later"}
        return f"{server.url} answers {error.status_code}: {_said(error.body)}", hint.get(error.status_code, "")
    if isinstance(error, TimeoutError | wrong.ModelTimeoutError):
        return f"{server.model} did not answer in {server.timeout_s:g} s", "config assistant.timeout_s"
    if isinstance(error, wrong.UsageLimitExceeded):
        return f"{server.model} came to no end: {error}", "say less at once, or raise assistant.requests or .tokens"
    if isinstance(error, wrong.ModelAPIError):
        return f"{server.url} cannot be reached: {error.__cause__ or error}", "does it run? config assistant.url"
    return f"the answer of {server.model} cannot be used: {error}", "say it again, or in other words"


def _said(body: Any) -> str:
    """Return the message in the body of an error."""
    inner = body.get("error", body) if isinstance(body, dict) else body
    message = inner.get("message", inner) if isinstance(inner, dict) else inner
    return message if isinstance(message, str) else json.dumps(message, default=str)
