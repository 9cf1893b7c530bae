"""Where each field lies in each message, after ITU-R M.1371-5, annex 8, section 3.

Names are those of gpsd's AIVDM/AIVDO description, which other decoders use too. ``min_bits`` is
lower than the standard's length where transmitters in use leave out trailing bits that nothing
here needs. Application messages (type 8) follow IMO SN.1/Circ.236 (FI 11) and SN.1/Circ.289.
"""

from __future__ import annotations

from typing import Final

from alliage.feeds.ais.fields import Layout, layout

_HEAD: Final = (("msg_type", 6, "u"), ("repeat", 2, "u"), ("mmsi", 30, "u"))
_PLACE: Final = (("accuracy", 1, "u"), ("lon", 28, "s"), ("lat", 27, "s"))
_SIZE: Final = (
    ("to_bow", 9, "u"),
    ("to_stern", 9, "u"),
    ("to_port", 6, "u"),
    ("to_starboard", 6, "u"),
)
_APPLICATION: Final = (*_HEAD, ("_spare", 2, "u"), ("dac", 10, "u"), ("fid", 6, "u"))

HEAD: Final = layout("every message", 38, *_HEAD)
APPLICATION: Final = layout("binary broadcast message", 56, *_APPLICATION)

CLASS_A_POSITION: Final = layout(  # table 48
    "position report (1, 2, 3)",
    143,
    *_HEAD,
    ("status", 4, "u"),
    ("turn", 8, "s"),
    ("speed", 10, "u"),
    *_PLACE,
    ("course", 12, "u"),
    ("heading", 9, "u"),
    ("second", 6, "u"),
    ("maneuver", 2, "u"),
    ("_spare", 3, "u"),
    ("raim", 1, "u"),
    ("radio", 19, "u"),
)
BASE_STATION: Final = layout(  # table 51
    "base station report (4), UTC and date response (11)",
    138,
    *_HEAD,
    ("year", 14, "u"),
    ("month", 4, "u"),
    ("day", 5, "u"),
    ("hour", 5, "u"),
    ("minute", 6, "u"),
    ("second", 6, "u"),
    *_PLACE,
    ("epfd", 4, "u"),
    ("_spare", 10, "u"),
    ("raim", 1, "u"),
    ("radio", 19, "u"),
)
CLASS_A_STATIC: Final = layout(  # table 52
    "ship static and voyage related data (5)",
    420,
    *_HEAD,
    ("ais_version", 2, "u"),
    ("imo", 30, "u"),
    ("callsign", 42, "t"),
    ("shipname", 120, "t"),
    ("ship_type", 8, "u"),
    *_SIZE,
    ("epfd", 4, "u"),
    ("month", 4, "u"),
    ("day", 5, "u"),
    ("hour", 5, "u"),
    ("minute", 6, "u"),
    ("draught", 8, "u"),
    ("destination", 120, "t"),
    ("dte", 1, "u"),
)
SAR_AIRCRAFT: Final = layout(  # table 59
    "standard SAR aircraft position report (9)",
    134,
    *_HEAD,
    ("alt", 12, "u"),
    ("speed", 10, "u"),
    *_PLACE,
    ("course", 12, "u"),
    ("second", 6, "u"),
    ("reserved_1", 8, "u"),
    ("dte", 1, "u"),
    ("_spare", 3, "u"),
    ("assigned", 1, "u"),
    ("raim", 1, "u"),
    ("radio", 20, "u"),
)
SAFETY_TEXT: Final = layout("safety related broadcast message (14)", 46, *_HEAD)  # table 64
SAFETY_TEXT_START: Final = 40
CLASS_B_POSITION: Final = layout(  # table 70
    "standard class B position report (18)",
    139,
    *_HEAD,
    ("reserved_1", 8, "u"),
    ("speed", 10, "u"),
    *_PLACE,
    ("course", 12, "u"),
    ("heading", 9, "u"),
    ("second", 6, "u"),
    ("reserved_2", 2, "u"),
    ("cs", 1, "u"),
    ("display", 1, "u"),
    ("dsc", 1, "u"),
    ("band", 1, "u"),
    ("msg22", 1, "u"),
    ("assigned", 1, "u"),
    ("raim", 1, "u"),
    ("radio", 20, "u"),
)
CLASS_B_EXTENDED: Final = layout(  # table 71
    "extended class B position report (19)",
    301,
    *_HEAD,
    ("reserved_1", 8, "u"),
    ("speed", 10, "u"),
    *_PLACE,
    ("course", 12, "u"),
    ("heading", 9, "u"),
    ("second", 6, "u"),
    ("reserved_2", 4, "u"),
    ("shipname", 120, "t"),
    ("ship_type", 8, "u"),
    *_SIZE,
    ("epfd", 4, "u"),
    ("raim", 1, "u"),
    ("dte", 1, "u"),
    ("assigned", 1, "u"),
)
AID_TO_NAVIGATION: Final = layout(  # table 73
    "aid-to-navigation report (21)",
    270,
    *_HEAD,
    ("aid_type", 5, "u"),
    ("name", 120, "t"),
    *_PLACE,
    *_SIZE,
    ("epfd", 4, "u"),
    ("second", 6, "u"),
    ("off_position", 1, "u"),
    ("reserved_1", 8, "u"),
    ("raim", 1, "u"),
    ("virtual_aid", 1, "u"),
    ("assigned", 1, "u"),
    ("_spare", 1, "u"),
    ("name_ext", 88, "t"),
)
_PART: Final = (*_HEAD, ("partno", 2, "u"))
STATIC_PART: Final = layout("static data report (24)", 40, *_PART)
CLASS_B_NAME: Final = layout(  # table 78
    "static data report, part A (24)", 160, *_PART, ("shipname", 120, "t")
)
_PART_B: Final = (
    *_PART,
    ("ship_type", 8, "u"),
    ("vendorid", 18, "t"),
    ("model", 4, "u"),
    ("serial", 20, "u"),
    ("callsign", 42, "t"),
)
CLASS_B_STATIC: Final = layout(  # table 79
    "static data report, part B (24)", 162, *_PART_B, *_SIZE, ("epfd", 4, "u")
)
AUXILIARY_STATIC: Final = layout(  # table 79, MMSI 98MIDxxxx
    "static data report, part B of an auxiliary craft (24)",
    162,
    *_PART_B,
    ("mothership_mmsi", 30, "u"),
)
LONG_RANGE: Final = layout(  # table 84
    "long-range position report (27)",
    94,
    *_HEAD,
    ("accuracy", 1, "u"),
    ("raim", 1, "u"),
    ("status", 4, "u"),
    ("lon", 18, "s"),
    ("lat", 17, "s"),
    ("speed", 6, "u"),
    ("course", 9, "u"),
    ("gnss", 1, "u"),
)

