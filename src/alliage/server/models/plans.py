"""Planned routes: who is to follow them, and how that goes."""

from __future__ import annotations

from pydantic import Field

from alliage.server.models.common import ApiModel, Marking, Time
from alliage.server.models.objects import LinkedObject


class PlanStanding(ApiModel):
    """How one thing stands to one planned route, by its last position."""

    plan: LinkedObject
    follower: LinkedObject
    corridor_m: float = Field(description="how far from the line it may be, to either side")
    begins: Time | None = Field(description="first of the times at the corners; null: there is no")
    ends: Time | None = Field(description="the last of them")
    since: Time | None = Field(
        description="time of the follower's last position, from which the rest follows; null: none"
    )
    outside_m: float | None = Field(description="how far outside of the corridor; 0: within")
    late_s: float | None = Field(
        description="how far behind its times, negative: ahead; null: they do not say, as before "
        "the first of them, or outside of the corridor, where they mean nothing"
    )
    has_arrived: bool = Field(description="it is where the last of the times is, or further")
    marking: Marking


class ObjectPlans(ApiModel):
    """The planned routes that a thing follows; of a route, who follows it."""

    object_id: str
    items: list[PlanStanding]
    marking: Marking | None = Field(description="joined of all items; null for none")
