"""The picture as one audience sees it, and the questions that can be asked of it.

Everything here answers from visible rows only; there is no other way to read the picture. Each
method takes the picture's lock, so any thread may call it.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from alliage.ontology.audience import Audience, LabelSets
from alliage.ontology.box import Box
from alliage.ontology.marking import JoinedMarking
from alliage.ontology.schema import Ontology
from alliage.ontology.symbol import Context
from alliage.ontology.tasks import TASK
from alliage.picture.attributes import Attributes
from alliage.picture.cells import Cells, count_cells
from alliage.picture.clock import ClockReading, PictureClock
from alliage.picture.combining import Combiner
from alliage.picture.kinds import Kinds
from alliage.picture.objects import Objects, Rows
from alliage.picture.places import Places, carried_on
from alliage.picture.quality import (
    MOVING,
    StreamQuality,
    current_rows,
    stream_qualities,
    suspected_duplicates,
)
from alliage.picture.staleness import ENDED, STATES, Staleness
from alliage.picture.state import Page, Totals, TrackState, TrailPoint
from alliage.picture.states import StateMaker
from alliage.picture.tracks import SourceTracks
from alliage.picture.words import Markings, ObjectWords, WordBook

PAGE_AT_MOST = 1000


class PictureView:
    """One audience's picture. Made and kept by :class:`alliage.picture.picture.Picture`."""

    def __init__(
        self,
        tracks: SourceTracks,
        clock: PictureClock,
        ontology: Ontology,
        label_sets: LabelSets,
        audience: Audience,
        lock: threading.RLock,
        context: Context,
        combiner: Combiner | None,
    ) -> None:
        self.audience = audience
        self.lock = lock
        self.reading = ClockReading("live", 0)
        staleness = Staleness(ontology, tracks.schemata)
        kinds = Kinds(ontology, tracks.schemata)
        self.objects = Objects(tracks, audience, staleness, kinds, combiner)
        self._tracks = tracks
        self._staleness = staleness
        self._combiner = combiner
        self._clock = clock
        self._ontology = ontology
        self._markings = Markings(label_sets)
        self._words = WordBook(ontology, tracks, self.objects, context, audience)
        self.attributes = Attributes(tracks, self.objects, self._words)
        self._states = StateMaker(tracks, self.objects, staleness, self._words, self._markings)
        self._refreshed_us: int | None = None
        self._by_subject: dict[str, int] = {}
        self._subjects_read = 0
        self._cells: dict[int, tuple[int, Cells]] = {}

    def refresh(self, now_us: int, max_age_us: int = 0) -> None:
        """Bring the view up to date.

        Args:
            now_us: the wall's time; in a replay the picture's clock follows from it.
            max_age_us: a view refreshed less than this ago is taken as it is, so that many
                clients with one audience share the work.
        """
        with self.lock:
            last = self._refreshed_us
            if last is not None and 0 <= now_us - last < max_age_us:
                return
            self._refreshed_us = now_us
            self.reading = self._clock.read(self.audience, now_us)
            self.objects.refresh(self.reading.now_us)

    @property
    def is_outdated(self) -> bool:
        """Whether what is one thing has changed for these readers, so that there is a new view."""
        return self.objects.structure != self._tracks.structure_of(self.audience)

    def totals(self) -> Totals:
        """How much there is, by schema and by state."""
        with self.lock:
            objects, n = self.objects, self.objects.count
            present = objects.present() & self._tracked()
            schemata, counts = np.unique(objects.schema[:n][present], return_counts=True)
            by_schema = {
                self.schema_name(code): int(count)
                for code, count in zip(schemata.tolist(), counts, strict=True)
            }
            there = objects.state[:n][~objects.void[:n] & self._tracked()]
            by_state = np.bincount(there, minlength=len(STATES))
            located = present & ~np.isnan(objects.lon[:n])
            return Totals(
                tracks=int(present.sum()),
                located=int(located.sum()),
                moving=int((located & objects.moving[:n]).sum()),
                middle=Box.of_middle(objects.lon[:n][located], objects.lat[:n][located], 0.9),
                by_schema=dict(sorted(by_schema.items())),
                by_state=dict(zip(STATES, by_state.tolist(), strict=True)),
            )

    def source_tracks_by_label_set(self) -> dict[int, int]:
        """How many source tracks of what is present lie under each interned label set."""
        with self.lock:
            of = self.objects.object_of
            visible = np.flatnonzero(of >= 0)
            rows = visible[(self.objects.present() & self._tracked())[of[visible]]]
            numbers, counts = np.unique(self._tracks.label_set[rows], return_counts=True)
            return dict(zip(numbers.tolist(), counts.tolist(), strict=True))

    def touched(self, label_sets: Collection[int], subjects: Collection[str]) -> int:
        """How many present tracks bear one of these label sets, or have one of these subjects."""
        with self.lock:
            objects, n = self.objects, self.objects.count
            of_code = [not labels.isdisjoint(label_sets) for labels in objects.label_sets]
            found = np.array(of_code, np.bool_)[objects.label[:n]]
            rows = [row for row in map(self.row_of, subjects) if row is not None]
            found[np.array(rows, np.intp)] = True
            return int((found & objects.present() & self._tracked()).sum())

    def stream_qualities(self) -> list[StreamQuality]:
        """How each visible stream does; see :mod:`alliage.picture.quality`."""
        with self.lock:
            return stream_qualities(
                self._tracks,
                self.objects,
                self._staleness,
                self._combiner,
                self._kinds(MOVING),
                self.reading.now_us,
            )

    def places(self, without: Collection[str] = ()) -> list[tuple[str | None, Places]]:
        """Where what moves is now: the objects (None), then each stream's own tracks by name.

        ``without``: kinds of thing that are left out, and with them all that extend them.
        """
        with self.lock:
            now_us, tracks = self.reading.now_us, self._tracks
            mask = self.mask(schemata=MOVING)
            mask &= ~self._kinds(without)[self.objects.schema[: self.objects.count]]
            rows = np.flatnonzero(mask & np.isfinite(self.objects.lon[: self.objects.count]))
            found: list[tuple[str | None, Places]] = [
                (None, carried_on(self.objects, rows, now_us))
            ]
            moves = self._kinds(MOVING) & ~self._kinds(without)
            current = current_rows(tracks, self.objects, self._staleness, moves, now_us)
            for code in np.unique(tracks.stream[current]).tolist():
                own = current[tracks.stream[current] == code]
                found.append((tracks.streams.word(code), carried_on(tracks, own, now_us)))
            return sorted(found, key=lambda one: one[0] or "")

    def suspected_duplicates(
        self, at_most: int
    ) -> tuple[list[tuple[TrackState, TrackState, float]], bool]:
        """Pairs of objects that may be one with their distance in metres; whether that is all."""
        with self.lock:
            now_us = self.reading.now_us
            found, complete = suspected_duplicates(self._tracks, self.objects, now_us, at_most)
            of = self._states.of
            told = [(of(a, now_us), of(b, now_us), distance_m) for a, b, distance_m in found]
            return told, complete

    def mask(
        self,
        box: Box | None = None,
        schemata: Collection[str] | None = None,
        states: Collection[str] = ("live", "fading"),
    ) -> NDArray[np.bool_]:
        """Which objects fulfil all of these, shape (objects,). A task is never one: it is no track.

        Args:
            box: None means anywhere, and also those that have no position.
            schemata: kinds of thing, with all kinds that extend them; None means all.
            states: of "live", "fading", "ended".
        """
        objects, n = self.objects, self.objects.count
        wanted = _in_states(objects.state[:n], states) & self._tracked()
        if STATES[ENDED] in states:  # what is void has ended
            wanted &= ~objects.void[:n]
        if box is not None:
            wanted &= box.mask(objects.lon[:n], objects.lat[:n])
        if schemata is not None:
            wanted &= self._kinds(schemata)[objects.schema[:n]]
        return wanted

    def tracks_in(
        self,
        box: Box | None = None,
        schemata: Collection[str] | None = None,
        states: Collection[str] = ("live", "fading"),
    ) -> list[TrackState]:
        """All tracks that fulfil these; see :meth:`mask`. In the order of first sight."""
        with self.lock:
            rows = np.flatnonzero(self.mask(box, schemata, states))
            return [self._states.of(row, self.reading.now_us) for row in rows.tolist()]

    def page(
        self,
        box: Box | None = None,
        schemata: Collection[str] | None = None,
        states: Collection[str] = ("live", "fading"),
        text: str = "",
        cursor: str | None = None,
        limit: int = 100,
    ) -> Page:
        """One page of the list of tracks, in the order of first sight, which never changes.

        Raises:
            ValueError: the cursor is no track of this view, or the limit is out of range.
        """
        if not 1 <= limit <= PAGE_AT_MOST:
            raise ValueError(f"limit is 1 to {PAGE_AT_MOST}, not {limit!r}")
        with self.lock:
            rows = np.flatnonzero(self.mask(box, schemata, states))
            if cursor is not None:
                after = self.row_of(cursor)
                if after is None:
                    raise ValueError(f"cursor {cursor!r} is not one that this list gave out")
                rows = rows[rows > after]
            found = [row for row in rows.tolist() if self._matches(row, text)]
            items = [self._states.of(row, self.reading.now_us) for row in found[:limit]]
            return Page(tuple(items), items[-1].track_id if len(found) > limit else None)

    def states_of(self, rows: Sequence[int]) -> list[TrackState]:
        """The states of these objects, in their order."""
        with self.lock:
            return [self._states.of(row, self.reading.now_us) for row in rows]

    def track(self, track_id: str) -> TrackState | None:
        """One track by the id of any visible source track of it; None where none is visible."""
        with self.lock:
            row = self.row_of(track_id)
            return None if row is None else self._states.of(row, self.reading.now_us)

    def object_named(self, identifier: str, stream: str = "") -> str | None:
        """Id of the object that bears an identifier; None where nothing visible does.

        Of several things the one that this stream tells of, if it does.
        """
        with self.lock:
            tracks = self._tracks
            code = tracks.streams.known(stream)
            found = tracks.of_identifier(identifier)
            for track in found[np.argsort(tracks.stream[found] != code, kind="stable")].tolist():
                row = self.row_of(tracks.subjects[track])
                if row is not None:
                    return self._states.of(row, self.reading.now_us).object_id
            return None

    def trail(self, track_id: str) -> list[TrailPoint]:
        """Where the track was, oldest first; empty where nothing is visible or known."""
        with self.lock:
            row = self.row_of(track_id)
            if row is None:
                return []
            trail = self.objects.trails(np.array([row]))
            points = zip(trail.lon, trail.lat, trail.valid_us, strict=True)
            return [TrailPoint(float(lon), float(lat), int(at)) for lon, lat, at in points]

    def row_of(self, subject: str) -> int | None:
        """The object's row by the subject id of any of its visible source tracks."""
        subjects = self._tracks.subjects
        object_of = self.objects.object_of
        for track in range(self._subjects_read, len(object_of)):
            if object_of[track] >= 0:
                self._by_subject[subjects[track]] = int(object_of[track])
        self._subjects_read = len(object_of)
        return self._by_subject.get(subject)

    def identifiers(self, row: int) -> tuple[str, ...]:
        """Every identifier of one object, that of its earliest source track first."""
        codes = self._tracks.identifier[self.objects.members(row)].tolist()
        return tuple(self._tracks.identifiers.word(code) for code in dict.fromkeys(codes))

    def words(self, row: int) -> ObjectWords:
        """The words of one object."""
        return self._words.of(row)

    def marking(self, rows: Rows) -> JoinedMarking | None:
        """The joined marking of these objects; None for none."""
        codes = np.flatnonzero(np.bincount(self.objects.label[rows]))
        sets = [self.objects.label_sets[code] for code in codes]
        return self._markings.of(frozenset().union(*sets)) if sets else None

    def label_marking(self, code: int) -> str:
        """The marking of one of the view's labels (``objects.label``)."""
        return self._markings.of(self.objects.label_sets[code]).marking

    def schema_name(self, code: int) -> str:
        """The name of a schema code; "Thing" where nobody has said what it is."""
        return self._words.schema_name(code)

    def cells(self, zoom: int) -> Cells:
        """Everything present, counted in cells; computed once for all clients of one refresh."""
        kept = self._cells.get(zoom)
        if kept is None or kept[0] != self.objects.version:
            objects, n = self.objects, self.objects.count
            rows = np.flatnonzero(objects.present() & ~np.isnan(objects.lon[:n]))
            cells = count_cells(
                objects.lon[rows],
                objects.lat[rows],
                objects.schema[rows],
                self.attributes.standard_identities()[rows],
                objects.moving[rows],
                zoom,
            )
            kept = self._cells[zoom] = (self.objects.version, cells)
        return kept[1]

    def kinds(self, schemata: Collection[str], codes: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Which schema codes are one of these kinds or extend one; same shape as ``codes``."""
        return self._kinds(schemata)[codes]

    def _tracked(self) -> NDArray[np.bool_]:
        """Which objects are there to be shown, shape (objects,): all but what is to be done."""
        return ~self._kinds((TASK,))[self.objects.schema[: self.objects.count]]

    def _kinds(self, schemata: Collection[str]) -> NDArray[np.bool_]:
        """By schema code, the last place answering code -1."""
        names = [self.schema_name(code) for code in range(len(self._tracks.schemata))]
        names.append(self.schema_name(-1))
        return np.array([not set(schemata).isdisjoint(self._lineage(name)) for name in names])

    def _lineage(self, schema: str) -> list[str]:
        known = schema in self._ontology.schemata
        return self._ontology.lineage(schema) if known else [schema]

    def _matches(self, row: int, text: str) -> bool:
        return not text or text.strip().casefold() in self._words.search_key(row)


def _in_states(column: NDArray[np.uint8], states: Collection[str]) -> NDArray[np.bool_]:
    """Which rows of a column of states are one of these; in one array, as it is asked often."""
    codes = [code for code, name in enumerate(STATES) if name in states]
    if not codes:
        return np.zeros(len(column), np.bool_)
    wanted: NDArray[np.bool_] = column == codes[0]
    for code in codes[1:]:
        wanted |= column == code
    return wanted
