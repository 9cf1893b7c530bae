"""The picture: its totals, and the WebSocket that keeps a client's view up to date."""

from __future__ import annotations

from dataclasses import astuple
from typing import cast

import anyio.to_thread
from fastapi import APIRouter, WebSocket

from alliage.access.api_tokens import Scope
from alliage.server import present
from alliage.server.as_of import TheAsOf
from alliage.server.headers import is_cross_site
from alliage.server.models.tracks import PictureSummary
from alliage.server.picture_socket import NOT_ALLOWED, NOT_SIGNED_IN, PictureSockets
from alliage.server.problems import ProblemError
from alliage.server.security import find_session, services_of

router = APIRouter(prefix="/picture", tags=["picture"])


@router.get("/summary")
def read_summary(as_of: TheAsOf) -> PictureSummary:
    """How many tracks the reader's picture has, by kind and state, and what time it is there."""
    view = as_of.view
    totals = view.totals()
    return PictureSummary(
        tracks=totals.tracks,
        located=totals.located,
        moving=totals.moving,
        middle=None if totals.middle is None else astuple(totals.middle),
        by_schema=totals.by_schema,
        by_state=totals.by_state,
        clock=present.clock(view.reading),
        not_kept=as_of.not_kept,
    )


@router.websocket("")
async def watch_picture(websocket: WebSocket) -> None:
    """Send what the client's view shows; docs/reference/picture-protocol.md has the protocol.

    A socket that may not be is accepted and closed with a code of ours: browsers do not tell a
    page why a handshake was refused.
    """
    services = services_of(websocket)
    by_token = "authorization" in websocket.headers  # which no page can make a browser send
    cross_site = not by_token and is_cross_site(
        websocket, services.settings.url, origin_required=True
    )
    session = None
    refused = None
    if not cross_site:
        try:
            session = await anyio.to_thread.run_sync(find_session, websocket, services)
        except ProblemError as error:
            refused = error
    if session is not None and session.api_token is not None:
        session = session if Scope.READ in session.api_token.scopes else None
    await websocket.accept()
    if refused is not None:
        await websocket.close(NOT_ALLOWED, refused.detail)
        return
    if session is None:
        why = "the Origin is not this node's own" if cross_site else "sign in first"
        await websocket.close(NOT_SIGNED_IN, why)
        return
    sockets = cast(PictureSockets, websocket.app.state.sockets)
    await sockets.serve(websocket, session)
