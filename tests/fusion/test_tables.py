"""Tables in, tables out, and the ten lines that a researcher writes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import csv, parquet
from typer.testing import CliRunner

from alliage import fusion
from alliage.cli.main import app
from alliage.cli.output import CommandError
from alliage.fusion.track_table import error_ellipses

LOOKS = 20


def table_of(**more: object) -> pa.Table:
    """Two things: one goes east at 10 m/s, one north at 5 m/s; a look every two seconds."""
    chance = np.random.default_rng(8)
    time_s = np.repeat(np.arange(LOOKS) * 2.0, 2)
    east = np.where(np.arange(2 * LOOKS) % 2, 3000.0, 10.0 * time_s)
    north = np.where(np.arange(2 * LOOKS) % 2, 5.0 * time_s, 0.0)
    noise = chance.normal(0.0, 10.0, (2, 2 * LOOKS))
    columns = {"time_s": time_s, "east_m": east + noise[0], "north_m": north + noise[1]}
    return pa.table({**columns, **more})


def in_degrees() -> pa.Table:
    local = table_of()
    frame = fusion.LocalFrame(55.0, 11.0)
    places = np.column_stack([local["east_m"], local["north_m"]])
    latitude, longitude = frame.to_degrees(places)
    when_us = 1_790_000_000_000_000 + (np.array(local["time_s"]) * 1e6).astype(np.int64)
    time = pa.array(when_us, pa.timestamp("us", tz="UTC"))
    return pa.table({"time": time, "latitude_deg": latitude, "longitude_deg": longitude})


def last_rows(tracks: pa.Table) -> list[dict]:
    return sorted(tracks.to_pylist()[-2:], key=lambda row: row["speed_mps"])


def test_ten_lines_track_ones_own_plots() -> None:
    radar = fusion.Sensor("sensor", detection_probability=0.95, clutter_per_m2=1e-8)
    made = fusion.track(
        table_of(), reading=fusion.Reading(default_sensor=radar, position_std_m=10.0)
    )
    north, east = last_rows(made.tracks)
    assert len(made.tracks["track"].unique()) == 2
    assert east["east_m"] == pytest.approx(380.0, abs=20.0)
    assert east["course_deg"] == pytest.approx(90.0, abs=6.0)
    assert north["speed_mps"] == pytest.approx(5.0, abs=1.5)
    assert made.recording.nis()[2].errors > 30


def test_degrees_and_metres_give_the_same_tracks() -> None:
    local = fusion.track(table_of())
    degrees = fusion.track(in_degrees())
    assert degrees.tracks["time"].type == pa.timestamp("us", tz="UTC")
    assert degrees.tracks.num_rows == local.tracks.num_rows
    for here, there in zip(last_rows(local.tracks), last_rows(degrees.tracks), strict=True):
        assert there["speed_mps"] == pytest.approx(here["speed_mps"], rel=1e-3)
        assert there["latitude_deg"] == pytest.approx(55.0, abs=0.01)
        assert there["course_deg"] == pytest.approx(here["course_deg"], abs=0.1)


def test_ranges_and_true_bearings_from_a_place_in_degrees() -> None:
    positions = in_degrees()
    own = fusion.LocalFrame(55.02, 11.03)
    places = own.to_local(*(np.array(positions[n]) for n in ("latitude_deg", "longitude_deg")))
    count = len(places)
    polar = pa.table(
        {
            "time": positions["time"],
            "range_m": np.hypot(*places.T),
            "bearing_deg": np.degrees(np.arctan2(*places.T)) % 360.0,
            "sensor_latitude_deg": np.full(count, 55.02),
            "sensor_longitude_deg": np.full(count, 11.03),
            "range_std_m": np.full(count, 10.0),
            "bearing_std_deg": np.full(count, 0.3),
        }
    )
    made = fusion.track(polar)
    wanted = fusion.track(positions)
    for here, there in zip(last_rows(wanted.tracks), last_rows(made.tracks), strict=True):
        assert there["latitude_deg"] == pytest.approx(here["latitude_deg"], abs=2e-4)
        assert there["longitude_deg"] == pytest.approx(here["longitude_deg"], abs=2e-4)


def test_periods_without_plots_are_looks_that_saw_nothing() -> None:
    kept = [row for row in range(2 * LOOKS) if not 16 <= row < 30]
    gap = table_of().take(kept)
    equal_times = fusion.read_plots(gap)
    periods = fusion.read_plots(gap, fusion.Reading(period_s=2.0))
    assert len(equal_times.scans) == LOOKS - 7
    assert len(periods.scans) == LOOKS
    assert sum(len(scan) == 0 for scan in periods.scans) == 7


def seen_from_afar(**sensor: object) -> fusion.Tracking:
    """A thing a kilometre from a sensor that is 40 km off, for 20 s; a minute later another."""
    time_s = np.append(np.arange(10) * 2.0, 80.0)
    bearing = np.append(np.full(10, 90.0), 0.0)
    rows = {"time_s": time_s, "range_m": np.full(11, 1000.0), "bearing_deg": bearing}
    place = {"sensor_east_m": np.full(11, 40_000.0), "sensor_north_m": np.zeros(11)}
    radar = fusion.Sensor("sensor", 0.9, 1e-7, **sensor)
    reading = fusion.Reading(default_sensor=radar, period_s=2.0)
    return fusion.track(pa.table(rows | place), reading=reading)


def test_a_look_that_saw_nothing_was_looked_from_where_the_sensor_is() -> None:
    made = seen_from_afar(max_range_m=5000.0)
    assert all(scan.sensor_position_m.tolist() == [40_000.0, 0.0] for scan in made.plots.scans)
    assert max(made.tracks["time_s"].to_pylist()) < 30.0  # gone: it was within reach and not seen
    assert made.tracks.equals(seen_from_afar().tracks)


def test_between_its_plots_a_sensor_that_moves_is_on_its_way() -> None:
    rows = {"time_s": [0.0, 6.0], "range_m": [900.0, 900.0], "bearing_deg": [0.0, 0.0]}
    place = {"sensor_east_m": [100.0, 400.0], "sensor_north_m": [0.0, -60.0]}
    plots = fusion.read_plots(pa.table(rows | place), fusion.Reading(period_s=2.0))
    places = [scan.sensor_position_m.tolist() for scan in plots.scans]
    assert places == [[100.0, 0.0], [200.0, -20.0], [300.0, -40.0], [400.0, -60.0]]


def followed_beside_bearings(confirmation: object, bearings_in: tuple[int, ...]) -> list[int]:
    """In how many looks a thing is shown, for a sensor that also gives stray bearings in some."""
    rows = [{"time_s": 2.0 * look, "east_m": 10.0 * look, "north_m": 5e3} for look in range(30)]
    rows += [{"time_s": 2.0 * look + 0.1, "bearing_deg": 200.0} for look in bearings_in]
    radar = fusion.Sensor("sensor", 0.9, 1e-7)
    settings = fusion.Settings(confirmation=confirmation)
    table = pa.Table.from_pylist(rows, pa.schema({n: pa.float64() for n in (*rows[0], *rows[-1])}))
    made = fusion.track(table, settings, fusion.Reading(default_sensor=radar, period_s=2.0))
    assert {scan.time_s // 2.0 for scan in made.plots.scans} == set(range(30))
    return sorted({round(at_s // 2.0) for at_s in made.tracks["time_s"].to_pylist()})


@pytest.mark.parametrize(
    "confirmation", [fusion.ByExistence(), fusion.ByCount(3, 4, 2)], ids=["existence", "count"]
)
@pytest.mark.parametrize("bearings_in", [(0, 29), tuple(range(30))], ids=["two", "always"])
def test_a_look_with_plots_of_several_kinds_is_one_look(
    confirmation: object, bearings_in: tuple[int, ...]
) -> None:
    alone = followed_beside_bearings(confirmation, bearings_in=())
    beside = followed_beside_bearings(confirmation, bearings_in)
    assert len(alone) > 25
    assert abs(len(beside) - len(alone)) <= 1


def test_what_no_kind_of_plot_shows_is_missed_once() -> None:
    rows = [{"time_s": 2.0 * look, "east_m": 10.0, "north_m": 5e3} for look in range(10)]
    far = {"time_s": 20.0, "east_m": -9e5, "north_m": 0.0}
    radar = fusion.Sensor("sensor", 0.9, 1e-7)

    def existence(*last: dict[str, float]) -> float:
        names = ("time_s", "east_m", "north_m", "bearing_deg")
        schema = pa.schema({name: pa.float64() for name in names})
        table = pa.Table.from_pylist([*rows, *last], schema)
        made = fusion.track(table, reading=fusion.Reading(default_sensor=radar))
        return float(made.tracks["existence"].to_pylist()[-1])

    bearing = {"time_s": 20.0, "bearing_deg": 270.0}
    assert existence(far, bearing) == pytest.approx(existence(far, far), rel=1e-9)
    assert existence(far, bearing) < existence()


def test_plots_that_make_no_track_give_an_empty_table() -> None:
    made = fusion.track(table_of().slice(0, 2))
    assert made.tracks.num_rows == 0
    assert {"time_s", "track", "east_m", "existence"} <= set(made.tracks.column_names)


def test_an_error_ellipse_comes_in_as_it_goes_out() -> None:
    ellipse = {"position_std_m": 30.0, "position_minor_std_m": 5.0, "position_axis_deg": 70.0}
    given = table_of(**{name: np.full(2 * LOOKS, value) for name, value in ellipse.items()})
    (first, *_) = fusion.read_plots(given).scans
    told = error_ellipses(first.noise)
    for name, value in ellipse.items():
        np.testing.assert_allclose(told[name], value)


@pytest.mark.parametrize("origin_deg", [11.0, -4.0])
def test_error_ellipses_point_from_true_north_wherever_the_frame_is(origin_deg: float) -> None:
    ellipse = {"position_std_m": 30.0, "position_minor_std_m": 5.0, "position_axis_deg": 70.0}
    table = in_degrees()
    for name, value in ellipse.items():
        table = table.append_column(name, pa.array(np.full(2 * LOOKS, value)))
    reading = fusion.Reading(frame=fusion.LocalFrame(55.0, origin_deg))
    made = fusion.track(table, reading=reading)
    told = [row["position_axis_deg"] for row in last_rows(made.tracks)]
    assert told == pytest.approx([70.0, 70.0], abs=3.0)
    (first, *_) = made.plots.scans
    lean = np.degrees(reading.frame.true_north_rad(np.array([55.0]), np.array([11.0])))[0]
    axis = np.asarray(error_ellipses(first.noise)["position_axis_deg"])
    np.testing.assert_allclose(axis, 70.0 + lean, atol=0.1)


def test_a_bearing_from_nowhere_is_left_out() -> None:
    positions = in_degrees().append_column("bearing_deg", pa.nulls(2 * LOOKS, pa.float64()))
    nowhere = pa.table({"time": positions["time"].slice(0, 1), "bearing_deg": [30.0]})
    plots = fusion.read_plots(pa.concat_tables([positions, nowhere], promote_options="default"))
    assert plots.rejected == {"no position of the sensor": 1}


def test_rows_that_cannot_be_used_are_counted_and_left_out() -> None:
    table = table_of(position_std_m=[None, -1.0] + [5.0] * (2 * LOOKS - 2))
    broken = table.set_column(1, "east_m", pa.array([1.0, 2.0, None, *[4.0] * (2 * LOOKS - 3)]))
    plots = fusion.read_plots(broken)
    assert plots.rejected == {
        "a standard deviation that is not positive": 1,
        "nothing measured": 1,
    }
    assert sum(map(len, plots.scans)) == 2 * LOOKS - 2


def test_a_place_that_is_not_on_the_earth_is_told_as_such() -> None:
    plots = in_degrees()
    wrong = pa.table({"time": plots["time"].slice(0, 2), "latitude_deg": [123.0, 55.0],
                      "longitude_deg": [11.0, 911.0]})  # fmt: skip
    read = fusion.read_plots(pa.concat_tables([plots, wrong], promote_options="default"))
    assert read.rejected == {"a place that is not on the earth": 2}
    away = pa.table({"time": plots["time"].slice(0, 1), "bearing_deg": [30.0],
                     "sensor_latitude_deg": [91.0], "sensor_longitude_deg": [11.0]})  # fmt: skip
    read = fusion.read_plots(pa.concat_tables([plots, away], promote_options="default"))
    assert read.rejected == {"a sensor's place that is not on the earth": 1}


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (pa.table({"east_m": [1.0], "north_m": [1.0]}), "no column 'time'"),
        (pa.table({"time_s": [1.0], "colour": ["red"]}), "no usable plots"),
        (pa.table({"time_s": ["soon"], "east_m": [1.0], "north_m": [1.0]}), "'time_s'"),
        (pa.table({"time": ["soon"], "east_m": [1.0], "north_m": [1.0]}), "'time'"),
    ],
)
def test_what_is_no_table_of_plots_is_refused_in_words(table: pa.Table, message: str) -> None:
    with pytest.raises(fusion.PlotsError, match=message):
        fusion.read_plots(table)


def test_sensors_have_their_own_figures() -> None:
    table = table_of(sensor=["north", "south"] * LOOKS)
    sensors = (fusion.Sensor("north", 0.5),)
    plots = fusion.read_plots(table, fusion.Reading(sensors))
    chances = {scan.sensor.name: scan.sensor.detection_probability for scan in plots.scans}
    assert chances == {"north": 0.5, "south": 0.9}


@pytest.mark.parametrize("suffix", ["csv", "parquet", "geojson"])
def test_the_command_writes_tracks(tmp_path: Path, suffix: str) -> None:
    source, target = tmp_path / "plots.csv", tmp_path / f"tracks.{suffix}"
    csv.write_csv(in_degrees(), source)
    options = ["--position-std-m", "10", "--motion", "turns", "--json"]
    done = CliRunner().invoke(app, ["track", str(source), str(target), *options])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["tracks"], told["plots"], told["looks"]) == (2, 2 * LOOKS, LOOKS)
    assert told["nis"]["2"]["count"] > 30
    read = {
        "csv": lambda: csv.read_csv(target).num_rows,
        "parquet": lambda: parquet.read_table(target).num_rows,
        "geojson": lambda: len(json.loads(target.read_text())["features"]),
    }
    assert read[suffix]() == told["rows"] > 30


def test_the_command_says_what_it_found(tmp_path: Path) -> None:
    source, target = tmp_path / "plots.parquet", tmp_path / "tracks.csv"
    parquet.write_table(table_of(position_std_m=[-1.0] + [10.0] * (2 * LOOKS - 1)), source)
    options = ["--association", "gnn", "--confirm", "3/5", "--motion", "ships"]
    done = CliRunner().invoke(app, ["track", str(source), str(target), *options])
    assert done.exit_code == 0
    assert "2 tracks in" in done.stderr
    assert "left out: 1 row with a standard deviation" in done.stderr
    assert "innovations of 2 components" in done.stderr


def test_the_command_writes_no_digits_that_mean_nothing(tmp_path: Path) -> None:
    source, target = tmp_path / "plots.csv", tmp_path / "tracks.csv"
    csv.write_csv(in_degrees(), source)
    assert CliRunner().invoke(app, ["track", str(source), str(target)]).exit_code == 0
    header, *rows = target.read_text().splitlines()
    digits = {"latitude_deg": 7, "east_m": 2, "speed_mps": 3, "course_deg": 4, "existence": 4}
    for name, most in digits.items():
        at = header.replace('"', "").split(",").index(name)
        assert max(len(row.split(",")[at].partition(".")[2]) for row in rows) <= most


def test_the_command_says_where_sensors_without_names_were_taken_as_one(tmp_path: Path) -> None:
    source, target = tmp_path / "bearings.csv", tmp_path / "tracks.csv"
    rows = {"time_s": [0.0, 0.0, 5.0, 5.0], "bearing_deg": [10.0, 350.0, 11.0, 349.0]}
    places = {"sensor_east_m": [0.0, 9_000.0] * 2, "sensor_north_m": [0.0] * 4}
    for names, warned in (({}, True), ({"sensor": ["a", "b"] * 2}, False)):
        csv.write_csv(pa.table(rows | places | names), source)
        done = CliRunner().invoke(app, ["track", str(source), str(target)])
        assert done.exit_code == 0, done.output
        assert ("no column 'sensor'" in done.stderr) == warned


def test_the_command_says_why_bearings_alone_gave_no_track(tmp_path: Path) -> None:
    source, target = tmp_path / "bearings.csv", tmp_path / "tracks.csv"
    csv.write_csv(pa.table({"time_s": [0.0, 2.0, 4.0], "bearing_deg": [10.0, 10.1, 10.2]}), source)
    done = CliRunner().invoke(app, ["track", str(source), str(target)])
    assert done.exit_code == 0
    assert "0 tracks" in done.stderr
    assert "bearings alone give lines" in done.stderr
    command = ["track", str(source), str(target), "--json"]
    told = json.loads(CliRunner().invoke(app, command).stdout)
    assert "bearings alone" in told["hint"]
    csv.write_csv(table_of(), source)
    told = json.loads(CliRunner().invoke(app, command).stdout)
    assert told["hint"] is None


def bearings_table(sensors: int) -> pa.Table:
    """True bearings of one ship from one or two places in degrees, off their frame's middle."""
    frame = fusion.LocalFrame(60.0, 20.0)
    rows = []
    for look in range(30):
        for nth in range(sensors):
            place = np.array([[40_000.0 + 12_000.0 * nth, 0.0]])
            lat, lon = frame.to_degrees(place)
            east, north = 45_000.0 + 20.0 * look - place[0, 0], 10_000.0
            lean = np.degrees(frame.true_north_rad(lat, lon))[0]
            rows.append(
                {
                    "time_s": 4.0 * look,
                    "sensor": f"finder {nth}",
                    "sensor_latitude_deg": lat[0],
                    "sensor_longitude_deg": lon[0],
                    "bearing_deg": (np.degrees(np.arctan2(east, north)) - lean) % 360.0,
                }
            )
    return pa.Table.from_pylist(rows)


