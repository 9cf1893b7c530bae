"""What the log holds of which times."""

from __future__ import annotations

from pydantic import Field

from alliage.server.models.common import ApiModel, Time


class HistoryExtent(ApiModel):
    """From when to when the reader can look back; null where there is nothing yet."""

    earliest: Time | None
    latest: Time | None
    not_kept_before: dict[str, Time] = Field(
        description="by stream, where its reports of earlier times are no longer kept"
    )


class HistoryDensity(ApiModel):
    """Rows by valid time, in equal bins from the first to the last."""

    first: Time = Field(description="where the first bin begins")
    last: Time = Field(description="where the last bin ends")
    reports: list[float] = Field(description="observations by bin; spread evenly within an entry")
    statements: list[float] = Field(description="claims by bin: what changed or was written")
