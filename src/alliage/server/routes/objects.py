"""Objects: everything that is said of one thing."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from alliage.server.models.objects import ObjectInfo
from alliage.server.object_view import object_info
from alliage.server.problems import not_found, problem_responses
from alliage.server.security import TheAudience, TheServices

router = APIRouter(prefix="/objects", tags=["objects"])


@router.get("/{object_id}", responses=problem_responses(404))
def read_object(
    object_id: Annotated[str, Path(max_length=200)], audience: TheAudience, services: TheServices
) -> ObjectInfo:
    """One object with its state, its source tracks and who claims what."""
    found = object_info(services, audience, object_id)
    if found is None:
        raise not_found("object", object_id)
    return found
