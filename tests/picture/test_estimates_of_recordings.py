"""Thousands of reports of one ship that are loaded at once."""

from __future__ import annotations

import pytest

from tests.picture.support import NOON_US, SECOND_US, World, report


def eastward(reports: int) -> list[dict[str, object]]:
    """A ship that goes east at about 5 m/s and reports every ten seconds until noon."""
    metres_east = 1 / 63_900.0  # degrees at 55 N
    return [
        report(
            lon=11.0 + 50.0 * nth * metres_east,
            at_us=NOON_US - (reports - 1 - nth) * 10 * SECOND_US,
            speed_mps=5.0,
            course_deg=90.0,
        )
        for nth in range(reports)
    ]


def test_a_recording_in_one_piece_gives_the_state_that_its_reports_give_one_by_one() -> None:
    rows = eastward(400)
    together, apart = World(), World()
    together.hear(*rows)
    for row in rows:
        apart.hear(row)
    one, other = (world.picture.reported_rows()[0] for world in (together, apart))
    for name in ("filter_lat", "filter_lon", "filter_velocity", "filter_covariance"):
        made, wanted = (rows.column(name).to_pylist()[0] for rows in (one, other))
        assert made == pytest.approx(wanted, rel=1e-3, abs=1e-3), name
