"""Objects: what everybody visible says of one thing, and what the picture makes of it."""

from __future__ import annotations

from pydantic import Field

from alliage.server.models.common import (
    ApiModel,
    Marking,
    NotKeptList,
    Page,
    PropertyValue,
    Texts,
    Time,
)
from alliage.server.models.tracks import Kinematics, Position, TrackStateName


class RetractionInfo(ApiModel):
    """What took a claim back."""

    claim_id: str = Field(description="of the retraction; its own retraction undoes it")
    source: str = Field(examples=["person:anna"])
    known: Time
    reason: str
    marking: Marking


class ClaimInfo(ApiModel):
    """One claim: who said what, when, how sure."""

    claim_id: str
    subject: str = Field(description="id of the thing within its stream")
    identifier: str = Field(examples=["mmsi:219012345"])
    schema_name: str = Field(alias="schema", examples=["Vessel"])
    property: str = Field(
        description="of the schema, or @annotation, or @retraction with a claim's id as value",
        examples=["destination"],
    )
    value: PropertyValue
    valid_from: Time
    valid_to: Time | None = Field(description="null: until further notice")
    known: Time = Field(description="when this node had it")
    delay_s: float = Field(
        description="known minus valid_from, or valid_to of a value that flaps; negative where "
        "a clock runs ahead"
    )
    late: bool = Field(
        description="the delay is more than the node's `late_after_s`; never of what was read "
        "again from bytes that had come before"
    )
    confidence: float = Field(ge=0, le=1)
    count: int = Field(description="reports behind it; more than one where a value flapped")
    values: list[PropertyValue] = Field(description="every value seen while it flapped")
    source: str = Field(
        description="the stream that says so; a person's is person:<user name>",
        examples=["denmark", "person:anna"],
    )
    marking: Marking
    evidence: list[str] = Field(
        description="ids of what it rests on, as far as the reader may see that; of a correlator's "
        "words figures, `key=value`"
    )
    reason: str = Field(description="why, where a person says so; else empty")
    retraction: RetractionInfo | None = Field(
        description="null: it stands; else what took it back. The claim counts no more"
    )


class ClaimPage(Page[ClaimInfo]):
    """Claims, latest known first."""


class SourceTrack(ApiModel):
    """A thing as one stream follows it."""

    stream: str = Field(examples=["denmark"])
    identifier: str = Field(examples=["mmsi:219012345"])
    subject: str = Field(description="id of the thing within its stream")
    state: TrackStateName
    position: Position | None
    std_m: float | None = Field(
        description="standard deviation of the position on each axis, or along the longer one"
    )
    std_minor_m: float | None = Field(description="across the longer axis; null: the same")
    std_axis_deg: float | None = Field(
        description="which way the longer axis points, from true north"
    )
    valid: Time | None = Field(description="when the position was so")
    recorded: Time | None
    known: Time | None = Field(description="when this node had it")
    delay_s: float | None = Field(
        description="from valid until the node had it, of what was read again until its bytes "
        "came; negative where a clock runs ahead; null: not known"
    )
    late: bool = Field(description="the delay is more than the node's `late_after_s`")
    heard: Time | None = Field(description="when the last report of any kind was made")
    receivers: list[str] = Field(description="stations that heard the latest position report")
    share: float | None = Field(
        description="what it weighs in the object's position, 0 to 1; null: it has no share"
    )
    agrees: bool | None = Field(
        description="whether it may be where the latest report has the object; null: it is the "
        "only source, or was not heard for five minutes"
    )
    nis: float | None = Field(
        description="squared Mahalanobis distance of its last report from where its filter "
        "expected it, about 2 on average; null: not known"
    )
    jumps: int = Field(description="reports that did not continue the track, since the start")
    marking: Marking


class ObjectInfo(ApiModel):
    """One thing, as this reader may see it: a view over claims, never stored as truth."""

    object_id: str
    aliases: list[str] = Field(description="other ids under which it is known")
    schema_name: str = Field(alias="schema", examples=["Vessel"])
    sidc: str = Field(description="APP-6(D) number code, 20 digits")
    identifier: str = Field(examples=["mmsi:219012345"])
    nation: str | None = Field(
        description="ISO 3166-1 alpha-3, claimed or told by the flag in its MMSI", examples=["DNK"]
    )
    affiliation_by_rule: str | None = Field(
        description="the affiliation that a rule of this node gives it, since nobody claims one"
    )
    names: list[str] = Field(description="every name claimed, the best first")
    state: Kinematics
    source_tracks: list[SourceTrack]
    properties: dict[str, PropertyValue] = Field(
        description="best value of each property; the claims say what else there is"
    )
    claims: list[ClaimInfo] = Field(
        description="the latest of each property and source, at most 500; /claims has them all"
    )
    not_kept: NotKeptList
    marking: Marking


class LinkedObject(ApiModel):
    """The thing at the other end of a link, as this reader sees it."""

    object_id: str
    schema_name: str = Field(alias="schema", examples=["Organisation"])
    identifier: str
    name: str | None
    sidc: str
    marking: Marking


class LinkInfo(ApiModel):
    """One link: who says that two things belong together, and how."""

    property: str = Field(examples=["operator"])
    title: Texts = Field(description="what it says, read from the object asked about")
    value: str = Field(description="the id or identifier claimed")
    other: LinkedObject | None = Field(description="the other end; null: nothing visible is there")
    claim_id: str
    source: str = Field(examples=["person:anna"])
    valid_from: Time
    valid_to: Time | None
    known: Time
    confidence: float = Field(ge=0, le=1)
    marking: Marking


class ObjectLinks(ApiModel):
    """What an object is linked with: by its own claims, and by those of others that name it."""

    object_id: str
    outgoing: list[LinkInfo]
    incoming: list[LinkInfo]
    complete: bool = Field(description="false: there are more than are told here")
    marking: Marking | None = Field(description="joined of all links and their other ends")
