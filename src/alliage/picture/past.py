"""The picture of another time, for one reader: made from the log, and played on from there.

It is about *valid* time under what is known now: a report that came late stands where it belongs,
and what was taken back is not there. Or under what was *known*, at one moment or at the time that
is shown: then what came later is not there yet, and what was taken back later still is. It is read
through a :class:`LogReader` and a :class:`ClaimReader`: what the reader may not see is not in it.

A jump loads the minutes before the wanted time, the latest first: the state of a source track does
not depend on the order in which entries are applied, so the picture fills while it is looked at
(docs/decisions/0110).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from alliage.history.claims import ClaimReader, StoredClaim
from alliage.log.bodies import CLAIMS, OBSERVATION_KINDS
from alliage.log.entry import Entry
from alliage.log.reader import LogReader, pages
from alliage.ontology.claim import Claim
from alliage.ontology.observation import ObservationBatch
from alliage.picture.messages import Moment
from alliage.picture.picture import Picture
from alliage.picture.view import PictureView

LOADED_S: Final = (60, 240, 900, 3600)
"""How far before the wanted time is loaded, step by step. What was not heard for an hour before it
is not shown: see docs/how-to/look-back.md."""
STEP_US: Final = 15_000_000
"""So much valid time is played on at once, between two looks at the budget."""
BUDGET_S: Final = 0.15
"""So long a client's tick may load; what is left is done in the next."""
SAME_US: Final = 3_000_000
"""A wanted time this near to the one shown is the one shown: only the pace was changed."""
AHEAD_US: Final = 600_000_000
"""So far forward it is quicker to play on than to load anew."""


FEW: Final = 1_000
"""So many entries are sooner looked at one by one than looked for by their valid time, which is to
look at all that are of that time or later."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What a client is told beside the picture."""

    pace: float
    loaded: float  # share of the loading that is done, 1 when all is there
    at_edge: bool  # it has caught up with the present
    not_kept: dict[str, int]  # streams that lack some of it, and before when, in microseconds


@dataclass(slots=True)
class Followed:
    """How far the log is followed by everything that pictures of the past are made from."""

    number: int
    """Number of the last entry that is."""
    revisions: int = 0
    """How often labels were raised, bodies destroyed or entries replaced: what was read before is
    not to be shown."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Some rows of one entry; what the picture needs of an entry."""

    number: int
    stream: str
    label_set: int
    kind: str
    known_us: int
    rows: ObservationBatch | None = None
    said: Sequence[Claim] = ()

    def observations(self) -> ObservationBatch:
        """The rows."""
        if self.rows is None:
            raise ValueError(f"entry {self.number} holds claims, no observations")
        return self.rows

    def claims(self) -> Sequence[Claim]:
        """The claims."""
        return self.said


