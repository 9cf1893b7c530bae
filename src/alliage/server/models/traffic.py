"""What traffic is usual where, by hour of the day."""

from __future__ import annotations

from pydantic import Field

from alliage.server.models.common import ApiModel, Marking, Time
from alliage.server.models.tracks import Position


class UsualHour(ApiModel):
    """An hour of the day and the ships under way that come into the area in it."""

    hour: int = Field(ge=0, le=23, description="UTC; 13 is from 13:00 to 14:00")
    expected: float = Field(description="the mean to be expected")
    least: int = Field(description="98 of 100 such hours have so many or more …")
    most: int = Field(description="… and so many or fewer")
    days: float = Field(description="days of this hour that were counted; old ones count less")


class CountedHour(ApiModel):
    """One hour as it was, or as it is so far."""

    start: Time
    count: int = Field(description="ships under way that came into the area")
    heard_s: float = Field(description="how much of the hour was listened for")
    usual: UsualHour | None = Field(
        description="such hours as a rule; null: no hour of that area was learned yet"
    )


class UsualTraffic(ApiModel):
    """What is usual in the area in which a place lies, and what is there now."""

    outline: list[Position] = Field(description="of the area, an H3 cell; the last like the first")
    learned_days: float = Field(description="for how many days all areas together were learned")
    least_days: float = Field(
        description="before so many days the detector `unusual_traffic` says nothing"
    )
    known: bool = Field(description="false: no ship under way was ever counted there")
    now: CountedHour | None = Field(description="the hour that goes on; null: nothing was heard")
    before: CountedHour | None = Field(
        description="the hour before; null: it was not heard as a whole"
    )
    hours: list[UsualHour] = Field(description="by hour of the day; empty: nothing is known")
    marking: Marking | None = Field(description="of all that it was learned from; null: nothing")
