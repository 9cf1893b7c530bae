"""What each message says, in SI units and in the ontology's words."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from alliage.feeds.ais.options import Options
from alliage.ontology.observation import Kind, check_batch
from alliage.ontology.schema import Ontology
from tests.feeds.ais.conftest import NOW_US, decode
from tests.feeds.ais.vectors import VECTORS, sentences, tag_block

KNOT = 1852 / 3600


def rows(
    name: str, kind: Kind, options: Options | None = None, **changes: Any
) -> list[dict[str, Any]]:
    """Rows of one kind that one vector gives."""
    decoded = decode(*sentences(name, **changes), options=options)
    assert decoded.quarantined == []
    return [row for b in decoded.batches if b.kind is kind for row in b.rows.to_pylist()]


def row(name: str, kind: Kind = Kind.POSITION, **changes: Any) -> dict[str, Any]:
    (only,) = rows(name, kind, **changes)
    return only


def test_a_class_a_report_is_a_position_in_si_units() -> None:
    said = row("1")
    assert said["identifier"] == "mmsi:219000001"
    assert (said["schema"], said["report"]) == ("Vessel", "AIS 1")
    assert said["latitude_deg"] == pytest.approx(55.123456, abs=1e-6)
    assert said["longitude_deg"] == pytest.approx(10.654321, abs=1e-6)
    assert said["speed_mps"] == pytest.approx(12.3 * KNOT)
    assert said["course_deg"] == pytest.approx(87.6)
    assert said["heading_deg"] == 85
    assert said["navigation_status"] == "under_way_using_engine"


def test_rate_of_turn_is_in_degrees_per_second_to_starboard() -> None:
    # ROT_AIS = round(4.733 sqrt(20)) = 21, back: (21 / 4.733)^2 = 19.7 degrees a minute to port
    assert row("2")["turn_rate_degps"] == pytest.approx(-((21 / 4.733) ** 2) / 60)
    assert row("3")["turn_rate_degps"] == 0


@pytest.mark.parametrize("turn", [-128, 127, -127])
def test_a_rate_of_turn_without_a_number_is_null(turn: int) -> None:
    assert row("1", turn=turn)["turn_rate_degps"] is None


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"speed": 102.3}, "speed_mps"),
        ({"course": 360.0}, "course_deg"),
        ({"heading": 511}, "heading_deg"),
        ({"lat": 91.0, "lon": 181.0}, "latitude_deg"),
        ({"lat": 91.0, "lon": 181.0}, "longitude_deg"),
        ({"lat": 91.0, "lon": 181.0}, "position_std_m"),
        ({"status": 15}, "navigation_status"),
        ({"status": 9}, "navigation_status"),
    ],
)
def test_what_is_not_available_is_null(changes: dict[str, Any], column: str) -> None:
    assert row("1", **changes)[column] is None


def test_the_highest_speed_is_kept_as_a_value() -> None:
    assert row("1", speed=102.2)["speed_mps"] == pytest.approx(102.2 * KNOT)


def test_the_accuracy_flag_becomes_a_standard_deviation() -> None:
    assert row("1", accuracy=1)["position_std_m"] == pytest.approx(4.1)
    assert row("1", accuracy=0)["position_std_m"] == pytest.approx(12.9)
    assert row("27", accuracy=1)["position_std_m"] == pytest.approx(
        (4.1**2 + 53.463**2) ** 0.5, 1e-4
    )
    own = Options(position_std_high_m=2.0)
    (said,) = rows("1", Kind.POSITION, own)
    assert said["position_std_m"] == pytest.approx(2.0)


def test_stations_aircraft_and_aids_are_what_they_are() -> None:
    assert row("4")["schema"] == "CoastStation"
    assert row("4")["identifier"] == "mmsi:002190001"
    assert row("11")["schema"] == "Vessel"
    assert row("21")["schema"] == "AidToNavigation"
    aircraft = row("9")
    assert (aircraft["schema"], aircraft["altitude_m"]) == ("Aircraft", 303)
    assert aircraft["speed_mps"] == pytest.approx(120 * KNOT)  # whole knots, not tenths


def test_a_long_range_report_has_coarse_scales() -> None:
    said = row("27")
    assert (said["latitude_deg"], said["longitude_deg"]) == (55.5, 11.5)
    assert said["speed_mps"] == pytest.approx(14 * KNOT)
    assert said["course_deg"] == 271
    assert row("27", speed=63, course=511)["speed_mps"] is None


def test_static_data_have_the_names_of_the_ontology() -> None:
    said = row("5", Kind.STATIC)
    assert {k: said[k] for k in ("name", "call_sign", "imo_number", "mmsi")} == {
        "name": "EXAMPLE STAR",
        "call_sign": "OXYZ2",
        "imo_number": 9074729,
        "mmsi": 219000001,
    }
    assert (said["ship_type"], said["cargo_hazard"]) == ("cargo", "x")
    assert (said["length_m"], said["beam_m"], said["draught_m"]) == (120, 20, pytest.approx(7.4))
    assert (said["antenna_to_bow_m"], said["antenna_to_starboard_m"]) == (90, 12)
    assert (said["destination"], said["eta"]) == ("GOTHENBURG", "03-15T06:30")
    assert (said["transponder_class"], said["position_device"]) == ("A", "gps")
    assert (said["ais_version"], said["dte_ready"]) == (2, True)


def test_static_data_that_are_not_available_are_null() -> None:
    said = row(
        "5", Kind.STATIC, imo=0, callsign="", shipname="", ship_type=0, to_bow=0, to_stern=0,
        to_port=0, to_starboard=0, epfd=0, month=0, day=0, hour=24, minute=60, draught=0,
        destination="",
    )  # fmt: skip
    empty = set(said) - {"identifier", "schema", "valid", "received", "receivers", "report"}
    assert {k for k in empty if said[k] is not None} == {
        "mmsi", "ais_version", "dte_ready", "transponder_class",
    }  # fmt: skip


def test_dimensions_without_a_reference_point_give_only_the_size() -> None:
    said = row("5", Kind.STATIC, to_bow=0, to_stern=80, to_port=0, to_starboard=14)
    assert (said["length_m"], said["beam_m"], said["antenna_to_bow_m"]) == (80, 14, None)


def test_class_b_tells_its_name_and_its_hull_in_two_messages() -> None:
    assert row("24.A", Kind.STATIC)["name"] == "EXAMPLE SLOOP"
    said = row("24.B", Kind.STATIC)
    assert (said["vendor"], said["call_sign"], said["ship_type"]) == ("SRT", "OW1234", "pleasure")
    assert (said["length_m"], said["transponder_class"]) == (11, "B")


def test_an_auxiliary_craft_names_its_mother_ship_and_no_size() -> None:
    said = row("24.B auxiliary", Kind.STATIC)
    assert said["mothership_mmsi"] == 219000001
    assert "length_m" not in said


def test_an_extended_report_is_position_and_static_data() -> None:
    assert row("19")["speed_mps"] == pytest.approx(8.7 * KNOT)
    assert row("19", Kind.STATIC)["name"] == "EXAMPLE YAWL"
    assert decode(*sentences("19")).accepted == 1


def test_an_aid_to_navigation_has_its_whole_name() -> None:
    said = row("21", Kind.STATIC)
    assert said["name"] == "EXAMPLE SHOAL PORT BUOY"
    assert (said["aid_type"], said["virtual"], said["off_position"]) == (
        "buoy_port_hand", True, False,
    )  # fmt: skip
    assert row("21", Kind.STATIC, second=60)["off_position"] is None


@pytest.mark.parametrize("name", ["8.11", "8.31"])
def test_weather_and_water_are_in_si_units(name: str) -> None:
    said = row(name, Kind.ENVIRONMENT)
    assert (said["latitude_deg"], said["longitude_deg"]) == (55.5, 11.25)
    wanted = {
        "wind_speed_mps": 14 * KNOT, "wind_gust_mps": 21 * KNOT, "wind_direction_deg": 270,
        "air_temperature_degc": 4.5, "dew_point_degc": 1.9, "relative_humidity": 0.83,
        "air_pressure_pa": 101_300, "visibility_m": 8 * 1852, "water_level_m": 0.3,
        "current_speed_mps": 1.2 * KNOT, "current_direction_deg": 45, "wave_height_m": 1.4,
        "wave_period_s": 5, "wave_direction_deg": 265, "swell_height_m": 0.7,
        "swell_period_s": 9, "swell_direction_deg": 250, "sea_temperature_degc": 6.1,
        "salinity": 21.5,
    }  # fmt: skip
    assert {k: said[k] for k in wanted} == pytest.approx(wanted, rel=1e-6)
    assert said["schema"] == "CoastStation"


def test_an_area_notice_is_a_thing_with_a_shape() -> None:
    said = row("8.22", Kind.STATIC)
    assert (said["identifier"], said["schema"]) == ("ais-area:002190003:37", "Area")
    shape = json.loads(said["geometry"])
    assert shape["type"] == "Polygon"
    north = max(latitude for _, latitude in shape["coordinates"][0])
    assert north == pytest.approx(55.5 + 1500 / 111_195, abs=1e-5)  # 1,500 m north of the centre
    assert said["notice_text"] == "WRECKBUOYLOST"
    assert said["area_from"] == datetime(2026, 3, 14, 16, 0, tzinfo=UTC)
    assert said["area_to"] == datetime(2026, 3, 14, 18, 0, tzinfo=UTC)


def test_a_cancelled_area_notice_ends_when_it_is_heard() -> None:
    said = row("8.22", Kind.STATIC, duration=0)
    assert said["area_to"] == said["valid"]


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("14", {}),
        ("14", {"mmsi": 219000001}),
        ("1", {"status": 14}),
        ("1", {"mmsi": 972001234}),
        ("3", {"mmsi": 974001234}),
    ],
)
def test_distress_comes_in_urgent_batches(name: str, changes: dict[str, Any]) -> None:
    batches = decode(*sentences(name, **changes)).batches
    assert [batch.urgent for batch in batches] == [True]


def test_a_safety_text_is_what_was_said() -> None:
    said = row("14", Kind.TEXT)
    assert (said["text"], said["addressee"]) == ("SART ACTIVE", None)


def test_what_is_not_distress_is_not_urgent() -> None:
    assert not any(batch.urgent for batch in decode(*sentences("1"), *sentences("5")).batches)


@pytest.mark.parametrize("name", VECTORS)
def test_batches_keep_the_contract(name: str) -> None:
    static_types = Ontology.load().static_types()
    for batch in decode(*sentences(name)).batches:
        check_batch(batch, static_types)
        batch.rows.validate(full=True)


def test_choices_are_those_of_the_ontology() -> None:
    from alliage.feeds.ais import codes

    schemata = Ontology.load().schemata
    for schema, name, table in (
        ("Vessel", "navigation_status", codes.NAVIGATION_STATUS),
        ("Vessel", "ship_type", codes.SHIP_TYPE),
        ("Vessel", "cargo_hazard", codes.CARGO_HAZARD),
        ("Vessel", "position_device", codes.POSITION_DEVICE),
        ("AidToNavigation", "aid_type", codes.AID_TYPE),
    ):
        assert set(table) - {None} == set(schemata[schema].properties[name].choices)


NOW = datetime(2026, 3, 14, 15, 9, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("clock_s", "second", "valid_s"),
    [
        (8, 7, 7),  # reported in the second before it was written down
        (3, 58, -2),  # in the minute before
        (8, 9, 9),  # the origin's clock is a little slow
        (8, 30, 8),  # 22 s ahead or 38 s old: not sane
        (8, 60, 8),  # no second of UTC
    ],
)
def test_valid_is_the_recorded_time_at_the_second_of_the_report(
    clock_s: int, second: int, valid_s: int
) -> None:
    minute_s = NOW_US // 60_000_000 * 60
    line = tag_block(f"c:{minute_s + clock_s}") + sentences("1", second=second)[0]
    (batch,) = decode(line).batches
    (said,) = batch.rows.to_pylist()
    assert said["recorded"].timestamp() == minute_s + clock_s
    assert said["valid"].timestamp() == minute_s + valid_s


def test_without_a_recorded_time_valid_is_the_time_of_receipt() -> None:
    said = row("1")
    assert said["recorded"] is None
    assert said["valid"] == said["received"] == NOW


def test_a_base_station_is_valid_at_its_own_time() -> None:
    at_s = int(datetime(2026, 3, 14, 15, 9, 30, tzinfo=UTC).timestamp())
    (batch,) = decode(tag_block(f"c:{at_s}") + sentences("4")[0]).batches
    assert batch.rows["valid"][0].as_py() == datetime(2026, 3, 14, 15, 9, 26, tzinfo=UTC)
