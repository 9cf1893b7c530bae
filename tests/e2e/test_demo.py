"""`alliage demo` in a real browser: a link, a click, and the exercise is on the map."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from alliage.server.settings import PACKAGED_WEB
from tests.cli.test_running import running
from tests.e2e.conftest import SCALE, WAIT_MS, keep, settled, update_image

FEHMARN = "/picture?at=54.62,11.55,8.4"
SHIPS = "() => Number(document.querySelector('[data-map]').dataset.drawn) > 20"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A window of somebody who has never been here."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, device_scale_factor=SCALE, locale="en-GB"
    )
    context.set_default_timeout(WAIT_MS)
    yield context.new_page()
    context.close()


def a_ship_under_way(page: Page, address: str) -> dict[str, Any]:
    """A named ship in the middle of what the map shows."""
    tracks = page.request.get(f"{address}/api/v1/tracks?bbox=11.1,54.4,11.8,54.75&schema=Vessel")
    named = [track for track in tracks.json()["items"] if track["name"]]
    return max(named, key=lambda track: track["speed_mps"] or 0)


def test_the_link_of_the_demo_leads_to_a_living_exercise(page: Page, tmp_path: Path) -> None:
    if not (PACKAGED_WEB / "index.html").exists():
        pytest.skip("the web UI has not been built: make web")
    with running(tmp_path / "home", "demo") as (_, announced):
        page.goto(announced["link"])
        page.get_by_role("navigation", name="Pages").wait_for()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url.partition("?")[0]))
        page.goto(announced["address"] + FEHMARN)
        page.locator('[data-map="ready"]').wait_for()
        page.wait_for_function(SHIPS)
        expect(page.get_by_text("EXERCISE", exact=True)).to_be_visible()
        expect(page.get_by_text("REPLAY", exact=True)).to_have_count(0)
        expect(page.locator("[data-marking]")).to_contain_text("ALLIAGE UNCLASSIFIED")
        # What lies on the sea bed is not asked for with every change of the picture.
        features = f"{announced['address']}/api/v1/features"
        clock = page.locator("[data-clock]").first

        def asked_in_four_seconds() -> int:
            before = asked.count(features)
            for _ in range(4):
                expect(clock).not_to_have_text(clock.inner_text())
            return asked.count(features) - before

        # The exercise says what lies there, one station and cable after the other as it begins.
        expect(page.locator("[data-map]")).to_have_attribute("data-features", "15")
        assert any(asked_in_four_seconds() <= 1 for _ in range(4))
        ship = a_ship_under_way(page, announced["address"])
        page.keyboard.press("Control+k")
        page.get_by_role("combobox", name="Search and commands").fill(ship["name"])
        page.get_by_role("option", name=ship["name"]).first.click()
        panel = page.locator("[data-object]")
        expect(panel).to_contain_text("mmsi:")
        expect(panel.get_by_role("heading", name="Source tracks")).to_be_visible()
        page.goto(f"{announced['address']}{FEHMARN}&track={ship['track_id']}")
        expect(panel.get_by_role("heading", name="Source tracks")).to_be_visible()
        page.wait_for_function(SHIPS)
        settled(page)
        keep(page, "demo")
        update_image(page, "picture.png")
        page.get_by_role("navigation", name="Pages").get_by_role("link", name="Exercise").click()
        page.get_by_role("button", name="Inject").click()
        expect(page.get_by_text("Goes dark: EX ")).to_be_visible()
        # Five hours later the same ships are on the map, and the clock is that of then.
        later = datetime.now(UTC) + timedelta(hours=5)
        page.get_by_label("Go to (UTC)").fill(later.strftime("%Y-%m-%d %H:%M"))
        page.get_by_role("button", name="Go", exact=True).click()
        page.get_by_role("combobox", name="Speed").select_option("120")
        page.get_by_role("navigation", name="Pages").get_by_role("link", name="Picture").click()
        page.wait_for_function(SHIPS)
        expect(page.locator("[data-clock=replay]")).to_contain_text(later.strftime("%H:"))
        expect(page.locator("[data-map]")).to_have_attribute("data-features", "15")
        page.get_by_role("navigation", name="Pages").get_by_role("link", name="Exercise").click()
        page.get_by_role("button", name="Pause").click()
        # Two hours a minute keep a small machine busy: the pause takes its turn.
        expect(page.get_by_role("button", name="Go on")).to_be_visible()
        keep(page, "exercise")
