"""Aircraft that circle, fly low or together, and such as are no longer heard."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from alliage.detection import Alert, Detector
from alliage.detection.detectors.formation import Formation, FormationSettings
from alliage.detection.detectors.holding import Holding, HoldingSettings
from alliage.detection.detectors.low_flight import LowFlight, LowFlightSettings
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
    assert " has not been heard since 1" in alert.reason_en
    assert "last at 10,000 m" in alert.reason_en
    assert "en dernier à 10\u202f000 m" in alert.reason_fr


def without(rows: list[Row], *gaps: tuple[float, float]) -> list[Row]:
    """The same, but that some seconds of it were not heard."""
    heard = [(row, (row["valid"] - NOON_US) / SECOND_US) for row in rows]
    return [row for row, at in heard if not any(begin <= at < end for begin, end in gaps)]


def test_who_is_lost_twice_within_the_hour_is_told_twice() -> None:
    others = [airway(number, until=3_600) for number in range(12) if number != 7]
    gaps = (1_200, 1_600), (1_800, 2_200)
    alerts = lost(*others, without(airway(7, until=3_600), *gaps))
    assert [(one.start_us - NOON_US) // SECOND_US for one in alerts] == [1_190, 1_790]
    assert all("is heard again after 7 min" in one.reason_en for one in alerts)


def test_who_comes_back_from_out_of_reach_is_on_another_flight_that_may_be_lost() -> None:
    others = [airway(number, until=9_000) for number in range(12) if number != 7]
    early = without(airway(7, until=7_500), (1_200, 5_400))
    (alert,) = [one for one in lost(*others, early) if one.start_us > NOON_US + 6_000 * SECOND_US]
    assert alert.identifiers == ("icao24:396407",)


def test_who_was_low_or_is_all_alone_may_be_out_of_sight() -> None:
    assert lost(*OTHERS, airway(7, until=2_400, altitude_m=1_500.0)) == []
    assert lost(airway(7, until=2_400), airway(3)) == []


def test_single_heights_of_what_has_landed_are_wrong() -> None:
    landed = airway(7, until=2_400, altitude_m=100.0)
    landed[-1]["altitude_m"] = 10_000.0
    assert lost(*OTHERS, landed) == []


def flight(
    name: str,
    north_m: float = 0.0,
    begin: float = 0,
    until: float = 900,
    speed_mps: float = 200.0,
    **more: Any,
) -> list[Row]:
    """An aircraft that goes east from one meridian, so far north of the others."""
    rows = []
    for second in range(int(begin), int(until), 10):
        lat, lon = moved(48.0, 2.0, speed_mps * second, north_m)
        columns = {"lat": float(lat), "lon": float(lon), "speed_mps": speed_mps}
        columns |= {"course_deg": 90.0, "altitude_m": 9_000.0} | more
        rows.append(report(second, f"icao24:{name}", **columns) | {"schema": "Aircraft"})
    return rows


def found(
    detector: Detector, *ways: list[Row], second_stream: list[Row] | None = None
) -> list[Alert]:
    of = engine(lambda: [detector])
    rows = sorted((r for w in ways for r in w), key=lambda row: row["valid"])
    if second_stream is None:
        of.take("adsb", batch(rows))
    else:
        for row in sorted([*rows, *second_stream], key=lambda row: row["valid"]):
            of.take("other" if row in second_stream else "adsb", batch([row]))
    return alerts_of(of.finish())


def together(*ways: list[Row], **more: Any) -> list[Alert]:
    return found(Formation(FormationSettings()), *ways, **more)


def test_two_aircraft_that_fly_side_by_side_are_in_formation() -> None:
    (alert,) = together(flight("a1"), flight("a2", 800.0), flight("a3", 20_000.0))
    assert alert.identifiers == ("icao24:a1", "icao24:a2")
    assert "icao24:a1 and icao24:a2 have flown together at 9,000 m" in alert.reason_en
    assert "icao24:a1 et icao24:a2 volent ensemble" in alert.reason_fr
    assert alert.figures["together"] == 2


def test_a_third_one_that_joins_makes_another_formation() -> None:
    joins = flight("a3", 1_500.0, begin=700, until=1_500)
    pair, three = together(flight("a1", until=1_500), flight("a2", 800.0, until=1_500), joins)
    assert len(pair.identifiers) == 2
    assert pair.end_us is not None
    assert len(three.identifiers) == 3
    assert "have flown together" in three.reason_en


@pytest.mark.parametrize(
    "other",
    [
        flight("a2", 9_500.0),
        flight("a2", 800.0, altitude_m=9_400.0),
        flight("a2", 800.0, course_deg=140.0),
        flight("a2", 800.0, until=500),
        flight("a2", 800.0, until=1_500, speed_mps=201.5),
        flight("a2", 800.0, altitude_m=float("nan")),
    ],
    ids=[
        "five miles off",
        "1,300 feet above",
        "crossing",
        "for a while",
        "overtaking slowly",
        "of unknown height",
    ],
)
def test_traffic_that_is_kept_apart_is_no_formation(other: list[Row]) -> None:
    assert together(flight("a1", until=1_500), other) == []


def beside(rows: list[Row], apart_m: float) -> list[Row]:
    """Who flies to starboard of another, in its turns too."""
    flown = []
    for row in rows:
        aside = np.radians(row["course_deg"] + 90.0)
        east, north = apart_m * np.sin(aside), apart_m * np.cos(aside)
        lat, lon = moved(row["latitude_deg"], row["longitude_deg"], east, north)
        place = {"latitude_deg": float(lat), "longitude_deg": float(lon)}
        flown.append(row | place | {"identifier": "icao24:3964fa"})
    return flown


def test_who_keep_their_places_in_turns_too_are_in_formation() -> None:
    leader = racetrack(turns=20.0)
    (alert,) = together(leader, beside(leader, 600.0))
    assert alert.end_us is None


def test_one_aircraft_that_two_streams_name_otherwise_is_no_formation() -> None:
    assert together(flight("a1"), second_stream=flight("b7", 100.0)) == []


def test_neighbours_on_final_approach_are_no_formation() -> None:
    low = {"speed_mps": 75.0, "altitude_m": 700.0}
    assert together(flight("a1", **low), flight("a2", 1_100.0, **low)) == []


LOW = {"speed_mps": 40.0, "altitude_m": 120.0}


def low(*ways: list[Row]) -> list[Alert]:
    return found(LowFlight(LowFlightSettings()), *ways)


def test_who_goes_low_and_slowly_across_country_is_told() -> None:
    (alert,) = low(flight("c1", until=1_200, **LOW))
    assert "has flown low since 12:0" in alert.reason_en
    assert "personne d'autre n'y vole bas" in alert.reason_fr
    assert alert.start_us == NOON_US


@pytest.mark.parametrize(
    "ways",
    [
        [flight("c1", until=300, **LOW)],
        [flight("c1", until=1_200, speed_mps=40.0, altitude_m=600.0)],
        [flight("c1", until=1_200, speed_mps=120.0, altitude_m=120.0)],
        [flight("c1", until=1_200, speed_mps=2.0, altitude_m=120.0)],
        [flight("c1", until=1_200, **LOW), flight("c2", 5_000.0, until=1_200, **LOW)],
    ],
    ids=["landing", "not low", "fast", "hovering", "near an aerodrome"],
)
def test_other_flights_are_not_low_slow_ones(ways: list[list[Row]]) -> None:
    assert low(*ways) == []


def test_circles_about_one_place_are_no_low_flight_across_country() -> None:
    rows = racetrack(turns=20.0, speed_mps=40.0, altitude_m=120.0)[60:]
    assert low(rows) == []
