"""Merging two ships and parting them, raising and releasing a label, and the audit of all that."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import keep
from tests.e2e.test_what_people_write import with_a_ship

Visit = Callable[[str], Page]


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


def test_the_audit_is_a_table_that_is_filtered(visit: Visit) -> None:
    page = visit("/administration/audit")
    expect(page.get_by_role("heading", name="Audit")).to_be_visible()
    expect(page.locator("[data-act='session.started']").first).to_be_visible()
    page.locator("select[name=act]").select_option("node")
    expect(page.locator("[data-act='node.started']")).to_have_count(1)
    expect(page.locator("[data-act='session.started']")).to_have_count(0)
    keep(page, "audit")
