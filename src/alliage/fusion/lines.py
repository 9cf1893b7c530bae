"""Lines of bearing: what a sensor that measures bearings alone follows by itself.

A bearing says which way a thing is and not how far, so what begins with it is no track with a
place but a line: the bearing and how fast it changes, with their covariance, for each sensor apart.
Lines are followed as tracks are: gated, associated, updated, and standing by the same rule. What a
track with a place explains needs no line. :mod:`alliage.fusion.crossing` makes places of them.

The rate drifts like that of a thing which passes at ``settings.lines_beyond_m`` with its usual
speed ``v``: beside it the rate changes by as much as itself, ``v / r``, in the time ``r / v``.
What is farther away is followed with more doubt than it needs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from alliage.fusion import existence, lifecycle
from alliage.fusion.assimilation import assimilated, looked
from alliage.fusion.gating import BLOCK, Pairs
from alliage.fusion.likelihood import Fit, fitted
from alliage.fusion.matrices import Bools, Floats, Ints, sum_by, symmetric, wrapped
from alliage.fusion.measurement import Innovation
from alliage.fusion.scan import Kind, Scan, Sensor
from alliage.fusion.settings import Settings
from alliage.fusion.tracks import Tracks

BEARING: Final = 0
RATE: Final = 1
WIDEST_RAD: Final = 0.5
"""A line whose bearing is no better known than this, one standard deviation, is lost."""


@dataclass(frozen=True, eq=False)
class Lines:
    """The lines of one sensor after its latest look: tracks with one mode and two components."""

    sensor: Sensor
    time_s: float
    place_m: Floats  # (2,), where the sensor was
    velocity_mps: Floats  # (2,), and how it moved since its look before
    tracks: Tracks  # states (n, 1, 2): bearing and rate, in radians and seconds, clockwise


@dataclass(frozen=True, eq=False)
class LineEstimates:
    """The confirmed lines of a sensor after its look: n rows."""

    sensor_position_m: Floats  # (2,)
    number: Ints  # (n,)
    states: Floats  # (n, 2): bearing_rad from the frame's north, rate_radps
    covariances: Floats  # (n, 2, 2)
    existence: Floats  # (n,)
    seen: Bools  # (n,)

    @classmethod
    def none(cls) -> LineEstimates:
        """What there is after a look that measured no bearings."""
        empty, no_numbers = np.empty(0), np.empty(0, np.int64)
        return cls(
            np.zeros(2), no_numbers, np.empty((0, 2)), np.empty((0, 2, 2)), empty, empty > 0.0
        )

    def __len__(self) -> int:
        return len(self.number)


@dataclass(frozen=True, eq=False)
class Followed:
    """What a look made of its sensor's lines."""

    lines: Lines
    plot: Ints  # (n,), which of the look's plots each line takes, or -1
    explained: Floats  # (k,), probability that a plot belongs to a line
    shown: Bools  # (n,)


def predicted(lines: Lines, time_s: float, settings: Settings) -> Tracks:
    """The lines at a later moment."""
    elapsed_s, tracks = time_s - lines.time_s, lines.tracks
    if elapsed_s <= 0.0 or not len(tracks):
        return tracks
    move = np.array([[1.0, elapsed_s], [0.0, 1.0]])
    across = elapsed_s**2 / 2.0
    drift = np.array([[elapsed_s**3 / 3.0, across], [across, elapsed_s]])
    drift *= (settings.speed_std_mps / settings.lines_beyond_m) ** 3
    return replace(
        tracks,
        states=tracks.states @ move.T,
        covariances=symmetric(move @ tracks.covariances @ move.T + drift),
        existence=tracks.existence * np.exp(-elapsed_s / settings.mean_lifetime_s),
    )


def concerns_lines(scan: Scan) -> bool:
    """Whether a scan tells of lines: it has bearings alone, or saw nothing at all."""
    return scan.kind is Kind.BEARING or (not len(scan) and scan.share == 1.0)


