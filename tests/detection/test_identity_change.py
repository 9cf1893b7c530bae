"""Ships that are somebody else all of a sudden."""

from __future__ import annotations

from typing import Any

from alliage.detection import Alert
from alliage.ontology.observation import ObservationBatch
from tests.detection.recordings import (
    NOON_US,
    SECOND_US,
    alerts_of,
    batch,
    end_of,
    engine,
    only,
    sail,
    tell,
    words,
)

Rows = list[dict[str, Any]]
OTHER = "mmsi:636000001"


def changed(*said: ObservationBatch, speed: float = 7.0) -> list[Alert]:
    """Two hours north; what is said of the ship comes after half an hour."""
    rows, of = sail(0, 7_200, (57.0, 18.0), speed, 0.0, every=30.0), engine(only("identity_change"))
    of.take("radar", batch(rows[:1]))
    of.take("radar", words(name="AMBER STAR", call_sign="OXAA", length_m=180.0))
    for n, one in enumerate((*said, None)):
        of.take("radar", batch(rows[1 + 60 * n : 61 + 60 * n if one else None]))
        if one is not None:
            of.take("radar", one)
    return alerts_of(of.finish())


def test_another_name_under_way_that_stays_is_told() -> None:
    (alert,) = changed(words(name="PEARL GULL", second=1_800))
    assert alert.start_us == NOON_US + 1_800 * SECOND_US
    assert alert.told_us >= NOON_US + 2_700 * SECOND_US
    assert "AMBER STAR → PEARL GULL" in alert.reason_en
    assert "garde la nouvelle : AMBER STAR → PEARL GULL" in alert.reason_fr


def test_a_name_that_is_spelt_better_is_no_other_name() -> None:
    assert changed(words(name="AMBER STAR 1", second=1_800)) == []
    assert changed(words(call_sign="OXAB", second=1_800)) == []


def test_a_name_that_changes_back_is_an_error() -> None:
    wrong, right = words(name="PEARL GULL", second=1_800), words(name="AMBER STAR", second=2_160)
    rows = [wrong, right]
    assert len(changed(*rows)) <= 1
    assert all(alert.end_us is not None for alert in changed(*rows))


def test_who_is_renamed_in_port_is_left_alone() -> None:
    assert changed(words(name="PEARL GULL", second=1_800), speed=0.1) == []


def goes_on(aside_deg: float = 0.0, course: float = 30.0, back: bool = False) -> list[Alert]:
    """One identity ends after forty minutes; five minutes further on another one begins."""
    way = sail(0, 2_400, (57.0, 18.0), 7.0, 30.0)
    between = sail(2_390, 2_710, end_of(way), 7.0, 30.0)
    lat, lon = end_of(between)
    new = sail(2_700, 6_000, (lat, lon + aside_deg), 7.0, course, OTHER)
    again = sail(3_000, 6_000, (57.2, 18.2), 7.0, 30.0) if back else []
    return tell(way + new + again, engine(only("identity_change")))


def test_an_identity_that_goes_on_with_another_s_way_may_be_the_same_ship() -> None:
    (alert,) = goes_on()
    assert alert.identifiers == (OTHER, "mmsi:219000001")
    assert "they may be one ship" in alert.reason_en
    assert "c'est peut-être le même navire" in alert.reason_fr


def test_a_new_ship_elsewhere_or_on_another_course_is_a_new_ship() -> None:
    assert goes_on(aside_deg=0.05) == []
    assert goes_on(course=90.0) == []


def test_who_is_heard_again_was_another_ship() -> None:
    assert goes_on(back=True) == []
