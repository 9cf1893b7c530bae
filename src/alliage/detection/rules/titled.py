"""What conditions of a rule say, with the titles that the ontology has in place of its codes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from alliage.detection.rules.any_of import AnyOf
from alliage.detection.rules.of_things import (
    Condition,
    Figure,
    Link,
    Status,
    Unsaid,
    Value,
)
from alliage.detection.wording import Words, number
from alliage.ontology.property import Property
from alliage.ontology.schema import Ontology

STATUS: Final = "navigation_status"


def titled(ontology: Ontology, condition: Condition) -> Words:
    """What a condition says, to follow a thing's name: ``status at anchor, moored``."""
    if isinstance(condition, AnyOf):
        each = [titled(ontology, one) for one in condition.conditions]
        return " or ".join(en for en, _ in each), " ou ".join(fr for _, fr in each)
    if isinstance(condition, Status):
        en, fr = _values(_property(ontology, STATUS), condition.statuses)
        return f"status {en}", f"statut {fr}"
    if not isinstance(condition, Figure | Value | Unsaid | Link):
        return condition.words()
    found = _property(ontology, condition.property)
    if found is None:
        return condition.words()
    title = _lower(found.title["en"]), _lower(found.title["fr"])
    if isinstance(condition, Unsaid):
        return f"{title[0]} unknown", f"{title[1]}\u00a0: inconnu"
    if isinstance(condition, Link):
        return f"{title[0]} {condition.name}", f"{title[1]} {condition.name}"
    if isinstance(condition, Figure):
        en, fr = number(condition.value, 0 if condition.value.is_integer() else 2)
        unit = f" {found.unit}" if found.unit else ""
        sides = ("below", "inférieur à") if condition.below else ("above", "supérieur à")
        return f"{title[0]} {sides[0]} {en}{unit}", f"{title[1]} {sides[1]} {fr}{unit}"
    en, fr = _values(found, condition.values)
    is_so = ("is", "est") if condition.wanted else ("is not", "n'est pas")
    return f"{title[0]} {is_so[0]} {en}", f"{title[1]} {is_so[1]} {fr}"


def _property(ontology: Ontology, name: str) -> Property | None:
    """The property of this name, of whichever schema has it first."""
    schemata = (schema for _, schema in sorted(ontology.schemata.items()))
    return next((found for one in schemata if (found := one.properties.get(name))), None)


def _values(of: Property | None, values: Sequence[str]) -> Words:
    choices = {} if of is None else {key.casefold(): title for key, title in of.choices.items()}
    found = [choices.get(value.casefold()) for value in values]
    en, fr = (
        ", ".join(
            value if title is None else _lower(title[language])
            for title, value in zip(found, values, strict=True)
        )
        for language in ("en", "fr")
    )
    return en, fr


def _lower(title: str) -> str:
    """As in the middle of a sentence; what is all capitals, as MMSI, stays."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]
