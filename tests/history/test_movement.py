"""How a thing moved, read from the log: thinned, merged, and never more than the reader may see."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliage.history.movement import movement
from alliage.log import Draft, Log, NodeKeys
from alliage.ontology.audience import machine_audience
from alliage.ontology.label import Label
from alliage.ontology.observation import COMMON, POSITION, Kind, ObservationBatch

SECOND = 1_000_000
START = 1_700_000_000 * SECOND
OPEN = frozenset([Label.make("ALLIAGE", "UNCLASSIFIED")])
SHIP = ("denmark", "mmsi:1")


class _Clock:
    def now_us(self) -> int:
        return START


def _log(folder: Path, reports: list[tuple[str, str, int, float]], size: int) -> Log:
    """A log with these reports (stream, identifier, second, speed) in entries of so many rows."""
    log = Log.open(folder, NodeKeys.generate(), "test", _Clock())
    for begin in range(0, len(reports), size):
        part = reports[begin : begin + size]
        for stream in sorted({one[0] for one in part}):
            rows = [
                {
                    "identifier": identifier,
                    "schema": "Vessel",
                    "valid": START + second * SECOND,
                    "received": START + second * SECOND,
                    "report": "test",
                    "latitude_deg": 55.0,
                    "longitude_deg": 12.0,
                    "speed_mps": speed,
                }
                for name, identifier, second, speed in part
                if name == stream
            ]
            batch = pa.RecordBatch.from_pylist(rows, schema=pa.schema([*COMMON, *POSITION]))
            log.append([Draft(stream, OPEN, ObservationBatch(Kind.POSITION, batch))])
    return log


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    return tmp_path / "log"


def test_a_chart_gets_the_first_report_of_each_part_of_the_time(fresh: Path) -> None:
    reports = [(*SHIP, second, float(second)) for second in range(0, 100, 2)]
    with closing(_log(fresh, reports, 7)) as log:
        found = movement(
            log.reader(machine_audience(log.label_sets)),
            {SHIP},
            START,
            START + 100 * SECOND,
            10,
        )
    assert [point.speed_mps for point in found.points] == [float(s) for s in range(0, 100, 10)]
    assert found.from_us == START
    assert found.points[0].altitude_m is None


def test_only_the_thing_asked_for_and_only_its_time_is_found(fresh: Path) -> None:
    reports = [(*SHIP, 10, 1.0), ("denmark", "mmsi:2", 11, 2.0), ("norway", "mmsi:1", 12, 3.0)]
    with closing(_log(fresh, [*reports, (*SHIP, 60, 4.0)], 10)) as log:
        reader = log.reader(machine_audience(log.label_sets))
        alone = movement(reader, {SHIP}, START, START + 60 * SECOND, 1000)
        both = movement(reader, {SHIP, ("norway", "mmsi:1")}, START, START + 61 * SECOND, 1000)
    assert [point.speed_mps for point in alone.points] == [1.0]
    assert [point.speed_mps for point in both.points] == [1.0, 3.0, 4.0]


def test_what_there_was_no_time_for_is_said(fresh: Path) -> None:
    with closing(_log(fresh, [(*SHIP, 10, 1.0), (*SHIP, 5_000, 2.0)], 1)) as log:
        reader = log.reader(machine_audience(log.label_sets))
        found = movement(reader, {SHIP}, START, START + 6_000 * SECOND, 100, budget_s=-1.0)
    assert found.from_us > START
    assert [point.speed_mps for point in found.points] == []


def test_no_time_between_is_refused(fresh: Path) -> None:
    with closing(_log(fresh, [], 1)) as log:
        reader = log.reader(machine_audience(log.label_sets))
        with pytest.raises(ValueError, match="the end has to be after the beginning"):
            movement(reader, {SHIP}, START, START, 10)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 300), st.floats(0, 30, width=32)), max_size=30),
    st.integers(1, 9),
)
def test_how_reports_were_cut_into_entries_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, reports: list[tuple[int, float]], size: int
) -> None:
    said = [(*SHIP, second, speed) for second, speed in reports]
    found = []
    for cut, order in ((size, said), (30, said[::-1])):
        with closing(_log(tmp_path_factory.mktemp("cut"), order, cut)) as log:
            reader = log.reader(machine_audience(log.label_sets))
            found.append(movement(reader, {SHIP}, START, START + 301 * SECOND, 40).points)
    assert [(p.valid_us, p.speed_mps) for p in found[0]] == [
        (p.valid_us, p.speed_mps) for p in found[1]
    ]
