"""See it as: another reader's picture in an unmistakable frame, and why something is hidden."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import keep

Visit = Callable[[str], Page]
STRAIT = "/picture?at=55.90,12.65,9.0"


def test_the_picture_is_seen_as_another_reader_and_then_as_oneself(visit: Visit) -> None:
    page = visit(STRAIT)
    page.locator("[data-map=ready]").first.wait_for()
    page.locator(".maplibregl-canvas").first.focus()
    page.keyboard.press("v")
    page.keyboard.press("s")
    dialog = page.get_by_role("dialog", name="See it as")
    dialog.get_by_label("Nation").fill("FRA")
    dialog.get_by_label("Clearance").select_option("CONFIDENTIAL")
    keep(page, "see-as-dialog")
    dialog.get_by_role("button", name="Look").click()
    band = page.locator("[data-seen-as]")
    expect(band).to_contain_text("SEEN AS FRA · CONFIDENTIAL")
    page.locator("[data-withheld]").click()
    expect(page.get_by_role("heading", name="What is withheld")).to_be_visible()
    page.locator("[data-map=ready]").first.wait_for()
    keep(page, "see-as-withheld")
    page.set_viewport_size({"width": 1920, "height": 1080})
    keep(page, "see-as-1920")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Admin")).not_to_be_visible()
    page.get_by_role("button", name="See as yourself").click()
    expect(band).not_to_be_visible()
    expect(page.get_by_role("link", name="Admin")).to_be_visible()


def test_an_object_says_why_it_is_visible(visit: Visit) -> None:
    page = visit(STRAIT)
    page.locator("[data-map=ready]").first.wait_for()
    page.wait_for_function("() => Number(document.querySelector('[data-map]').dataset.drawn) > 3")
    page.locator(".maplibregl-canvas").first.focus()
    page.keyboard.press("]")
    why = page.locator("[data-why]")
    why.get_by_text("Why visible or hidden").click()
    expect(why.locator("[data-visible=true]").first).to_be_visible()
    expect(why.locator("[data-visible=false]")).to_have_count(0)
    why.scroll_into_view_if_needed()
    keep(page, "why-visible")
