"""Things that fell silent where they should be heard; what the detectors of absence share.

A thing's usual interval is learned from itself. It is dark when it has been silent for many of
them, while the things around it, where it was last heard and where it would be by now, are heard
as ever by the same stream, in a place where few things fall silent (:mod:`coverage`). While the
stream as a whole is silent nothing is judged, and that time counts for nobody. Another stream of
the context that still hears the object by its name says that it is not dark; a sensor's track of it
that goes on is the strongest evidence that it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from alliage.detection.columns import Kept
from alliage.detection.coverage import NOWHERE, Coverage
from alliage.detection.learned import Tables, packed, unpacked
from alliage.detection.scene import Reports, Scene
from alliage.geo.flat import EARTH_M, moved
from alliage.geo.sphere import on_sphere
from alliage.ontology.derived import plots_of

Floats = NDArray[np.float64]
Rows = NDArray[np.int32]
Flags = NDArray[np.bool_]
Counts = NDArray[np.int64]

AWAY_US: Final = 60_000_000
"""A stream that gave nothing for so long was away itself."""

SMOOTH: Final = 20
"""Over so many reports the usual interval is averaged; of a thing with fewer nothing is known."""

RECENT_S: Final = 3_600.0
"""What fell silent longer ago tells nothing of reception now; nor is it looked for further on."""

GAP_HALF_S: Final = 900.0
GAPS: Final = 12.0
"""A thing was heard well if the longest of its late gaps, which weighs half after so long, is this
much shorter than the silence that is told of: at the edge of what is heard gaps grow long. """

GAP_MOST_S: Final = 600.0
"""A gap that was longer is no worse: a ship that was away for an hour and is back is heard well."""

QUICK: Final = 0.2
QUICKLY: Final = 0.1
RARER: Final = 2.3
"""And if it has not become rarer: its usual interval is at most so many times the one of which so
many are shorter, which follows by so much a report. More is a part of its reports that is lost;
less may be a ship that turns, and reports more often then (ITU-R M.1371-5, table 1)."""

STEADY_GAPS: Final = 24.0
STEADY_RARER: Final = 1.3
ALONE: Final = 0.9
"""A thing that was heard so much better still needs no others: reception fades before it ends. If
nobody else is about, that counts for so much."""

PORT_M: Final = 2_000.0
PORT_THINGS: Final = 3
BERTHS_MPS: Final = 3.0
"""Where so many rest so near, a thing has probably berthed and been switched off, if it was no
faster than harbours allow when it was last heard."""

NEAREST: Final = 8
"""So many others tell of reception at a place: those that are nearest to it."""

MOST_SILENT: Final = 20_000
"""Silent things that are known again after a restart; those that were heard last."""

_SILENT: Final = (
    "before", "usual_s", "often_s", "gap_s", "again_us", "lost", "dark", "probability", "heard",
    "around",
)  # fmt: skip

SURELY: Final = 0.95
"""The probability where everything speaks for it."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What counts as silence: the settings of a detector of absence.

    Attributes:
        least_s: a shorter silence of these things is none, (n,).
        intervals: nor is one of fewer of the thing's usual intervals.
        near_m: how far away others still tell of reception here.
        least_probability: less is not told.
        longest_s: what has been silent for longer has gone.
        anew_s: what was not heard for longer is heard as if for the first time: of an aircraft that
            was out of reach for long it is another flight.
        steady_tells: whether who was heard steadily was within reach, whoever else is heard: of
            slow things only, which come to the edge of what is heard little by little.
    """

    least_s: Callable[[Scene, Rows], Floats]
    intervals: float
    near_m: float
    least_probability: float
    longest_s: float
    steady_tells: bool = False
    anew_s: float = float("inf")


class Absence:
    """Who is silent, and which of them are dark. ``kept`` are columns over the scene's things."""

    def __init__(self, coverage: Coverage, measure: Measure) -> None:
        self._coverage = coverage
        self._measure = measure
        self._heard_us: dict[int, int] = {}
        self._back_us: dict[int, int] = {}
        self.kept = Kept(
            usual_s=np.float64("nan"), often_s=np.float64("nan"), gap_s=np.float64(0.0),
            cell=np.int64(NOWHERE), before=np.int32(0),
            again_us=np.int64(0), lost=np.bool_(False), dark=np.bool_(False),
            probability=np.float64(0.0), heard=np.int64(0), around=np.int64(0),
        )  # fmt: skip

    # --- what is heard

    def take(self, scene: Scene, reports: Reports, moves: Flags) -> Rows:
        """Learn from a look's reports.

        Args:
            scene: what is known.
            reports: of this look.
            moves: whether each report's thing is under way, (n,).

        Returns:
            Things that were dark and are heard again.
        """
        kept = self.kept
        kept.grow(scene.things.count)
        self._coverage.fade(scene.now_us)
        self._note_streams(scene)
        last = np.flatnonzero(reports.is_last)
        things = reports.thing[last]
        back: Rows = things[kept["dark"][things]]
        kept["lost"][things] = kept["dark"][things] = False
        kept["again_us"][things] = 0
        self._begin_anew(scene, reports)
        self._learn_intervals(reports, moves & ~np.isin(reports.thing, back))
        last = last[moves[last]]
        things = reports.thing[last]
        stream = scene.things.stream[things]
        cells = self._coverage.cells(stream, reports.lat[last], reports.lon[last])
        if scene.teaches:
            self._coverage.pass_through(cells[cells != kept["cell"][things]])
        kept["cell"][things] = cells
        return back

    def _note_streams(self, scene: Scene) -> None:
        """Since when each stream is there without a break."""
        for code in scene.rows_of_stream:
            if scene.now_us - self._heard_us.get(code, 0) > AWAY_US:
                self._back_us[code] = scene.now_us
            self._heard_us[code] = scene.now_us

    def _begin_anew(self, scene: Scene, reports: Reports) -> None:
        """Forget how well was heard before what was out of reach; so many reports were before."""
        anew = reports.thing[np.nan_to_num(reports.step_s) > self._measure.anew_s]
        self.kept["usual_s"][anew] = self.kept["often_s"][anew] = np.nan
        self.kept["gap_s"][anew] = 0.0
        self.kept["before"][anew] = scene.things.reports[anew]

    def _learn_intervals(self, reports: Reports, moves: Flags) -> None:
        usual_s, steps_s = self.kept["usual_s"], reports.step_s
        known = np.flatnonzero(moves & (steps_s <= self._measure.anew_s))  # not NaN
        things, steps_s = reports.thing[known], steps_s[known]
        before = usual_s[things]
        most_s = np.where(np.isnan(before), np.inf, 5.0 * before + 10.0)
        many, place, times = np.unique(things, return_inverse=True, return_counts=True)
        mean_s = np.bincount(place, np.minimum(steps_s, most_s), len(many)) / times
        share = 1.0 - (1.0 - 1.0 / SMOOTH) ** times
        before = np.where(np.isnan(usual_s[many]), mean_s, usual_s[many])
        usual_s[many] = before + share * (mean_s - before)
        often_s = self.kept["often_s"]
        often_s[many] = np.where(np.isnan(often_s[many]), mean_s, often_s[many])
        shorter = np.bincount(place, steps_s < often_s[things], len(many))
        more, less = 1.0 + QUICKLY * QUICK, 1.0 - QUICKLY * (1.0 - QUICK)
        often_s[many] *= more ** (times - shorter) * less**shorter
        gap_s, longest_s = self.kept["gap_s"], np.zeros(len(many))
        np.maximum.at(longest_s, place, np.minimum(steps_s, GAP_MOST_S))
        faded_s = gap_s[many] * 0.5 ** (np.bincount(place, steps_s, len(many)) / GAP_HALF_S)
        gap_s[many] = np.maximum(faded_s, longest_s)

    # --- what is not

    def judge(self, scene: Scene, watched: Rows) -> Rows:
        """Say which of some things are dark; all of them were under way when last heard."""
        kept = self.kept
        asked = watched[~kept["lost"][watched] & (kept["again_us"][watched] <= scene.now_us)]
        asked = asked[self._silent_s(scene, asked) > np.maximum(60.0, kept["usual_s"][asked])]
        overdue = asked[self._is_overdue(scene, asked)]
        if len(overdue):
            self._judge(scene, overdue, watched)
        dark: Rows = np.flatnonzero(kept["dark"]).astype(np.int32)
        if len(dark):
            goes = self._silent_s(scene, dark) > self._measure.longest_s
            kept["dark"][dark[goes | self._is_heard_otherwise(scene, dark)]] = False
        still: Rows = dark[kept["dark"][dark]]
        return still

    def _silent_s(self, scene: Scene, things: Rows) -> Floats:
        """How long each has been silent while its stream was there, (n,)."""
        table = scene.things
        back_us = np.array([self._back_us.get(c, 0) for c in range(len(table.streams))], np.int64)
        since_us = np.maximum(table.valid_us[things], back_us[table.stream[things]])
        return np.asarray((scene.now_us - since_us) / 1e6)

    def _is_overdue(self, scene: Scene, things: Rows) -> Flags:
        overdue = self._silent_s(scene, things) > self._wait_s(scene, things)
        overdue &= scene.things.reports[things] - self.kept["before"][things] >= SMOOTH
        overdue &= np.isin(scene.things.stream[things], list(scene.rows_of_stream))
        if overdue.any():
            overdue &= ~self._is_heard_otherwise(scene, things)
        return overdue

    def _wait_s(self, scene: Scene, things: Rows) -> Floats:
        """After how long a silence of each thing is asked about, (n,)."""
        least_s = self._measure.least_s(scene, things)
        return np.maximum(least_s, self._measure.intervals * self.kept["usual_s"][things])

    def _judge(self, scene: Scene, overdue: Rows, watched: Rows) -> None:
        kept, table, coverage = self.kept, scene.things, self._coverage
        lat, lon = expected_place(scene, overdue)
        heard, silent = self._around(scene, table.lat[overdue], table.lon[overdue], watched)
        heard_ahead, _ = self._around(scene, lat, lon, watched)
        share = heard / np.maximum(heard + silent - 1, 1)  # it is one of the silent itself
        cells = kept["cell"][overdue], coverage.cells(table.stream[overdue], lat, lon)
        least_s = self._measure.least_s(scene, overdue)
        is_alone, is_steady = heard + silent <= 1, self._was_heard_steadily(overdue, least_s)
        stays = 1.0 - coverage.lost_share(cells[0])
        ahead = 1.0 - coverage.lost_share(cells[1], as_around=is_steady)
        stays *= np.where(cells[0] == cells[1], 1.0, ahead)
        steady = np.minimum(1.0, least_s / (GAPS * kept["gap_s"][overdue]))
        steady *= np.minimum(1.0, RARER * kept["often_s"][overdue] / kept["usual_s"][overdue])
        share[is_alone & is_steady] = ALONE
        probability = SURELY * np.minimum(share, 1.0) * stays * steady
        probability[self._is_in_port(scene, overdue)] = 0.0
        is_heard_here = ((heard >= 2) & (heard_ahead >= 1) | is_steady) & (share > 0.5)
        dark = is_heard_here & (probability >= self._measure.least_probability)
        kept["dark"][overdue] = dark
        kept["probability"][overdue] = probability
        kept["heard"][overdue], kept["around"][overdue] = heard, heard + silent - 1
        kept["lost"][overdue] = is_heard_here
        later_us = 0.5 * (scene.now_us - table.valid_us[overdue])
        kept["again_us"][overdue] = scene.now_us + later_us.astype(np.int64)
        if scene.teaches:
            coverage.lose(cells[0][is_heard_here])

    def _was_heard_steadily(self, things: Rows, least_s: Floats) -> Flags:
        kept = self.kept
        steady = self._measure.steady_tells & (STEADY_GAPS * kept["gap_s"][things] <= least_s)
        return np.asarray(
            steady & (kept["usual_s"][things] <= STEADY_RARER * kept["often_s"][things])
        )

    def _is_in_port(self, scene: Scene, things: Rows) -> Flags:
        table = scene.things
        rest = scene.live(RECENT_S)
        rest = rest[(table.speed_mps[rest] < 0.3) & table.is_a("Vessel", rest)]
        tree = cKDTree(on_sphere(table.lat[rest], table.lon[rest]))
        places = on_sphere(table.lat[things], table.lon[things])
        near = tree.query_ball_point(places, PORT_M / EARTH_M, return_length=True)
        return np.asarray((near >= PORT_THINGS) & (table.speed_mps[things] < BERTHS_MPS))

    def _around(
        self, scene: Scene, lat: Floats, lon: Floats, watched: Rows
    ) -> tuple[Counts, Counts]:
        """How many things under way about each place are heard as ever, and how many are not."""
        table = scene.things
        age_s = (scene.now_us - table.valid_us[watched]) / 1e6
        longest_s = np.maximum(age_s, self.kept["gap_s"][watched])
        is_late = longest_s > np.maximum(120.0, 5.0 * self.kept["usual_s"][watched])
        tells = ~is_late | (age_s < RECENT_S)
        rows, is_late = watched[tells], is_late[tells]
        tree = cKDTree(on_sphere(table.lat[rows], table.lon[rows]))
        reach = self._measure.near_m / EARTH_M
        _, found = tree.query(on_sphere(lat, lon), NEAREST + 1, distance_upper_bound=reach)
        late = np.append(is_late, False)[found]  # nobody, where there are no more so near
        return np.sum(~late & (found < len(rows)), axis=1), np.sum(late, axis=1)

    def known_share(self, watched: Rows) -> float:
        """Of some things the part that is where reception is known to be good enough to judge."""
        cells = self.kept["cell"][watched]
        if not len(cells):
            return 0.0
        stays = (1.0 - self._coverage.lost_share(cells)) ** 2
        return float(np.mean(SURELY * stays >= self._measure.least_probability))

    # --- what survives a restart

    def dump(self, scene: Scene, watched: Rows) -> Tables:
        """Where things are heard, and which of those that are watched are silent."""
        silent_s = self._silent_s(scene, watched)
        silent = watched[silent_s > np.maximum(60.0, self.kept["usual_s"][watched])]
        newest = np.argsort(-scene.things.valid_us[silent], kind="stable")[:MOST_SILENT]
        told = [
            {"thing": scene.things.told_of(row), "kept": self._kept_of(row)}
            for row in np.sort(silent[newest]).tolist()
        ]
        return {**self._coverage.dump(scene.things.streams), "silent": packed(told)}

    def load(self, scene: Scene, tables: Tables) -> None:
        """Take back what :meth:`dump` gave out."""
        self._coverage.load(tables, scene.things.stream_code)
        for told in unpacked(tables["silent"]):
            row = scene.things.put_back(told["thing"])
            self.kept.grow(scene.things.count)
            for name in _SILENT:
                if told["kept"].get(name) is not None:
                    self.kept[name][row] = told["kept"][name]
            place = scene.things.lat[[row]], scene.things.lon[[row]]
            self.kept["cell"][row] = self._coverage.cells(scene.things.stream[[row]], *place)[0]

    def _kept_of(self, row: int) -> dict[str, float]:
        return {name: self.kept[name][row].item() for name in _SILENT}

    # --- what other streams say

    def _is_heard_otherwise(self, scene: Scene, things: Rows) -> Flags:
        """Whether another stream, that names it too, has heard the same object meanwhile."""
        newest_us = _newest_us(scene, of_trackers=False)
        silent_us = scene.now_us - scene.things.valid_us[things]
        root = scene.things.stands_for[things]
        return np.asarray(scene.now_us - newest_us[root] < silent_us // 2)

    def is_followed(self, scene: Scene, things: Rows) -> Flags:
        """Whether a sensor's track of each thing goes on."""
        newest_us = _newest_us(scene, of_trackers=True)[scene.things.stands_for[things]]
        return np.asarray(scene.now_us - newest_us < AWAY_US)


def expected_place(scene: Scene, things: Rows) -> tuple[Floats, Floats]:
    """Where things would be by now had they gone on as last reported, degrees."""
    table = scene.things
    gone_s = np.minimum((scene.now_us - table.valid_us[things]) / 1e6, RECENT_S)
    gone_m = gone_s * np.nan_to_num(table.speed_mps[things])
    toward = np.radians(np.nan_to_num(table.course_deg[things]))
    return moved(
        table.lat[things], table.lon[things], gone_m * np.sin(toward), gone_m * np.cos(toward)
    )


def _newest_us(scene: Scene, *, of_trackers: bool) -> NDArray[np.int64]:
    """By the row that stands for an object the newest report of it, microseconds."""
    table, count = scene.things, scene.things.count
    follows = np.array([plots_of(stream) is not None for stream in table.streams], np.bool_)
    rows = np.flatnonzero(follows[table.stream[:count]] == of_trackers)
    newest_us = np.zeros(count, np.int64)
    np.maximum.at(newest_us, table.stands_for[rows], table.valid_us[rows])
    return newest_us
