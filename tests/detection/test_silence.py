"""Ships that go dark, and what is no darkness."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any

import pytest

from alliage.detection import Alert, Detector, Engine
from alliage.detection.detectors.silence import Silence, SilenceSettings
from alliage.geo.flat import moved
from alliage.ontology.observation import Kind, ObservationBatch
from tests.detection.recordings import alerts_of, batch, engine, report

KNOT_MPS = 1852 / 3600
QUIET = 3_600  # when the ship in question falls silent
END = 6_300
SHIP = "mmsi:219000100"

Row = dict[str, Any]


def only() -> list[Detector]:
    return [Silence(SilenceSettings())]


def lane(until: float = END) -> list[Row]:
    """Ten ships on their way through one lane, each reporting every half minute."""
    return [row for number in range(10) for row in way(f"mmsi:21900000{number}", number, 0, until)]


def way(
    name: str, number: int, begin: float, end: float, every: float = 30, **more: Any
) -> list[Row]:
    """A ship that goes east at 12 kn, some miles behind the one before."""
    rows = []
    for second in range(int(begin) + 7 * number % 30, int(end), int(every)):
        east = 12 * KNOT_MPS * second - 1_500.0 * number
        lat, lon = moved(57.0, 18.0, east, 400.0 * number)
        columns = {"lat": float(lat), "lon": float(lon), "speed_mps": 12 * KNOT_MPS}
        rows.append(report(second, name, course_deg=90.0, **columns | more))
    return rows


def told(rows: list[Row], **streams: list[Row]) -> list[Alert]:
    of = engine(only)
    everything = [("ais", row) for row in rows]
    everything += [(name, row) for name, those in streams.items() for row in those]
    take(of, everything)
    return alerts_of(of.finish())


def test_a_ship_that_goes_dark_among_others_is_told_and_so_is_its_return() -> None:
    ship = way(SHIP, 5, 0, QUIET) + way(SHIP, 5, QUIET + 2_400, END)
    (alert,) = told(lane() + ship)
    assert alert.identifiers == (SHIP,)
    assert alert.end_us is not None
    assert "is heard again after 40 min, 8.1 NM further on: 12.0 kn" in alert.reason_en
    assert alert.probability > 0.75


def test_while_it_is_dark_the_alert_says_how_others_are_heard() -> None:
    (alert,) = told(lane() + way(SHIP, 5, 0, QUIET))
    assert re.search(r" has been silent since \d\d:\d\d:\d\d UTC, ", alert.reason_en)
    assert re.search(r" se tait depuis \d\d:\d\d:\d\d UTC, ", alert.reason_fr)
    assert "8 of 8 ships around it were heard" in alert.reason_en
    assert "8 navires sur 8 alentour étaient reçus" in alert.reason_fr
    assert alert.end_us is None


def test_who_was_heard_steadily_is_dark_though_nobody_else_is_about() -> None:
    (alert,) = told(far_off(QUIET, every=10) + lane())
    assert alert.identifiers == (SHIP,)
    assert "steadily, and no other ship was around" in alert.reason_en
    assert "sans autre navire alentour" in alert.reason_fr


def test_who_is_alone_and_was_heard_now_and_then_is_not_dark() -> None:
    rows = [row for row in far_off(QUIET, every=10) if row["valid"] // 10**6 % 600 > 60]
    assert told(rows + lane()) == []


def far_off(until: float, every: float) -> list[Row]:
    """A ship alone, a hundred miles north of the lane, heard for hours before."""
    return [
        row | {"latitude_deg": row["latitude_deg"] + 2.0}
        for row in way(SHIP, 0, -9_000, until, every)
    ]


def test_it_says_of_how_many_ships_it_could_tell_by_now() -> None:
    of = engine(only)
    ready = []
    for begin in range(0, END, 700):
        of.take("ais", batch([row for row in lane() if begin <= seconds(row) < begin + 700]))
        ready.append(of.ready()["silence"])
    assert ready[0] == 0.0
    assert ready[-1] > 0.7


def test_no_data_is_not_dark() -> None:
    pause = (QUIET, QUIET + 1_800)
    rows = [row for row in lane() + way(SHIP, 5, 0, END) if not in_pause(row, pause)]
    assert told(rows) == []


def take(of: Engine, rows: list[tuple[str, Row]]) -> None:
    rows = sorted(rows, key=lambda one: one[1]["valid"])
    for stream, some in groupby(rows, key=lambda one: one[0]):
        of.take(stream, batch([row for _, row in some]))


def in_pause(row: Row, pause: tuple[float, float]) -> bool:
    return pause[0] <= seconds(row) < pause[1]


def seconds(row: Row) -> float:
    return float(row["valid"] - report(0)["valid"]) / 1e6


def test_a_receiver_that_fails_makes_nobody_dark() -> None:
    far = [{**row, "identifier": row["identifier"] + "9", "latitude_deg": 55.0} for row in lane()]
    assert told(far + lane(QUIET) + way(SHIP, 5, 0, QUIET)) == []


@pytest.mark.parametrize("status", ["moored", "at_anchor"])
def test_what_rests_may_be_switched_off(status: str) -> None:
    assert told(lane() + way(SHIP, 5, 0, QUIET, navigation_status=status)) == []
    assert told(lane() + way(SHIP, 5, 0, QUIET, speed_mps=0.2)) == []


def test_who_berths_among_resting_ships_may_be_switched_off() -> None:
    port = way(SHIP, 5, 0, QUIET)[-1]
    where = {"lat": port["latitude_deg"], "lon": port["longitude_deg"], "speed_mps": 0.0}
    resting = [
        report(second, f"mmsi:21910000{number}", **where)
        for number in range(4)
        for second in range(0, END, 180)
    ]
    slowly = way(SHIP, 5, 0, QUIET, speed_mps=2.0)
    assert told(lane() + resting + slowly) == []
    assert [one.identifiers for one in told(lane() + resting + way(SHIP, 5, 0, QUIET))] == [(SHIP,)]


def test_who_went_in_and_out_of_reach_before_is_not_dark() -> None:
    ship = [row for row in way(SHIP, 5, 0, QUIET) if seconds(row) < 3_000 or seconds(row) > 3_200]
    assert told(lane() + ship) == []


def test_of_whom_most_reports_were_lost_is_not_dark() -> None:
    """Every ten seconds it reports; of twenty of them six are heard."""
    ship = way(SHIP, 5, 0, QUIET, every=10)
    heard = [row for nth, row in enumerate(ship) if nth % 19 in (0, 1, 5, 9, 14, 18)]
    assert told(lane() + heard) == []
    assert len(told(lane() + ship)) == 1


def test_where_few_passed_it_is_as_about_it() -> None:
    """A ship beside the lane is dark where others are about it; where no one is it is not."""
    off = [{**row, "latitude_deg": row["latitude_deg"] + 0.15} for row in way(SHIP, 5, 0, QUIET)]
    assert [one.identifiers for one in told(lane() + off)] == [(SHIP,)]
    far = [{**row, "latitude_deg": row["latitude_deg"] + 0.5} for row in off]
    assert told(lane() + far) == []


def test_where_ships_are_lost_as_a_rule_only_the_first_is_dark() -> None:
    ships = [way(f"mmsi:2190000{n:02}", 4 * n, 0, END, lat=57.0) for n in range(10)]
    told_of = told([row for ship in ships for row in ship if row["longitude_deg"] < 18.3])
    assert {one.identifiers for one in told_of} <= {("mmsi:219000000",)}


def joined(stream: str) -> list[Alert]:
    """What is told where another stream's thing is the same object."""
    of = engine(only)
    rows = [("ais", row) for row in lane() + way(SHIP, 5, 0, QUIET)]
    rows += [(stream, row) for row in way("other:1", 5, 0, END)]
    rows.sort(key=lambda one: one[1]["valid"])
    take(of, rows[:100])
    of.scene.things.join({SHIP: "a", "other:1": "a"})
    take(of, rows[100:])
    return alerts_of(of.finish())


def test_whom_another_stream_hears_is_not_dark() -> None:
    assert joined("satellite") == []


def test_a_radar_that_still_follows_it_makes_it_surer() -> None:
    (alert,) = joined("tracker:radar@1")
    (alone,) = told(lane() + way(SHIP, 5, 0, QUIET))
    assert "a sensor still follows it" in alert.reason_en
    assert alert.probability > alone.probability


def test_silence_is_learned_from_rows_alone_however_they_are_cut() -> None:
    rows = sorted(lane() + way(SHIP, 5, 0, QUIET), key=lambda row: row["valid"])
    whole = engine(only)
    whole.take("ais", batch(rows))
    parts = engine(only)
    table = batch(rows).rows
    for begin in range(0, table.num_rows, 97):
        parts.take("ais", ObservationBatch(Kind.POSITION, table.slice(begin, 97)))
    assert whole.finish() == parts.finish()