def followed(before: Lines | None, scan: Scan, owned: Floats, settings: Settings) -> Followed:
    """The lines of the scan's sensor after it; new ones are not among them.

    Args:
        before: after its look before.
        scan: one that :func:`concerns_lines`.
        owned: probability (k,) that a plot belongs to a confirmed track.
        settings: of the tracker.
    """
    if before is None:
        before = Lines(scan.sensor, scan.time_s, scan.sensor_position_m, np.zeros(2), _NONE)
    elapsed_s = scan.time_s - before.time_s
    velocity = before.velocity_mps
    if elapsed_s > 0.0:
        velocity = (scan.sensor_position_m - before.place_m) / elapsed_s
    tracks = predicted(before, scan.time_s, settings)
    pairs, fit = _near(scan, tracks, settings)
    nearby = np.broadcast_to(scan.sensor_position_m, (len(tracks), 2))  # its reach is no matter
    detection = existence.detection(scan, nearby, np.zeros(len(tracks)), settings.gate_probability)
    tracks, probability, _ = assimilated(tracks, scan, pairs, fit, detection, settings)
    tracks = replace(tracks, states=_turned(tracks.states))
    hit = sum_by(pairs.track, probability, len(tracks)) >= 0.5
    tracks = looked(tracks, detection > 0.0, hit, goes_on=False)
    tracks = replace(tracks, confirmed=lifecycle.confirmed(tracks, settings.confirmation))
    known = tracks.covariances[:, 0, BEARING, BEARING] <= WIDEST_RAD**2
    needless = probability * (owned[pairs.plot] >= lifecycle.UNEXPLAINED_FROM)
    stays = lifecycle.supported(tracks, settings.confirmation) & known
    stays &= sum_by(pairs.track, needless, len(tracks)) < 0.5
    shown = lifecycle.shown(tracks, settings.confirmation)[stays]
    plot = np.where(hit, _likeliest(pairs, probability, len(tracks)), -1)[stays]
    lines = Lines(scan.sensor, scan.time_s, scan.sensor_position_m, velocity, tracks.select(stays))
    explained = np.bincount(pairs.plot, probability, len(scan)).astype(np.float64)
    return Followed(lines, plot, explained, shown)


def begun(scan: Scan, unexplained: Floats, settings: Settings) -> Tracks:
    """New lines, one for each bearing (k) that neither track nor line explains; ``-1 - p`` is the
    number of what begins with plot p."""
    if scan.kind is not Kind.BEARING:
        return _NONE
    plots = np.flatnonzero(unexplained >= lifecycle.UNEXPLAINED_FROM)
    count = len(plots)
    states, covariances = np.zeros((count, 1, 2)), np.zeros((count, 1, 2, 2))
    states[:, 0, BEARING] = scan.values[plots, 0]
    covariances[:, 0, BEARING, BEARING] = scan.noise[plots, 0, 0]
    covariances[:, 0, RATE, RATE] = (settings.speed_std_mps / settings.lines_beyond_m) ** 2
    return lifecycle.fresh(
        -1 - plots, states, covariances, settings.existence_at_start * unexplained[plots]
    )


def told(found: Followed) -> LineEstimates:
    """The lines that are told to others."""
    seen, rows = found.plot >= 0, found.lines.tracks.select(found.shown)
    return LineEstimates(
        sensor_position_m=found.lines.place_m,
        number=rows.number,
        states=rows.states[:, 0],
        covariances=rows.covariances[:, 0],
        existence=rows.existence,
        seen=seen[found.shown],
    )


_NONE: Final = Tracks.none(1, 2)


def _near(scan: Scan, tracks: Tracks, settings: Settings) -> tuple[Pairs, Fit]:
    """Lines and plots within the gate: every line against every plot, some lines at a time."""
    bearing, spread = tracks.states[:, 0, BEARING], tracks.covariances[:, 0, BEARING, BEARING]
    rows = max(1, BLOCK // max(len(scan), 1))
    found = [(np.empty(0, np.int64), np.empty(0, np.int64))]
    for begin in range(0, len(tracks), rows):
        part = slice(begin, begin + rows)
        away = wrapped(scan.values[None, :, -1] - bearing[part, None])
        limit = settings.gate_threshold(1) * (spread[part, None] + scan.noise[None, :, -1, -1])
        line, plot = np.nonzero(away**2 <= limit)
        found.append((line + begin, plot))
    pairs = Pairs(*(np.concatenate(several) for several in zip(*found, strict=True)))
    residual = wrapped(scan.values[pairs.plot, -1] - bearing[pairs.track])
    slope = np.broadcast_to([[1.0, 0.0]], (len(residual), 1, 1, 2))
    return pairs, fitted(Innovation(residual[:, None, None], slope), scan, tracks, pairs)


def _likeliest(pairs: Pairs, probability: Floats, count: int) -> Ints:
    likeliest = np.full(count, -1)
    order = np.argsort(probability, kind="stable")
    likeliest[pairs.track[order]] = pairs.plot[order]
    return likeliest


def _turned(states: Floats) -> Floats:
    states = states.copy()
    states[..., BEARING] = wrapped(states[..., BEARING])
    return states
