"""A node's own basemaps: each with its label, and whether it can be used."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from alliage.basemaps.pmtiles import PmtilesArchive
from alliage.basemaps.remote import RemoteServer
from alliage.basemaps.settings import PmtilesTiles, TileSettings
from alliage.basemaps.tiles import TileError, TileSheet, TileSource

_NOTHING: Final = TileSheet("raster", 0, 0, 256)


@dataclass(frozen=True, slots=True)
class Basemap:
    """One basemap; ``problem`` says why it cannot be used, and its source is None then."""

    name: str
    title: str
    attribution: str
    label_set: int
    source: TileSource | None
    problem: str | None = None

    @property
    def sheet(self) -> TileSheet:
        """What there is of it."""
        return self.source.sheet if self.source else _NOTHING


def trouble_of(tiles: TileSettings) -> str | None:
    """Why these tiles cannot be used on this machine; None where they can. Asks no other server."""
    try:
        source = _open(tiles)
    except TileError as error:
        where = f"{tiles.path}: " if isinstance(tiles, PmtilesTiles) else ""
        return f"{where}{error}"
    asyncio.run(source.close())
    return None


def open_basemap(
    name: str, title: str, attribution: str, label_set: int, tiles: TileSettings
) -> Basemap:
    """Open it; one that cannot be used is kept with the reason, so that screens can say it."""
    try:
        source = _open(tiles)
    except TileError as error:
        return Basemap(name, title, attribution, label_set, None, str(error))
    return Basemap(name, title, attribution or source.sheet.attribution, label_set, source)


def _open(tiles: TileSettings) -> TileSource:
    return PmtilesArchive(tiles.path) if isinstance(tiles, PmtilesTiles) else RemoteServer(tiles)
