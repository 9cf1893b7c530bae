"""The filter of every source track: what its reports together say of where it is and how it moves.

A source's reports go through a Kalman filter keyed by the thing's identifier, each in its turn.
What a tracker says is a filter's state already and is taken as it is. Reports that come late
are left out, as a filter does not go back; the track's position never moves back either.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alliage.fusion.frame import metres_per_degree
from alliage.fusion.keyed import SURPRISE, Moving, begun, chosen, corrected, predicted
from alliage.fusion.matrices import Bools, Floats
from alliage.ontology.derived import TRACKER
from alliage.ontology.schema import Motion, Ontology
from alliage.picture.columns import NO_TIME, Words
from alliage.picture.staleness import FALLBACK_SCHEMA
from alliage.picture.tracks import SourceTracks

Rows = NDArray[np.intp]

GAP_S: Final = 3600.0
"""After such a silence a track begins anew: nothing of how it moved then still holds."""
PLACE, VELOCITY = slice(0, 2), slice(2, 4)
REPORTS_AT_MOST: Final = 24
INTERVAL_GAIN: Final = 0.2
"""What a report counts for how often a tracker tells of a track."""

MAKES_WAY_MPS: Final = 0.258
"""Just above half a knot (0.2572 m/s): what is slower is the wandering of a position at rest."""
RESTS_STD_MPS: Final = 0.15
"""How well it is known that what reports no more than that does not move."""
RESTS_PSD_M2PS3: Final = 1e-5
"""And how much its velocity wanders until it is heard again: 4 m and 4 cm/s in three minutes, which
is how often a class A transponder reports at anchor (ITU-R M.1371-5, table 1)."""


class Motions:
    """How things move, by schema code; the last place answers code -1."""

    def __init__(self, ontology: Ontology, schemata: Words) -> None:
        self._ontology = ontology
        self._schemata = schemata
        self._table: Floats = np.zeros((4, 0))

    def of(self, codes: NDArray[np.int32]) -> Floats:
        """Speed, acceleration, place and velocity as :class:`Motion` has them, (4, n)."""
        if self._table.shape[1] != len(self._schemata) + 1:
            names = [*self._schemata, FALLBACK_SCHEMA]
            self._table = np.array([_figures(self._motion(name)) for name in names]).T
        found: Floats = self._table[:, codes]
        return found

    def _motion(self, name: str) -> Motion:
        known = self._ontology.schemata
        return known[name if name in known else FALLBACK_SCHEMA].motion


def _figures(motion: Motion) -> tuple[float, float, float, float]:
    return (
        motion.speed_std_mps,
        motion.acceleration_psd_m2ps3,
        motion.position_std_m,
        motion.velocity_std_mps,
    )


class Reports:
    """Position reports of one batch as arrays, in the order of time: n rows."""

    def __init__(
        self, at_us: NDArray[np.int64], lat: Floats, lon: Floats, columns: dict[str, Floats]
    ) -> None:
        """``columns``: std, minor, axis, speed, course, velocity_std, nis; NaN where not said."""
        self.at_us, self.lat, self.lon = at_us, lat, lon
        self._columns = columns

    def where(self, rows: Rows) -> Reports:
        """Some of the rows."""
        columns = {name: values[rows] for name, values in self._columns.items()}
        return Reports(self.at_us[rows], self.lat[rows], self.lon[rows], columns)

    def noise(self, position_std_m: Floats) -> Floats:
        """Covariances of the places (n, 2, 2), in m²; ``position_std_m`` where nothing is said."""
        said = self._columns
        longer = np.where(said["std"] > 0, said["std"], position_std_m)
        shorter = np.where(said["minor"] > 0, said["minor"], longer)
        return ellipses(longer, shorter, np.nan_to_num(said["axis"]))

    def velocity(self) -> Floats:
        """East and north (n, 2), NaN where speed or course is not said."""
        course = np.radians(self._columns["course"])
        speed = self._columns["speed"]
        still = speed == 0.0  # then there need be no course
        east, north = speed * np.sin(course), speed * np.cos(course)
        return np.stack([np.where(still, 0.0, east), np.where(still, 0.0, north)], axis=-1)

    def nis(self) -> Floats:
        """What a tracker says of the plot that it took (n,); NaN where it says nothing."""
        return self._columns["nis"]

    def velocity_std(self, velocity_std_mps: Floats) -> Floats:
        """Standard deviations of the velocities (n,)."""
        said = self._columns["velocity_std"]
        rests = np.minimum(velocity_std_mps, RESTS_STD_MPS)
        usual = np.where(self._columns["speed"] <= MAKES_WAY_MPS, rests, velocity_std_mps)
        return np.where(said > 0, said, usual)

    def speed(self) -> Floats:
        """Speeds as they were reported (n,), NaN where not said."""
        return self._columns["speed"]


def ellipses(longer: Floats, shorter: Floats, axis_deg: Floats) -> Floats:
    """Covariances (n, 2, 2) of ellipses whose longer axis points that way, clockwise from north."""
    sine, cosine = np.sin(np.radians(axis_deg)), np.cos(np.radians(axis_deg))
    a, b = longer**2, shorter**2
    noise = np.empty((len(longer), 2, 2))
    noise[:, 0, 0] = a * sine**2 + b * cosine**2
    noise[:, 1, 1] = a * cosine**2 + b * sine**2
    noise[:, 0, 1] = noise[:, 1, 0] = (a - b) * sine * cosine
    return noise


def filter_reports(
    tracks: SourceTracks, motions: Motions, stream: str, rows: Rows, reports: Reports
) -> None:
    """Take position reports into the filters of the source tracks ``rows``, one of each report.

    Of one track the newest :data:`REPORTS_AT_MOST` of an entry count: by then a filter has
    forgotten how it began, and a recording that is loaded at once may have thousands of one ship.
    """
    is_state = stream.startswith(TRACKER)
    if len(rows) > REPORTS_AT_MOST:
        lately = _newest(rows)
        rows, reports = rows[lately], reports.where(lately)
    for turn in _turns(rows):
        at, some = rows[turn], reports.where(turn)
        timely = some.at_us > tracks.filter_us[at]
        if not timely.all():
            at, some = at[timely], some.where(np.flatnonzero(timely))
        if len(at):
            _take(tracks, motions.of(tracks.schema[at]), at, some, is_state)


def _newest(rows: Rows) -> Rows:
    """Places of the last reports of each track, in the order of time."""
    order = np.argsort(rows, kind="stable")
    ordered = rows[order]
    begins = np.flatnonzero(np.diff(ordered, prepend=-1))
    ends = np.append(begins[1:], len(rows))
    from_end = np.repeat(ends, ends - begins) - np.arange(len(rows))
    return np.sort(order[from_end <= REPORTS_AT_MOST])


def _turns(rows: Rows) -> Iterator[Rows]:
    """Places of the first report of each track, then of the second of each, and so on."""
    order = np.argsort(rows, kind="stable")
    ordered = rows[order]
    begins = np.flatnonzero(np.diff(ordered, prepend=-1))
    nth = np.arange(len(rows)) - np.repeat(begins, np.diff(begins, append=len(rows)))
    for turn in range(int(nth.max(initial=-1)) + 1):
        yield np.sort(order[nth == turn])


def _take(tracks: SourceTracks, motion: Floats, at: Rows, reports: Reports, is_state: bool) -> None:
    speed_std, psd, position_std, velocity_std = motion
    noise, velocity = reports.noise(position_std), reports.velocity()
    moves: Bools = np.asarray(np.isfinite(velocity).all(axis=1), np.bool_)
    stds = np.where(moves, reports.velocity_std(velocity_std), speed_std)
    new = begun(np.zeros((len(at), 2)), noise, np.where(moves[:, None], velocity, 0.0), stds)
    elapsed_s = (reports.at_us - np.maximum(tracks.filter_us[at], NO_TIME // 2)) / 1e6
    known: Bools = np.asarray(elapsed_s <= GAP_S, np.bool_)
    nis = reports.nis() if is_state else np.full(len(at), np.nan)
    after = new
    if not is_state and known.any():
        # The frame of each row has its origin at the report.
        old = _state(tracks, at, reports.lat, reports.lon)
        psd = np.where(_rests(tracks, at, reports.speed()), RESTS_PSD_M2PS3, psd)
        old = predicted(old, np.where(known, elapsed_s, 0.0), psd)
        moved, nis = corrected(old, PLACE, np.zeros((len(at), 2)), noise)
        turned, _ = corrected(moved, VELOCITY, new.states[:, VELOCITY], _round(stds))
        moved = chosen(moves, turned, moved)
        continues = known & (nis <= SURPRISE)
        nis = np.where(known, nis, np.nan)
        after = chosen(continues, moved, new)
    if is_state:
        told = tracks.interval_s[at]
        smooth = np.where(np.isnan(told), elapsed_s, told + INTERVAL_GAIN * (elapsed_s - told))
        tracks.interval_s[at] = np.where(known, smooth, np.nan)
        tracks.go_on(at, reports.at_us)
    _put(tracks, at, reports, after)
    tracks.filter_nis[at] = nis
    tracks.filter_jumps[at] += nis > SURPRISE


def _rests(tracks: SourceTracks, at: Rows, speed_mps: Floats) -> Bools:
    """Which tracks lay still: so they were followed, and so they say."""
    still = speed_mps <= MAKES_WAY_MPS
    was_mps = np.hypot(*tracks.filter_velocity[at].T)
    return np.asarray(still & (was_mps <= 2 * MAKES_WAY_MPS), np.bool_)


def _round(std: Floats) -> Floats:
    covariance: Floats = std[:, None, None] ** 2 * np.eye(2)
    return covariance


def _state(tracks: SourceTracks, at: Rows, lat: Floats, lon: Floats) -> Moving:
    """The filters' states in frames whose origins are these places."""
    north, east = metres_per_degree(lat)
    states = np.empty((len(at), 4))
    states[:, 0] = (_wrapped(tracks.filter_lon[at] - lon)) * east
    states[:, 1] = (tracks.filter_lat[at] - lat) * north
    states[:, VELOCITY] = tracks.filter_velocity[at]
    return Moving(np.nan_to_num(states), tracks.filter_covariance[at].reshape(-1, 4, 4))


