"""Picture clients on their WebSockets: one task reads, one sends, and none waits for another.

A client's sending task asks its session for what is due and awaits until the bytes have left;
only then does it ask again. So nothing piles up for a slow client (the session sends it fewer,
newer batches), and no other client notices.

Most batches only carry on from the one before and take a fraction of a millisecond, less than the
way to a worker thread and back: they are made at once, where the picture's lock is free. What may
take long, a wait or a new view, is left to a thread (docs/decisions/0130).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable
from typing import Final

import anyio.to_thread
import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect

from alliage.picture.messages import ProtocolError
from alliage.picture.session import Session
from alliage.server.problems import ProblemError
from alliage.server.security import SignedIn, audience_of, find_session
from alliage.server.services import Services

NOT_SIGNED_IN: Final = 4401
NOT_UNDERSTOOD: Final = 4400
NOT_ALLOWED: Final = 4403
GOING_AWAY: Final = 1001
TRY_LATER: Final = 1013
MIN_INTERVAL_S: Final = 0.05
"""However often a client moves its view, it is answered at most twenty times a second."""


class CloseError(Exception):
    """Ends a client's tasks; says with which code and reason its socket is closed."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class PictureSockets:
    """All open picture clients of a node."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._clients: set[PictureClient] = set()
        self._watching: asyncio.Task[None] | None = None
        self._closing = False

    def __len__(self) -> int:
        return len(self._clients)

    async def serve(self, websocket: WebSocket, signed_in: SignedIn) -> None:
        """Serve one accepted socket until it is closed."""
        full = len(self._clients) >= self._services.settings.max_clients
        if full or self._closing:
            await websocket.close(TRY_LATER, "the node serves as many clients as it can")
            return
        client = PictureClient(websocket, signed_in, self._services)
        self._clients.add(client)
        self._services.metrics.clients.inc()
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(self._watch())
        try:
            await client.run()
        finally:
            self._clients.discard(client)
            self._services.metrics.clients.dec()

    async def _watch(self) -> None:
        """What would be too much for each client to look after by itself, while there are any."""
        version: tuple[int | None, int] | None = None
        while self._clients:
            before = version
            version = self._services.accounts.version(), self._services.access.version
            for client in self._clients:
                client.end_if_stuck()
                if version[0] is None or version != before:
                    client.doubt_session()
            await asyncio.sleep(self._services.settings.check_session_s)

    async def close_all(self) -> None:
        """Tell every client that the node goes away; further ones are not taken."""
        self._closing = True
        clients = list(self._clients)
        for client in clients:
            client.stop(CloseError(GOING_AWAY, "the node shuts down"))
        await asyncio.gather(*(client.closed.wait() for client in clients))


class PictureClient:
    """One client: its socket, its session with the picture, its two tasks."""

    def __init__(self, websocket: WebSocket, signed_in: SignedIn, services: Services) -> None:
        self.closed = asyncio.Event()
        self._websocket = websocket
        self._signed_in = signed_in
        self._services = services
        self._audience = audience_of(signed_in, services)
        self._session = Session(services.picture, self._audience, services.pasts.of)
        self._doubted = True  # whether to look the sign-in up again
        self._sending_since: float | None = None
        self._turn = asyncio.Lock()  # the session is used by one task at a time
        self._wake = asyncio.Event()
        self._end: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def run(self) -> None:
        """Read and send until either ends, then close the socket saying why."""
        tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._send())]
        try:
            await asyncio.wait([*tasks, self._end], return_when=asyncio.FIRST_COMPLETED)
            await self._close(self._reason(tasks))
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._end.cancel()
            self.closed.set()

    def stop(self, reason: CloseError) -> None:
        """End this client from outside."""
        if not self._end.done():
            self._end.set_exception(reason)

    def doubt_session(self) -> None:
        """Accounts or policy have changed: before anything more is sent, look again."""
        self._doubted = True
        self._wake.set()

    def end_if_stuck(self) -> None:
        """Let a client go that takes nothing, so that it does not hold a place."""
        limit_s, since = self._services.settings.send_timeout_s, self._sending_since
        if since is not None and asyncio.get_running_loop().time() - since > limit_s:
            self.stop(CloseError(GOING_AWAY, f"the client took nothing for {limit_s:g} s"))

    def _reason(self, tasks: Iterable[asyncio.Future[None]]) -> CloseError | None:
        for done in (self._end, *tasks):
            error = done.exception() if done.done() and not done.cancelled() else None
            if isinstance(error, CloseError):
                return error
            if error is not None and not isinstance(error, WebSocketDisconnect):
                structlog.get_logger("alliage.server").error("picture client", exc_info=error)
                return CloseError(1011, "the node failed; its log says more")
        return None

    async def _close(self, reason: CloseError | None) -> None:
        if reason is not None:
            # The client may be gone, or deaf: neither is our business any more.
            with contextlib.suppress(RuntimeError, WebSocketDisconnect, TimeoutError):
                async with asyncio.timeout(1):
                    await self._websocket.close(reason.code, reason.reason[:120])

    async def _read(self) -> None:
        limit = self._services.settings.max_message_bytes
        while True:
            message = await self._websocket.receive()
            if message["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(message.get("code", 1000))
            text = message.get("text")
            if text is None:
                raise CloseError(NOT_UNDERSTOOD, "messages to the node are text, JSON")
            if len(text) > limit:
                raise CloseError(NOT_UNDERSTOOD, f"a message has at most {limit} characters")
            due_us = self._session.due_us
            try:
                async with self._turn:
                    self._session.receive(text)
            except ProtocolError as error:
                raise CloseError(error.code, error.reason) from None
            if self._session.due_us != due_us:
                self._wake.set()

    async def _send(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            if self._doubted or self._is_expired():
                await self._check_session()
            self._wake.clear()
            began = loop.time()
            async with self._turn:
                frames = await self._tick()
            self._sending_since = loop.time()
            for frame in frames:
                await self._websocket.send_bytes(frame)
                self._services.metrics.sent_bytes.inc(len(frame))
            self._sending_since = None
            await self._pause(began)

    async def _tick(self) -> list[bytes]:
        now_us = self._services.clock.now_us()
        lock = self._services.picture.lock
        if not (self._session.carries_on and lock.acquire(blocking=False)):
            return await anyio.to_thread.run_sync(self._session.tick, now_us)
        try:
            return self._session.tick(now_us)
        finally:
            lock.release()

    async def _pause(self, began: float) -> None:
        """Sleep until the next batch is due; what the client says may make that earlier."""
        loop = asyncio.get_running_loop()
        alarm = loop.call_later(self._wait_s(), self._wake.set)
        await self._wake.wait()
        alarm.cancel()
        too_soon_s = began + MIN_INTERVAL_S - loop.time()
        if too_soon_s > 0:
            await asyncio.sleep(too_soon_s)

    def _wait_s(self) -> float:
        """Seconds until there is something to do; not too many, for notices and the session."""
        look_again_s, due_us = self._services.settings.check_session_s, self._session.due_us
        if due_us is None:
            return look_again_s
        return min((due_us - self._services.clock.now_us()) / 1e6, look_again_s)

    def _is_expired(self) -> bool:
        return self._services.clock.now_us() >= self._signed_in.session.expires_us

    async def _check_session(self) -> None:
        """End when the session has; take up changed rights at once."""
        self._doubted = False
        try:
            found = await anyio.to_thread.run_sync(find_session, self._websocket, self._services)
        except ProblemError as error:
            raise CloseError(NOT_ALLOWED, error.detail) from None
        if found is None:
            raise CloseError(NOT_SIGNED_IN, "the session has ended: sign in again")
        audience = audience_of(found, self._services)
        if audience.key != self._audience.key:
            async with self._turn:
                self._session.change_audience(audience)
            self._audience = audience
        self._signed_in = found
