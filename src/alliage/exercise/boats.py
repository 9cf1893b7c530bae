"""Boats without a transponder: open boats, anglers and small yachts near the coasts.

AIS knows nothing of them, and no incident happens to them: radars see them, and the truth does.
What they do is drawn apart from all ships, which are the same with and without them.
"""

from __future__ import annotations

from alliage.exercise.chance import generator
from alliage.exercise.fleet import KINDS, KNOT_MPS, by_shares
from alliage.exercise.life import Life
from alliage.exercise.voyages import Ways, boating

_HURRY = 0.12
"""A boat's speed of a day lies so far round its own usual speed."""


def make_boats(ways: Ways, count: int, seed: int) -> list[Life]:
    """What so many boats do, over the ways by their shares; the same for a seed."""
    found = ways.waters.boat_ways
    numbers = by_shares([way.share for way in found.values()], count)
    handed_out = [name for name, number in zip(found, numbers, strict=True) for _ in range(number)]
    return [_life(ways, f"{seed} boat {number}", way) for number, way in enumerate(handed_out)]


def _life(ways: Ways, name: str, way: str) -> Life:
    knots = KINDS[ways.waters.boat_ways[way].type].knots
    usual_mps = generator(name).uniform(*knots) * KNOT_MPS
    return boating(ways, name, way, (usual_mps * (1 - _HURRY), usual_mps * (1 + _HURRY)))
