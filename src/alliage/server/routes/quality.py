"""Quality: how good the picture is."""

from __future__ import annotations

from fastapi import APIRouter

from alliage.server.models.quality import QualityInfo, QualitySeriesInfo
from alliage.server.quality_view import quality_info
from alliage.server.security import TheAudience, TheServices
from alliage.server.series_view import quality_series

router = APIRouter(prefix="/quality", tags=["picture"])


@router.get("")
def read_quality(audience: TheAudience, services: TheServices) -> QualityInfo:
    """How each source keeps to its own filter and to the others, and what may be twice.

    Ages, latency, residuals (NIS), coverage, biases and clock offsets between sources that follow
    the same things, and pairs of objects that may be one. In an exercise instructors find the
    picture measured against the truth under `/exercises/{source}/measures`.
    """
    return quality_info(services, audience)


@router.get("/series")
def read_quality_series(audience: TheAudience, services: TheServices) -> QualitySeriesInfo:
    """The same figures over the last eight hours, at most, in up to 120 steps.

    Of each minute since somebody with these rights was here first, while the node ran.
    """
    return quality_series(services, audience)
