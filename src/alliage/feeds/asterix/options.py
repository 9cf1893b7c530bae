"""What a user may set for a source of ASTERIX."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class SensorOptions(BaseModel):
    """What is known of one sensor beforehand. What it says of itself goes before it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    latitude_deg: float | None = Field(default=None, ge=-90, le=90)
    longitude_deg: float | None = Field(default=None, ge=-180, le=180)
    height_m: float = Field(default=0.0, ge=-500, le=20_000, description="above the sea")
    range_std_m: float | None = Field(default=None, gt=0)
    bearing_std_deg: float | None = Field(default=None, gt=0, le=180)
    period_s: float | None = Field(default=None, gt=0, le=3_600, description="of one turn")


Identity = Annotated[str, Field(pattern=r"^\d{1,3}/\d{1,3}$")]


class Options(BaseModel):
    """Options of the ASTERIX feed; the defaults suit a surveillance radar."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sensors: dict[Identity, SensorOptions] = Field(
        default={}, description="by SAC/SIC: position, deviations and turn of single sensors"
    )
    range_std_m: float = Field(
        default=70.0, gt=0, description="standard deviation of a radar's ranges"
    )
    bearing_std_deg: float = Field(
        default=0.15, gt=0, le=180, description="standard deviation of a radar's bearings"
    )
    finder_std_deg: float = Field(
        default=2.0, gt=0, le=180, description="standard deviation of a direction finder's bearings"
    )
    finder_look_s: float = Field(
        default=1.0, gt=0, le=3_600, description="bearings within this time are one look"
    )
    simulated: bool = Field(default=True, description="take reports that say they are simulated")
    day: date | None = Field(
        default=None, description="UTC day on which a recording begins; null: it is of now"
    )
