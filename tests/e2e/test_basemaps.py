"""A map of one's own under the picture."""

from __future__ import annotations

from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from tests.e2e.conftest import keep

Visit = Callable[[str], Page]


def test_a_basemap_is_chosen_marked_and_travels_in_the_address(visit: Visit) -> None:
    page = visit("/picture?at=56,2,4")
    expect(page.locator("[data-basemaps]")).to_have_attribute("data-basemaps", "3")
    with page.expect_response("**/api/v1/basemaps/chart/0/0/0") as tile:
        page.get_by_role("radio", name="Violet chart").check()
    assert tile.value.headers["content-type"] == "image/png"
    expect(page.get_by_text("Violet chart of tests")).to_be_visible()
    expect(page.locator("[data-marking]")).to_contain_text("RESTRICTED")
    page.locator("[data-marking]").click()
    expect(page.locator("[data-marked]").first).to_contain_text("The basemap")
    assert Axe().run(page).response["violations"] == []
    page.keyboard.press("Escape")
    page.wait_for_url("**/picture?*base=chart*")
    keep(page, "basemap")
    with page.expect_response("**/api/v1/basemaps/chart/0/0/0"):
        page.reload()
    expect(page.get_by_role("radio", name="Violet chart")).to_be_checked()
    page.get_by_role("radio", name="Coast lines (built in)").check()
    expect(page.get_by_text("Violet chart of tests")).to_be_hidden()


def test_a_basemap_that_fails_says_so(visit: Visit, complaints: list[str]) -> None:
    page = visit("/picture")
    expect(page.get_by_role("radio", name="Lost chart")).to_be_disabled()
    why = page.get_by_text("Cannot be used: lost.pmtiles cannot be read")
    expect(why).to_be_visible()
    assert why.evaluate(
        "said => said.getBoundingClientRect().right"
        " <= said.closest('aside').getBoundingClientRect().right"
    ), "it is cut"
    page.get_by_role("radio", name="Far server").check()
    expect(page.locator("[data-tiles-fail]")).to_be_visible()
    page.get_by_role("radio", name="Coast lines (built in)").check()
    expect(page.locator("[data-tiles-fail]")).to_be_hidden()
    assert {text for text in complaints if "503" not in text} == set()
    complaints.clear()  # the browser tells of every tile that the node could not have


def test_an_address_with_a_basemap_that_is_not_there_shows_coast_lines(visit: Visit) -> None:
    page = visit("/picture?base=sunk")
    expect(page.locator("[data-basemap-note]")).to_contain_text("not available here")
    expect(page.get_by_role("radio", name="Coast lines (built in)")).to_be_checked()
    page.wait_for_url(lambda address: "base=" not in address)
    page.get_by_role("radio", name="Violet chart").check()
    expect(page.locator("[data-basemap-note]")).to_have_count(0)
