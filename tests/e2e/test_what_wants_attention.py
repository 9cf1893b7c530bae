"""Incidents on the screen: a call for help and a drifting ship, from the rail to the watch log."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import FEEDS_LABEL, keep

Visit = Callable[[str], Page]
METRES_PER_DEGREE = 111_320.0
MINUTES = 15
LAT, LON = 56.9, 11.6
COUNT_TONES = """
window.tones = 0;
const start = AudioScheduledSourceNode.prototype.start;
AudioScheduledSourceNode.prototype.start = function (...at) {
  window.tones += 1;
  return start.apply(this, at);
};
"""


def api_of(page: Page) -> str:
    place = urlsplit(page.url)
    return f"{place.scheme}://{place.netloc}/api/v1"


def post(page: Page, path: str, body: dict[str, object]) -> Any:
    api = api_of(page)
    token = page.request.get(f"{api}/session").json()["csrf_token"]
    headers = {"X-CSRF-Token": token, "Idempotency-Key": uuid4().hex}
    answer = page.request.post(f"{api}/{path}", data=body, headers=headers)
    assert answer.ok, answer.text()
    return answer.json()


def drifts(mmsi: int, now: datetime) -> list[dict[str, object]]:
    """A quarter of an hour eastwards at 1 m/s with the bow to the north."""
    metres = METRES_PER_DEGREE * math.cos(math.radians(LAT))
    begun = now - timedelta(minutes=MINUTES)
    return [
        {
            "identifier": f"mmsi:{mmsi}",
            "schema": "Vessel",
            "valid": (begun + timedelta(seconds=second)).isoformat(),
            "latitude_deg": LAT,
            "longitude_deg": LON + second / metres,
            "speed_mps": 1.0,
            "course_deg": 90.0,
            "heading_deg": 10.0,
        }
        for second in range(0, MINUTES * 60, 30)
    ]


def calls(mmsi: int, now: datetime) -> list[dict[str, object]]:
    """A search and rescue transmitter that is on."""
    return [
        {
            "identifier": f"mmsi:{mmsi}",
            "schema": "Vessel",
            "valid": (now - timedelta(seconds=second)).isoformat(),
            "latitude_deg": LAT + 0.2,
            "longitude_deg": LON,
            "navigation_status": "ais_sart",
        }
        for second in (65, 35, 5)
    ]


def close_all(page: Page) -> None:
    """What other tests let happen is nobody's business here."""
    for one in page.request.get(f"{api_of(page)}/incidents").json()["items"]:
        path = f"incidents/{one['incident_id']}/sayings"
        if one["priority"]:
            post(page, path, {"said": "acknowledge"})
        post(page, path, {"said": "state", "state": "closed", "reason": "Of another test"})


@pytest.fixture
def incidents(page: Page, visit: Visit) -> Iterator[Page]:
    """The page, once a drifting ship and a call for help have been noticed."""
    page.add_init_script(COUNT_TONES)
    page = visit("/incidents")
    close_all(page)
    now, number = datetime.now(UTC), uuid4().int % 900_000
    rows = sorted(
        drifts(219_000_000 + number, now) + calls(970_000_000 + number, now),
        key=lambda row: str(row["valid"]),
    )
    post(page, "observations/bulk", {"kind": "position", "label": FEEDS_LABEL, "rows": rows})
    yield page
    close_all(page)


