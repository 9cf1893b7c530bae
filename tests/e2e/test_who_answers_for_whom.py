"""An account that an administrator made counts as a person when its owner and another say so."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from alliage.server.settings import PACKAGED_WEB
from tests.cli.conftest import ALLIAGE, environment
from tests.cli.test_running import running
from tests.e2e.conftest import TOUR_SEEN, WAIT_MS, begin_with, keep

GIVEN, OWN = "given by the admin", "known to erna alone"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A node with an officer who was added on the machine."""
    if not (PACKAGED_WEB / "index.html").exists():
        pytest.skip("the web UI has not been built: make web")
    home = tmp_path / "home"
    for command in (
        ["init", "--name", "vouching", "--nation", "DNK", "--exercise"],
        ["users", "add", "bodil", "--role", "analyst"],
    ):
        arguments = [ALLIAGE, *command]
        subprocess.run(arguments, env=environment(home), check=True, capture_output=True)
    return home


@contextmanager
def window(browser: Browser, address: str) -> Iterator[Page]:
    """A window of one person."""
    context = browser.new_context(locale="en-GB")
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    page.add_init_script(begin_with({**TOUR_SEEN, "alliage.tour_seen": '["admin","erna","bodil"]'}))
    page.goto(address)
    yield page
    context.close()


def sign_in(page: Page, password: str) -> None:
    page.get_by_label("User name").fill("erna")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("navigation", name="Pages").wait_for()


def test_who_was_made_by_an_administrator_counts_after_a_password_and_a_voucher(
    browser: Browser, home: Path
) -> None:
    with running(home, "run", "--link", "admin") as (_, announced):
        address = announced["address"]
        with window(browser, announced["link"]) as admin:
            admin.get_by_role("navigation", name="Pages").wait_for()
            admin.goto(f"{address}/administration/users")
            admin.get_by_role("button", name="Add a user").click()
            dialog = admin.get_by_role("dialog")
            dialog.get_by_label("User name").fill("erna")
            dialog.get_by_label("Password").fill(GIVEN)
            dialog.get_by_role("button", name="Add").click()
            expect(dialog).to_be_hidden()
        with window(browser, address) as erna:
            sign_in(erna, GIVEN)
            erna.get_by_role("button", name="Account of erna").click()
            erna.get_by_role("button", name="Choose a password").click()
            dialog = erna.get_by_role("dialog")
            dialog.get_by_label("Password until now").fill(GIVEN)
            dialog.get_by_label("New password").fill(OWN)
            dialog.get_by_role("button", name="Choose").click()
            sign_in(erna, OWN)
    with (
        running(home, "run", "--link", "bodil") as (_, announced),
        window(browser, announced["link"]) as bodil,
    ):
        bodil.get_by_role("navigation", name="Pages").wait_for()
        bodil.goto(f"{announced['address']}/administration/releases")
        waiting = bodil.locator("[data-waiting=erna]")
        expect(waiting).to_contain_text("was made or changed by admin")
        keep(bodil, "vouching")
        waiting.get_by_role("button", name="Vouch").click()
        dialog = bodil.get_by_role("dialog")
        expect(dialog).to_contain_text("You have spoken to this person")
        dialog.get_by_role("button", name="Vouch").click()
        expect(waiting).to_have_count(0)
        listed = bodil.request.get(f"{announced['address']}/api/v1/vouchings").json()["items"]
        assert listed == []
