"""Who may look back at a time, and how many readers at once: each holds a picture of its own."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import Final
from weakref import WeakSet

from alliage.history.claims import ClaimStore
from alliage.log.store import Log
from alliage.ontology.audience import Audience
from alliage.picture.messages import Moment, ProtocolError
from alliage.picture.past import BUDGET_S, Followed, PastPicture
from alliage.picture.picture import Picture
from alliage.picture.view import PictureView

AT_MOST: Final = 24
KEPT: Final = 4
"""Pictures of one time that are kept for the next question about it."""
AT_PATIENCE_S: Final = 10.0
"""So long a question may wait for those before it, and then load."""


class Pasts:
    """Makes pictures of the past. Safe to use from several threads."""

    def __init__(
        self,
        log: Log,
        claims: ClaimStore,
        empty: Callable[[], Picture],
        budget_s: float = BUDGET_S,
        patience_s: float = AT_PATIENCE_S,
    ) -> None:
        """``empty`` makes an empty picture whose clock says that it is of the past.

        A tick of one reader's picture may take ``budget_s``; one question may wait for those before
        it, and then load, for ``patience_s``.
        """
        self._log = log
        self._claims = claims
        self._empty = empty
        self._budget_s = budget_s
        self._patience_s = patience_s
        self._followed = Followed(log.last_number)
        self._open: WeakSet[PastPicture] = WeakSet()
        self._kept: OrderedDict[tuple[str, Moment], PastPicture] = OrderedDict()
        self._loading = threading.Lock()

    def tell_outdated(self) -> None:
        """Labels were raised or bodies destroyed: everybody who looks back looks anew."""
        self._followed.revisions += 1

    def tell_committed(self, number: int) -> None:
        """Up to this entry the log is followed by the claims: what came late can be shown."""
        self._followed.number = number

    def of(self, audience: Audience, moment: Moment) -> PastPicture:
        """The picture at a time as these readers see it.

        Raises:
            ProtocolError: as many readers as the node can serve look back already.
        """
        if len(self._open) >= AT_MOST:
            raise ProtocolError(
                f"{AT_MOST} readers look back in time already: look at the present, or try later"
            )
        past = self._begin(audience, moment, self._budget_s)
        self._open.add(past)
        return past

    def at(self, audience: Audience, moment: Moment) -> PictureView:
        """The whole picture of one time as these readers see it, for one question.

        One is loaded at a time, for a question must not take the node's processors from the
        present; the last few are kept, and follow what the log is told since. One that is not
        loaded in time is kept, too: the next question goes on with it.

        Raises:
            ProtocolError: others are waited for too long, or loading takes too long.
        """
        if not self._loading.acquire(timeout=self._patience_s):
            raise ProtocolError("other questions about the past are being loaded: ask again")
        try:
            key = (audience.key, moment)
            past = self._kept.pop(key, None) or self._begin(audience, moment, self._patience_s)
            past.move(0, moment.at_us)
            while past.is_outdated:  # also by what happened while it was loaded
                past.begin_again()
                past.move(0, moment.at_us)
            self._kept[key] = past
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            if past.is_loading:
                raise ProtocolError(
                    f"its hour is not loaded after {self._patience_s:.0f} s (busy node, or much "
                    "was reported): ask for the same moment again, it goes on"
                )
            return past.view
        finally:
            self._loading.release()

    def _begin(self, audience: Audience, moment: Moment, budget_s: float) -> PastPicture:
        return PastPicture(
            self._log.reader(audience),
            partial(self._claims.reader, audience),
            self._empty,
            moment,
            self._followed,
            budget_s,
        )
