"""Two ships that use one number are two on the map, and wait in Review until somebody decides."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pyais import encode_dict

from alliage.server.settings import PACKAGED_WEB
from tests.cli.conftest import ALLIAGE, environment
from tests.cli.test_running import running
from tests.e2e.conftest import SCALE, TOUR_SEEN, WAIT_MS, begin_with, keep

MMSI = 219905000
PLACES = {"north": (57.0, 11.0), "south": (54.6, 11.8)}
"""By the feed that hears a ship there: farther apart than a ship sails in a day."""
LABEL = '{ policy = "ALLIAGE", classification = "UNCLASSIFIED", releasable_to = ["DNK", "FRA"] }'


@pytest.fixture
def node(tmp_path: Path) -> Iterator[str]:
    """The link into a node that follows two growing files, and compares what they say at once."""
    if not (PACKAGED_WEB / "index.html").exists():
        pytest.skip("the web UI has not been built: make web")
    home = tmp_path / "home"
    command = [ALLIAGE, "init", "--name", "conflict", "--nation", "DNK", "--exercise"]
    subprocess.run(command, env=environment(home), check=True, capture_output=True, timeout=60)
    sources = "\n[correlation]\nevery_s = 1.0\n"
    for name in PLACES:
        (tmp_path / name).touch()
        transport = f'{{ kind = "file", path = "{tmp_path / name}", follow = true }}'
        sources += f'\n[[sources]]\nname = "{name}"\nformat = "ais"\ntransport = {transport}\n'
        sources += f"label = {LABEL}\n"
    config = home / "config.toml"
    config.write_text(config.read_text() + sources)
    with running(home, "run", "--link", "admin") as (_, announced):
        yield announced["link"]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 1280, "height": 720}, device_scale_factor=SCALE, locale="en-GB"
    )
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    page.add_init_script(begin_with(TOUR_SEEN))
    yield page
    context.close()


def report(folder: Path) -> None:
    """Each feed hears its ship once more."""
    for name, (lat, lon) in PLACES.items():
        said = {"msg_type": 1, "mmsi": MMSI, "lat": lat, "lon": lon, "speed": 8.0, "course": 90.0}
        lines = encode_dict(said, talker_id="AI", sentence_type="VDM")
        with (folder / name).open("a") as file:
            file.write("".join(f"{line}\n" for line in lines))


def test_two_ships_with_one_number_are_seen_apart_and_parted_by_a_person(
    node: str, page: Page, tmp_path: Path
) -> None:
    page.goto(node)
    page.get_by_role("navigation", name="Pages").wait_for()
    address = node.partition("/sign-in")[0]
    for _ in range(100):
        report(tmp_path)
        if page.request.get(f"{address}/api/v1/review").json()["waiting"]:
            break
        page.wait_for_timeout(500)  # a mind is changed after several rounds, a second each
    tracks = page.request.get(f"{address}/api/v1/tracks").json()["items"]
    assert sorted(round(one["position"]["lat"], 1) for one in tracks) == [54.6, 57.0]
    page.goto(f"{address}/review")
    pair = page.locator("[data-pair]")
    expect(pair).to_contain_text(f"mmsi:{MMSI}")
    expect(page.locator("[data-review]")).to_contain_text("One identifier, two things")
    keep(page, "review-conflict")
    page.locator("main").focus()
    page.keyboard.press("n")
    expect(page.get_by_text("Nothing waits for a decision.")).to_be_visible()
    assert len(page.request.get(f"{address}/api/v1/tracks").json()["items"]) == 2
