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
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Final, Literal

from alliage.exercise.motion import AtAnchor, Path, Shuttle, Voyage, moved
from alliage.exercise.waters import Anchorage, Ground, Lane, Waters

Place = Lane | Ground | Anchorage

EXERCISE_DIGITS: Final = 299
KNOT_MPS: Final = 1852 / 3600

MOORED: Final = 5
AT_ANCHOR: Final = 1
UNDER_WAY: Final = 0
FISHING: Final = 7

_FIRST_WORDS: Final = (
    *("AMBER", "BIRCH", "COPPER", "DUNE", "ELDER", "FERN", "GRANITE", "HAZEL", "INDIGO"),
    *("JUNIPER", "LARCH", "MAPLE", "NORTH", "OAKEN", "PEARL", "QUARTZ", "ROWAN", "SILVER"),
    *("TIDAL", "WILLOW"),
)
_SECOND_WORDS: Final = (
    *("ARROW", "BREEZE", "COMET", "DAWN", "ECHO", "FALCON", "GULL", "HORIZON", "ISLE"),
    *("LARK", "MEADOW", "OTTER", "PETREL", "RIDGE", "STAR", "TERN", "VALLEY", "WAVE"),
)
_PORTS: Final = (
    *("AARHUS", "GOTHENBURG", "KIEL", "ROSTOCK", "MALMO"),
    *("GDANSK", "RONNE", "OSLO", "KLAIPEDA", "RIGA"),
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


@dataclass(frozen=True, slots=True)
class Ship:
    """One simulated ship: identity, build and what it does."""

    mmsi: int
    name: str
    call_sign: str
    transponder: Literal["A", "B"]
    kind: Kind
    length_m: int
    beam_m: int
    draught_m: float
    destination: str
    status_moving: int
    status_resting: int
    drift_deg: float
    """Heading minus course: set and leeway."""
    voyage: Voyage


def make_fleet(waters: Waters, count: int, seed: int) -> list[Ship]:
    """Return ``count`` ships, handed out over the waters by their shares; the same for a seed."""
    random = Random(f"fleet {seed}")  # noqa: S311 - an exercise, nothing to keep secret
    places: list[Place] = [
        *waters.lanes.values(),
        *waters.grounds.values(),
        *waters.anchorages.values(),
    ]
    names = _names(count, random)
    return [
        _ship(number, names[number], place, random)
        for number, place in enumerate(_handed_out(places, count))
    ]


def _handed_out(places: list[Place], count: int) -> list[Place]:
    """Places in turn, so that each gets its share: largest remainder first."""
    total = sum(place.share for place in places)
    quotas = [count * place.share / total for place in places]
    counts = [math.floor(quota) for quota in quotas]
    by_remainder = sorted(range(len(places)), key=lambda n: counts[n] - quotas[n])
    for number in by_remainder[: count - sum(counts)]:
        counts[number] += 1
    return [place for place, n in zip(places, counts, strict=True) for _ in range(n)]


def _ship(number: int, name: str, place: Place, random: Random) -> Ship:
    trade = _trade(place, random)
    kind = KINDS[trade]
    length_m = random.randint(*kind.length_m)
    return Ship(
        mmsi=EXERCISE_DIGITS * 1_000_000 + 1 + number,
        name=name,
        call_sign=f"QX{number + 1:04d}",
        transponder="B" if trade in _SMALL and random.random() < 0.85 else "A",
        kind=kind,
        length_m=length_m,
        beam_m=max(3, round(length_m / random.uniform(5.5, 7.0))),
        draught_m=round(random.uniform(*kind.draught_m), 1),
        destination=f"EX {random.choice(_PORTS)}",
        status_moving=FISHING if isinstance(place, Ground) else UNDER_WAY,
        status_resting=AT_ANCHOR if isinstance(place, Anchorage) else MOORED,
        drift_deg=random.gauss(0.0, 2.0),
        voyage=_voyage(place, kind, random),
    )


def _trade(place: Place, random: Random) -> str:
    if isinstance(place, Ground):
        return "fishing"
    if isinstance(place, Lane) and place.type != "merchant":
        return place.type
    return random.choice(_MERCHANTS)


def _voyage(place: Place, kind: Kind, random: Random) -> Voyage:
    if isinstance(place, Anchorage):
        anchor = moved(place.position, random.uniform(0, 360), random.uniform(0, 2_000))
        return AtAnchor(anchor, random.uniform(30, 120), random.uniform(1_800, 7_200))
    path = Path(place.waypoints)
    room_m = min(400.0, path.length_m / 50)
    return Shuttle(
        path=path,
        ends=place.ends if isinstance(place, Lane) else ("port", "port"),
        speed_mps=random.uniform(*kind.knots) * KNOT_MPS,
        stay_s=random.uniform(900, 3_600) if isinstance(place, Lane) else 1.0,
        phase_s=random.uniform(0, 2 * path.length_m / KNOT_MPS),
        offset_m=random.uniform(0.1, 1.0) * room_m,
    )


def _names(count: int, random: Random) -> list[str]:
    """Names of at most 20 characters, each once; numbered when the words run out."""
    pairs = [f"{first} {second}" for first, second in product(_FIRST_WORDS, _SECOND_WORDS)]
    random.shuffle(pairs)
    rounds = math.ceil(count / len(pairs))
    names = [f"EX {pair}" for pair in pairs]
    names += [f"EX{n} {pair}"[:20] for n in range(2, rounds + 1) for pair in pairs]
    return names[:count]
