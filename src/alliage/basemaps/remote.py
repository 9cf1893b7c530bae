"""Tiles from another server (XYZ, WMS), fetched by the node.

A browser never asks the other server itself: its address, a key and what somebody looks at stay
with the node, and pages may connect to nothing but their own node.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode, urlsplit

import httpx

from alliage.basemaps.settings import KEY, RemoteTiles, WmsTiles, XyzTiles
from alliage.basemaps.tiles import Tile, TileError, TileSheet
from alliage.feeds.transports.base import FatalError
from alliage.feeds.transports.tls import client_context

MAX_TILE_BYTES: Final = 4 * 1024 * 1024
KEPT_BYTES: Final = 48 * 1024 * 1024
KEPT_S: Final = 3_600.0
AT_ONCE: Final = 6
REST_S: Final = 5.0
"""After a failure the server is left alone for so long: many tiles are asked for at once."""
IMAGES: Final = frozenset({"image/png", "image/jpeg", "image/webp"})
HALF_EARTH_M: Final = math.pi * 6_378_137.0
"""Web Mercator (EPSG:3857) reaches so far from its middle, in metres."""


class RemoteServer:
    """A tile server behind this node. Keeps what it fetched for a while, within bounds."""

    def __init__(
        self, settings: XyzTiles | WmsTiles, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        """Fetch nothing yet; ``now_s`` is a monotonic clock.

        Raises:
            TileError: the authorities to trust cannot be read.
        """
        try:
            self._trust = client_context(settings.ca_file)
        except FatalError as error:
            raise TileError(str(error)) from None
        self._settings = settings
        self._now_s = now_s
        self._host = str(urlsplit(settings.url).hostname)
        self._kept: OrderedDict[tuple[int, int, int], tuple[float, Tile | None]] = OrderedDict()
        self._kept_bytes = 0
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._client: httpx.AsyncClient | None = None
        self._failed: tuple[float, str] | None = None
        self.sheet = TileSheet("raster", settings.min_zoom, settings.max_zoom, settings.tile_pixels)

    async def tile(self, z: int, x: int, y: int) -> Tile | None:
        """One tile, kept or fetched; None where the server has none.

        Raises:
            TileError: the server does not give it now.
        """
        address = (z, x, y)
        kept = self._kept.get(address)
        if kept is not None and self._now_s() - kept[0] < KEPT_S:
            self._kept.move_to_end(address)
            return kept[1]
        async with self._slots:
            if self._failed is not None and self._now_s() - self._failed[0] < REST_S:
                raise TileError(self._failed[1])
            try:
                tile = await self._fetch(tile_url(self._settings, z, x, y))
            except TileError as error:
                self._failed = (self._now_s(), str(error))
                raise
            self._failed = None
            self._keep(address, tile)
            return tile

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()

    async def _fetch(self, url: str) -> Tile | None:
        # No redirects: they could carry the key to another host.
        self._client = self._client or httpx.AsyncClient(
            timeout=self._settings.timeout_s,
            verify=self._trust,
            trust_env=False,
            headers={"User-Agent": "Alliage"},
        )
        try:
            async with (
                asyncio.timeout(self._settings.timeout_s),
                self._client.stream("GET", url) as response,
            ):
                if response.status_code in {httpx.codes.NOT_FOUND, httpx.codes.NO_CONTENT}:
                    return None
                return Tile(await self._content(response), _image_type(self._host, response))
        except TimeoutError:
            raise TileError(f"{self._host} does not answer in time") from None
        except httpx.HTTPError as error:
            # Its text may quote the address, and the key in it.
            raise TileError(f"{self._host} cannot be reached ({type(error).__name__})") from None

    async def _content(self, response: httpx.Response) -> bytes:
        if response.status_code != httpx.codes.OK:
            raise TileError(f"{self._host} answers {response.status_code}")
        parts, size = [], 0
        async for part in response.aiter_bytes():
            size += len(part)
            if size > MAX_TILE_BYTES:
                raise TileError(f"{self._host} sends a tile of more than {MAX_TILE_BYTES} bytes")
            parts.append(part)
        return b"".join(parts)

    def _keep(self, address: tuple[int, int, int], tile: Tile | None) -> None:
        old = self._kept.pop(address, None)
        self._kept_bytes += _size(tile) - (_size(old[1]) if old else 0)
        self._kept[address] = (self._now_s(), tile)
        while self._kept_bytes > KEPT_BYTES:
            _, (_, oldest) = self._kept.popitem(last=False)
            self._kept_bytes -= _size(oldest)


def tile_url(settings: XyzTiles | WmsTiles, z: int, x: int, y: int) -> str:
    """The address of a tile, its key filled in."""
    if isinstance(settings, WmsTiles):
        return _map_url(settings, z, x, y)
    url = settings.url.replace("{z}", str(z)).replace("{x}", str(x)).replace("{y}", str(y))
    return _with_key(settings, url)


def _map_url(settings: WmsTiles, z: int, x: int, y: int) -> str:
    """GetMap of WMS 1.3.0; EPSG:3857 has its axes in the order east, north."""
    width_m = 2 * HALF_EARTH_M / (1 << z)
    west, north = x * width_m - HALF_EARTH_M, HALF_EARTH_M - y * width_m
    box = ",".join(f"{value:.6f}" for value in (west, north - width_m, west + width_m, north))
    query = {
        "SERVICE": "WMS",
        "VERSION": "1.3.0",
        "REQUEST": "GetMap",
        "LAYERS": settings.layers,
        "STYLES": settings.styles,
        "CRS": "EPSG:3857",
        "BBOX": box,
        "WIDTH": str(settings.tile_pixels),
        "HEIGHT": str(settings.tile_pixels),
        "FORMAT": settings.image,
        "TRANSPARENT": "TRUE" if settings.image == "image/png" else "FALSE",
    }
    separator = "&" if urlsplit(settings.url).query else "?"
    return _with_key(settings, settings.url.rstrip("?&") + separator + urlencode(query))


def _with_key(settings: RemoteTiles, url: str) -> str:
    return url.replace(KEY, settings.api_key.get_secret_value()) if settings.api_key else url


def _image_type(host: str, response: httpx.Response) -> str:
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in IMAGES:
        # A WMS says what was wrong in XML, and calls it a success.
        raise TileError(f"{host} sends {kind or 'nothing'} in place of an image")
    return str(kind)


def _size(tile: Tile | None) -> int:
    return 64 + (len(tile.content) if tile else 0)
