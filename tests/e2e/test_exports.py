"""Data leave the node as a file, from wherever one is: what, of what, of when, in which format."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from zipfile import ZipFile

from playwright.sync_api import Page, expect

from tests.e2e.conftest import keep, settled

Visit = Callable[[str], Page]


def test_the_tracks_of_the_picture_come_as_a_file_with_its_marking(visit: Visit) -> None:
    page = visit("/objects")
    page.get_by_role("button", name="Export…").click()
    dialog = page.get_by_role("dialog", name="Export to a file")
    dialog.get_by_label("What").select_option("The tracks of the picture")
    dialog.get_by_label("Format").select_option("GeoJSON, for maps")
    expect(dialog.get_by_label("With its label bound")).to_be_checked()
    keep(page, "export-tracks")
    with page.expect_download() as coming:
        dialog.get_by_role("button", name="Export", exact=True).click()
    assert coming.value.suggested_filename.startswith("alliage-tracks-")
    with ZipFile(coming.value.path()) as archive:
        file, binding = archive.namelist()
        assert binding == f"{file}.bdo"
        features = json.loads(archive.read(file))["features"]
    assert features
    expect(dialog.get_by_role("status")).to_contain_text(f"{len(features):,} rows.")
    expect(dialog.get_by_role("status").locator(".chip")).to_be_visible()
    keep(page, "export-done")


def test_what_was_said_of_one_object_comes_alone(visit: Visit) -> None:
    page = visit("/objects")
    page.get_by_role("row").nth(1).click()
    page.get_by_label("Object", exact=True).get_by_role("button", name="Export…").click()
    dialog = page.get_by_role("dialog", name="Export to a file")
    dialog.get_by_label("What").select_option("What was said of things")
    dialog.get_by_label("From (UTC)").fill("")
    dialog.get_by_label("With its label bound").uncheck()
    with page.expect_download() as coming:
        dialog.get_by_role("button", name="Export", exact=True).click()
    with coming.value.path().open(newline="") as file:
        said = list(csv.DictReader(file))
    assert len({row["identifier"] for row in said}) == 1
    assert all(row["marking"] for row in said)


def test_the_audit_says_what_left_the_node(visit: Visit) -> None:
    page = visit("/objects")
    page.get_by_role("button", name="Export…").click()
    dialog = page.get_by_role("dialog", name="Export to a file")
    dialog.get_by_label("What").select_option("The tracks of the picture")
    dialog.get_by_label("Format").select_option("Parquet")
    with page.expect_download():
        dialog.get_by_role("button", name="Export", exact=True).click()
    page = visit("/objects")
    page.get_by_role("link", name="Admin").click()
    page.get_by_role("link", name="Audit").click()
    page.locator("select[name=act]").select_option("Exports")
    told = page.locator("[data-act='data.exported']").first.locator(".exported")
    expect(told).to_contain_text("The tracks of the picture · PARQUET · ")
    expect(told).to_contain_text("label bound")
    page.get_by_label("From (UTC)").fill("31/01/2026")
    expect(page.get_by_label("From (UTC)")).to_have_attribute("aria-invalid", "true")
    keep(page, "audit-exports")


def test_the_form_opens_by_keys_and_refuses_an_end_before_the_beginning(visit: Visit) -> None:
    page = visit("/sources")
    settled(page)
    page.keyboard.press("d")
    page.keyboard.press("x")
    dialog = page.get_by_role("dialog", name="Export to a file")
    dialog.get_by_label("From (UTC)").fill("2026-01-31 12:00")
    dialog.get_by_label("To (UTC)").fill("2026-01-31 11:00")
    expect(dialog.get_by_role("alert")).to_contain_text("the end after the beginning")
    expect(dialog.get_by_role("button", name="Export", exact=True)).to_be_disabled()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
