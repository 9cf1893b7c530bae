"""The security policies that a node knows, and what one means in the words of another.

Three are packaged (folder ``spifs``); those of a node's own come after them, and one of the same
name takes the place of a packaged one. Nothing is equal across policies that no SPIF says is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from alliage.ontology.label import Category, CategoryKind, Label
from alliage.ontology.schema import Problem
from alliage.ontology.security_policy import PolicyClassification, PolicyTag, SecurityPolicy
from alliage.ontology.spif import SpifError, read_spif

PACKAGED: Final = Path(__file__).parent / "spifs"
CLEARANCE_POLICIES: Final = ("ALLIAGE", "NATO")
"""Policies in whose words clearances are given, unless a node says otherwise."""


class Policies:
    """Security policies by the name that labels call them by. Never changed once it is made."""

    def __init__(
        self,
        policies: Iterable[SecurityPolicy],
        problems: Sequence[Problem] = (),
        clearances: Sequence[str] = CLEARANCE_POLICIES,
    ) -> None:
        """Later policies take the place of earlier ones of the same name."""
        self.by_name: Mapping[str, SecurityPolicy] = {policy.name: policy for policy in policies}
        self.problems = tuple(problems)
        self.clearances = tuple(clearances)

    @classmethod
    def load_sound(
        cls, paths: Iterable[Path] = (), clearances: Sequence[str] = CLEARANCE_POLICIES
    ) -> Policies:
        """The packaged policies and those of files and folders; ``problems`` tells of bad ones."""
        found: dict[str, SecurityPolicy] = {}
        problems: list[Problem] = []
        for path in _files(paths, problems):
            try:
                policy = read_spif(path)
            except SpifError as error:
                problems.append(error.problem)
                continue
            other = found.get(policy.name)
            if other is not None:
                problems.append(Problem(path, None, f"{other.source} has {policy.name!r} already"))
            else:
                found[policy.name] = policy
        return cls([*_packaged(), *found.values()], problems, clearances)

    def get(self, name: str) -> SecurityPolicy | None:
        """The policy of this name; None where the node does not know it."""
        return self.by_name.get(name)

    # --- one label

    def problems_of(self, label: Label) -> list[str]:
        """Why nobody may rest on a label; empty for a label that its policy knows."""
        policy = self.get(label.policy)
        if policy is None:
            return [f"no policy {label.policy!r} is known here; known: {', '.join(self.by_name)}"]
        return policy.problems(label)

    def reaches(self, clearance: str, label: Label) -> bool:
        """Whether a clearance is as high as a label's classification (its categories apart).

        A clearance is a classification in each policy of ``clearances`` that has it; a label of
        another policy is reached only where a SPIF says what it is in one of those.
        """
        for name in self.clearances:
            policy = self.get(name)
            held = None if policy is None else policy.classifications.get(clearance)
            needed = self.classification_in(label, name)
            if held is not None and needed is not None and held.hierarchy >= needed.hierarchy:
                return True
        return False

    def level(self, label: Label) -> str | None:
        """A label's classification in the words of clearances; None where no SPIF says it."""
        found = (self.classification_in(label, name) for name in self.clearances)
        return next((each.name for each in found if each is not None), None)

    # --- two labels

    def classification_in(self, label: Label, name: str) -> PolicyClassification | None:
        """What a label's classification is in the policy ``name``, as stated by either SPIF.

        Where both state something, the higher one counts.
        """
        policy, other = self.get(label.policy), self.get(name)
        if policy is None or other is None:
            return None
        own = policy.classifications.get(label.classification)
        if own is None or policy is other:
            return own
        stated: list[PolicyClassification] = []
        if _knows(policy, other):
            lacvs = {e.lacv for e in own.equivalents if e.sent and e.policy == other.name}
            stated += [c for c in other.classifications.values() if c.lacv in lacvs]
        if _knows(other, policy):
            stated += [
                c
                for c in other.classifications.values()
                for e in c.equivalents
                if e.received and e.policy == policy.name and e.lacv == own.lacv
            ]
        return max(stated, key=lambda each: each.hierarchy, default=None)

    def covers(self, high: Label, low: Label) -> bool:
        """Whether whoever may see ``high`` may see ``low``, by the labels and the policies alone.

        Of two policies only where every part of ``low`` is stated to be something in the other;
        of an unknown policy only where the classification is the very same.
        """
        policy = self.get(high.policy)
        if high.policy == low.policy and high.classification == low.classification:
            return _narrows(high.categories, low.categories)
        own = None if policy is None else policy.classifications.get(high.classification)
        needed = self.classification_in(low, high.policy)
        if own is None or needed is None or own.hierarchy < needed.hierarchy:
            return False
        categories = self._categories_in(low, high.policy)
        return categories is not None and _narrows(high.categories, categories)

    def _categories_in(self, label: Label, name: str) -> list[Category] | None:
        """A label's binding categories in another policy's words; None where one has none."""
        if label.policy == name:
            return list(label.categories)
        policy, other = self.by_name[label.policy], self.by_name[name]
        found: list[Category] = []
        for category in label.categories:
            if category.kind is CategoryKind.INFORMATIVE:
                continue
            tag = policy.tags.get((category.tag, category.kind))
            if tag is None or not _knows(policy, other):
                return None
            translated = [_value_in(tag, value, other) for value in category.values]
            tags = {each[0] for each in translated if each is not None}
            if None in translated or len(tags) != 1:
                return None
            values = tuple(sorted(each[1] for each in translated if each is not None))
            found.append(Category(tags.pop(), category.kind, values))
        return found


