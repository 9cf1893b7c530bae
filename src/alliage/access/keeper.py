"""Who may give rights: every change that somebody makes to an account goes through here.

The rules stand in decision 0055. Each change leaves a line in the node's log of itself: who,
whom, and the rights before and after.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import structlog

from alliage.access.accounts import Accounts
from alliage.access.audit import Act, AuditEvent
from alliage.access.authority import rights_said
from alliage.access.principal import Principal, Role
from alliage.access.users import AccountError, User

_ACTS: Final = {
    "account added": Act.ACCOUNT_ADDED,
    "account changed": Act.ACCOUNT_CHANGED,
    "account removed": Act.ACCOUNT_REMOVED,
    "password reset": Act.PASSWORD_RESET,
    "one-time sign-in made": Act.ONE_TIME_LINK_MADE,
}


class NotYoursToGiveError(Exception):
    """This administrator may not make this change to this account; says why."""


@dataclass(frozen=True, slots=True)
class RightsChange:
    """What to change of somebody's rights; None stays as it is."""

    nation: str | None = None
    clearance: str | None = None
    roles: frozenset[Role] | None = None
    communities: frozenset[str] | None = None
    purpose: str | None = None

    def of(self, before: Principal) -> Principal:
        """The principal as this change would leave it.

        Raises:
            AccountError: something given is not as it must be.
        """
        given = {name: value for name, value in asdict(self).items() if value is not None}
        try:
            return replace(before, **given)
        except ValueError as error:
            raise AccountError(str(error)) from None


