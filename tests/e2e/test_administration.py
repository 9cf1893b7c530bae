"""Pages for those who run things: exercises, tokens, the ontology, roles."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import keep

Visit = Callable[[str], Page]


def test_a_token_is_shown_once_and_can_be_revoked(visit: Visit) -> None:
    page = visit("/tokens")
    page.get_by_label("What it is for").fill("weather importer")
    page.get_by_label("Write claims").check()
    page.get_by_role("button", name="Make a token").click()
    expect(page.locator("[data-token]")).to_contain_text("it is shown this once")
    row = page.get_by_role("row", name="weather importer")
    expect(row).to_contain_text("Read, Write claims")
    keep(page, "tokens")
    page.get_by_role("button", name="Revoke weather importer").click()
    page.get_by_role("button", name="Revoke the token").click()
    expect(row).to_have_count(0)
    expect(page.locator("[data-token]")).to_have_count(0)


def test_a_token_is_gone_when_its_page_is_left(visit: Visit) -> None:
    page = visit("/tokens")
    page.get_by_label("What it is for").fill("left behind")
    page.get_by_role("button", name="Make a token").click()
    expect(page.locator("[data-token]")).to_be_visible()
    page.get_by_role("link", name="Help").click()
    expect(page.locator("[data-token]")).to_have_count(0)


def test_the_ontology_can_be_read_kind_by_kind(visit: Visit) -> None:
    page = visit("/ontology")
    page.get_by_role("navigation", name="Ontology").get_by_role("link", name="Vessel").click()
    kind = page.locator("[data-schema=Vessel]")
    expect(kind.get_by_role("heading", name="Vessel")).to_be_visible()
    expect(kind.get_by_role("row", name="Length")).to_contain_text("m")
    keep(page, "ontology")
    page.go_back()
    expect(page.locator("[data-schema=Thing]")).to_be_visible()


def test_a_node_without_an_exercise_says_so_and_roles_are_explained(visit: Visit) -> None:
    page = visit("/exercise")
    expect(page.get_by_role("heading", name="No exercise runs on this node")).to_be_visible()
    page.get_by_role("link", name="Admin").click()
    expect(page.get_by_role("heading", name="What each role may do")).to_be_visible()


def test_on_a_phone_tables_stand_whole_and_a_kind_leads_to_its_details(visit: Visit) -> None:
    page = visit("/administration/users")
    page.set_viewport_size({"width": 390, "height": 844})
    table = page.locator(".scroller").first
    expect(table).to_be_visible()
    assert table.evaluate("box => box.scrollHeight <= box.clientHeight + 1"), "it is cut"
    visit("/ontology")
    page.get_by_role("navigation", name="Ontology").get_by_role("link", name="Vessel").click()
    heading = page.locator("[data-schema=Vessel]").get_by_role("heading", name="Vessel")
    expect(heading).to_be_in_viewport()


def test_an_account_that_does_not_count_yet_is_told_with_the_releases(visit: Visit) -> None:
    page = visit("/administration/users")
    page.get_by_role("button", name="Add").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("User name").fill("erna")
    dialog.get_by_label("Password").fill("correct horse battery")
    dialog.locator("button[type=submit]").click()
    expect(dialog).to_be_hidden()
    page.locator("nav").get_by_role("link", name="Releases").click()
    waiting = page.locator("[data-waiting=erna]")
    expect(waiting).to_contain_text("was made or changed by admin")
    expect(waiting).to_contain_text("choose a new password first")
    expect(waiting.get_by_role("button")).to_have_count(0)
    keep(page, "vouching")


def test_everybody_chooses_their_own_password_in_the_menu_under_their_name(visit: Visit) -> None:
    page = visit("/tokens")
    page.get_by_role("button", name="admin").first.click()
    page.get_by_role("button", name="Choose a password").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("you sign in again")
    dialog.get_by_label("New password").fill("short")
    dialog.get_by_role("button", name="Choose").click()
    expect(dialog).to_be_visible()  # nothing was sent
    keep(page, "password")
