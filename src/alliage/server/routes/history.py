"""The past: how far back it goes and where much happened. The picture's socket plays it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from alliage.log.decided import revisions_of
from alliage.log.density import BINS_AT_MOST, Axis
from alliage.log.revisions import Drop
from alliage.ontology.times import to_text, to_us
from alliage.server.models.history import HistoryDensity, HistoryExtent
from alliage.server.paging import TimeIn
from alliage.server.problems import FieldError, ProblemError, problem_responses
from alliage.server.security import TheAudience, TheServices

router = APIRouter(prefix="/history", tags=["history"])


@router.get("/extent")
def read_extent(audience: TheAudience, services: TheServices) -> HistoryExtent:
    """From when to when visible observations are about."""
    log = services.log.reader(audience)
    extent = log.extent_us()
    dropped = [entry.revision() for entry in revisions_of(log)]
    return HistoryExtent(
        earliest=None if extent is None else to_text(extent[0]),
        latest=None if extent is None else to_text(extent[1]),
        not_kept_before={
            drop.stream: to_text(drop.before_us) for drop in dropped if isinstance(drop, Drop)
        },
    )


@router.get("/density", responses=problem_responses())
def read_density(
    audience: TheAudience,
    services: TheServices,
    first: Annotated[TimeIn, Query(alias="from", description="RFC 3339 with a zone")],
    last: Annotated[TimeIn, Query(alias="to", description="RFC 3339 with a zone; excluded")],
    bins: Annotated[int, Query(ge=1, le=BINS_AT_MOST)] = 200,
) -> HistoryDensity:
    """How much the log holds of each time, of what the reader may see."""
    try:
        axis = Axis(to_us(first), to_us(last), bins)
    except ValueError as error:
        problem = FieldError(field="query.to", message=str(error))
        raise ProblemError("invalid", "Not valid: query.to.", errors=[problem]) from None
    density = services.log.reader(audience).density(axis)
    return HistoryDensity(
        first=to_text(axis.from_us),
        last=to_text(axis.to_us),
        reports=[round(count, 1) for count in density.reports.tolist()],
        statements=[round(count, 1) for count in density.statements.tolist()],
    )
