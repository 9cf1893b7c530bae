"""Water that is too shallow for a ship, and ships that say they are aground."""

from __future__ import annotations

import json
from typing import Any

import pytest

from alliage.detection import Alert
from alliage.detection.detectors.grounding import Grounding, GroundingSettings
from alliage.ontology.claim import Statement
from tests.detection.recordings import NOON_US, SECOND_US, alerts_of, batch, engine, report, sail

Row = dict[str, Any]
SHIP = "mmsi:219000001"
BOX = [[18.1, 56.9], [18.3, 56.9], [18.3, 57.1], [18.1, 57.1], [18.1, 56.9]]


def bank(**words: Any) -> list[Statement]:
    """A bank that begins 6 km east of where the ship does, and is 12 km wide."""
    said = {"name": "GREY BANK", "geometry": json.dumps({"type": "Polygon", "coordinates": [BOX]})}
    return [Statement("area:1", "Area", n, v, NOON_US) for n, v in (said | words).items()]


def told(rows: list[Row], draught_m: float | None, *said: Statement, **set_: Any) -> list[Alert]:
    """Every change of the alerts about these rows, of a ship that says what she draws."""
    of = engine(lambda: [Grounding(GroundingSettings(**set_))])
    of.state("chart", [*said])
    of.take("ais", batch(rows[:1]))
    if draught_m is not None:
        of.state("ais", [Statement(SHIP, "Vessel", "draught_m", draught_m, NOON_US)])
    of.take("ais", batch(rows[1:]))
    return of.finish()


def eastward(seconds: float = 1_500, speed_mps: float = 8.0) -> list[Row]:
    return sail(0, seconds, (57.0, 18.0), speed_mps, 90.0)


def test_one_alert_goes_from_the_warning_onto_the_bank() -> None:
    changes = told(eastward(), 8.2, *bank(least_depth_m=5.0))
    assert len({alert.alert_id for alert in changes}) == 1
    first, last = changes[0], changes[-1]
    assert "draws 8.2 m and will be in GREY BANK at about 12:1" in first.reason_en
    assert "cale 8,2 m et sera dans GREY BANK vers 12:1" in first.reason_fr
    assert "where 5.0 m are charted" in first.reason_en
    assert first.area == "area:1"
    assert first.figures == {"draught_m": 8.2, "least_depth_m": 5.0}
    assert "draws 8.2 m and is in GREY BANK" in last.reason_en


@pytest.mark.parametrize(
    ("draught_m", "depth_m", "alerts"),
    [(8.2, 12.0, 0), (8.2, 9.0, 1), (None, 5.0, 0), (8.2, None, 0), (8.2, -1.0, 1)],
)
def test_only_who_needs_more_water_than_is_charted_is_told(
    draught_m: float | None, depth_m: float | None, alerts: int
) -> None:
    words = {} if depth_m is None else {"least_depth_m": depth_m}
    assert len(alerts_of(told(eastward(), draught_m, *bank(**words)))) == alerts


def test_what_dries_is_said_as_people_at_sea_say_it() -> None:
    (alert,) = alerts_of(told(eastward(), 2.0, *bank(least_depth_m=-1.5)))
    assert "which dries 1.5 m" in alert.reason_en
    assert "qui découvre de 1,5 m" in alert.reason_fr


def test_who_turns_away_or_lies_there_is_not_told() -> None:
    deep = bank(least_depth_m=5.0)
    away = sail(0, 40, (57.0, 18.0), 8.0, 90.0) + sail(40, 900, (57.0, 18.005), 8.0, 180.0)
    assert told(away, 8.2, *deep) == []
    lies = sail(0, 900, (57.0, 18.2), 0.2, 90.0)
    assert told(lies, 8.2, *deep) == []


def test_what_lies_ahead_is_not_looked_at_where_nobody_wants_it() -> None:
    changes = told(eastward(), 8.2, *bank(least_depth_m=5.0), ahead_s=0.0)
    assert [alert for alert in changes if "will be" in alert.reason_en] == []
    assert len(alerts_of(changes)) == 1


def test_a_ship_that_made_way_and_says_she_is_aground_is_told_at_once() -> None:
    stuck = [
        report(300 + second, SHIP, lat=57.0, lon=18.04, speed_mps=0.0, navigation_status="aground")
        for second in range(0, 120, 10)
    ]
    (alert,) = alerts_of(told(eastward(300) + stuck, None))
    assert "made way and says now that she is aground" in alert.reason_en
    assert alert.start_us == NOON_US + 300 * SECOND_US


def test_a_status_that_was_never_changed_in_port_says_nothing() -> None:
    rows = sail(0, 1_800, (57.0, 18.0), 0.0, 0.0, navigation_status="aground")
    assert told(rows, None) == []
