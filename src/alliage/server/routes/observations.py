"""Observations: the rows that entries carry, one JSON object each."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from alliage.ontology.observation import Kind
from alliage.ontology.times import to_us
from alliage.server.models.log import ObservationPage
from alliage.server.observing import RowFilter, read_rows
from alliage.server.paging import DEFAULT_LIMIT, Cursor, Limit, Moment, Words
from alliage.server.problems import problem_responses
from alliage.server.security import TheAudience, TheServices

router = APIRouter(prefix="/observations", tags=["observations"])


@router.get("", responses=problem_responses(400))
def list_observations(
    audience: TheAudience,
    services: TheServices,
    identifier: Words = None,
    stream: Words = None,
    kind: Annotated[Kind | None, Query()] = None,
    valid_from: Annotated[Moment, Query(alias="from")] = None,
    valid_to: Annotated[Moment, Query(alias="to")] = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> ObservationPage:
    """Observations in the order in which this node had them.

    `from` and `to` bound the valid time, `to` excluded. A page may be short, or even empty, and
    still have a `next`: the node looks through a bounded part of the log for each page.
    """
    wanted = RowFilter(
        identifier,
        stream,
        kind,
        None if valid_from is None else to_us(valid_from),
        None if valid_to is None else to_us(valid_to),
    )
    rows, following = read_rows(services, audience, wanted, cursor, limit)
    return ObservationPage(items=rows, next=following)
