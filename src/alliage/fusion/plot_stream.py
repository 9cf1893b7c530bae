"""The tracker of one stream of plots: plots go in, tracks and lines of bearing come out.

Looks of several sensors of one stream are worked on in the order of time; a look is complete when
its end is reported, or when the next one of its sensor begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
from scipy.spatial import cKDTree

from alliage.fusion.answers import Answers, Codes, codes_at
from alliage.fusion.columns import typed
from alliage.fusion.frame import LocalFrame
from alliage.fusion.line_batch import line_batch
from alliage.fusion.looks import (
    Looks,
    ends_look,
    frame_of,
    is_whole,
    lacks_place,
    place_of,
    time_of,
)
from alliage.fusion.matrices import Bools, Floats, Ints, largest_eigenvalue
from alliage.fusion.motion import POSITION as PLACE
from alliage.fusion.motion import VELOCITY
from alliage.fusion.plots import Reading, read_plots
from alliage.fusion.scan import Kind as PlotKind
from alliage.fusion.scan import Scan, Sensor
from alliage.fusion.settings import Settings
from alliage.fusion.step import Estimates
from alliage.fusion.table import FIGURES, PlotsError, bring_into, figures_of
from alliage.fusion.track_table import track_table
from alliage.fusion.tracker import TooLateError, Tracker
from alliage.ontology.derived import tracks_of
from alliage.ontology.observation import COMMON, PLOT, POSITION, Kind, ObservationBatch
from alliage.ontology.squawk import EMERGENCIES, SQUAWK

SCHEME: Final = "track"
LINES: Final = "line"
"""The scheme of what has no place."""
SAID: Final = (
    "latitude_deg", "longitude_deg", "position_std_m", "position_minor_std_m", "position_axis_deg",
    "speed_mps", "course_deg",
)  # fmt: skip
"""Columns of a track table that become columns of the batch as they are."""


@dataclass(frozen=True)
class StreamSettings:
    """How one stream is tracked.

    Args:
        sensor: what is known of its sensors; each takes its own name.
        tracker: motion, association, confirmation; ``late_s`` puts the looks of several sensors
            into order.
        schema: what the tracks are tracks of.
        every_s: a track or line is told of at most so often.
    """

    sensor: Sensor = field(default_factory=lambda: Sensor("sensor"))
    tracker: Settings = field(default_factory=lambda: Settings(late_s=10.0))
    schema: str = "Platform"
    every_s: float = 2.0


BACK_S: Final = 60.0
"""A look that is older than the latest by more than this is no late one: time was set back."""


class _Told(NamedTuple):
    """Estimates after a look, when each track was seen (seconds), what its transponder answered."""

    said: Estimates
    at_s: Floats
    codes: Codes


class PlotStream:
    """Follows what the sensors of one stream see. Used by one at a time.

    Nothing but this stream's plots goes into its tracks. Their identifiers bear the stream's name
    and the second of the first look, so that after a restart none is given to something else; a
    recording that is played again gives the same tracks the same ones.
    """

    def __init__(self, stream: str, settings: StreamSettings | None = None) -> None:
        """``stream`` is the name of the plots' stream."""
        self.stream = tracks_of(stream)
        self._of = stream
        self._settings = StreamSettings() if settings is None else settings
        self._tracker = Tracker(self._settings.tracker)
        self._frame: LocalFrame | None = None
        self._began_s = 0
        self._latest_s = -np.inf
        self._looks = Looks()
        self._told_s: dict[int, float] = {}
        self._answers = Answers()
        self._remembered = 100
        self.looks_too_late = 0
        self.plots_refused = 0

    def take(self, batches: Sequence[ObservationBatch]) -> list[ObservationBatch]:
        """Plots of any looks, in the order in which they came; other kinds are passed over."""
        said: list[_Told] = []
        received_us = 0
        for batch in batches:
            if batch.kind is Kind.PLOT and batch.rows.num_rows:
                received_us = max(received_us, _latest_us(batch.rows))
                for look in self._looks.complete(batch.rows):
                    said += self._work_on(look)
        told = [batch for one in said for batch in self._all(one, received_us)]
        return [batch for batch in told if batch.rows.num_rows]

    # --- looks

    def _work_on(self, look: pa.Table) -> list[_Told]:
        found: list[_Told] = []
        for scan in self._scans(look):
            if self._goes_back(scan.time_s):
                self._begin_again()
            self._began_s = self._began_s or int(scan.time_s)
            try:
                said = self._tracker.process(scan)[0]  # of what a late look revises nothing is told
                found.append(_Told(said, *self._moments(look, said)))
            except TooLateError:
                self.looks_too_late += 1
        return found

    def _goes_back(self, time_s: float) -> bool:
        """Whether the stream's time was set back: a recording begins anew, an exercise is sought.

        What is merely late comes within :data:`BACK_S`.
        """
        back = self._latest_s - time_s > max(BACK_S, 2.0 * self._settings.tracker.late_s)
        self._latest_s = time_s if back else max(self._latest_s, time_s)
        return back

    def _begin_again(self) -> None:
        self._tracker = Tracker(self._settings.tracker)
        self._began_s = 0
        self._told_s = {}
        self._answers = Answers()

    def _scans(self, look: pa.Table) -> list[Scan]:
        """One look as a scan of each kind of plot in it; one that saw nothing as an empty scan."""
        sensor = replace(self._settings.sensor, name=str(look["identifier"][0]))
        measured = look.filter(pa.array(~ends_look(look)))
        self._frame = self._frame or frame_of(look)
        if self._frame is None or lacks_place(measured):
            self.plots_refused += measured.num_rows
            return []
        at_s = time_of(look)
        if not measured.num_rows:
            return [_empty(at_s, sensor, self._frame, look)]
        columns = {"time_s": np.full(measured.num_rows, at_s), "sensor": measured["identifier"]}
        columns |= {name: measured[name] for name in PLOT.names if name in measured.column_names}
        if is_whole(measured, "range_m"):  # what was measured, and not what somebody made of it
            columns = {name: columns[name] for name in columns if name not in POSITION.names}
        try:
            plots = read_plots(pa.table(columns), Reading(default_sensor=sensor, frame=self._frame))
        except PlotsError:
            self.plots_refused += measured.num_rows
            return []
        self.plots_refused += plots.rejected.total()
        return plots.scans

    def _moments(self, look: pa.Table, said: Estimates) -> tuple[Floats, Codes]:
        """When each track was seen, in seconds, and its code: a beam takes its time to come round.

        A thing's bearing changes little from turn to turn, so the beam meets it once in a turn. Its
        filter steps from turn to turn and is where the thing is at that moment of each.
        """
        measured = look.filter(pa.array(~ends_look(look)))
        nothing: tuple[Floats, Codes] = np.full(len(said), said.time_s), [None] * len(said)
        if self._frame is None or not measured.num_rows or not len(said):
            return nothing
        figures = {name: figures_of(measured, name) for name in FIGURES}
        bring_into(self._frame, figures)
        bearing_rad = np.radians(figures["bearing_deg"])
        away = np.stack([np.sin(bearing_rad), np.cos(bearing_rad)], axis=-1)
        sensor = np.stack([figures["sensor_east_m"], figures["sensor_north_m"]], axis=-1)
        polar = sensor + figures["range_m"][:, None] * away
        plain = np.stack([figures["east_m"], figures["north_m"]], axis=-1)
        places = np.where(np.isfinite(polar), polar, plain)
        usable = np.flatnonzero(np.isfinite(places).all(axis=1))
        if not len(usable):
            return nothing
        places, measured, tracks = places[usable], measured.take(usable), said.states[:, PLACE]
        _, nearest = cKDTree(places).query(tracks)
        at_us = measured["valid"].cast(pa.int64()).to_numpy()[nearest]
        return np.asarray(at_us / 1e6), codes_at(places, measured, tracks)

    # --- tracks

    def _all(self, told: _Told, received_us: int) -> list[ObservationBatch]:
        return [*self._batches(told, received_us), *self._lines(told, received_us)]

    def _batches(self, told: _Told, received_us: int) -> list[ObservationBatch]:
        """Where the tracks are that are due, and the codes that are."""
        said = told.said
        rows = self._due(said.time_s, said.number, said.seen)
        if not len(rows) or self._frame is None:
            return []
        some = _chosen(said, rows)
        table = track_table([some], self._frame)
        columns = {name: table[name] for name in SAID}
        columns["identifier"] = [f"{self._run(SCHEME)}{number}" for number in some.number.tolist()]
        columns["schema"] = [self._settings.schema] * len(rows)
        columns["valid"] = np.round(told.at_s[rows] * 1e6).astype(np.int64)
        columns["received"] = [received_us] * len(rows)
        columns["receivers"] = [[said.sensor]] * len(rows)
        columns["report"] = ["track"] * len(rows)
        spread = some.covariances[:, VELOCITY, VELOCITY]
        columns["velocity_std_mps"] = np.sqrt(largest_eigenvalue(spread))
        columns["existence"], columns["nis"] = some.existence, some.nis
        batch = ObservationBatch(Kind.POSITION, pa.RecordBatch.from_pydict(typed(columns)))
        return [batch, self._answered(batch, some.number.tolist(), [told.codes[n] for n in rows])]

    def _answered(
        self, batch: ObservationBatch, numbers: list[int], codes: Codes
    ) -> ObservationBatch:
        """What the transponders of these tracks answered, as far as that is to be said."""
        at_s = batch.rows["valid"].cast(pa.int64()).to_numpy() / 1e6
        due = [
            row
            for row, (number, code) in enumerate(zip(numbers, codes, strict=True))
            if code is not None and self._answers.is_due(number, code, float(at_s[row]))
        ]
        common = batch.rows.select([n for n in batch.rows.schema.names if n in COMMON.names])
        said = [codes[row] for row in due]
        squawks = pa.array(said, pa.utf8())
        rows = common.take(pa.array(due, pa.int64())).append_column(SQUAWK, squawks)
        return ObservationBatch(Kind.STATIC, rows, urgent=any(one in EMERGENCIES for one in said))

    def _lines(self, told: _Told, received_us: int) -> list[ObservationBatch]:
        said, lines = told.said, told.said.lines
        rows = self._due(said.time_s, lines.number, lines.seen)
        if not len(rows) or self._frame is None:
            return []
        schema = self._settings.schema
        return [line_batch(said, rows, self._frame, self._run(LINES), schema, received_us)]

    def _run(self, scheme: str) -> str:
        return f"{scheme}:{self._of}-{_base36(self._began_s)}-"

    def _due(self, time_s: float, number: Ints, seen: Bools) -> Ints:
        """Which of these are told now, and are remembered as told."""
        before = [self._told_s.get(one, -np.inf) for one in number.tolist()]
        rows: Ints = np.flatnonzero(seen & (time_s - np.array(before) >= self._settings.every_s))
        self._told_s |= dict.fromkeys(number[rows].tolist(), time_s)
        if len(self._told_s) > self._remembered:
            alive = self._tracker.alive  # of what is no longer followed nothing is remembered
            self._told_s = {n: at_s for n, at_s in self._told_s.items() if n in alive}
            self._answers.keep(alive)
            self._remembered = 2 * len(self._told_s) + 100
        return rows


def _chosen(said: Estimates, rows: Ints) -> Estimates:
    names = ("number", "states", "covariances", "existence", "seen", "nis")
    return replace(said, **{name: getattr(said, name)[rows] for name in names})


def _latest_us(rows: pa.RecordBatch) -> int:
    return int(rows.column("received").cast(pa.int64()).to_numpy().max())


def _empty(at_s: float, sensor: Sensor, frame: LocalFrame, look: pa.Table) -> Scan:
    place = place_of(look, "sensor_")
    at_m: Floats = np.zeros(2)
    if place is not None:
        at_m = frame.to_local(np.array([place[0]]), np.array([place[1]]))[0]
    return Scan(at_s, sensor, PlotKind.POSITION, np.empty((0, 2)), np.eye(2), at_m)


def _base36(number: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = digits[digit] + text
    return text or "0"
