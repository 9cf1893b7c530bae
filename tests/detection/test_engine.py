"""What alerts depend on: the rows and their order, and nothing else."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from alliage.detection import Alert, alert_claim, alert_of
from alliage.detection.recorded import as_they_came
from alliage.detection.row_clock import APART_US, BEHIND, RowClock
from alliage.geo.flat import moved
from alliage.ontology.observation import Kind, ObservationBatch
from tests.detection.recordings import NOON_US, SECOND_US, batch, engine, only, report

HOUR_S = 3_600


def a_drifting_ship() -> list[dict[str, object]]:
    """A ship that goes north for ten minutes, then lies across the wind and is blown east."""
    rows = []
    lat, lon = 57.0, 18.0
    for second in range(0, 3_600, 30):
        under_way = second < 600
        speed, course = (6.0, 0.0) if under_way else (1.0, 90.0)
        east, north = (0.0, 180.0) if under_way else (30.0, 0.0)
        moved_to = moved(lat, lon, east, north)
        lat, lon = float(moved_to[0]), float(moved_to[1])
        rows.append(
            report(second, lat=lat, lon=lon, speed_mps=speed, course_deg=course, heading_deg=2.0)
        )
    return rows


def told_in_parts(cuts: list[int]) -> list[Alert]:
    of = engine()
    rows = batch(a_drifting_ship()).rows
    for begin, end in pairwise([0, *sorted(set(cuts)), rows.num_rows]):
        of.take("radar", ObservationBatch(Kind.POSITION, rows.slice(begin, end - begin)))
    return of.finish()


@given(st.lists(st.integers(1, 119), max_size=30))
@settings(max_examples=5, deadline=None)
def test_alerts_do_not_depend_on_how_rows_are_cut_into_batches(cuts: list[int]) -> None:
    whole = told_in_parts([])
    assert [alert.detector for alert in whole][:1] == ["drifting"]
    assert told_in_parts(cuts) == whole


def test_an_alert_begins_is_told_of_again_and_is_over() -> None:
    of = engine(only("drifting"))
    rows = a_drifting_ship()
    of.take("radar", batch(rows))
    told = of.changes()
    assert len({alert.alert_id for alert in told}) == 1
    assert all(alert.end_us is None for alert in told)
    again = {"lat": 57.4, "lon": 18.3, "speed_mps": 6.0, "course_deg": 2.0, "heading_deg": 2.0}
    of.take("radar", batch([report(3_600 + second, **again) for second in range(0, 3_600, 10)]))
    last = of.finish()[-1]
    assert last.alert_id == told[0].alert_id
    assert last.end_us is not None
    assert last.end_us < NOON_US + (3_600 + 600) * SECOND_US


def test_when_an_alert_held_last_is_known_before_it_is_over() -> None:
    of = engine(only("drifting"))
    of.take("radar", batch(a_drifting_ship()))
    [alert_id] = {alert.alert_id for alert in of.changes()}
    held = of.lifecycle.held(of.scene)[alert_id]
    assert held.looked_us - held.last_us <= 20 * SECOND_US
    still = {"lat": 57.4, "lon": 18.3, "speed_mps": 6.0, "course_deg": 2.0, "heading_deg": 2.0}
    of.take("radar", batch([report(3_600 + second, **still) for second in range(0, 600, 60)]))
    assert all(alert.end_us is None for alert in of.changes())
    held = of.lifecycle.held(of.scene)[alert_id]
    assert held.last_us <= NOON_US + 3_700 * SECOND_US
    assert held.looked_us - held.last_us > 300 * SECOND_US


def test_who_reports_seldom_is_taken_to_go_on_between_reports() -> None:
    of = engine(only("drifting"))
    rows = a_drifting_ship()
    of.take("radar", batch(rows))
    [alert_id] = {alert.alert_id for alert in of.changes()}
    other = [
        report(3_600 + second, "mmsi:219000777", lat=57.0, lon=17.0) for second in range(0, 600, 10)
    ]
    for minutes, is_so in ((2, True), (9, False)):
        of.take("radar", batch(other[: minutes * 6]))
        other = other[minutes * 6 :]
        held = of.lifecycle.held(of.scene)[alert_id]
        assert (held.looked_us - held.last_us <= 20 * SECOND_US) is is_so


def test_words_are_told_anew_when_their_facts_have_clearly_changed() -> None:
    of = engine(only("drifting"))
    rows = a_drifting_ship()
    lat, lon = float(rows[-1]["latitude_deg"]), float(rows[-1]["longitude_deg"])
    helpless = [
        report(3_600 + second, lat=lat, lon=float(moved(lat, lon, 30.0 + second, 0.0)[1]),
               speed_mps=1.0, course_deg=90.0, heading_deg=2.0,
               navigation_status="not_under_command")
        for second in range(0, 150, 30)
    ]  # fmt: skip
    of.take("radar", batch(rows))
    before = of.changes()[-1]
    of.take("radar", batch(helpless))
    told = of.changes()
    assert {alert.alert_id for alert in told} == {before.alert_id}
    assert told[0].told_us - before.told_us < 300 * SECOND_US
    assert "not been under command" in told[0].reason_en
    assert "not been under command" not in before.reason_en
    assert [alert.priority for alert in told] == [False] * len(told)


def test_an_alert_is_read_from_its_claim_as_it_was_said() -> None:
    alert = told_in_parts([])[-1]
    claim = alert_claim(alert, "detector:drifting", lambda stream, name: f"{stream}/{name}")
    back = alert_of(claim)
    assert back == alert_of(alert_claim(back, "detector:drifting", lambda _s, name: name))
    assert (back.alert_id, back.reason_fr, back.evidence, back.figures) == (
        alert.alert_id, alert.reason_fr, alert.evidence, alert.figures,
    )  # fmt: skip


def test_what_was_told_before_a_restart_goes_on_under_its_id() -> None:
    before = told_in_parts([])
    of = engine()
    of.lifecycle.restore(before, {})
    of.take("radar", batch(a_drifting_ship()[10:]))
    assert {alert.alert_id for alert in of.finish()} <= {before[0].alert_id}


def test_a_recording_that_begins_again_is_looked_at_again() -> None:
    of = engine()
    long = [{**row, "valid": row["valid"] + 2 * HOUR_S * SECOND_US} for row in a_drifting_ship()]
    of.take("radar", batch(long))
    first = of.changes()
    of.take("radar", batch([{**row, "received": row["valid"]} for row in a_drifting_ship()]))
    assert first
    assert of.finish()


@given(st.data())
def test_one_wrong_clock_does_not_carry_time_away(data: st.DataObject) -> None:
    times = np.arange(100, dtype=np.int64) * SECOND_US + NOON_US
    wrong = data.draw(st.integers(1, 98))
    times[wrong] += data.draw(st.integers(2, 1_000)) * APART_US
    cut = data.draw(st.integers(1, 99))
    clock = RowClock()
    newest = np.concatenate([clock.newest_us(times[:cut]), clock.newest_us(times[cut:])])
    assert newest.max() == NOON_US + 99 * SECOND_US
    assert newest.tolist() == RowClock().newest_us(times).tolist()


def test_two_rows_that_agree_carry_time_on() -> None:
    times = np.array([NOON_US, NOON_US + 5 * APART_US, NOON_US + 5 * APART_US + 1], np.int64)
    assert RowClock().newest_us(times)[-1] == times[-1]


def test_time_runs_back_once_many_rows_agree() -> None:
    clock = RowClock()
    clock.newest_us(np.array([NOON_US + 9 * APART_US], np.int64))
    newest = clock.newest_us(np.full(BEHIND, NOON_US, np.int64))
    assert newest[0] == NOON_US + 9 * APART_US
    assert newest[-1] == NOON_US


def live(clock: RowClock, *valid_us: int, known_us: int) -> int:
    """Time after rows that became known then."""
    return int(clock.newest_us(np.array(valid_us, np.int64), known_us)[-1])


def test_what_is_live_is_not_begun_anew_by_what_comes_late() -> None:
    clock = RowClock()
    assert live(clock, NOON_US, known_us=NOON_US + 1) == NOON_US
    late = [NOON_US - 3 * APART_US] * 2 * BEHIND
    assert live(clock, *late, known_us=NOON_US + 2) == NOON_US
    assert live(clock, NOON_US + 9, known_us=NOON_US + 9) == NOON_US + 9


def test_what_is_live_is_not_carried_away_by_clocks_that_agree() -> None:
    clock = RowClock()
    ahead = [NOON_US + 5 * APART_US] * 3
    assert live(clock, NOON_US, *ahead, known_us=NOON_US) == NOON_US


def test_a_recording_that_came_first_is_left_for_the_present() -> None:
    clock = RowClock()
    assert live(clock, NOON_US, NOON_US + 5, known_us=NOON_US + 99 * APART_US) == NOON_US + 5
    now_us = NOON_US + 99 * APART_US
    assert live(clock, NOON_US + 6, now_us, known_us=now_us) == now_us
    assert live(clock, *[NOON_US + 7] * 2 * BEHIND, known_us=now_us) == now_us


def test_a_late_batch_ends_nothing_and_is_counted() -> None:
    of = engine(only("drifting"))
    rows = a_drifting_ship()
    late = [report(n - 9_000, f"mmsi:{n}", lat=50.0, lon=3.0) for n in range(2 * BEHIND)]
    for row in rows:
        assert of.take("radar", batch([row]), row["valid"]) == 0
        if row is rows[-5]:
            assert of.take("satellite", batch(late), row["valid"]) == len(late)
    assert {alert.end_us for alert in of.finish()} == {None}
    assert of.scene.things.row_of("satellite", "mmsi:0") is None


def test_reports_without_a_place_and_old_ones_are_left_out() -> None:
    of = engine()
    of.take("radar", batch([report(100, lat=57.0, lon=18.0), report(100, speed_mps=3.0)]))
    of.take("radar", batch([report(130, lat=57.1, lon=18.0), report(50, lat=10.0, lon=10.0)]))
    of.finish()
    things = of.scene.things
    assert things.count == 1
    assert (things.reports[0], things.lat[0]) == (2, 57.1)


def test_words_that_a_source_reports_are_known_to_detectors() -> None:
    of = engine()
    of.take("radar", batch([report(0, lat=57.0, lon=18.0)]))
    static = pa.RecordBatch.from_pylist(
        [{"identifier": "mmsi:219000001", "schema": "Vessel", "name": "EX AMBER", "valid": NOON_US}]
    )
    of.take("radar", ObservationBatch(Kind.STATIC, static))
    assert of.scene.things.name_of(0) == "EX AMBER"


def test_rows_of_a_recordings_block_are_taken_as_they_came() -> None:
    late = batch([report(55, "mmsi:972000001", lat=57.0, lon=18.0)])
    early = batch([report(second, lat=57.0, lon=18.0) for second in (3, 52, 14)])
    told = [one.rows["valid"].cast("int64").to_pylist() for one in as_they_came([late, early])]
    seconds = [[(us - NOON_US) // SECOND_US for us in times] for times in told]
    assert seconds == [[3], [14], [55], [52]]
