"""What a correlator takes for granted; the defaults are for ships, and do for most that moves."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CorrelationSettings:
    """Figures of the models and of the decisions.

    Attributes:
        max_age_s: a track not heard for longer is not compared.
        window_s: time after which a comparison counts 1/e of a fresh one.
        remember_s: how long a pair that was told is remembered while one of it is silent.
        position_std_m: of a position whose stream gives none.
        placement_std_m: how far apart two sensors may see the middle of one thing.
        speed_std_mps: of a speed whose stream gives none; courses add 5 % of the speed.
        unknown_speed_std_mps: speed along each axis of what says no speed.
        acceleration_psd: white noise of acceleration while a report ages, m^2/s^3.
        bias_std_m: along each axis, what the streams may be apart before anything is known.
        time_offset_std_s: likewise, of their clocks.
        turn_std_deg: likewise, by how much a sensor is turned.
        range_std_m: likewise, by how much its ranges are too long.
        stretch_std: likewise, by which part of them.
        gate: squared Mahalanobis distance of two positions that may be one thing's.
        reports_at_most: reports of one thing err alike, so that no more count as independent.
        density_floor: things per square metre where no others are near: one in 50 km by 50 km.
        confirm: score from which on a pair is one thing.
        drop: score below which it is not any more.
        rival_log_odds: log-likelihood ratio from which on a pair that is not decided is told.
        rival_after_s: how long such a pair was compared before: most are decided sooner.
        steady: how many rounds in a row a change of mind takes.
        max_speed_mps: of things; those that report more than half of it may do twice their own.
    """

    max_age_s: float = 400.0
    window_s: float = 900.0
    remember_s: float = 86_400.0
    position_std_m: float = 30.0
    placement_std_m: float = 20.0
    speed_std_mps: float = 0.5
    unknown_speed_std_mps: float = 4.0
    acceleration_psd: float = 0.005
    bias_std_m: float = 150.0
    time_offset_std_s: float = 5.0
    turn_std_deg: float = 0.2
    range_std_m: float = 100.0
    stretch_std: float = 0.002
    gate: float = 13.8
    reports_at_most: float = 10.0
    density_floor: float = 4e-10
    confirm: float = 0.95
    drop: float = 0.3
    rival_log_odds: float = 4.0
    rival_after_s: float = 180.0
    steady: int = 3
    max_speed_mps: float = 60.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.drop < self.confirm < 1.0:
            raise ValueError(f"0 <= drop < confirm < 1, not {self.drop} and {self.confirm}")
        if self.steady < 1:
            raise ValueError(f"steady is one round or more, not {self.steady}")