class Keeper:
    """An administrator at work on the accounts of a node."""

    def __init__(
        self,
        accounts: Accounts,
        node_nation: str,
        by: Principal,
        audit: Callable[[AuditEvent], None] | None = None,
    ) -> None:
        """``audit`` writes down what is done; without one it stands in the node's text log only."""
        self._audit = audit
        self._accounts = accounts
        self._node_nation = node_nation
        self._by = by

    def add(
        self,
        name: str,
        *,
        nation: str,
        clearance: str,
        roles: frozenset[Role],
        password: str | None = None,
        language: str = "en",
        communities: frozenset[str] = frozenset(),
        purpose: str = "",
    ) -> User:
        """Make an account.

        Raises:
            NotYoursToGiveError: these rights are not this administrator's to give.
            AccountError: as :meth:`Accounts.add`.
        """
        self._check_administrator()
        rights = RightsChange(nation, clearance, roles, communities, purpose)
        self._check_gift(rights.of(self._by))
        added = self._accounts.add(
            name,
            nation=nation,
            clearance=clearance,
            roles=roles,
            password=password,
            language=language,
            communities=communities,
            purpose=purpose,
        )
        self._note("account added", added.principal, after=rights_said(added.principal))
        return added

    def change(
        self,
        user_id: str,
        rights: RightsChange,
        *,
        language: str | None = None,
        password: str | None = None,
    ) -> User:
        """Change what is given of an account, its password too.

        Raises:
            KeyError: there is no such account.
            NotYoursToGiveError: the account, or these rights, are not this administrator's.
            AccountError: as :meth:`Accounts.change` and :meth:`Accounts.set_password`.
        """
        before = self._accounts.user(user_id).principal
        self._check_whom(before)
        after = rights.of(before)
        if after != before:
            self._check_not_self(before, "change their own rights")
            self._check_gift(after)
        changed = self._accounts.change(
            user_id,
            nation=rights.nation,
            clearance=rights.clearance,
            roles=rights.roles,
            language=language,
            communities=rights.communities,
            purpose=rights.purpose,
        )
        self._note(
            "account changed",
            before,
            before=rights_said(before),
            after=rights_said(changed.principal),
            language=language,
        )
        if password is not None:
            self._accounts.set_password(user_id, password)
            self._note("password reset", before)
        return self._accounts.user(user_id)

    def remove(self, user_id: str) -> None:
        """Remove an account with its sessions and tokens.

        Raises:
            KeyError: there is no such account.
            NotYoursToGiveError: the account is not this administrator's to remove.
            AccountError: as :meth:`Accounts.remove`.
        """
        before = self._accounts.user(user_id).principal
        self._check_whom(before)
        self._check_not_self(before, "remove their own account")
        self._accounts.remove(user_id)
        self._note("account removed", before, before=rights_said(before))

    def one_time_token(self, user_id: str) -> str:
        """A token that signs in once: as good as a password, so under the same rules.

        Raises:
            KeyError: there is no such account.
            NotYoursToGiveError: the account is not this administrator's.
        """
        whom = self._accounts.user(user_id).principal
        self._check_whom(whom)
        token = self._accounts.one_time_token(user_id)
        self._note("one-time sign-in made", whom)
        return token

    # --- the rules

    def _check_administrator(self) -> None:
        if Role.ADMINISTRATOR not in self._by.roles:
            raise NotYoursToGiveError("only administrators keep accounts")

    def _check_whom(self, whom: Principal) -> None:
        """Whether this account is one that this administrator may touch at all."""
        self._check_administrator()
        if whom.user_id == self._by.user_id:
            return
        self._check_nation(whom.nation)
        if whom.clearance_rank > self._by.clearance_rank:
            raise NotYoursToGiveError(
                f"{whom.name!r} is cleared for {whom.clearance}, which is above your own "
                f"{self._by.clearance}: somebody cleared for it has to do this"
            )
        self._check_held(whom, f"{whom.name!r} has")

    def _check_gift(self, whom: Principal) -> None:
        """Whether these rights are this administrator's to give."""
        self._check_nation(whom.nation)
        if whom.clearance_rank > self._by.clearance_rank:
            raise NotYoursToGiveError(
                f"{whom.clearance} is above your own clearance, {self._by.clearance}: "
                "somebody cleared for it has to give it"
            )
        self._check_held(whom, "you would give")
        if Role.ADMINISTRATOR in whom.roles and not self._is_own:
            raise NotYoursToGiveError(
                f"only administrators of {self._node_nation}, whose node this is, "
                "make or change administrators"
            )

    def _check_held(self, whom: Principal, whose: str) -> None:
        """Communities and a purpose are in the hands of those who have them."""
        more = sorted(whom.communities - self._by.communities)
        if more:
            raise NotYoursToGiveError(
                f"{whose} the community {more[0]!r}, which you do not hold yourself: somebody who "
                "does has to do this, or `alliage users change` on the node's own machine"
            )
        if whom.purpose not in ("", self._by.purpose):
            raise NotYoursToGiveError(
                f"{whose} the purpose {whom.purpose!r}, which is not your own: somebody with it "
                "has to do this, or `alliage users change` on the node's own machine"
            )

    def _check_nation(self, nation: str) -> None:
        if not self._is_own and nation != self._by.nation:
            raise NotYoursToGiveError(
                f"you keep the accounts of {self._by.nation}; those of {nation} are kept by "
                f"administrators of {self._node_nation}, whose node this is"
            )

    def _check_not_self(self, whom: Principal, what: str) -> None:
        if whom.user_id == self._by.user_id:
            raise NotYoursToGiveError(f"nobody may {what}: another administrator has to")

    @property
    def _is_own(self) -> bool:
        return self._by.nation == self._node_nation

    def _note(self, event: str, whom: Principal, **more: Any) -> None:
        said = {key: value for key, value in more.items() if value is not None}
        if self._audit is not None:
            details = {"user": whom.name, **said}
            on, decision = (whom.user_id,), "decision 0055: who may give rights"
            self._audit(
                AuditEvent(_ACTS[event], by=self._by, on=on, decision=decision, details=details)
            )
        structlog.get_logger("alliage.access").info(
            event,
            by=self._by.name,
            by_id=self._by.user_id,
            user=whom.name,
            user_id=whom.user_id,
            **said,
        )
