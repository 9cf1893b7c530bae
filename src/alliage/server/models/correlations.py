"""What machines say of an object's tracks, and why."""

from __future__ import annotations

from pydantic import Field

from alliage.server.models.common import ApiModel, Marking, Page, PropertyValue, Time
from alliage.server.models.proposals import SameAsInfo


class CorrelationEvidence(ApiModel):
    """What a judgement rests on, as it was when it was said."""

    positions: int = Field(description="how often the two were compared")
    span_s: float = Field(description="between the first comparison and the last")
    mean_distance_m: float | None = Field(
        description="between the two, without what their streams are always apart"
    )
    speed_difference_mps: float | None = Field(description="null: one of them says no speed")
    expected_m: float | None = Field(
        description="how far one thing would be seen apart on average: a standard deviation along "
        "each axis"
    )
    others_per_km2: float | None = Field(
        description="how many other things might be there by chance"
    )
    agreed: list[str] = Field(description="attributes that agree", examples=[["name"]])
    differed: list[str] = Field(description="attributes that differ", examples=[["length_m"]])


class Weight(ApiModel):
    """What one property says of a pair."""

    property: str = Field(
        description="`place`, `way`: position, speed and course; `prior`: how seldom two are one; "
        "`rivals`: what others that fit leave",
        examples=["name"],
    )
    level: str = Field(
        description="how far the two agree; empty where no property is compared",
        examples=["nearly_same"],
    )
    bits: float = Field(description="above 0 for one thing, below for two; their sum is the score")


class CorrelationInfo(ApiModel):
    """A machine's last judgement of two identifiers."""

    claim_id: str
    verdict: str = Field(
        description="same, different, possible, rival (one of several) or conflict (of identifiers)"
    )
    identifier: str
    other_identifier: str
    score: float = Field(ge=0, le=1, description="probability that the two are one thing")
    source: str = Field(examples=["correlator:denmark+sweden@1"])
    evidence: CorrelationEvidence
    weights: list[Weight] = Field(
        description="what each thing that was compared says; empty for what is judged otherwise"
    )
    valid_from: Time = Field(description="by the streams' own time")
    known: Time
    object_id: str | None = Field(
        description="of the first identifier, as this reader sees it; null: it is no longer seen"
    )
    other_object_id: str | None = Field(
        description="of the other; the same as the first where the two are one object"
    )
    apart_m: float | None = Field(
        description="how far apart the two objects are now, by their last positions; null where "
        "they are one, or one of them is not placed"
    )
    people: SameAsInfo | None = Field(description="the word of people that stands over it")
    marking: Marking


class ReviewSide(ApiModel):
    """One of the two of a pair, as far as the reader sees it."""

    object_id: str
    identifier: str
    name: str | None
    schema_name: str = Field(alias="schema", examples=["Vessel"])
    sources: list[str]
    values: dict[str, PropertyValue] = Field(description="by property what was claimed last")
    marking: Marking


class ReviewItem(ApiModel):
    """A pair that may be one thing: for people to decide."""

    judgement: CorrelationInfo
    one: ReviewSide
    other: ReviewSide


class ReviewPage(Page[ReviewItem]):
    """Contradictions of identifiers, then pairs, the likeliest first."""

    waiting: int = Field(description="how many wait in all")
