"""Archives of tiles on this machine."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path

import pytest
from pmtiles.tile import Compression, TileType

from alliage.basemaps.pmtiles import MAX_TILE_BYTES, PmtilesArchive
from alliage.basemaps.tiles import Tile, TileError
from tests.basemaps.support import image, write_archive

BLUE = image(0, 0, 200)


def test_an_image_comes_back_as_it_was_written(tmp_path: Path) -> None:
    archive = PmtilesArchive(
        write_archive(tmp_path / "a.pmtiles", {(0, 0, 0): BLUE, (2, 3, 1): b"x"})
    )
    assert asyncio.run(archive.tile(0, 0, 0)) == Tile(BLUE, "image/png")
    assert asyncio.run(archive.tile(2, 3, 1)) == Tile(b"x", "image/png")
    assert asyncio.run(archive.tile(2, 0, 0)) is None
    sheet = archive.sheet
    assert (sheet.kind, sheet.min_zoom, sheet.max_zoom, sheet.tile_pixels) == ("raster", 0, 2, 256)


def test_a_vector_tile_comes_unpacked_and_its_layers_are_named(tmp_path: Path) -> None:
    told = {"vector_layers": [{"id": "water"}, {"id": "roads"}], "attribution": "Their makers"}
    archive = PmtilesArchive(
        write_archive(
            tmp_path / "v.pmtiles",
            {(0, 0, 0): gzip.compress(b"a vector tile")},
            TileType.MVT,
            Compression.GZIP,
            told,
        )
    )
    tile = asyncio.run(archive.tile(0, 0, 0))
    assert tile == Tile(b"a vector tile", "application/vnd.mapbox-vector-tile")
    assert archive.sheet.kind == "vector"
    assert archive.sheet.vector_layers == ("water", "roads")
    assert archive.sheet.attribution == "Their makers"


def test_what_is_no_archive_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(TileError, match=r"none\.pmtiles cannot be read: No such file"):
        PmtilesArchive(tmp_path / "none.pmtiles")
    for content in (b"", b"not a map" * 100):
        (tmp_path / "bad.pmtiles").write_bytes(content)
        with pytest.raises(TileError, match=r"bad\.pmtiles"):
            PmtilesArchive(tmp_path / "bad.pmtiles")


def test_an_archive_packed_in_a_way_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    path = write_archive(tmp_path / "b.pmtiles", {(0, 0, 0): b"x"}, packed=Compression.BROTLI)
    with pytest.raises(TileError, match="packed by BROTLI"):
        PmtilesArchive(path)


@pytest.mark.parametrize("content", [b"no gzip", gzip.compress(bytes(MAX_TILE_BYTES + 1))])
def test_a_damaged_or_swollen_tile_is_an_error_and_its_neighbour_is_not(
    tmp_path: Path, content: bytes
) -> None:
    tiles = {(1, 0, 0): content, (1, 1, 1): gzip.compress(b"sound")}
    path = write_archive(tmp_path / "d.pmtiles", tiles, TileType.MVT, Compression.GZIP)
    archive = PmtilesArchive(path)
    with pytest.raises(TileError, match="damaged at 1/0/0"):
        asyncio.run(archive.tile(1, 0, 0))
    sound = asyncio.run(archive.tile(1, 1, 1))
    assert sound is not None
    assert sound.content == b"sound"
