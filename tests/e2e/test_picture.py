"""The main job: ships of a real recording on the map, and what is claimed of each."""

from __future__ import annotations

import math
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import keep, settled
from tests.e2e.running_node import DISPUTED_NAME, OTHER_DESTINATION

Visit = Callable[[str], Page]
ORESUND = "/picture?at=55.90,12.65,10.0"


def test_every_ship_of_the_recording_is_in_the_picture(visit: Visit) -> None:
    page = visit("/picture")
    expect(page.locator("[data-total]")).to_have_text("1,508")
    expect(page.locator("[data-moving]")).to_have_text("458")
    expect(page.get_by_text("REPLAY", exact=True)).to_be_visible()
    expect(page.get_by_text("EXERCISE", exact=True)).to_be_visible()
    expect(page.locator("[data-clock=replay]")).to_contain_text("2013-11-12")
    expect(page.locator("[data-marking]")).to_contain_text("ALLIAGE")
    keep(page, "picture-whole")


def test_zoomed_in_each_ship_is_a_symbol(visit: Visit) -> None:
    page = visit(ORESUND)
    chart = page.locator("[data-map]")
    expect(chart).to_have_attribute("data-mode", "tracks")
    page.wait_for_function(
        "() => { const {tracks, drawn} = document.querySelector('[data-map]').dataset;"
        " return Number(tracks) > 20 && Number(drawn) >= Number(tracks) - 1; }"
    )
    keep(page, "picture-zoomed")


def test_a_click_on_a_symbol_shows_who_claims_what(visit: Visit) -> None:
    page = visit(ORESUND)
    # Found by search, so that it is in the middle of what is to be seen, then let go and clicked.
    _find(page, DISPUTED_NAME)
    panel = page.locator("[data-object]")
    expect(panel.get_by_role("heading", name=DISPUTED_NAME)).to_be_visible()
    page.get_by_role("button", name="Close the panel").click()
    expect(panel).to_have_count(0)
    settled(page)
    _click_a_symbol(page)
    expect(panel).to_be_visible()
    expect(panel.get_by_role("heading", name="Source tracks")).to_be_visible()
    expect(panel.locator("[data-claims]")).to_be_visible()
    assert "track=" in page.url


def test_sources_that_differ_are_both_shown(visit: Visit) -> None:
    page = visit(ORESUND)
    _find(page, DISPUTED_NAME)
    destination = page.locator('[data-property="destination"]')
    expect(destination).to_contain_text("Sources differ")
    expect(destination).to_contain_text(OTHER_DESTINATION)
    expect(destination).to_contain_text("denmark")
    expect(destination).to_contain_text("harbour")
    expect(destination).to_contain_text("ALLIAGE RESTRICTED / REL TO DNK")
    # What is on the screen is marked as high as the highest of it.
    expect(page.locator("[data-marking]")).to_have_text("ALLIAGE RESTRICTED / REL TO DNK")
    keep(page, "picture-panel")
    destination.scroll_into_view_if_needed()
    keep(page, "picture-claims")


def test_a_view_can_be_pasted_and_back_works(visit: Visit) -> None:
    page = visit(ORESUND)
    _find(page, DISPUTED_NAME)
    track = page.url.split("track=")[1]
    again = visit(f"/picture?at=57.300,10.700,8.2&track={track}")
    expect(again.locator("[data-object]")).to_contain_text(DISPUTED_NAME)
    expect(again.locator("[data-claims]")).to_be_visible()
    assert "at=57.3" in again.url
    keep(again, "picture-pasted")
    again.get_by_role("link", name="Sources", exact=True).click()
    expect(again.get_by_role("heading", name="Sources", level=1)).to_be_visible()
    again.go_back()
    expect(again.locator("[data-object]")).to_contain_text(DISPUTED_NAME)


def test_a_kind_that_is_unchecked_leaves_the_map(visit: Visit) -> None:
    page = visit(ORESUND)
    chart = page.locator("[data-map]")
    page.wait_for_function("() => Number(document.querySelector('[data-map]').dataset.tracks) > 20")
    page.get_by_role("checkbox", name="Vessel").uncheck()
    page.wait_for_function("() => Number(document.querySelector('[data-map]').dataset.drawn) < 10")
    expect(chart).to_have_attribute("data-mode", "tracks")
    page.get_by_role("button", name="Show all kinds").click()
    page.wait_for_function("() => Number(document.querySelector('[data-map]').dataset.drawn) > 20")


def _find(page: Page, name: str) -> None:
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Search and commands").fill(name)
    page.get_by_role("option", name=name).first.click()
    expect(page.locator("[data-object]")).to_be_visible()


def _click_a_symbol(page: Page) -> None:
    """Click where the map says that a symbol is, looking from the middle outwards."""
    chart = page.locator("[data-map]")
    box = chart.bounding_box()
    assert box is not None
    # The middle of what the drawers left free when the ship was flown to.
    middle = (box["x"] + (box["width"] + 248 - 400) / 2, box["y"] + box["height"] / 2)
    for step in range(400):
        angle, reach = step * 2.4, 9 * math.sqrt(step)  # a sunflower: even and without gaps
        x, y = middle[0] + reach * math.cos(angle), middle[1] + reach * math.sin(angle)
        page.mouse.move(x, y)
        if chart.get_attribute("data-hover") == "true":
            page.mouse.click(x, y)
            return
    raise AssertionError("no symbol was under the pointer anywhere near the middle")
