"""Vouching: for accounts that an administrator could act by, before they count as a person."""

from __future__ import annotations

from fastapi import APIRouter

from alliage.access.vouching import NotYoursToVouchError, vouch, waiting_for, why_no_voucher
from alliage.server.models.vouchings import NewVouching, WaitingInfo, WaitingPage
from alliage.server.problems import ProblemError, not_found, problem_responses, sentence
from alliage.server.security import TheServices, TheSession

router = APIRouter(prefix="/vouchings", tags=["users"])


@router.get("")
def list_waiting(session: TheSession, services: TheServices) -> WaitingPage:
    """Accounts that do not count yet where something takes two people, by name.

    For people of this node's nation; others find their own.
    """
    by, standing = session.principal, services.audit_store.standing
    nation = services.access.node_nation
    items = [
        WaitingInfo(
            user=one.name,
            touched_by=sorted(one.touched.values()),
            needs_password=one.opened,
            own=one.name.casefold() == by.name.casefold(),
            why_not=why_no_voucher(standing, nation, by, one.name),
        )
        for one in waiting_for(standing, nation, by)
    ]
    return WaitingPage(items=items, next=None)


@router.post("", status_code=204, responses=problem_responses(403, 404))
def vouch_for(body: NewVouching, session: TheSession, services: TheServices) -> None:
    """Answer for an account: its owner is a person, and alone knows its password.

    For people of this node's nation whose own account counts, and who have not made or changed
    the account. The owner has chosen a password before (`PUT /session/password`).
    """
    whom = services.accounts.find(body.user)
    if whom is None:
        raise not_found("user", body.user)
    standing, nation = services.audit_store.standing, services.access.node_nation
    try:
        vouch(standing, services.audit, nation, session.principal, whom, body.reason)
    except NotYoursToVouchError as error:
        raise ProblemError("forbidden", sentence(error)) from None
