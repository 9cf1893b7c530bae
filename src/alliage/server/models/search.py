"""Search: a few words and filters in, the things that fit them out."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from alliage.access.saved_searches import QUERY_CHARACTERS
from alliage.server.models.common import ApiModel, Marking, NotKeptList, Time

FieldName = Literal["name", "identifier", "property", "remark", "report", "message"]


class WhyFound(ApiModel):
    """One text for which a thing was found."""

    field: FieldName = Field(description="what the text is to the thing")
    property: str = Field(
        description="of the schema, or @annotation, @reason, @message", examples=["name"]
    )
    text: str = Field(description="as it is written; long ones are cut round what matches")
    marks: list[tuple[int, int]] = Field(
        description="begin and end of each word that matches, in characters of the text"
    )
    source: str = Field(description="the stream that says so", examples=["person:anna"])
    said: Time = Field(description="from when it holds")
    earlier: bool = Field(description="it said so once, and says so no more: an earlier name")
    similar: bool = Field(description="not the word itself, but one spelt or sounding like it")


class SearchHit(ApiModel):
    """One thing found."""

    kind: Literal["track", "object"] = Field(
        description="track: it is in the picture now; object: it is known, and not present"
    )
    id: str = Field(description="object id, for /objects")
    schema_name: str = Field(alias="schema")
    sidc: str = Field(description="APP-6(D) number code, 20 digits")
    title: str = Field(examples=["FRIO"])
    subtitle: str = Field(examples=["mmsi:219012345"])
    lon: float | None = Field(description="degrees; null: nobody visible says where it is")
    lat: float | None
    distance_m: float | None = Field(description="from the place of `near`; null without one")
    bearing_deg: float | None = Field(description="from that place to the thing, from true north")
    why: list[WhyFound] = Field(
        description="at most three, the best first; empty: its identifier, or filters alone"
    )
    marking: Marking


class FacetValue(ApiModel):
    """One value of a filter, and how many things it would give."""

    value: str = Field(examples=["Vessel"])
    count: int


class Facets(ApiModel):
    """By filter its values, the most frequent first, at most 50 of each.

    Each counts what all other filters let through, so that one sees what choosing otherwise brings.
    """

    kind: list[FacetValue]
    source: list[FacetValue]
    nation: list[FacetValue]
    affiliation: list[FacetValue]
    state: list[FacetValue]
    age: list[FacetValue] = Field(
        description="last heard within an hour, a day, a week; older; never"
    )


class NearPlace(ApiModel):
    """What the place of `near` was taken to be."""

    name: str
    lon: float
    lat: float
    distance_m: float = Field(description="how far from it is near")


class SearchResult(ApiModel):
    """The best hits, best first. Everything here counts what the reader may see and no more."""

    items: list[SearchHit]
    next: str | None = Field(description="opaque cursor of the next page; null: the last one")
    total: int
    facets: Facets
    near: NearPlace | None
    no_filters: list[str] = Field(
        description="words before a colon that are no filter: they were looked for as the "
        "beginning of an identifier"
    )
    valid: Time | None = Field(description="the time for which this answers; null: the present")
    not_kept: NotKeptList
    marking: Marking | None = Field(description="joined of the items; null for none")


class Suggestion(ApiModel):
    """What the words may be going to be."""

    kind: Literal["name", "place"]
    text: str
    lon: float | None = Field(description="of a place, degrees")
    lat: float | None


class SavedSearchInfo(ApiModel):
    """A search that you keep under a name."""

    name: str
    query: str = Field(examples=["kind:Vessel near:Bornholm<20nm"])
    saved: Time


class SearchToSave(ApiModel):
    """What to keep."""

    query: str = Field(min_length=1, max_length=QUERY_CHARACTERS)
