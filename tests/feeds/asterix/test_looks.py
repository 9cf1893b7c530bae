"""Plots belong to looks, and every look's end is told."""

from __future__ import annotations

import numpy as np
import pytest

from alliage.feeds.asterix.encode import bearings, block, north_marker, plots
from alliage.feeds.asterix.options import Options
from alliage.feeds.registry import load_feeds
from alliage.geo.geodesic import distance_and_bearing
from alliage.ontology.observation import Kind
from alliage.ontology.times import from_text, to_us
from tests.feeds.asterix.conftest import (
    MIDNIGHT_US,
    NOW_US,
    decode,
    ends_of,
    looks,
    plots_of,
    rows_of,
)
from tests.feeds.asterix.make_sample import SAMPLE, sample

NOON_S = 54_550.0
PLACE = (55.5, 14.25, 60.0)


def seen(*moments: tuple[float, float], sic: int = 1) -> bytes:
    """Plots at (seconds after noon, bearing)."""
    times, degrees = np.array(moments).T
    return plots(44, sic, NOON_S + times, np.full(len(times), 12_000.0), degrees)


def north(after_s: float, sic: int = 1) -> bytes:
    return north_marker(44, sic, NOON_S + after_s, 4.0, *PLACE)


def sector(after_s: float, degrees: float) -> bytes:
    tick = round((NOON_S + after_s) * 128).to_bytes(3)
    return block(34, [bytes([0b11110000, 44, 1, 2]) + tick + bytes([round(degrees / 360 * 256)])])


def test_the_sample_in_the_folder_is_the_one_that_is_made() -> None:
    assert (load_feeds()["asterix"].folder / "sample.ast") == SAMPLE
    assert SAMPLE.read_bytes() == sample()


def test_the_sample_has_three_turns_of_which_one_saw_nothing() -> None:
    decoded = decode(SAMPLE.read_bytes())
    radar = [row for row in rows_of(decoded) if row["identifier"] == "sac-sic:255/1"]
    ended = [row["look"] for row in radar if row["bearing_deg"] is None]
    assert len(ended) >= 3
    assert ended == sorted(set(ended))
    assert [item.reason for item in decoded.quarantined] == ["record"]


def test_a_north_marker_ends_a_look_and_a_turn_without_plots_is_told() -> None:
    decoded = decode(north(0), seen((1, 90), (3, 270)), north(4), north(8), seen((9, 90)))
    assert looks(rows_of(decoded)) == [0, 0, 0, 4, 8]
    ends = ends_of(decoded)
    assert [row["report"] for row in ends] == ["ASTERIX 034"] * 2
    assert to_us(ends[0]["valid"]) == MIDNIGHT_US + round((NOON_S + 4) * 1e6)
    assert all(row["range_m"] is None and row["latitude_deg"] is None for row in ends)


def test_two_radars_of_one_connection_turn_on_their_own() -> None:
    decoded = decode(north(0), north(0, 2), seen((1, 9)), seen((1, 9), sic=2), north(4))
    ends = ends_of(decoded)
    assert [row["identifier"] for row in ends] == ["sac-sic:44/1"]
    assert {row["identifier"] for row in plots_of(decoded)} == {"sac-sic:44/1", "sac-sic:44/2"}


def test_sectors_that_begin_anew_end_a_look_where_no_north_marker_comes() -> None:
    decoded = decode(
        sector(0, 0), seen((1, 90)), sector(3, 270), seen((3.9, 355)), sector(4, 0), seen((4.5, 40))
    )
    assert [row["bearing_deg"] is None for row in rows_of(decoded)] == [False, False, True, False]


def test_bearings_that_begin_anew_end_a_look_where_nothing_else_tells() -> None:
    decoded = decode(seen((0, 10), (1, 100), (3, 300), (2.9, 290), (4.1, 15)))
    assert [row["bearing_deg"] is None for row in rows_of(decoded)] == [False] * 4 + [True, False]


def test_a_turn_that_has_gone_by_ends_a_look_where_its_period_is_known() -> None:
    options = Options.model_validate({"sensors": {"44/1": {"period_s": 4.0}}})
    decoded = decode(seen((0, 100), (4.0, 100.1), (8.1, 100.2)), options=options)
    assert looks(plots_of(decoded)) == [0, 4, 8]
    assert len(ends_of(decoded)) == 2


