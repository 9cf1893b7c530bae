"""Numbers for sentences: units that people at sea and in the air speak, in either language."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

KNOT_MPS: Final = 1852.0 / 3600.0
MILE_M: Final = 1852.0
HALF_A_DAY_US: Final = 43_200_000_000

Words = tuple[str, str]
"""English and French."""


def number(value: float, digits: int = 0) -> Words:
    """A number as each language writes it.

    >>> number(1234.56, 1)
    ('1,234.6', '1\u202f234,6')
    """
    en = f"{value:,.{digits}f}"
    return en, en.translate({ord(","): "\u202f", ord("."): ","})


def knots(speed_mps: float) -> Words:
    """A speed, to half a knot or so: ``12.3 kn``, ``12,3 nd``."""
    en, fr = number(speed_mps / KNOT_MPS, 1 if speed_mps < 100 * KNOT_MPS else 0)
    return f"{en} kn", f"{fr} nd"


def distance(distance_m: float) -> Words:
    """A distance: metres below half a nautical mile, else nautical miles."""
    if distance_m < MILE_M / 2:
        en, fr = number(round(distance_m, -1))
        return f"{en} m", f"{fr} m"
    en, fr = number(distance_m / MILE_M, 1 if distance_m < 100 * MILE_M else 0)
    return f"{en} NM", f"{fr} mille{'s' if distance_m >= 1.95 * MILE_M else ''}"


def duration(seconds: float) -> Words:
    """A time span: seconds, minutes, or hours and minutes."""
    if seconds < 100:
        return (f"{seconds:.0f} s",) * 2
    minutes = round(seconds / 60)
    if minutes < 100:
        return (f"{minutes} min",) * 2
    return (f"{minutes // 60} h {minutes % 60:02d} min",) * 2


def clock(us: int) -> str:
    """A time of day, alike in both languages.

    >>> clock(1_767_268_800_000_000)
    '12:00:00 UTC'
    """
    return f"{datetime.fromtimestamp(us / 1e6, UTC):%H:%M:%S} UTC"


def since(us: int, now_us: int) -> Words:
    """Since when something goes on, which stays true while it does: ``since 12:00:00 UTC``.

    What has lasted for half a day or more says how long, as a time of day would tell too little.
    """
    if now_us - us < HALF_A_DAY_US:
        return f"since {clock(us)}", f"depuis {clock(us)}"
    lasts = duration((now_us - us) / 1e6)
    return f"for {lasts[0]}", f"depuis {lasts[1]}"


def when(us: int, now_us: int) -> Words:
    """When something happened: ``at 12:00:00 UTC``; half a day or more ago how long ago it was."""
    if now_us - us < HALF_A_DAY_US:
        return f"at {clock(us)}", f"à {clock(us)}"
    ago = duration((now_us - us) / 1e6)
    return f"{ago[0]} ago", f"il y a {ago[1]}"


def about(us: int) -> Words:
    """When something is expected, to the minute: ``at about 12:00 UTC``, ``vers 12:00 UTC``."""
    at = f"{datetime.fromtimestamp(us / 1e6, UTC):%H:%M} UTC"
    return f"at about {at}", f"vers {at}"


def place(lat: float, lon: float) -> Words:
    """A place, to a mile or so: ``57.02° N 18.10° E``, ``57,02° N 18,10° E``."""
    (en_lat, fr_lat), (en_lon, fr_lon) = number(abs(lat), 2), number(abs(lon), 2)
    north, west = ("N" if lat >= 0 else "S"), lon < 0
    en = f"{en_lat}° {north} {en_lon}° {'W' if west else 'E'}"
    return en, f"{fr_lat}° {north} {fr_lon}° {'O' if west else 'E'}"


def some(names: list[str], most: int = 4) -> Words:
    """The first of some names, and how many more there are."""
    told = ", ".join(names[:most])
    rest = len(names) - most
    return (f"{told} and {rest} more", f"{told} et {rest} autres") if rest > 0 else (told, told)


def days(number_of_days: float) -> Words:
    """How long something was learned: ``12 days``, ``12 jours``."""
    whole = round(number_of_days)
    return f"{whole} day{'s' if whole != 1 else ''}", f"{whole} jour{'s' if whole > 1 else ''}"


COMPASS: Final[tuple[Words, ...]] = (
    ("north", "le nord"), ("north-east", "le nord-est"), ("east", "l'est"),
    ("south-east", "le sud-est"), ("south", "le sud"), ("south-west", "le sud-ouest"),
    ("west", "l'ouest"), ("north-west", "le nord-ouest"),
)  # fmt: skip
"""Directions in eighths of a turn from north."""
