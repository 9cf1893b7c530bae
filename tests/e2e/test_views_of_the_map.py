"""Views: what an address carries, what has a name, what leaves the screen, what hangs on a wall."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import keep

Visit = Callable[[str], Page]
STRAIT = "/picture?at=55.90,12.65,9.0"


def seen(visit: Visit, path: str = STRAIT) -> Page:
    page = visit(path)
    page.locator("[data-map=ready]").first.wait_for()
    return page


def test_layers_and_filter_travel_in_the_address_and_under_a_name(visit: Visit) -> None:
    page = seen(visit)
    page.get_by_role("checkbox", name="Trails").uncheck()
    page.get_by_label("Aid to navigation").uncheck()
    page.wait_for_url("**layers=-trails*")
    page.get_by_placeholder("Name", exact=True).fill("Strait without trails")
    page.keyboard.press("Enter")
    pasted = page.url
    assert "kinds=" in pasted
    page = seen(visit)
    expect(page.get_by_role("checkbox", name="Trails")).to_be_checked()
    page.get_by_role("button", name="Strait without trails").first.click()
    expect(page.get_by_role("checkbox", name="Trails")).not_to_be_checked()
    page.goto(pasted)
    expect(page.get_by_role("checkbox", name="Trails")).not_to_be_checked()
    expect(page.get_by_label("Aid to navigation")).not_to_be_checked()
    page.get_by_role("button", name="Remove the view Strait without trails").click()
    expect(page.get_by_text("None yet.")).to_be_visible()


def test_maps_beside_the_first_have_places_of_their_own_and_the_same_selection(
    visit: Visit,
) -> None:
    page = seen(visit, STRAIT + "&at2=57.70,10.70,8.0")
    second = page.locator("[data-side-map='at2'] [data-map]")
    expect(second).to_have_attribute("data-map", "ready")
    page.wait_for_function(
        "() => [...document.querySelectorAll('[data-map]')].every(m => Number(m.dataset.drawn) > 3)"
    )
    page.locator(".maplibregl-canvas").first.focus()
    page.keyboard.press("]")
    page.wait_for_url("**track=*")
    selected = page.locator("[data-map]").first.get_attribute("data-selected")
    expect(second).to_have_attribute("data-selected", selected or "none")
    keep(page, "two-maps")
    page.keyboard.press("v")
    page.keyboard.press("2")
    page.wait_for_url("**at3=*")
    page.keyboard.press("v")
    page.keyboard.press("2")
    page.wait_for_url("**at4=*")
    expect(page.locator('[data-map="ready"]')).to_have_count(4)
    keep(page, "four-maps")
    page.get_by_role("button", name="Close: Map 2").click()
    expect(second).to_be_hidden()
    assert "at2=" not in page.url
    page.keyboard.press("v")
    page.keyboard.press("1")
    expect(page.locator("[data-side-map]")).to_have_count(0)
    assert "at3=" not in page.url


def test_an_image_of_the_map_is_saved_with_its_time_in_its_name(
    visit: Visit, tmp_path: Path
) -> None:
    page = seen(visit)
    page.wait_for_function("() => Number(document.querySelector('[data-map]').dataset.drawn) > 20")
    with page.expect_download() as download:
        page.keyboard.press("v")
        page.keyboard.press("i")
    assert download.value.suggested_filename.startswith("alliage-20131112T")
    saved = tmp_path / "map.png"
    download.value.save_as(saved)
    assert saved.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert saved.stat().st_size > 15_000  # an empty sheet is smaller


def test_a_wall_shows_the_map_its_marking_and_the_time_alone(visit: Visit) -> None:
    page = seen(visit, STRAIT + "&wall=1")
    expect(page.locator("[data-wall]")).to_be_visible()
    expect(page.locator("[data-marking]")).to_contain_text("ALLIAGE")
    expect(page.get_by_role("navigation")).to_have_count(0)
    keep(page, "wall")
    page.keyboard.press("v")
    page.keyboard.press("w")
    expect(page.get_by_role("navigation", name="Pages")).to_be_visible()


def test_a_followed_track_stays_in_the_middle_until_the_map_is_moved(visit: Visit) -> None:
    page = seen(visit)
    page.locator(".maplibregl-canvas").focus()
    page.keyboard.press("]")
    page.wait_for_url("**track=*")
    page.keyboard.press("f")
    follow = page.get_by_role("button", name="Follow", exact=True)
    expect(follow).to_have_attribute("aria-pressed", "true")
    page.wait_for_function("() => !location.search.includes('at=55.900,12.650')")
    page.mouse.move(700, 400)
    page.mouse.down()
    page.mouse.move(760, 430, steps=4)
    page.mouse.up()
    expect(follow).to_have_attribute("aria-pressed", "false")
