"""Source tracks: the state of one thing as one stream follows it under one label set.

The key is (stream, label set, identifier). A stream whose label changes begins new rows, so that
what a reader may not see never touches what it may (docs/decisions/0040).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from alliage.log.revisions import Drop
from alliage.ontology.affiliation import NO_RULES, Affiliations
from alliage.ontology.audience import Audience
from alliage.ontology.derived import plots_of
from alliage.picture.beginnings import Beginnings
from alliage.picture.columns import NO_TIME, GrowingColumns, Layout, Words
from alliage.picture.joins import Joins
from alliage.picture.said import Reported, Retractions, Sayings, Withdrawn
from alliage.picture.shared import Shared
from alliage.picture.staleness import Followed

TRAIL_POINTS = 64
TRAIL_STEP_US = 30_000_000
"""A trail keeps the first report of every 30 s, the last 64 of them: 32 minutes."""

_TRAIL = ("trail_valid", "trail_lon", "trail_lat")
BY_HAND = ("person:", "api:", "release:")
"""How the streams begin whose positions people report, and may take back."""
LAST_ENTRY = np.iinfo(np.int64).max

SubjectOf = Callable[[str, str], str]
"""(stream, identifier) to the subject id that claims and readers know it by."""


class SourceTracks(GrowingColumns):
    """One row a source track. Position and motion come from one report, the latest by ``valid``.

    NaN means not known. ``rank`` is 0 without a position, 1 where only reports about a place
    (weather, words) gave one, 2 where a position report did. ``heard_us`` is the time of the last
    report of any kind, ``way_us`` of the last position report that made way. ``entry``
    is the number of the entry that gave the position, ``began`` of the first that spoke of the
    thing. ``interval_s`` is how often a tracker usually tells of it.
    ``filter_*`` is the state of the track's Kalman filter: when, where, velocity east and
    north, covariance (4 x 4, metres and m/s), the last report's squared Mahalanobis distance, and
    how many reports did not continue the track. ``claims`` counts what was claimed of it, ``blank``
    is true where nothing is left of that (labels were raised, bodies destroyed); ``observed`` is
    true where anything was reported of it, ``drawn`` where a geometry of its own was claimed,
    ``identified`` where an affiliation was. ``changed_at``, ``words_at`` and ``trail_at`` are the
    table's ``version`` when that part last changed.
    """

    LAYOUT: ClassVar[Layout] = {
        "stream": (np.int32, -1, 0),
        "label_set": (np.int32, -1, 0),
        "identifier": (np.int32, -1, 0),
        "schema": (np.int32, -1, 0),
        "status": (np.int32, -1, 0),
        "rank": (np.uint8, 0, 0),
        "lat": (np.float64, np.nan, 0),
        "lon": (np.float64, np.nan, 0),
        "std": (np.float32, np.nan, 0),
        "minor": (np.float32, np.nan, 0),
        "axis": (np.float32, np.nan, 0),
        "altitude": (np.float32, np.nan, 0),
        "speed": (np.float32, np.nan, 0),
        "course": (np.float32, np.nan, 0),
        "heading": (np.float32, np.nan, 0),
        "turn_rate": (np.float32, np.nan, 0),
        "valid_us": (np.int64, NO_TIME, 0),
        "recorded_us": (np.int64, NO_TIME, 0),
        "known_us": (np.int64, NO_TIME, 0),
        "had_us": (np.int64, NO_TIME, 0),
        "heard_us": (np.int64, NO_TIME, 0),
        "way_us": (np.int64, NO_TIME, 0),
        "entry": (np.int64, -1, 0),
        "began": (np.int64, LAST_ENTRY, 0),
        "interval_s": (np.float32, np.nan, 0),
        "filter_us": (np.int64, NO_TIME, 0),
        "filter_lat": (np.float64, np.nan, 0),
        "filter_lon": (np.float64, np.nan, 0),
        "filter_velocity": (np.float64, np.nan, 2),
        "filter_covariance": (np.float64, np.nan, 16),
        "filter_nis": (np.float32, np.nan, 0),
        "filter_jumps": (np.int32, 0, 0),
        "claims": (np.int32, 0, 0),
        "blank": (np.bool_, False, 0),
        "observed": (np.bool_, False, 0),
        "drawn": (np.bool_, False, 0),
        "identified": (np.bool_, False, 0),
        "changed_at": (np.int64, 0, 0),
        "words_at": (np.int64, 0, 0),
        "trail_at": (np.int64, 0, 0),
        "trail_valid": (np.int64, NO_TIME, TRAIL_POINTS),
        "trail_lon": (np.float32, np.nan, TRAIL_POINTS),
        "trail_lat": (np.float32, np.nan, TRAIL_POINTS),
    }

    stream: NDArray[np.int32]
    label_set: NDArray[np.int32]
    identifier: NDArray[np.int32]
    schema: NDArray[np.int32]
    status: NDArray[np.int32]
    rank: NDArray[np.uint8]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    std: NDArray[np.float32]
    minor: NDArray[np.float32]
    axis: NDArray[np.float32]
    altitude: NDArray[np.float32]
    speed: NDArray[np.float32]
    course: NDArray[np.float32]
    heading: NDArray[np.float32]
    turn_rate: NDArray[np.float32]
    valid_us: NDArray[np.int64]
    recorded_us: NDArray[np.int64]
    known_us: NDArray[np.int64]
    had_us: NDArray[np.int64]
    heard_us: NDArray[np.int64]
    way_us: NDArray[np.int64]
    entry: NDArray[np.int64]
    began: NDArray[np.int64]
    interval_s: NDArray[np.float32]
    filter_us: NDArray[np.int64]
    filter_lat: NDArray[np.float64]
    filter_lon: NDArray[np.float64]
    filter_velocity: NDArray[np.float64]
    filter_covariance: NDArray[np.float64]
    filter_nis: NDArray[np.float32]
    filter_jumps: NDArray[np.int32]
    claims: NDArray[np.int32]
    blank: NDArray[np.bool_]
    observed: NDArray[np.bool_]
    drawn: NDArray[np.bool_]
    identified: NDArray[np.bool_]
    changed_at: NDArray[np.int64]
    words_at: NDArray[np.int64]
    trail_at: NDArray[np.int64]
    trail_valid: NDArray[np.int64]
    trail_lon: NDArray[np.float32]
    trail_lat: NDArray[np.float32]

    def __init__(
        self,
        subject_of: SubjectOf,
        affiliations: Affiliations = NO_RULES,
        capacity: int = 256,
    ) -> None:
        super().__init__(capacity)
        self.version = 0
        self.streams = Words()
        self._of_trackers = np.zeros(0, np.bool_)
        self.identifiers = Words()
        self.beginnings = Beginnings(self.identifiers)
        self.schemata = Words()
        self.statuses = Words()
        self.subjects: list[str] = []
        self.properties: list[Sayings] = []
        self.claimed: list[list[str] | None] = []
        """By row the ids of what was claimed, or None where that is not kept: see :meth:`claim`."""
        self.retractions = Retractions()
        self.withdrawn = Withdrawn()
        self.joins = Joins()
        self.shared = Shared()
        self.structure: dict[int, int] = {}
        """By label set the version at which what is one thing, or is there at all, last changed."""
        self.told_us: dict[int, int] = {}
        """By stream and label set of trackers up to which time they told of their tracks."""
        self._subject_of = subject_of
        self._affiliations = affiliations
        self._rows: dict[tuple[str, int], dict[str, int]] = {}
        self._has_blank = False

    def rows_of(
        self, stream: str, label_set: int, identifiers: Sequence[str], number: int
    ) -> NDArray[np.intp]:
        """Row numbers of these things as this stream follows them; new ones begin here.

        ``number`` is that of the entry that speaks of them.
        """
        known = self._rows.setdefault((stream, label_set), {})
        fresh = [word for word in dict.fromkeys(identifiers) if word not in known]
        if fresh:
            self._begin(stream, label_set, fresh, known)
        rows = np.fromiter((known[word] for word in identifiers), np.intp, len(identifiers))
        self.began[rows] = np.minimum(self.began[rows], number)
        if self._has_blank and self.blank[rows].any():
            self.blank[rows] = False
            self.restructure(label_set)
        return rows

    def _begin(
        self, stream: str, label_set: int, identifiers: list[str], known: dict[str, int]
    ) -> None:
        first = self.add_rows(len(identifiers))
        added = slice(first, self.count)
        known.update(zip(identifiers, range(first, self.count), strict=True))
        self.stream[added] = self.streams.code(stream)
        self.label_set[added] = label_set
        self.identifier[added] = [self.identifiers.code(word) for word in identifiers]
        self.words_at[added] = self.changed_at[added] = self.version
        self.identified[added] = [self._affiliations.may_concern(word) for word in identifiers]
        self.subjects.extend(self._subject_of(stream, word) for word in identifiers)
        self.properties.extend({} for _ in identifiers)
        self.claimed.extend([] for _ in identifiers)

    def observe(self, rows: NDArray[np.intp]) -> None:
        """Something was reported of these rows: they are there, whatever is claimed of them.

        What a machine's stream claimed need not be kept then. A person's report may be taken back.
        """
        fresh = rows[~self.observed[rows]]
        self.observed[fresh] = True
        self.changed_at[fresh] = self.version
        for row in fresh.tolist():
            if not self.streams.word(int(self.stream[row])).startswith(BY_HAND):
                self.claimed[row] = None

    def claim(self, row: int, claim_id: str) -> None:
        """Remember that this was claimed of a row of which nothing is reported."""
        claimed = self.claimed[row]
        if claimed is not None:
            claimed.append(claim_id)
            self.words_at[row] = self.version

    def is_there(self, row: int, audience: Audience) -> bool:
        """Whether anything is reported of a row, or claimed and, for these readers, not retracted.

        A retraction alone is nothing.
        """
        claimed = self.claimed[row]
        if self.observed[row] or claimed is None:
            return True
        return any(not self.retractions.take_back(one, audience) for one in claimed)

    def tracked(self, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Which of these rows a tracker made of plots."""
        if len(self._of_trackers) != len(self.streams):
            found = [plots_of(one) is not None for one in self.streams]
            self._of_trackers = np.array(found, np.bool_)
        flags: NDArray[np.bool_] = self._of_trackers[self.stream[rows]]
        return flags

    def followed(self, rows: NDArray[np.intp]) -> Followed:
        """Which of these rows a tracker made, where -1 is none, and how far it has gone on."""
        at = np.flatnonzero(rows >= 0)
        at = at[self.tracked(rows[at])]
        streams, of = np.unique(self._stream_keys(rows[at]), return_inverse=True)
        newest = np.array([self.told_us.get(key, NO_TIME) for key in streams.tolist()], np.int64)
        return Followed(at, newest[of], self.interval_s[rows[at]])

    def go_on(self, rows: NDArray[np.intp], at_us: NDArray[np.int64]) -> None:
        """Trackers told of these rows at these times, and have looked so far."""
        keys = self._stream_keys(rows)
        for key in np.unique(keys).tolist():
            until_us = int(at_us[keys == key].max())
            self.told_us[key] = max(until_us, self.told_us.get(key, NO_TIME))

    def _stream_keys(self, rows: NDArray[np.intp]) -> NDArray[np.int64]:
        return self.stream[rows].astype(np.int64) << 32 | self.label_set[rows]

    def restructure(self, label_set: int) -> None:
        """What those who see this label set take for one thing has changed."""
        self.version += 1
        self.structure[label_set] = self.version

    def structure_of(self, audience: Audience) -> int:
        """The version at which that last changed for these readers; 0: never."""
        return max((at for seen, at in self.structure.items() if audience.sees(seen)), default=0)

    def find(self, stream: str, label_set: int, identifier: str) -> int | None:
        """The row of a thing as a stream follows it; None where it does not."""
        return self._rows.get((stream, label_set), {}).get(identifier)

    def row_in(
        self, streams: Collection[str], identifier: str, audience: Audience
    ) -> tuple[int, str] | None:
        """A row of a thing as one of these streams follows it, if it is visible, and which does."""
        for (stream, label_set), known in self._rows.items():
            if stream in streams and identifier in known and audience.sees(label_set):
                return known[identifier], stream
        return None

    def of_identifier(self, identifier: str) -> NDArray[np.intp]:
        """Rows of what bears an identifier."""
        code = self.identifiers.known(identifier)
        if code is None:
            return np.zeros(0, dtype=np.intp)
        return np.flatnonzero(self.identifier[: self.count] == code)

    def unsay(self, rows: NDArray[np.intp]) -> None:
        """Forget everything that was claimed of these rows, to be said again."""
        self.version += 1
        placed = self.rank[rows] > 0
        self.heard_us[rows] = np.where(placed, self.valid_us[rows], NO_TIME)
        self.schema[rows[~placed]] = -1
        self.claims[rows] = 0
        self.drawn[rows] = False
        for row in rows.tolist():
            self.properties[row] = {}
            self.claimed[row] = None if self.claimed[row] is None else []
            self.words_at[row] = self.changed_at[row] = self.version

    def unplace(self, number: int | None, stream: str, among: NDArray[np.intp]) -> None:
        """Forget the positions that an entry of this stream gave; None: no entry as a whole.

        Of the rows ``among`` all that the stream reported is forgotten, their trails too.
        """
        self.version += 1
        code = self.streams.known(stream)
        if code is not None:
            self.observed[among[self.stream[among] == code]] = False
            self._forget(among[self.stream[among] == code])
        if number is not None:
            self._forget(np.flatnonzero(self.entry[: self.count] == number))

    def drop_blank(self, rows: NDArray[np.intp]) -> None:
        """Rows of which nothing is left are no things any more, until something is said again."""
        empty = (self.claims[rows] == 0) & (self.rank[rows] == 0) & (self.heard_us[rows] == NO_TIME)
        self.blank[rows] = empty
        self._has_blank = self._has_blank or bool(empty.any())

    def drop_reports(self, drop: Drop) -> set[int]:
        """Forget the latest reports that are dropped; returns the label sets that had some."""
        code = self.streams.known(drop.stream)
        if code is None:
            return set()
        old = self.valid_us[: self.count] < drop.before_us
        old &= (self.entry[: self.count] <= drop.up_to) & (self.rank[: self.count] > 0)
        rows = np.flatnonzero(old & (self.stream[: self.count] == code))
        self.version += 1
        self._forget(rows)
        self.drop_blank(rows)
        return set(self.label_set[rows].tolist())

    def forget_positions(self, stream: str) -> None:
        """A replay begins again: its earlier run tells nothing of where things are now.

        What was claimed (names, sizes) stays, since an unchanged value is not claimed again; and
        what has a geometry of its own is there without any report.
        """
        code = self.streams.known(stream)
        if code is None:
            return
        self.version += 1
        there = self.drawn[: self.count] & (self.rank[: self.count] == 0)
        self._forget(np.flatnonzero((self.stream[: self.count] == code) & ~there))

    def withdraw(self, report: Reported, number: int) -> None:
        """A position reported by hand was taken back: it is not known where the thing is now.

        Whoever takes it back reports the position before it again, if there is one. ``number`` is
        that of the entry which took it back.
        """
        (row,) = self.rows_of(report.stream, report.label_set, [report.identifier], number)
        self.trail_valid[row][self.trail_valid[row] == report.valid_us] = NO_TIME
        self.trail_at[row] = self.version
        if self.valid_us[row] == report.valid_us:
            self.observed[row] = False
            trail = [getattr(self, name)[row].copy() for name in _TRAIL]
            self._forget(np.array([row]))
            for name, points in zip(_TRAIL, trail, strict=True):
                getattr(self, name)[row] = points

    def _forget(self, rows: NDArray[np.intp]) -> None:
        """What was reported of these rows counts no more; what was claimed does."""
        kept = {"stream", "label_set", "identifier", "schema", "began", "drawn", "identified"}
        kept |= {"claims", "blank", "observed"}
        for name, (_, fresh, _) in self.LAYOUT.items():
            if name not in kept:
                getattr(self, name)[rows] = fresh
        for name in ("changed_at", "words_at", "trail_at"):
            getattr(self, name)[rows] = self.version
