"""Which APP-6 symbol a thing gets: rules in the schemata, number codes out.

A symbol identification code (SIDC) has twenty digits (MIL-STD-2525D, appendix A; APP-6(D) is the
same scheme): version 10, context, standard identity, symbol set (2), status, headquarters/task
force/dummy, amplifier (2), entity with type and subtype (6), two modifiers (2 + 2).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from alliage.ontology.claim import Value

VERSION: Final = "10"
AFFILIATION: Final = "affiliation"
"""The property that says on whose side a thing is."""

UNKNOWN: Final = 1
"""The standard identity of what nobody says it of."""

AFFILIATION_DIGITS: Final = {
    "pending": "0",
    "unknown": "1",
    "assumed_friend": "2",
    "friend": "3",
    "neutral": "4",
    "suspect": "5",
    "hostile": "6",
}
"""Standard identity by value of the property ``affiliation`` (MIL-STD-2525D appendix A)."""


def standard_identity(sidc: str) -> int:
    """The standard identity in a symbol's code: its fourth digit."""
    return int(sidc[3])


class Context(StrEnum):
    """Whether a thing is real (MIL-STD-2525D appendix A): what is simulated must say so."""

    REALITY = "0"
    EXERCISE = "1"
    SIMULATION = "2"


class SymbolRule(BaseModel):
    """A schema's rule: a symbol set, and an entity that one property may make more precise."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    symbol_set: str = Field(pattern=r"^\d{2}$")
    entity: str = Field(pattern=r"^\d{6}$", description="entity, type and subtype")
    by: str | None = Field(default=None, description="the property that chooses the entity")
    entities: dict[str, str] = Field(default={}, description="value of `by` to entity")

    def sidc(self, properties: Mapping[str, Value], context: Context = Context.REALITY) -> str:
        """Twenty digits for a thing with these properties; unknown affiliation unless they say."""
        affiliation = AFFILIATION_DIGITS.get(str(properties.get(AFFILIATION)), str(UNKNOWN))
        chosen = properties.get(self.by) if self.by is not None else None
        entity = self.entities.get(str(chosen), self.entity)
        return f"{VERSION}{context.value}{affiliation}{self.symbol_set}0000{entity}0000"
