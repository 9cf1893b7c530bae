"""How many ships an hour is to have, and when that is told to be unusual."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom

from alliage.detection import Engine, Finding
from alliage.detection.detectors.unusual_traffic import UnusualTraffic, UnusualTrafficSettings
from alliage.detection.grid import AREA, around, cells_of, middle_of
from alliage.detection.hours import HOUR_US, Band, Hours
from tests.detection.recordings import ONTOLOGY

DAYS = 8
PORT = int(cells_of(np.array([57.0]), np.array([18.0]), AREA)[0])
AREAS = around(PORT, 1)
LOOK_US = 60_000_000


class Sea:
    """Some areas over some days, hour by hour, heard once a minute."""

    def __init__(self) -> None:
        self.scene = Engine(ONTOLOGY, list, "test").scene
        code = self.scene.things.stream_code("ais")
        self.scene.rows_of_stream = {code: 1}
        for number in range(600):
            self.scene.things.row(code, f"mmsi:{number}", "Vessel")
        self.hours: Hours = self.scene.traffic.hours
        self.now_us = 20_000 * 24 * HOUR_US

    def hour(self, counts: Iterable[int], minutes: int = 60) -> None:
        """An hour in which so many ships come into each area, one after the other."""
        coming = np.repeat(AREAS, list(counts))
        things = np.arange(len(coming), dtype=np.int32)
        for minute in range(minutes):
            self.now_us += LOOK_US
            self.scene.now_us = self.now_us
            part = slice(minute * len(coming) // 60, (minute + 1) * len(coming) // 60)
            self.hours.see(self.scene, things[part], coming[part], 60.0)

    def days(self, days: int, busy: float = 20.0, quiet: float = 4.0) -> Sea:
        """Days with many ships from 6 to 18 h and few by night, more or less as chance has it."""
        random = np.random.default_rng(7)
        for hour in range(24 * days):
            mean = busy if 6 <= hour % 24 < 18 else quiet
            self.hour(random.poisson(mean, len(AREAS)).tolist())
        return self

    def told(self) -> list[Finding]:
        one = UnusualTraffic(UnusualTrafficSettings())
        return list(one.look(self.scene, None))  # type: ignore[arg-type]


def counts(at_port: int, elsewhere: int) -> list[int]:
    return [at_port if area == PORT else elsewhere for area in AREAS.tolist()]


def test_far_more_ships_than_the_hour_should_have_are_told_before_it_is_over() -> None:
    sea = Sea().days(DAYS)
    sea.hour(counts(60, 4), minutes=50)  # at night
    (found,) = sea.told()
    assert found.feature is not None
    assert found.feature.identifier == f"cell:{PORT:x}"
    assert (found.lat, found.lon) == middle_of(PORT)
    assert "46 ships were under way from 00:00, where at this hour (UTC)" in found.reason.en
    assert "46 navires ont fait route à partir de 0 h UTC, contre" in found.reason.fr
    assert "8 days" in found.reason.en
    assert found.figures["usual_most"] < 20


def test_as_many_are_usual_by_day() -> None:
    sea = Sea().days(DAYS, busy=45.0)
    for _ in range(8):
        sea.hour(counts(4, 4))
    sea.hour(counts(60, 45), minutes=59)
    assert sea.told() == []


def test_an_area_that_ships_avoid_is_told_when_the_hour_is_over() -> None:
    sea = Sea().days(DAYS, busy=40.0)
    for _ in range(8):
        sea.hour(counts(4, 4))
    sea.hour(counts(1, 40))
    sea.hour(counts(40, 40), minutes=1)
    (found,) = sea.told()
    assert "1 ship was under way from 08:00" in found.reason.en


def test_where_all_areas_around_have_fewer_it_is_reception() -> None:
    sea = Sea().days(DAYS, busy=40.0)
    for _ in range(8):
        sea.hour(counts(4, 4))
    sea.hour(counts(1, 10))
    sea.hour(counts(40, 40), minutes=1)
    assert sea.told() == []


def test_an_hour_that_was_not_heard_as_a_whole_tells_of_nobody_missing_and_teaches_nothing() -> (
    None
):
    sea = Sea().days(DAYS, busy=40.0)
    for _ in range(8):
        sea.hour(counts(4, 4))
    sea.hour(counts(1, 40), minutes=50)
    learned = sea.hours.dump()["sums"].copy()
    sea.now_us += 10 * LOOK_US
    sea.hour(counts(40, 40), minutes=1)
    assert sea.told() == []
    assert np.array_equal(sea.hours.dump()["sums"], learned)


def test_after_three_days_nothing_is_said() -> None:
    sea = Sea().days(3)
    sea.hour(counts(100, 4), minutes=59)
    assert sea.told() == []


def test_days_as_they_are_tell_of_nothing() -> None:
    sea, random = Sea().days(DAYS), np.random.default_rng(11)
    found = []
    for hour in range(24):
        sea.hour(random.poisson(20.0 if 6 <= hour < 18 else 4.0, len(AREAS)).tolist())
        found += sea.told()
    assert found == []


def test_what_was_learned_of_hours_is_the_same_after_a_restart() -> None:
    before, after = Sea().days(2), Sea()
    after.hours.load(before.hours.dump())
    assert after.hours.days == pytest.approx(before.hours.days)
    assert np.array_equal(after.hours.open().areas, before.hours.open().areas)
    tables = before.hours.dump()
    assert all(np.array_equal(tables[name], after.hours.dump()[name]) for name in tables)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.1, 500), st.floats(1.05, 10), st.integers(0, 800))
def test_chances_are_those_of_a_negative_binomial_distribution(
    mean: float, spread: float, count: int
) -> None:
    band = Band(np.array([mean]), np.array([spread]))
    size, share, many = mean / (spread - 1), 1 / spread, np.array([float(count)])
    assert band.more(many)[0] == pytest.approx(
        nbinom.sf(count - 1, size, share), rel=1e-6, abs=1e-12
    )
    usual = [float(side[0]) for side in band.usual()]
    assert usual == [nbinom.ppf(at, size, share) for at in (0.01, 0.99)]
    assert band.fewer(many)[0] == pytest.approx(nbinom.cdf(count, size, share), rel=1e-6, abs=1e-12)
