"""Identification numbers that can be checked: who issued them, and whether they can be right.

So can a text that has a form of its own, such as the times at the corners of a line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from alliage.ontology.corner_times import read_corner_times, write_corner_times


class Code(StrEnum):
    """What kind of identification, or of other text with a form, a property holds."""

    MMSI = "mmsi"
    IMO = "imo"
    ICAO24 = "icao24"
    COUNTRY = "country"
    CORNER_TIMES = "corner_times"


_COUNTRIES: Final = """
ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR
BHR BHS BIH BLM BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG
COK COL COM CPV CRI CUB CUW CXR CYM CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH
FIN FJI FLK FRA FRO FSM GAB GBR GEO GGY GHA GIB GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY
HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA JAM JEY JOR JPN KAZ KEN KGZ KHM
KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA MDG MDV MEX MHL
MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR
NPL NRU NZL OMN PAK PAN PCN PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU
SDN SEN SGP SGS SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA
TCD TGO THA TJK TKL TKM TLS TON TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB
VIR VNM VUT WLF WSM YEM ZAF ZMB ZWE
"""
COUNTRIES: Final = frozenset(_COUNTRIES.split())
"""ISO 3166-1 alpha-3, officially assigned."""
_FREE: Final = re.compile(r"^X[A-Z]{2}$")

_ICAO24: Final = re.compile(r"^[0-9A-Fa-f]{6}$")


def checked_code(code: Code, value: str | int) -> str | int:
    """An identification as it is kept.

    Raises:
        ValueError: it cannot be one; says what one looks like.
    """
    return _CHECKS[code](value)


def is_nation(code: str) -> bool:
    """Whether there is such a nation, or one may invent it: XAA to XZZ are free for all."""
    return code in COUNTRIES or _FREE.match(code) is not None


def _mmsi(value: str | int) -> str | int:
    """ITU-R M.585-9: nine digits; as a number, leading zeros (coast stations) are gone."""
    number = int(value) if isinstance(value, int) or value.isdecimal() else -1
    if not 1 <= number <= 999_999_999:
        raise ValueError(f"{value!r} is no MMSI: nine digits (ITU-R M.585)")
    return value


def _imo(value: str | int) -> str | int:
    """IMO resolution A.1117(30): six digits and one that checks them, weighted 7 to 2."""
    text = str(value).removeprefix("IMO").strip()
    good = len(text) == 7 and text.isdecimal()
    total = sum(int(digit) * weight for digit, weight in zip(text, range(7, 1, -1), strict=False))
    if not good:
        raise ValueError(f"{value!r} is no IMO number: seven digits (A.1117(30))")
    if total % 10 != int(text[6]):
        raise ValueError(
            f"{value!r} is no IMO number: its last digit would have to be {total % 10} (A.1117(30))"
        )
    return value if isinstance(value, int) else text


def _icao24(value: str | int) -> str:
    """ICAO annex 10, volume III, chapter 9: 24 bits, here six hexadecimal digits."""
    text = str(value)
    if not _ICAO24.match(text) or text in ("000000", "ffffff", "FFFFFF"):
        raise ValueError(f"{value!r} is no ICAO address: six hexadecimal digits, not all 0 or F")
    return text.lower()


def _country(value: str | int) -> str:
    if value not in COUNTRIES:
        raise ValueError(f"{value!r} is no country: three letters of ISO 3166-1, e.g. DNK")
    return str(value)


def _corner_times(value: str | int) -> str:
    return write_corner_times(read_corner_times(str(value)))


_CHECKS: Final[Mapping[Code, Callable[[str | int], str | int]]] = MappingProxyType(
    {
        Code.MMSI: _mmsi,
        Code.IMO: _imo,
        Code.ICAO24: _icao24,
        Code.COUNTRY: _country,
        Code.CORNER_TIMES: _corner_times,
    }
)
