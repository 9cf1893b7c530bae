"""Audit: what was done on this node, for its auditors."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import StreamingResponse

from alliage.access.audit import Act, as_auditor, may_audit
from alliage.access.authority import changes_in
from alliage.export.audit_rows import AUDIT, audit_rows
from alliage.export.wanted import Origin
from alliage.history.audit import AuditWanted, StoredRecord
from alliage.log.reader import CursorError
from alliage.ontology.audience import Audience
from alliage.ontology.times import to_text
from alliage.server.exporting import FILE, Bind, Export, asked_by, send_export
from alliage.server.models.audit import AuditInfo, AuditPage, AuthorityThen, ChangeInfo
from alliage.server.models.common import Marking
from alliage.server.paging import DEFAULT_LIMIT, Cursor, Limit, Moment, Words
from alliage.server.problems import ProblemError, problem_responses, sentence
from alliage.server.security import TheAudience, TheServices, TheSession
from alliage.server.services import Services
from alliage.server.writing import us_or_none

router = APIRouter(prefix="/audit", tags=["audit"], responses=problem_responses(403))


def auditing_audience(
    session: TheSession, audience: TheAudience, services: TheServices
) -> Audience:
    """What the signed-in auditor may see, and the audit besides.

    Raises:
        ProblemError: ``forbidden``; the person is no auditor of this node.
    """
    readers = [session.principal, *([session.seen_as] if session.seen_as else [])]
    if not all(may_audit(reader, services.access.node_nation) for reader in readers):
        detail = "The audit is read by people with the role 'auditor', of this node's own nation."
        raise ProblemError("forbidden", detail)
    return as_auditor(audience)


AuditingAudience = Annotated[Audience, Depends(auditing_audience)]
ActName = Annotated[
    str | None,
    Query(
        max_length=64,
        pattern=r"^[a-z-]+(\.[a-z-]+)?$",
        description="claim.retracted, or its first word",
    ),
]


@router.get("", responses=problem_responses(400))
def list_audit(
    audience: AuditingAudience,
    services: TheServices,
    user: Words = None,
    act: ActName = None,
    on: Words = None,
    time_from: Annotated[Moment, Query(alias="from")] = None,
    time_to: Annotated[Moment, Query(alias="to")] = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> AuditPage:
    """What was done, the latest first: by whom, why and by which decision.

    What was done to a thing that the auditor may not see is not there.
    """
    wanted = AuditWanted(user, act, on, us_or_none(time_from), us_or_none(time_to))
    try:
        found, after = services.audit_store.page(audience, wanted, cursor, limit)
    except CursorError as error:
        raise ProblemError("bad-cursor", sentence(error)) from None
    return AuditPage(items=[_info(services, one) for one in found], next=after)


class AuditFormat(StrEnum):
    """Of the file."""

    CSV = "csv"
    JSONL = "jsonl"


@router.get("/export", response_class=StreamingResponse, responses=FILE)
async def export_audit(
    request: Request,
    audience: AuditingAudience,
    session: TheSession,
    services: TheServices,
    format_name: Annotated[AuditFormat, Query(alias="format")] = AuditFormat.CSV,
    user: Words = None,
    act: ActName = None,
    on: Words = None,
    time_from: Annotated[Moment, Query(alias="from")] = None,
    time_to: Annotated[Moment, Query(alias="to")] = None,
    bind: Bind = None,
) -> StreamingResponse:
    """What was done, as a file, the oldest first; that it was exported is audited, too.

    What was done to a thing that the auditor may not see is not there.
    """
    log = services.log
    wanted = AuditWanted(user, act, on, us_or_none(time_from), us_or_none(time_to))
    origin = Origin(log.reader(audience), audience, services.ontology, log.label_sets)
    export = Export(
        "audit",
        format_name,
        AUDIT,
        audit_rows(origin, wanted),
        Act.AUDIT_READ,
        asked_by(request),
        bind=bind,
    )
    return await send_export(request, services, session, export)


def _info(services: Services, one: StoredRecord) -> AuditInfo:
    data = one.data
    at_us = data.get("at_us")
    return AuditInfo(
        entry_id=one.entry_id,
        known=to_text(one.known_us),
        at=to_text(one.known_us if at_us is None else at_us),
        act=data["act"],
        user=data["user"],
        nation=data.get("nation"),
        roles=data["roles"],
        program=data["program"],
        on=data["on"],
        reason=data["reason"],
        decision=data["decision"],
        done=data["done"],
        details=data["details"],
        authority=AuthorityThen.model_validate(one.authority),
        changes=[ChangeInfo(**asdict(change)) for change in changes_in(data)],
        marking=Marking.of(services.log.label_sets.labels_of(one.label_set)),
    )