def states_at(
    tracks: SourceTracks, motions: Motions, at: Rows, lat: Floats, lon: Floats, now_us: Floats
) -> Moving:
    """The filters' states, predicted to ``now_us`` (n,), in frames at the places ``lat``, ``lon``.

    Only of tracks that have a filter; nothing is predicted backwards.
    """
    elapsed_s = np.maximum(now_us - tracks.filter_us[at], 0.0) / 1e6
    psd = motions.of(tracks.schema[at])[1]
    psd = np.where(_rests(tracks, at, tracks.speed[at].astype(float)), RESTS_PSD_M2PS3, psd)
    return predicted(_state(tracks, at, lat, lon), elapsed_s, psd)


def _put(tracks: SourceTracks, at: Rows, reports: Reports, moving: Moving) -> None:
    lat, lon = to_degrees(reports.lat, reports.lon, moving.states[:, PLACE])
    tracks.filter_us[at] = reports.at_us
    tracks.filter_lat[at], tracks.filter_lon[at] = lat, lon
    tracks.filter_velocity[at] = moving.states[:, VELOCITY]
    tracks.filter_covariance[at] = moving.covariances.reshape(-1, 16)


def to_degrees(lat: Floats, lon: Floats, offset_m: Floats) -> tuple[Floats, Floats]:
    """Latitude and longitude of points so far east and north (n, 2) of places."""
    north, east = metres_per_degree(lat)
    return lat + offset_m[:, 1] / north, _wrapped(lon + offset_m[:, 0] / east)


def _wrapped(degrees: Floats) -> Floats:
    turned: Floats = (degrees + 180.0) % 360.0 - 180.0
    return turned
