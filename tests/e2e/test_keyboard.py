"""Everything without a mouse."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import keep
from tests.e2e.running_node import DISPUTED_NAME

Visit = Callable[[str], Page]


def test_the_palette_finds_a_ship_and_opens_it(visit: Visit) -> None:
    page = visit("/picture")
    page.keyboard.press("Control+k")
    page.keyboard.type("anne kat")
    expect(page.get_by_role("option", name=DISPUTED_NAME)).to_be_visible()
    keep(page, "palette")
    page.keyboard.press("Enter")
    expect(page.locator("[data-object]")).to_contain_text(DISPUTED_NAME)
    page.keyboard.press("Escape")
    expect(page.locator("[data-object]")).to_have_count(0)


def test_from_the_table_to_the_map_by_keys_only(visit: Visit) -> None:
    page = visit("/help")
    page.keyboard.press("g")
    page.keyboard.press("o")
    expect(page.get_by_role("grid", name="Tracks")).to_be_visible()
    expect(page.locator("main")).to_be_focused()
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.row !== undefined"):
            break
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator('[data-row="2"]')).to_be_focused()
    page.keyboard.press("End")
    rows = int(page.get_by_role("grid", name="Tracks").get_attribute("aria-rowcount") or 0)
    expect(page.locator(f'[data-row="{rows - 2}"]')).to_be_focused()
    page.keyboard.press("Home")
    track = page.locator('[data-row="0"]').get_attribute("data-track")
    page.keyboard.press("Enter")
    expect(page.locator("[data-object]")).to_be_visible()
    expect(page.locator('[data-row="0"]')).to_have_attribute("aria-selected", "true")
    keep(page, "objects")
    page.get_by_role("button", name="Show on the map").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-map]")).to_have_attribute("data-selected", str(track))


def test_the_shortcuts_are_listed_and_can_be_turned_off(visit: Visit) -> None:
    page = visit("/help")
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet).to_be_visible()
    keep(page, "shortcuts")
    sheet.get_by_role("checkbox", name="Single-key shortcuts are on").uncheck()
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    page.keyboard.press("g")
    page.keyboard.press("s")
    expect(page.get_by_role("heading", name="Help", level=1)).to_be_visible()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()


def test_the_language_follows_the_person(visit: Visit) -> None:
    page = visit("/sources")
    page.keyboard.press("v")
    page.keyboard.press("l")
    expect(page.get_by_text("D’où viennent les données")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.reload()
    expect(page.get_by_text("D’où viennent les données")).to_be_visible()
    keep(page, "sources-french")
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        page.get_by_role("button", name="Langue : Français").click()
    expect(page.get_by_text("Where data come in")).to_be_visible()


def test_shortcuts_go_on_after_a_radio_and_stop_in_a_field(visit: Visit) -> None:
    page = visit("/picture")
    page.get_by_role("radio", name="Coast lines (built in)").focus()
    page.keyboard.press("g")
    page.keyboard.press("o")
    expect(page.get_by_role("heading", name="Objects", level=1)).to_be_visible()
    page.get_by_role("searchbox", name="Filter by name or identifier").focus()
    page.keyboard.type("gh")
    expect(page.get_by_role("heading", name="Objects", level=1)).to_be_visible()


def test_the_palette_finds_a_kind_of_thing(visit: Visit) -> None:
    page = visit("/help")
    page.keyboard.press("Control+k")
    page.keyboard.type("organisation")
    page.get_by_role("option", name="Organisation", exact=False).first.click()
    expect(page.locator("[data-schema=Organisation]")).to_be_visible()
