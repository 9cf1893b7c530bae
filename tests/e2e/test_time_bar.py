"""Looking back: the time bar, its keys, and an address that names a moment."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import keep

Visit = Callable[[str], Page]


def test_a_watch_officer_looks_back_and_returns(visit: Visit) -> None:
    page = visit("/picture?at=55.90,12.65,10.0")
    expect(page.locator("[data-total]")).to_have_text("1,508")
    way = page.get_by_role("slider", name="The time that is shown")
    present = way.get_attribute("aria-valuetext")
    way.press("ArrowLeft")
    expect(page.locator("[data-time=past]")).to_be_visible()
    expect(page.get_by_text("PAST", exact=True)).to_be_visible()
    page.get_by_role("button", name="Stand still at this moment").click()
    page.wait_for_url("**time=2013-11-12T12:*")
    # It takes a few ticks until the ships of that time are all there.
    page.wait_for_function("() => Number(document.querySelector('[data-map]').dataset.tracks) > 20")
    keep(page, "time-past")
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Search and commands").fill("2190")
    # While the past stands, the palette searches then, and says so.
    expect(page.locator("[data-search-time^='2013-11-12T12:']")).to_be_visible()
    keep(page, "time-search")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="As known then").click()
    # This recording was loaded today: at that time nothing was known of it.
    expect(page.get_by_text("PAST, AS KNOWN THEN", exact=True)).to_be_visible()
    page.wait_for_function("() => document.querySelector('[data-map]').dataset.tracks === '0'")
    page.wait_for_url("**known=then*")
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Search and commands").fill("2190")
    expect(page.locator("[data-search-time]")).to_contain_text("as known then")
    page.keyboard.press("Escape")
    expect(page.locator("[data-total]")).to_have_text("0")
    expect(page.locator("[data-nothing-known]")).to_contain_text("Nothing was known then")
    # While it plays on, nothing of what is known today is shown either.
    page.get_by_label("Pace").select_option("1")
    page.get_by_role("button", name="Play on from here").click()
    expect(page.get_by_text("playing ×1")).to_be_visible()
    expect(page.locator("[data-total]")).to_have_text("0")
    assert "1,508" not in page.locator("[data-tour=layers]").inner_text()
    page.get_by_role("button", name="Stand still at this moment").click()
    page.keyboard.press("t")
    page.keyboard.press("k")
    page.wait_for_function("() => Number(document.querySelector('[data-map]').dataset.tracks) > 20")
    expect(page.get_by_text("PAST", exact=True)).to_be_visible()
    pasted = page.url
    page.keyboard.press("t")
    page.keyboard.press("l")
    expect(page.locator("[data-time=live]")).to_be_visible()
    expect(page.locator("[data-clock=replay]")).to_be_visible()
    expect(way).to_have_attribute("aria-valuetext", present or "")
    assert "time=" not in page.url

    page.goto(pasted)
    expect(page.locator("[data-clock=past]")).to_be_visible()
    page.wait_for_function("() => Number(document.querySelector('[data-map]').dataset.tracks) > 20")
    # The list of objects is of then, too, and says so.
    page.get_by_role("link", name="Objects").click()
    of_then = page.get_by_role("status").filter(has_text="In the picture of 2013-11-12")
    expect(of_then).to_be_visible()
    keep(page, "time-objects")
    # So is an address of it that somebody is shown, without the map before it.
    page.wait_for_url("**/objects?time=2013-11-12T12:*")
    page.reload()
    expect(page.get_by_text("PAST", exact=True)).to_be_visible()
    expect(of_then).to_be_visible()
    assert "/objects?time=" in page.url
    page.get_by_role("link", name="Picture").click()
    page.keyboard.press("t")
    page.keyboard.press("l")
    expect(page.locator("[data-time=live]")).to_be_visible()
    page.get_by_role("link", name="Objects").click()
    expect(page.get_by_role("row").nth(5)).to_be_visible()
    expect(of_then).to_have_count(0)
