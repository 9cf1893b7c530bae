"""Vouching: somebody answers for it that an account is a person of its own."""

from __future__ import annotations

from collections.abc import Callable

from alliage.access.audit import Act, AuditEvent
from alliage.access.principal import Principal
from alliage.access.standing import Standing, Waiting
from alliage.access.users import User

DECISION = "decision 0240: whose account counts"


class NotYoursToVouchError(Exception):
    """This person may not vouch for this account; says why."""


def vouch(
    standing: Standing,
    audit: Callable[[AuditEvent], None],
    node_nation: str,
    by: Principal,
    whom: User,
    reason: str = "",
) -> None:
    """Answer for an account: its owner is a person, and alone knows its password.

    Raises:
        NotYoursToVouchError: it is not this person's to vouch for.
    """
    name = whom.principal.name
    if why := why_no_voucher(standing, node_nation, by, name):
        raise NotYoursToVouchError(why)
    audit(
        AuditEvent(
            Act.ACCOUNT_VOUCHED,
            by=by,
            on=(whom.principal.user_id,),
            reason=reason.strip(),
            decision=DECISION,
            details={"user": name},
        )
    )


def why_no_voucher(standing: Standing, node_nation: str, by: Principal, name: str) -> str:
    """Why this person may not vouch for an account; "": they may."""
    if by.nation != node_nation:
        return f"those of {node_nation}, whose node this is, vouch for accounts"
    return standing.why_no_voucher(by, name)


def waiting_for(standing: Standing, node_nation: str, by: Principal) -> list[Waiting]:
    """The accounts that wait, as far as they are this person's to know of: their own, or all."""
    if by.nation == node_nation:
        return standing.waiting()
    return [one for one in standing.waiting() if one.name.casefold() == by.name.casefold()]
