"""A node with its real server in this process, and people who are signed in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fastapi import FastAPI

from alliage.home import FIRST_USER
from alliage.node import Node
from alliage.server.app import create_app
from alliage.server.serve import make_server
from benchmarks.whole_path import open_node


@dataclass(frozen=True)
class Served:
    """A node that answers."""

    node: Node
    origin: str

    def new_session(self) -> str:
        """The secret of a new session of the administrator, for the cookie."""
        accounts = self.node.accounts
        user = accounts.find(FIRST_USER)
        assert user is not None
        return accounts.sign_in_once(accounts.one_time_token(user.principal.user_id)).token


@asynccontextmanager
async def served_node(prepare: Callable[[FastAPI], None] | None = None) -> AsyncIterator[Served]:
    """Serve a fresh node on a free port; ``prepare`` may add routes of peers to its app."""
    with open_node() as node:
        app = create_app(node.services())
        if prepare is not None:
            prepare(app)
        server = make_server(app, "127.0.0.1", 0)
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        try:
            yield Served(node, f"http://127.0.0.1:{port}")
        finally:
            server.should_exit = True
            await serving
