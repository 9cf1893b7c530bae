"""Who sees what, as a plain comparison: the reference that the shipped policy is held against."""

from __future__ import annotations

from dataclasses import dataclass

from alliage.access.principal import Principal, Role
from alliage.ontology.label import CLASSIFICATIONS, RELEASABLE_TO, CategoryKind, Label
from alliage.ontology.policies import packaged_policies


@dataclass(frozen=True, slots=True)
class Person:
    """What the comparison looks at."""

    nation: str
    clearance_rank: int
    sees_unlabelled: bool = False
    communities: frozenset[str] = frozenset()

    @classmethod
    def of(cls, principal: Principal, node_nation: str) -> Person:
        """What there is of a principal on a node of this nation."""
        own = principal.nation == node_nation
        administrator = Role.ADMINISTRATOR in principal.roles
        return cls(
            principal.nation, principal.clearance_rank, own and administrator, principal.communities
        )


def permits(person: Person, label: Label) -> bool:
    """Cleared for it, one value of each permissive category, all of each restrictive one."""
    if label.is_unlabelled:
        return person.sees_unlabelled
    policies = packaged_policies()
    if policies.problems_of(label):
        return False
    if not policies.reaches(CLASSIFICATIONS[person.clearance_rank], label):
        return False
    for category in label.categories:
        held = [
            f"{category.tag}: {value}" in person.communities
            or (category.tag == RELEASABLE_TO and permissive and value == person.nation)
            for permissive in [category.kind is CategoryKind.PERMISSIVE]
            for value in category.values
        ]
        if category.kind is CategoryKind.PERMISSIVE and not any(held):
            return False
        if category.kind is CategoryKind.RESTRICTIVE and not all(held):
            return False
    return True
