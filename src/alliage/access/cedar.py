"""A policy in Cedar: read, checked against the schema, and asked.

Whatever goes wrong denies: no rule that permits, a rule that cannot be evaluated, an answer that
is not understood. Cedar: https://docs.cedarpolicy.com, language version 4.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final, Self

import cedarpy
import orjson

from alliage.access.looked_at import (
    LookedAt,
    check_no_reader_is_named,
    looked_at,
)
from alliage.access.rights import Rights
from alliage.ontology.label import Category, CategoryKind, Label

BYTES_AT_MOST: Final = 1_000_000
UNLABELLED_REASON: Final = "unlabelled"
NOT_PERMITTED: Final = "not-permitted"
FAULT: Final = "fault"
"""Reasons beside the names of rules: nobody labelled it; no rule permits it; a rule failed."""

_TOKEN: Final = re.compile(r'//[^\n]*|"(?:\\.|[^"\\])*"|;|\s+|.', re.DOTALL)
_NAME: Final = re.compile(r"^[a-z0-9][a-z0-9-]{0,39}$")
_READER: Final = {"type": "Reader", "id": "reader"}
_OTHER: Final = {"type": "Reader", "id": "other"}
_LABEL: Final = {"type": "Label", "id": "label"}


class PolicyError(ValueError):
    """A policy cannot be used. ``problems`` has a line for each reason, with file and line."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes or no, and the names of the rules that made it so."""

    allowed: bool
    reasons: tuple[str, ...]


class Policy:
    """Rules that were checked; never changes."""

    def __init__(self, text: str, origin: str) -> None:
        """Check a policy.

        Args:
            text: in Cedar.
            origin: the file, for messages.

        Raises:
            PolicyError: says in which line what is wrong.
        """
        self.text = text
        self.digest = hashlib.sha256(text.encode()).hexdigest()
        self._rules = _checked(text, origin)
        self._names = {key: _name_of(rule, key) for key, rule in self._rules.items()}
        self._set = cedarpy.PolicySet.from_str(text)
        self.reading: LookedAt = looked_at(self._rules, "read")

    @property
    def rules(self) -> dict[str, str]:
        """The text of each rule by its name; rules of one name stand together."""
        found: dict[str, str] = {}
        for number, (_line, text) in enumerate(_statements(self.text)):
            name = self._names[f"policy{number}"]
            found[name] = f"{found[name]}\n{text}" if name in found else text
        return found

    @classmethod
    def load(cls, path: Path | None) -> Self:
        """Read a policy from a file; the one that Alliage brings for None.

        Raises:
            PolicyError: the file cannot be read or its policy cannot be used.
        """
        if path is None:
            return cls(_shipped("default.cedar"), "default.cedar")
        try:
            content = path.read_bytes()
        except OSError as error:
            raise PolicyError([f"{path}: cannot be read: {error.strerror}"]) from None
        if len(content) > BYTES_AT_MOST:
            raise PolicyError([f"{path}: longer than {BYTES_AT_MOST} bytes"])
        try:
            return cls(content.decode(), str(path))
        except UnicodeDecodeError:
            raise PolicyError([f"{path}: not UTF-8 text"]) from None

    def reads(self, reader: Rights, label: Label, rank: int, node_nation: str) -> Decision:
        """Whether this reader may see what has this label.

        Args:
            reader: all that is known of the reader.
            label: what is to be seen.
            rank: its classification among clearances, 0 for UNMARKED.
            node_nation: whose node this is.
        """
        entities = _entities(reader, _label_entity(label, rank))
        context: dict[str, Any] = {"node_nation": node_nation}
        asked: list[dict[str, Any]] = [context]
        permissive = [] if label.is_unlabelled else _permissive(label)
        if permissive:
            asked = [context | {"permissive": _alternatives(category)} for category in permissive]
        decisions = [self._ask("read", _LABEL, entities, one) for one in asked]
        if all(decision.allowed for decision in decisions):
            return decisions[0]
        denied = [decision for decision in decisions if not decision.allowed]
        reasons = sorted({reason for decision in denied for reason in decision.reasons})
        nobody_labelled = label.is_unlabelled and not reasons
        fallback = UNLABELLED_REASON if nobody_labelled else NOT_PERMITTED
        return Decision(False, tuple(reasons) or (fallback,))

    def sees_as(self, reader: Rights, other: Rights, node_nation: str) -> Decision:
        """Whether this reader may look at everything as the other would see it."""
        entities = _entities(reader, _reader_entity(_OTHER, other))
        decision = self._ask("see-as", _OTHER, entities, {"node_nation": node_nation})
        return decision if decision.reasons else Decision(False, (NOT_PERMITTED,))

    def _ask(
        self,
        action: str,
        resource: dict[str, str],
        entities: cedarpy.Entities,
        context: dict[str, Any],
    ) -> Decision:
        request = {
            "principal": _READER,
            "action": {"type": "Action", "id": action},
            "resource": resource,
            "context": context,
        }
        answer = cedarpy.is_authorized(request, self._set, entities)
        if answer.diagnostics.errors:
            return Decision(False, (FAULT,))
        names = sorted({self._names[key] for key in answer.diagnostics.reasons})
        return Decision(answer.allowed, tuple(names))