_WIND: Final = (("wspeed", 7, "u"), ("wgust", 7, "u"), ("wdir", 9, "u"), ("wgustdir", 9, "u"))
_CLOCK: Final = (("day", 5, "u"), ("hour", 5, "u"), ("minute", 6, "u"))
_CURRENTS: Final = (
    ("cspeed", 8, "u"),
    ("cdir", 9, "u"),
    ("cspeed2", 8, "u"),
    ("cdir2", 9, "u"),
    ("cdepth2", 5, "u"),
    ("cspeed3", 8, "u"),
    ("cdir3", 9, "u"),
    ("cdepth3", 5, "u"),
)
_WAVES: Final = (
    ("waveheight", 8, "u"),
    ("waveperiod", 6, "u"),
    ("wavedir", 9, "u"),
    ("swellheight", 8, "u"),
    ("swellperiod", 6, "u"),
    ("swelldir", 9, "u"),
    ("seastate", 4, "u"),
)
WEATHER_236: Final = layout(  # SN.1/Circ.236, annex 2, table 2 (FI 11)
    "meteorological and hydrological data (8, DAC 1, FI 11)",
    344,
    *_APPLICATION,
    ("lat", 24, "s"),
    ("lon", 25, "s"),
    *_CLOCK,
    *_WIND,
    ("airtemp", 11, "u"),
    ("humidity", 7, "u"),
    ("dewpoint", 10, "u"),
    ("pressure", 9, "u"),
    ("pressuretend", 2, "u"),
    ("visibility", 8, "u"),
    ("waterlevel", 9, "u"),
    ("leveltrend", 2, "u"),
    *_CURRENTS,
    *_WAVES,
    ("watertemp", 10, "u"),
    ("preciptype", 3, "u"),
    ("salinity", 9, "u"),
    ("ice", 2, "u"),
)
WEATHER_289: Final = layout(  # SN.1/Circ.289, annex, table 1.1 (FI 31)
    "meteorological and hydrological data (8, DAC 1, FI 31)",
    348,
    *_APPLICATION,
    ("lon", 25, "s"),
    ("lat", 24, "s"),
    ("accuracy", 1, "u"),
    *_CLOCK,
    *_WIND,
    ("airtemp", 11, "s"),
    ("humidity", 7, "u"),
    ("dewpoint", 10, "s"),
    ("pressure", 9, "u"),
    ("pressuretend", 2, "u"),
    ("visgreater", 1, "u"),
    ("visibility", 7, "u"),
    ("waterlevel", 12, "u"),
    ("leveltrend", 2, "u"),
    *_CURRENTS,
    *_WAVES,
    ("watertemp", 10, "s"),
    ("preciptype", 3, "u"),
    ("salinity", 9, "u"),
    ("ice", 2, "u"),
)
AREA_NOTICE: Final = layout(  # SN.1/Circ.289, annex, table 4.1 (FI 22)
    "area notice, broadcast (8, DAC 1, FI 22)",
    198,
    *_APPLICATION,
    ("linkage", 10, "u"),
    ("notice", 7, "u"),
    ("month", 4, "u"),
    ("day", 5, "u"),
    ("hour", 5, "u"),
    ("minute", 6, "u"),
    ("duration", 18, "u"),
)
AREA_START: Final = 111
AREA_BITS: Final = 87
AREA_SHAPES: Final[dict[int, Layout]] = {  # tables 4.2 to 4.6; the text is 14 characters
    0: layout(
        "circle or point", 87, ("shape", 3, "u"), ("scale", 2, "u"), ("lon", 25, "s"),
        ("lat", 24, "s"), ("precision", 3, "u"), ("radius", 12, "u"),
    ),
    1: layout(
        "rectangle", 87, ("shape", 3, "u"), ("scale", 2, "u"), ("lon", 25, "s"),
        ("lat", 24, "s"), ("precision", 3, "u"), ("east", 8, "u"), ("north", 8, "u"),
        ("orientation", 9, "u"),
    ),
    2: layout(
        "sector", 87, ("shape", 3, "u"), ("scale", 2, "u"), ("lon", 25, "s"), ("lat", 24, "s"),
        ("precision", 3, "u"), ("radius", 12, "u"), ("left", 9, "u"), ("right", 9, "u"),
    ),
    3: layout(
        "polyline", 87, ("shape", 3, "u"), ("scale", 2, "u"),
        *((f"{part}{n}", 10, "u") for n in range(1, 5) for part in ("bearing", "distance")),
    ),
    5: layout("text", 87, ("shape", 3, "u"), ("text", 84, "t")),
}  # fmt: skip
AREA_SHAPES[4] = AREA_SHAPES[3]  # a polygon is a polyline that is closed

BY_TYPE: Final[dict[int, Layout]] = {
    1: CLASS_A_POSITION,
    2: CLASS_A_POSITION,
    3: CLASS_A_POSITION,
    4: BASE_STATION,
    5: CLASS_A_STATIC,
    9: SAR_AIRCRAFT,
    11: BASE_STATION,
    14: SAFETY_TEXT,
    18: CLASS_B_POSITION,
    19: CLASS_B_EXTENDED,
    21: AID_TO_NAVIGATION,
    27: LONG_RANGE,
}
"""Layouts that the message type alone decides; 8 and 24 need a second look."""
