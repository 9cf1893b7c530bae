"""What the first page weighs; benchmarks/first_page.py says by file."""

from __future__ import annotations

from playwright.sync_api import Page, Request

from tests.e2e.running_node import RunningNode

BUDGET_BYTES = 1_000_000


def test_the_map_is_ready_after_less_than_a_megabyte(page: Page, node: RunningNode) -> None:
    done: list[Request] = []
    page.on("requestfinished", lambda request: done.append(request))
    page.goto(node.address + "/picture")
    page.locator('[data-map="ready"]').wait_for()
    needed = [request.sizes() for request in list(done)]
    total = sum(sizes["responseHeadersSize"] + sizes["responseBodySize"] for sizes in needed)
    assert 100_000 < total < BUDGET_BYTES
