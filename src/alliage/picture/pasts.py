"""Who may look back at a time, and how many readers at once: each holds a picture of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final
from weakref import WeakSet

from alliage.history.claims import ClaimStore
from alliage.log.store import Log
from alliage.ontology.audience import Audience
from alliage.picture.messages import Moment, ProtocolError
from alliage.picture.past import BUDGET_S, PastPicture
from alliage.picture.picture import Picture

AT_MOST: Final = 24


class Pasts:
    """Makes pictures of the past. Safe to use from several threads."""

    def __init__(
        self,
        log: Log,
        claims: ClaimStore,
        empty: Callable[[], Picture],
        budget_s: float = BUDGET_S,
    ) -> None:
        """``empty`` makes an empty picture whose clock says that it is of the past.

        A tick of one reader's picture may take ``budget_s``.
        """
        self._log = log
        self._claims = claims
        self._empty = empty
        self._budget_s = budget_s
        self._open: WeakSet[PastPicture] = WeakSet()

    def of(self, audience: Audience, moment: Moment) -> PastPicture:
        """The picture at a time as these readers see it.

        Raises:
            ProtocolError: as many readers as the node can serve look back already.
        """
        if len(self._open) >= AT_MOST:
            raise ProtocolError(
                f"{AT_MOST} readers look back in time already: look at the present, or try later"
            )
        past = PastPicture(
            self._log.reader(audience),
            partial(self._claims.reader, audience),
            self._empty,
            moment,
            self._budget_s,
        )
        self._open.add(past)
        return past