def test_a_watch_officer_works_through_the_incidents_with_the_keyboard(incidents: Page) -> None:
    page = incidents
    band = page.locator("[data-call]")
    expect(band).to_be_visible()
    call = page.locator("[data-incident]").first
    drift = page.locator("[data-incident]", has_text="drifts").first
    expect(call).to_have_attribute("data-priority", "true")
    expect(drift).to_be_visible()
    expect(page.locator("[data-badge]")).to_contain_text("open")
    assert Axe().run(page).response["violations"] == []
    keep(page, "incidents")

    page.locator("main").focus()
    page.wait_for_function("window.tones > 0")
    page.keyboard.press("a")
    expect(band).to_have_count(0)
    listed = page.locator("[data-incident]").evaluate_all(
        "all => all.map((one) => one.textContent.includes('drifts'))"
    )
    assert listed.index(True) > 0
    for _ in range(listed.index(True)):
        page.keyboard.press("j")
    expect(drift).to_have_attribute("aria-current", "true")
    assert page.url.endswith(str(drift.get_attribute("data-incident")))
    page.keyboard.press("t")
    expect(page.locator("[data-owner]")).to_have_text("admin")
    marking = page.locator("[data-detail] header .chip").inner_text()
    expect(page.locator("details[data-saying-label] summary")).to_contain_text(marking)
    page.keyboard.press("c")
    page.keyboard.type("Called on channel 16")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-saying=comment]")).to_contain_text("Called on channel 16")
    page.get_by_label("Call the vessel on VHF").check()
    expect(page.get_by_text("Checklist (1 of")).to_be_visible()
    page.locator("main").focus()
    page.keyboard.press("u")
    expect(page.get_by_role("button", name="Useful U", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    page.keyboard.press("x")
    expect(drift).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(drift).to_be_visible()
    page.get_by_role("link", name="Watch log").click()
    first = page.get_by_role("region", name="Open right now").get_by_role("listitem").first
    expect(first).to_contain_text("Call for help")
    expect(first).to_contain_text("Without an owner")
    page.get_by_role("link", name="Detectors").click()
    drifting = page.locator("[data-detector=drifting]")
    expect(drifting).to_contain_text("100 %")
    drifting.locator("summary").click()
    expect(drifting).to_contain_text("Course and heading are at least so far apart.")
    keep(page, "detectors")
    assert Axe().run(page).response["violations"] == []


def test_an_incident_shows_where_it_is_and_is_given_to_somebody(
    incidents: Page, complaints: list[str]
) -> None:
    page = incidents
    page.locator("[data-incident]").first.click()
    where = page.locator("[data-small-map]")
    expect(where.get_by_role("img")).to_be_visible()
    expect(where).not_to_have_attribute("data-small-map", "0")
    for_you = page.locator("[data-for-you]")
    expect(for_you).to_contain_text("Nobody has taken it")
    page.locator("main").focus()
    page.keyboard.press("o")
    who = page.get_by_label("Their name on this node")
    who.fill("ghost")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("alert")).to_contain_text("Nobody called “ghost” may see this")
    expect(who).to_be_focused()
    complaints.clear()  # the browser tells of every refusal
    who.fill("admin")
    expect(dialog.get_by_role("alert")).to_have_count(0)
    assert Axe().run(page).response["violations"] == []
    page.keyboard.press("Enter")
    expect(page.locator("[data-owner]")).to_have_text("admin")
    expect(page.locator("[data-saying=assign]")).to_contain_text("gave it to admin")
    expect(page.get_by_text("Nobody has taken it")).to_have_count(0)


def test_a_task_is_asked_for_listed_at_the_hand_over_and_ticked_off(
    incidents: Page, complaints: list[str]
) -> None:
    page = incidents
    page.locator("[data-incident]").first.click()
    tasks = page.locator("[data-tasks]")
    tasks.get_by_text("New task").click()
    tasks.get_by_label("Kind").select_option("call")
    tasks.get_by_label("What is to be done").fill("Ask whether she needs a tug")
    tasks.get_by_label("Given to (optional)").fill("ghost")
    tasks.get_by_role("button", name="Ask for it").click()
    expect(tasks.get_by_role("alert")).to_contain_text("Nobody called “ghost” may see this")
    complaints.clear()  # the browser tells of every refusal
    tasks.get_by_label("Given to (optional)").fill("admin")
    expect(tasks.get_by_role("alert")).to_have_count(0)
    tasks.get_by_label("Due").select_option("30")
    assert Axe().run(page).response["violations"] == []
    tasks.get_by_role("button", name="Ask for it").click()
    task = tasks.locator("[data-task]")
    expect(task).to_contain_text("Ask whether she needs a tug")
    expect(page.locator("[data-incident]").first).to_contain_text("open tasks: 1")
    keep(page, "task")
    page.get_by_role("link", name="Watch log").click()
    listed = page.locator("[data-open-tasks]")
    expect(listed).to_contain_text("Ask whether she needs a tug")
    listed.get_by_role("link", name="The incident").click()
    task.get_by_role("combobox").select_option("done")
    expect(tasks).to_have_attribute("data-tasks", "0")
    page.keyboard.press("Control+z")
    expect(tasks).to_have_attribute("data-tasks", "1")
    task.get_by_role("combobox").select_option("dropped")
    expect(tasks).to_have_attribute("data-tasks", "0")


def test_a_tick_stays_while_the_node_answers_and_others_say_something(incidents: Page) -> None:
    page = incidents
    page.locator("[data-incident]").first.click()
    step = page.locator("[data-detail]").get_by_role("checkbox").first
    held: list[Route] = []
    page.route("**/sayings", lambda route: held.append(route))
    step.check()
    said = urlsplit(page.url).path.removeprefix("/") + "/sayings"
    post(page, said, {"said": "comment", "text": "Seen from the ferry"})
    expect(page.locator("[data-saying=comment]")).to_contain_text("Seen from the ferry")
    expect(page.locator("[data-saying=check]")).to_have_count(0)
    expect(step).to_be_checked()
    held[0].continue_()
    expect(page.locator("[data-saying=check]")).to_have_count(1)
    expect(step).to_be_checked()


def test_the_watch_is_taken_over_and_an_incident_is_found_on_the_map(incidents: Page) -> None:
    page = incidents
    expect(page.locator("[data-incident]").first).to_be_visible()
    page.get_by_role("link", name="Watch log").click()
    open_now = page.get_by_role("region", name="Open right now")
    listed = page.request.get(f"{api_of(page)}/incidents").json()["items"]
    unowned = [one for one in listed if one["owner"] == ""]
    counts = f"Open incidents: {len(listed)} · calls for help: 1 · without an owner: {len(unowned)}"
    expect(page.get_by_role("button", name="Hand over")).to_have_accessible_description(counts)
    expect(open_now.get_by_role("listitem")).to_have_count(len(listed))
    expect(open_now.get_by_text("Without an owner", exact=True)).to_have_count(len(unowned))
    words = page.get_by_label("What is to be noted")
    words.fill("Two open, one call for help")
    open_now.get_by_role("link", name="Call for help").press("Enter")
    expect(page.locator("[data-detail]")).to_contain_text("Call for help")
    page.get_by_role("link", name="Watch log").click()
    expect(words).to_have_value("Two open, one call for help")
    assert Axe().run(page).response["violations"] == []
    keep(page, "watch-handed-over")
    page.get_by_role("button", name="Take over").click()
    expect(page.get_by_text("admin has the watch")).to_be_visible()
    expect(page.locator("[data-log=take_over]")).to_contain_text("Two open")
    expect(words).to_have_value("")
    page.get_by_role("navigation", name="Incidents").get_by_role("link", name="Incidents").click()
    page.locator("main").focus()
    page.keyboard.press("m")
    lead = page.locator("[data-open-incidents] a")
    expect(lead).to_have_text("Call for help")
    keep(page, "incident-on-the-map")
    lead.click()
    expect(page.locator("[data-detail]")).to_be_visible()
