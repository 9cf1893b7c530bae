"""Tiles made here: a plain image, an archive of them, and a server that gives them out."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

Address = tuple[int, int, int]


def image(red: int, green: int, blue: int, pixels: int = 256) -> bytes:
    """A PNG of one colour (PNG specification, sections 5 and 11)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    head = struct.pack(">IIBBBBB", pixels, pixels, 8, 2, 0, 0, 0)
    rows = (b"\0" + bytes([red, green, blue]) * pixels) * pixels
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, data) for kind, data in parts)


def write_archive(
    path: Path,
    tiles: Mapping[Address, bytes],
    kind: TileType = TileType.PNG,
    packed: Compression = Compression.NONE,
    told: Mapping[str, Any] | None = None,
) -> Path:
    """Write a PMTiles archive; its zooms are those of the tiles."""
    with path.open("wb") as file:
        writer = Writer(file)
        for address in sorted(tiles, key=lambda one: zxy_to_tileid(*one)):
            writer.write_tile(zxy_to_tileid(*address), tiles[address])
        zooms = [z for z, _x, _y in tiles]
        header = {
            "tile_type": kind,
            "tile_compression": packed,
            "min_zoom": min(zooms),
            "max_zoom": max(zooms),
            "min_lon_e7": -1_800_000_000,
            "min_lat_e7": -850_000_000,
            "max_lon_e7": 1_800_000_000,
            "max_lat_e7": 850_000_000,
            "center_zoom": 0,
            "center_lon_e7": 0,
            "center_lat_e7": 0,
        }
        writer.finalize(header, dict(told or {}))
    return path


@dataclass
class TileServer:
    """What a server answers, and what it was asked; both may be changed while it runs."""

    url: str
    status: int = 200
    content_type: str = "image/png"
    content: bytes = b"a tile"
    asked: list[str] = field(default_factory=list)


@contextmanager
def tile_server() -> Iterator[TileServer]:
    """A real HTTP server in a thread."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append(self.path)
            self.send_response(server.status)
            self.send_header("Content-Type", server.content_type)
            self.send_header("Content-Length", str(len(server.content)))
            self.send_header("Location", "http://elsewhere.invalid/")
            self.end_headers()
            self.wfile.write(server.content)

        def log_message(self, *_args: object) -> None:
            """Tests say what matters."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server = TileServer(f"http://127.0.0.1:{listening.server_address[1]}")
    thread = Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()
