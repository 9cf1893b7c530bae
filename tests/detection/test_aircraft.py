"""Aircraft that circle, and such as are no longer heard."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from alliage.detection import Alert, Detector
from alliage.detection.detectors.holding import Holding, HoldingSettings
from alliage.detection.detectors.transponder_loss import TransponderLoss, TransponderLossSettings
from alliage.geo.flat import moved
from tests.detection.recordings import NOON_US, SECOND_US, alerts_of, batch, engine, report

Row = dict[str, Any]


def racetrack(
    turns: float = 3.0, bend_deg: float = 0.0, speed_mps: float = 100.0, **more: Any
) -> list[Row]:
    """Straight on for five minutes, then turns of 3 degrees a second with legs of a minute."""
    rows, course, turned = [], 90.0, 0.0
    lat, lon = 48.0, 2.0
    for second in range(0, 1_800, 5):
        in_pattern = second >= 300 and turned < turns * 360.0
        if in_pattern and (second - 300) % 120 < 60:
            course, turned = (course + 15.0) % 360.0, turned + 15.0
        course = course + bend_deg if second == 120 else course
        way_m = speed_mps * 5
        toward = np.radians(course)
        lat, lon = (
            float(x) for x in moved(lat, lon, way_m * np.sin(toward), way_m * np.cos(toward))
        )
        columns = {"lat": lat, "lon": lon, "speed_mps": speed_mps, "altitude_m": 3_000.0}
        rows.append(
            report(second, "icao24:3964f9", course_deg=course, **columns | more)
            | {"schema": "Aircraft"}
        )
    return rows


def circling(rows: list[Row]) -> list[Alert]:
    def only() -> list[Detector]:
        return [Holding(HoldingSettings())]

    of = engine(only)
    of.take("adsb", batch(rows))
    return alerts_of(of.finish())


def test_an_aircraft_in_a_holding_pattern_is_told() -> None:
    (alert,) = circling(racetrack())
    assert "has flown" in alert.reason_en
    assert "circles in" in alert.reason_en
    assert "a décrit" in alert.reason_fr
    assert alert.figures["circles"] >= 2


def test_the_bend_of_an_airway_before_is_no_part_of_the_pattern() -> None:
    """It lies 36 km before it, where the aircraft has long been gone from."""
    (alert,) = circling(racetrack(bend_deg=15.0, speed_mps=200.0))
    assert alert.start_us >= NOON_US + 240 * SECOND_US


@pytest.mark.parametrize(
    "rows", [racetrack(1.0), racetrack(0.0), racetrack(altitude_m=300.0)],
    ids=["one circle for spacing", "straight on", "an aerodrome's traffic pattern"],
)  # fmt: skip
def test_other_ways_are_no_holding(rows: list[Row]) -> None:
    assert circling(rows) == []


def airway(number: int, until: float = 3_000, altitude_m: float = 10_000.0) -> list[Row]:
    """An aircraft that goes east at 200 m/s, 8 km behind the one before."""
    rows = []
    for second in range(0, int(until), 10):
        lat, lon = moved(48.0, 2.0, 200.0 * second - 8_000.0 * number, 0.0)
        columns = {"lat": float(lat), "lon": float(lon), "altitude_m": altitude_m}
        name = f"icao24:39640{number:x}"
        row = report(second, name, speed_mps=200.0, course_deg=90.0, **columns)
        rows.append(row | {"schema": "Aircraft"})
    return rows


def lost(*ways: list[Row]) -> list[Alert]:
    def only() -> list[Detector]:
        return [TransponderLoss(TransponderLossSettings())]

    of = engine(only)
    of.take("adsb", batch(sorted((r for w in ways for r in w), key=lambda row: row["valid"])))
    return alerts_of(of.finish())


OTHERS = [airway(number) for number in range(12) if number != 7]


def test_an_aircraft_that_falls_silent_on_a_busy_airway_is_missed() -> None:
    (alert,) = lost(*OTHERS, airway(7, until=2_400))
    assert alert.identifiers == ("icao24:396407",)
    assert "last at 10,000 m" in alert.reason_en
    assert "en dernier à 10\u202f000 m" in alert.reason_fr


def test_who_was_low_or_is_all_alone_may_be_out_of_sight() -> None:
    assert lost(*OTHERS, airway(7, until=2_400, altitude_m=1_500.0)) == []
    assert lost(airway(7, until=2_400), airway(3)) == []


def test_single_heights_of_what_has_landed_are_wrong() -> None:
    landed = airway(7, until=2_400, altitude_m=100.0)
    landed[-1]["altitude_m"] = 10_000.0
    assert lost(*OTHERS, landed) == []
