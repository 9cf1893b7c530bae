"""A browser in front of a running node. Screenshots lie in test-results/e2e.

``ALLIAGE_UPDATE_IMAGES=1`` writes the README's screenshot anew.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from alliage.server.settings import PACKAGED_WEB
from tests.e2e.running_node import RECORDING, RunningNode, running_node

ROOT: Final = Path(__file__).parents[2]
SHOTS: Final = ROOT / "test-results/e2e"
CHROMIUM: Final = Path("/usr/bin/chromium")
# Mesa draws WebGL on the processor three times as fast as the browser's own renderer, and
# faster still where the edges of lines need not be smooth. Everything else the browser puts
# together itself in less time than with Mesa.
FLAGS: Final = [
    "--no-sandbox",
    "--ignore-gpu-blocklist",
    "--use-gl=angle",
    "--use-angle=gl-egl",
    "--webgl-antialiasing-mode=none",
    "--disable-gpu-compositing",
    # Pages of one site share a process: what one has compiled, the next need not compile again.
    "--process-per-site",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
UPDATE_IMAGES: Final = os.environ.get("ALLIAGE_UPDATE_IMAGES") == "1"
# A quarter of the pixels, but for the pictures of the docs: they are drawn one by one.
SCALE: Final = 1.0 if UPDATE_IMAGES else 0.5
WAIT_MS: Final = 30_000
# A busy machine is no counterexample: what is expected comes at once or not at all.
expect.set_options(timeout=WAIT_MS)
# As the feeds of the node: what is unlabelled would mark every page that later tests open.
FEEDS_LABEL: Final = {
    "policy": "ALLIAGE",
    "classification": "UNCLASSIFIED",
    "releasable_to": ["DNK", "FRA"],
}
# What the browser remembers is made anew by the first page that a test opens. A tour that opens by
# itself would stand in the way of every test but its own.
BEGIN: Final = """
if (location.protocol !== 'about:' && sessionStorage.getItem('test') === null) {
  localStorage.clear();
  for (const [key, value] of Object.entries(REMEMBERED)) localStorage.setItem(key, value);
  sessionStorage.setItem('test', 'begun');
}
"""
TOUR_SEEN: Final = {"alliage.tour_seen": '["admin"]'}


def begin_with(remembered: dict[str, str]) -> str:
    """The script by which the first page of a test finds what the browser remembers."""
    return BEGIN.replace("REMEMBERED", json.dumps(remembered))


# Playwright's event loop holds the thread for as long as it runs, so that no other test could run
# one of its own: everything here ends with the last browser test.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed: apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def node(tmp_path_factory: pytest.TempPathFactory, data_dir: Path) -> Iterator[RunningNode]:
    """A node that has taken in the Danish recording."""
    if not (PACKAGED_WEB / "index.html").exists():
        pytest.skip("the web UI has not been built: make web")
    with running_node(tmp_path_factory.mktemp("e2e"), data_dir / RECORDING) as node:
        yield node


@dataclass(frozen=True)
class SignedIn:
    """What the browser kept after the one-time link, and what was to be seen."""

    state: Any
    url: str
    history: list[str]


@pytest.fixture(scope="package")
def signed_in(browser: Browser, node: RunningNode) -> SignedIn:
    """Use up the one-time link, as a person does."""
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(node.link)
    page.get_by_role("navigation", name="Pages").wait_for(timeout=WAIT_MS)
    seen = SignedIn(context.storage_state(), page.url, asked)
    context.close()
    return seen


@pytest.fixture(scope="package")
def window(browser: Browser, node: RunningNode) -> Iterator[BrowserContext]:
    """One window for every test: what it has fetched and compiled once need not be again.

    Its first page stays open, so that the process of the pages does; it runs nothing.
    """
    context = browser.new_context(
        viewport={"width": 1280, "height": 720},
        device_scale_factor=SCALE,
        locale="en-GB",
        reduced_motion="reduce",
    )
    context.set_default_timeout(WAIT_MS)
    context.new_page().goto(f"{node.address}/favicon.svg")
    yield context
    context.close()


@pytest.fixture
def remembered() -> dict[str, str]:
    """What the browser remembers when a test begins: that this person knows the tour."""
    return TOUR_SEEN


@pytest.fixture
def context(window: BrowserContext, signed_in: SignedIn) -> Iterator[BrowserContext]:
    """The window of the signed-in administrator."""
    window.clear_cookies()
    window.add_cookies(signed_in.state["cookies"])
    yield window
    for page in window.pages[1:]:
        page.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained of: errors of scripts, of loading, of the security policy."""
    return []


@pytest.fixture
def page(
    context: BrowserContext, complaints: list[str], remembered: dict[str, str]
) -> Iterator[Page]:
    """A page that fails the test at its end when the browser complained."""
    page = context.new_page()
    page.add_init_script(begin_with(remembered))

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    page.on("console", on_console)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert complaints == []


@pytest.fixture
def visit(page: Page, node: RunningNode) -> Callable[[str], Page]:
    """Open a path of the node and wait for its page."""

    def visit(path: str) -> Page:
        page.goto(node.address + path)
        page.locator("[data-page].active").wait_for()
        if path.startswith("/picture"):
            page.locator('[data-map="ready"]').first.wait_for()
        return page

    return visit


def settled(page: Page) -> None:
    """Some frames later: what was about to open or to move has done so."""
    page.evaluate(
        "async () => { for (let i = 0; i < 12; i++) await new Promise(requestAnimationFrame) }"
    )


def keep(page: Page, name: str) -> None:
    """Keep a screenshot for a person to look at."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png")


def update_image(page: Page, name: str) -> None:
    """Write a picture of the docs anew, where that is asked for."""
    if UPDATE_IMAGES:
        folder = ROOT / "docs/images"
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / name)
