"""Two ships that come together at sea."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from alliage.detection import Alert, Detector
from alliage.detection.detectors.meeting import Meeting, MeetingSettings
from alliage.geo.flat import moved
from alliage.ontology.observation import Kind, ObservationBatch
from tests.detection.recordings import NOON_US, alerts_of, batch, engine, report

Row = dict[str, Any]
ONE, TWO = "mmsi:219000001", "mmsi:219000002"


def only() -> list[Detector]:
    return [Meeting(MeetingSettings())]


def come_together(
    name: str, side: float, apart_m: float = 80.0, drift_mps: float = 0.5, **more: Any
) -> list[Row]:
    """A ship that comes at 10 kn from one side, drifts beside the other for 40 min, and leaves."""
    rows = []
    for second in range(0, 6_000, 60):
        away_s = max(0, 1_800 - second) + max(0, second - 4_200)
        east, north = side * (apart_m / 2 + 5.0 * away_s), drift_mps * second
        lat, lon = moved(57.0, 18.0, east, north)
        speed = 5.0 if away_s else drift_mps
        course = 0.0 if not away_s else (90.0 if (second > 4_200) == (side > 0) else 270.0)
        columns = {"lat": float(lat), "lon": float(lon), "speed_mps": speed, "course_deg": course}
        rows.append(report(second, name, **columns | more))
    return rows


def told(*ships: list[Row], types: dict[str, str] | None = None) -> list[Alert]:
    of = engine(only)
    if types:
        said = [
            {"identifier": name, "schema": "Vessel", "ship_type": kind, "valid": NOON_US}
            for name, kind in types.items()
        ]
        of.take("ais", ObservationBatch(Kind.STATIC, pa.RecordBatch.from_pylist(said)))
    rows = sorted((row for ship in ships for row in ship), key=lambda row: row["valid"])
    of.take("ais", batch(rows))
    return alerts_of(of.finish())


def test_two_ships_that_come_together_and_part_are_told_from_their_meeting_to_their_parting() -> (
    None
):
    (alert,) = told(come_together(ONE, -1), come_together(TWO, 1))
    assert set(alert.identifiers) == {ONE, TWO}
    assert 1_750e6 <= alert.start_us - NOON_US <= 1_900e6
    assert alert.end_us is not None
    assert 4_150e6 <= alert.end_us - NOON_US <= 4_400e6
    assert "80 m apart at 1.0 kn at most, with nobody else around" in alert.reason_en
    assert "ensemble depuis" in alert.reason_fr


def test_tankers_that_meet_may_transfer() -> None:
    both = {ONE: "tanker", TWO: "tanker"}
    (alert,) = told(come_together(ONE, -1), come_together(TWO, 1), types=both)
    assert "a transfer is possible" in alert.reason_en
    assert "un transfert est possible" in alert.reason_fr


@pytest.mark.parametrize(
    "types",
    [{ONE: "pilot", TWO: "cargo"}, {ONE: "fishing", TWO: "fishing"}, {ONE: "tug", TWO: "pilot"},
     {ONE: "sailing", TWO: "pleasure"}],
)  # fmt: skip
def test_whose_trade_or_sport_it_is_may_go_alongside(types: dict[str, str]) -> None:
    assert told(come_together(ONE, -1), come_together(TWO, 1), types=types) == []


def test_a_tug_beside_a_ship_at_sea_is_told_a_little_later() -> None:
    both = {ONE: "tug", TWO: "tanker"}
    (alert,) = told(come_together(ONE, -1), come_together(TWO, 1), types=both)
    assert "one is a tug: a tow, or help" in alert.reason_en
    assert "remorque, ou secours" in alert.reason_fr
    soon = [row for row in come_together(ONE, -1) if row["valid"] < NOON_US + 2_300e6]
    assert told(soon, come_together(TWO, 1), types=both) == []


def test_ships_that_pass_each_other_do_not_meet() -> None:
    passing = [
        [{**row, "speed_mps": 5.0} for row in come_together(name, side)]
        for name, side in ((ONE, -1), (TWO, 1))
    ]
    assert told(*passing) == []


def test_in_an_anchorage_nobody_meets() -> None:
    lying = [
        report(second, f"mmsi:21900001{n}", lat=57.01 + n * 0.004, lon=18.01, speed_mps=0.1)
        for n in range(3)
        for second in range(0, 6_000, 180)
    ]
    assert told(come_together(ONE, -1), come_together(TWO, 1), lying) == []


def test_what_is_moored_or_a_mile_apart_does_not_meet() -> None:
    berthed = [come_together(ONE, -1, drift_mps=0.0), come_together(TWO, 1, drift_mps=0.0)]
    assert told(*berthed) == []
    moored = come_together(ONE, -1, navigation_status="moored")
    assert told(moored, come_together(TWO, 1)) == []
    assert told(come_together(ONE, -1, 1_800.0), come_together(TWO, 1, 1_800.0)) == []


def test_two_names_of_one_ship_do_not_meet() -> None:
    of = engine(only)
    one, two = (
        come_together(ONE, -1),
        [{**row, "identifier": "radar:7"} for row in come_together(ONE, -1, 120.0)],
    )
    of.scene.things.join({ONE: "a", "radar:7": "a"})
    of.take("ais", batch(sorted(one + two, key=lambda row: row["valid"])))
    assert of.finish() == []
