"""The policy: may this principal see this label? Answered once per rights and label."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from alliage.access.principal import Principal, Role, check_nation
from alliage.ontology.audience import Audience, LabelSets
from alliage.ontology.label import CLASSIFICATIONS, CategoryKind, Label
from alliage.ontology.policies import Policies, packaged_policies


@dataclass(frozen=True, slots=True)
class Rights:
    """All of a principal that the policy looks at; equal rights share one audience."""

    nation: str
    clearance_rank: int
    sees_unlabelled: bool


class Access:
    """Makes audiences from principals, for one node."""

    def __init__(
        self, node_nation: str, label_sets: LabelSets, policies: Policies | None = None
    ) -> None:
        """``policies`` say what labels mean; by default the packaged ones."""
        check_nation(node_nation)
        self.policies = packaged_policies() if policies is None else policies
        self._node_nation = node_nation
        self._label_sets = label_sets
        self._audiences: dict[Rights, Audience] = {}
        self._lock = threading.Lock()

    @property
    def node_nation(self) -> str:
        """The nation whose node this is."""
        return self._node_nation

    def rights(self, principal: Principal) -> Rights:
        """What the policy knows of a principal."""
        own = principal.nation == self._node_nation
        administrator = Role.ADMINISTRATOR in principal.roles
        return Rights(principal.nation, principal.clearance_rank, own and administrator)

    def audience(self, principal: Principal) -> Audience:
        """The audience of a principal; one and the same for all with the same rights."""
        rights = self.rights(principal)
        with self._lock:
            audience = self._audiences.get(rights)
            if audience is None:
                audience = Audience(
                    _key(rights),
                    lambda label: permits(rights, label, self.policies),
                    self._label_sets,
                )
                self._audiences[rights] = audience
            return audience


def permits(rights: Rights, label: Label, policies: Policies) -> bool:
    """Whether these rights suffice for a label (STANAG 4774 categories, deny by default).

    A label of a policy that is not known, or that its policy would not have written, is seen by
    nobody (decision 0135). The clearance is at least the classification; the nation is one of
    "Releasable To" where the label has that category. Nobody holds the values of other categories
    yet, so a label with a restrictive or another permissive one is seen by nobody. Unlabelled
    data are for the node's own administrators, who have to label them.
    """
    if label.is_unlabelled:
        return rights.sees_unlabelled
    if policies.problems_of(label):
        return False
    if not policies.reaches(CLASSIFICATIONS[rights.clearance_rank], label):
        return False
    return all(
        category.kind is CategoryKind.INFORMATIVE
        or (category.is_release and rights.nation in category.values)
        for category in label.categories
    )


def _key(rights: Rights) -> str:
    unlabelled = "+unlabelled" if rights.sees_unlabelled else ""
    return f"{rights.nation}:{CLASSIFICATIONS[rights.clearance_rank]}{unlabelled}"
