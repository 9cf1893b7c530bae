"""Writes vectors.json: random records, and what libasterix reads in them.

Run by hand in an environment with libasterix 0.36 (MIT), which takes half a gigabyte and ten
seconds to import: ``python tests/feeds/asterix/make_vectors.py``.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import asterix.generated as gen
from asterix.base import Bits, RawDatablock

CATEGORIES = {34: gen.Cat_034_1_29, 48: gen.Cat_048_1_32, 205: gen.Cat_205_1_0}
ITEMS = {  # octets; e: extended, r<n>: repeated, x: explicit, c…: compound
    34: "2 1 3 1 2 c1--112 c1--111 r2 8 1 8 2 x x",
    48: "2 3 e 4 2 2 c1111111 3 6 r8 2 4 4 e 4 e 2 4 2 c2r 2 7 1 2 1 2 x x",
    205: "2 1 1 3 1 7 8 6 2 2 1 1 r1 8 6 1 2 1 2 1 2 x",
}
dice = random.Random(7)


def item(kind: str) -> bytes:
    if kind.isdigit():
        return dice.randbytes(int(kind))
    if kind == "e":
        more = dice.choice([0, 0, 0, 1])
        return bytes([dice.randrange(128) << 1 | 1] * more + [dice.randrange(128) << 1])
    if kind[0] == "r":
        count = dice.randrange(4)
        return bytes([count]) + dice.randbytes(count * int(kind[1:]))
    if kind == "x":
        count = dice.randrange(1, 5)
        return bytes([count]) + dice.randbytes(count - 1)
    parts = kind[1:]
    there = [bit for bit, part in enumerate(parts) if part != "-" and dice.random() < 0.5]
    body = b"".join(item("r6" if parts[bit] == "r" else parts[bit]) for bit in there)
    return bytes([sum(0x80 >> bit for bit in there)]) + body


def record(category: int) -> bytes:
    kinds = ITEMS[category].split()
    must = {34: {0, 1, 2}, 48: {0, 1}, 205: {0, 2, 3}}[category]
    there = [n for n in range(len(kinds)) if n in must or dice.random() < 0.5]
    octets = [sum(0x80 >> n % 7 for n in there if n // 7 == o) for o in range(there[-1] // 7 + 1)]
    head = bytes(octet | (n + 1 < len(octets)) for n, octet in enumerate(octets))
    return head + b"".join(item(kinds[n]) for n in there)


def number(found: Any, *path: str) -> float | None:
    for name in path:
        if found is None:
            return None
        found = found.variation.get_item(name)
    if found is None:
        return None
    content = found.variation.content
    return float(content.as_quantity()) if hasattr(content, "as_quantity") else found.as_uint()


def read(category: int, parsed: Any) -> dict[str, float | None]:
    get = parsed.get_item
    found = {"sac": number(get("010"), "SAC"), "sic": number(get("010"), "SIC")}
    if category == 34:
        found |= {"time_s": number(get("030")), "type": number(get("000"))}
        found |= {"sector_deg": number(get("020")), "period_s": number(get("041"))}
        place = get("120")
        found |= {"height_m": number(place, "HGT")}
    elif category == 48:
        found |= {"time_s": number(get("140")), "rho_nm": number(get("040"), "RHO")}
        found |= {"theta_deg": number(get("040"), "THETA"), "level": number(get("090"), "FL")}
        found |= {"height_ft": number(get("110"), "3DH")}
        return found
    else:
        found |= {"time_s": number(get("030")), "type": number(get("000"))}
        found |= {"local_deg": number(get("070"))}
        place = get("050")
    return found | {"lat": number(place, "LAT"), "lon": number(place, "LON")}


def vectors() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for category, spec in CATEGORIES.items():
        while len([one for one in found if one["category"] == category]) < 30:
            records = b"".join(record(category) for _ in range(dice.randrange(1, 4)))
            data = bytes([category]) + (3 + len(records)).to_bytes(2) + records
            blocks = RawDatablock.parse(Bits.from_bytes(data))
            parsed = spec.cv_uap.parse(blocks[0].get_raw_records())
            if isinstance(parsed, ValueError):
                continue
            rows = [read(category, one) for one in parsed]
            if any((row["time_s"] or 0) >= 86_400 for row in rows):
                continue
            found.append({"category": category, "hex": data.hex(), "records": rows})
    return found


if __name__ == "__main__":
    lines = ",\n".join(json.dumps(one) for one in vectors())
    (Path(__file__).parent / "vectors.json").write_text(f"[\n{lines}\n]\n")
