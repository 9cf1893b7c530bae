"""Calls for help: told in the moment in which they come, once, and not for a test."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliage.detection import Alert
from alliage.ontology.observation import Kind, ObservationBatch
from tests.detection.recordings import (
    NOON_US,
    SECOND_US,
    alerts_of,
    batch,
    engine,
    only,
    report,
    words,
)

BEACON = "mmsi:970012345"


def calls(second: float, **columns: Any) -> dict[str, Any]:
    said = {"lat": 57.0, "lon": 11.0, "navigation_status": "ais_sart", **columns}
    return report(second, BEACON, **said)


def text(second: float, said: str, identifier: str = BEACON) -> ObservationBatch:
    valid_us = NOON_US + round(second * SECOND_US)
    row = {"identifier": identifier, "schema": "Vessel", "valid": valid_us, "text": said}
    return ObservationBatch(Kind.TEXT, pa.RecordBatch.from_pylist([row]))


def test_a_call_is_told_at_once_where_nobody_else_is_heard() -> None:
    of = engine()
    of.take("ais", batch([calls(3)]))
    (told,) = of.changes()
    assert (told.detector, told.priority, told.identifiers) == ("distress", True, (BEACON,))
    assert (told.lat, told.lon) == (57.0, 11.0)
    assert told.start_us == told.told_us == NOON_US + 3 * SECOND_US


def test_a_call_that_was_told_at_once_is_one_alert_when_the_look_ends() -> None:
    of = engine(only("distress"))
    for second in (3, 5, 14, 65):
        of.take("ais", batch([calls(second)]))
    assert len(of.changes()) == 1
    assert of.finish() == []


def test_a_device_names_the_ship_that_was_nearest_when_it_began() -> None:
    of = engine(only("distress"))
    ships = [
        report(second, name, lat=lat, lon=11.0, speed_mps=5.0)
        for second in (0, 10, 20)
        for name, lat in (("mmsi:219000001", 57.01), ("mmsi:219000002", 57.03))
    ]
    of.take("ais", batch([*ships, calls(33)]))
    of.take("ais", batch([report(50 + 10 * n, lat=56.0, lon=11.0) for n in range(3)] + [calls(80)]))
    words_ = {alert.reason_en for alert in of.finish()}
    (said,) = words_
    assert said.endswith("is on, 0.6 NM from mmsi:219000001")


def test_a_text_that_calls_is_told_at_once() -> None:
    of = engine()
    of.take("ais", text(3, "MAYDAY MAYDAY taking water", "mmsi:219000001"))
    (told,) = of.changes()
    assert "taking water" in told.reason_en


@pytest.mark.parametrize("said", ["SART TEST", "MOB ACTIVE TEST"])
def test_a_device_under_test_calls_nobody(said: str) -> None:
    of = engine()
    of.take("ais", text(1, said))
    of.take("ais", batch([report(12, "mmsi:219000001", lat=57.0, lon=11.0)]))
    of.take("ais", batch([calls(14)]))
    assert of.finish() == []


@pytest.mark.parametrize(
    "row",
    [
        calls(3, lat=None, lon=None),
        calls(3) | {"identifier": "mmsi:219000001"},
        calls(3, navigation_status="moored"),
    ],
)
def test_what_is_no_device_that_is_on_and_somewhere_calls_nobody(row: dict[str, Any]) -> None:
    of = engine()
    of.take("ais", batch([row]))
    assert of.finish() == []


def told_in_parts(cuts: list[int]) -> list[Alert]:
    rows = [
        row
        for second in range(0, 60, 2)
        for row in (report(second, lat=56.0, lon=11.0), calls(second + 1))
    ]
    of, whole = engine(), batch(rows).rows
    for begin, end in pairwise([0, *sorted(set(cuts)), whole.num_rows]):
        of.take("ais", ObservationBatch(Kind.POSITION, whole.slice(begin, end - begin)))
    return of.finish()


@given(st.lists(st.integers(1, 59), max_size=20))
def test_what_is_told_does_not_depend_on_how_calls_are_cut_into_batches(cuts: list[int]) -> None:
    assert told_in_parts(cuts) == told_in_parts([]) != []


def late(hours: float) -> tuple[list[Alert], int]:
    """What is told of a call that comes so late into a live context, and how many were left out."""
    of = engine(only("distress"))
    now_us = NOON_US + 100 * SECOND_US
    of.take("ais", batch([report(n, lat=56.0, lon=11.0) for n in (70, 85, 100)]), now_us)
    left_out = of.take("satellite", batch([calls(100 - hours * 3_600)]), now_us)
    of.take("satellite", text(100 - hours * 3_600, "MAYDAY", "mmsi:219000009"), now_us)
    return of.finish(), left_out


def test_a_call_that_a_satellite_hands_down_hours_late_is_told() -> None:
    told, left_out = late(hours=5)
    assert {alert.identifiers[0] for alert in told} == {BEACON, "mmsi:219000009"}
    assert left_out == 0


def test_a_call_in_a_recording_that_somebody_loads_is_not() -> None:
    assert late(hours=48) == ([], 1)


@pytest.mark.parametrize(
    ("identifier", "english", "french"),
    [
        (BEACON, "Search and rescue transmitter 970012345 is on",
         "Le répondeur de recherche et sauvetage 970012345 émet"),
        ("mmsi:972012345", "Man-overboard device 972012345 is on",
         "Le dispositif homme à la mer 972012345 émet"),
        ("mmsi:974012345", "Emergency beacon 974012345 is on",
         "La balise de détresse 974012345 émet"),
    ],
)  # fmt: skip
def test_a_device_without_a_name_is_told_by_what_it_is(
    identifier: str, english: str, french: str
) -> None:
    of = engine()
    of.take("ais", batch([calls(3) | {"identifier": identifier}]))
    (told,) = of.changes()
    assert (told.reason_en, told.reason_fr) == (english, french)


@pytest.mark.parametrize(
    ("identifier", "sender"),
    [
        ("mmsi:219000001", "Ship 219000001"),
        ("mmsi:002190067", "Coast station 002190067"),
        ("mmsi:111219501", "Search and rescue aircraft 111219501"),
        ("mmsi:992190001", "Aid to navigation 992190001"),
        ("icao24:4b1234", "Aircraft 4B1234"),
    ],
)
def test_who_sent_a_call_and_has_no_name_is_told_by_its_kind(identifier: str, sender: str) -> None:
    of = engine()
    of.take("ais", text(3, "MAYDAY", identifier))
    (told,) = of.changes()
    assert told.reason_en == f"{sender} sent: MAYDAY"


def test_a_sender_with_a_name_is_told_by_its_name() -> None:
    of = engine()
    of.take("ais", words(name="FRIDA"))
    of.take("ais", text(3, "MAYDAY", "mmsi:219000001"))
    (told,) = of.changes()
    assert told.reason_en == "FRIDA sent: MAYDAY"


TRACK = "track:radar-1x-7"


def answers(second: float, code: str, identifier: str = TRACK) -> ObservationBatch:
    valid_us = NOON_US + round(second * SECOND_US)
    row = {"identifier": identifier, "schema": "Aircraft", "valid": valid_us, "squawk": code}
    return ObservationBatch(Kind.STATIC, pa.RecordBatch.from_pylist([row]))


def flown(codes: dict[float, str], identifier: str = TRACK, until: int = 120) -> list[Alert]:
    """What is told of an aircraft that answers these codes at these seconds."""
    of = engine(only("distress"))
    for second in range(0, until, 4):
        for at, code in codes.items():
            if second <= at < second + 4:
                of.take("radar", answers(at, code, identifier))
        row = report(second, identifier, lat=48.5, lon=2.5, speed_mps=200.0)
        of.take("radar", batch([row | {"schema": "Aircraft"}]))
    return alerts_of(of.finish())


EVERY_TURN = range(20, 60, 4)


@pytest.mark.parametrize(
    ("code", "english", "french"),
    [
        ("7500", "unlawful interference", "une intervention illicite"),
        ("7600", "radio failure", "une panne de radio"),
        ("7700", "an emergency", "une situation d'urgence"),
    ],
)
def test_an_aircraft_that_goes_on_answering_an_emergency_code_calls(
    code: str, english: str, french: str
) -> None:
    (alert,) = flown({0: "1000"} | dict.fromkeys(EVERY_TURN, code))
    assert (alert.identifiers, alert.priority) == ((TRACK,), True)
    assert alert.start_us == NOON_US + 20 * SECOND_US
    assert (alert.lat, alert.lon) == (48.5, 2.5)
    assert f"Track radar-1x-7 has squawked {code}, which means {english}, since" in alert.reason_en
    assert f"La piste radar-1x-7 affiche {code}, qui signale {french}, depuis" in alert.reason_fr


@pytest.mark.parametrize(
    "codes",
    [
        {20: "7700"},
        {20: "7000", 24: "7500", 28: "7600", 32: "7610", 36: "7610"},
        {20: "7600", 26: "7700", 32: "7600", 38: "1000"},
        dict.fromkeys(EVERY_TURN, "7000") | dict.fromkeys(range(60, 100, 4), "7654"),
    ],
    ids=["said once", "dialled through", "to and fro", "other codes"],
)
def test_a_code_that_is_passed_through_calls_nobody(codes: dict[float, str]) -> None:
    assert flown(codes) == []


def test_a_call_by_code_is_over_when_another_code_was_answered_for_long() -> None:
    codes = dict.fromkeys(range(20, 60, 4), "7700") | dict.fromkeys(range(60, 1_400, 100), "1000")
    (alert,) = flown(codes, until=1_400)
    assert alert.end_us is not None
    assert NOON_US + 50 * SECOND_US <= alert.end_us <= NOON_US + 70 * SECOND_US


def test_an_aircraft_is_called_by_its_address() -> None:
    (alert,) = flown(dict.fromkeys(EVERY_TURN, "7700"), "icao24:4b1234")
    assert alert.reason_en.startswith("Aircraft 4B1234 has squawked 7700")