def test_bearings_alone_make_a_table_of_lines_that_says_no_place_but_the_sensors() -> None:
    table = bearings_table(1)
    made = fusion.track(table)
    assert not made.tracks.num_rows
    assert made.lines.num_rows > 20
    assert {"latitude_deg", "east_m"}.isdisjoint(made.lines.column_names)
    *_, last = made.lines.to_pylist()
    *_, measured = table.to_pylist()
    assert last["sensor"] == "finder 0"
    for name in ("sensor_latitude_deg", "sensor_longitude_deg"):
        assert last[name] == pytest.approx(measured[name])
    assert last["bearing_deg"] == pytest.approx(measured["bearing_deg"], abs=0.3)
    assert 0.2 < last["bearing_std_deg"] < 1.0
    assert last["bearing_rate_degps"] == pytest.approx(0.0245, abs=0.02)
    assert last["existence"] > 0.9
    assert last["seen"]


def test_bearings_of_two_places_make_a_track_with_a_place() -> None:
    made = fusion.track(bearings_table(2))
    *_, last = made.tracks.to_pylist()
    frame = fusion.LocalFrame(60.0, 20.0)
    place = frame.to_local(np.array([last["latitude_deg"]]), np.array([last["longitude_deg"]]))[0]
    np.testing.assert_allclose(place, [45_580.0, 10_000.0], atol=300.0)
    assert last["position_std_m"] < 300.0
    assert made.lines.num_rows < 20


