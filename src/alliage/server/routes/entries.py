"""Entries: what the log holds, as headers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from alliage.log.reader import CursorError
from alliage.log.selection import Selection
from alliage.server.models.log import EntryPage
from alliage.server.paging import DEFAULT_LIMIT, Limit, Words
from alliage.server.present import entry_header
from alliage.server.problems import ProblemError, problem_responses, sentence
from alliage.server.security import TheAudience, TheServices

router = APIRouter(prefix="/entries", tags=["entries"])

After = Annotated[
    str | None, Query(min_length=1, max_length=64, description="entry_id of the last one had")
]


@router.get("", responses=problem_responses(400))
def list_entries(
    audience: TheAudience,
    services: TheServices,
    after: After = None,
    stream: Words = None,
    kind: Words = None,
    limit: Limit = DEFAULT_LIMIT,
) -> EntryPage:
    """Headers of the entries that the reader may see, oldest first.

    To follow the log, ask again with the last `entry_id` as `after`, whether or not there was a
    `next`.
    """
    kinds, streams = [kind] if kind else None, [stream] if stream else None
    wanted = Selection(kinds=kinds, streams=streams, with_gone=True)
    log = services.log.reader(audience)
    try:
        page = log.page(after, limit, wanted)
    except CursorError as error:
        raise ProblemError("bad-cursor", sentence(error)) from None
    return EntryPage(items=[entry_header(entry, log) for entry in page.entries], next=page.next)
