"""Health: for whatever watches the process. No session, and nothing about the data."""

from __future__ import annotations

from fastapi import APIRouter, Response

from alliage.server.models.health import Alive, Readiness
from alliage.server.security import TheServices

router = APIRouter(prefix="/health", tags=["health"])


@router.get("/live")
def live() -> Alive:
    """The process answers."""
    return Alive()


@router.get("/ready", responses={503: {"model": Readiness, "description": "Not ready"}})
def ready(services: TheServices, response: Response) -> Readiness:
    """Log open, sources started, projections caught up; 503 until all three are so."""
    readiness = services.readiness()
    response.status_code = 200 if readiness.status == "ready" else 503
    return readiness
