"""Merging two ships and parting them, raising and releasing a label, and the audit of all that."""

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


def test_two_ships_are_merged_in_the_panel_and_parted_by_undo(visit: Visit) -> None:
    page = with_a_ship(visit)
    total = page.locator("[data-total]")
    tracks = int(total.inner_text().replace(",", ""))
    page.get_by_role("button", name="Same as…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Find the other by name").fill("ANNE KATRINE")
    dialog.get_by_role("radio").first.check()
    dialog.get_by_label("Why").fill("One ship, two transponders")
    keep(page, "merge")
    dialog.get_by_role("button", name="They are the same").click()
    expect(dialog).to_be_hidden()
    expect(total).to_have_text(f"{tracks - 1:,}")  # the selected track is another from now on
    section = page.locator("[data-same-as='1']")
    expect(section).to_contain_text("One ship, two transponders")
    page.get_by_role("button", name="Undo").click()
    expect(total).to_have_text(f"{tracks:,}")
    expect(page.locator("[data-same-as='0']")).to_be_visible()


def test_a_release_is_proposed_from_a_claim_and_nobody_decides_on_their_own(visit: Visit) -> None:
    page = with_a_ship(visit)
    page.get_by_placeholder("Remark on this object").fill("Escorted from here")
    page.get_by_role("button", name="Add", exact=True).click()
    remark = page.locator("[data-claims] li", has_text="Escorted from here")
    remark.get_by_role("button", name="Label…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Propose to release it").check()
    dialog.get_by_label("Releasable to").fill("DNK, FRA, DEU")
    dialog.get_by_label("Why").fill("Agreed with the partners")
    dialog.get_by_role("button", name="Go on").click()
    expect(dialog).to_be_hidden()
    page.goto(page.url.split("/picture")[0] + "/administration/releases")
    row = page.get_by_role("row").filter(has_text="Agreed with the partners")
    expect(row).to_contain_text("Pending")
    expect(row.get_by_role("button", name="Approve")).to_have_count(0)
    keep(page, "releases")
    row.get_by_role("button", name="Withdraw").click()
    expect(row).to_have_count(0)


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


def test_the_audit_is_a_table_that_is_filtered(visit: Visit) -> None:
    page = visit("/administration/audit")
    expect(page.get_by_role("heading", name="Audit")).to_be_visible()
    expect(page.locator("[data-act='session.started']").first).to_be_visible()
    page.locator("select[name=act]").select_option("node")
    expect(page.locator("[data-act='node.started']")).to_have_count(1)
    expect(page.locator("[data-act='session.started']")).to_have_count(0)
    keep(page, "audit")
