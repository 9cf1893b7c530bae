"""What is wrong with a source and not with what it reports."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

from alliage.detection import Alert, Detector, alert_claim, alert_of
from alliage.detection.detectors.source_clock import SourceClock, SourceClockSettings
from alliage.detection.detectors.source_rate import SourceRate, SourceRateSettings
from alliage.detection.detectors.source_replay import SourceReplay, SourceReplaySettings
from alliage.geo.flat import moved
from tests.detection.recordings import alerts_of, batch, engine, report

Row = dict[str, Any]


def fleet(begin: int, end: int, ships: int = 12, shown_s: int = 0, of: str = "2") -> list[Row]:
    """Ships that go on and on, with reports every ten seconds; times ``shown_s`` later."""
    rows = []
    for second in range(begin, end, 10):
        for number in range(ships):
            way_m = (4.0 + 0.37 * number) * second
            lat, lon = moved(57.0 + 0.1 * number, 18.0, way_m, 0.3 * way_m)
            columns = {"lat": float(lat), "lon": float(lon), "speed_mps": 5.0}
            name = f"mmsi:{of}190000{number:02}"
            rows.append(report(second + shown_s, name, course_deg=73.0, **columns))
    return rows


def told(make: Callable[[], Detector], **streams: list[Row]) -> list[Alert]:
    """``known`` is in the order of ``received``; the times of reports may be others."""
    of = engine(lambda: [make()])
    rows = [(name, row) for name, those in streams.items() for row in those]
    rows.sort(key=lambda one: one[1]["received"])
    for name, some in groupby(rows, key=lambda one: one[0]):
        of.take(name, batch([row for _, row in some]))
    return alerts_of(of.finish())


def rate() -> Detector:
    return SourceRate(SourceRateSettings())


def replay() -> Detector:
    return SourceReplay(SourceReplaySettings())


def clock() -> Detector:
    return SourceClock(SourceClockSettings())


def test_a_stream_that_loses_most_of_its_reports_is_told_and_named() -> None:
    (alert,) = told(rate, coast=fleet(0, 2_400) + fleet(2_400, 3_600, ships=2))
    assert alert.identifiers == ("stream:coast",)
    assert alert.streams == ("coast",)
    assert "usually it is 6" in alert.reason_en
    assert "d'habitude c'est 6" in alert.reason_fr


def test_an_alert_about_a_stream_is_kept_as_a_claim() -> None:
    (alert,) = told(rate, coast=fleet(0, 2_400) + fleet(2_400, 3_600, ships=2))
    back = alert_of(alert_claim(alert, "detector", lambda stream, name: f"{stream}/{name}"))
    assert (back.identifiers, back.streams, back.schema) == (
        ("stream:coast",),
        ("coast",),
        "Sensor",
    )


def test_a_stream_that_ends_while_another_goes_on_is_told() -> None:
    (alert,) = told(rate, coast=fleet(0, 2_400), other=fleet(0, 3_600, of="3"))
    assert alert.identifiers == ("stream:coast",)


def test_a_pause_of_everything_and_a_stream_of_few_words_are_no_drop() -> None:
    assert told(rate, coast=fleet(0, 2_400) + fleet(4_000, 6_000)) == []
    assert told(rate, coast=fleet(0, 2_400, ships=2), other=fleet(0, 3_600, of="3")) == []


def test_a_stream_that_repeats_its_past_is_told() -> None:
    (alert,) = told(replay, coast=fleet(0, 1_200) + fleet(0, 1_200, shown_s=1_200))
    assert alert.identifiers == ("stream:coast",)
    assert alert.figures["shift_s"] == 1_200
    assert "repeats its reports of 20 min before" in alert.reason_en
    assert "répète ses messages de 20 min plus tôt" in alert.reason_fr


def test_who_goes_on_repeats_nothing() -> None:
    assert told(replay, coast=fleet(0, 2_400)) == []


def late(rows: list[Row], by_s: int) -> list[Row]:
    return [{**row, "valid": row["valid"] - by_s * 1_000_000} for row in rows]


def test_a_clock_that_falls_behind_is_told() -> None:
    good = fleet(0, 2_000, of="3")
    (alert,) = told(clock, coast=fleet(0, 1_200) + late(fleet(1_300, 2_000), 90), other=good)
    assert alert.identifiers == ("stream:coast",)
    assert abs(alert.figures["moved_s"] - 90) <= 10
    assert "s later than before, compared with those of the other sources" in alert.reason_en


def test_a_stream_that_has_always_been_late_is_not() -> None:
    assert told(clock, satellite=late(fleet(0, 2_000), 600), coast=fleet(0, 2_000, of="3")) == []
