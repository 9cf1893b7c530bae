"""Links from one object to another, as people write them: to what they see, of the right kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from alliage.actions.kinds import ActionError, NotThereError
from alliage.ontology.audience import Audience
from alliage.ontology.claim import Value
from alliage.ontology.label import LabelSet
from alliage.ontology.schema import Ontology, Schema

OF_WHAT_IS_THERE: Final = frozenset({"followed_by"})
"""Links of which an identifier, too, has to be one that is known: who mistypes a ship's number
would wait for what nobody ever hears of."""

_UNKNOWN: Final = (
    "nothing is known here by {value!r}: see whether it is written so, or report where it is first"
)
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


class Finder(Protocol):
    """Finds objects; the picture does."""

    def find(self, audience: Audience, object_id: str) -> SeenObject | None:
        """The object as these readers see it, by the id of any of its subjects."""
        ...

    def find_named(self, audience: Audience, name: str) -> SeenObject | None:
        """The same, by such an id or by an identifier."""
        ...


def field_of(name: str, field: str | None) -> str:
    """Where a property was sent: in a field of its own, or by its name among several."""
    return field or f"properties.{name}"


def labels_of_links(
    ontology: Ontology,
    schema: Schema,
    values: Iterable[tuple[str, Value]],
    find: Callable[[str], SeenObject | None],
    of: SeenObject | None = None,
    field: str | None = None,
) -> LabelSet:
    """Labels of the objects that these values lead to.

    Whoever may see such a claim may then see what it leads to, too: the claim tells nobody of
    something that is hidden. An identifier is no object yet, and is taken as it stands, but where
    the thing has to be there.

    Args:
        ontology: the words there are.
        schema: of the thing that has the values.
        values: properties with checked values.
        find: an object by its id or by its identifier, as the writer sees it; None for none.
        of: the thing itself, where it is there already.
        field: in which the one value was sent; None where each stands under its property's name.

    Raises:
        NotThereError: the writer sees no such object.
        ActionError: it is there, and of another kind than the link leads to, or the thing itself;
            or it has to be there, and nobody knows its identifier.
    """
    labels: LabelSet = frozenset()
    for name, value in sorted((n, str(v)) for n, v in values if n in ontology.links):
        prop, where = schema.properties[name], field_of(name, field)
        if prop.to is None:
            continue
        if of is not None and value in of.identifiers:
            raise ActionError(where, _TO_ITSELF.format(name=name))
        if ":" in value and name not in OF_WHAT_IS_THERE:
            continue
        other = find(value)
        if other is None and ":" in value:
            unknown = _UNKNOWN.format(value=value[:100])
            raise ActionError(where, f"{name}: {unknown}", "follower_unknown")
        if other is None:
            raise NotThereError("object", value)
        if of is not None and other.object_id == of.object_id:
            raise ActionError(where, _TO_ITSELF.format(name=name))
        if not ontology.is_a(other.schema, prop.to):
            wrong = f"leads to a {prop.to}, and this is {other.schema}: name a {prop.to}"
            code = "follower_unfit" if name in OF_WHAT_IS_THERE else None
            raise ActionError(where, f"{name}: {wrong}", code)
        labels |= other.labels
    return labels
