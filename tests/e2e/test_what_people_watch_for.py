"""Watch rules: written in lines, tried out on the recording, kept, changed as text, put away."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import keep

Visit = Callable[[str], Page]


def test_a_rule_is_built_tried_kept_changed_and_put_away(visit: Visit) -> None:
    page = visit("/incidents?tab=rules")
    page.get_by_role("button", name="New rule").click()
    page.locator("[data-line=rule] input").fill("Fast in the strait")
    page.locator("[data-line=speed] select").first.select_option("above")
    page.locator("[data-line=speed] input").fill("fast")
    problem = page.locator("[data-problem]")
    expect(problem).to_contain_text("Line 2")
    page.locator("[data-line=speed] input").fill("20")
    page.locator("[data-line=lasts] input").fill("1")
    page.get_by_label("Add a line").select_option("about")
    page.locator("[data-line=about] input").fill("Vessel")
    expect(problem).to_contain_text("All lines have to hold")
    page.get_by_role("button", name="Try", exact=True).click()
    trial = page.locator("[data-trial=done]")
    expect(trial).to_contain_text("It would have told")
    expect(trial.get_by_role("listitem").first).to_contain_text("faster than 20.0 kn")
    keep(page, "rule-tried")
    page.get_by_role("button", name="Keep").click()
    rule = page.get_by_role("button", name="Fast in the strait")
    expect(rule).to_contain_text("Version 1")
    rule.click()
    page.get_by_role("button", name="Text", exact=True).click()
    text = page.get_by_label("The rule, one line for each thing it says")
    expect(text).to_have_value("rule Fast in the strait\nspeed above 20 kn\nabout Vessel\nfor 1 s")
    text.fill("rule Fast in the strait\n# the ferries are known\nspeed above 25 kn\nfor 2 min")
    page.get_by_role("button", name="Lines", exact=True).click()
    expect(page.locator("[data-line=speed] input")).to_have_value("25")
    page.get_by_role("button", name="Keep").click()
    expect(rule).to_contain_text("Version 2")
    rule.click()
    page.locator("[data-versions] summary").click()
    expect(page.locator("[data-versions] li")).to_have_count(2)
    page.get_by_role("button", name="Put away").click()
    expect(rule).to_have_count(0)
    page.get_by_label("Those put away").check()
    expect(rule).to_contain_text("put away")


def test_a_line_of_a_rule_may_be_joined_by_or_with_the_one_before(visit: Visit) -> None:
    page = visit("/incidents?tab=rules")
    page.get_by_role("button", name="New rule").click()
    page.locator("[data-line=rule] input").fill("Fast or slow")
    page.locator("[data-line=speed] input").fill("3")
    page.locator("[data-line=lasts] input").fill("1")
    page.get_by_label("Add a line").select_option("course")
    course = page.locator("[data-line=course]")
    course.get_by_label("How it is joined with the line before").select_option("or")
    for field, degrees in (("begin", "20"), ("end", "90")):
        course.locator(f"[name={field}]").fill(degrees)
    expect(page.locator("[data-problem]")).to_contain_text("All lines have to hold")
    page.get_by_role("button", name="Text", exact=True).click()
    text = page.get_by_label("The rule, one line for each thing it says")
    said = "rule Fast or slow\nspeed below 3 kn\nor course from 20 to 90\nfor 1 s"
    expect(text).to_have_value(said)
    page.get_by_role("button", name="Lines", exact=True).click()
    expect(course.get_by_label("How it is joined with the line before")).to_have_value("true")
    page.get_by_role("button", name="Cancel").click()
