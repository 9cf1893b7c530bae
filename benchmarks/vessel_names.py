"""Two registers of ships that overlap, with what registers do to names, and which rows are one.

Made up from words that ships bear. A few hundred words make many names, so that strangers share
words, sisters differ by a number alone, and one name has several bearers, as at sea.
"""

# ruff: noqa: RUF001 - Cyrillic letters are some of what is tried
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

_FIRST_WORDS = """
ATLANTIC BALTIC NORDIC OCEAN STELLA MARIA NORD SEA POLAR ARCTIC GOLDEN SILVER BLUE GREEN RED
WHITE STAR EAGLE VIKING THOR FREJA SANTA SAN QUEEN KING PRINCESS LADY ROYAL GRAND NEW EVER
MSC MAERSK HAFNIA STENA FINN TRANS EURO NORTH SOUTH EAST WEST CAPE FORT MOUNT RIVER ÅSE
BJØRN SØREN KÆRE KÖLN MÜNCHEN GÖTEBORG ÉTOILE FRANÇOIS ПОБЕДА АЛЕКСАНДР НЕВА ВОЛГА JEANNE
ANNA HELENE INGRID KARIN
"""
_SECOND_WORDS = """
STAR TRADER SPIRIT EXPLORER PIONEER CARRIER EXPRESS BREEZE WIND WAVE SUN MOON DAWN HORIZON
PEARL DIAMOND CROWN FORTUNE GLORY HOPE GRACE PRIDE SWAN FALCON DOLPHIN WHALE SEAL BEAR WOLF
LION TIGER MARINER SAILOR NAVIGATOR VOYAGER CHALLENGER ENDEAVOUR VICTORY HARMONY UNITY
LIBERTY FREEDOM BAY SOUND BELT STRAIT ISLAND ROCK POINT BANK BRIDGE TOWER LIGHT ÖRESUND
LÜBECK BODØ TRØNDELAG
"""
_FIRST, _SECOND = _FIRST_WORDS.split(), _SECOND_WORDS.split()
_FLAGS = ("DNK", "SWE", "NOR", "DEU", "FIN", "PAN", "LBR", "MHL", "MLT", "CYP", "NLD", "GBR")
_TYPES = ("cargo", "tanker", "passenger", "fishing", "tug", "sailing", "pleasure", "dredging")
_PREFIX = ("MV ", "M/V ", "M/S ", "M.S. ", "MT ", "")
_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
_LETTERS = list("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_PLAIN = {"Å": "AA", "Ø": "OE", "Æ": "AE", "Ö": "OE", "Ü": "UE", "É": "E", "Ç": "C"}


@dataclass(frozen=True)
class Registers:
    """Two tables with an ``id`` each, and the pairs of ids that are one ship."""

    one: pa.Table
    other: pa.Table
    same: frozenset[tuple[str, str]]


def registers(ships: int, seed: int) -> Registers:
    """Registers of so many ships each, seven in ten of them in both."""
    chance = np.random.default_rng(seed)
    shared = round(0.7 * ships)
    fleet = [_ship(chance, n) for n in range(2 * ships - shared)]
    fleet = _with_sisters(fleet, chance)
    order = chance.permutation(len(fleet))
    mine, yours = order[:ships], order[ships - shared :]
    one = [{**fleet[n], "id": f"a{k}"} for k, n in enumerate(mine.tolist())]
    other = [{**_written(fleet[n], chance), "id": f"b{k}"} for k, n in enumerate(yours.tolist())]
    place = {n: k for k, n in enumerate(yours.tolist())}
    same = frozenset((f"a{k}", f"b{place[n]}") for k, n in enumerate(mine.tolist()) if n in place)
    return Registers(_table(one), _table(other), same)


def _ship(chance: np.random.Generator, nth: int) -> dict[str, Any]:
    name = str(chance.choice(_FIRST))
    if chance.random() < 0.8:
        name += f" {chance.choice(_SECOND)}"
    if chance.random() < 0.1:
        name += f" {chance.integers(1, 30)}"
    length = round(float(np.exp(chance.normal(4.2, 0.7))), 1)
    return {
        "name": name,
        "imo_number": str(9_000_000 + 7 * nth + int(chance.integers(7))),
        "mmsi": str(200_000_000 + 331 * nth + int(chance.integers(331))),
        "call_sign": "".join(chance.choice(_LETTERS, 3)) + f"{chance.integers(10)}"
        + "".join(chance.choice(_LETTERS, 1)),
        "flag": str(chance.choice(_FLAGS)),
        "ship_type": str(chance.choice(_TYPES)),
        "length_m": length,
        "beam_m": round(length / 6.5 + 1.0, 1),
    }  # fmt: skip


def _with_sisters(fleet: list[dict[str, Any]], chance: np.random.Generator) -> list[dict[str, Any]]:
    """One ship in ten is a sister of the one before: one name but for the number, one size."""
    made: list[dict[str, Any]] = []
    for ship in fleet:
        if made and chance.random() < 0.1:
            before = made[-1]
            name, _, number = before["name"].rpartition(" ")
            is_numbered = number.isdigit()
            name = name if is_numbered else before["name"]
            number = int(number) + 1 if is_numbered else 2
            same = {key: before[key] for key in ("flag", "ship_type", "length_m", "beam_m")}
            ship = {**ship, **same, "name": f"{name} {number}"}
        made.append(ship)
    return made


def _written(ship: dict[str, Any], chance: np.random.Generator) -> dict[str, Any]:
    """The same ship as the other register has it."""
    said = dict(ship)
    said["name"] = _respelt(ship["name"], chance)
    if chance.random() < 0.04:
        said["name"] = f"{chance.choice(_FIRST)} {chance.choice(_SECOND)}"  # sold and renamed
    if chance.random() < 0.08:
        said["flag"] = str(chance.choice(_FLAGS))
        said["mmsi"] = str(chance.integers(200_000_000, 780_000_000))
        said["call_sign"] = "".join(chance.choice(_LETTERS, 5))
    if chance.random() < 0.1:
        said["ship_type"] = str(chance.choice(_TYPES))
    for key, spread in (("length_m", 0.02), ("beam_m", 0.03)):
        said[key] = round(said[key] * (1.0 + spread * float(chance.normal())), 1)
    for key, share in (("imo_number", 0.03), ("mmsi", 0.03), ("call_sign", 0.04)):
        if chance.random() < share:
            said[key] = _typo(said[key], chance)
    missing = {"imo_number": 0.6, "mmsi": 0.6, "call_sign": 0.5, "flag": 0.2, "ship_type": 0.3,
               "length_m": 0.3, "beam_m": 0.5}  # fmt: skip
    for key, share in missing.items():
        if chance.random() < share:
            said[key] = None
    return said


def _respelt(name: str, chance: np.random.Generator) -> str:
    if chance.random() < 0.5:
        for letter, plain in _PLAIN.items():
            name = name.replace(letter, plain)
    head, _, number = name.rpartition(" ")
    if number.isdigit() and int(number) < len(_ROMAN) and chance.random() < 0.5:
        name = f"{head} {_ROMAN[int(number)]}"
    draw = chance.random()
    if draw < 0.12:
        name = _typo(name, chance)
    elif draw < 0.16:
        name = name.replace(" ", "")
    elif draw < 0.18:
        name = " ".join(reversed(name.split()))
    return str(chance.choice(_PREFIX)) + (name.title() if chance.random() < 0.3 else name)


def _typo(text: str, chance: np.random.Generator) -> str:
    place = int(chance.integers(len(text)))
    way = chance.random()
    if way < 0.35:
        return text[:place] + text[place + 1 :]
    if way < 0.7:
        letter = str(chance.integers(10)) if text[place].isdigit() else str(chance.choice(_LETTERS))
        return text[:place] + letter + text[place + 1 :]
    return text[:place] + text[place : place + 2][::-1] + text[place + 2 :]


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows)
