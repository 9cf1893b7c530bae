"""What a configuration says of where a basemap's tiles come from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

KEY: Final = "{api_key}"
DEEPEST_ZOOM: Final = 22


class Tiles(BaseModel):
    """Base of every kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PmtilesTiles(Tiles):
    """``kind = "pmtiles"``: a file of raster or vector tiles on this machine."""

    kind: Literal["pmtiles"] = "pmtiles"
    path: Path = Field(description="The archive (PMTiles version 3).")


class RemoteTiles(Tiles):
    """Base of what is fetched from another server, by the node and never by a browser."""

    url: str = Field(description="http or https; `{api_key}` stands for the key.")
    api_key: SecretStr | None = Field(default=None, description="Kept secret.")
    ca_file: str | None = Field(
        default=None, description="PEM file of the authorities to trust; absent: the system's."
    )
    min_zoom: int = Field(default=0, ge=0, le=DEEPEST_ZOOM, description="Least zoom it has.")
    max_zoom: int = Field(default=18, ge=0, le=DEEPEST_ZOOM, description="Deepest zoom it has.")
    tile_pixels: Literal[256, 512] = Field(default=256, description="Width of a tile.")
    timeout_s: float = Field(default=10.0, gt=0, le=60, description="Longest wait for a tile.")

    @model_validator(mode="after")
    def _is_an_address(self) -> Self:
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("give a whole address, e.g. https://tiles.example.org/{z}/{x}/{y}.png")
        if parts.username is not None or parts.password is not None:
            raise ValueError("no credentials in the address: use `api_key`")
        if (KEY in self.url) != (self.api_key is not None):
            raise ValueError(f"`api_key` is put where the address says {KEY}: give both or none")
        if self.min_zoom > self.max_zoom:
            raise ValueError("min_zoom is deeper than max_zoom")
        return self


class XyzTiles(RemoteTiles):
    """``kind = "xyz"``: raster tiles by zoom, column and row (Web Mercator, row 0 in the north)."""

    kind: Literal["xyz"] = "xyz"

    @model_validator(mode="after")
    def _names_the_tile(self) -> Self:
        missing = [name for name in ("{z}", "{x}", "{y}") if name not in self.url]
        if missing:
            raise ValueError(f"the address lacks {', '.join(missing)}")
        return self


class WmsTiles(RemoteTiles):
    """``kind = "wms"``: maps of a Web Map Service (OGC 06-042, version 1.3.0), tile by tile."""

    kind: Literal["wms"] = "wms"
    layers: str = Field(min_length=1, description="Layers to draw, divided by commas.")
    styles: str = Field(default="", description="Their styles; empty: the server's own.")
    image: Literal["image/png", "image/jpeg"] = Field(
        default="image/png", description="The format to ask for."
    )


TileSettings = Annotated[PmtilesTiles | XyzTiles | WmsTiles, Field(discriminator="kind")]
