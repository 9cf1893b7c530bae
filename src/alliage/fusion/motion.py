"""How things move between measurements: models that predict all tracks at once.

A state is ``[east_m, north_m, v_east_mps, v_north_mps]`` and, for the models that know it, a fifth
component, the turn rate in rad/s, positive anticlockwise. States are (n, d), covariances (n, d, d).
Every model says the same after one step of four seconds as after two of two (turns to first order,
in their noise), and nothing after none: plots may come at any time.

Source, where no other is named: Bar-Shalom, Li, Kirubarajan, *Estimation with Applications to
Tracking and Navigation*, Wiley 2001 (BLK below).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from alliage.fusion.matrices import Floats, symmetric, transposed

POSITION: Final = slice(0, 2)
VELOCITY: Final = slice(2, 4)
TURN_RATE: Final = 4


class MotionModel(Protocol):
    """What predicts states and covariances."""

    @property
    def dimensions(self) -> int:
        """Components of a state, 4 or 5."""

    @property
    def turn_rate_std_radps(self) -> float:
        """Standard deviation of a new track's turn rate; 0 where states have none."""

    def slope(self, states: Floats, elapsed_s: float) -> Floats:
        """How the state after some seconds changes with the state (n, d, d), or (d, d) for all."""

    def predict(
        self, states: Floats, covariances: Floats, elapsed_s: float
    ) -> tuple[Floats, Floats]:
        """States (n, d) and covariances (n, d, d) after some seconds, at least none."""


class LinearModel:
    """A model whose transition and noise are the same for all tracks."""

    dimensions = 4
    turn_rate_std_radps = 0.0

    def transition(self, elapsed_s: float) -> Floats:
        """The matrix (d, d) that takes a state to the later one."""
        raise NotImplementedError

    def noise(self, elapsed_s: float) -> Floats:
        """Covariance (d, d) of what the motion does beside the transition."""
        raise NotImplementedError

    def drift(self, elapsed_s: float) -> Floats:
        """What is added to a state (d,); nothing, unless a model says otherwise."""
        return np.zeros(self.dimensions)

    def slope(self, states: Floats, elapsed_s: float) -> Floats:
        """As :class:`MotionModel` says."""
        del states  # the same everywhere
        return self.transition(elapsed_s)

    def predict(
        self, states: Floats, covariances: Floats, elapsed_s: float
    ) -> tuple[Floats, Floats]:
        """As :class:`MotionModel` says (BLK section 5.2.3)."""
        transition = self.transition(elapsed_s)
        moved = states @ transition.T + self.drift(elapsed_s)
        # As products of tall matrices, which are quicker than many small ones.
        half = (covariances.reshape(-1, self.dimensions) @ transition.T).reshape(covariances.shape)
        spread = (transposed(half).reshape(-1, self.dimensions) @ transition.T).reshape(half.shape)
        return moved, symmetric(spread + self.noise(elapsed_s))


@dataclass(frozen=True)
class ConstantVelocity(LinearModel):
    """Nearly constant velocity: white noise of acceleration (BLK section 6.2.2).

    ``acceleration_psd_m2ps3`` is its power spectral density: velocity changes in t seconds by
    about ``sqrt(psd * t)`` m/s in each direction.
    """

    acceleration_psd_m2ps3: float = 0.1

    def transition(self, elapsed_s: float) -> Floats:
        """As :class:`LinearModel` says."""
        return _by_axis(1.0, elapsed_s, 0.0, 1.0)

    def noise(self, elapsed_s: float) -> Floats:
        """As :class:`LinearModel` says."""
        t = elapsed_s
        return self.acceleration_psd_m2ps3 * _by_axis(t**3 / 3, t**2 / 2, t**2 / 2, t)


