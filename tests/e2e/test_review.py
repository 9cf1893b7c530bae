"""The queue of pairs that may be one thing, decided by the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from tests.e2e.conftest import FEEDS_LABEL, keep
from tests.e2e.running_node import DISPUTED_MMSI, DISPUTED_NAME

Visit = Callable[[str], Page]


def api_of(page: Page) -> str:
    place = urlsplit(page.url)
    return f"{place.scheme}://{place.netloc}/api/v1"


def post(page: Page, path: str, body: dict[str, object]) -> dict[str, list[str]]:
    api = api_of(page)
    token = page.request.get(f"{api}/session").json()["csrf_token"]
    headers = {"X-CSRF-Token": token, "Idempotency-Key": uuid4().hex}
    answer = page.request.post(f"{api}/{path}", data=body, headers=headers)
    assert answer.status == 201, answer.text()
    return answer.json()


@pytest.fixture
def review(visit: Visit) -> Iterator[Page]:
    """The page, after somebody has written down a ship's name that a source knows, too."""
    page = visit("/review")
    name = f"M/V {DISPUTED_NAME.title()}"
    body = {"schema": "Vessel", "properties": {"name": name}, "label": FEEDS_LABEL}
    written = post(page, "objects", body)
    for _ in range(100):
        if page.request.get(f"{api_of(page)}/review").json()["waiting"]:
            break
        page.wait_for_timeout(200)  # the node compares every second
    page.reload()
    yield page
    for claim in written["undo"]:
        post(page, f"claims/{claim}/retraction", {})


def test_a_pair_is_confirmed_undone_and_rejected_without_a_mouse(review: Page) -> None:
    page = review
    pair = page.locator("[data-pair]")
    expect(pair.locator("[data-row-property=name]")).to_contain_text("same")
    expect(pair).to_contain_text(f"mmsi:{DISPUTED_MMSI}")
    assert Axe().run(page).response["violations"] == []
    keep(page, "review")
    page.locator("main").focus()
    page.keyboard.press("y")
    expect(page.get_by_text("Merged")).to_be_visible()
    expect(pair).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(pair).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("[data-review][aria-current=true]")).to_have_count(1)
    page.keyboard.press("n")
    expect(page.get_by_text("Nothing waits for a decision.")).to_be_visible()
