"""Code tables of ITU-R M.1371-5, annex 8, as values of the ontology.

Each table is indexed by the code; None stands for "not reported", "reserved" and "undefined".
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Table = tuple[str | None, ...]

NAVIGATION_STATUS: Final[Table] = (  # table 48, "Navigational status"
    "under_way_using_engine",
    "at_anchor",
    "not_under_command",
    "restricted_manoeuvrability",
    "constrained_by_draught",
    "moored",
    "aground",
    "engaged_in_fishing",
    "under_way_sailing",
    None,
    None,
    "power_driven_towing_astern",
    "power_driven_pushing_ahead",
    None,
    "ais_sart",
    None,
)
AIS_SART: Final = 14

POSITION_DEVICE: Final[Table] = (  # table 52, "Type of electronic position fixing device"
    None,
    "gps",
    "glonass",
    "gps_glonass",
    "loran_c",
    "chayka",
    "integrated_navigation",
    "surveyed",
    "galileo",
    *(None,) * 6,
    "internal_gnss",
)

_SHIP_CLASS: Final = {  # table 53, first digit
    2: "wing_in_ground",
    4: "high_speed",
    6: "passenger",
    7: "cargo",
    8: "tanker",
    9: "other",
}
_SHIP_SPECIAL: Final = {  # table 53, both digits
    30: "fishing",
    31: "towing",
    32: "towing_long",
    33: "dredging",
    34: "diving",
    35: "military",
    36: "sailing",
    37: "pleasure",
    50: "pilot",
    51: "sar",
    52: "tug",
    53: "port_tender",
    54: "anti_pollution",
    55: "law_enforcement",
    56: "local",
    57: "local",
    58: "medical",
    59: "neutral_state",
}
SHIP_TYPE: Final[Table] = tuple(
    _SHIP_SPECIAL.get(code, _SHIP_CLASS.get(code // 10)) for code in range(256)
)
_HAZARD: Final = {1: "x", 2: "y", 3: "z", 4: "os"}
CARGO_HAZARD: Final[Table] = tuple(
    _HAZARD.get(code % 10) if code // 10 in _SHIP_CLASS else None for code in range(256)
)

_CARDINALS: Final = ("cardinal_north", "cardinal_east", "cardinal_south", "cardinal_west")
_MARKS: Final = (
    *_CARDINALS,
    "port_hand",
    "starboard_hand",
    "preferred_channel_port_hand",
    "preferred_channel_starboard_hand",
    "isolated_danger",
    "safe_water",
    "special_mark",
)
AID_TYPE: Final[Table] = (  # table 74
    "unspecified",
    "reference_point",
    "racon",
    "fixed_structure",
    "emergency_wreck_marking_buoy",
    "light_without_sectors",
    "light_with_sectors",
    "leading_light_front",
    "leading_light_rear",
    *(f"beacon_{mark}" for mark in _MARKS),
    *(f"buoy_{mark}" for mark in _MARKS),
    "light_vessel",
)


def words(codes: NDArray[np.integer], table: Table) -> pa.Array:
    """Meaning of each code as a text column."""
    return word_column(codes, table).cast(pa.utf8())


def word_column(codes: NDArray[np.integer], table: Table) -> pa.DictionaryArray:
    """Meaning of each code as a dictionary column; a code of -1 or without meaning is null."""
    places, values = _places(table)
    index = places[codes]
    absent = index < 0
    indices = pa.array(index, mask=absent) if absent.any() else pa.array(index)
    return pa.DictionaryArray.from_arrays(indices, values)


@lru_cache
def _places(table: Table) -> tuple[NDArray[np.int32], pa.Array]:
    """Place of each code's meaning among the meanings (-1: none; last: for code -1), and these."""
    values = [value for value in table if value is not None]
    places = [-1 if value is None else values.index(value) for value in table]
    return np.array([*places, -1], np.int32), pa.array(values, pa.utf8())
