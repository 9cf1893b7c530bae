"""Seeing as somebody else: what is withheld, and why something is visible or hidden."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from alliage.server.models.common import ApiModel, Marking, PropertyValue


class SeenAs(ApiModel):
    """The reader that a request imagines."""

    user: str = Field(description="name of an account; empty where nobody's is meant")
    nation: str = Field(description="ISO 3166-1 alpha-3", examples=["FRA"])
    clearance: str = Field(examples=["CONFIDENTIAL"])
    roles: list[str]
    communities: list[str]
    purpose: str


class Withheld(ApiModel):
    """How much of something the other reader is not shown."""

    total: int = Field(description="what you see")
    withheld: int = Field(description="what of it the other does not see")
    by_reason: dict[str, int] = Field(
        description="by the name of the rule that hides it; what two rules hide counts in both",
        examples=[{"clearance": 3, "nation": 5}],
    )


class WithheldInfo(ApiModel):
    """What the other reader is not shown of your picture and of the claims you see."""

    tracks: int = Field(description="tracks in your picture")
    tracks_seen: int = Field(description="tracks in the other's")
    tracks_touched: int = Field(
        description="tracks in yours of which the other is not shown something, or anything"
    )
    source_tracks: Withheld
    claims: Withheld


class Told(ApiModel):
    """One thing that is told of an object, and whether the other reader is told it."""

    kind: Literal["field", "source_track", "claim"]
    name: str = Field(description="of the field or property, or the source track's identifier")
    value: PropertyValue
    source: str | None = Field(description="the stream; null: of the object as a whole")
    marking: Marking
    taken_back: bool = Field(default=False, description="a claim that is said no more")
    visible: bool = Field(description="of a field: whether the other is told the same")
    seen_value: PropertyValue = Field(
        default=None, description="of a field: what the other is told; null: nothing"
    )
    reasons: list[str] = Field(
        description="names of the rules that hide it or what it was made from",
        examples=[["nation"]],
    )


class Explanation(ApiModel):
    """Everything that you are told of an object, and what of it the other reader is told."""

    object_id: str
    items: list[Told]