@dataclass(frozen=True)
class OrnsteinUhlenbeck(LinearModel):
    """A velocity that returns to its mean: for ships, and for long gaps between measurements.

    The velocity wanders with the long-run standard deviation ``speed_std_mps`` in each direction
    and forgets itself within ``time_constant_s``, so that the uncertainty of a position grows as
    the square root of time, not as its power of three halves. Sources: Stone, Streit, Corwin,
    Bell, *Bayesian Multiple Target Tracking*, 2nd ed., Artech House 2014 (integrated
    Ornstein-Uhlenbeck process); Millefiori, Braca, Bryan, Willett, *IEEE Trans. Aerospace and
    Electronic Systems* 52(5), 2016 (ships, with a mean velocity).
    """

    speed_std_mps: float = 7.0
    time_constant_s: float = 600.0
    mean_velocity_mps: tuple[float, float] = (0.0, 0.0)

    def transition(self, elapsed_s: float) -> Floats:
        """As :class:`LinearModel` says."""
        part = elapsed_s / self.time_constant_s
        return _by_axis(1.0, -np.expm1(-part) * self.time_constant_s, 0.0, np.exp(-part))

    def noise(self, elapsed_s: float) -> Floats:
        """As :class:`LinearModel` says."""
        part = elapsed_s / self.time_constant_s
        lost = -np.expm1(-part)
        both = -np.expm1(-2.0 * part)
        if part < 1e-3:  # the difference below has no digits left: its series instead
            place = part**3 * (2.0 / 3.0 - part / 2.0)
        else:
            place = 2.0 * part - 4.0 * lost + both
        shape = _by_axis(
            self.time_constant_s**2 * place,
            self.time_constant_s * lost**2,
            self.time_constant_s * lost**2,
            both,
        )
        return np.asarray(self.speed_std_mps**2 * shape)

    def drift(self, elapsed_s: float) -> Floats:
        """As :class:`LinearModel` says."""
        lost = -np.expm1(-elapsed_s / self.time_constant_s)
        mean = np.array(self.mean_velocity_mps)
        return np.concatenate([mean * (elapsed_s - lost * self.time_constant_s), mean * lost])


@dataclass(frozen=True)
class KnownTurn(LinearModel):
    """A turn at a rate that is known, for an IMM: several rates side by side (BLK section 11.7.1).

    Positive rates turn anticlockwise (to port). The noise is that of :class:`ConstantVelocity`.
    """

    turn_rate_radps: float
    acceleration_psd_m2ps3: float = 0.1

    def transition(self, elapsed_s: float) -> Floats:
        """As :class:`LinearModel` says."""
        angle = np.array([self.turn_rate_radps * elapsed_s])
        return np.asarray(_turn_transition(angle, elapsed_s)[0])

    def noise(self, elapsed_s: float) -> Floats:
        """As :class:`LinearModel` says."""
        return ConstantVelocity(self.acceleration_psd_m2ps3).noise(elapsed_s)


@dataclass(frozen=True)
class StraightAhead(LinearModel):
    """Nearly constant velocity with the fifth component, so that it can share an IMM with turns.

    The turn rate, which moves nothing here, falls back to zero within ``time_constant_s``.
    """

    acceleration_psd_m2ps3: float = 0.1
    turn_rate_std_radps: float = 0.05
    time_constant_s: float = 10.0
    dimensions = 5

    def transition(self, elapsed_s: float) -> Floats:
        """As :class:`LinearModel` says."""
        return _with_turn_rate(
            _by_axis(1.0, elapsed_s, 0.0, 1.0), np.exp(-elapsed_s / self.time_constant_s)
        )

    def noise(self, elapsed_s: float) -> Floats:
        """As :class:`LinearModel` says."""
        rate = -np.expm1(-2.0 * elapsed_s / self.time_constant_s) * self.turn_rate_std_radps**2
        return _with_turn_rate(ConstantVelocity(self.acceleration_psd_m2ps3).noise(elapsed_s), rate)


