"""Rights: all of a reader that a policy may look at, as plain values that compare and hash."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from alliage.access.principal import Principal


@dataclass(frozen=True, slots=True)
class Rights:
    """A reader's attributes. ``clearance_rank`` is a position in the order of classifications."""

    nation: str
    clearance_rank: int
    communities: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    purpose: str = ""

    @classmethod
    def of(cls, principal: Principal) -> Rights:
        """Everything that there is of a principal."""
        return cls(
            principal.nation,
            principal.clearance_rank,
            principal.communities,
            frozenset(role.value for role in principal.roles),
            principal.purpose,
        )

    @property
    def key(self) -> str:
        """Text that is equal for equal rights and for no others."""
        communities, roles = sorted(self.communities), sorted(self.roles)
        parts = [self.nation, self.clearance_rank, communities, roles, self.purpose]
        return orjson.dumps(parts).decode()
