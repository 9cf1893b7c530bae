"""Two readers side by side: who asks, and whom the request imagines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from alliage.access.principal import Principal
from alliage.ontology.audience import Audience
from alliage.server.security import TheServices, TheSession, audience_of


@dataclass(frozen=True, slots=True)
class Comparison:
    """Who asks and whom they ask about, with the audiences of both."""

    own: Audience
    seen: Audience
    reader: Principal


def comparison_of(session: TheSession, services: TheServices) -> Comparison:
    """Return what the signed-in person sees beside what the one sees whom they look as."""
    reader = session.seen_as or session.principal
    own = services.access.audience(session.principal)
    return Comparison(own, audience_of(session, services), reader)


TheComparison = Annotated[Comparison, Depends(comparison_of)]
