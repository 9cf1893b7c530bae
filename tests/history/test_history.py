"""The laws of the history: it answers what a scan of the log answers, to each what they may see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alliage.history.positions import ROWS
from alliage.history.selection import TooMuchError, Where
from alliage.history.slices import page_of, trajectory_of
from alliage.ontology.label import Label
from tests.history.world import (
    HOUR,
    LABELS,
    START,
    World,
    Written,
    as_set,
    latest_scanned,
    scanned,
    us,
    wheres,
    world,
    written,
)

ALL = tuple(ROWS.names)
lawful = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
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
Steps = list[tuple[list[Written], Callable[[World], None]]]
steps_of = st.lists(st.tuples(st.lists(written, max_size=3), st.sampled_from(STEPS)), max_size=8)
moments = st.integers(START, START + 6 * HOUR)


def build(one: World, steps: Steps) -> None:
    for some, step in steps:
        one.write(some)
        step(one)


@lawful
@given(steps_of, st.lists(wheres, min_size=4, max_size=4), allowed_labels, moments)
def test_it_answers_what_a_scan_of_the_log_answers(
    steps: Steps, questions: list[Where], allowed: frozenset[Label], before_us: int
) -> None:
    with world() as one:
        build(one, steps)
        audience = one.audience(allowed)
        reader = one.history.reader(audience)
        for where in questions:
            answer = reader.rows(where, ALL)
            assert answer.table.schema == ROWS
            assert (answer.caught_up, answer.kept_from_us) == (True, None)
            assert as_set(answer.table.to_pylist()) == as_set(scanned(one.log, audience, where))
            latest = reader.latest(before_us, where, ALL).table.to_pylist()
            assert as_set(latest) == as_set(latest_scanned(one.log, audience, before_us, where))
        things = {("denmark", "mmsi:1")}
        path = reader.trajectory(things, columns=ALL).table.to_pylist()
        assert as_set(path) == as_set(scanned(one.log, audience, Where(things=things)))
        assert [us(row["valid"]) for row in path] == sorted(us(row["valid"]) for row in path)


@lawful
@given(steps_of, wheres, allowed_labels)
def test_what_may_not_be_seen_leaves_no_trace(
    steps: Steps, where: Where, allowed: frozenset[Label]
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
@given(steps_of, wheres, allowed_labels, st.integers(1, 4))
def test_pages_one_after_the_other_are_the_whole_answer_in_order(
    steps: Steps, where: Where, allowed: frozenset[Label], limit: int
) -> None:
    bounded = replace(where, from_us=START, to_us=START + 5 * HOUR)
    with world() as one:
        build(one, steps)
        audience = one.audience(allowed)
        reader = one.history.reader(audience)
        found, place = [], None
        while (page := page_of(reader, bounded, place, limit, ALL)).next is not None:
            assert page.table.num_rows <= limit
            found += page.table.to_pylist()
            place = page.next
        found += page.table.to_pylist()
        assert as_set(found) == as_set(scanned(one.log, audience, bounded))
        assert [us(row["valid"]) for row in found] == sorted(us(row["valid"]) for row in found)
        line = trajectory_of(reader, bounded, 10_000, ALL).to_pylist()
        assert as_set(line) == as_set(found)
        by_the_hour = reader.counts(6, bounded).table.to_pylist()
        wider = replace(bounded, from_us=None, to_us=START + 5 * HOUR)
        since = [row for row in scanned(one.log, audience, wider) if us(row["valid"]) < START]
        if not since:
            assert by_the_hour == reader.counts(6, wider).table.to_pylist()


def test_too_much_is_refused_by_the_rows_that_are_seen() -> None:
    with world() as one:
        place = {"longitude_deg": 10.0, "latitude_deg": 55.0}
        row = {"schema": "Vessel", "received": START, "report": "test", **place}
        many = [row | {"identifier": f"mmsi:{n}", "valid": START + n} for n in range(6)]
        one.write([Written("denmark", frozenset({LABELS[0]}), many)])
        one.write([Written("norway", frozenset({LABELS[1]}), many)])
        where = Where(START, START + HOUR)
        low = one.history.reader(one.audience([LABELS[0]]))
        assert sum(low.counts(5, where, 6).table["rows"].to_pylist()) == 6
        assert trajectory_of(low, where, 6).num_rows == 6
        for reader, most in ((low, 5), (one.history.reader(one.audience()), 11)):
            with pytest.raises(TooMuchError, match=f"more than {most} positions"):
                reader.counts(5, where, most)
            with pytest.raises(TooMuchError):
                trajectory_of(reader, where, most)


def test_a_column_that_there_is_not_is_refused() -> None:
    with world() as one, pytest.raises(ValueError, match="no column 'colour'"):
        one.history.reader(one.audience()).rows(Where(), ["colour"])


def test_a_resolution_that_there_is_not_is_refused() -> None:
    with world() as one, pytest.raises(ValueError, match="0 to 15"):
        one.history.reader(one.audience()).counts(16, Where())
