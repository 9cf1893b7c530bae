"""The fleet of the exercise: who the ships are. All of it is invented and says so.

- Every name begins with ``EX`` for exercise.
- Maritime identities use the identification digits 299: the form of a European ship, and not
  allotted to any administration (ITU Table of Maritime Identification Digits: 2xx ends at 279).
- Call signs begin with Q, from which no call sign is ever allotted (ITU Radio Regulations,
  article 19: the series QAA-QZZ serves as service abbreviations).
- IMO numbers are 0, "not available".
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Final, Literal

from alliage.exercise.chance import generator
from alliage.exercise.life import Life
from alliage.exercise.voyages import Ways, anchored, shuttling, trading, trawling

EXERCISE_DIGITS: Final = 299
KNOT_MPS: Final = 1852 / 3600

Group = Literal["merchant", "ferry", "fishing", "leisure", "anchored"]
Afloat = Literal[Group, "silent_boats"]
"""What a scenario counts: groups of ships, and boats without a transponder."""

MOORED: Final = 5
AT_ANCHOR: Final = 1
UNDER_WAY: Final = 0
FISHING: Final = 7

_FIRST_WORDS: Final = (
    *("AMBER", "BIRCH", "COPPER", "DUNE", "ELDER", "FERN", "GRANITE", "HAZEL", "INDIGO"),
    *("JUNIPER", "LARCH", "MAPLE", "NORTH", "OAKEN", "PEARL", "QUARTZ", "ROWAN", "SILVER"),
    *("TIDAL", "WILLOW", "ALDER", "BASALT", "CEDAR", "DELTA", "EMBER", "FLINT", "GARNET"),
    *("HEATHER", "IVORY", "JASPER", "KELP", "LICHEN", "MARBLE", "NIMBUS", "ONYX", "POPLAR"),
    *("RUSSET", "SAFFRON", "TOPAZ", "UMBER"),
)
_SECOND_WORDS: Final = (
    *("ARROW", "BREEZE", "COMET", "DAWN", "ECHO", "FALCON", "GULL", "HORIZON", "ISLE"),
    *("LARK", "MEADOW", "OTTER", "PETREL", "RIDGE", "STAR", "TERN", "VALLEY", "WAVE"),
    *("ANCHOR", "BEACON", "CANYON", "DRIFT", "EIDER", "FJORD", "GLEN", "HARBOUR", "INLET"),
    *("KESTREL", "LAGOON", "MARSH", "NARWHAL", "ORBIT", "PINNACLE", "REEF", "SPRAY", "TIDE"),
    *("VOYAGE", "WHARF", "YARD", "ZENITH"),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """What ships of one kind are like. ``code`` is the ship type of ITU-R M.1371-5, table 53."""

    code: int
    knots: tuple[float, float]
    length_m: tuple[int, int]
    draught_m: tuple[float, float]


KINDS: Final[Mapping[str, Kind]] = {
    "cargo": Kind(70, (9, 16), (80, 220), (4.5, 11.0)),
    "tanker": Kind(80, (9, 14), (90, 250), (5.0, 13.0)),
    "tug": Kind(52, (6, 10), (20, 35), (3.0, 5.0)),
    "passenger": Kind(60, (14, 20), (90, 200), (5.0, 7.0)),
    "high_speed": Kind(40, (26, 33), (80, 110), (3.0, 4.0)),
    "fishing": Kind(30, (2.5, 4.5), (12, 38), (2.5, 5.0)),
    "sailing": Kind(36, (3, 7), (8, 18), (1.5, 2.8)),
    "pleasure": Kind(37, (6, 18), (7, 20), (0.8, 1.8)),
}
_MERCHANTS: Final = ("cargo",) * 6 + ("tanker",) * 3 + ("tug",)
_SMALL: Final = frozenset({"sailing", "pleasure"})
_HURRY: Final = 0.12
"""A ship's speed of a day lies so far round its own usual speed."""


@dataclass(frozen=True, slots=True)
class Ship:
    """One simulated ship: identity, build and what it does."""

    number: int
    group: Group
    mmsi: int
    name: str
    call_sign: str
    transponder: Literal["A", "B"]
    kind: Kind
    length_m: int
    beam_m: int
    draught_m: float
    status_moving: int
    status_resting: int
    drift_deg: float
    """Heading minus course: set and leeway."""
    rest_heading_deg: float
    life: Life


