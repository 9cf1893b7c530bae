"""What people choose by a word: how things move, and when a track stands."""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from enum import StrEnum
from typing import Final

from alliage.fusion.modes import Modes
from alliage.fusion.motion import ConstantVelocity, KnownTurn, MotionModel, OrnsteinUhlenbeck
from alliage.fusion.settings import ByCount, ByExistence

USUAL_STAY_S: Final = 600.0
STAY_BESIDE_TURNS_S: Final = 120.0
TURN_S: Final = 30.0
"""How long a thing goes on as it does, on average, where it may do otherwise."""


class Motion(StrEnum):
    """How things move."""

    STRAIGHT = "straight"  # nearly constant velocity
    SHIPS = "ships"  # the velocity returns to its mean: slow to turn, seen seldom
    TURNS = "turns"  # to either side, or straight on
    REST = "rest"  # at anchor or moored


def modes_of(
    motions: Collection[Motion], acceleration_psd_m2ps3: float, turn_rate_degps: float
) -> Modes:
    """The modes that some words stand for; several are an IMM."""
    chosen = set(motions) | ({Motion.STRAIGHT} if set(motions) == {Motion.TURNS} else set())
    stay_s = STAY_BESIDE_TURNS_S if Motion.TURNS in chosen else USUAL_STAY_S
    rate = math.radians(turn_rate_degps)
    models: dict[Motion, list[MotionModel]] = {
        Motion.STRAIGHT: [ConstantVelocity(acceleration_psd_m2ps3)],
        Motion.SHIPS: [OrnsteinUhlenbeck()],
        Motion.REST: [OrnsteinUhlenbeck(speed_std_mps=0.1, time_constant_s=30.0)],
        Motion.TURNS: [KnownTurn(side * rate, acceleration_psd_m2ps3) for side in (1, -1)],
    }
    of_each = [(model, one) for one in models if one in chosen for model in models[one]]
    stays = [TURN_S if one is Motion.TURNS else stay_s for _, one in of_each]
    return Modes([model for model, _ in of_each], stays)


def confirmation_of(
    words: str, by_existence: ByExistence | None = None, misses: int = 4
) -> ByExistence | ByCount:
    """The rule that ``existence``, or ``M/N`` for M plots in N looks, stands for.

    Raises:
        ValueError: the words are neither, or the numbers cannot be.
    """
    if words == "existence":
        return by_existence or ByExistence()
    counts = re.fullmatch(r"([0-9]+)/([0-9]+)", words)
    if counts is None:
        raise ValueError(f"{words!r}: say existence, or M/N as in 3/5")
    return ByCount(int(counts[1]), int(counts[2]), misses)
