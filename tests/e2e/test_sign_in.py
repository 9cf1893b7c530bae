"""Getting in, and being told what to do when it does not work."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import SignedIn, keep
from tests.e2e.running_node import RunningNode


def test_a_one_time_link_signs_in_and_its_token_is_in_no_address(
    node: RunningNode, signed_in: SignedIn
) -> None:
    token = node.link.split("token=")[1]
    assert signed_in.url.startswith(f"{node.address}/picture")
    assert token not in signed_in.url
    assert all(token not in address for address in signed_in.history)


def test_a_link_that_was_used_says_what_to_do(
    browser: Browser, node: RunningNode, signed_in: SignedIn
) -> None:
    assert signed_in.state["cookies"]
    page = browser.new_page(locale="en-GB")
    page.goto(node.link)
    expect(page.get_by_role("alert")).to_contain_text("has been used or is too old")
    expect(page.get_by_label("User name")).to_be_focused()
    assert "token" not in page.url
    keep(page, "sign-in-used-link")
    page.close()


def test_a_wrong_password_is_told_without_saying_which_part_is_wrong(
    browser: Browser, node: RunningNode
) -> None:
    page = browser.new_page(locale="fr-FR")
    page.goto(node.address)
    page.get_by_label("Nom d’utilisateur").fill("nobody")
    page.get_by_label("Mot de passe").fill("not the password")
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("alert")).to_contain_text("Nom d’utilisateur ou mot de passe erroné")
    page.close()


def test_the_end_of_a_session_keeps_the_place(
    browser: Browser, node: RunningNode, page: Page
) -> None:
    page.goto(f"{node.address}/administration/users")
    _add_user(page, "bent", "a long enough password")
    context = browser.new_context(locale="en-GB")
    other = context.new_page()
    other.goto(f"{node.address}/objects")
    _sign_in(other, "bent", "a long enough password")
    expect(other.get_by_role("grid", name="Tracks")).to_be_visible()
    expect(other.get_by_role("link", name="Admin")).to_have_count(0)
    other.get_by_label("Filter by name or identifier").fill("ANNE")
    context.clear_cookies()
    expect(other.get_by_text("Your session has ended")).to_be_visible()
    _sign_in(other, "bent", "a long enough password")
    expect(other.get_by_label("Filter by name or identifier")).to_have_value("ANNE")
    context.close()
    _remove_user(page, "bent")


def test_who_signs_in_next_finds_nothing_of_the_last_person(
    browser: Browser, node: RunningNode, page: Page
) -> None:
    page.goto(f"{node.address}/administration/users")
    for name in ("bent", "carl"):
        _add_user(page, name, "a long enough password")
    context = browser.new_context(locale="en-GB")
    other = context.new_page()
    other.goto(f"{node.address}/tokens")
    _sign_in(other, "bent", "a long enough password")
    other.get_by_label("What it is for").fill("written by bent")
    other.get_by_role("link", name="Sources").click()
    expect(other.locator("[data-page=sources].active")).to_be_visible()
    context.clear_cookies()
    expect(other.get_by_text("Your session has ended. Sign in")).to_be_visible()
    _sign_in(other, "carl", "a long enough password")
    expect(other.get_by_role("button", name="Account of carl")).to_be_visible()
    expect(other.locator("[data-page=tokens]")).to_have_count(0)
    context.close()
    for name in ("bent", "carl"):
        _remove_user(page, name)


def _add_user(page: Page, name: str, password: str) -> None:
    page.get_by_role("button", name="Add a user").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("User name").fill(name)
    dialog.get_by_label("Password").fill(password)
    keep(page, "users-add")
    dialog.get_by_role("button", name="Add").click()
    expect(page.locator(f'[data-user="{name}"]')).to_be_visible()


def _remove_user(page: Page, name: str) -> None:
    page.get_by_role("button", name=f"Remove {name}").click()
    page.get_by_role("button", name="Remove the account").click()
    expect(page.locator(f'[data-user="{name}"]')).to_have_count(0)


def _sign_in(page: Page, name: str, password: str) -> None:
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
