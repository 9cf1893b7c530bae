"""Things that nobody draws and nothing reports, and what leads to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import keep

Visit = Callable[[str], Page]


def new_object(page: Page, kind: str, name: str, classification: str | None = None) -> None:
    page.keyboard.press("d")
    page.keyboard.press("o")
    form = page.locator("[data-new-object]")
    form.get_by_label("Kind").select_option(kind)
    form.get_by_label("Name", exact=True).fill(name)
    if classification is not None:
        form.get_by_label("Classification").select_option(classification)
    keep(page, f"new-{kind.lower()}")
    form.get_by_role("button", name="Save").click()
    expect(page.locator("[data-object]").get_by_role("heading", name=name)).to_be_visible()


def test_an_organisation_made_on_the_screen_is_found_and_linked_by_name(visit: Visit) -> None:
    page = visit("/objects?q=Sund")  # the banner is of what is found, whatever else the node holds
    new_object(page, "Organisation", "Sund Ferries", "SECRET")
    expect(page.locator("[data-marking]")).to_contain_text("SECRET")
    new_object(page, "Person", "Sundby Master")
    panel = page.locator("[data-object]")
    panel.get_by_role("button", name="Say something").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Property").select_option("member_of")
    dialog.get_by_role("searchbox").fill("sund")
    expect(dialog.get_by_role("radio")).to_have_count(1)  # of what a person can be a member of
    dialog.get_by_role("radio", name="Sund Ferries").check()
    expect(dialog.get_by_label("Classification")).to_have_value("SECRET")
    keep(page, "edit-link")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    said = panel.locator("[data-property=member_of]")
    expect(said.get_by_role("link", name="Sund Ferries")).to_be_visible()
    panel.get_by_role("button", name="Say what Member of is").click()
    expect(dialog.get_by_text("Now: Sund Ferries")).to_be_visible()
    page.keyboard.press("Escape")
    drawn = panel.get_by_role("group", name="Links, drawn").get_by_role("link")
    expect(drawn).to_have_accessible_name("Member of: Sund Ferries")
    expect(drawn.locator("text").first).to_be_visible()
    drawn.focus()
    keep(page, "links")
    page.keyboard.press("Enter")
    expect(panel.get_by_role("heading", name="Sund Ferries")).to_be_visible()
    page.go_back()
    said.get_by_role("link", name="Sund Ferries").click()
    expect(panel.get_by_role("heading", name="Sund Ferries")).to_be_visible()


def test_a_new_object_is_undone_where_it_was_made(visit: Visit) -> None:
    page = visit("/objects")
    page.get_by_role("button", name="New object").click()
    form = page.locator("[data-new-object]")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert")).to_contain_text("A name is needed")
    form.get_by_label("Kind").select_option("Facility")
    form.locator("[name=name]").fill("Pilot station")
    form.get_by_label("Position (optional)").fill("55.69 12.60")
    form.get_by_role("button", name="Save").click()
    panel = page.locator("[data-object]")
    expect(panel).to_contain_text("55°41.400'N 012°36.000'E")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back: Pilot station")).to_be_visible()


def test_releases_and_the_audit_stand_under_their_own_marking(visit: Visit) -> None:
    page = visit("/objects")
    new_object(page, "Organisation", "Quiet company", "CONFIDENTIAL")
    said = page.locator("[data-property=name] li", has_text="Quiet company")
    said.get_by_role("button", name="Label…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Propose to release it under a lower label").check()
    dialog.get_by_label("Classification").select_option("UNCLASSIFIED")
    dialog.locator("[name=reason]").fill("A partner asked")
    dialog.get_by_role("button", name="Go on").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("link", name="Admin").click()
    banner = page.locator("[data-marking]")
    expect(banner).to_contain_text("Nothing marked", ignore_case=True)
    page.get_by_role("link", name="Releases").click()
    expect(page.locator("[data-proposal]").first).to_be_visible()
    expect(banner).to_contain_text("CONFIDENTIAL")
    page.get_by_role("link", name="Users").click()
    expect(banner).to_contain_text("Nothing marked", ignore_case=True)


def test_kinds_that_come_after_the_dialog_opened_are_offered(page: Page, visit: Visit) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/api/v1/schemata", hold)
    visit("/objects")
    page.keyboard.press("d")
    page.keyboard.press("o")
    kind = page.locator("[data-new-object]").get_by_label("Kind")
    expect(kind.get_by_role("option")).to_have_count(0)
    for route in held:
        route.continue_()
    expect(kind).to_have_value("Organisation")


def test_two_that_a_third_holds_together_say_so_and_one_is_taken_out_in_one_step(
    visit: Visit,
) -> None:
    page = visit("/objects")
    api = page.url.split("/objects")[0] + "/api/v1"
    token = page.request.get(f"{api}/session").json()["csrf_token"]

    def say(path: str, **body: object) -> dict[str, Any]:
        headers = {"X-CSRF-Token": token, "Idempotency-Key": uuid4().hex}
        answer = page.request.post(f"{api}/{path}", headers=headers, data=body)
        assert answer.ok, answer.text()
        found: dict[str, Any] = answer.json()
        return found

    names = ("Aft pier", "Bow pier", "Common pier")
    made = [say("objects", schema="Facility", properties={"name": name}) for name in names]
    ids = [one["object_id"] for one in made]
    known = [page.request.get(f"{api}/objects/{one}").json()["identifier"] for one in ids]
    aft, bow, common = ids
    pair = {"identifier": known[0], "other_identifier": known[1]}
    say(f"objects/{aft}/same-as", other=bow)
    say(f"objects/{aft}/parting", **pair)
    say(f"objects/{common}/same-as", other=aft)
    say(f"objects/{common}/same-as", other=bow, identifier=known[2])

    page.goto(f"{page.url.split('/objects')[0]}/objects/{aft}")
    panel = page.locator("[data-object]")
    row = panel.locator("[data-same-as] li").filter(has_text=f"{known[0]} is {known[1]}")
    row.get_by_role("button", name="Split").click()
    note = panel.locator("[data-still-joined]")
    expect(note).to_contain_text("are shown as one thing still")
    keep(page, "still-joined")
    note.get_by_role("button", name=f"Split {known[0]} from them, too").click()
    expect(note).to_have_count(0)
    found = page.request.get(f"{api}/objects/{aft}").json()
    assert [one["identifier"] for one in found["source_tracks"]] == [known[0]]
