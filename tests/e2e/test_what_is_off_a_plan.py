"""A ship off its planned route: by which claims it was judged, and where these lead.

The ship stays in the picture: tests that count ships come before it. Its reports are earlier than
those of the tests that come behind it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from tests.e2e.conftest import FEEDS_LABEL, keep
from tests.e2e.test_what_wants_attention import METRES_PER_DEGREE, MINUTES, close_all, post

LAT, LON = 56.4, 11.2
MPS = 5.0


def leaves(mmsi: int, now: datetime) -> list[dict[str, object]]:
    """Ten minutes east along the route, and then as long to the north, out of its corridor.

    All that before the reports of other tests: time does not go back for who looks at them.
    """
    metres = METRES_PER_DEGREE * math.cos(math.radians(LAT))
    begun = now - timedelta(minutes=MINUTES + 21)
    return [
        {
            "identifier": f"mmsi:{mmsi}",
            "schema": "Vessel",
            "valid": (begun + timedelta(seconds=second)).isoformat(),
            "latitude_deg": LAT + MPS * max(0, second - 600) / METRES_PER_DEGREE,
            "longitude_deg": LON + MPS * min(second, 600) / metres,
            "speed_mps": MPS,
            "course_deg": 90.0 if second < 600 else 0.0,
        }
        for second in range(0, 1_200, 20)
    ]


def report(page: Page, rows: list[dict[str, object]]) -> None:
    post(page, "observations/bulk", {"kind": "position", "label": FEEDS_LABEL, "rows": rows})


@pytest.fixture
def off_plan(visit: Callable[[str], Page]) -> Iterator[Page]:
    """The incidents, once a ship has left the corridor of a route that it is to follow."""
    page, now, mmsi = visit("/incidents"), datetime.now(UTC), 219_000_000 + uuid4().int % 900_000
    close_all(page)
    line = {"type": "LineString", "coordinates": [[LON - 0.2, LAT], [LON + 0.2, LAT]]}
    said = {"name": "LANE SEVEN", "followed_by": [f"mmsi:{mmsi}"], "corridor_m": 500}
    first, *rows = leaves(mmsi, now)
    report(page, [first])  # who is to follow a route has to be known
    route = {"schema": "Route", "properties": said, "geometry": line, "label": FEEDS_LABEL}
    made = post(page, "objects", route)
    report(page, rows)
    yield page
    close_all(page)
    for one in made["claims"]:
        post(page, f"claims/{one['claim_id']}/retraction", {"reason": "Of a test"})


def test_who_is_off_a_plan_is_told_with_the_claims_and_a_way_to_the_route(off_plan: Page) -> None:
    page = off_plan
    page.locator("[data-incident]", has_text="outside of the corridor of LANE SEVEN").click()
    card = page.locator("[data-alert]", has_text="outside of the corridor of LANE SEVEN")
    expect(card.get_by_text("Corridor, to either side", exact=True)).to_be_visible()
    evidence = card.locator("details", has_text="Evidence")
    evidence.locator("summary").click()
    cited = evidence.locator("li", has_text="LANE SEVEN: Followed by")
    expect(cited).to_contain_text("admin")
    expect(evidence.locator("li", has_text="LANE SEVEN: Corridor")).to_have_count(1)
    assert Axe().run(page).response["violations"] == []
    keep(page, "off_plan")
    card.locator("[data-feature] a", has_text="LANE SEVEN").click()
    expect(page.locator("[data-object]")).to_contain_text("LANE SEVEN")
