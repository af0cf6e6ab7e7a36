"""An agent on stdin and stdout in a studio that serves already: its messages go there and back as they are."""

import asyncio
from typing import Any

import httpx2
from mcp.client.streamable_http import streamable_http_client
from mcp.server.stdio import stdio_server

from hardcore.surfaces.http.access import running


async def relay() -> None:
    """Relay between stdin and stdout and the studio of this user that serves. Raises UserError when none does."""
    access = running()
    headers = {"Authorization": f"Bearer {access.token}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=None) as client,
        streamable_http_client(f"{access.url}/mcp/", http_client=client) as (from_studio, to_studio),
        stdio_server() as (from_agent, to_agent),
    ):
        tasks = [asyncio.ensure_future(_pump(*way)) for way in ((from_agent, to_studio), (from_studio, to_agent))]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()


async def _pump(source: Any, sink: Any) -> None:
    async for message in source:
        if isinstance(message, Exception):
            continue
        await sink.send(message)
