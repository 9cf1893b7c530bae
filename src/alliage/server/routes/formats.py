"""Formats: what a source may be written in."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request, Response
from pydantic import TypeAdapter

from alliage.server.etags import NOT_MODIFIED, REVALIDATE, tagged
from alliage.server.models.ontology import FormatInfo
from alliage.server.security import TheServices, TheSession

router = APIRouter(prefix="/formats", tags=["formats"])


_FORMATS: Final = TypeAdapter(list[FormatInfo])


@router.get("", response_model=list[FormatInfo], responses=NOT_MODIFIED)
def list_formats(request: Request, session: TheSession, services: TheServices) -> Response:
    """Every format, by name."""
    found = [
        FormatInfo.model_validate(feed.manifest.model_dump(include=set(FormatInfo.model_fields)))
        for _name, feed in sorted(services.feeds.items())
    ]
    return tagged(request, _FORMATS, found, REVALIDATE)
