"""How a tracker works: everything that may be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from scipy.special import gammaincinv

from alliage.fusion.hidden import Hidden, Hiding
from alliage.fusion.joint import JOINT_EVENTS_AT_MOST
from alliage.fusion.lasting import Lasting, LastingError
from alliage.fusion.modes import Modes


class Association(StrEnum):
    """How plots are given to tracks."""

    NEAREST = "gnn"  # global nearest neighbour: each track one plot at most
    JOINT = "jpda"  # joint probabilistic data association: all plots, weighed


@dataclass(frozen=True)
class ByExistence:
    """A track stands and falls with the probability that there is such a thing.

    A confirmed track that becomes less probable than ``show_from`` is kept but not shown; it comes
    back under the same number if it is seen again.
    """

    confirm_from: float = 0.8
    show_from: float = 0.4
    delete_below: float = 0.01

    def __post_init__(self) -> None:
        if not 0.0 < self.delete_below <= self.show_from <= self.confirm_from < 1.0:
            raise ValueError("0 < delete_below <= show_from <= confirm_from < 1 must hold")


@dataclass(frozen=True)
class ByCount:
    """A track stands after M plots in N looks, and falls after so many looks without one."""

    plots: int = 3
    looks: int = 5
    misses: int = 4

    def __post_init__(self) -> None:
        if not 1 <= self.plots <= self.looks <= 64 or not 1 <= self.misses <= 64:
            raise ValueError("1 <= plots <= looks <= 64 and 1 <= misses <= 64 must hold")


@dataclass(frozen=True)
class Settings:
    """The choices of a tracker; each has a default that works for ships and radar plots.

    Args:
        modes: how things move.
        association: how plots are given to tracks.
        confirmation: when a track stands and when it falls.
        gate_probability: that the plot of a thing lies within its gate.
        speed_std_mps: what a thing's velocity may be when it is first seen, in each direction.
        existence_at_start: probability that a plot which no track explains begins a new one.
        mean_lifetime_s: how long things stay on average.
        lost_beyond_m: a track is lost when its position's standard deviation is larger.
        lines_beyond_m: things of which bearings alone are known are no nearer than this, as a rule:
            it says how fast their bearings may change.
        lasting: errors of sensors' places that last, by the sensor's name: that of the
            :class:`Sensor` of its scans; in a table without names it is "sensor". A name that
            no scan bears is no error, since its sensor may come later: it changes nothing.
        hidden: how long sensors do not see a thing at all, likewise.
        late_s: how far back a late scan is still used.
        enumerate_at_most: combinations up to which a small cluster is enumerated (JPDA).

    Raises:
        TypeError: ``lasting`` or ``hidden`` is no mapping of names to what is said of them.
        ValueError: a figure is out of its range.
    """

    modes: Modes = field(default_factory=Modes)
    association: Association = Association.JOINT
    confirmation: ByExistence | ByCount = field(default_factory=ByExistence)
    gate_probability: float = 0.999
    speed_std_mps: float = 10.0
    existence_at_start: float = 0.05
    mean_lifetime_s: float = 3600.0
    lost_beyond_m: float = 2000.0
    lines_beyond_m: float = 1000.0
    lasting: Lasting = field(default_factory=dict)
    hidden: Hiding = field(default_factory=dict)
    late_s: float = 0.0
    enumerate_at_most: int = JOINT_EVENTS_AT_MOST

    def __post_init__(self) -> None:
        for name in ("gate_probability", "existence_at_start"):
            if not 0.0 < getattr(self, name) < 1.0:
                raise ValueError(f"{name} must lie between 0 and 1 and be neither")
        for name in ("speed_std_mps", "mean_lifetime_s", "lost_beyond_m", "lines_beyond_m"):
            if not getattr(self, name) > 0.0:
                raise ValueError(f"{name} must be positive")
        if not self.late_s >= 0.0:
            raise ValueError("late_s must not be negative")
        _check_by_sensor("lasting", self.lasting, LastingError)
        _check_by_sensor("hidden", self.hidden, Hidden)

    def gate_threshold(self, components: int) -> float:
        """Largest squared Mahalanobis distance within the gate: a quantile of chi-square."""
        return float(2.0 * gammaincinv(0.5 * components, self.gate_probability))


def _check_by_sensor(name: str, given: object, kind: type) -> None:
    """Refuse what does not say something of that kind by the names of sensors."""
    if not isinstance(given, Mapping):
        raise TypeError(
            f"{name} must say a {kind.__name__} by the name of each sensor, as in "
            f"{{'radar': {kind.__name__}(...)}}, and is {given!r}"
        )
    for sensor, said in given.items():
        if not isinstance(sensor, str):
            raise TypeError(f"{name} goes by the names of sensors, which are texts, not {sensor!r}")
        if not isinstance(said, kind):
            raise TypeError(f"{name} of {sensor!r} must be a {kind.__name__}, and is {said!r}")
