"""What a label can be chosen from: of each security policy what the writer could read again.

Whoever may not see what has a label may not write under it either (``actions.labels``), so that
nothing is offered here that would be refused for that reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from alliage.ontology.audience import Audience
from alliage.ontology.label import Category, CategoryKind, Label
from alliage.ontology.marking import LANGUAGES
from alliage.ontology.policies import Policies
from alliage.ontology.security_policy import Phrases, Place, PolicyTag, SecurityPolicy
from alliage.server.models.labels import (
    CategoryInfo,
    ClassificationInfo,
    LabelPolicyInfo,
    LabelWordInfo,
)


def policies_to_choose(policies: Policies, audience: Audience) -> list[LabelPolicyInfo]:
    """Policies with a classification that this audience sees, by name."""
    found = (_policy(policies, policy, audience) for policy in policies.by_name.values())
    return sorted((one for one in found if one.classifications), key=lambda one: one.name)


def _policy(policies: Policies, policy: SecurityPolicy, audience: Audience) -> LabelPolicyInfo:
    # What needs a category besides cannot be judged without it: it is left to choose.
    levels = [
        one
        for one in policy.ordered()
        if not one.obsolete and (one.required or audience.may_see(Label(policy.name, one.name)))
    ]
    names = [one.name for one in levels]
    return LabelPolicyInfo(
        name=policy.name,
        classifications=[
            ClassificationInfo(
                name=one.name,
                title=_title(one.name, one.phrases),
                level=policies.level(Label(policy.name, one.name)),
            )
            for one in levels
        ],
        categories=[
            CategoryInfo(
                tag=tag.name,
                kind=tag.kind,
                values=list(_values(policy.name, names, tag, audience)),
                is_open=not tag.values,
                at_most=tag.at_most,
            )
            for tag in policy.tags.values()
        ],
    )


def _values(
    policy: str, names: Sequence[str], tag: PolicyTag, audience: Audience
) -> Iterator[LabelWordInfo]:
    """Of a permissive category a value may be another's, as long as one is the reader's own."""
    for value in tag.values.values():
        if value.obsolete:
            continue
        category = Category(tag.name, tag.kind, (value.name,))
        labels = (Label(policy, name, (category,)) for name in names)
        is_anyones = tag.kind is not CategoryKind.RESTRICTIVE or value.required
        if is_anyones or any(map(audience.may_see, labels)):
            yield _word(value.name, value.phrases)


def _word(name: str, phrases: Phrases) -> LabelWordInfo:
    return LabelWordInfo(name=name, title=_title(name, phrases))


def _title(name: str, phrases: Phrases) -> dict[str, str]:
    return {language: phrases.find(Place.PAGE, language) or name for language in LANGUAGES}
