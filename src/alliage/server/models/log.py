"""What the log holds: headers of entries, and the observations in them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from alliage.server.models.common import ApiModel, Marking, NotKeptList, Page, Time


class GoneInfo(ApiModel):
    """Why an entry has no body any more; its hash stands for it."""

    why: Literal["redacted", "not kept"]
    when: Time | None
    by: list[str] = Field(description="who decided; empty: the source's configuration")
    reason: str


class SupersededInfo(ApiModel):
    """A newer version stands in an entry's place: it counts for what was known before, only."""

    when: Time | None
    decoder: str = Field(examples=["ais@2"], description="what read the original bytes again")
    reason: str


class EntryHeader(ApiModel):
    """One entry without its body. Its number in the log stays private to the node."""

    entry_id: str = Field(description="random id, the same on every node that has it")
    stream: str
    kind: str = Field(examples=["observations:position"])
    marking: Marking
    known: Time = Field(description="when this node had it")
    valid_from: Time | None
    valid_to: Time | None
    rows: int
    gone: GoneInfo | None = Field(description="null: its body is kept")
    superseded: SupersededInfo | None = Field(description="null: no newer version took its place")


class EntryPage(Page[EntryHeader]):
    """Entries, oldest first. `next` is always there: ask again with it for what comes later."""


class ObservationRow(ApiModel):
    """One observation: columns that were not reported are left out."""

    stream: str
    kind: str = Field(examples=["position"])
    marking: str = Field(examples=["ALLIAGE UNCLASSIFIED / REL TO DNK, FRA"])
    known: Time
    values: dict[str, Any] = Field(
        description="columns of the observation, times as RFC 3339",
        examples=[{"identifier": "mmsi:219012345", "latitude_deg": 55.1, "longitude_deg": 11.2}],
    )


class ObservationPage(Page[ObservationRow]):
    """Observations in the order in which this node had them."""

    not_kept: NotKeptList
