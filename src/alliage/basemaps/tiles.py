"""A tile, and what gives tiles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol


class TileError(Exception):
    """The tile cannot be had now; says why, in words for people at the screen."""


@dataclass(frozen=True, slots=True)
class Tile:
    """The bytes of one tile."""

    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class TileSheet:
    """What there is of a tile source.

    Zooms are those of Web Mercator tiles; ``tile_pixels`` is how wide a tile is meant to be drawn.
    ``vector_layers`` names the layers of vector tiles and is empty for images.
    """

    kind: Literal["raster", "vector"]
    min_zoom: int
    max_zoom: int
    tile_pixels: int
    vector_layers: tuple[str, ...] = ()
    attribution: str = ""

    def has(self, z: int, x: int, y: int) -> bool:
        """Whether a tile of this address can exist."""
        return self.min_zoom <= z <= self.max_zoom and 0 <= x < 1 << z and 0 <= y < 1 << z


class TileSource(Protocol):
    """Gives tiles. Safe to use from several tasks."""

    @property
    def sheet(self) -> TileSheet:
        """What there is."""
        ...

    async def tile(self, z: int, x: int, y: int) -> Tile | None:
        """One tile; None where the source has none there.

        Raises:
            TileError: it cannot be had now.
        """
        ...

    async def close(self) -> None:
        """Let go of files and connections."""
        ...
