"""How long after it was so the node had something, and whether that is late."""

from __future__ import annotations

from alliage.history.claims import StoredClaim
from alliage.server.services import Services


def delay_of(
    services: Services, stream: str, valid_us: int | None, known_us: int | None
) -> tuple[float | None, bool]:
    """Seconds from valid to known, and whether that is late; None where not known."""
    if valid_us is None or known_us is None:
        return None, False
    delay_s = (known_us - valid_us) / 1e6
    return delay_s, is_late(services, stream, delay_s)


def delay_of_claim(services: Services, item: StoredClaim) -> tuple[float, bool]:
    """The same of a claim; one that flapped is as new as the last that was seen of it."""
    claim = item.claim
    flapped_us = claim.valid_to_us if claim.values else None
    said_us = claim.valid_from_us if flapped_us is None else flapped_us
    delay_s = (item.known_us - said_us) / 1e6
    return delay_s, is_late(services, item.stream, delay_s)


def is_late(services: Services, stream: str, delay_s: float) -> bool:
    """Whether this is beyond the node's bound; a recording that plays its own times is never."""
    return delay_s > services.settings.late_after_s and not services.sources.plays_recording(stream)
