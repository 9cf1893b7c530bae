"""What one audience sees, joined: visible source tracks with one identifier are one object, and
so are those of which a visible claim says that they are the same. Where a visible claim says that
two things bear one identifier they are two.

The object's position and motion are those of the visible source track whose report is the latest;
its name is the subject id of the earliest visible one; its label is all of theirs. Rows are in the
order in which the audience first saw them, so neither numbers nor order tell of hidden rows. A
refresh costs by what changed, not by what there is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from alliage.ontology.audience import Audience
from alliage.picture.columns import NO_TIME, GrowingColumns, Layout
from alliage.picture.combining import Combiner, Weight
from alliage.picture.doubled import Doubled
from alliage.picture.joins import Joined, beside
from alliage.picture.kinds import Kinds
from alliage.picture.staleness import ENDED, Staleness
from alliage.picture.tracks import TRAIL_POINTS, TRAIL_STEP_US, SourceTracks

MOVING_US: Final = 360_000_000
"""What made way counts as moving for six minutes: twice the longest interval between a ship's
reports (ITU-R M.1371-5, annex 1, table 1), so that a count does not flicker (decision 0044)."""
TOLD_US: Final = 600_000_000
"""A heading or status counts for ten minutes beside the later reports of other sources: the
slowest ship tells it every three (ITU-R M.1371-5, annex 1, table 1)."""

Rows = NDArray[np.intp]

_Better = Callable[[Rows, Rows], NDArray[np.bool_]]
_COPIED: Final = (
    "lon", "lat", "std", "minor", "axis", "altitude", "speed", "course", "heading", "valid_us",
)  # fmt: skip


class Objects(GrowingColumns):
    """One row an object; ``best`` is the source track that its state is copied from.

    ``combined`` is how many source tracks a state was combined from, 0 where it is one report's;
    ``teller`` is the source track that last told of a heading, height or status; ``awaited``
    that of an object which trackers alone follow, and -1 of any other.

    ``changed_at``, ``words_at`` and ``trail_at`` are the ``version`` of the last change of what a
    client is sent: state columns, words, trail. ``void`` is true where all that was ever said of an
    object is taken back for these readers: it is not there, until a retraction is taken back.
    """

    LAYOUT: ClassVar[Layout] = {
        "first": (np.intp, -1, 0),
        "best": (np.intp, -1, 0),
        "teller": (np.intp, -1, 0),
        "combined": (np.uint8, 0, 0),
        "schema": (np.int32, -1, 0),
        "label": (np.int32, -1, 0),
        "lon": (np.float64, np.nan, 0),
        "lat": (np.float64, np.nan, 0),
        "std": (np.float32, np.nan, 0),
        "minor": (np.float32, np.nan, 0),
        "axis": (np.float32, np.nan, 0),
        "altitude": (np.float32, np.nan, 0),
        "speed": (np.float32, np.nan, 0),
        "course": (np.float32, np.nan, 0),
        "heading": (np.float32, np.nan, 0),
        "valid_us": (np.int64, NO_TIME, 0),
        "last_us": (np.int64, NO_TIME, 0),
        "way_us": (np.int64, NO_TIME, 0),
        "state": (np.uint8, ENDED, 0),
        "moving": (np.bool_, False, 0),
        "awaited": (np.intp, -1, 0),
        "void": (np.bool_, False, 0),
        "changed_at": (np.int64, 0, 0),
        "words_at": (np.int64, 0, 0),
        "trail_at": (np.int64, 0, 0),
    }

    first: Rows
    best: Rows
    teller: Rows
    combined: NDArray[np.uint8]
    schema: NDArray[np.int32]
    label: NDArray[np.int32]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    std: NDArray[np.float32]
    minor: NDArray[np.float32]
    axis: NDArray[np.float32]
    altitude: NDArray[np.float32]
    speed: NDArray[np.float32]
    course: NDArray[np.float32]
    heading: NDArray[np.float32]
    valid_us: NDArray[np.int64]
    last_us: NDArray[np.int64]
    way_us: NDArray[np.int64]
    state: NDArray[np.uint8]
    moving: NDArray[np.bool_]
    awaited: Rows
    void: NDArray[np.bool_]
    changed_at: NDArray[np.int64]
    words_at: NDArray[np.int64]
    trail_at: NDArray[np.int64]

    def __init__(
        self,
        tracks: SourceTracks,
        audience: Audience,
        staleness: Staleness,
        kinds: Kinds,
        combiner: Combiner | None,
    ) -> None:
        """Begin empty; ``combiner`` None: a state is always that of the latest report."""
        super().__init__()
        self._kinds = kinds
        self._combiner = combiner
        self.version = 0
        self.label_sets: list[frozenset[int]] = []
        self.structure = tracks.structure_of(audience)
        self._joined = tracks.joins.of(audience, tracks.retractions)
        self._beside = _numbered(self._joined)
        self._tracks = tracks
        self._audience = audience
        self._doubled = Doubled(tracks, audience)
        self._staleness = staleness
        self._label_codes: dict[frozenset[int], int] = {}
        self.object_of: Rows = np.zeros(0, dtype=np.intp)  # by source track; -1: not visible
        self._by_bearer: Rows = np.full(len(self._beside), -1, np.intp)  # see _roots; -1: none
        self._members: Rows = np.zeros(0, dtype=np.intp)  # source tracks, object after object
        self._start: Rows = np.zeros(1, dtype=np.intp)
        self._seen = 0

    def refresh(self, now_us: int) -> None:
        """Take over what changed in the visible source tracks, and let the others age."""
        self.version += 1
        if self._tracks.count > len(self.object_of):
            self._admit()
        self._take_changes()
        self._age(now_us)

    def members(self, row: int) -> Rows:
        """The visible source tracks of one object, the earliest first."""
        return self._members[self._start[row] : self._start[row + 1]]

    def present(self) -> NDArray[np.bool_]:
        """Which objects are there and have not ended, shape (count,)."""
        shown: NDArray[np.bool_] = self.state[: self.count] != ENDED
        return shown

    def _admit(self) -> None:
        """Give an object to each source track that is new since the last refresh."""
        tracks, seen = self._tracks, len(self.object_of)
        fresh = np.arange(seen, tracks.count)
        visible = fresh[self._audience.mask(tracks.label_set[fresh]) & ~tracks.blank[fresh]]
        visible = visible[np.argsort(tracks.began[visible], kind="stable")]
        self.object_of = np.concatenate([self.object_of, np.full(len(fresh), -1, np.intp)])
        unknown = len(self._beside) + len(tracks.identifiers) - len(self._by_bearer)
        self._by_bearer = np.concatenate([self._by_bearer, np.full(unknown, -1, np.intp)])
        bearers = self._bearers(visible)
        is_new = self._by_bearer[bearers] < 0
        self._begin(visible[is_new], bearers[is_new])
        self.object_of[visible] = self._by_bearer[bearers]
        self._link(np.unique(self.object_of[visible]))

    def of_identifiers(self) -> Rows:
        """By identifier's code the object that bears it; -1 where these readers see none."""
        count = len(self._by_bearer)
        roots = self._roots()[: count - len(self._beside)]
        return np.where(roots < count, self._by_bearer[np.minimum(roots, count - 1)], -1)

    def _roots(self) -> Rows:
        """By identifier the bearer that stands for all that are the same, as these readers see it.

        Those that are second bearers of an identifier have the first numbers.
        """
        known = self._tracks.identifiers
        roots = np.arange(len(known)) + len(self._beside)
        for word, root in self._joined.root.items():
            code, of = known.known(word), self._number(root)
            if code is not None and of is not None:
                roots[code] = of
        return roots

    def _number(self, bearer: str) -> int | None:
        if bearer in self._beside:
            return self._beside[bearer]
        code = self._tracks.identifiers.known(bearer)
        return None if code is None else code + len(self._beside)

    def _bearers(self, rows: Rows) -> Rows:
        """By source track the bearer that stands for it."""
        codes = self._tracks.identifier[rows]
        bearers = self._roots()[codes]
        torn = map(self._tracks.identifiers.known, self._joined.sides)
        concerned = np.isin(codes, [code for code in torn if code is not None])
        for at in np.flatnonzero(concerned).tolist():
            number = self._number(self._joined.root_of(self._bearer(int(rows[at]))))
            bearers[at] = bearers[at] if number is None else number
        return bearers

    def _bearer(self, track: int) -> str:
        tracks = self._tracks
        identifier = tracks.identifiers.word(int(tracks.identifier[track]))
        return self._joined.bearer(identifier, tracks.streams.word(int(tracks.stream[track])))

    def _begin(self, visible: Rows, roots: Rows) -> None:
        """New objects, in the order of their first visible source track."""
        bearers, at = np.unique(roots, return_index=True)
        order = np.argsort(at)
        first = self.add_rows(len(order))
        self._by_bearer[bearers[order]] = np.arange(first, self.count)
        self.first[first : self.count] = visible[at[order]]

    def _link(self, objects: Rows) -> None:
        """List members again, and the labels of the objects that won some."""
        seen = np.flatnonzero(self.object_of >= 0)
        self._members = seen[np.lexsort((self._tracks.began[seen], self.object_of[seen]))]
        counts = np.bincount(self.object_of[seen], minlength=self.count)
        self._start = np.concatenate([[0], np.cumsum(counts)])
        alone = objects[counts[objects] == 1]
        sets = self._tracks.label_set[self.first[alone]]
        for label_set in np.unique(sets).tolist():
            self.label[alone[sets == label_set]] = self._label_code(frozenset([label_set]))
        for row in objects[counts[objects] > 1].tolist():
            members = self.members(row)
            labels = frozenset(self._tracks.label_set[members].tolist())
            self.label[row] = self._label_code(labels | self._join_sets(members))
        self.words_at[objects] = self.changed_at[objects] = self.version

    def _join_sets(self, members: Rows) -> frozenset[int]:
        """Label sets of what was said for these source tracks to be one thing."""
        if len(np.unique(self._tracks.identifier[members])) < 2:
            return frozenset()
        return self._joined.label_sets[self._joined.root_of(self._bearer(int(members[0])))]

    def _label_code(self, labels: frozenset[int]) -> int:
        code = self._label_codes.get(labels)
        if code is None:
            code = self._label_codes[labels] = len(self.label_sets)
            self.label_sets.append(labels)
        return code

    def _take_changes(self) -> None:
        tracks, seen = self._tracks, self._seen
        self._seen = tracks.version
        renamed = self._touched(tracks.words_at, seen)
        self.words_at[renamed] = self.changed_at[renamed] = self.version
        self.trail_at[self._touched(tracks.trail_at, seen)] = self.version
        moved = self._touched(tracks.changed_at, seen)
        self._look_what_is_void(self._either(renamed, moved))
        if len(moved) == 0:
            return
        best = self._fold(moved, self._is_placed_later)
        heard = self._fold(moved, lambda one, two: tracks.heard_us[two] > tracks.heard_us[one])
        way = self._fold(moved, lambda one, two: tracks.way_us[two] > tracks.way_us[one])
        self.way_us[moved] = tracks.way_us[way]
        placed = tracks.rank[best] > 0
        best = np.where(placed, best, heard)
        for name in _COPIED:
            getattr(self, name)[moved] = getattr(tracks, name)[best]
        self._take_from_others(moved, best)
        named = self._fold(moved, self._says_where_itself)
        self.awaited[moved] = np.where(tracks.tracked(named), best, -1)
        most = self._fold(moved, self._says_more)
        other = tracks.schema[most] != self.schema[moved]
        self.best[moved], self.schema[moved] = best, tracks.schema[most]
        self.last_us[moved] = np.where(placed, tracks.valid_us[best], tracks.heard_us[best])
        self.words_at[moved[other]] = self.changed_at[moved] = self.version

    def _take_from_others(self, moved: Rows, best: Rows) -> None:
        """What is known of an object of several source tracks beside the latest report."""
        tracks = self._tracks
        self.teller[moved], self.combined[moved] = best, 0
        counts = self._start[moved + 1] - self._start[moved]
        many = np.flatnonzero(counts > 1)
        if not len(many):
            return
        objects, best = moved[many], best[many]
        teller = self._fold(objects, self._tells_later)
        tells = _tells(tracks, teller) & (
            tracks.valid_us[teller] >= tracks.valid_us[best] - TOLD_US
        )
        teller = np.where(tells, teller, best)
        self.teller[objects] = teller
        self.heading[objects] = tracks.heading[teller]
        self.altitude[objects] = tracks.altitude[teller]
        if self._combiner is not None:
            members, of = self.members_of(objects)
            combined = self._combiner.combine(best, members, of)
            rows = np.flatnonzero(combined.used > 1)
            self.combined[objects[rows]] = np.minimum(combined.used[rows], 255)
            for name, values in combined.columns.items():
                getattr(self, name)[objects[rows]] = values[rows]

    def are_told_apart(self, one: int, other: int) -> bool:
        """Whether it is told already that two objects are two, or that it is not decided."""
        word, codes = self._tracks.identifiers.word, self._tracks.identifier
        names, others = ({word(c) for c in codes[self.members(n)].tolist()} for n in (one, other))
        return any((min(a, b), max(a, b)) in self._joined.apart for a in names for b in others)

    def weights(self, row: int) -> list[Weight]:
        """What each source track of an object counts for its position, in their order."""
        members = self.members(row)
        if self._combiner is None or len(members) < 2:
            return [Weight() for _ in members]
        return self._combiner.weights(int(self.best[row]), members)

    def members_of(self, objects: Rows) -> tuple[Rows, NDArray[np.int64]]:
        """The visible source tracks of some objects, and which of these each is of."""
        starts, counts = self._start[objects], self._start[objects + 1] - self._start[objects]
        of = np.repeat(np.arange(len(objects)), counts)
        nth = np.arange(len(of)) - np.repeat(np.cumsum(counts) - counts, counts)
        return self._members[starts[of] + nth], of

    def _tells_later(self, one: Rows, two: Rows) -> NDArray[np.bool_]:
        tracks = self._tracks
        tell_one, tell_two = _tells(tracks, one), _tells(tracks, two)
        later = tracks.valid_us[two] > tracks.valid_us[one]
        better: NDArray[np.bool_] = (tell_two & ~tell_one) | ((tell_two == tell_one) & later)
        return better

    def _says_more(self, one: Rows, two: Rows) -> NDArray[np.bool_]:
        """Whether ``two`` knows better what the thing is; equally well, but later."""
        schema, valid = self._tracks.schema, self._tracks.valid_us
        depth_one, depth_two = self._kinds.depth(schema[one]), self._kinds.depth(schema[two])
        later = (depth_two == depth_one) & (valid[two] > valid[one])
        better: NDArray[np.bool_] = (depth_two > depth_one) | later
        return better

    def _says_where_itself(self, one: Rows, two: Rows) -> NDArray[np.bool_]:
        """Whether ``two`` is no tracker's and ``one`` is."""
        better: NDArray[np.bool_] = self._tracks.tracked(one) & ~self._tracks.tracked(two)
        return better

    def _look_what_is_void(self, touched: Rows) -> None:
        tracks = self._tracks
        members, of = self.members_of(touched)
        reported = np.bincount(of[tracks.observed[members]], minlength=len(touched)) > 0
        self.void[touched] = False
        for row in touched[~reported].tolist():
            members = self.members(row).tolist()
            self.void[row] = not any(tracks.is_there(one, self._audience) for one in members)

    def _is_placed_later(self, one: Rows, two: Rows) -> NDArray[np.bool_]:
        """Whether ``two`` has the newer position; any position report beats a mere place."""
        rank, valid = self._tracks.rank, self._tracks.valid_us
        later = (rank[two] == rank[one]) & (valid[two] > valid[one])
        better: NDArray[np.bool_] = (rank[two] > rank[one]) | later
        return better

    def _touched(self, changed: NDArray[np.int64], seen: int) -> Rows:
        """Objects with a visible source track that changed after version ``seen``, ascending."""
        objects = self.object_of[np.flatnonzero(changed[: len(self.object_of)] > seen)]
        return self._either(objects[objects >= 0])

    def _either(self, *parts: Rows) -> Rows:
        """Objects that are in some of these, ascending. No sorting: it costs more than a mask."""
        chosen = np.zeros(self.count, dtype=np.bool_)
        for part in parts:
            chosen[part] = True
        return np.flatnonzero(chosen)

    def _fold(self, objects: Rows, is_better: _Better) -> Rows:
        """The best member of each object; the earliest of equal ones."""
        best = self._members[self._start[objects]]
        counts = self._start[objects + 1] - self._start[objects]
        for nth in range(1, int(counts.max(initial=0))):
            more = np.flatnonzero(counts > nth)
            member = self._members[self._start[objects[more]] + nth]
            better = is_better(best[more], member)
            best[more[better]] = member[better]
        return best

    def _age(self, now_us: int) -> None:
        n = self.count
        followed = self._tracks.followed(self.awaited[:n])
        state = self._staleness.states(self.schema[:n], self.last_us[:n], now_us, followed)
        state[self.void[:n]] = ENDED
        state[self._doubled.rows(self, state)] = ENDED
        self.changed_at[:n][state != self.state[:n]] = self.version
        self.state[:n] = state
        self.moving[:n] = self.way_us[:n] >= now_us - MOVING_US

    def trails(self, objects: Rows) -> Trails:
        """The trails of these objects, each joined from its visible source tracks.

        Within one step of time the earliest report stands, whoever heard it.
        """
        tracks = self._tracks
        nearest = self._members[self._start[objects]]
        valid = tracks.trail_valid[nearest]
        lon, lat = tracks.trail_lon[nearest], tracks.trail_lat[nearest]
        counts = self._start[objects + 1] - self._start[objects]
        for nth in range(1, int(counts.max(initial=0))):
            more = np.flatnonzero(counts > nth)
            member = self._members[self._start[objects[more]] + nth]
            theirs, ours = tracks.trail_valid[member], valid[more]
            their_step, our_step = theirs // TRAIL_STEP_US, ours // TRAIL_STEP_US
            better = (their_step > our_step) | ((their_step == our_step) & (theirs < ours))
            valid[more] = np.where(better, theirs, ours)
            lon[more] = np.where(better, tracks.trail_lon[member], lon[more])
            lat[more] = np.where(better, tracks.trail_lat[member], lat[more])
        return _in_order(valid, lon, lat)


