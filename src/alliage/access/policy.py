"""Access: makes audiences from principals by the policy in force, each answer found once.

What was decided for rights and a label stands until the policy changes. Rights are a value of
their own: who gets others is somebody else from then on, so nothing has to be taken back.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from alliage.access.cedar import Decision, Policy, default_policy
from alliage.access.principal import Principal, check_nation
from alliage.access.rights import Rights
from alliage.ontology.audience import Audience, LabelSets
from alliage.ontology.label import CLASSIFICATIONS, Label
from alliage.ontology.policies import Policies, packaged_policies

READERS_AT_MOST: Final = 512
"""Kinds of reader that are remembered; whoever was asked about longest ago is decided anew."""

NOT_UNDERSTOOD: Final = "not-understood"
"""The reason for labels that no known security policy would have written, or can rank."""


class Access:
    """Who sees what on one node. Any thread may ask."""

    def __init__(
        self,
        node_nation: str,
        label_sets: LabelSets,
        policies: Policies | None = None,
        policy: Policy | None = None,
    ) -> None:
        """Put a policy in force.

        Args:
            node_nation: whose node this is.
            label_sets: the node's interned label sets.
            policies: the security policies, which say what labels mean; None: the packaged ones.
            policy: the access policy, which says who sees what; None: the one Alliage brings.
        """
        check_nation(node_nation)
        self.policies = packaged_policies() if policies is None else policies
        self._node_nation = node_nation
        self._label_sets = label_sets
        self._policy = policy or default_policy()
        self._judges: OrderedDict[str, Judge] = OrderedDict()
        self._lock = threading.Lock()
        self._version = 0

    @property
    def node_nation(self) -> str:
        """The nation whose node this is."""
        return self._node_nation

    @property
    def policy(self) -> Policy:
        """The policy in force."""
        return self._policy

    @property
    def version(self) -> int:
        """Another number after every change of the policy."""
        return self._version

    def use(self, policy: Policy) -> None:
        """Put another policy in force, at once; nothing that an older one decided is used again."""
        with self._lock:
            self._policy = policy
            self._judges.clear()
            self._version += 1

    def audience(self, principal: Principal) -> Audience:
        """The audience of a principal; one and the same for all who are alike to the policy."""
        return self._judge(principal).audience

    def decide(self, principal: Principal, label: Label) -> Decision:
        """Whether a principal may see what has this label, and which rules say so."""
        return self._judge(principal).decide(label)

    def may_see(self, principal: Principal) -> Callable[[Label], bool]:
        """The same as a question about labels."""
        return self._judge(principal).permits

    def may_see_as(self, principal: Principal, other: Principal) -> bool:
        """Whether somebody may look at everything as the other would see it."""
        by, whom = Rights.of(principal), Rights.of(other)
        return self._policy.sees_as(by, whom, self._node_nation).allowed

    def audience_as(self, principal: Principal, other: Principal) -> Audience:
        """What the other would see, as far as the principal sees it too."""
        own, seen = self._judge(principal), self._judge(other)
        return own.audience_with(seen, self._label_sets)

    def _judge(self, principal: Principal) -> Judge:
        with self._lock:
            policy = self._policy
            rights = policy.reading.narrowed(Rights.of(principal))
            judge = self._judges.get(rights.key)
            if judge is None:
                judge = Judge(policy, rights, self._node_nation, self._label_sets, self.policies)
                self._judges[rights.key] = judge
            self._judges.move_to_end(rights.key)
            while len(self._judges) > READERS_AT_MOST:
                self._judges.popitem(last=False)
            return judge


class Judge:
    """One policy's decisions for one kind of reader, each made once."""

    def __init__(
        self,
        policy: Policy,
        rights: Rights,
        node_nation: str,
        label_sets: LabelSets,
        policies: Policies,
    ) -> None:
        self._policy = policy
        self._policies = policies
        self._rights = rights
        self._node_nation = node_nation
        self._decisions: dict[Label, Decision] = {}
        # The policy's digest is part of the key: what another one decided is never taken for it.
        key = f"{policy.digest[:16]} {rights.key}"
        self.audience = Audience(key, self.permits, label_sets)

    def decide(self, label: Label) -> Decision:
        """Yes or no, with the names of the rules."""
        decision = self._decisions.get(label)
        if decision is None:
            decision = self._decided(label)
            self._decisions[label] = decision
        return decision

    def _decided(self, label: Label) -> Decision:
        """Ask the policy, if the security policies know what the label means (decision 0135)."""
        rank = 0 if label.is_unlabelled else rank_of(label, self._policies)
        if rank is None:
            return Decision(False, (NOT_UNDERSTOOD,))
        return self._policy.reads(self._rights, label, rank, self._node_nation)

    def permits(self, label: Label) -> bool:
        """Yes or no."""
        return self.decide(label).allowed

    def audience_with(self, other: Judge, label_sets: LabelSets) -> Audience:
        """What both see."""
        return Audience(
            f"{self.audience.key} as {other.audience.key}",
            lambda label: self.permits(label) and other.permits(label),
            label_sets,
        )


def rank_of(label: Label, policies: Policies) -> int | None:
    """The lowest clearance that reaches a label; None where no security policy says it."""
    if policies.problems_of(label):
        return None
    reaching = (rank for rank, name in enumerate(CLASSIFICATIONS) if policies.reaches(name, label))
    return next(reaching, None)
