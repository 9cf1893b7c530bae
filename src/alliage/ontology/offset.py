"""By how much one stream lies off another: what a correlator says of the two, as a claim's value.

Each figure has its standard deviation beside it. What is measured of the sensor of one of the two
begins with ``own_`` of the first and with ``other_`` of the second.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import orjson

PLACES: Final = ("east_m", "north_m")
"""By which the first lies east and north of the other."""
CLOCK: Final = "clock_s"
"""By how much the other's clock is ahead."""
TURN: Final = "turn_deg"
"""By how much a sensor is turned clockwise; with the prefix of whose it is."""
RANGE: Final = "range_m"
"""By how much its ranges are too long where that is known best; likewise."""
OWN: Final = "own_"
OTHER: Final = "other_"


class Measured(NamedTuple):
    """A figure and its standard deviation."""

    value: float
    std: float


@dataclass(frozen=True, slots=True)
class Offset:
    """What is known of two streams, from the things that both follow.

    Attributes:
        one: name of the first stream.
        other: of the second.
        pairs: how many things both follow; 0 where nothing is known any more.
        figures: what is measured, by the names above.
    """

    one: str
    other: str
    pairs: int
    figures: Mapping[str, Measured]

    def to_text(self) -> str:
        """As the value of a claim."""
        figures = {name: [round(float(n), 4) for n in one] for name, one in self.figures.items()}
        said = {"figures": figures, "one": self.one, "other": self.other, "pairs": self.pairs}
        return orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode()

    @classmethod
    def of_text(cls, text: str) -> Offset:
        """Inverse of :meth:`to_text`.

        Raises:
            ValueError: the text is no such value.
        """
        try:
            said = orjson.loads(text)
            figures = {
                str(name): Measured(float(value), float(std))
                for name, (value, std) in said["figures"].items()
            }
            return cls(str(said["one"]), str(said["other"]), int(said["pairs"]), figures)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise ValueError(f"no offset of two streams: {error}") from None
