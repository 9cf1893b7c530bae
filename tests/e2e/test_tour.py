"""The tour of the first page: it shows a newcomer around once, and stands in nobody's way."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import keep, settled

Visit = Callable[[str], Page]
STEPS = ["banner", "map", "layers", "tools", "time", "search", "incidents", "quality", "help"]
SIZES = [(1440, 900), (390, 844)]
INSIDE = """card => {
  const box = card.getBoundingClientRect();
  const header = document.querySelector('header').getBoundingClientRect();
  return box.left >= 0 && box.right <= innerWidth && box.top >= header.bottom
    && box.bottom <= innerHeight && card.scrollWidth <= card.clientWidth;
}"""


@pytest.fixture
def remembered() -> dict[str, str]:
    """Of a browser that has not seen the tour."""
    return {}


def card_of(page: Page) -> Locator:
    return page.locator("[data-tour-card]")


def at(page: Page, step: str) -> Locator:
    """The card, once it is that of the step and has the focus."""
    card = card_of(page)
    expect(card).to_have_attribute("data-tour-card", step)
    expect(card.locator(":focus")).to_have_count(1)
    return card


def test_it_opens_once_for_a_newcomer_and_not_after_it_was_skipped(visit: Visit) -> None:
    page = visit("/picture")
    card = at(page, "banner")
    expect(page.get_by_role("dialog", name="The marking 1 of 9")).to_be_visible()
    card.get_by_role("button", name="Skip the tour").click()
    expect(card).to_have_count(0)
    page.reload()
    page.locator('[data-map="ready"]').wait_for()
    settled(page)
    expect(card_of(page)).to_have_count(0)


def test_the_cards_are_turned_and_the_focus_follows_and_esc_gives_it_back(visit: Visit) -> None:
    page = visit("/picture")
    for number, step in enumerate(STEPS, 1):
        card = at(page, step)
        expect(card).to_contain_text(f"{number} of {len(STEPS)}")
        page.keyboard.press("Enter")
    expect(card_of(page)).to_have_count(0)
    expect(page.locator("main")).to_be_focused()

    search = page.get_by_role("button", name="Search ships, positions, commands")
    search.focus()
    _from_the_palette(page, "tour")
    at(page, "banner")
    page.keyboard.press("ArrowRight")
    at(page, "map")
    page.keyboard.press("ArrowRight")
    at(page, "layers").get_by_role("button", name="Back").click()
    at(page, "map")
    page.keyboard.press("ArrowLeft")
    at(page, "banner")
    page.keyboard.press("Escape")
    expect(card_of(page)).to_have_count(0)
    expect(search).to_be_focused()


def test_it_starts_again_from_help(visit: Visit) -> None:
    page = visit("/help")
    expect(card_of(page)).to_have_count(0)
    page.get_by_role("button", name="Start the tour").click()
    at(page, "banner")
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Help").click()
    expect(card_of(page)).to_have_count(0)
    page.get_by_role("button", name="Start the tour").click()
    at(page, "banner")


def test_the_page_stays_in_use_beside_it(visit: Visit) -> None:
    page = visit("/picture?at=55.90,12.65,10.0")
    _from_the_palette(page, "tour")
    at(page, "banner")
    page.keyboard.press("v")
    page.keyboard.press("f")
    expect(page.get_by_role("button", name="Show layers and filters")).to_be_visible()
    page.get_by_role("button", name="Zoom in").click()
    page.locator(".maplibregl-canvas").focus()
    page.keyboard.press("]")
    page.wait_for_url("**track=*")
    # What Escape lets go first is what was taken last.
    page.keyboard.press("Escape")
    page.wait_for_url(lambda url: "track=" not in url)
    expect(card_of(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(card_of(page)).to_have_count(0)


def test_a_link_to_a_track_or_a_wall_opens_none(visit: Visit, page: Page) -> None:
    visit("/help")
    found = page.request.get(page.url.replace("/help", "/api/v1/tracks?limit=1"))
    track = found.json()["items"][0]["track_id"]
    for query in (f"track={track}", "wall=1"):
        visit(f"/picture?{query}")
        settled(page)
        expect(card_of(page)).to_have_count(0)


def test_it_speaks_french(visit: Visit) -> None:
    page = visit("/picture")
    at(page, "banner")
    page.keyboard.press("v")
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        page.keyboard.press("l")
    dialog = page.get_by_role("dialog", name="Le marquage 1 sur 9")
    expect(dialog.get_by_role("button", name="Passer la visite")).to_be_visible()
    for step in STEPS[1:]:
        page.keyboard.press("Enter")
        card = at(page, step)
        keep(page, f"tour-french-{step}")
        assert card.evaluate(INSIDE), step
    expect(card_of(page).get_by_role("button", name="Terminer")).to_be_focused()
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        page.get_by_role("button", name="Langue : Français").click()


def test_each_card_is_whole_at_every_size_and_axe_finds_nothing(visit: Visit) -> None:
    page = visit("/picture?at=55.90,12.65,10.0")
    for (width, height), theme in zip(SIZES, ("dark", "light"), strict=True):
        page.set_viewport_size({"width": width, "height": height})
        expect(page.locator(f"html[data-theme={theme}]")).to_have_count(1)
        _from_the_palette(page, "tour of")
        for step in STEPS:
            card = at(page, step)
            settled(page)
            keep(page, f"tour-{width}-{step}")
            assert card.evaluate(INSIDE), f"{step} at {width} by {height}"
            if step == STEPS[0]:
                found = Axe().run(page, context="[data-tour-card]").response
                assert [one["id"] for one in found["violations"]] == [], theme
                assert found["passes"]
            card.get_by_role("button", name="Done" if step == STEPS[-1] else "Next").click()
        page.keyboard.press("v")
        page.keyboard.press("t")


def _from_the_palette(page: Page, words: str) -> None:
    """Start the tour anew by its command, whether or not it is open."""
    if card_of(page).count() > 0:
        page.get_by_role("button", name="Skip the tour").click()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Search and commands").fill(words)
    page.get_by_role("option", name="Take the tour").click()
