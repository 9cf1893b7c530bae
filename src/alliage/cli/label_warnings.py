"""Labels of a configuration that are allowed and yet hardly meant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from alliage.config_tables import LabelConfig

if TYPE_CHECKING:
    from alliage.config import Config
    from alliage.ontology.label import Label
    from alliage.ontology.policies import Policies


def label_warnings(config: Config) -> Iterator[tuple[str, str]]:
    """Yield what is odd about each label that too few may see, or nobody, and what to do."""
    policies = config.labels.load()
    labels = [(f"source {source.name!r}", source.label) for source in config.sources]
    for whose, label in [*labels, ("people", config.people.label)]:
        if label is None:
            continue
        yield from _hidden(whose, label.to_label(), policies)
        if label.releasable_to is not None:
            yield from _warnings(whose, label, label.releasable_to, config.node.nation)


def _hidden(whose: str, label: Label, policies: Policies) -> Iterator[tuple[str, str]]:
    for problem in policies.problems_of(label):
        text = f"{whose}: nobody may see {label.marking!r}: {problem}"
        yield text, "correct the label, or name its policy's file in [labels] policies"
        return
    if policies.level(label) is None:
        text = f"{whose}: nobody's clearance reaches {label.marking!r}"
        yield text, f"a policy has to say what it is in {' or '.join(policies.clearances)}"


def _warnings(
    whose: str, label: LabelConfig, nations: tuple[str, ...], own: str
) -> Iterator[tuple[str, str]]:
    if not nations:
        text = f"{whose}: releasable_to of {label.classification} is empty: nobody may see it"
        yield text, "name the nations, or leave releasable_to out: not restricted by nation"
    elif own not in nations:
        named = ", ".join(nations)
        text = f"{whose}: releasable to {named} and not to {own}, whose node this is"
        yield text, f"add {own} to releasable_to, if its own people are to see it"
