"""Control measures on the map: drawn as the tactical graphics of APP-6, loaded only when needed."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import keep

Visit = Callable[[str], Page]
STRAIT = "/picture?at=55.90,12.65,8.0"


def drawn(page: Page, tool: str, corners: list[tuple[int, int]]) -> None:
    """Draw a shape with the mouse, as far as its form."""
    page.get_by_role("button", name=re.compile(f"^Draw an? {tool}")).click()
    expect(page.locator(f"[data-tool={tool}]")).to_be_visible()
    for x, y in corners:
        page.mouse.click(x, y)
    page.keyboard.press("Enter")


def test_an_area_with_a_control_measure_is_drawn_as_a_tactical_graphic(visit: Visit) -> None:
    asked: list[str] = []
    page = visit(STRAIT)
    page.on("request", lambda request: asked.append(request.url))
    drawn(page, "area", [(820, 300), (1020, 280), (1050, 500), (860, 520)])
    card = page.locator("[data-tool=area]")
    card.get_by_label("Name").fill('Relief "Kilo"')
    card.get_by_label("Control measure").select_option("restricted_operations_zone")
    assert not any("tactical_worker" in url for url in asked)
    card.get_by_role("button", name="Save").click()
    chart = page.locator("[data-map]")
    expect(chart).to_have_attribute("data-graphics", "1")
    assert any("tactical_worker" in url for url in asked)
    panel = page.locator("[data-object]")
    expect(panel.get_by_text("Restricted operations zone").first).to_be_visible()
    keep(page, "tactical-graphic")
    page.get_by_role("button", name="Undo").click()
    expect(chart).to_have_attribute("data-graphics", "0")


def test_where_the_renderer_cannot_be_loaded_the_plain_line_stays_and_the_console_says_so(
    visit: Visit, complaints: list[str]
) -> None:
    page = visit(STRAIT)
    page.route("**/tactical_worker*", lambda route: route.abort())
    drawn(page, "route", [(820, 300), (1020, 280), (1050, 500)])
    card = page.locator("[data-tool=route]")
    card.get_by_label("Name").fill("Lima")
    card.get_by_label("Control measure").select_option("phase_line")
    with page.expect_console_message(lambda said: "Tactical graphics" in said.text):
        card.get_by_role("button", name="Save").click()
    chart = page.locator("[data-map]")
    expect(chart).to_have_attribute("data-features", "1")
    expect(chart).to_have_attribute("data-graphics", "0")
    page.get_by_role("button", name="Undo").click()
    expect(chart).to_have_attribute("data-features", "0")
    # The test itself caused them.
    complaints.clear()
