"""Which identifiers are given to one thing alone, and by which one a thing is called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

GIVEN_ONCE: Final = frozenset({"mmsi", "imo", "icao"})
"""Schemes of which every thing bears one identifier, given to it and to nothing else."""

SECOND: Final = "/2"
"""What follows the identifier of the second thing that uses it within one stream."""


def is_given_once(identifier: str) -> bool:
    """Whether somebody gave it to the thing, as no sensor's number of a track is."""
    return identifier.partition(":")[0] in GIVEN_ONCE


def contradict(one: str, other: str) -> bool:
    """Whether no one thing rightly bears both of these identifiers."""
    same_scheme = one.partition(":")[0] == other.partition(":")[0]
    return one != other and same_scheme and is_given_once(one)


def chief(identifiers: Sequence[str]) -> str:
    """By which of its identifiers a thing is called: the first given to it; if none, the first.

    One that a source says goes before one that was made because two things use it.
    """
    given = [one for one in identifiers if is_given_once(one)] or list(identifiers)
    return next((one for one in given if not one.endswith(SECOND)), given[0])
