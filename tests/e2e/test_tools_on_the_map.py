"""Measuring, drawing and going to a position on the map, with the mouse and without it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import keep
from tests.e2e.running_node import RunningNode

Visit = Callable[[str], Page]
STRAIT = "/picture?at=55.90,12.65,8.0"


def opened(visit: Visit, keys: str) -> Page:
    """The picture with the tool in hand that these two keys take up."""
    page = visit(STRAIT)
    page.locator("[data-map=ready]").wait_for()
    for key in keys:
        page.keyboard.press(key)
    return page


def test_a_distance_is_measured_from_typed_positions_both_ways(visit: Visit) -> None:
    page = opened(visit, "md")
    # One stop for Tab: the canvas of the symbols above the map has no name of its own.
    expect(page.locator('[data-map] canvas[tabindex="0"]')).to_have_count(1)
    card = page.locator("[data-tool=measure]")
    for text in ("40.6, -73.8", "51°36.0'N 000°30.0'W"):
        card.get_by_label("Add a position").first.fill(text)
        page.keyboard.press("Enter")
    # New York to London: 5,551,759.4 m after GeographicLib, and further on a constant course.
    expect(card.locator("[data-total-distance]")).to_have_text("2,998 NM")
    card.get_by_label("Line").select_option("rhumb")
    expect(card.locator("[data-total-distance]")).to_have_text("3,116 NM")
    card.get_by_label("Add a position").first.fill("somewhere")
    page.keyboard.press("Enter")
    expect(card.get_by_role("alert")).to_contain_text("No position that could be read")
    keep(page, "measure")


def test_an_area_is_drawn_labelled_reshaped_and_taken_back(visit: Visit) -> None:
    page = opened(visit, "da")
    card = page.locator("[data-tool=area]")
    expect(card).to_be_visible()
    for x, y in ((680, 300), (860, 320), (820, 500)):
        page.mouse.click(x, y)
    expect(card.get_by_role("listitem")).to_have_count(3)
    page.keyboard.press("Enter")
    card.get_by_label("Name").fill("Search area Kilo")
    card.get_by_label("Releasable to").fill("dnk")
    card.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Search area Kilo")).to_be_visible()
    expect(page.locator("[data-map]")).to_have_attribute("data-features", "1")
    panel = page.locator("[data-object]")
    expect(panel.get_by_text("REL TO DNK").first).to_be_visible()
    expect(panel.get_by_text("3 corners").first).to_be_visible()
    expect(panel.locator("header")).to_contain_text("drawn by admin")
    expect(panel.locator("[data-lying]")).to_contain_text("Valid since")
    keep(page, "area")
    panel.get_by_role("button", name="Change the shape").click()
    expect(card.get_by_role("listitem")).to_have_count(3)
    size = card.get_by_text("km²").inner_text()
    page.mouse.move(680, 300)
    page.mouse.down()
    page.mouse.move(740, 380, steps=4)
    page.mouse.up()
    expect(card).not_to_contain_text(size)
    card.get_by_role("button", name="Save").click()
    expect(card).to_be_hidden()
    expect(panel).not_to_contain_text(size)
    expect(page.locator(".maplibregl-canvas")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(panel.locator("[data-property=geometry]")).to_contain_text(size)
    for claimed in ("geometry", "name"):
        said = panel.locator(f"[data-property={claimed}]")
        said.get_by_role("button", name="Take back").click()
        page.keyboard.press("Enter")
        expect(said.get_by_role("button", name="Take back")).to_have_count(0)
    expect(page.locator("[data-map]")).to_have_attribute("data-features", "0")


def test_a_route_is_drawn_by_keys_alone_and_at_once(page: Page, node: RunningNode) -> None:
    asked: list[Route] = []
    page.route("**/api/v1/session", lambda route: asked.append(route))
    with page.expect_request("**/api/v1/session"):
        page.goto(node.address + STRAIT)
    # Nobody is signed in yet, and no screen is there that could take the keys.
    page.keyboard.type("dr")
    asked[0].continue_()
    page.unroute("**/api/v1/session")
    card = page.locator("[data-tool=route]")
    expect(card).to_be_visible()
    page.locator(".maplibregl-canvas").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => !location.search.includes('12.65')")
    page.keyboard.press("Space")
    expect(card.get_by_role("listitem")).to_have_count(2)
    page.keyboard.press("Backspace")
    expect(card.get_by_role("listitem")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(card.get_by_role("listitem")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()


def test_a_route_is_planned_with_who_follows_it_and_when(visit: Visit) -> None:
    page = opened(visit, "dr")
    card = page.locator("[data-tool=route]")
    for text in ("55.60, 12.70", "55.90, 12.70"):
        card.get_by_label("Add a position").first.fill(text)
        page.keyboard.press("Enter")
    page.locator(".maplibregl-canvas").focus()
    page.keyboard.press("Enter")
    card.get_by_label("Name").fill("Passage Lima")
    card.get_by_text("Who is to follow it").click()
    card.get_by_label("Corridor, to either side").fill("half")
    expect(card.get_by_role("alert")).to_contain_text("number of nautical miles")
    card.get_by_label("Corridor, to either side").fill("0.5")
    card.get_by_role("searchbox").fill("ANNE KATRINE")
    expect(card.get_by_role("radio", name="ANNE KATRINE").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(card.get_by_role("button", name="Take ANNE KATRINE FN101 away")).to_be_visible()
    card.get_by_label("At corner 1").fill("2013-11-12 12:00")
    card.get_by_label("At corner 2").fill("2013-11-12 11:00")
    card.get_by_role("button", name="Save").click()
    expect(card.get_by_label("At corner 2")).to_be_focused()
    expect(card.get_by_role("alert")).to_contain_text(
        "Corner 2 has to be passed later than corner 1"
    )
    expect(card.get_by_role("listitem").first).to_contain_text("55")
    card.get_by_label("At corner 2").fill("2013-11-12 14:00")
    keep(page, "plan")
    card.get_by_role("button", name="Save").click()
    panel = page.locator("[data-object]")
    expect(panel.get_by_role("heading", name="Passage Lima")).to_be_visible()
    follower = panel.locator("[data-plans=follower]")
    expect(follower).to_contain_text("outside of the corridor")
    follower.get_by_role("link", name="ANNE KATRINE").click()
    expect(panel.locator("[data-plans=plan]")).to_contain_text("Passage Lima")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-map]")).to_have_attribute("data-features", "0")


def test_what_traffic_is_usual_at_a_place_is_said_to_be_unknown_while_it_is(visit: Visit) -> None:
    page = opened(visit, "mu")
    card = page.locator("[data-tool=usual]")
    expect(card).to_contain_text("Click where")
    page.mouse.click(760, 420)
    told = card.locator("[data-usual]")
    expect(told).to_contain_text("What is usual is not known yet: 0.0 of 5 days")
    expect(told).to_contain_text("hexagon round that place")
    expect(told.locator("[data-ships]")).to_contain_text("in it now")
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()


def test_the_palette_goes_to_a_position_in_any_notation(visit: Visit) -> None:
    page = visit(STRAIT)
    page.locator("[data-map=ready]").wait_for()
    page.keyboard.press("Control+k")
    page.get_by_placeholder("Name, call sign, MMSI, position, command…").fill("33U UB 48123 72345")
    expect(page.locator("#palette-list").get_by_role("option").first).to_contain_text("Go to 55°40")
    page.keyboard.press("Enter")
    page.wait_for_url("**at=55.67*,12.56*")


def test_positions_are_written_as_the_person_wants_them_and_stay_so(visit: Visit) -> None:
    page = visit(STRAIT)
    notation = page.get_by_title("Click for another notation")
    expect(notation).to_contain_text("55°54.")
    page.keyboard.press("v")
    page.keyboard.press("p")
    expect(notation).to_contain_text("55.9")
    page.reload()
    expect(notation).to_contain_text("55.9")
