"""The far ends of transports, for tests: real sockets, files, a real HTTP server, a pty pair."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import os
import pty
import socket
import threading
import tty
from collections.abc import AsyncIterator, Awaitable, Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from alliage.feeds.contract import Chunk, Decoded
from alliage.feeds.transports.base import Arrival, Status, Transport
from alliage.feeds.transports.registry import open_transport, parse_transport
from alliage.ontology.times import WallClock

QUICK = {"retry_first_s": 0.01, "retry_cap_s": 0.05}


async def until(condition: Callable[[], bool], deadline_s: float = 10.0) -> None:
    """Poll until the condition holds; fail when it does not within the deadline."""
    async with asyncio.timeout(deadline_s):
        while not condition():
            await asyncio.sleep(0.005)


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Sink:
    """Keeps everything it is handed."""

    def __init__(self) -> None:
        self.taken: list[Decoded] = []

    async def submit(self, source: str, decoded: Decoded) -> None:
        self.taken.append(decoded)

    @property
    def rows(self) -> int:
        return sum(batch.rows.num_rows for part in self.taken for batch in part.batches)


class Listener:
    """Iterates over a transport and keeps its arrivals and states."""

    def __init__(self, **config: Any) -> None:
        self.states: list[Status] = []
        self.arrivals: list[Arrival] = []
        settings = parse_transport({**QUICK, **config})
        self.transport: Transport = open_transport(settings, WallClock(), self.states.append)

    @property
    def chunks(self) -> list[Chunk]:
        return [chunk for part in self.arrivals if isinstance(part, list) for chunk in part]

    @property
    def data(self) -> bytes:
        return b"".join(chunk.data for chunk in self.chunks)

    @property
    def state_names(self) -> list[str]:
        return [status.state.value for status in self.states]

    async def listen(self) -> None:
        async for arrival in self.transport:
            self.arrivals.append(arrival)

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[Listener]:
        task = asyncio.create_task(self.listen())
        try:
            yield self
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


class TcpTalker:
    """A server that sends the same bytes to each who calls, and then waits or hangs up."""

    def __init__(self, data: bytes, hang_up: bool = False) -> None:
        self.calls = 0
        self._data = data
        self._hang_up = hang_up

    @contextlib.asynccontextmanager
    async def talking(self, port: int = 0) -> AsyncIterator[int]:
        server = await asyncio.start_server(self._talk, "127.0.0.1", port)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.calls += 1
        try:
            writer.write(self._data)
            await writer.drain()
            if not self._hang_up:
                await reader.read()
        except ConnectionError:
            pass  # the node has gone
        finally:
            writer.close()


class HttpTalker(ThreadingHTTPServer):
    """A real HTTP server. ``endless`` keeps the response open; ``status`` answers with an error."""

    daemon_threads = True

    def __init__(self, data: bytes, endless: bool = False, status: int = 200) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.data = data
        self.endless = endless
        self.status = status
        self.requests: list[dict[str, str]] = []
        self.done = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/feed"

    def __enter__(self) -> HttpTalker:
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.done.set()
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: HttpTalker

    def do_GET(self) -> None:
        talker = self.server
        talker.requests.append(dict(self.headers))
        tag = f'"{hash(talker.data)}"'
        unchanged = self.headers.get("If-None-Match") == tag
        self.send_response(304 if unchanged else talker.status)
        self.send_header("ETag", tag)
        if talker.status == 302:
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        if not talker.endless:
            self.send_header("Content-Length", "0" if unchanged else str(len(talker.data)))
        self.end_headers()
        if not unchanged:
            self.wfile.write(talker.data)
            self.wfile.flush()
        if talker.endless:
            talker.done.wait(10)

    def log_message(self, *_: object) -> None:
        pass


Link = tuple[dict[str, Any], Callable[[], Awaitable[None]]]


async def _nothing() -> None:
    pass


@contextlib.asynccontextmanager
async def link(kind: str, data: bytes, folder: Path) -> AsyncIterator[Link]:
    """A transport's settings, and what to call once it is connected, to make the bytes come."""
    async with contextlib.AsyncExitStack() as stack:
        yield await _LINKS[kind](data, folder, stack)


async def _plain(data: bytes, folder: Path, _: contextlib.AsyncExitStack) -> Link:
    (folder / "recording").write_bytes(data)
    return {"kind": "file", "path": str(folder / "recording")}, _nothing


async def _packed(data: bytes, folder: Path, _: contextlib.AsyncExitStack) -> Link:
    (folder / "recording.gz").write_bytes(gzip.compress(data))
    return {"kind": "file", "path": str(folder / "recording.gz")}, _nothing


async def _followed(data: bytes, folder: Path, _: contextlib.AsyncExitStack) -> Link:
    path = folder / "log"
    path.write_bytes(b"")

    async def append() -> None:
        with path.open("ab") as file:
            file.write(data)

    return {"kind": "file", "path": str(path), "follow": True, "poll_s": 0.01}, append


async def _tcp_client(data: bytes, _: Path, stack: contextlib.AsyncExitStack) -> Link:
    port = await stack.enter_async_context(TcpTalker(data).talking())
    return {"kind": "tcp_client", "host": "127.0.0.1", "port": port}, _nothing


async def _tcp_server(data: bytes, _: Path, stack: contextlib.AsyncExitStack) -> Link:
    port = free_port()

    async def call() -> None:
        _reader, writer = await asyncio.open_connection("127.0.0.1", port)
        stack.callback(writer.close)
        writer.write(data)
        await writer.drain()

    return {"kind": "tcp_server", "port": port}, call


async def _udp(data: bytes, _: Path, __: contextlib.AsyncExitStack) -> Link:
    port = free_port(socket.SOCK_DGRAM)

    async def send() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for line in data.splitlines(keepends=True):
                sender.sendto(line, ("127.0.0.1", port))

    return {"kind": "udp", "port": port}, send


async def _http(data: bytes, _: Path, stack: contextlib.AsyncExitStack) -> Link:
    talker = stack.enter_context(HttpTalker(data, endless=True))
    return {"kind": "http", "url": talker.url}, _nothing


async def _http_polled(data: bytes, _: Path, stack: contextlib.AsyncExitStack) -> Link:
    talker = stack.enter_context(HttpTalker(data))
    return {"kind": "http", "url": talker.url, "interval_s": 0.1}, _nothing


async def _serial(data: bytes, _: Path, stack: contextlib.AsyncExitStack) -> Link:
    far, near = pty.openpty()
    tty.setraw(near)
    stack.callback(os.close, far)
    stack.callback(os.close, near)

    async def send() -> None:
        await asyncio.to_thread(_write_all, far, data)

    return {"kind": "serial", "device": os.ttyname(near)}, send


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data[:1024]) :]


_LINKS: dict[str, Callable[[bytes, Path, contextlib.AsyncExitStack], Awaitable[Link]]] = {
    "file": _plain,
    "gzip file": _packed,
    "followed file": _followed,
    "tcp client": _tcp_client,
    "tcp server": _tcp_server,
    "udp": _udp,
    "http stream": _http,
    "http polling": _http_polled,
    "serial": _serial,
}
LINKS = list(_LINKS)
