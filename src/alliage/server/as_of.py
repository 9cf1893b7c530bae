"""As of when a reader asks: now, or what was so at one time, under what was known at another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Final

from fastapi import Depends, Query

from alliage.history.claims import ClaimReader, StoredClaim
from alliage.ontology.audience import Audience
from alliage.ontology.times import to_text, to_us
from alliage.picture.messages import Moment, ProtocolError
from alliage.picture.past import LOADED_S
from alliage.picture.view import PictureView
from alliage.search.search import Past
from alliage.server.kept import not_kept_in_log
from alliage.server.models.common import NotKept
from alliage.server.paging import Moment as MomentIn
from alliage.server.problems import FieldError, ProblemError
from alliage.server.security import TheAudience, TheServices
from alliage.server.services import Services

CLOCKS_DIFFER_US: Final = 60_000_000
"""A time that lies no farther ahead than this is the present of somebody whose clock is ahead."""

Valid = Annotated[
    MomentIn, Query(description="as it was at this time; absent: as it is in the present")
]
Known = Annotated[
    MomentIn, Query(description="under what this node knew at this time; absent: all it knows now")
]


@dataclass(frozen=True, slots=True)
class AsOf:
    """The picture and the claims of one time and one knowledge, for one reader."""

    view: PictureView
    claims: ClaimReader
    is_past: bool = False
    known_up_to: int | None = None
    """Number of the last entry that counts; None for all."""
    not_kept: list[NotKept] = field(default_factory=list)
    """Streams that lack some of what that time's picture is made from."""

    @property
    def now_us(self) -> int:
        """The time that is looked at."""
        return self.view.reading.now_us

    @property
    def past(self) -> Past | None:
        """What the search has to know of it; None for the present."""
        return Past(self.view, self.known_up_to) if self.is_past else None

    def timely(self, stored: Sequence[StoredClaim]) -> list[StoredClaim]:
        """Claims about this time or an earlier one; of the present all, since clocks differ."""
        if not self.is_past:
            return list(stored)
        return [item for item in stored if item.claim.valid_from_us <= self.now_us]


def present(services: Services, audience: Audience) -> AsOf:
    """The present, under all that is known."""
    return AsOf(services.picture.view(audience), services.claims.reader(audience))


def as_of(
    audience: TheAudience, services: TheServices, valid: Valid = None, known: Known = None
) -> AsOf:
    """What the request asks for.

    Raises:
        ProblemError: ``invalid``, where the time lies ahead of the picture's clock, which in a
            replay stands where that is; ``unavailable``, where too many look back already.
    """
    now = present(services, audience)
    if valid is None and known is None:
        return now
    if valid is not None and to_us(valid) > now.now_us + CLOCKS_DIFFER_US:
        raise _ahead(now.now_us)
    # What was before 1970 was before everything.
    known_us = None if known is None else max(0, to_us(known))
    moment = Moment(
        at_us=now.now_us if valid is None else max(0, min(to_us(valid), now.now_us)),
        pace=0.0,
        known="now" if known_us is None else known_us,
    )
    try:
        view = services.pasts.at(audience, moment)
    except ProtocolError as error:
        raise ProblemError("unavailable", f"{error.reason}.", {"Retry-After": "1"}) from None
    log = services.log.reader(audience)
    up_to = None if known_us is None else log.number_known_by(known_us)
    since_us = moment.at_us - LOADED_S[-1] * 1_000_000
    lacking = not_kept_in_log(log, since_us, moment.at_us + 1)
    return AsOf(view, services.claims.reader(audience, up_to), True, up_to, lacking)


def _ahead(now_us: int) -> ProblemError:
    problem = FieldError(
        field="query.valid", message=f"lies ahead: this node's picture is of {to_text(now_us)}"
    )
    detail = f"Not valid: query.valid, which {problem.message}."
    return ProblemError("invalid", detail, errors=[problem])


TheAsOf = Annotated[AsOf, Depends(as_of)]
