"""Quality: how good the picture is."""

from __future__ import annotations

from fastapi import APIRouter

from alliage.server.models.quality import QualityInfo
from alliage.server.quality_view import quality_info
from alliage.server.security import TheAudience, TheServices

router = APIRouter(prefix="/quality", tags=["picture"])


@router.get("")
def read_quality(audience: TheAudience, services: TheServices) -> QualityInfo:
    """How each source keeps to its own filter and to the others, and what may be twice.

    Ages, latency, residuals (NIS), coverage, biases and clock offsets between sources that follow
    the same things, and pairs of objects that may be one. In an exercise instructors find the
    picture measured against the truth under `/exercises/{source}/measures`.
    """
    return quality_info(services, audience)
