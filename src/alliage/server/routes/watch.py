"""The watch log: who has the watch, and what was noted."""

from __future__ import annotations

from fastapi import APIRouter

from alliage.actions.watch_words import WriteWatchLog
from alliage.ontology.times import to_text
from alliage.server.models.actions import WrittenInfo
from alliage.server.models.common import Marking
from alliage.server.models.incidents import LogLineInfo, LogPage, NewLogLine
from alliage.server.paging import DEFAULT_LIMIT, Limit
from alliage.server.problems import problem_responses
from alliage.server.security import TheAudience, TheServices, TheSession
from alliage.server.writing import done, label_of

router = APIRouter(prefix="/watch", tags=["watch"])


@router.get("/log")
def list_watch_log(
    audience: TheAudience, services: TheServices, limit: Limit = DEFAULT_LIMIT
) -> LogPage:
    """The watch log, the newest line first. Its lines are signed entries of the node's log."""
    labels_of = services.log.label_sets.labels_of
    lines = services.board.lines(audience)
    items = [
        LogLineInfo(
            claim_id=line.claim_id,
            act=line.act,
            text=line.text,
            by=line.by,
            known=to_text(line.known_us),
            marking=Marking.of(labels_of(line.label_set)),
        )
        for line in lines[:limit]
    ]
    return LogPage(items=items, next=None)


@router.post("/log", status_code=201, responses=problem_responses(403, 503))
def write_watch_log(
    body: NewLogLine, session: TheSession, audience: TheAudience, services: TheServices
) -> WrittenInfo:
    """Note something, take the watch over, or hand it over."""
    action = WriteWatchLog(
        act=body.act, text=body.text, reason=body.reason, label=label_of(body),
        opened=tuple(body.opened),
    )  # fmt: skip
    return done(services, session, lambda by: services.watch.log(by, action))
