"""Links from one object to another, as people write them: to what they see, of the right kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from alliage.actions.kinds import ActionError
from alliage.ontology.claim import Value
from alliage.ontology.label import LabelSet
from alliage.ontology.schema import Ontology, Schema

_TO_ITSELF: Final = "{name}: leads from a thing to another, and this is the thing itself"


@dataclass(frozen=True, slots=True)
class SeenObject:
    """An object as one audience sees it; ``labels`` are those of everything visible about it."""

    object_id: str
    identifier: str
    schema: str
    labels: LabelSet
    identifiers: tuple[str, ...] = ()
    """All of them, where somebody said that several are the same."""


def labels_of_links(
    ontology: Ontology,
    schema: Schema,
    values: Iterable[tuple[str, Value]],
    find: Callable[[str], SeenObject],
    of: SeenObject | None = None,
) -> LabelSet:
    """Labels of the objects that these values lead to.

    Whoever may see such a claim may then see what it leads to, too: the claim tells nobody of
    something that is hidden. An identifier is no object yet, and is taken as it stands.

    Args:
        ontology: the words there are.
        schema: of the thing that has the values.
        values: properties with checked values.
        find: an object by its id, as the writer sees it.
        of: the thing itself, where it is there already.

    Raises:
        NotThereError: the writer sees no such object (raised by ``find``).
        ActionError: it is there, and of another kind than the link leads to, or the thing itself.
    """
    labels: LabelSet = frozenset()
    for name, value in sorted((n, str(v)) for n, v in values if n in ontology.links):
        prop = schema.properties[name]
        if prop.to is None:
            continue
        if of is not None and value in of.identifiers:
            raise ActionError("value", _TO_ITSELF.format(name=name))
        if ":" in value:
            continue
        other = find(value)
        if of is not None and other.object_id == of.object_id:
            raise ActionError("value", _TO_ITSELF.format(name=name))
        if not ontology.is_a(other.schema, prop.to):
            raise ActionError("value", f"{name}: leads to a {prop.to}, and this is {other.schema}")
        labels |= other.labels
    return labels
