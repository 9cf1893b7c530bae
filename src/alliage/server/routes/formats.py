"""Formats: what a source may be written in."""

from __future__ import annotations

from fastapi import APIRouter

from alliage.server.models.ontology import FormatInfo
from alliage.server.security import TheServices, TheSession

router = APIRouter(prefix="/formats", tags=["formats"])


@router.get("")
def list_formats(session: TheSession, services: TheServices) -> list[FormatInfo]:
    """Every format, by name."""
    return [
        FormatInfo.model_validate(feed.manifest.model_dump(include=set(FormatInfo.model_fields)))
        for _name, feed in sorted(services.feeds.items())
    ]
