"""An agent as the Model Context Protocol's own client: joined in memory to a studio, and what its tools say."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from mcp.client.session import ClientSession
from mcp.shared.memory import create_client_server_memory_streams

from hardcore.controller.studio import Studio
from hardcore.surfaces.gate import OwnInput, Rights
from hardcore.surfaces.mcp.server import Offer, mcp_server
from hardcore.surfaces.service import Service


@asynccontextmanager
async def beside(studio: Studio, offer: Offer = "few") -> AsyncIterator[ClientSession]:
    """Yield a client of a studio that is joined to its server in memory, as by stdin and stdout."""
    server = mcp_server(Service(studio, OwnInput(), Rights((Path.cwd(),))), offer)
    async with create_client_server_memory_streams() as (ours, theirs):
        serving = asyncio.ensure_future(server.run(*theirs, server.create_initialization_options()))
        async with ClientSession(*ours) as session:
            await session.initialize()
            yield session
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving


async def said(session: ClientSession, tool: str, **arguments: Any) -> tuple[bool, str]:
    """Return whether a tool failed, and what it said."""
    result = await session.call_tool(tool, arguments)
    return result.is_error, "\n".join(getattr(one, "text", "") for one in result.content)
