"""The tracker of one stream of plots, fed as a node feeds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from alliage.fusion import LocalFrame, Sensor, Settings
from alliage.fusion.plot_stream import PlotStream, StreamSettings
from alliage.ontology.observation import COMMON, PLOT, Kind, ObservationBatch, check_batch

RADAR = LocalFrame(55.0, 12.5)
TYPES = {column.name: column.type for column in (*COMMON, *PLOT)}
START_S = 1_790_000_000
SETTINGS = StreamSettings(Sensor("radar", 0.9, 1e-9, max_range_m=50_000.0), every_s=0.0)


def look(
    number: int,
    east_north_m: Sequence[tuple[float, float]],
    sensor: str = "sensor:one",
    ended: bool = True,
    after_s: Sequence[float] = (),
    codes: Sequence[str | None] = (),
) -> ObservationBatch:
    """What a radar saw in one turn of three seconds; the last row says that the turn is over."""
    places = np.array(east_north_m, float).reshape(-1, 2)
    rows = len(places) + ended
    nothing = [None] * ended
    at_us = (START_S + 3 * number) * 1_000_000
    lat = np.full(rows, RADAR.latitude_deg)
    columns = {
        "identifier": pa.array([sensor] * rows).dictionary_encode(),
        "schema": pa.array(["Sensor"] * rows).dictionary_encode(),
        "valid": pa.array([at_us + round(1e6 * s) for s in (*after_s, *[0.0] * rows)][:rows]),
        "received": pa.array([at_us + 200_000] * rows),
        "range_m": pa.array([*np.hypot(*places.T).tolist(), *nothing]),
        "range_std_m": pa.array([20.0] * rows),
        "bearing_deg": pa.array([*(np.degrees(np.arctan2(*places.T)) % 360).tolist(), *nothing]),
        "bearing_std_deg": pa.array([0.1] * rows),
        "sensor_latitude_deg": pa.array(lat),
        "sensor_longitude_deg": pa.array(np.full(rows, RADAR.longitude_deg)),
        "look": pa.array([number] * rows),
    }
    if codes:
        columns["mode_3a"] = pa.array([*codes, *nothing], pa.utf8()).dictionary_encode()
    table = {name: values.cast(TYPES[name]) for name, values in columns.items()}
    return ObservationBatch(Kind.PLOT, pa.RecordBatch.from_pydict(table))


def ships(number: int) -> list[tuple[float, float]]:
    """Two ships, one to the east at 8 m/s and one to the south at 5."""
    t = 3.0 * number
    return [(-4_000.0 + 8.0 * t, 9_000.0), (7_000.0, 6_000.0 - 5.0 * t)]


def rows_of(
    batches: Sequence[ObservationBatch], kind: Kind = Kind.POSITION
) -> list[dict[str, object]]:
    return [row for batch in batches if batch.kind is kind for row in batch.rows.to_pylist()]


def test_what_moves_becomes_tracks_with_place_course_and_uncertainty() -> None:
    stream = PlotStream("sound-radar", SETTINGS)
    said = [batch for n in range(40) for batch in stream.take([look(n, ships(n))])]
    last = {row["identifier"]: row for row in rows_of(said)}
    assert len(last) == 2
    assert all(str(name).startswith("track:sound-radar-") for name in last)
    for row in last.values():
        place = RADAR.to_local(np.array([row["latitude_deg"]]), np.array([row["longitude_deg"]]))[0]
        away_m = min(np.hypot(*(place - ship)) for ship in np.array(ships(39)))
        assert away_m < 30.0
        assert row["valid"].timestamp() == START_S + 117  # type: ignore[attr-defined]
        assert 1.0 < row["position_std_m"] < 30.0  # type: ignore[operator]
        assert row["existence"] > 0.99  # type: ignore[operator]
    speeds = sorted((row["speed_mps"], row["course_deg"]) for row in last.values())
    assert [speed for speed, _ in speeds] == pytest.approx([5.0, 8.0], abs=0.5)
    assert [course for _, course in speeds] == pytest.approx([180.0, 90.0], abs=4.0)


def test_its_batches_keep_the_contract_of_observations() -> None:
    stream = PlotStream("sound-radar", SETTINGS)
    said = [batch for n in range(10) for batch in stream.take([look(n, ships(n))])]
    assert said
    for batch in said:
        check_batch(batch, {})


def test_how_a_look_was_cut_into_batches_changes_nothing() -> None:
    whole, cut = PlotStream("radar", SETTINGS), PlotStream("radar", SETTINGS)
    for n in range(15):
        one, two = ships(n)
        parts = [look(n, [one], ended=False), look(n, [two], ended=False), look(n, [])]
        together = rows_of(whole.take([look(n, [one, two])]))
        assert rows_of([batch for part in parts for batch in cut.take([part])]) == together


def test_a_look_whose_end_was_lost_ends_with_the_next_one() -> None:
    stream = PlotStream("radar", SETTINGS)
    said = [b for n in range(20) for b in stream.take([look(n, ships(n), ended=False)])]
    assert len({row["identifier"] for row in rows_of(said)}) == 2
    assert rows_of(said)[-1]["valid"].timestamp() == START_S + 3 * 18  # type: ignore[attr-defined]


def test_what_is_seen_no_more_ends() -> None:
    stream = PlotStream("radar", SETTINGS)
    for n in range(20):
        stream.take([look(n, ships(n))])
    silent = [stream.take([look(n, [])]) for n in range(20, 40)]
    assert not any(silent)
    again = [batch for n in range(40, 60) for batch in stream.take([look(n, ships(0))])]
    seen_before = {"1", "2"}
    assert not seen_before & {str(row["identifier"]).rsplit("-", 1)[1] for row in rows_of(again)}


def test_two_sensors_of_one_stream_follow_the_same_things() -> None:
    stream = PlotStream("radar", SETTINGS)
    said = []
    for n in range(20):
        for sensor in ("sensor:one", "sensor:two"):
            said += stream.take([look(n, ships(n), sensor)])
    assert len({row["identifier"] for row in rows_of(said)}) == 2
    assert {tuple(row["receivers"]) for row in rows_of(said)} == {  # type: ignore[arg-type]
        ("sensor:one",),
        ("sensor:two",),
    }


def test_plots_that_cannot_be_used_are_counted_and_stop_nothing() -> None:
    stream = PlotStream("radar", SETTINGS)
    bad = look(0, [(-1.0, 1.0)]).rows
    column = bad.schema.get_field_index("range_m")
    broken = bad.set_column(column, "range_m", pa.array([-5.0, None], pa.float64()))
    assert stream.take([ObservationBatch(Kind.PLOT, broken)]) == []
    assert stream.plots_refused == 1
    assert [b for n in range(1, 20) for b in stream.take([look(n, ships(n))])]


def test_a_track_is_told_of_no_more_often_than_is_asked_for() -> None:
    stream = PlotStream("radar", StreamSettings(SETTINGS.sensor, every_s=9.0))
    said = [batch for n in range(30) for batch in stream.take([look(n, ships(n))])]
    times = [r["valid"].timestamp() for r in rows_of(said)]  # type: ignore[attr-defined]
    ones = sorted(set(times))
    assert all(later - earlier >= 9.0 for earlier, later in pairwise(ones))


def test_a_track_is_said_to_be_where_it_was_when_the_beam_passed() -> None:
    stream = PlotStream("radar", SETTINGS)
    beam_s = (0.4, 2.2)
    for n in range(40):
        seen = [
            (e + v * s, north + w * s)
            for (e, north), (v, w), s in zip(
                ships(n), [(8.0, 0.0), (0.0, -5.0)], beam_s, strict=True
            )
        ]
        said = rows_of(stream.take([look(n, seen, after_s=beam_s)]))
    for row in said:
        place = RADAR.to_local(np.array([row["latitude_deg"]]), np.array([row["longitude_deg"]]))[0]
        t = row["valid"].timestamp() - START_S  # type: ignore[attr-defined]
        truth = np.array(ships(0)) + t * np.array([(8.0, 0.0), (0.0, -5.0)])
        assert min(np.hypot(*(place - ship)) for ship in truth) < 2.0
    assert {round((row["valid"].timestamp() - START_S) % 3, 1) for row in said} == set(beam_s)  # type: ignore[attr-defined]


def test_a_stream_whose_time_is_set_back_is_followed_anew() -> None:
    stream = PlotStream("radar", SETTINGS)
    for n in range(1_000, 1_020):
        stream.take([look(n, ships(n))])
    said = rows_of([batch for n in range(20) for batch in stream.take([look(n, ships(n))])])
    assert len({row["identifier"] for row in said}) == 2
    assert stream.looks_too_late == 0


def test_plots_from_nobody_knows_where_are_refused_and_counted() -> None:
    stream = PlotStream("radar", SETTINGS)
    for n in range(10):
        lost = look(n, ships(n), "sensor:lost").rows.drop_columns(
            ["sensor_latitude_deg", "sensor_longitude_deg"]
        )
        placed = look(n, ships(n))
        stream.take([placed])
        stream.take([ObservationBatch(Kind.PLOT, lost)])
    assert stream.plots_refused == 10 * 2
    assert len({r["identifier"] for r in rows_of(stream.take([look(10, ships(10))]))}) == 2


def test_a_look_that_misses_some_is_still_of_the_moment_of_its_turn() -> None:
    """Else what comes and goes would shake the clock of what stays."""
    fast = Settings(speed_std_mps=60.0)
    stream = PlotStream("radar", StreamSettings(SETTINGS.sensor, fast, every_s=0.0))
    speeds = []
    for n in range(60):
        seen = [(-4_000.0 + 80.0 * (3 * n + 0.5), 9_000.0)]
        others = [(7_000.0, 6_000.0)] if n % 2 else []
        after_s = (0.5, 2.9)[: len(seen) + len(others)]
        said = rows_of(stream.take([look(n, seen + others, after_s=after_s)]))
        speeds += [row["speed_mps"] for row in said if row["speed_mps"] > 40.0]  # type: ignore[operator]
    assert speeds[-10:] == pytest.approx([80.0] * 10, abs=1.0)


def test_a_late_look_gives_no_track_the_name_of_another() -> None:
    """What people said of a track hangs on its name."""
    stream = PlotStream("radar", SETTINGS)
    third = [(0.0, -9_000.0)]
    told: dict[object, float] = {}
    for n in range(20):
        if n == 13:  # another sensor of the same source, three turns late, saw the sea clutter
            stream.take([look(9, [(20_000.0, 20_000.0)], "sensor:two")])
        seen = ships(n)[: 1 + (n >= 10)] + third * (n >= 11)
        for row in rows_of(stream.take([look(n, seen)])):
            north = float(row["latitude_deg"])  # type: ignore[arg-type]
            assert told.setdefault(row["identifier"], north) == pytest.approx(north, abs=0.01)
    assert len(told) == 3


def bearing_look(
    number: int, east_m: float, sensor: str, true: tuple[float, float]
) -> ObservationBatch:
    """One look of a direction finder, which sees one thing, with its end."""
    frame_lat, frame_lon = RADAR.to_degrees(np.array([[east_m, 0.0]]))
    bearing = np.degrees(np.arctan2(true[0] - east_m, true[1])) % 360.0
    at_us = (START_S + 5 * number) * 1_000_000
    columns = {
        "identifier": pa.array([sensor] * 2).dictionary_encode(),
        "schema": pa.array(["Sensor"] * 2).dictionary_encode(),
        "valid": pa.array([at_us] * 2),
        "received": pa.array([at_us + 200_000] * 2),
        "bearing_deg": pa.array([bearing, None]),
        "bearing_std_deg": pa.array([1.0, None]),
        "sensor_latitude_deg": pa.array(np.repeat(frame_lat, 2)),
        "sensor_longitude_deg": pa.array(np.repeat(frame_lon, 2)),
        "look": pa.array([number] * 2),
    }
    table = {name: values.cast(TYPES[name]) for name, values in columns.items()}
    return ObservationBatch(Kind.PLOT, pa.RecordBatch.from_pydict(table))


FINDER = replace(SETTINGS, sensor=Sensor("finder", clutter_per_rad=0.2))


def passes_by(number: int) -> tuple[float, float]:
    """Where a thing is that goes to the east at 5 m/s, north of the finders."""
    return 4_000.0 + 25.0 * number, 9_000.0


def of_kind(batches: Sequence[ObservationBatch], kind: Kind) -> list[dict[str, Any]]:
    return [row for one in batches if one.kind is kind for row in one.rows.to_pylist()]


def test_direction_finders_of_one_stream_tell_places_and_one_alone_none() -> None:
    one, two = PlotStream("finders", FINDER), PlotStream("finders", FINDER)
    alone, both = [], []
    for number in range(20):
        true = passes_by(number)
        west = bearing_look(number, 0.0, "sensor:west", true)
        alone += one.take([west])
        both += two.take([west, bearing_look(number, 9_000.0, "sensor:east", true)])
    assert not of_kind(alone, Kind.POSITION)
    places = of_kind(both, Kind.POSITION)
    assert len({row["identifier"] for row in places}) == 1
    last = places[-1]
    place = RADAR.to_local(np.array([last["latitude_deg"]]), np.array([last["longitude_deg"]]))[0]
    assert np.hypot(*(place - true)) < 3.0 * float(last["position_std_m"])  # type: ignore[arg-type]
    assert 50.0 < float(last["position_std_m"]) < 500.0  # type: ignore[arg-type]
    lines = of_kind(both, Kind.LINE)
    assert lines, "until they cross there are lines"
    assert max(row["valid"] for row in lines) < last["valid"]


def test_one_direction_finder_tells_a_line_with_its_rate_and_what_they_are_known_to() -> None:
    stream = PlotStream("mast", FINDER)
    said = [
        batch
        for number in range(40)
        for batch in stream.take([bearing_look(number, 0.0, "sensor:west", passes_by(number))])
    ]
    for batch in said:
        check_batch(batch, {})
    lines = of_kind(said, Kind.LINE)
    (name,) = {row["identifier"] for row in lines}
    assert name.startswith("line:mast-")
    last, (east, north) = lines[-1], passes_by(39)
    assert last["receivers"] == ["sensor:west"]
    assert last["valid"].timestamp() == START_S + 5 * 39
    assert last["bearing_deg"] == pytest.approx(np.degrees(np.arctan2(east, north)), abs=0.5)
    rate_degps = np.degrees(5.0 * north / (east**2 + north**2))
    assert abs(last["bearing_rate_degps"] - rate_degps) < 3.0 * last["bearing_rate_std_degps"]
    assert 0.1 < last["bearing_std_deg"] < 1.0
    assert last["existence"] > 0.9
    assert (last["sensor_latitude_deg"], last["sensor_longitude_deg"]) == pytest.approx(
        (RADAR.latitude_deg, RADAR.longitude_deg)
    )


def test_a_line_is_told_no_oftener_than_is_wanted_and_no_more_once_it_is_not_seen() -> None:
    stream = PlotStream("mast", replace(FINDER, every_s=20.0))
    told = []
    for number in range(60):
        seen = number < 40
        look_of = bearing_look(number, 0.0, "sensor:west", passes_by(number))
        empty = ObservationBatch(Kind.PLOT, look_of.rows.slice(1))
        told += of_kind(stream.take([look_of if seen else empty]), Kind.LINE)
    times_s = [row["valid"].timestamp() - START_S for row in told]
    assert set(np.diff(times_s)) == {20.0}
    assert max(times_s) < 5 * 40


def test_a_late_look_of_a_finder_gives_no_line_the_name_of_another() -> None:
    stream = PlotStream("mast", FINDER)
    names: dict[str, set[str]] = {}
    for number in range(30):
        looks = [bearing_look(number, 0.0, "sensor:west", passes_by(number))]
        if number == 20:  # of a second finder, two looks late, which sees something else
            looks.append(bearing_look(18, 9_000.0, "sensor:east", (9_000.0, -8_000.0)))
        for row in of_kind(stream.take(looks), Kind.LINE):
            names.setdefault(row["receivers"][0], set()).add(row["identifier"])
    assert len(names["sensor:west"]) == 1
    assert names.keys() == {"sensor:west"}


def answered(
    turns: int, places: Sequence[tuple[float, float]], *codes: str | None
) -> list[tuple[str, str]]:
    """Track and code, each time that one is said, while things stay where they are."""
    stream = PlotStream("sound-radar", SETTINGS)
    said = [b for n in range(turns) for b in stream.take([look(n, places, codes=codes)])]
    for batch in said:
        check_batch(batch, {"squawk": pa.utf8()})
    return [(str(r["identifier"]), str(r["squawk"])) for r in rows_of(said, Kind.STATIC)]


APART = [(-4_000.0, 9_000.0), (7_000.0, 6_000.0)]


def test_what_a_transponder_answers_is_said_of_its_track_once_in_a_while() -> None:
    told = answered(40, APART, "1000", "2303")
    assert len({name for name, _ in told}) == 2
    assert sorted(code for _, code in told) == ["1000", "2303"]


def test_an_emergency_code_is_said_with_every_plot_and_at_once() -> None:
    told = answered(40, APART, "1000", "7700")
    assert [code for _, code in told].count("1000") == 1
    assert [code for _, code in told].count("7700") > 20
    stream = PlotStream("sound-radar", SETTINGS)
    said = [b for n in range(20) for b in stream.take([look(n, APART, codes=["1000", "7700"])])]
    assert {b.urgent for b in said if b.kind is Kind.STATIC} == {True}


def test_a_plot_without_a_code_says_none() -> None:
    assert {code for _, code in answered(40, APART, None, "2303")} == {"2303"}
    assert answered(40, APART, None, None) == []


def test_of_two_that_fly_close_together_no_code_is_said_where_they_answer_differently() -> None:
    close = [(7_000.0, 6_000.0), (7_000.0, 6_080.0)]
    assert answered(40, close, "1000", "7700") == []
    assert {code for _, code in answered(40, close, "1000", "1000")} == {"1000"}
