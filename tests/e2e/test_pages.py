"""What holds for every page: accessible, nothing cut, quick, honest when the node is gone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import keep, settled

Visit = Callable[[str], Page]
PAGES = [
    "/picture",
    "/sources",
    "/sources/rubbish",
    "/quality",
    "/review",
    "/incidents?tab=rules",
    "/incidents?tab=notifications",
    "/objects",
    "/administration/users",
    "/tokens",
    "/ontology",
    "/exercise",
    "/help",
]
SIZES = [(1920, 1080), (1440, 900), (390, 844)]


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_nothing_is_cut(visit: Visit, path: str) -> None:
    """English in the dark at every size, French in the light at two."""
    page = visit(path)
    expect(page.get_by_text("Loading…")).to_have_count(0)
    for language, theme, sizes in (("en", "dark", SIZES), ("fr", "light", SIZES[1:])):
        keep(page, f"{theme}{path.replace('/', '-')}")
        found = Axe().run(page).response["violations"]
        assert [(one["id"], _places(one)) for one in found] == [], theme
        for width, height in sizes:
            page.set_viewport_size({"width": width, "height": height})
            settled(page)
            keep(page, f"{width}-{language}{path.replace('/', '-')}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(_CUT) == [], f"cut at {width} by {height} in {language}"
        page.set_viewport_size({"width": 1280, "height": 720})
        switch_theme(page)
        switch_language(page)


def switch_theme(page: Page) -> None:
    page.keyboard.press("v")
    page.keyboard.press("t")


def switch_language(page: Page) -> None:
    """To the other one; it is kept with the account, so every test leaves it in English."""
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        page.get_by_role("button", name=re.compile("^(Language|Langue) ?:")).click()


def _places(violation: dict[str, Any]) -> list[str]:
    return [str(node["html"])[:160] for node in violation["nodes"][:3]]


_WATCHED = "header button, header strong, nav a, .page.active h1, .page.active button"
_CUT = """() => [...document.querySelectorAll('%s')]
  .filter((one) => one.checkVisibility({visibilityProperty: true}))
  .filter((one) => !one.classList.contains('visually-hidden'))
  .filter((one) => {
    const box = one.getBoundingClientRect();
    const scrolls = (node) => node && node !== document.body
      && (/auto|scroll/.test(getComputedStyle(node).overflow) || scrolls(node.parentElement));
    return !scrolls(one.parentElement) && (box.left < -1 || box.right > innerWidth + 1
      || box.top < -1 || box.bottom > innerHeight + 1);
  })
  .map((one) => one.outerHTML.slice(0, 120))""".replace("%s", _WATCHED)


def test_a_page_keeps_its_state_when_another_is_shown(visit: Visit) -> None:
    page = visit("/objects")
    page.get_by_label("Filter by name or identifier").fill("ANNE")
    page.get_by_role("link", name="Help").click()
    expect(page.get_by_role("heading", name="Help", level=1)).to_be_visible()
    page.get_by_role("link", name="Objects").click()
    expect(page.get_by_label("Filter by name or identifier")).to_have_value("ANNE")


def test_without_network_the_page_says_how_old_it_is(
    visit: Visit, context: BrowserContext, complaints: list[str]
) -> None:
    page = visit("/picture")
    expect(page.locator("[data-total]")).to_be_visible()
    context.set_offline(True)
    note = page.locator("[data-connection]")
    expect(note).to_contain_text("No network. Shown is what was received")
    keep(page, "offline")
    context.set_offline(False)
    expect(note).to_have_count(0)
    complaints.clear()  # the browser tells of every request that found no network


def test_an_unknown_address_offers_a_way_on(page: Page, visit: Visit) -> None:
    visit("/help")
    page.evaluate(
        "history.pushState(null, '', '/nowhere'); dispatchEvent(new PopStateEvent('popstate'))"
    )
    expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()
    page.get_by_role("link", name="Go to the picture").click()
    expect(page.locator('[data-map="ready"]')).to_be_visible()