def test_bearings_of_one_moment_are_a_look_that_a_later_one_or_a_pause_ends() -> None:
    times = NOON_S + np.array([0.0, 0.4, 5.0])
    decoded = decode(bearings(44, 9, times, np.array([10.0, 20.0, 30.0]), 55.0, 12.5, "156.800"))
    assert looks(rows_of(decoded)) == [0, 0, 0, 5, 5]
    assert [row["bearing_deg"] is None for row in rows_of(decoded)] == [
        *(False, False, True, False, True)
    ]
    first = rows_of(decoded)[0]
    assert (first["range_m"], first["latitude_deg"]) == (None, None)
    assert first["sensor_latitude_deg"] == pytest.approx(55.0, abs=1e-5)
    assert first["bearing_std_deg"] == pytest.approx(2.0)


def test_a_plot_lies_where_its_range_and_bearing_lead() -> None:
    options = Options.model_validate(
        {"sensors": {"44/1": {"range_std_m": 30.0, "bearing_std_deg": 0.5}}}
    )
    row = plots_of(decode(north(0), seen((1, 90)), options=options))[0]
    metres, degrees = distance_and_bearing(
        row["sensor_latitude_deg"], row["sensor_longitude_deg"],
        row["latitude_deg"], row["longitude_deg"],
    )  # fmt: skip
    assert float(metres) == pytest.approx(row["range_m"], abs=0.01)
    assert float(degrees) == pytest.approx(row["bearing_deg"], abs=1e-6)
    assert row["range_m"] == pytest.approx(12_000, abs=5)
    assert row["position_std_m"] == pytest.approx(12_000 * np.radians(0.5), rel=1e-3)
    assert row["position_minor_std_m"] == pytest.approx(30.0)
    assert row["position_axis_deg"] == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize(
    ("said", "read"),
    [(0o7700, "7700"), (0o21, "0021"), (0x8000 | 0o7700, None), (0x4000 | 0o7700, None),
     (0x2000 | 0o7700, None), (None, None)],
    ids=["emergency", "with zeros", "not validated", "garbled", "not of this turn", "none"],
)  # fmt: skip
def test_the_code_of_a_transponder_is_read_where_it_was_heard_soundly(
    said: int | None, read: str | None
) -> None:
    time_s = np.array([MIDNIGHT_US / 1e6 + 10])
    data = plots(44, 1, time_s, np.array([9_000.0]), np.array([45.0]), code=said)
    [row] = plots_of(decode(data))
    assert row["mode_3a"] == read


def test_where_a_sensor_stands_is_told_when_known_and_every_ten_minutes() -> None:
    decoded = decode(*(north(4.0 * turn) for turn in range(200)))
    places = rows_of(decoded, Kind.POSITION)
    assert len(places) == 2
    assert places[0]["latitude_deg"] == pytest.approx(55.5, abs=1e-4)
    assert places[0]["schema"] == "Sensor"


def test_where_nobody_says_where_the_radar_is_a_plot_has_range_and_bearing_alone() -> None:
    row = plots_of(decode(seen((1, 90))))[0]
    assert row["latitude_deg"] is None
    assert row["position_std_m"] is None
    assert row["range_m"] == pytest.approx(12_000, abs=5)


@pytest.mark.parametrize(
    ("received", "time_of_day_s", "valid"),
    [
        ("2026-03-15T00:00:02Z", 86_399.5, "2026-03-14T23:59:59.5Z"),
        ("2026-03-14T23:59:59Z", 0.5, "2026-03-15T00:00:00.5Z"),
        ("2026-03-14T12:00:00Z", 43_200.0, "2026-03-14T12:00:00Z"),
    ],
)
def test_a_time_of_day_is_of_the_nearest_day(
    received: str, time_of_day_s: float, valid: str
) -> None:
    data = plots(44, 1, np.array([time_of_day_s]), np.array([9e3]), np.array([1.0]))
    row = rows_of(decode(data, received_us=from_text(received)))[0]
    assert to_us(row["valid"]) == from_text(valid)


def test_a_recording_of_a_given_day_passes_midnight() -> None:
    options = Options.model_validate({"day": "2016-05-05"})
    times = np.array([86_399.0, 86_399.5, 0.5, 7.0])
    data = plots(44, 1, times, np.full(4, 9e3), np.arange(4.0))
    days = [row["valid"].day for row in plots_of(decode(data, options=options))]
    assert days == [5, 5, 6, 6]


def test_simulated_plots_say_so_and_are_left_out_where_the_options_say_so() -> None:
    assert plots_of(decode(seen((1, 90))))[0]["report"] == "ASTERIX 048 simulated"
    decoded = decode(seen((1, 90)), options=Options(simulated=False))
    assert decoded.ignored == {"simulated": 1}
    assert rows_of(decoded) == []


def test_looks_rise_after_a_restart() -> None:
    before = decode(north(0), seen((1, 90)), north(4), received_us=NOW_US)
    after = decode(north(60), seen((61, 90)), north(64), received_us=NOW_US)
    assert max(row["look"] for row in rows_of(before)) < rows_of(after)[0]["look"]
