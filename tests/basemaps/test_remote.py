"""Tiles of other servers, against a real one in a thread."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr, ValidationError

from alliage.basemaps.remote import KEPT_S, MAX_TILE_BYTES, REST_S, RemoteServer, tile_url
from alliage.basemaps.settings import WmsTiles, XyzTiles
from alliage.basemaps.tiles import Tile, TileError
from tests.basemaps.support import TileServer, tile_server


@pytest.fixture
def server() -> Iterator[TileServer]:
    """A tile server."""
    with tile_server() as server:
        yield server


class Wall:
    """A monotonic clock that a test moves by hand."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def xyz(server: TileServer) -> XyzTiles:
    return XyzTiles(url=server.url + "/{z}/{x}/{y}.png")


def test_a_tile_is_fetched_once_and_kept_for_a_while(server: TileServer) -> None:
    async def run() -> None:
        wall = Wall()
        remote = RemoteServer(xyz(server), wall)
        for _ in range(3):
            assert await remote.tile(4, 8, 5) == Tile(b"a tile", "image/png")
        wall.now_s += KEPT_S + 1
        await remote.tile(4, 8, 5)
        await remote.close()

    asyncio.run(run())
    assert server.asked == ["/4/8/5.png"] * 2


def test_a_server_without_the_tile_has_none_there(server: TileServer) -> None:
    async def run() -> None:
        server.status = 404
        remote = RemoteServer(xyz(server))
        assert await remote.tile(1, 0, 0) is None
        await remote.close()

    asyncio.run(run())


@pytest.mark.parametrize(
    ("status", "content_type", "content", "said"),
    [
        (500, "image/png", b"", "answers 500"),
        (302, "image/png", b"", "answers 302"),
        (200, "text/xml; charset=utf-8", b"<ServiceException/>", "text/xml in place of an image"),
        (200, "image/svg+xml", b"<svg/>", r"image/svg\+xml in place of an image"),
        (200, "image/png", bytes(MAX_TILE_BYTES + 1), "a tile of more than"),
    ],
)
def test_what_is_no_image_is_not_passed_on(
    server: TileServer, status: int, content_type: str, content: bytes, said: str
) -> None:
    async def run() -> None:
        server.status, server.content_type, server.content = status, content_type, content
        remote = RemoteServer(xyz(server))
        with pytest.raises(TileError, match=said):
            await remote.tile(1, 0, 0)
        await remote.close()

    asyncio.run(run())


def test_a_server_that_fails_is_left_alone_for_a_moment(server: TileServer) -> None:
    async def run() -> None:
        wall = Wall()
        remote = RemoteServer(xyz(server), wall)
        server.status = 503
        for x in range(4):
            with pytest.raises(TileError, match="answers 503"):
                await remote.tile(3, x, 0)
        assert len(server.asked) == 1
        server.status = 200
        wall.now_s += REST_S + 1
        assert await remote.tile(3, 0, 0) is not None
        await remote.close()

    asyncio.run(run())


def test_the_key_is_sent_and_never_quoted() -> None:
    settings = XyzTiles(
        url="http://127.0.0.1:9/{z}/{x}/{y}?key={api_key}", api_key=SecretStr("s3cret")
    )
    assert tile_url(settings, 1, 0, 0) == "http://127.0.0.1:9/1/0/0?key=s3cret"
    with pytest.raises(TileError) as caught:
        asyncio.run(RemoteServer(settings).tile(1, 0, 0))
    assert "s3cret" not in f"{caught.value!r}{settings!r}"
    assert "cannot be reached" in str(caught.value)


def test_a_wms_is_asked_for_the_square_of_the_tile() -> None:
    settings = WmsTiles(url="https://example.org/wms?map=a", layers="sea,land")
    query = parse_qs(urlsplit(tile_url(settings, 1, 1, 0)).query, keep_blank_values=True)
    # The north-eastern quarter of the Web Mercator square (OGC 06-042, 7.3).
    assert query["BBOX"] == ["0.000000,0.000000,20037508.342789,20037508.342789"]
    assert query["CRS"] == ["EPSG:3857"]
    assert query["LAYERS"] == ["sea,land"]
    assert (query["map"], query["VERSION"], query["WIDTH"]) == (["a"], ["1.3.0"], ["256"])


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ftp://example.org/{z}/{x}/{y}", "whole address"),
        ("https://user:word@example.org/{z}/{x}/{y}", "no credentials"),
        ("https://example.org/{z}/{x}", r"lacks \{y\}"),
        ("https://example.org/{z}/{x}/{y}?k={api_key}", "both or none"),
    ],
)
def test_an_address_that_cannot_work_is_refused(url: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        XyzTiles(url=url)
