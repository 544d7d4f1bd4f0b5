"""The web application inside uvicorn."""

from __future__ import annotations

import asyncio
import socket

import uvicorn

from credo.base import lifeline
from credo.base.settings import Settings
from credo.running import housing, preparing


class Server(uvicorn.Server):
    """uvicorn, which says when it is ready."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell the supervisor."""
        await super().startup(sockets)
        if self.started:
            lifeline.say_ready()


def serve(settings: Settings, listening: int | None = None) -> int:
    """Serve the desk until asked to stop, on the inherited socket `listening` or on the settings' host and port."""
    from credo.web.app import create_app

    lifeline.hold()
    with housing.database(settings) as database_url:
        asyncio.run(preparing.ensure_ready(database_url))
        config = uvicorn.Config(
            create_app(settings, database_url),
            host=settings.host,
            port=settings.port,
            loop="uvloop",
            http="httptools",
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            forwarded_allow_ips=list(settings.trusted_proxies),
            timeout_graceful_shutdown=2,
        )
        server = Server(config)
        server.run([socket.socket(fileno=listening)] if listening is not None else None)
    return 0 if server.started else 1
