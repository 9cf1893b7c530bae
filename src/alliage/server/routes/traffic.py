"""Traffic: what is usual where."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from alliage.server.models.traffic import UsualTraffic
from alliage.server.security import TheAudience, TheServices
from alliage.server.traffic_view import usual_traffic

router = APIRouter(prefix="/traffic", tags=["watch"])


@router.get("/usual")
def read_usual(
    audience: TheAudience,
    services: TheServices,
    lat: Annotated[float, Query(ge=-90, le=90, description="of the place, degrees")],
    lon: Annotated[float, Query(ge=-180, le=180)],
) -> UsualTraffic:
    """How many ships under way an area has by hour of the day, and how many it has now.

    Learned by the largest detection context that who asks may see; `unusual_traffic` tells of what
    lies far outside of it.
    """
    return usual_traffic(services, audience, (lat, lon))
