"""Versions of authority: the rules in force, people's rights, and how node and sources are set.

A version is an audit event whose details say what was so ``before`` and what is so ``after``. It is
written when something changes, so the log tells for every act by which authority it was done:
reads use today's, the audit shows then's. No secret is ever part of a version.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from alliage.access.audit import Act, AuditEvent
from alliage.access.cedar import Policy
from alliage.access.principal import Principal
from alliage.ontology.policies import Policies

POLICY, ACCOUNT, SOURCE, NODE = "policy", "account", "source", "node"
"""What there are versions of; of accounts and sources each has its own."""

_KINDS: Final = {
    Act.POLICY_CHANGED: POLICY,
    Act.ACCOUNT_ADDED: ACCOUNT,
    Act.ACCOUNT_CHANGED: ACCOUNT,
    Act.ACCOUNT_REMOVED: ACCOUNT,
    Act.SOURCE_CONFIGURED: SOURCE,
    Act.SOURCE_REMOVED: SOURCE,
    Act.NODE_CONFIGURED: NODE,
}
VERSION_ACTS: Final = tuple(act.value for act in _KINDS)
_VERSION_CHARACTERS: Final = 12


@dataclass(frozen=True, slots=True)
class Version:
    """What was so from an entry on.

    Attributes:
        entry_id: of the entry that says so.
        label_set: that it has.
        after: plain data; empty once the thing is no more.
        name: the version's own, where it has one.
    """

    entry_id: str
    label_set: int
    after: Mapping[str, Any]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Authority:
    """By what somebody acted; None for what the log does not say."""

    policy: Version | None = None
    rights: Version | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain data, as lists and files of the audit show it."""
        policy, rights = self.policy, self.rights
        return {
            "policy": policy and {"version": policy.name, "entry_id": policy.entry_id},
            "rights": rights and {**rights.after, "entry_id": rights.entry_id},
        }


class InForce:
    """The latest version of everything, as far as the audit has been read in its order."""

    def __init__(self) -> None:
        """Before the first entry: nothing is known."""
        self._versions: dict[tuple[str, str], Version] = {}

    def then(self, data: Mapping[str, Any]) -> Authority:
        """By what an act was done; ask before its own record is taken in."""
        user_id = data.get("user_id")
        rights = self.of(ACCOUNT, user_id) if isinstance(user_id, str) else None
        return Authority(self.of(POLICY), rights)

    def of(self, kind: str, subject: str = "") -> Version | None:
        """The version in force; None where the log says none."""
        found = self._versions.get((kind, subject))
        return found if found is not None and found.after else None

    def subjects(self, kind: str) -> list[str]:
        """Ids of what there is of a kind."""
        found = self._versions.items()
        return [name for (of, name), version in found if of == kind and version.after]

    def take(self, data: Mapping[str, Any], entry_id: str, label_set: int) -> None:
        """Take in a record of the audit; what is no version, or was refused, changes nothing."""
        kind = _KINDS.get(data["act"])
        details = data["details"]
        if kind is None or not data["done"] or not ({"before", "after"} & details.keys()):
            return
        subject = data["on"][0] if kind in (ACCOUNT, SOURCE) and data["on"] else ""
        after, name = details.get("after") or {}, details.get("version", "")
        self._versions[kind, subject] = Version(entry_id, label_set, after, name)


def rules_of(policy: Policy, policies: Policies) -> dict[str, str]:
    """Everything by which labels are shown to readers, in parts that can be compared.

    Args:
        policy: the access policy; each of its rules is a part.
        policies: the security policies; of each the SHA-256 of its file is a part.
    """
    files = {f"security policy {name}": one.digest for name, one in policies.by_name.items()}
    return {f"rule {name}": text for name, text in policy.rules.items()} | files


def policy_version(
    before: Mapping[str, str] | None, after: Mapping[str, str], program: str = ""
) -> AuditEvent:
    """The event that says by which rules labels are shown from now on."""
    canonical = orjson.dumps(dict(after), option=orjson.OPT_SORT_KEYS)
    name = hashlib.sha256(canonical).hexdigest()[:_VERSION_CHARACTERS]
    details = {"version": name, "before": dict(before or {}), "after": dict(after)}
    return AuditEvent(Act.POLICY_CHANGED, program=program, details=details)


def rights_said(principal: Principal) -> dict[str, Any]:
    """Somebody's rights as a version says them; nothing of a password or token."""
    return {
        "nation": principal.nation,
        "clearance": principal.clearance,
        "roles": sorted(role.value for role in principal.roles),
        "communities": sorted(principal.communities),
        "purpose": principal.purpose,
    }


@dataclass(frozen=True, slots=True)
class Change:
    """One part that is another than before; None where it was not there, or is no more."""

    what: str
    before: Any
    after: Any


def changes_in(data: Mapping[str, Any]) -> list[Change]:
    """What a version changed, part by part; nothing for any other record of the audit."""
    details = data["details"]
    if data["act"] not in VERSION_ACTS:
        return []
    before, after = (dict(_parts(details.get(side) or {})) for side in ("before", "after"))
    return [
        Change(what, before.get(what), after.get(what))
        for what in dict.fromkeys([*before, *after])
        if before.get(what) != after.get(what)
    ]


def _parts(said: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in said.items():
        if isinstance(value, Mapping):
            yield from _parts(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value
