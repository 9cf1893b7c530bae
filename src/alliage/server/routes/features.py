"""Features: things with a geometry, for the map."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request, Response
from pydantic import TypeAdapter

from alliage.server.as_of import TheAsOf
from alliage.server.etags import NOT_MODIFIED, tagged
from alliage.server.feature_list import feature_collection
from alliage.server.models.features import FeatureCollection
from alliage.server.routes.tracks import Bbox, Schemata, parsed_box
from alliage.server.security import TheServices

router = APIRouter(prefix="/features", tags=["features"])

_COLLECTION: Final = TypeAdapter(FeatureCollection)


@router.get("", response_model=FeatureCollection, responses=NOT_MODIFIED)
def list_features(
    request: Request,
    services: TheServices,
    as_of: TheAsOf,
    bbox: Bbox = None,
    schemata: Schemata = None,
) -> Response:
    """Areas, routes and places with their geometry, as GeoJSON.

    The picture's WebSocket sends the notice `features` when something here may have changed.
    """
    found = feature_collection(services, as_of, parsed_box(bbox), schemata)
    return tagged(request, _COLLECTION, found)
