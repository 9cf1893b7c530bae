"""Labels of a configuration that are allowed and yet hardly meant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alliage.config import Config
from alliage.config_tables import LabelConfig


def label_warnings(config: Config) -> Iterator[tuple[str, str]]:
    """Yield what is odd about each label that is releasable to too few, and what to do."""
    labels = [(f"source {source.name!r}", source.label) for source in config.sources]
    for whose, label in [*labels, ("people", config.people.label)]:
        if label is not None and label.releasable_to is not None:
            yield from _warnings(whose, label, label.releasable_to, config.node.nation)


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
