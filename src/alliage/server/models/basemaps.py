"""Basemaps that this node brings along, beside the built-in coast lines."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from alliage.server.models.common import ApiModel, Marking


class BasemapInfo(ApiModel):
    """One basemap, and how to draw its tiles."""

    name: str = Field(examples=["charts"])
    title: str = Field(examples=["Nautical charts"])
    attribution: str = Field(description="whom to name beside the map; plain text")
    marking: Marking
    kind: Literal["raster", "vector"]
    min_zoom: int = Field(description="least zoom that there are tiles of")
    max_zoom: int = Field(description="deepest zoom that there are tiles of")
    tile_pixels: int = Field(description="how wide a tile is meant to be drawn")
    vector_layers: list[str] = Field(description="layers of vector tiles; empty for images")
    problem: str | None = Field(description="why it cannot be used; null: it can")