def _numbered(joined: Joined) -> dict[str, int]:
    """Numbers for what bears an identifier beside another thing."""
    found = [
        beside(identifier, side)
        for identifier, sides in sorted(joined.sides.items())
        for side in range(1, max(sides.values()) + 1)
    ]
    return {bearer: number for number, bearer in enumerate(found)}


def _tells(tracks: SourceTracks, rows: Rows) -> NDArray[np.bool_]:
    """Whether the last report of these says where the bow points, how high, or what it does."""
    told: NDArray[np.bool_] = (tracks.status[rows] >= 0) | ~(
        np.isnan(tracks.heading[rows]) & np.isnan(tracks.altitude[rows])
    )
    return told


@dataclass(frozen=True, slots=True)
class Trails:
    """Points of several trails one after the other, each oldest first."""

    count: NDArray[np.uint32]  # points of each trail, shape (trails,)
    lon: NDArray[np.float32]
    lat: NDArray[np.float32]
    valid_us: NDArray[np.int64]


def _in_order(
    valid: NDArray[np.int64], lon: NDArray[np.float32], lat: NDArray[np.float32]
) -> Trails:
    """Rings, shape (trails, TRAIL_POINTS), without what is empty or older than the ring is long."""
    newest = valid.max(axis=1, keepdims=True, initial=NO_TIME) // TRAIL_STEP_US
    kept = (valid != NO_TIME) & (valid // TRAIL_STEP_US > newest - TRAIL_POINTS)
    order = np.argsort(valid, axis=1, kind="stable")
    kept = np.take_along_axis(kept, order, axis=1)
    rows = [np.take_along_axis(column, order, axis=1)[kept] for column in (lon, lat, valid)]
    return Trails(kept.sum(axis=1).astype(np.uint32), rows[0], rows[1], rows[2])