def _value_in(tag: PolicyTag, value: str, other: SecurityPolicy) -> tuple[str, str] | None:
    own = tag.values.get(value)
    for equivalent in own.equivalents if own is not None else ():
        if not equivalent.sent or equivalent.policy != other.name:
            continue
        for theirs in other.tags.values():
            if theirs.tag_set_id == equivalent.tag_set_id and theirs.kind is tag.kind:
                for name, each in theirs.values.items():
                    if each.lacv == equivalent.lacv:
                        return theirs.name, name
    return None


def _knows(policy: SecurityPolicy, other: SecurityPolicy) -> bool:
    """Whether a policy's equivalences speak of this other one and not of a namesake."""
    return policy.equivalent_policies.get(other.name) == other.policy_id


def _narrows(high: Iterable[Category], low: Iterable[Category]) -> bool:
    held = {(category.tag, category.kind): set(category.values) for category in high}
    for category in low:
        values = held.get((category.tag, category.kind))
        if category.kind is CategoryKind.RESTRICTIVE:
            if values is None or not values.issuperset(category.values):
                return False
        elif category.kind is CategoryKind.PERMISSIVE and (
            values is None or not values.issubset(category.values)
        ):
            return False
    return True


def _files(paths: Iterable[Path], problems: list[Problem]) -> Iterator[Path]:
    for path in dict.fromkeys(paths):
        if path.is_dir():
            yield from sorted(path.glob("*.xml"))
        elif path.is_file():
            yield path
        else:
            problems.append(Problem(path, None, "no such file or folder of policies"))


@cache
def _packaged() -> tuple[SecurityPolicy, ...]:
    return tuple(read_spif(path) for path in sorted(PACKAGED.glob("*.xml")))


@cache
def packaged_policies() -> Policies:
    """The packaged policies alone."""
    return Policies(_packaged())


_known: list[Policies] = []


def known_policies() -> Policies:
    """The policies by which this process writes markings (decision 0136)."""
    return _known[-1] if _known else packaged_policies()


def use_policies(policies: Policies) -> None:
    """Write markings by these policies from now on; a process that opens a node calls this once.

    It is for words only. Who may see what is decided by policies that are handed down.
    """
    _known[:] = [policies]
