"""Messages made with pyais, an independent encoder: one maker for each kind that the feed reads."""

from __future__ import annotations

from typing import Any

from pyais.encode import encode_dict

PLACE = {"lat": 55.123456, "lon": 10.654321, "accuracy": 1}
HULL = {"to_bow": 90, "to_stern": 30, "to_port": 8, "to_starboard": 12}


def bits(*fields: tuple[int, int]) -> bytes:
    """Values and widths end to end, padded with zero bits to whole bytes."""
    text = "".join(f"{value & ((1 << width) - 1):0{width}b}" for value, width in fields)
    text += "0" * (-len(text) % 8)
    return int(text, 2).to_bytes(len(text) // 8, "big")


CIRCLE = ((0, 3), (0, 2), (690_000, 25), (3_330_000, 24), (4, 3), (1500, 12), (0, 18))
WORDS = ((5, 3), *((ord(letter) - 64, 6) for letter in "WRECKBUOYLOST@"))

POSITION_A: dict[str, Any] = {
    **PLACE, "mmsi": 219000001, "status": 0, "turn": 5.0, "speed": 12.3, "course": 87.6,
    "heading": 85, "second": 7, "maneuver": 1, "raim": 1, "radio": 2281,
}  # fmt: skip
STATION: dict[str, Any] = {
    **PLACE, "mmsi": 2190001, "year": 2026, "month": 3, "day": 14, "hour": 15, "minute": 9,
    "second": 26, "epfd": 7,
}  # fmt: skip
POSITION_B: dict[str, Any] = {
    **PLACE, "mmsi": 219000018, "speed": 6.2, "course": 181.5, "heading": 180, "second": 31,
    "cs": 1, "display": 0, "dsc": 1, "band": 1, "msg22": 1, "assigned": 0, "raim": 0,
    "radio": 917510,
}  # fmt: skip
WEATHER: dict[str, Any] = {
    "mmsi": 2190002, "dac": 1, "lat": 55.5, "lon": 11.25, "day": 14, "hour": 15, "minute": 9,
    "wspeed": 14, "wgust": 21, "wdir": 270, "wgustdir": 280, "airtemp": 4.5, "humidity": 83,
    "dewpoint": 1.9, "pressure": 1013, "pressuretend": 1, "visibility": 8.0, "waterlevel": 0.3,
    "leveltrend": 1, "cspeed": 1.2, "cdir": 45, "cspeed2": 0.9, "cdir2": 50, "cdepth2": 5,
    "cspeed3": 0.4, "cdir3": 60, "cdepth3": 10, "waveheight": 1.4, "waveperiod": 5,
    "wavedir": 265, "swellheight": 0.7, "swellperiod": 9, "swelldir": 250, "seastate": 4,
    "watertemp": 6.1, "preciptype": 1, "salinity": 21.5, "ice": 0,
}  # fmt: skip

VECTORS: dict[str, dict[str, Any]] = {
    "1": {"type": 1, **POSITION_A},
    "2": {"type": 2, **POSITION_A, "mmsi": 219000002, "turn": -20.0, "lat": -33.2, "lon": -70.9},
    "3": {"type": 3, **POSITION_A, "mmsi": 219000003, "status": 5, "speed": 0.0, "turn": 0},
    "4": {"type": 4, **STATION},
    "5": {
        "type": 5, "mmsi": 219000001, "ais_version": 2, "imo": 9074729, "callsign": "OXYZ2",
        "shipname": "EXAMPLE STAR", "ship_type": 71, **HULL, "epfd": 1, "month": 3, "day": 15,
        "hour": 6, "minute": 30, "draught": 7.4, "destination": "GOTHENBURG", "dte": 0,
    },
    "8.11": {"type": 8, "fid": 11, **WEATHER},
    "8.22": {
        "type": 8, "mmsi": 2190003, "dac": 1, "fid": 22, "linkage": 37, "notice": 12, "month": 3,
        "day": 14, "hour": 16, "minute": 0, "duration": 120, "area_data": bits(*CIRCLE, *WORDS),
    },
    "8.31": {"type": 8, "fid": 31, **WEATHER},
    "9": {
        "type": 9, **PLACE, "mmsi": 111219501, "alt": 303, "speed": 120, "course": 154.5,
        "second": 15, "reserved_1": 1, "dte": 1, "assigned": 0, "raim": 0, "radio": 33392,
    },
    "11": {"type": 11, **STATION, "mmsi": 219000011},
    "14": {"type": 14, "mmsi": 970019999, "text": "SART ACTIVE"},
    "18": {"type": 18, **POSITION_B},
    "19": {
        "type": 19, **PLACE, "mmsi": 219000019, "speed": 8.7, "course": 335.9, "heading": 511,
        "second": 46, "shipname": "EXAMPLE YAWL", "ship_type": 36, "to_bow": 5, "to_stern": 8,
        "to_port": 2, "to_starboard": 2, "epfd": 1, "raim": 0, "dte": 1, "assigned": 0,
    },
    "21": {
        "type": 21, **PLACE, "mmsi": 992190001, "aid_type": 24, "name": "EXAMPLE SHOAL PORT B",
        "name_ext": "UOY", "to_bow": 1, "to_stern": 1, "to_port": 1, "to_starboard": 1, "epfd": 7,
        "second": 9, "off_position": 0, "virtual_aid": 1, "assigned": 0, "raim": 0,
    },
    "24.A": {"type": 24, "mmsi": 219000018, "partno": 0, "shipname": "EXAMPLE SLOOP"},
    "24.B": {
        "type": 24, "mmsi": 219000018, "partno": 1, "ship_type": 37, "vendorid": "SRT",
        "model": 2, "serial": 1234, "callsign": "OW1234", "to_bow": 6, "to_stern": 5,
        "to_port": 2, "to_starboard": 2,
    },
    "24.B auxiliary": {
        "type": 24, "mmsi": 982190001, "partno": 1, "ship_type": 37, "vendorid": "SRT",
        "model": 2, "serial": 1235, "callsign": "OW1235", "mothership_mmsi": 219000001,
    },
    "27": {
        "type": 27, "mmsi": 219000027, "accuracy": 0, "raim": 0, "status": 0, "lat": 55.5,
        "lon": 11.5, "speed": 14, "course": 271, "gnss": 0,
    },
}  # fmt: skip


def sentences(name: str, talker: str = "AIVDM", **changes: Any) -> list[bytes]:
    """The sentences of one vector, without newline."""
    data = {**VECTORS[name], **changes}
    data["msg_type"] = data["type"]  # pyais writes 1 for 2 and 3, 4 for 11 if left to itself
    made = encode_dict(data, talker_id=talker[:2], sentence_type=talker[2:], seq_id=3)
    return [line.encode() for line in made]


def checksummed(content: str) -> bytes:
    """``content`` (with its ``!`` or ``$``) and its checksum."""
    checksum = 0
    for byte in content[1:].encode():
        checksum ^= byte
    return f"{content}*{checksum:02X}".encode()


def tag_block(content: str) -> bytes:
    """A tag block with its backslashes."""
    return b"\\" + checksummed(" " + content)[1:] + b"\\"
