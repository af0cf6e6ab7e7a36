"""The Model Context Protocol over HTTP: an application to be mounted in the studio's server."""

from contextlib import AbstractAsyncContextManager
from typing import Any

from mcp.server.transport_security import TransportSecuritySettings

from hardcore.surfaces.mcp.server import Offer, mcp_server
from hardcore.surfaces.service import Service


def mounted(service: Service, offer: Offer = "few") -> tuple[Any, AbstractAsyncContextManager[None]]:
    """Return the application, and the context in which its sessions live: entered once, for as long as it serves.

    Answers come as events: as one JSON document a client would get no progress, and could not cancel. Host, origin and
    token are looked at by the guard before.
    """
    server = mcp_server(service, offer)
    unguarded = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    app = server.streamable_http_app(streamable_http_path="/", json_response=False, transport_security=unguarded)
    return app, server.session_manager.run()
