"""Search in the browser: the palette and the page of objects find things and say why."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import keep

Visit = Callable[[str], Page]


def test_the_palette_marks_what_matches_and_knows_places(visit: Visit) -> None:
    page = visit("/picture")
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Search and commands")
    field.fill("bornh")
    places = page.locator("#palette-list").get_by_role("option", name="Bornholm")
    expect(places.first).to_be_visible()
    field.fill("2190")
    expect(page.locator("#palette-list").get_by_role("option").first).to_contain_text("2190")
    keep(page, "search-palette")


def test_a_search_on_the_page_of_objects_is_narrowed_and_saved(visit: Visit) -> None:
    page = visit("/objects")
    field = page.get_by_role("searchbox", name="Search everything that was said")
    field.fill("near:Aarhus<200nm")
    results = page.get_by_role("list", name="Search results")
    expect(results.get_by_role("listitem").first).to_contain_text("NM")
    page.get_by_role("group", name="State").get_by_role("button").first.click()
    expect(field).to_have_value("near:Aarhus<200nm state:live")
    page.get_by_role("textbox", name="Name of this search").fill("round Aarhus")
    page.get_by_role("button", name="Save this search under this name").click()
    keep(page, "search-objects")
    field.fill("")
    page.get_by_role("button", name="round Aarhus", exact=True).click()
    expect(field).to_have_value("near:Aarhus<200nm state:live")
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Search and commands").fill("round")
    expect(page.locator("#palette-list").get_by_role("option").first).to_contain_text("round")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Remove the search round Aarhus").click()
    expect(page.get_by_role("button", name="round Aarhus", exact=True)).to_have_count(0)