def make_fleet(ways: Ways, counts: Mapping[Group, int], seed: int) -> list[Ship]:
    """Return so many ships of each group, over the waters by their shares; the same for a seed."""
    chance = generator(seed, "fleet")
    names = _names(sum(counts.values()), chance)
    handed_out = [(group, place) for group in counts for place in _places(ways, group, counts)]
    return [
        _ship(ways, number, names[number], group, place, seed)
        for number, (group, place) in enumerate(handed_out)
    ]


def scaled(counts: Mapping[Group, int], total: int) -> dict[Group, int]:
    """The same mixture with another total."""
    shares = {group: float(count) for group, count in counts.items()}
    return dict(zip(shares, by_shares([*shares.values()], total), strict=True))


def _places(ways: Ways, group: Group, counts: Mapping[Group, int]) -> list[str]:
    """Names of the places that ships of a group are handed out to, one for each ship."""
    waters = ways.waters
    shares: dict[str, float] = {"": 1.0}
    if group == "fishing":
        shares = {name: ground.share for name, ground in waters.grounds.items()}
    elif group == "anchored":
        shares = {name: place.share for name, place in waters.anchorages.items()}
    elif group != "merchant":
        small = group == "leisure"
        lanes = waters.lanes.items()
        shares = {name: lane.share for name, lane in lanes if (lane.type in _SMALL) is small}
    numbers = by_shares([*shares.values()], counts[group])
    return [name for name, number in zip(shares, numbers, strict=True) for _ in range(number)]


def by_shares(shares: Sequence[float], count: int) -> list[int]:
    """Whole numbers in these proportions whose sum is ``count``: largest remainder first."""
    quotas = [count * share / sum(shares) for share in shares]
    counts = [math.floor(quota) for quota in quotas]
    by_remainder = sorted(range(len(shares)), key=lambda n: counts[n] - quotas[n])
    for number in by_remainder[: count - sum(counts)]:
        counts[number] += 1
    return counts


def _ship(ways: Ways, number: int, name: str, group: Group, place: str, seed: int) -> Ship:
    chance = generator(seed, "ship", number)
    trade = _trade(ways, group, place, chance)
    kind = KINDS[trade]
    length_m = chance.randint(*kind.length_m)
    return Ship(
        number=number,
        group=group,
        mmsi=EXERCISE_DIGITS * 1_000_000 + 1 + number,
        name=name,
        call_sign=f"QX{number + 1:04d}",
        transponder="B" if trade in _SMALL and chance.random() < 0.85 else "A",
        kind=kind,
        length_m=length_m,
        beam_m=max(3, round(length_m / chance.uniform(5.5, 7.0))),
        draught_m=round(chance.uniform(*kind.draught_m), 1),
        status_moving=FISHING if group == "fishing" else UNDER_WAY,
        status_resting=AT_ANCHOR if group == "anchored" else MOORED,
        drift_deg=chance.gauss(0.0, 2.0),
        rest_heading_deg=chance.uniform(0, 359),
        life=_life(ways, f"{seed} {number}", group, place, kind, chance),
    )


def _trade(ways: Ways, group: Group, place: str, chance: Random) -> str:
    if group == "fishing":
        return "fishing"
    if group in ("merchant", "anchored"):
        return chance.choice(_MERCHANTS)
    return ways.waters.lanes[place].type


def _life(ways: Ways, name: str, group: Group, place: str, kind: Kind, chance: Random) -> Life:
    usual_mps = chance.uniform(*kind.knots) * KNOT_MPS
    speeds_mps = usual_mps * (1 - _HURRY), usual_mps * (1 + _HURRY)
    if group == "merchant":
        return trading(ways, name, speeds_mps)
    if group == "fishing":
        return trawling(ways, name, place, speeds_mps)
    if group == "anchored":
        return anchored(ways, name, place)
    return shuttling(ways, name, place, speeds_mps)


def _names(count: int, chance: Random) -> list[str]:
    """Names of at most 20 characters, each once; numbered when the words run out."""
    pairs = [f"{first} {second}" for first, second in product(_FIRST_WORDS, _SECOND_WORDS)]
    chance.shuffle(pairs)
    rounds = math.ceil(count / len(pairs))
    names = [f"EX {pair}" for pair in pairs]
    names += [f"EX{n} {pair}"[:20] for n in range(2, rounds + 1) for pair in pairs]
    return names[:count]