@cache
def default_policy() -> Policy:
    """The policy that is in force where the configuration names no other."""
    return Policy.load(None)


@cache
def schema_text() -> str:
    """What a policy may speak of, in Cedar's schema language."""
    return _shipped("access.cedarschema")


# --- what is asked about


def _permissive(label: Label) -> list[Category]:
    return [one for one in label.categories if one.kind is CategoryKind.PERMISSIVE]


def _as_communities(category: Category) -> list[str]:
    return [f"{category.tag}: {value}" for value in category.values]


def _alternatives(category: Category) -> dict[str, Any]:
    return {
        "tag": category.tag,
        "values": list(category.values),
        "communities": _as_communities(category),
    }


def _label_entity(label: Label, rank: int) -> dict[str, Any]:
    attributes: dict[str, Any] = {
        "policy": label.policy,
        "classification": 0 if label.is_unlabelled else rank,
        "unlabelled": label.is_unlabelled,
        "releasable_to": [],
        "restrictive": [],
    }
    for category in () if label.is_unlabelled else label.categories:
        if category.kind is CategoryKind.RESTRICTIVE:
            attributes["restrictive"] += _as_communities(category)
        elif category.is_release:
            attributes["releasable_to"] += category.values
    return {"uid": _LABEL, "attrs": attributes, "parents": []}


def _reader_entity(uid: dict[str, str], rights: Rights) -> dict[str, Any]:
    attributes = {
        "nation": rights.nation,
        "clearance": rights.clearance_rank,
        "communities": sorted(rights.communities),
        "roles": sorted(rights.roles),
        "purpose": rights.purpose,
    }
    return {"uid": uid, "attrs": attributes, "parents": []}


def _entities(reader: Rights, other: dict[str, Any]) -> cedarpy.Entities:
    both = orjson.dumps([_reader_entity(_READER, reader), other]).decode()
    return cedarpy.Entities.from_json_str(both, _schema())


# --- reading a policy


def _shipped(name: str) -> str:
    return (resources.files("alliage.access") / "policies" / name).read_text(encoding="utf-8")


@cache
def _schema() -> cedarpy.Schema:
    return cedarpy.Schema.from_str(schema_text())


def _checked(text: str, origin: str) -> dict[str, Any]:
    """The rules by Cedar's name for each, which is their place in the file.

    Raises:
        PolicyError: a rule is not Cedar, names what is not there, or names one reader.
    """
    places = list(_statements(text))
    unread = [
        f"{origin}:{line}: the rule that begins here is not Cedar: {fault}"
        for line, statement in places
        if (fault := _fault_of(statement)) is not None
    ]
    if unread:
        raise PolicyError(unread)
    lines = {f"policy{number}": line for number, (line, _) in enumerate(places)}
    tree = orjson.loads(cedarpy.policies_to_json_str(text))
    rules: dict[str, Any] = tree["staticPolicies"]
    problems = [
        (lines.get(error.policy_id, 1), error.error.partition("`, ")[2] or error.error)
        for error in cedarpy.validate_policies(text, _schema()).errors
    ]
    for key, rule in rules.items():
        try:
            check_no_reader_is_named(rule)
            _name_of(rule, key)
        except ValueError as error:
            problems.append((lines[key], str(error)))
    if tree["templates"]:
        problems.append((1, "templates (?principal, ?resource) cannot be used here"))
    if not any(rule["effect"] == "permit" for rule in rules.values()):
        problems.append((1, "no rule permits anything: nobody would see anything"))
    if problems:
        said = [f"{origin}:{line}: {what}" for line, what in sorted(problems)]
        raise PolicyError(list(dict.fromkeys(said)))
    return rules


def _name_of(rule: dict[str, Any], key: str) -> str:
    name = str(rule.get("annotations", {}).get("id") or key)
    if not _NAME.match(name):
        raise ValueError(f"the name of a rule has 1 to 40 of a-z, 0-9 and -; not {name[:40]!r}")
    return name


def _fault_of(statement: str) -> str | None:
    try:
        cedarpy.PolicySet.from_str(statement)
    except ValueError as error:
        return str(error)
    return None


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Each rule with the line in which it begins (from 1); comments and blanks between go."""
    begin: int | None = None
    for token in _TOKEN.finditer(text):
        said = token.group()
        if begin is None:
            if said.isspace() or said.startswith("//"):
                continue
            begin = token.start()
        if said == ";":
            yield text.count("\n", 0, begin) + 1, text[begin : token.end()]
            begin = None
    if begin is not None:
        yield text.count("\n", 0, begin) + 1, text[begin:]
