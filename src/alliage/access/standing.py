"""Whose account counts as a person of its own, where something takes two people.

Whoever makes an account, sets its password or makes a link for it can be that person. So an account
that an administrator has touched does not count until its owner has chosen a password of their own
and somebody else, whose account counts, has vouched for it. What is done on the node's own machine
counts at once, and so do accounts that are there before a node's first start, changed meanwhile or
not: whoever owns that machine has the node's keys (docs/decisions/0240).

It is read from the audit alone: of an account of which the log says nothing, nothing is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from alliage.access.audit import Act
from alliage.access.principal import Principal

_FOUND_BY: Final = "alliage run"
_OPENED: Final = (Act.ACCOUNT_ADDED, Act.PASSWORD_RESET, Act.ONE_TIME_LINK_MADE)
_ACTS: Final = (
    *_OPENED, Act.ACCOUNT_CHANGED, Act.ACCOUNT_REMOVED, Act.ACCOUNT_VOUCHED, Act.NODE_STARTED,
)  # fmt: skip
STANDING_ACTS: Final = tuple(act.value for act in _ACTS)


@dataclass(slots=True)
class Waiting:
    """An account that does not count yet.

    Attributes:
        name: of its owner.
        touched: who made it, changed its rights or could have entered by it: names by id.
        opened: whether its owner has to choose a password that none of them knows.
    """

    name: str
    touched: dict[str, str] = field(default_factory=dict)
    opened: bool = False


class Standing:
    """Which accounts count, as far as the audit has been read in its order."""

    def __init__(self) -> None:
        """Before the first entry: nothing is known."""
        self._since: dict[str, int] = {}  # by id, of those that count
        self._waiting: dict[str, Waiting] = {}
        self._ids: dict[str, str] = {}
        self._started = False

    def take(self, data: Mapping[str, Any], number: int) -> None:
        """Take in a record of the audit, and the number of its entry."""
        act = data["act"]
        if act == Act.NODE_STARTED:
            self._started = True
        if act not in STANDING_ACTS or not data["done"] or not data["on"]:
            return
        user_id, name = str(data["on"][0]), str(data["details"].get("user", ""))
        by_id = data.get("user_id")
        if act == Act.ACCOUNT_REMOVED:
            self._forget(user_id)
        elif by_id is None:
            self._by_machine(data, user_id, name, number)
        elif act == Act.ACCOUNT_VOUCHED:
            self._waiting.pop(user_id, None)
            self._since[user_id] = number
        elif by_id == user_id:
            if act == Act.PASSWORD_RESET and user_id in self._waiting:
                self._waiting[user_id].opened = False
        elif act in _OPENED or data["details"].get("before") != data["details"].get("after"):
            self._touched(user_id, name, (by_id, str(data["user"])), act in _OPENED)

    def since(self, name: str) -> int | None:
        """From which entry of the log on somebody's account counts; None: it does not."""
        return self._since.get(self._ids.get(name.casefold(), ""))

    def waiting(self) -> list[Waiting]:
        """The accounts that do not count yet, by name."""
        return sorted(self._waiting.values(), key=lambda one: one.name.casefold())

    def why_not(self, name: str) -> str:
        """Why somebody's account does not count, for them and for others to read; "": it does."""
        if self.since(name) is not None:
            return ""
        on_machine = f"`alliage users vouch {name}` on the node's own machine"
        found = self._waiting.get(self._ids.get(name.casefold(), ""))
        if found is None:
            return f"the log does not say how the account {name!r} came to be: {on_machine}"
        by = ", ".join(sorted(found.touched.values())) or "somebody unknown"
        chosen = f"{name!r} has to choose a new password, and " if found.opened else ""
        return (
            f"the account {name!r} was made or changed by {by}, who could act by it: {chosen}"
            f"somebody else has to vouch for it under Administration, Releases, or {on_machine}"
        )

    def why_no_voucher(self, by: Principal, name: str) -> str:
        """Why somebody may not vouch for an account; "": they may."""
        found = self._waiting.get(self._ids.get(name.casefold(), ""))
        if found is None:
            return f"no account {name!r} waits for somebody to vouch for it"
        if by.name.casefold() == name.casefold():
            return "nobody vouches for themselves"
        if self.since(by.name) is None:
            return f"nobody has vouched for you yet: {self.why_not(by.name)}"
        if by.user_id in found.touched:
            return f"you made or changed the account {name!r}: somebody else has to vouch for it"
        if found.opened:
            return f"{name!r} has to choose a new password first, which nobody else knows"
        return ""

    def _by_machine(self, data: Mapping[str, Any], user_id: str, name: str, number: int) -> None:
        vouched = data["act"] == Act.ACCOUNT_VOUCHED
        added = data["act"] == Act.ACCOUNT_ADDED
        if data["act"] == Act.ACCOUNT_CHANGED:  # it was made with the node: nobody could act before
            added = not self._started and user_id not in self._waiting
        elif data["program"] == _FOUND_BY:  # accounts that are there before a node's first start
            added = added and not self._started
            if data["act"] == Act.ACCOUNT_ADDED and not added:
                self._touched(user_id, name, None, opened=True)
        if vouched or added:
            self._waiting.pop(user_id, None)
            self._ids[name.casefold()] = user_id
            self._since[user_id] = number

    def _touched(self, user_id: str, name: str, by: tuple[str, str] | None, opened: bool) -> None:
        self._since.pop(user_id, None)
        self._ids[name.casefold()] = user_id
        found = self._waiting.setdefault(user_id, Waiting(name))
        found.touched |= dict([by]) if by else {}
        found.opened |= opened

    def _forget(self, user_id: str) -> None:
        self._since.pop(user_id, None)
        self._waiting.pop(user_id, None)
        self._ids = {name: of for name, of in self._ids.items() if of != user_id}
