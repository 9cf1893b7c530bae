"""The files of the history: whole or not at all, whatever happens, and gone when they are to go."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alliage.history.files import Disk
from alliage.history.keeping import Keep
from alliage.history.manifest import FILE
from alliage.history.movement import movement, movement_of
from alliage.history.positions import ROWS
from alliage.history.reader import Answer
from alliage.history.segment import rows_path, runs_path
from alliage.history.selection import Where
from alliage.ontology.audience import machine_audience
from tests.history.world import (
    HOUR,
    LABELS,
    SECOND,
    START,
    Row,
    World,
    Written,
    as_set,
    scanned,
    world,
    written,
)

ALL = tuple(ROWS.names)
DANES, FRENCH = (frozenset([label]) for label in LABELS[:2])


class PowerLoss(BaseException):
    """The machine is gone; no handler of ours runs as if it were an error."""


class FailingDisk(Disk):
    """Lets so many steps happen, and then none."""

    def __init__(self, steps: int, failure: Callable[[], BaseException]) -> None:
        self.steps_left, self._failure = steps, failure

    def _step(self) -> None:
        if self.steps_left <= 0:
            raise self._failure()
        self.steps_left -= 1

    def publish(self, path: Path, write: Callable[[Path], None]) -> None:
        temporary = path.with_name(path.name + ".tmp")
        write(temporary)
        temporary.write_bytes(temporary.read_bytes()[: 100 if self.steps_left <= 0 else None])
        self._step()
        self.rename(temporary, path)

    def rename(self, temporary: Path, path: Path) -> None:
        self._step()
        super().rename(temporary, path)

    def remove(self, path: Path) -> None:
        self._step()
        super().remove(path)


def row(minute: int, ship: int = 1, lon: float = 10.0) -> Row:
    return {
        "identifier": f"mmsi:{ship}",
        "schema": "Vessel",
        "valid": START + minute * 60 * SECOND,
        "received": START,
        "report": "test",
        "longitude_deg": lon,
        "latitude_deg": 55.0,
        "speed_mps": float(minute),
    }


def told(minute: int, stream: str = "denmark", labels: frozenset = DANES) -> Written:  # type: ignore[type-arg]
    return Written(stream, labels, [row(minute, ship) for ship in range(3)])


def everything(one: World) -> Answer:
    return one.history.reader(one.audience()).rows(Where(), ALL)


def files(one: World) -> set[str]:
    return {path.name for path in (one.folder / "history").iterdir()}


def listed(one: World) -> set[str]:
    names = {FILE}
    for info in one.history.manifest.segments:
        names |= {where(one.folder, info.name).name for where in (rows_path, runs_path)}
    return names


def test_nothing_is_lost_or_doubled_when_the_power_fails_at_any_step() -> None:
    survived = False
    for steps in range(40):
        disk = FailingDisk(1_000, PowerLoss)
        with world(disk) as one:
            for minute in range(0, 50, 10):
                one.write([told(minute)])
                one.history.seal()
            disk.steps_left = steps
            try:
                one.write([told(50), told(60, labels=FRENCH)])
                one.history.seal()
                assert one.history.compact()
                survived = True
            except PowerLoss:
                pass
            one.history = one.opened()
            assert files(one) <= listed(one) | {FILE}
            expected = as_set(scanned(one.log, one.audience(), Where()))
            assert as_set(everything(one).table.to_pylist()) == expected
            one.history.seal()
            assert as_set(everything(one).table.to_pylist()) == expected
        if survived:
            break
    assert survived


def test_a_full_disk_leaves_the_tail_as_it_is_and_later_all_is_well() -> None:
    disk = FailingDisk(8, lambda: OSError(28, "No space left on device"))
    with world(disk) as one:
        one.write([told(minute) for minute in range(5)])
        one.history.seal()
        one.write([told(minute) for minute in range(5, 9)])
        with pytest.raises(OSError, match="No space"):
            one.history.seal()
        expected = as_set(scanned(one.log, one.audience(), Where()))
        assert as_set(everything(one).table.to_pylist()) == expected
        disk.steps_left = 1_000
        one.history.seal()
        assert as_set(everything(one).table.to_pylist()) == expected
        assert one.history.tail_rows == 0
        one.history = one.opened()
        assert files(one) == listed(one)


@pytest.mark.parametrize("spoil", ["manifest", "rows", "index", "gone"])
def test_what_is_damaged_is_made_again_from_the_log(spoil: str) -> None:
    with world() as one:
        one.write([told(minute) for minute in range(5)])
        one.history.seal()
        expected = as_set(everything(one).table.to_pylist())
        folder, name = one.folder / "history", one.history.manifest.segments[0].name
        if spoil == "gone":
            rows_path(folder, name).unlink()
        else:
            broken = {"manifest": folder / FILE, "rows": rows_path(folder, name)}
            broken["index"] = runs_path(folder, name)
            broken[spoil].write_bytes(b"PAR1 nonsense")
        one.history = one.opened()
        assert as_set(everything(one).table.to_pylist()) == expected


def test_the_history_of_another_log_is_thrown_away(tmp_path: Path) -> None:
    first = World(tmp_path, name="one")
    first.write([told(1), told(2)])
    first.history.seal()
    first.close()
    second = World(tmp_path, name="other")
    assert everything(second).table.num_rows == 0
    second.close()


def test_many_small_segments_become_few_and_stay_apart_by_label() -> None:
    with world() as one:
        for minute in range(14):
            one.write([told(minute), told(minute, labels=FRENCH)])
            one.history.seal()
        before = as_set(everything(one).table.to_pylist())
        while one.history.compact():
            pass
        segments = one.history.manifest.segments
        assert len(segments) <= 10
        assert {info.label_set for info in segments} == {0, 1}
        assert as_set(everything(one).table.to_pylist()) == before
        assert files(one) == listed(one)


def test_a_query_goes_on_while_its_segments_are_replaced() -> None:
    with world() as one:
        for minute in range(6):
            one.write([told(minute)])
            one.history.seal()
        snapshot = one.history._snapshot()
        assert one.history.compact()
        reader = one.history.reader(one.audience())
        reader._take_snapshot = lambda: snapshot
        assert reader.rows(Where()).table.num_rows == 18


def test_rows_beyond_their_days_are_gone_and_the_answer_says_from_when_it_is_whole() -> None:
    keep = {"denmark": Keep(days=1.0)}
    with world(keep_of=lambda stream: keep.get(stream, Keep())) as one:
        one.write([told(0), told(1, "norway"), told(7, labels=FRENCH)])
        one.history.seal()
        one.clock.moment_us += 25 * HOUR
        one.write([told(30)])
        one.history.seal()
        while one.history.compact():
            pass
        audience = one.audience(frozenset(DANES))
        answer = one.history.reader(audience).rows(Where(), ALL)
        minutes = {(one["stream"], one["speed_mps"]) for one in answer.table.to_pylist()}
        assert minutes == {("denmark", 30.0), ("norway", 1.0)}
        assert answer.kept_from_us == START + 1
        assert (
            one.history.reader(one.audience()).rows(Where()).kept_from_us
            == START + 7 * 60 * SECOND + 1
        )
        only_norway = one.history.reader(audience).rows(Where(streams=["norway"]))
        assert only_norway.kept_from_us is None
        one.history = one.opened()
        assert one.history.reader(audience).rows(Where()).kept_from_us == START + 1


def test_of_a_source_with_too_many_bytes_the_oldest_go_first() -> None:
    keep = [Keep()]
    with world(keep_of=lambda _stream: keep[0]) as one:
        for minute in range(12):
            one.write([told(minute), told(minute, labels=FRENCH)])
            one.history.seal()
        while one.history.compact():
            pass
        danish = sum(info.bytes for info in one.history.manifest.segments if info.label_set == 0)
        keep[0] = Keep(bytes=danish // 2)
        while one.history.compact():
            pass
        answer = one.history.reader(one.audience(frozenset(DANES))).rows(Where(), ALL)
        left = sorted({one["speed_mps"] for one in answer.table.to_pylist()})
        assert left
        assert left == [float(minute) for minute in range(int(left[0]), 12)]
        assert answer.kept_from_us == START + (int(left[0]) - 1) * 60 * SECOND + 1


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(written, max_size=8),
    st.integers(0, 5),
    st.tuples(st.integers(0, 4 * 60), st.integers(1, 120)),
    st.integers(1, 40),
)
def test_a_chart_from_the_history_is_the_chart_from_the_log(
    some: list[Written], seal_after: int, span: tuple[int, int], points: int
) -> None:
    with world() as one:
        one.write(some[:seal_after])
        one.history.seal()
        one.write(some[seal_after:])
        machine = machine_audience(one.log.label_sets)
        things = {("denmark", "mmsi:1"), ("norway", "mmsi:2")}
        from_us = START + span[0] * 60 * SECOND
        to_us = from_us + span[1] * 60 * SECOND
        from_log = movement(one.log.reader(machine), things, from_us, to_us, points)
        found = movement_of(one.history.reader(machine), things, from_us, to_us, points)
        assert [point.valid_us for point in found.points] == [p.valid_us for p in from_log.points]
        assert [(p.latitude_deg, p.longitude_deg, p.speed_mps) for p in found.points] == [
            (p.latitude_deg, p.longitude_deg, p.speed_mps) for p in from_log.points
        ]
        assert found.from_us == from_log.from_us


def test_entries_beyond_the_bound_wait_without_their_bodies_and_are_all_found() -> None:
    with world() as one:
        one.history._tail._rows_at_most = 4
        one.write([told(minute) for minute in range(6)])
        assert not one.history.caught_up
        assert everything(one).table.num_rows == 0
        while not one.history.caught_up:
            one.history.seal()
        assert everything(one).table.num_rows == 18
