"""Which labels a person's words get: everything that was opened for them, or more.

People are the declared exception of the law of non-interference: nobody can tell what went
through a head. So what is written carries by default every label of what was opened. Choosing a
lower one would be a release, which takes more than one person and is not part of this.
"""

from __future__ import annotations

from collections.abc import Callable

from alliage.actions.kinds import LabelRefusedError
from alliage.ontology.label import Label, LabelSet
from alliage.ontology.marking import join_marking
from alliage.ontology.policies import Policies


def labels_of_words(
    chosen: Label | None,
    opened: LabelSet,
    default: Label,
    may_see: Callable[[Label], bool],
    policies: Policies,
) -> LabelSet:
    """The label set of what a person writes.

    Args:
        chosen: what the person chose; None takes what was opened.
        opened: every label of what the person opened for it.
        default: for words that rest on nothing opened.
        may_see: whether the person may see what has a label.
        policies: what the labels mean.

    Raises:
        LabelRefusedError: the label chosen is lower than what was opened, or the person could
            not read the words again.
    """
    labels = opened or frozenset([default])
    if chosen is not None:
        _check(chosen, policies)
        lower = [o for o in opened if o.policy == chosen.policy and not policies.covers(chosen, o)]
        if lower:
            joined = join_marking(opened, policies)
            needed = joined.marking if joined else ""
            raise LabelRefusedError(
                f"the label {chosen.marking!r} is lower than what was opened: "
                f"{needed!r} is needed, or a higher one, or none; to write lower is a release, "
                "which is not possible here",
                "label_lower",
                needed,
            )
        labels = frozenset([chosen, *(o for o in opened if o.policy != chosen.policy)])
    if not all(may_see(label) for label in labels):
        joined = join_marking(labels, policies)
        marking = joined.marking if joined else ""
        raise LabelRefusedError(
            f"you may not write under {marking!r}, since you could not "
            "read it: choose a label that you may see, or have a label for people configured",
            "label_unreadable",
            marking,
        )
    return labels


def _check(chosen: Label, policies: Policies) -> None:
    wrong = [] if chosen.is_unlabelled else policies.problems_of(chosen)
    if wrong:
        raise LabelRefusedError(f"the label {chosen.marking!r} cannot be: {'; '.join(wrong)}")
