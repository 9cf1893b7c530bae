"""What the first page weighs; benchmarks/first_page.py says by file."""

from __future__ import annotations

from playwright.sync_api import Browser, Request

from tests.e2e.conftest import SignedIn
from tests.e2e.running_node import RunningNode

BUDGET_BYTES = 1_000_000


def test_the_map_is_ready_after_less_than_a_megabyte(
    browser: Browser, signed_in: SignedIn, node: RunningNode
) -> None:
    page = browser.new_page(storage_state=signed_in.state)  # which holds nothing yet
    done: list[Request] = []
    page.on("requestfinished", lambda request: done.append(request))
    page.goto(node.address + "/picture")
    page.locator('[data-map="ready"]').wait_for()
    needed = [request.sizes() for request in list(done)]
    total = sum(sizes["responseHeadersSize"] + sizes["responseBodySize"] for sizes in needed)
    page.close()
    assert 100_000 < total < BUDGET_BYTES
