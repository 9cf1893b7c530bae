"""Numbers of tracks when scans come late: nobody who was told one finds another thing under it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from alliage.fusion import Association, Estimates, Kind, Recording, Scan, Sensor, Settings, Tracker
from benchmarks.fusion_scenario import Scenario

EITHER = pytest.mark.parametrize("association", list(Association))
RADAR = Sensor("radar", 0.9, 1e-7)
OTHER = Sensor("other", 0.9, 1e-7)
SHIPS_M = (0.0, 3000.0, -3000.0)
"""How far north three ships go east at 5 m/s."""
FIRST_SEEN = (0, 6, 7)
"""In which look of two seconds each is seen first."""


def look(sensor: Sensor, time_s: float, places: list[tuple[float, float]]) -> Scan:
    return Scan(time_s, sensor, Kind.POSITION, np.array(places).reshape(-1, 2), np.eye(2) * 400.0)


def ships(number: int) -> list[tuple[float, float]]:
    return [
        (10.0 * number, north)
        for north, first in zip(SHIPS_M, FIRST_SEEN, strict=True)
        if number >= first
    ]


def names(said: Estimates) -> dict[int, int]:
    """Which ship each number is."""
    nearest = np.abs(said.states[:, 1, None] - np.array(SHIPS_M)).argmin(axis=1)
    return dict(zip(said.number.tolist(), nearest.tolist(), strict=True))


@EITHER
@pytest.mark.parametrize(
    ("sensor", "time_s", "places"),
    [
        (OTHER, 11.0, [(9000.0, 9000.0)]),
        (OTHER, 13.0, [(9000.0, 9000.0), (-9000.0, 9000.0)]),
        (OTHER, 11.0, [(55.0, -3000.0)]),
        (OTHER, 11.0, [(55.0, -3000.0), (55.0, 3000.0)]),
        (RADAR, 13.0, [(65.0, -3000.0)]),
        (RADAR, 15.0, []),
    ],
    ids=["clutter", "clutter and misses", "the third", "both", "the third alone", "nothing"],
)
def test_a_late_scan_gives_no_ship_the_number_of_another(
    association: Association, sensor: Sensor, time_s: float, places: list[tuple[float, float]]
) -> None:
    tracker = Tracker(Settings(association=association, late_s=10.0))
    for number in range(11):
        (said,) = tracker.process(look(RADAR, 2.0 * number, ships(number)))
    told = names(said)
    assert sorted(told.values()) == [0, 1, 2]
    *_, revised = tracker.process(look(sensor, time_s, places))
    assert names(revised) == told
    for number in range(11, 16):
        (said,) = tracker.process(look(RADAR, 2.0 * number, [*ships(number), (-7000.0, 0.0)]))
    after = names(said)
    assert {number: after[number] for number in told} == told


@EITHER
def test_what_begins_after_a_late_scan_has_a_number_that_was_never_told(
    association: Association,
) -> None:
    tracker = Tracker(Settings(association=association, late_s=10.0))
    told: set[int] = set()
    for number in range(11):
        (said,) = tracker.process(look(RADAR, 2.0 * number, ships(number)))
        told |= set(said.number.tolist())
    tracker.process(look(OTHER, 11.0, [(9000.0, 9000.0)]))
    for number in range(11, 17):
        (said,) = tracker.process(look(RADAR, 2.0 * number, [*ships(number), (-7000.0, 0.0)]))
    (new,) = said.number[said.states[:, 0] < -5000.0].tolist()
    assert new not in told


@EITHER
@pytest.mark.parametrize("seed", range(4))
def test_numbers_stay_with_what_they_were_told_of_however_scans_come(
    association: Association, scenario: Scenario, scans_of: Callable[..., list[Scan]], seed: int
) -> None:
    chance = np.random.default_rng(seed)
    scans = scans_of(scenario)[:25]
    arrival = np.argsort([scan.time_s + chance.uniform(0.0, 11.9) for scan in scans])
    tracker, recording = Tracker(Settings(association=association, late_s=12.0)), Recording()
    last: Estimates | None = None
    for place in arrival:
        said = tracker.process(scans[place])
        recording.add(said)
        for one in said:
            assert len(set(one.number.tolist())) == len(one)
        if last is not None and len(said) > 1:  # the same moment again
            _keeps_its_names(last, said[-1])
        last = said[-1]
    where: dict[int, tuple[float, np.ndarray]] = {}
    for one in recording:
        for number, state in zip(one.number.tolist(), one.states, strict=True):
            at_s, before = where.get(number, (one.time_s, state))
            assert np.hypot(*(state[:2] - before[:2])) < 150.0 + 40.0 * (one.time_s - at_s)
            where[number] = one.time_s, state


def _keeps_its_names(before: Estimates, after: Estimates) -> None:
    """Who stands where somebody stood has the same number."""
    apart = np.hypot(*(after.states[:, None, :2] - before.states[None, :, :2]).transpose(2, 0, 1))
    rows, columns = np.nonzero(apart < 1.0)
    np.testing.assert_array_equal(after.number[rows], before.number[columns])


@EITHER
def test_playing_the_same_scans_again_gives_the_same_numbers(association: Association) -> None:
    scans = [look(RADAR, 2.0 * number, ships(number)) for number in range(11)]
    scans.insert(9, look(OTHER, 11.0, [(9000.0, 9000.0), (55.0, 3000.0)]))
    runs = []
    for _ in range(2):
        tracker = Tracker(Settings(association=association, late_s=10.0))
        runs.append([one.number.tolist() for scan in scans for one in tracker.process(scan)])
    assert runs[0] == runs[1]
