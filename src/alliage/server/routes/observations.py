"""Observations: the rows that entries carry, one JSON object each."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from alliage.history.observations import ObservationReader, Wanted
from alliage.log.reader import CursorError
from alliage.ontology.observation import Kind
from alliage.ontology.times import to_us
from alliage.server.models.log import ObservationPage
from alliage.server.paging import DEFAULT_LIMIT, Cursor, Limit, Moment, Words
from alliage.server.present import observation
from alliage.server.problems import ProblemError, problem_responses, sentence
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
    from_us = None if valid_from is None else to_us(valid_from)
    until_us = None if valid_to is None else to_us(valid_to)
    wanted = Wanted(identifier, stream, kind, from_us, until_us)
    try:
        page = ObservationReader(services.log.reader(audience)).page(wanted, cursor, limit)
    except CursorError as error:
        raise ProblemError("bad-cursor", sentence(error)) from None
    return ObservationPage(items=[observation(item) for item in page.items], next=page.next)
