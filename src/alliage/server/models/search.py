"""Search: a few words in, the things that carry them out."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from alliage.server.models.common import ApiModel


class SearchHit(ApiModel):
    """One thing found."""

    kind: Literal["track", "object"] = Field(
        description="track: it is in the picture now; object: it is known, and not present"
    )
    id: str = Field(description="object id, for /objects")
    schema_name: str = Field(alias="schema")
    title: str = Field(examples=["FRIO"])
    subtitle: str = Field(examples=["mmsi:219012345"])
    lon: float | None = Field(description="degrees; null: nobody visible says where it is")
    lat: float | None


class SearchResult(ApiModel):
    """The best hits, best first; there is no count of what was left out."""

    items: list[SearchHit]
