"""Source tracks and plots on the map, and what each source counts for a position."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.e2e.conftest import FEEDS_LABEL, keep
from tests.e2e.test_what_people_write import with_a_ship

Visit = Callable[[str], Page]
STRAIT = "/picture?at=55.90,12.65,10.0"


def _api(page: Page) -> str:
    return page.url.split("/picture")[0] + "/api/v1"


def _write(page: Page, kind: str, *rows: dict[str, Any]) -> None:
    token = page.request.get(f"{_api(page)}/session").json()["csrf_token"]
    answer = page.request.post(
        f"{_api(page)}/observations/bulk",
        headers={"X-CSRF-Token": token, "Idempotency-Key": uuid4().hex},
        data={"kind": kind, "rows": list(rows), "label": FEEDS_LABEL},
    )
    assert answer.ok, answer.text()
    assert answer.json()["refused"] == 0, answer.text()


def _selected(page: Page) -> dict[str, Any]:
    object_id = page.locator("[data-object]").get_attribute("data-object")
    found: dict[str, Any] = page.request.get(f"{_api(page)}/objects/{object_id}").json()
    return found


def _after(time: str, seconds: float) -> str:
    return (datetime.fromisoformat(time) + timedelta(seconds=seconds)).isoformat()


def test_a_second_source_is_weighed_and_one_that_disagrees_is_left_out(visit: Visit) -> None:
    page = with_a_ship(visit)
    ship = _selected(page)
    place = ship["state"]["position"]
    report = {
        "identifier": ship["identifier"],
        "schema": ship["schema"],
        "valid": _after(ship["state"]["valid"], 1),
        "latitude_deg": place["lat"] + 0.0003,
        "longitude_deg": place["lon"],
        "position_std_m": 60.0,
        "position_minor_std_m": 20.0,
        "position_axis_deg": 60.0,
    }
    _write(page, "position", report)
    panel = page.locator("[data-object]")
    expect(panel).to_contain_text("Position from 2 source tracks")
    expect(panel.locator("[data-agrees=true]")).to_have_count(2)
    expect(page.locator("[data-map][data-source-tracks='2']")).to_be_visible()
    panel.get_by_text("Position from 2 source tracks").scroll_into_view_if_needed()
    keep(page, "source-tracks")

    _write(page, "position", report | {"valid": _after(report["valid"], 1), "latitude_deg": 54.0})
    expect(panel).to_contain_text("left out: does not agree")
    expect(panel).to_contain_text("Position of the latest report")
    page.get_by_label("Source tracks of the selection").uncheck()
    expect(page.locator("[data-map][data-source-tracks='0']")).to_be_visible()


def test_plots_and_bearings_are_on_the_map_for_a_while(visit: Visit) -> None:
    page = with_a_ship(visit)
    now = page.request.get(f"{_api(page)}/plots").json()["now"]
    sensor = {
        "identifier": "sensor:north-mast",
        "schema": "Sensor",
        "valid": now,
        "sensor_latitude_deg": 55.92,
        "sensor_longitude_deg": 12.6,
    }
    bearing = sensor | {"bearing_deg": 120.0, "bearing_std_deg": 1.5}
    plot = bearing | {"latitude_deg": 55.9, "longitude_deg": 12.66, "position_std_m": 40.0}
    _write(page, "plot", bearing, plot)
    chart = page.locator("[data-map]")
    expect(chart).to_have_attribute("data-plots", "2")
    keep(page, "plots")
    page.get_by_label("Plots and bearings").uncheck()
    expect(chart).to_have_attribute("data-plots", "0")


def test_a_line_of_bearing_is_drawn_and_told_in_words_and_is_no_track(visit: Visit) -> None:
    page = with_a_ship(visit)
    page.set_viewport_size({"width": 1440, "height": 900})
    now = page.request.get(f"{_api(page)}/plots").json()["now"]
    line = {
        "identifier": "line:north-mast-t3k2-7",
        "schema": "Platform",
        "receivers": ["sensor:north-mast"],
        "valid": now,
        "sensor_latitude_deg": 55.92,
        "sensor_longitude_deg": 12.6,
        "bearing_deg": 120.04,
        "bearing_std_deg": 0.5,
        "bearing_rate_degps": 0.02,
        "bearing_rate_std_degps": 0.005,
        "existence": 0.97,
    }
    other = line | {"identifier": "line:north-mast-t3k2-9", "bearing_deg": 95.0}
    _write(page, "line", line, other)
    chart = page.locator("[data-map]")
    expect(chart).to_have_attribute("data-lines", "2")
    told = page.locator("[data-line='line:north-mast-t3k2-7']")
    for words in ("7", "120.0 ± 0.8", "+1.2 ± 0.5"):
        expect(told.get_by_text(words, exact=True)).to_be_visible()
    expect(page.locator("[data-lines-of-bearing]")).to_contain_text("sensor:north-mast")
    told.scroll_into_view_if_needed()
    keep(page, "lines-of-bearing")
    found = page.request.get(f"{_api(page)}/search", params={"q": "north-mast-t3k2"}).json()
    assert found["items"] == []
    page.get_by_label("Plots and bearings").uncheck()
    expect(chart).to_have_attribute("data-lines", "0")
    expect(page.locator("[data-lines-of-bearing]")).to_have_count(0)


def test_lines_of_another_time_are_drawn_where_it_is_looked_at(visit: Visit) -> None:
    page = visit(STRAIT)
    now = page.request.get(f"{_api(page)}/plots").json()["now"]
    then = _after(now, -600)
    line = {
        "identifier": "line:south-mast-t3k2-3",
        "schema": "Platform",
        "receivers": ["sensor:south-mast"],
        "valid": _after(then, -5),
        "sensor_latitude_deg": 55.92,
        "sensor_longitude_deg": 12.6,
        "bearing_deg": 80.0,
        "bearing_std_deg": 0.5,
        "existence": 0.97,
    }
    _write(page, "line", line)
    told = page.locator("[data-line='line:south-mast-t3k2-3']")
    page.goto(f"{page.url.split('?')[0]}?at=55.90,12.65,10.0&time={then.replace('+00:00', 'Z')}")
    expect(page.locator("[data-time=past]")).to_be_visible()
    expect(told).to_be_visible()
    page.keyboard.press("t")
    page.keyboard.press("l")
    expect(page.locator("[data-time=live]")).to_be_visible()
    expect(told).to_have_count(0)
