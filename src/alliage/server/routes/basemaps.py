"""Basemaps: which there are, and their tiles."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response
from pydantic import TypeAdapter

from alliage.basemaps.basemap import Basemap
from alliage.basemaps.settings import DEEPEST_ZOOM
from alliage.basemaps.tiles import TileError, TileSource
from alliage.ontology.audience import Audience
from alliage.server.etags import NOT_MODIFIED, REVALIDATE, tagged
from alliage.server.models.basemaps import BasemapInfo
from alliage.server.models.common import Marking
from alliage.server.problems import ProblemError, problem_responses
from alliage.server.security import TheAudience, TheServices
from alliage.server.see_as import HEADER
from alliage.server.services import Services

router = APIRouter(prefix="/basemaps", tags=["basemaps"])

TILE_HEADERS: Final = {
    # Kept by the browser for an hour, for this session only: another reader may see less.
    "Cache-Control": "private, max-age=3600",
    "Vary": f"Cookie, Authorization, {HEADER}",
}
_BASEMAPS: Final = TypeAdapter(list[BasemapInfo])
Zoom = Annotated[int, Path(ge=0, le=DEEPEST_ZOOM)]
Step = Annotated[int, Path(ge=0, lt=1 << DEEPEST_ZOOM)]


@router.get("", response_model=list[BasemapInfo], responses=NOT_MODIFIED)
def list_basemaps(request: Request, audience: TheAudience, services: TheServices) -> Response:
    """The node's own basemaps that the reader may see, in the order of the configuration.

    The built-in coast lines come with the web pages and are not listed.
    """
    found = [
        _info(basemap, services)
        for basemap in services.basemaps.values()
        if audience.sees(basemap.label_set)
    ]
    return tagged(request, _BASEMAPS, found, REVALIDATE)


@router.get(
    "/{name}/{z}/{x}/{y}",
    response_class=Response,
    responses={
        200: {
            "description": "The tile: an image, or a Mapbox vector tile",
            "content": {
                "image/*": {"schema": {"type": "string", "format": "binary"}},
                "application/vnd.mapbox-vector-tile": {
                    "schema": {"type": "string", "format": "binary"}
                },
            },
        },
        **problem_responses(404, 503),
    },
)
async def get_tile(
    name: Annotated[str, Path(max_length=40)],
    z: Zoom,
    x: Step,
    y: Step,
    audience: TheAudience,
    services: TheServices,
) -> Response:
    """One tile (Web Mercator; row 0 is in the north)."""
    source = _source(name, audience, services)
    if not source.sheet.has(z, x, y):
        raise ProblemError("not-found", "The basemap has no tile there.")
    try:
        tile = await source.tile(z, x, y)
    except TileError as error:
        raise ProblemError("unavailable", f"{error}.") from None
    if tile is None:
        raise ProblemError("not-found", "The basemap has no tile there.")
    return Response(tile.content, media_type=tile.media_type, headers=TILE_HEADERS)


def _source(name: str, audience: Audience, services: Services) -> TileSource:
    basemap = services.basemaps.get(name)
    if basemap is None or not audience.sees(basemap.label_set):
        raise ProblemError("not-found", f"There is no basemap {name!r}.")
    if basemap.source is None:
        raise ProblemError("unavailable", f"{basemap.problem}.")
    return basemap.source


def _info(basemap: Basemap, services: Services) -> BasemapInfo:
    sheet = basemap.sheet
    return BasemapInfo(
        name=basemap.name,
        title=basemap.title,
        attribution=basemap.attribution,
        marking=Marking.of(services.log.label_sets.labels_of(basemap.label_set)),
        kind=sheet.kind,
        min_zoom=sheet.min_zoom,
        max_zoom=sheet.max_zoom,
        tile_pixels=sheet.tile_pixels,
        vector_layers=list(sheet.vector_layers),
        problem=basemap.problem,
    )
