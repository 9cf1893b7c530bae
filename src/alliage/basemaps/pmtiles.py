"""Tiles from a PMTiles archive on this machine (PMTiles specification, version 3)."""

from __future__ import annotations

import asyncio
import gzip
import mmap
import zlib
from pathlib import Path
from typing import Final, Literal

from pmtiles.reader import Reader
from pmtiles.tile import Compression, TileType

from alliage.basemaps.tiles import Tile, TileError, TileSheet

MAX_TILE_BYTES: Final = 8 * 1024 * 1024
_MEDIA_TYPES: Final = {
    TileType.MVT: "application/vnd.mapbox-vector-tile",
    TileType.PNG: "image/png",
    TileType.JPEG: "image/jpeg",
    TileType.WEBP: "image/webp",
}
_DRAWN_PIXELS: Final = {"raster": 256, "vector": 512}


class PmtilesArchive:
    """An open archive, mapped into memory."""

    def __init__(self, path: Path) -> None:
        """Open it.

        Raises:
            TileError: it is not there, or no archive that can be used.
        """
        self._name = path.name
        try:
            with path.open("rb") as file:
                self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:  # an empty file cannot be mapped
            why = getattr(error, "strerror", None) or error
            raise TileError(f"{self._name} cannot be read: {why}") from None
        try:
            self._reader = Reader(self._part)
            header = self._reader.header()
            self._media_type = _MEDIA_TYPES[header["tile_type"]]
            self._compression = header["tile_compression"]
            self.sheet = self._sheet(header["min_zoom"], header["max_zoom"])
        except Exception as error:
            self._bytes.close()
            raise TileError(f"{self._name} is no PMTiles archive that can be used") from error
        if self._compression not in (Compression.NONE, Compression.GZIP):
            raise TileError(f"{self._name} is packed by {self._compression.name}: use gzip")

    async def tile(self, z: int, x: int, y: int) -> Tile | None:
        """One tile, unpacked; None where there is none.

        Raises:
            TileError: the archive is damaged there, or the tile too large.
        """
        return await asyncio.to_thread(self._read, z, x, y)

    async def close(self) -> None:
        """Let go of the file."""
        self._bytes.close()

    def _read(self, z: int, x: int, y: int) -> Tile | None:
        try:
            content = self._reader.get(z, x, y)
            if content is None:
                return None
            if self._compression is Compression.GZIP:
                content = _unpacked(content)
        except Exception as error:
            raise TileError(f"{self._name} is damaged at {z}/{x}/{y}") from error
        return Tile(content, self._media_type)

    def _part(self, offset: int, length: int) -> bytes:
        return self._bytes[offset : offset + length]

    def _sheet(self, min_zoom: int, max_zoom: int) -> TileSheet:
        kind: Literal["raster", "vector"] = "raster"
        if self._media_type == _MEDIA_TYPES[TileType.MVT]:
            kind = "vector"
        told = self._reader.metadata()
        layers = told.get("vector_layers") or [] if kind == "vector" else []
        names = tuple(str(layer["id"]) for layer in layers)
        attribution = str(told.get("attribution") or "")
        pixels = _DRAWN_PIXELS[kind]
        return TileSheet(kind, min_zoom, max_zoom, pixels, names, attribution)


def _unpacked(content: bytes) -> bytes:
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    unpacked = unpacker.decompress(content, MAX_TILE_BYTES)
    if unpacker.unconsumed_tail:
        raise gzip.BadGzipFile("a tile longer than it may be")
    return unpacked
