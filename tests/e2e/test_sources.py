"""The health of sources, and the bytes that were refused."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import keep
from tests.e2e.running_node import RUBBISH

Visit = Callable[[str], Page]


def test_sources_say_how_they_are(visit: Visit) -> None:
    page = visit("/sources")
    row = page.locator('[data-source="denmark"]')
    expect(row).to_contain_text("Ended")
    expect(row).to_contain_text("Replay")
    waiting = page.locator('[data-source="buoy"]')
    expect(waiting).to_contain_text("Waiting to retry")
    expect(waiting).to_contain_text("UNLABELLED - NOT SHAREABLE")
    expect(page.locator("[data-marking]")).to_have_text("UNLABELLED - NOT SHAREABLE")
    keep(page, "sources")


def test_refused_bytes_are_kept_and_shown(visit: Visit) -> None:
    page = visit("/sources/rubbish")
    quarantine = page.locator("[data-quarantine]")
    item = quarantine.locator("details").first
    expect(item).to_contain_text("this is no AIS sentence")
    item.locator("summary").click()
    first = " ".join(f"{byte:02x}" for byte in RUBBISH[:16])
    expect(item.get_by_role("group", name="Bytes", exact=True)).to_contain_text(first)
    keep(page, "quarantine")


def test_a_source_without_label_says_what_to_do(visit: Visit) -> None:
    page = visit("/sources/buoy")
    expect(page.get_by_role("note")).to_contain_text("nothing it says may be shared")
    expect(page.get_by_role("note")).to_contain_text("config.toml")


def test_a_source_that_does_not_exist_is_no_dead_end(visit: Visit) -> None:
    page = visit("/sources/nowhere")
    expect(page.get_by_role("alert")).to_contain_text("no source “nowhere”")
    expect(page.locator('[data-source="denmark"]')).to_be_visible()