class PastPicture:
    """One reader's way through the past. Not for several threads."""

    def __init__(
        self,
        log: LogReader,
        claims: Callable[[int | None], ClaimReader],
        empty: Callable[[], Picture],
        moment: Moment,
        followed: Followed,
        budget_s: float = BUDGET_S,
    ) -> None:
        """Nothing is loaded yet: :meth:`move` does it.

        Args:
            log: observations, as the reader may see them.
            claims: makes a reader of claims, likewise, as known up to the entry of this number.
            empty: makes an empty picture whose clock says that it is of the past.
            moment: the time to begin at, and the pace.
            followed: how far the log is read, which goes on.
            budget_s: so long one :meth:`move` may take.
        """
        self._log = log
        self._claims = claims
        self._empty = empty
        self.pace = moment.pace
        self.known = moment.known
        self._followed = followed
        self._budget_s = budget_s
        self._at_edge = False
        self._wall_us: int | None = None
        self._reached_us = moment.at_us
        self._steps: list[int] = []
        self._revisions = 0
        self._begin(moment.at_us)

    @property
    def is_outdated(self) -> bool:
        """Whether something changed its label, or is gone: what is loaded is not to be shown."""
        return self._revisions != self._followed.revisions

    def begin_again(self) -> None:
        """Load the same time anew."""
        self._begin(self._reached_us)

    @property
    def now_us(self) -> int:
        """The time that is shown."""
        return self._reached_us

    @property
    def is_loading(self) -> bool:
        """Whether some of the time before is still to be looked into."""
        return bool(self._steps)

    @property
    def progress(self) -> Progress:
        """How far it is."""
        loaded = 1 - len(self._steps) / len(LOADED_S)
        since_us = self._reached_us - LOADED_S[-1] * 1_000_000
        lacking = {
            name: us
            for name, us in self._not_kept.items()
            if us > since_us and self._dropped_since.get(name, since_us) <= self._reached_us
        }
        for one in self._redacted:
            if since_us <= one.to_us and one.from_us <= self._reached_us:
                lacking[one.stream] = max(one.to_us + 1, lacking.get(one.stream, 0))
        return Progress(self.pace, loaded, self._at_edge, dict(sorted(lacking.items())))

    @property
    def view(self) -> PictureView:
        """The picture at :attr:`now_us`; another object after a jump back."""
        return self._picture.view(self._log.audience, self._reached_us)

    def look(self, moment: Moment) -> bool:
        """Go to this time, or only change the pace.

        Returns:
            Whether the view is another from now on.
        """
        self.pace = moment.pace
        ahead_us = moment.at_us - self._reached_us
        if moment.known != self.known:
            self.known = moment.known
            self._begin(moment.at_us)
            return True
        if abs(ahead_us) <= SAME_US:
            return False
        if 0 < ahead_us <= AHEAD_US and not self._steps:
            self._wanted_us = moment.at_us
            return False
        self._begin(moment.at_us)
        return True

    def move(self, wall_us: int, edge_us: int) -> None:
        """Load, or play on to where the pace leads; what the budget does not allow waits.

        Args:
            wall_us: real time, by which the pace counts.
            edge_us: the present of the reader's live picture: nothing is played beyond it.
        """
        deadline = time.monotonic() + self._budget_s
        since_us = wall_us if self._wall_us is None or self._steps else self._wall_us
        self._wall_us = wall_us
        self._load(deadline)
        self._catch_up()
        ran_us = int(max(0, wall_us - since_us) * self.pace)
        target_us = min(max(self._wanted_us, self._reached_us + ran_us), edge_us)
        while self._reached_us < target_us and not self._steps and time.monotonic() < deadline:
            until_us = min(target_us, self._reached_us + STEP_US)
            self._play(self._reached_us, until_us)
            self._reached_us = until_us
        self._at_edge = self._reached_us >= edge_us

    def _begin(self, at_us: int) -> None:
        """Forget what there is; the minutes before this time are to be loaded."""
        self._revisions = self._followed.revisions
        self._picture = self._empty()
        self._reached_us = self._wanted_us = self._loaded_us = at_us
        self._steps = list(LOADED_S)
        self._limit = self._last_known(at_us)
        self._read_lacking()

    def _read_lacking(self) -> None:
        self._not_kept, self._redacted = self._log.not_kept(), self._log.redacted()
        self._dropped_since = self._log.dropped_since()

    def _last_known(self, at_us: int) -> int:
        """Number of the last entry that counts at this time."""
        if self.known == "now":
            return self._followed.number
        return self._log.number_known_by(at_us if self.known == "then" else self.known)

    def _load(self, deadline: float) -> None:
        while self._steps:  # one of them at least, so that it gets on
            if len(self._steps) == len(LOADED_S):
                claims = self._claims(self._limit)
                self._picture.withdraw(claim_parts(claims.withdrawals()))
                self._say(None, self._reached_us)
            since_us = self._reached_us - self._steps.pop(0) * 1_000_000
            self._show(since_us, self._loaded_us)
            self._loaded_us = since_us
            if time.monotonic() >= deadline:
                return

    def _play(self, after_us: int, until_us: int) -> None:
        before, self._limit = self._limit, self._last_known(until_us)
        self._say(after_us, until_us)
        self._show(after_us, until_us)
        if self._limit != before:
            self._learn(before, after_us)

    def _catch_up(self) -> None:
        """What came late, or was said since, belongs to the time that stands, too."""
        if self._steps:
            return
        before, self._limit = self._limit, self._last_known(self._reached_us)
        if self._limit != before:
            self._learn(before, self._reached_us)

    def _learn(self, before: int, until_us: int) -> None:
        """Apply what has become known meanwhile of the time that was shown already."""
        learned = self._claims(self._limit).learned(before, until_us)
        self._picture.apply(claim_parts(learned))
        self._show(until_us - LOADED_S[-1] * 1_000_000, until_us, before)

    def _say(self, after_us: int | None, until_us: int) -> None:
        begun = self._claims(self._limit).begun(after_us, until_us)
        self._picture.apply(claim_parts(begun))

    def _show(self, after_us: int, until_us: int, after: int = 0) -> None:
        """Apply every row whose valid time lies between, the end included; of later entries."""
        read = partial(self._log.read, kinds=OBSERVATION_KINDS, up_to=self._limit)
        if self._limit - after > FEW:
            read = partial(read, valid_from_us=after_us + 1, valid_to_us=until_us + 1)
        for page in pages(read, after):
            parts = [_between(entry, after_us, until_us) for entry in page]
            self._picture.apply([part for part in parts if part is not None])


def _between(entry: Entry, after_us: int, until_us: int) -> _Part | None:
    """The rows of an entry that are valid then; None where it has none."""
    from_us, to_us = entry.valid_min_us, entry.valid_max_us
    if (from_us is not None and from_us > until_us) or (to_us is not None and to_us <= after_us):
        return None
    batch = entry.observations()
    valid = batch.rows.column("valid").cast(pa.int64()).to_numpy(zero_copy_only=False)
    wanted = (valid > after_us) & (valid <= until_us)
    if not wanted.any():
        return None
    if not wanted.all():
        rows = batch.rows.filter(pa.array(wanted))
        batch = ObservationBatch(batch.kind, rows, urgent=batch.urgent)
    return _Part(
        entry.number, entry.stream, entry.label_set, entry.kind, entry.known_us, rows=batch
    )


def part_about(entry: Entry, names: Collection[str]) -> _Part | None:
    """The rows of an entry that are about these things; None where it has none."""
    batch = entry.observations()
    said = batch.rows.column("identifier").cast(pa.utf8())
    rows = batch.rows.filter(pc.is_in(said, value_set=pa.array(sorted(names), pa.utf8())))
    if not rows.num_rows:
        return None
    some = ObservationBatch(batch.kind, rows, urgent=batch.urgent)
    return _Part(entry.number, entry.stream, entry.label_set, entry.kind, entry.known_us, rows=some)


def claim_parts(stored: Iterable[StoredClaim]) -> list[_Part]:
    """Claims as parts of the entries that they came in, which come in the order of the log."""
    return [
        _Part(
            number,
            first.stream,
            first.label_set,
            CLAIMS,
            first.known_us,
            said=[item.claim for item in (first, *rest)],
        )
        for (number, _), (first, *rest) in groupby(
            stored, key=lambda item: (item.number, item.label_set)
        )
    ]
