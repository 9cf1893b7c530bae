"""Ships that are too fast for what they say they are."""

from __future__ import annotations

from alliage.detection import Alert
from tests.detection.recordings import engine, only, sail, tell, words


def misfits(speed_mps: float, ship_type: str, minutes: int = 20) -> list[Alert]:
    of = engine(only("claimed_type"))
    of.take("radar", words(ship_type=ship_type))
    return tell(sail(0, 60 * minutes, (57.0, 18.0), speed_mps, 30.0), of)


def test_a_tanker_does_not_go_thirty_knots() -> None:
    (alert,) = misfits(15.5, "tanker")
    assert "says that it is of type “Tanker”, but has gone 30.1 kn since 12:0" in alert.reason_en
    assert "se dit de type « Navire-citerne », mais va à 30,1 nd" in alert.reason_fr


def test_fast_ships_of_fast_types_are_as_they_say() -> None:
    assert misfits(15.5, "cargo") == []
    assert misfits(20.0, "high_speed") == []
    assert misfits(8.0, "tanker") == []


def test_some_minutes_of_speed_are_not_enough() -> None:
    assert misfits(15.5, "tanker", minutes=8) == []


def test_a_speed_that_is_not_made_good_is_another_matter() -> None:
    of = engine(only("claimed_type"))
    of.take("radar", words(ship_type="tanker"))
    still = [row | {"speed_mps": 15.5} for row in sail(0, 1_200, (57.0, 18.0), 1.0, 30.0)]
    assert tell(still, of) == []
