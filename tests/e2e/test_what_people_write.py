"""What people write: values of a property, remarks, reports by voice, and taking it back."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import keep

Visit = Callable[[str], Page]


def with_a_ship(visit: Visit) -> Page:
    """The picture with the ship nearest to the middle selected."""
    page = visit("/picture?at=55.90,12.65,10.0")
    page.wait_for_function("() => Number(document.querySelector('[data-map]').dataset.drawn) > 20")
    page.locator(".maplibregl-canvas").focus()
    page.keyboard.press("]")
    page.wait_for_url("**track=*")
    expect(page.locator("[data-claims]")).to_be_visible()
    return page


def test_a_value_becomes_a_claim_beside_the_others_and_can_be_taken_back(visit: Visit) -> None:
    page = with_a_ship(visit)
    page.get_by_role("button", name="Say something").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Property").select_option("length_m")
    dialog.get_by_label("Value").fill("70000")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_contain_text("The most there can be")
    dialog.get_by_label("Property").select_option("destination")
    dialog.get_by_label("Value").fill("HELSINGOR ROADS")
    dialog.get_by_label("Why, or who told you (optional)").fill("Heard on channel 16")
    keep(page, "edit")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    said = page.locator("[data-property=destination] li", has_text="HELSINGOR ROADS")
    expect(said).to_contain_text("person:admin")
    expect(said).to_contain_text("Heard on channel 16")
    said.get_by_role("button", name="Take back").click()
    expect(page.get_by_label("Why (optional)")).to_be_focused()
    page.keyboard.type("It was another ship")
    page.keyboard.press("Enter")
    expect(said.get_by_text("taken back")).to_be_visible()
    expect(page.get_by_text("Taken back: Destination")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(page.get_by_text("Stands again: Destination")).to_be_visible()
    expect(said.get_by_text("taken back")).to_have_count(0)


def test_a_remark_stands_in_the_panel_until_it_is_undone(visit: Visit) -> None:
    page = with_a_ship(visit)
    page.get_by_placeholder("Remark on this object").fill("Deck lights out")
    page.get_by_role("button", name="Add", exact=True).click()
    remark = page.locator("[data-claims] li", has_text="Deck lights out")
    expect(remark).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(remark.get_by_text("taken back")).to_be_visible()


def test_a_report_by_voice_begins_a_track_and_the_next_one_carries_it_on(visit: Visit) -> None:
    page = visit("/picture?at=55.90,12.65,10.0")
    page.locator("[data-map=ready]").wait_for()
    page.keyboard.press("d")
    page.keyboard.press("v")
    form = page.locator("[data-report]")
    expect(form.locator("[name=position]")).to_be_focused()
    form.locator("[name=position]").fill("nowhere")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert")).to_contain_text("A position is needed")
    form.locator("[name=position]").fill("55 52.0 N 12 41.0 E")
    form.get_by_label("Course").fill("045")
    form.get_by_label("Speed").fill("6,5")
    form.get_by_label("Name").fill("Unknown yacht")
    form.get_by_label("The words of the report").fill("White yacht under sail")
    keep(page, "voice-report")
    form.get_by_role("button", name="Save").click()
    panel = page.locator("[data-object]")
    expect(panel.get_by_role("heading", name="Unknown yacht")).to_be_visible()
    expect(panel).to_contain_text("55°52.000'N 012°41.000'E")
    expect(panel).to_contain_text("6.5 kn")
    expect(panel.locator("header")).to_contain_text("reported by admin")
    expect(panel.locator("[data-claims]").get_by_role("heading", name="Remark")).to_be_visible()
    panel.get_by_role("button", name="Report", exact=True).click()
    expect(form.get_by_label("Course")).to_have_value("45")
    expect(form.get_by_label("Speed")).to_have_value("6.5")
    form.locator("[name=position]").fill("55 52.5 N 12 42.0 E")
    form.get_by_role("button", name="Save").click()
    expect(panel).to_contain_text("55°52.500'N 012°42.000'E")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back: Unknown yacht")).to_be_visible()


def test_charts_show_how_a_ship_moved_and_say_it_in_words(visit: Visit) -> None:
    page = with_a_ship(visit)
    page.get_by_text("Speed and course over time").click()
    speed = page.get_by_role("img", name="Speed (kn):")
    expect(speed).to_have_accessible_name(  # of what was reported, in words
        re.compile(r"Speed \(kn\): from [\d.]+ kn to [\d.]+ kn, last [\d.]+ kn")
    )
    speed.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-chart] strong").first).to_contain_text("kn")
    keep(page, "charts")
    forecast = page.locator("[data-forecast]")
    page.locator("summary", has_text="Forecast").click()
    expect(forecast).to_contain_text("+5 min")
    forecast.get_by_label("How far ahead").select_option("6 h")
    expect(forecast.get_by_role("row", name="+6 h")).to_contain_text(
        re.compile("a guess|drawn on from")
    )
    forecast.scroll_into_view_if_needed()
    keep(page, "forecast")
    page.get_by_role("button", name="When will it be at a place?").click()
    page.locator("[data-tool=arrival]").get_by_text("Click where").wait_for()
    page.mouse.click(680, 300)
    arrival = page.locator("[data-arrival]")
    expect(arrival).to_contain_text("Arrival at")
    arrival.scroll_into_view_if_needed()
    keep(page, "arrival")
