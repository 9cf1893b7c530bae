"""Which attributes of a reader a policy looks at: only these may split readers into audiences.

Read from the policy's own syntax tree (Cedar's JSON form). Readers that differ in nothing that a
rule for reading looks at are told the same, so they share one audience and all that is computed
for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from alliage.access.rights import Rights

_SET_TESTS: Final = ("contains", "containsAny", "containsAll")


class NamesReaderError(ValueError):
    """A rule speaks of the reader as a whole, not of attributes."""


@dataclass(frozen=True, slots=True)
class LookedAt:
    """Attributes that rules look at: which whole, and of which sets only some values."""

    whole: frozenset[str]
    values: Mapping[str, frozenset[str]]

    def narrowed(self, rights: Rights) -> Rights:
        """These rights without what no rule looks at."""
        seen = self.whole
        return replace(
            rights,
            nation=rights.nation if "nation" in seen else "",
            clearance_rank=rights.clearance_rank if "clearance" in seen else 0,
            communities=self._set("communities", rights.communities),
            roles=self._set("roles", rights.roles),
            purpose=rights.purpose if "purpose" in seen else "",
        )

    def _set(self, name: str, held: frozenset[str]) -> frozenset[str]:
        return held if name in self.whole else held & self.values.get(name, frozenset())


def looked_at(rules: Mapping[str, Any], action: str) -> LookedAt:
    """What the rules for an action look at.

    Args:
        rules: rules by name, in Cedar's JSON form.
        action: the action's id.
    """
    whole: set[str] = set()
    values: dict[str, set[str]] = {}
    for rule in rules.values():
        if not _is_about(rule["action"], action):
            continue
        for name, literals in _uses_in(rule):
            if literals is None:
                whole.add(name)
            else:
                values.setdefault(name, set()).update(literals)
    return LookedAt(frozenset(whole), {name: frozenset(some) for name, some in values.items()})


def check_no_reader_is_named(rule: Mapping[str, Any]) -> None:
    """Refuse a rule that singles out a reader, since audiences are shared.

    Raises:
        NamesReaderError: says what to do.
    """
    for _use in _uses_in(rule):
        pass


def _is_about(scope: Mapping[str, Any], action: str) -> bool:
    if scope["op"] == "All":
        return True
    named = scope.get("entities") or [scope["entity"]]
    return any(entity["id"] == action for entity in named)


def _uses_in(rule: Mapping[str, Any]) -> Iterator[tuple[str, set[str] | None]]:
    if rule["principal"]["op"] not in ("All", "is"):
        raise NamesReaderError("it names a reader; compare attributes of principal instead")
    for condition in rule["conditions"]:
        yield from _uses(condition["body"])


def _uses(node: Any) -> Iterator[tuple[str, set[str] | None]]:
    """Attributes of ``principal`` in an expression; with values where only these are tested."""
    if isinstance(node, list):
        for item in node:
            yield from _uses(item)
        return
    if not isinstance(node, Mapping):
        return
    for operator, body in node.items():
        attribute = _attribute(operator, body)
        if operator == "Var" and body == "principal":
            raise NamesReaderError("it uses principal as a whole; compare attributes of it instead")
        if operator == "Value":
            continue
        if operator == "Record":
            yield from _uses(list(body.values()))
        elif attribute is not None:
            yield attribute, None
        elif operator in _SET_TESTS and (found := _literal_test(body)) is not None:
            yield found
        elif not (operator == "is" and body.get("left") == {"Var": "principal"}):
            yield from _uses(list(body.values()) if isinstance(body, Mapping) else body)


def _attribute(operator: str, body: Any) -> str | None:
    """The name in ``principal.name`` or ``principal has name``."""
    is_access = operator in (".", "has") and isinstance(body, Mapping)
    if is_access and body.get("left") == {"Var": "principal"} and isinstance(body.get("attr"), str):
        return str(body["attr"])
    return None


def _literal_test(body: Mapping[str, Any]) -> tuple[str, set[str]] | None:
    """``principal.roles.contains("x")``: the attribute and the values that are tested."""
    left, right = body["left"], body["right"]
    name = _attribute(".", left.get(".")) if isinstance(left, Mapping) else None
    members = right.get("Set", [right]) if isinstance(right, Mapping) else None
    if name is None or not isinstance(members, list):
        return None
    values = [member.get("Value") for member in members if isinstance(member, Mapping)]
    if len(values) < len(members) or not all(isinstance(value, str) for value in values):
        return None
    return name, {str(value) for value in values}