@dataclass(frozen=True)
class CoordinatedTurn:
    """A turn whose rate is estimated: extended Kalman filter (BLK section 11.7.2).

    The rate wanders with the power spectral density ``turn_rate_psd_rad2ps3``.
    """

    acceleration_psd_m2ps3: float = 0.1
    turn_rate_psd_rad2ps3: float = 1e-5
    turn_rate_std_radps: float = 0.05
    dimensions = 5

    def slope(self, states: Floats, elapsed_s: float) -> Floats:
        """As :class:`MotionModel` says."""
        slope = np.zeros((len(states), 5, 5))
        slope[:, :4, :4] = _turn_transition(states[:, TURN_RATE] * elapsed_s, elapsed_s)
        slope[:, :4, 4] = _slope_of_turn_rate(states, elapsed_s)
        slope[:, 4, 4] = 1.0
        return slope

    def predict(
        self, states: Floats, covariances: Floats, elapsed_s: float
    ) -> tuple[Floats, Floats]:
        """As :class:`MotionModel` says."""
        slope = self.slope(states, elapsed_s)
        moved = states.copy()
        turned = slope[:, :4, :4] @ states[:, :4, None]
        moved[:, :4] = turned[..., 0]
        noise = _with_turn_rate(
            ConstantVelocity(self.acceleration_psd_m2ps3).noise(elapsed_s),
            self.turn_rate_psd_rad2ps3 * elapsed_s,
        )
        return moved, symmetric(slope @ covariances @ transposed(slope) + noise)


def _by_axis(pp: float, pv: float, vp: float, vv: float) -> Floats:
    """A matrix (4, 4) that does the same to east and to north, each position and velocity."""
    return np.array([[pp, 0, pv, 0], [0, pp, 0, pv], [vp, 0, vv, 0], [0, vp, 0, vv]], np.float64)


def _with_turn_rate(matrix: Floats, rate: float) -> Floats:
    """A matrix (4, 4) with a fifth component of its own."""
    larger = np.zeros((5, 5))
    larger[:4, :4] = matrix
    larger[4, 4] = rate
    return larger


def _turn_parts(angle_rad: Floats) -> tuple[Floats, Floats]:
    """``sin(a) / a`` and ``(1 - cos(a)) / a``, (n,), right at zero too."""
    along = np.sinc(angle_rad / np.pi)
    half = 0.5 * angle_rad
    return along, np.sin(half) * np.sinc(half / np.pi)


def _turn_transition(angle_rad: Floats, elapsed_s: float) -> Floats:
    """Transitions (n, 4, 4) of a turn by angles (n,) (BLK section 11.7.1)."""
    along, across = _turn_parts(angle_rad)
    sine, cosine = np.sin(angle_rad), np.cos(angle_rad)
    matrix = np.zeros((len(angle_rad), 4, 4))
    matrix[:, 0, 0] = matrix[:, 1, 1] = 1.0
    matrix[:, 0, 2] = matrix[:, 1, 3] = along * elapsed_s
    matrix[:, 1, 2] = across * elapsed_s
    matrix[:, 0, 3] = -across * elapsed_s
    matrix[:, 2, 2] = matrix[:, 3, 3] = cosine
    matrix[:, 3, 2] = sine
    matrix[:, 2, 3] = -sine
    return matrix


def _slope_of_turn_rate(states: Floats, elapsed_s: float) -> Floats:
    """How the moved state changes with the turn rate (n, 4) (BLK section 11.7.2)."""
    angle = states[:, TURN_RATE] * elapsed_s
    v_east, v_north = states[:, 2], states[:, 3]
    along, across = _turn_parts(angle)
    sine, cosine = np.sin(angle), np.cos(angle)
    small = np.abs(angle) < 1e-4  # the quotients below have no digits left: their limits instead
    divisor = np.where(small, 1.0, angle)
    d_along = np.where(small, -angle / 3.0, (cosine - along) / divisor)
    d_across = np.where(small, 0.5, (sine - across) / divisor)
    t2 = elapsed_s * elapsed_s
    return np.stack(
        [
            t2 * (d_along * v_east - d_across * v_north),
            t2 * (d_across * v_east + d_along * v_north),
            elapsed_s * (-sine * v_east - cosine * v_north),
            elapsed_s * (cosine * v_east - sine * v_north),
        ],
        axis=-1,
    )
