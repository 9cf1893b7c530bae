"""Chance without memory: the same numbers for the same question, whatever was asked before.

A generator that is drawn from in turn would make every second depend on all seconds before. Here
each draw is a hash of what it is for, so that a simulation can be entered at any moment.
"""

from __future__ import annotations

from random import Random
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)


def generator(*purpose: object) -> Random:
    """Return a generator for one purpose, which its caller uses up."""
    return Random(" ".join(map(str, purpose)))  # noqa: S311 - an exercise, nothing to keep secret


def uniform(seed: int, *numbers: ArrayLike) -> NDArray[np.float64]:
    """Return numbers in [0, 1), one for each combination of whole numbers (broadcast).

    Source: S. Vigna's SplitMix64 finaliser, chained over the numbers.
    """
    with np.errstate(over="ignore"):
        state = _mixed(np.uint64(seed & 0xFFFFFFFFFFFFFFFF) + _GOLDEN)
        for number in numbers:
            state = _mixed(state + _GOLDEN * (np.asarray(number).astype(np.uint64) + np.uint64(1)))
    return np.asarray((state >> np.uint64(11)) * 2.0**-53, np.float64)


def normal(seed: int, *numbers: ArrayLike) -> NDArray[np.float64]:
    """Return roughly normal numbers, mean 0 and deviation 1: the sum of four uniform ones."""
    drawn = sum(uniform(seed, *numbers, part) for part in range(4))
    return np.asarray((drawn - 2.0) * 3.0**0.5)


def _mixed(state: NDArray[np.uint64] | np.uint64) -> NDArray[np.uint64]:
    state = (state ^ (state >> np.uint64(30))) * _FIRST
    state = (state ^ (state >> np.uint64(27))) * _SECOND
    return np.asarray(state ^ (state >> np.uint64(31)))
