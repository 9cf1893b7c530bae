"""The units that a property's numbers may have, and into what they are turned for display."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final, NamedTuple


class Conversion(NamedTuple):
    """Another unit of the same quantity: its value is ``value * factor + offset``."""

    unit: str
    factor: float
    offset: float = 0.0


NAUTICAL_MILE_M: Final = 1852.0
FOOT_M: Final = 0.3048

UNITS: Final = MappingProxyType(
    {
        "m": (Conversion("ft", 1 / FOOT_M), Conversion("NM", 1 / NAUTICAL_MILE_M)),
        "m2": (Conversion("km2", 1e-6), Conversion("ha", 1e-4)),
        "m3": (Conversion("l", 1e3),),
        "m/s": (Conversion("kn", 3600 / NAUTICAL_MILE_M), Conversion("km/h", 3.6)),
        "kg": (Conversion("t", 1e-3),),
        "s": (Conversion("min", 1 / 60), Conversion("h", 1 / 3600)),
        "deg": (),
        "K": (Conversion("degC", 1.0, -273.15),),
        "Pa": (Conversion("hPa", 1e-2), Conversion("bar", 1e-5)),
        "Hz": (Conversion("kHz", 1e-3), Conversion("MHz", 1e-6)),
        "V": (Conversion("kV", 1e-3),),
        "W": (Conversion("MW", 1e-6),),
        "bit/s": (Conversion("Tbit/s", 1e-12),),
        "persons": (),
        "%": (),
    }
)
"""By unit as kept (SI, with what has no SI unit): the units that a screen may show instead.

Sources: the SI brochure, 9th edition, tables 1, 4 and 8; nautical mile and knot as there, table 8.
"""
