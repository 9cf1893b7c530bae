"""Areas that things should keep out of, and speeds that are too high in some."""

from __future__ import annotations

import json
from typing import Any

import pytest

from alliage.detection import Alert, Detector
from alliage.detection.detectors.speed_limit import SpeedLimit, SpeedLimitSettings
from alliage.detection.detectors.zone import Zone, ZoneSettings
from alliage.geo.flat import moved
from alliage.ontology.claim import Statement
from tests.detection.recordings import NOON_US, SECOND_US, alerts_of, batch, engine, report

Row = dict[str, Any]
SHIP = "mmsi:219000001"
BOX = [[18.1, 56.9], [18.3, 56.9], [18.3, 57.1], [18.1, 57.1], [18.1, 56.9]]


def area(**words: Any) -> list[Statement]:
    """A square that begins 6 km east of where the ship does, and is 12 km wide."""
    said = {"name": "HAVEN", "geometry": json.dumps({"type": "Polygon", "coordinates": [BOX]})}
    return [Statement("area:1", "Area", n, v, NOON_US) for n, v in (said | words).items()]


def eastward(until: float = 3_600, speed_mps: float = 10.0, **more: Any) -> list[Row]:
    rows = []
    for second in range(0, int(until), 20):
        lat, lon = moved(57.0, 18.0, speed_mps * second, 0.0)
        columns = {"lat": float(lat), "lon": float(lon), "speed_mps": speed_mps}
        rows.append(report(second, SHIP, course_deg=90.0, **columns | more))
    return rows


def told(rows: list[Row], said: list[Statement], detector: Detector) -> list[Alert]:
    of = engine(lambda: [detector])
    of.state("chart", said)
    of.take("ais", batch(rows))
    return alerts_of(of.finish())


def zone(**settings: Any) -> Zone:
    return Zone(ZoneSettings(**settings))


LIMITED = {"control_measure": "limited_access_area"}


def test_one_alert_goes_from_the_approach_through_the_stay_to_the_exit() -> None:
    of = engine(lambda: [zone()])
    of.state("chart", area(**LIMITED))
    of.take("ais", batch(eastward()))
    changes = of.finish()
    assert len({alert.alert_id for alert in changes}) == 1
    first, last = changes[0], changes[-1]
    inside = next(alert for alert in changes if alert.probability > 0.9)
    assert "will be in HAVEN at about 12:" in first.reason_en
    assert "sera dans HAVEN vers 12:" in first.reason_fr
    assert first.area == "area:1"
    assert "has been in HAVEN since 12:1" in inside.reason_en
    assert last.end_us is not None
    assert 1_800 <= (last.end_us - NOON_US) / SECOND_US <= 1_900


def test_an_area_that_asks_for_nothing_is_not_watched_unless_it_is_named() -> None:
    assert told(eastward(), area(), zone()) == []
    assert told(eastward(), area(control_measure="assembly_area"), zone()) == []
    assert len(told(eastward(), area(), zone(areas=("HAVEN",)))) == 1


def test_who_passes_by_or_turns_away_is_not_told() -> None:
    north = [{**row, "latitude_deg": row["latitude_deg"] + 0.15} for row in eastward()]
    assert told(north, area(**LIMITED), zone()) == []


def test_a_zone_of_the_air_says_nothing_to_ships() -> None:
    restricted = area(control_measure="restricted_operations_zone")
    assert told(eastward(), restricted, zone()) == []
    aircraft = [{**row, "schema": "Aircraft"} for row in eastward(speed_mps=100.0, until=400)]
    assert len(told(aircraft, restricted, zone())) == 1


def test_an_area_is_watched_while_it_is_in_force() -> None:
    over = area(**LIMITED, area_to="2026-01-01T11:00:00Z")
    assert told(eastward(), over, zone()) == []
    later = area(**LIMITED, area_from=NOON_US + 7_200 * SECOND_US)
    assert told(eastward(), later, zone()) == []


def test_whose_duty_it_is_may_be_in_every_area() -> None:
    of = engine(lambda: [zone()])
    of.take("ais", batch(eastward(20)))
    of.state("chart", area(**LIMITED))
    of.state("ais", [Statement(SHIP, "Vessel", "ship_type", "sar", NOON_US)])
    of.take("ais", batch(eastward()[1:]))
    assert of.finish() == []


@pytest.mark.parametrize(("speed_mps", "alerts"), [(10.0, 1), (5.0, 0), (5.4, 0)])
def test_a_speed_limit_holds_within_its_area(speed_mps: float, alerts: int) -> None:
    limits = SpeedLimit(SpeedLimitSettings(limits_mps={"HAVEN": 5.0}))
    found = told(eastward(speed_mps=speed_mps), area(), limits)
    assert len(found) == alerts
    for alert in found:
        assert "has gone 19.4 kn in HAVEN, where 9.7 kn are allowed" in alert.reason_en
        assert alert.start_us - NOON_US >= 590 * SECOND_US


def test_an_area_without_a_name_is_told_by_its_kind_and_place() -> None:
    (alert,) = told(eastward(), area(name=None, **LIMITED), zone())
    assert "in an area (limited access area, 57.00° N 18.20° E)" in alert.reason_en
    assert "dans une zone (zone à accès limité, 57,00° N 18,20° E)" in alert.reason_fr
    (other,) = told(
        eastward(), area(name=None, area_kind="wreck"), zone(areas=("area:1",))
    )  # fmt: skip
    assert "in an area (wreck, 57.00° N 18.20° E)" in other.reason_en
