"""How long after it was so the node had something, and whether that is late."""

from __future__ import annotations

from alliage.history.claims import StoredClaim
from alliage.ontology.reception import is_sources
from alliage.server.services import Services


def delay_of(
    services: Services, stream: str, valid_us: int | None, had_us: int | None
) -> tuple[float | None, bool]:
    """Seconds until the node had it, and whether that is late; None where not known."""
    if valid_us is None or had_us is None:
        return None, False
    delay_s = (had_us - valid_us) / 1e6
    return delay_s, is_late(services, stream, delay_s)


def delay_of_claim(services: Services, item: StoredClaim) -> tuple[float, bool]:
    """Seconds from valid to known, and whether that is late.

    A claim that flapped is as new as the last that was seen of it. What was read again by a mended
    decoder is known by the day of that, and came with its bytes: it is not late.
    """
    claim = item.claim
    flapped_us = claim.valid_to_us if claim.values else None
    said_us = claim.valid_from_us if flapped_us is None else flapped_us
    delay_s = (item.known_us - said_us) / 1e6
    # Sources give no reasons; what stands there is why their bytes were read again.
    if claim.reason and is_sources(item.stream):
        return delay_s, False
    return delay_s, is_late(services, item.stream, delay_s)


def is_late(services: Services, stream: str, delay_s: float) -> bool:
    """Whether this is beyond the node's bound; a recording that plays its own times is never."""
    return delay_s > services.settings.late_after_s and not services.sources.plays_recording(stream)
