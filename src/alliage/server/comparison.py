"""Two readers side by side: who asks, and whom the request imagines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from alliage.access.principal import Principal
from alliage.server.as_of import AsOf, Known, Valid, as_of
from alliage.server.security import TheServices, TheSession, audience_of


@dataclass(frozen=True, slots=True)
class Comparison:
    """Who asks and whom they ask about, with what both see as of one time."""

    own: AsOf
    seen: AsOf
    reader: Principal

    def shows(self, label_set: int) -> bool:
        """Whether the reader that they ask about sees what lies under an interned label set."""
        return self.seen.view.audience.sees(label_set)


def comparison_of(
    session: TheSession, services: TheServices, valid: Valid = None, known: Known = None
) -> Comparison:
    """Return what the signed-in person sees beside what the one sees whom they look as."""
    reader = session.seen_as or session.principal
    audiences = services.access.audience(session.principal), audience_of(session, services)
    own, seen = (as_of(audience, services, valid, known) for audience in audiences)
    return Comparison(own, seen, reader)


TheComparison = Annotated[Comparison, Depends(comparison_of)]
