"""What a user may set for an AIS source."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Options(BaseModel):
    """Options of the AIS feed; the defaults suit a national network of base stations."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    duplicate_window_s: float = Field(
        default=10.0,
        ge=0.0,
        le=300.0,
        description="equal messages within this time are one transmission heard several times",
    )
    hold_s: float = Field(
        default=0.5,
        ge=0.0,
        le=10.0,
        description="how long a report waits for further receivers before it is given out",
    )
    part_timeout_s: float = Field(
        default=10.0,
        gt=0.0,
        le=300.0,
        description="parts of one message that are further apart than this do not belong together",
    )
    position_std_high_m: float = Field(
        default=4.1,
        gt=0.0,
        description="standard deviation of each axis where the accuracy flag says 10 m or better",
    )
    position_std_low_m: float = Field(
        default=12.9,
        gt=0.0,
        description="standard deviation of each axis where the accuracy flag says worse than 10 m",
    )
    own_ship: bool = Field(
        default=True,
        description="take VDO sentences, the receiving station's own reports, as observations",
    )
