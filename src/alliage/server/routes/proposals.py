"""Proposals: releases and redactions that one person asks for and another decides."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query

from alliage.actions.kinds import Decide, ProposeRedaction, ProposeRelease
from alliage.actions.proposals import Proposal, proposals
from alliage.ontology.audience import Audience
from alliage.ontology.times import to_text
from alliage.server.models.actions import WrittenInfo
from alliage.server.models.common import Marking
from alliage.server.models.proposals import (
    NewDecision,
    NewRedaction,
    NewRelease,
    ProposalInfo,
    ProposalPage,
)
from alliage.server.paging import DEFAULT_LIMIT, Limit
from alliage.server.present import time_or_none
from alliage.server.problems import problem_responses
from alliage.server.security import SignedIn, TheAudience, TheServices, TheSession
from alliage.server.services import Services
from alliage.server.writing import checked_label, done, writing_of

router = APIRouter(prefix="/proposals", tags=["proposals"])

ProposalId = Annotated[str, Path(max_length=200)]
State = Annotated[
    Literal["pending", "expired", "approved", "refused"] | None,
    Query(description="only those that are so"),
]


@router.get("")
def list_proposals(
    session: TheSession,
    audience: TheAudience,
    services: TheServices,
    state: State = None,
    limit: Limit = DEFAULT_LIMIT,
) -> ProposalPage:
    """Releases and redactions that were proposed, the latest first; none that was withdrawn."""
    now_us = services.clock.now_us()
    found = proposals(services.claims.reader(audience), now_us)
    wanted = [one for one in found if state is None or one.state == state]
    items = [_info(services, audience, session, one) for one in wanted[:limit]]
    return ProposalPage(items=items, next=None)


@router.post("/releases", status_code=201, responses=problem_responses(403, 404, 503))
def propose_release(
    body: NewRelease, session: TheSession, audience: TheAudience, services: TheServices
) -> WrittenInfo:
    """Propose to say claims of one thing again under a lower label.

    Somebody else, a commander of this node's nation, has to approve it within a week. Withdraw it
    by retracting the claim in `undo`.
    """
    label = checked_label(body.label)
    action = ProposeRelease(claims=tuple(body.claims), label=label, reason=body.reason)
    return done(services, session, lambda by: services.revising.propose(by, action))


@router.post("/redactions", status_code=201, responses=problem_responses(403, 404, 503))
def propose_redaction(
    body: NewRedaction, session: TheSession, audience: TheAudience, services: TheServices
) -> WrittenInfo:
    """Propose to destroy what claims or entries say; their hashes stay, and the decision.

    For administrators of this node's nation; another one, or a commander, has to approve it.
    """
    action = ProposeRedaction(
        claims=tuple(body.claims), entries=tuple(body.entries), reason=body.reason
    )
    return done(services, session, lambda by: services.revising.propose(by, action))


@router.post("/{proposal_id}/decision", status_code=201, responses=problem_responses(403, 404, 503))
def decide(
    proposal_id: ProposalId,
    body: NewDecision,
    session: TheSession,
    audience: TheAudience,
    services: TheServices,
) -> WrittenInfo:
    """Approve or refuse what somebody else proposed. A redaction cannot be undone."""
    action = Decide(proposal_id=proposal_id, approve=body.approve, reason=body.reason)
    return done(services, session, lambda by: services.revising.decide(by, action))


def _info(services: Services, audience: Audience, session: SignedIn, one: Proposal) -> ProposalInfo:
    claim, decision = one.stored.claim, one.decision
    first = services.claims.reader(audience).find(one.claims[0]) if one.claims else None
    view = services.picture.view(audience)
    # Of what was destroyed nothing is left to say of what it was.
    thing = first.claim.subject if first else view.object_named(claim.identifier)
    track = view.track(thing) if thing else None
    return ProposalInfo(
        proposal_id=one.proposal_id,
        kind="redaction" if one.is_redaction else "release",
        state=one.state.value,
        by=one.stored.stream,
        own=writing_of(session).owns(one.stored.stream),
        reason=claim.reason,
        proposed=to_text(claim.valid_from_us),
        expires=to_text(claim.valid_to_us or claim.valid_from_us),
        identifier=claim.identifier,
        object_id=track.object_id if track else None,
        name=track.name if track else None,
        claims=list(one.claims),
        entries=list(one.entries),
        label=one.label.marking if one.label else None,
        decided_by=decision.stream if decision else None,
        decided=time_or_none(decision.claim.valid_from_us if decision else None),
        decision_reason=decision.claim.reason if decision else "",
        marking=Marking.of(services.log.label_sets.labels_of(one.stored.label_set)),
    )
