"""On whose side a thing is where nobody has said so: rules of the node, by nation and kind.

What somebody claims always stands before a rule. No rule makes a thing hostile: a person says
that, under a name.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from alliage.ontology.claim import Value
from alliage.ontology.flag import flag_of
from alliage.ontology.symbol import AFFILIATION

DERIVABLE: Final = ("assumed_friend", "friend", "neutral", "suspect")
NATIONS: Final = ("operator_nation", "country")
"""The properties that say of which nation a thing is, the first that is claimed counts."""

IDENTIFYING: Final = frozenset({AFFILIATION, *NATIONS})
"""The properties that an affiliation may follow from."""

_MMSI: Final = "mmsi:"


def nation_of(identifier: str, properties: Mapping[str, Value]) -> str | None:
    """ISO 3166-1 alpha-3 of what is claimed or, failing that, of the flag in an MMSI."""
    for name in NATIONS:
        if properties.get(name) is not None:
            return str(properties[name])
    # Of two ships that use one number each says that flag: see alliage.picture.shared.
    number = identifier.removeprefix(_MMSI).partition("/")[0]
    return flag_of(number) if identifier.startswith(_MMSI) else None


@dataclass(frozen=True, slots=True)
class AffiliationRule:
    """Things of these nations and kinds are of this affiliation; no kinds: all of them."""

    affiliation: str
    nations: frozenset[str]
    kinds: frozenset[str] = frozenset()


class Affiliations:
    """The rules of a node; the first that fits counts."""

    def __init__(self, rules: Sequence[AffiliationRule] = ()) -> None:
        self._rules = tuple(rules)
        self._nations = frozenset().union(*(rule.nations for rule in rules))

    def may_concern(self, identifier: str) -> bool:
        """Whether the identifier alone is of a nation that some rule names."""
        return bool(self._rules) and nation_of(identifier, {}) in self._nations

    def derive(
        self, lineage: Collection[str], identifier: str, properties: Mapping[str, Value]
    ) -> str | None:
        """The affiliation by rule of a thing of this kind; None where no rule speaks of it.

        Args:
            lineage: its schema and all that this extends.
            identifier: e.g. ``mmsi:219012345``.
            properties: what is claimed of it.
        """
        if not self._rules or properties.get(AFFILIATION) is not None:
            return None
        nation = nation_of(identifier, properties)
        for rule in self._rules:
            if nation in rule.nations and (not rule.kinds or not rule.kinds.isdisjoint(lineage)):
                return rule.affiliation
        return None


NO_RULES: Final = Affiliations()
