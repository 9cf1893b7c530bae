"""Sources: where data come in, how well, and what was refused."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from alliage.server.models.common import ApiModel, Marking, Page, Texts, Time

SourceState = Literal["connecting", "connected", "waiting", "ended", "failed"]


class SourceRates(ApiModel):
    """How much comes in now, averaged over the last seconds."""

    bytes_per_s: float
    reports_per_s: float


class SourceDelay(ApiModel):
    """How long after it was so its latest thousand reports were received, in seconds."""

    median_s: float = Field(description="half of them at most so long; negative: its clock is fast")
    most_s: float = Field(description="95 in 100 at most so long")


class SourceInfo(ApiModel):
    """One source and its health."""

    name: str = Field(description="the stream's name", examples=["denmark"])
    format: str = Field(description="name of the feed", examples=["ais"])
    title: Texts
    transport: str = Field(description="kind of transport", examples=["tcp_client"])
    state: SourceState = Field(
        description="waiting: the connection is gone, the next try is at `next_retry`; or, where "
        "that is null, the node cannot store what comes, and `error` says why; "
        "ended: the input is over; failed: it cannot go on without a person"
    )
    since: Time = Field(description="since when it is in this state")
    marking: Marking = Field(description="label of everything it says")
    shareable: bool = Field(description="false while nobody has given the source a label")
    replay: bool = Field(description="plays a recording; its own times drive the picture's clock")
    simulation: bool = Field(description="its reports are made up for an exercise")
    rates: SourceRates
    accepted: int = Field(description="reports that became observations, and are on the disk")
    duplicates: int = Field(description="reports that collapsed into one already known")
    lost: int = Field(description="datagrams that came faster than they could be taken")
    ignored: dict[str, int] = Field(description="lines that are fine and say nothing, by reason")
    quarantined: int = Field(description="reports refused, their bytes kept")
    quarantined_by_reason: dict[str, int]
    last_received: Time | None
    age_s: float | None = Field(description="seconds since bytes last came in; null: never")
    delay: SourceDelay | None = Field(
        description="null: before the first report, and of recordings, whose times are of then"
    )
    late: bool = Field(description="half of its reports come later than the node's `late_after_s`")
    error: str | None = Field(description="what is wrong now")
    last_error: str | None = Field(description="what went wrong last, be it mended since")
    next_retry: Time | None
    reconnects: int
    peers: int = Field(description="how many send to it now")


class QuarantinedItem(ApiModel):
    """Bytes that could not be used, with the reason."""

    id: str
    received: Time
    reason: str = Field(description="stable code", examples=["checksum"])
    reason_text: Texts
    detail: str = Field(description="what was wrong with these very bytes")
    size: int = Field(description="how many bytes there were; the first 4096 are kept")
    bytes_hex: str = Field(description="the bytes that are kept, hexadecimal")
    text: str = Field(description="the same, bytes that are not printable ASCII as dots")


class QuarantinePage(Page[QuarantinedItem]):
    """Quarantined items of one source, newest first."""
