"""The reports of one source of a thing, and the label of one of them.

The ship that is written here stays in the picture: tests that count ships come before it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.e2e.conftest import FEEDS_LABEL, keep
from tests.e2e.test_what_people_write import with_a_ship

Visit = Callable[[str], Page]


def write(page: Page, api: str, row: dict[str, Any]) -> None:
    """Write one position report, as a program would."""
    token = page.request.get(f"{api}/session").json()["csrf_token"]
    headers = {"X-CSRF-Token": token, "Idempotency-Key": uuid4().hex}
    body = {"kind": "position", "rows": [row], "label": FEEDS_LABEL}
    answer = page.request.post(f"{api}/observations/bulk", headers=headers, data=body)
    assert answer.ok, answer.text()


def test_one_report_is_raised_where_the_reports_of_a_source_are_listed(visit: Visit) -> None:
    page = with_a_ship(visit)
    api = page.url.split("/picture")[0] + "/api/v1"
    ship = page.locator("[data-object]").get_attribute("data-object")
    last = page.request.get(f"{api}/objects/{ship}").json()["state"]["valid"]
    name = f"track:{uuid4().hex[:8]}"
    for seconds in (-20, 0):
        time = datetime.fromisoformat(last) + timedelta(seconds=seconds)
        row = {"identifier": name, "schema": "Vessel", "valid": time.isoformat()}
        row |= {"latitude_deg": 56.5, "longitude_deg": 11.5}
        write(page, api, row)
    (track,) = page.request.get(f"{api}/tracks", params={"q": name}).json()["items"]
    page = visit(f"/objects/{track['object_id']}")
    page.get_by_role("button", name="Reports…").click()
    dialog = page.get_by_role("dialog")
    reports = dialog.locator("li")
    expect(reports).to_have_count(2)
    reports.last.get_by_role("button", name="Label…").click()
    dialog.get_by_label("Policy").select_option("NATO")
    dialog.get_by_label("Classification").select_option("RESTRICTED")
    dialog.get_by_label("Releasable to").fill("DNK")
    dialog.get_by_text("Further categories").click()
    dialog.get_by_label("Administrative").fill("STAFF")
    dialog.get_by_label("Why").fill("It tells where we listen")
    expect(dialog.locator("[data-reads]")).to_contain_text("NATO RESTRICTED / RELEASABLE TO DNK")
    expect(dialog.locator("[data-reads]")).to_contain_text("STAFF")
    keep(page, "label-of-a-report")
    dialog.get_by_role("button", name="Go on").click()
    expect(reports.last).to_contain_text("NATO RESTRICTED")
    expect(reports.first).not_to_contain_text("NATO")
    keep(page, "reports")
