"""A picture that is left open: the browser's memory does not grow while ships come and go.

``make soak`` leaves it open for ALLIAGE_SOAK_MINUTES (10) over an exercise that is hurried twenty
times.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import pytest
from playwright.sync_api import CDPSession, sync_playwright

from tests.cli.test_running import running
from tests.e2e.conftest import CHROMIUM, FLAGS, TOUR_SEEN, begin_with
from tests.soak.test_endurance import MINUTES, WARM_UP_PART, hurry

SAMPLES = 40
GROWTH_AT_MOST = 1.1


def memory_bytes(tools: CDPSession) -> float:
    """Script memory in use once what is not needed has been collected."""
    tools.send("HeapProfiler.collectGarbage")
    metrics = tools.send("Performance.getMetrics")["metrics"]
    return float(next(m["value"] for m in metrics if m["name"] == "JSHeapUsedSize"))


@pytest.mark.soak
def test_a_picture_left_open_does_not_grow(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with running(home, "demo", "--ships", "1"):
        pass
    hurry(home)
    with running(home, "demo") as (_, announced), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.add_init_script(begin_with(TOUR_SEEN))
        tools = page.context.new_cdp_session(page)
        tools.send("Performance.enable")
        page.goto(announced["link"])
        page.locator('[data-map="ready"]').wait_for()
        samples = []
        for _ in range(SAMPLES):
            time.sleep(MINUTES * 60 / SAMPLES)
            samples.append(memory_bytes(tools))
        assert page.locator(".map-frame").get_attribute("data-tracks") != "0"
        browser.close()
    settled = samples[int(SAMPLES * WARM_UP_PART) :]
    half = len(settled) // 2
    before, after = statistics.median(settled[:half]), statistics.median(settled[half:])
    print(  # to be read with pytest -s
        f"script memory over {MINUTES:g} minutes, {SAMPLES} samples: "
        f"{before / 1e6:.2f} MB, then {after / 1e6:.2f} MB ({after / before - 1:+.1%})"
    )
    assert after < before * GROWTH_AT_MOST, f"memory grew from {before:,.0f} to {after:,.0f} bytes"