def test_the_command_writes_lines_where_it_is_asked_to(tmp_path: Path) -> None:
    source, target = tmp_path / "bearings.csv", tmp_path / "lines.parquet"
    csv.write_csv(bearings_table(1), source)
    command = ["track", str(source), str(tmp_path / "tracks.csv")]
    assert "1 line of bearing" in CliRunner().invoke(app, command).stderr
    options = ["--lines", str(target), "--lines-beyond-m", "5000", "--json"]
    done = CliRunner().invoke(app, [*command, *options])
    assert json.loads(done.stdout)["lines"] == 1
    assert parquet.read_table(target).num_rows > 20
    no_places = CliRunner().invoke(app, [*command, "--lines", str(tmp_path / "lines.geojson")])
    assert isinstance(no_places.exception, CommandError)
    assert "no positions" in str(no_places.exception)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--position-std-m", "40"], "standard deviations or the acceleration too large"),
        (["--position-std-m", "40", "--motion", "turns"], "seldom do what some motion allows for"),
        (["--position-std-m", "3"], "are the standard deviations too small"),
    ],
    ids=["too large", "turns", "too small"],
)
def test_the_command_says_why_innovations_may_not_be_as_expected(
    tmp_path: Path, options: list[str], message: str
) -> None:
    source = tmp_path / "plots.parquet"
    parquet.write_table(table_of(), source)
    done = CliRunner().invoke(app, ["track", str(source), str(tmp_path / "t.csv"), *options])
    assert done.exit_code == 0
    assert message in done.stderr


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("plots.txt", [], "csv or .parquet"),
        ("gone.csv", [], "gone.csv"),
        ("plots.csv", ["--confirm", "often"], "M/N"),
        ("plots.csv", ["--detection-probability", "1.5"], "between 0 and 1"),
        ("plots.csv", ["--lines", "lines.txt"], "its suffix is none of"),
    ],
)
def test_the_command_refuses_in_words(
    tmp_path: Path, name: str, options: list[str], message: str
) -> None:
    csv.write_csv(table_of(), tmp_path / "plots.csv")
    (tmp_path / "plots.txt").touch()
    line = ["track", str(tmp_path / name), str(tmp_path / "t.csv"), *options]
    done = CliRunner().invoke(app, line)
    assert isinstance(done.exception, CommandError)
    assert message in str(done.exception)


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("tracks.geojson", "east_m and north_m alone cannot become GeoJSON: write .csv"),
        ("tracks.xlsx", "its suffix is none of csv"),
    ],
)
def test_a_file_that_cannot_hold_the_tracks_is_refused_before_the_work(
    tmp_path: Path, target: str, message: str
) -> None:
    tracking_refuses = table_of(position_std_m=np.full(2 * LOOKS, -1.0))
    csv.write_csv(tracking_refuses, tmp_path / "plots.csv")
    line = ["track", str(tmp_path / "plots.csv"), str(tmp_path / target)]
    done = CliRunner().invoke(app, line)
    assert isinstance(done.exception, CommandError)
    assert message in str(done.exception)
    assert not (tmp_path / target).exists()
