"""The reference page of the schemata, written from the schemata."""

from __future__ import annotations

from collections.abc import Iterator

from alliage.ontology.property import Property, PropertyType
from alliage.ontology.schema import Ontology, Schema
from alliage.ontology.symbol import SymbolRule


def render_reference(ontology: Ontology) -> str:
    """Return the page as Markdown: every schema, its own properties and its rules."""
    return "\n".join(_page(ontology)).rstrip() + "\n"


def _page(ontology: Ontology) -> Iterator[str]:
    yield "# Schemata"
    yield ""
    yield (
        "The kinds of thing there are. A schema has the properties of those it extends. "
        "This page is generated from `src/alliage/ontology/schemata`; do not edit it."
    )
    yield ""
    for name in sorted(ontology.schemata, key=lambda each: ontology.lineage(each)[::-1]):
        yield from _schema(ontology, ontology.schemata[name])


def _schema(ontology: Ontology, schema: Schema) -> Iterator[str]:
    yield f"## {schema.name}"
    yield ""
    yield _titles(schema.title) + "."
    if schema.description is not None:
        yield f"{schema.description['en']} *{schema.description['fr']}*"
    ancestors = ontology.lineage(schema.name)[1:]
    if ancestors:
        yield "Extends " + ", ".join(f"[{each}](#{each.lower()})" for each in ancestors) + "."
    yield ""
    inherited = ontology.schemata[schema.extends].properties if schema.extends else {}
    own = [prop for name, prop in schema.properties.items() if name not in inherited]
    if own:
        yield from _properties(own)
    stale = schema.staleness
    yield f"- Fades after {_seconds(stale.fade_s)} of silence, ends after {_seconds(stale.end_s)}."
    yield f"  {stale.reason}"
    moves = schema.motion
    yield (
        f"- Moves at up to about {moves.speed_std_mps:g} m/s in each direction (one standard "
        f"deviation); acceleration {moves.acceleration_psd_m2ps3:g} m²/s³. A report that does not "
        f"say is taken to be {moves.position_std_m:g} m and {moves.velocity_std_mps:g} m/s off."
    )
    yield f"  {moves.reason}"
    yield from _symbol(schema.symbol)
    yield ""
    for prop in own:
        if prop.type is PropertyType.CHOICE:
            yield from _choices(schema, prop)


def _properties(properties: list[Property]) -> Iterator[str]:
    yield "| property | English | French | type | unit | allowed |"
    yield "|---|---|---|---|---|---|"
    for prop in properties:
        title, unit = prop.title, prop.unit or ""
        cells = [f"`{prop.name}`", title["en"], title["fr"], _type(prop), unit, _allowed(prop)]
        yield "| " + " | ".join(cells) + " |"
    yield ""


def _type(prop: Property) -> str:
    return f"{prop.type}, many" if prop.many else str(prop.type)


def _allowed(prop: Property) -> str:
    if prop.to is not None and prop.inverse is not None:
        return f"a [{prop.to}](#{prop.to.lower()}); from there: {_titles(prop.inverse)}"
    if prop.code is not None:
        return f"a valid {prop.code} code"
    bounds = [(">=", prop.minimum), ("<=", prop.maximum)]
    return ", ".join(f"{sign} {bound:g}" for sign, bound in bounds if bound is not None)


def _symbol(rule: SymbolRule) -> Iterator[str]:
    line = f"- Symbol set {rule.symbol_set}, entity {rule.entity}"
    if rule.by is None:
        yield line + "."
        return
    entities = ", ".join(f"{code} {entity}" for code, entity in rule.entities.items())
    yield f"{line}; by `{rule.by}`: {entities}."


def _choices(schema: Schema, prop: Property) -> Iterator[str]:
    yield f"### {schema.name}: {prop.name}"
    yield ""
    yield "| code | English | French |"
    yield "|---|---|---|"
    for code, title in prop.choices.items():
        yield f"| `{code}` | {title['en']} | {title['fr']} |"
    yield ""


def _titles(title: dict[str, str]) -> str:
    return f"{title['en']}, *{title['fr']}*"


def _seconds(seconds: float) -> str:
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:g} {unit}"
    return f"{seconds:g} s"
