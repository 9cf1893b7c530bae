"""The laws of the history: it answers what a scan of the log answers, to each what they may see."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alliage.history.positions import ROWS
from alliage.history.selection import Where
from alliage.ontology.label import Label
from tests.history.world import (
    HOUR,
    LABELS,
    START,
    Row,
    World,
    Written,
    as_set,
    scanned,
    us,
    wheres,
    world,
    written,
)

ALL = tuple(ROWS.names)
lawful = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
allowed_labels = st.frozensets(st.sampled_from(LABELS))


def nothing(_one: World) -> None:
    pass


def seal(one: World) -> None:
    one.history.seal()


def compact(one: World) -> None:
    one.history.seal()
    while one.history.compact():
        pass


def begin_anew(one: World) -> None:
    one.history.close()
    one.history = one.opened()


def rebuild(one: World) -> None:
    one.history.clear()
    one.history.close()
    one.history = one.opened()


STEPS: list[Callable[[World], None]] = [nothing, seal, compact, begin_anew, rebuild]
histories = st.lists(st.tuples(st.lists(written, max_size=3), st.sampled_from(STEPS)), max_size=8)


def build(one: World, steps: list[tuple[list[Written], Callable[[World], None]]]) -> None:
    for some, step in steps:
        one.write(some)
        step(one)


@lawful
@given(histories, wheres, allowed_labels)
def test_it_answers_what_a_scan_of_the_log_answers(
    steps: list[tuple[list[Written], Callable[[World], None]]],
    where: Where,
    allowed: frozenset[Label],
) -> None:
    with world() as one:
        build(one, steps)
        audience = one.audience(allowed)
        answer = one.history.reader(audience).rows(where, ALL)
        assert answer.table.schema == ROWS
        assert answer.caught_up
        assert answer.kept_from_us is None
        assert as_set(answer.table.to_pylist()) == as_set(scanned(one.log, audience, where))


@lawful
@given(histories, wheres, allowed_labels, st.integers(START, START + 6 * HOUR))
def test_the_latest_are_those_that_a_scan_finds(
    steps: list[tuple[list[Written], Callable[[World], None]]],
    where: Where,
    allowed: frozenset[Label],
    before_us: int,
) -> None:
    with world() as one:
        build(one, steps)
        audience = one.audience(allowed)
        found = one.history.reader(audience).latest(before_us, where, ALL).table.to_pylist()
        anywhere = Where(
            where.from_us, before_us, None, where.things, where.identifier, where.streams,
            where.known_us,
        )  # fmt: skip
        last: dict[tuple[str, str], Row] = {}
        for row in scanned(one.log, audience, anywhere):
            key = (row["stream"], row["identifier"])
            if key not in last or order(row) >= order(last[key]):
                last[key] = row
        if where.box is not None:
            inside = Where(box=where.box)
            wanted = scanned_rows(list(last.values()), inside)
        else:
            wanted = list(last.values())
        assert as_set(found) == as_set(wanted)


def scanned_rows(some: list[Row], where: Where) -> list[Row]:
    from tests.history.world import is_wanted

    return [row for row in some if is_wanted(row, where)]


def order(row: Row) -> tuple[int, int]:
    return us(row["valid"]), us(row["known"])


@lawful
@given(histories, wheres, allowed_labels)
def test_what_may_not_be_seen_leaves_no_trace(
    steps: list[tuple[list[Written], Callable[[World], None]]],
    where: Where,
    allowed: frozenset[Label],
) -> None:
    visible = [([one for one in some if one.labels <= allowed], step) for some, step in steps]
    told = []
    for given_steps in (steps, visible):
        with world() as one:
            build(one, given_steps)
            reader = one.history.reader(one.audience(allowed))
            names = [name for name in ALL if name not in ("known", "label_set")]
            timeless = Where(where.from_us, where.to_us, where.box, where.things)
            told.append(
                (
                    as_set(reader.rows(timeless, names).table.to_pylist()),
                    as_set(reader.counts(6, timeless).table.to_pylist()),
                    as_set(reader.latest(START + 3 * HOUR, timeless, names).table.to_pylist()),
                )
            )
    assert told[0] == told[1]


@lawful
@given(histories, st.sampled_from(["mmsi:1", "mmsi:2"]))
def test_a_trajectory_is_in_the_order_of_time(
    steps: list[tuple[list[Written], Callable[[World], None]]], identifier: str
) -> None:
    with world() as one:
        build(one, steps)
        things = {("denmark", identifier)}
        found = one.history.reader(one.audience()).trajectory(things).table.to_pylist()
        valid = [us(row["valid"]) for row in found]
        assert valid == sorted(valid)
        assert len(found) == len(scanned(one.log, one.audience(), Where(things=things)))


def test_a_column_that_there_is_not_is_refused() -> None:
    with world() as one, pytest.raises(ValueError, match="no column 'colour'"):
        one.history.reader(one.audience()).rows(Where(), ["colour"])


def test_a_resolution_that_there_is_not_is_refused() -> None:
    with world() as one, pytest.raises(ValueError, match="0 to 15"):
        one.history.reader(one.audience()).counts(16, Where())
