"""The live picture of a node: what is committed goes in, views for audiences come out.

Threads: :meth:`Picture.apply` is called by the log's writer thread after each commit, views and
sessions by the event loop and the API's worker threads. One lock guards all of it; each holds it
for one entry, one tick or one question, milliseconds at most, so nobody waits long and nobody
sees half an entry (docs/decisions/0043).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import structlog
from numpy.typing import NDArray

from alliage.log.revisions import Drop
from alliage.ontology.audience import Audience, LabelSets
from alliage.ontology.box import Box
from alliage.ontology.claim import GEOMETRY
from alliage.ontology.observation import Kind
from alliage.ontology.schema import Ontology
from alliage.ontology.symbol import Context
from alliage.ontology.times import Clock, WallClock
from alliage.picture.apply import apply_claims, apply_observations, apply_withdrawals
from alliage.picture.clock import PictureClock
from alliage.picture.columns import NO_TIME
from alliage.picture.combining import Combiner
from alliage.picture.entry import PictureEntry
from alliage.picture.estimates import Motions
from alliage.picture.kept_rows import put_reported_rows, reported_columns, spelled_out
from alliage.picture.lines import RecentLines
from alliage.picture.notices import Notices
from alliage.picture.plots import RecentPlots
from alliage.picture.recent import RecentRows, Seen
from alliage.picture.shared import second_of
from alliage.picture.stream_rows import StreamKey, StreamRows, StreamWords, placed, stream_rows
from alliage.picture.tracks import BY_HAND, SourceTracks, SubjectOf
from alliage.picture.view import PictureView
from alliage.picture.words import wanted_properties

VIEWS_AT_MOST: Final = 64
"""Views kept by rights; the one that was not asked for longest is made again when needed."""

PLOTS: Final = f"observations:{Kind.PLOT}"
LINES: Final = f"observations:{Kind.LINE}"

_log = structlog.get_logger(__name__)


class Picture:
    """Live columnar state of every track, and the only door to it: :meth:`view`."""

    def __init__(
        self,
        ontology: Ontology,
        label_sets: LabelSets,
        subject_of: SubjectOf,
        wall: Clock | None = None,
        context: Context = Context.REALITY,
        clock: PictureClock | None = None,
        combine: bool = True,
    ) -> None:
        """Begin empty; apply the log's entries in their order to fill it.

        Args:
            ontology: staleness, symbols and lineage by schema.
            label_sets: the log's interned label sets.
            subject_of: (stream, identifier) to subject id, as claims use it.
            wall: the node's own clock.
            context: what every symbol says of reality; EXERCISE on an exercise's node.
            clock: against which ages are counted; None for one that is live.
            combine: whether what several sources say of one thing becomes one state, by covariance
                intersection; otherwise the latest report stands.
        """
        self.clock = clock or PictureClock()
        self.notices = Notices()
        self.lock = threading.RLock()
        self.rows_from_future: dict[str, int] = {}
        self._ahead: set[str] = set()
        self._ontology = ontology
        self._label_sets = label_sets
        self._wall = wall or WallClock()
        self._context = context
        self._tracks = SourceTracks(subject_of, ontology.affiliations)
        self._motions = Motions(ontology, self._tracks.schemata)
        self._combiner = Combiner(self._tracks, self._motions) if combine else None
        self._wanted = wanted_properties(ontology)
        self._drawn = frozenset(
            name for name, schema in ontology.schemata.items() if GEOMETRY in schema.properties
        )
        self._plots, self._lines = RecentPlots(), RecentLines()
        self._recent: dict[str, RecentRows] = {PLOTS: self._plots, LINES: self._lines}
        self._views: OrderedDict[str, PictureView] = OrderedDict()

    def apply(self, entries: Sequence[PictureEntry]) -> None:
        """Take committed entries, in the order of the log."""
        for entry in entries:
            with self.lock:
                self._apply(entry)

    def _apply(self, entry: PictureEntry) -> None:
        if entry.kind == "claims":
            said = apply_claims(self._tracks, entry, self._wanted)
            if any(claim.schema in self._drawn for claim in said):
                self.notices.publish("features", "", {}, entry.label_set)
        elif entry.kind.startswith("observations:"):
            if entry.kind in self._recent:
                self._recent[entry.kind].add(entry)
            may_run_ahead = entry.stream in self._ahead
            applied = apply_observations(self._tracks, self._motions, entry, may_run_ahead)
            if applied.from_future:
                self._count_future(entry.stream, applied.from_future)
            if applied.latest_us != NO_TIME and self.clock.is_replay(entry.stream):
                self.clock.observe(entry.stream, entry.label_set, applied.latest_us, entry.known_us)

    def withdraw(self, entries: Sequence[PictureEntry]) -> None:
        """Know beforehand what was taken back; of where things are these entries tell nothing."""
        with self.lock:
            for entry in entries:
                apply_withdrawals(self._tracks, entry)

    def announce(self, notice: str, label_sets: Iterable[int]) -> None:
        """Tell clients who may see one of these label sets that something is new."""
        with self.lock:
            for label_set in sorted(label_sets):
                self.notices.publish(notice, "", {}, label_set)

    def say_again(
        self,
        identifiers: Sequence[str],
        unplaced: Sequence[PictureEntry],
        said: Sequence[PictureEntry],
        streams: Iterable[str] = (),
    ) -> None:
        """What was said of these things has changed its label, or is gone.

        Args:
            identifiers: of the things.
            unplaced: entries whose positions count no more as they were.
            said: everything that is claimed of the things now, and positions to be applied anew.
            streams: of these the positions of the things count no more, whatever their entry.
        """
        with self.lock:
            tracks = self._tracks
            identifiers = [*identifiers, *map(second_of, identifiers)]
            rows = _rows_of(tracks, identifiers)
            for entry in unplaced:
                tracks.unplace(entry.number, entry.stream, rows)
                self._forget_recent(entry.stream)  # a minute's rows are not worth telling apart
            for stream in streams:
                tracks.unplace(None, stream, rows)
                self._forget_recent(stream)
            touched = set(tracks.label_set[rows].tolist())
            tracks.unsay(rows)
            for identifier in identifiers:
                tracks.joins.forget(identifier)
                tracks.shared.forget(identifier)
                tracks.retractions.forget(identifier)
            for entry in said:
                self._apply(entry)
            rows = _rows_of(tracks, identifiers)
            touched |= set(tracks.label_set[rows].tolist())
            tracks.drop_blank(rows)
            for label_set in touched:
                tracks.restructure(label_set)
                self.notices.publish("features", "", {}, label_set)

    def _count_future(self, stream: str, rows: int) -> None:
        if stream not in self.rows_from_future:
            _log.warning("reports from the future left out of the picture", stream=stream)
        self.rows_from_future[stream] = self.rows_from_future.get(stream, 0) + rows

    def reported_rows(self, replays: Collection[str] = ()) -> tuple[pa.RecordBatch, frozenset[str]]:
        """A copy of what was reported, to be put back at a start; and the streams that it lacks.

        Those are what people report by hand and may take back, and what has a time of its own:
        ``replays`` whether or not they have begun.
        """
        with self.lock:
            left_out = frozenset(replays) | frozenset(
                name
                for name in self._tracks.streams
                if name.startswith(BY_HAND) or name in self._ahead or self.clock.is_replay(name)
            )
            found = reported_columns(self._tracks, left_out)
        return spelled_out(self._tracks, found), left_out

    def put_reported_rows(
        self,
        rows: pa.RecordBatch,
        without: Collection[str],
        drops: Sequence[Drop],
    ) -> None:
        """Put back what was reported; see :func:`alliage.picture.kept_rows.put_reported_rows`."""
        with self.lock:
            put_reported_rows(self._tracks, rows, without, drops)

    def stream_names(self) -> list[str]:
        """Every stream that something was heard of; for the node's machines."""
        with self.lock:
            return list(self._tracks.streams)

    def placed(self) -> dict[StreamKey, frozenset[str]]:
        """By stream and label set what was placed by position reports; for the node's machines."""
        with self.lock:
            return placed(self._tracks)

    def stream_rows(
        self,
        words: StreamWords,
        streams: frozenset[str],
        schemata: frozenset[str],
        max_age_us: int,
    ) -> dict[StreamKey, StreamRows]:
        """Copies of source tracks, each stream under one label set alone; for the node's machines.

        See :func:`alliage.picture.stream_rows.stream_rows`.
        """
        with self.lock:
            return stream_rows(self._tracks, words, streams, schemata, max_age_us)

    def plots(
        self, audience: Audience, now_us: int, since_us: int, box: Box | None, at_most: int
    ) -> tuple[list[Seen], bool]:
        """What sensors detected lately; see :meth:`alliage.picture.recent.RecentRows.seen`."""
        with self.lock:
            return self._plots.seen(audience, now_us, since_us, box, at_most)

    def lines(
        self, audience: Audience, now_us: int, since_us: int, box: Box | None, at_most: int
    ) -> tuple[list[Seen], bool]:
        """Lines of bearing, each as it was told last; arguments as for :meth:`plots`."""
        with self.lock:
            return self._lines.seen(audience, now_us, since_us, box, at_most)

    def sensors(self) -> dict[StreamKey, tuple[float, float]]:
        """Where the one sensor of a stream of plots stands; for the node's machines."""
        with self.lock:
            return self._plots.sensors()

    def start_replay(self, stream: str, pace: float) -> None:
        """This stream is replayed from now on; what an earlier run of it showed is forgotten.

        Args:
            stream: the stream's name.
            pace: seconds of the recording in one second; 0 for flat out.
        """
        with self.lock:
            self.clock.start_replay(stream, pace)
            self._forget_positions(stream)

    def go_live(self, stream: str) -> None:
        """This stream's time is the wall's from now on; what it showed before is forgotten."""
        with self.lock:
            self.clock.forget_replay(stream)
            self._forget_positions(stream)

    def let_run_ahead(self, stream: str) -> None:
        """This stream's time is made here, so a report from the future is no broken clock."""
        with self.lock:
            self._ahead.add(stream)

    def set_pace(self, stream: str, pace: float) -> None:
        """This stream has a time of its own from now on; what it showed stays.

        Args:
            stream: the stream's name.
            pace: seconds of its time in one second; 0 where it stands.
        """
        with self.lock:
            self.clock.set_pace(stream, pace, self._wall.now_us())

    def forget_positions(self, stream: str) -> None:
        """Nothing that this stream reported counts any more; what it claimed of things does."""
        with self.lock:
            self._forget_positions(stream)

    def drop_reports(self, drop: Drop) -> None:
        """What its stream keeps no longer is shown no longer; what was claimed of things stays."""
        with self.lock:
            for label_set in self._tracks.drop_reports(drop):
                self._tracks.restructure(label_set)

    def _forget_positions(self, stream: str) -> None:
        self._tracks.forget_positions(stream)
        self._forget_recent(stream)

    def _forget_recent(self, stream: str) -> None:
        for rows in self._recent.values():
            rows.forget(stream)

    def end_replay(self, stream: str) -> None:
        """The recording is at its end: the picture's clock stands."""
        with self.lock:
            self.clock.end_replay(stream, self._wall.now_us())

    def view(self, audience: Audience, now_us: int | None = None) -> PictureView:
        """The picture as these readers see it, up to date.

        Args:
            audience: whose; readers with the same ``key`` share one view.
            now_us: the wall's time; None asks the node's clock.
        """
        with self.lock:
            view = self._views.get(audience.key)
            if view is None or view.is_outdated:
                view = self._views[audience.key] = PictureView(
                    self._tracks,
                    self.clock,
                    self._ontology,
                    self._label_sets,
                    audience,
                    self.lock,
                    self._context,
                    self._combiner,
                )
            self._views.move_to_end(audience.key)
            while len(self._views) > VIEWS_AT_MOST:
                self._views.popitem(last=False)
            view.refresh(self._wall.now_us() if now_us is None else now_us)
            return view


def _rows_of(tracks: SourceTracks, identifiers: Sequence[str]) -> NDArray[np.intp]:
    found = [tracks.of_identifier(identifier) for identifier in identifiers]
    return np.concatenate([np.zeros(0, dtype=np.intp), *found])
