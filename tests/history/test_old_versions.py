"""What was known before kept bytes were read again is answered as it was then."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alliage.history.keeping import Keep
from alliage.history.positions import ROWS
from alliage.history.selection import Where
from alliage.ontology.label import Label
from tests.history.test_history import Steps, begin_anew, build, compact, nothing, rebuild, seal
from tests.history.test_history_on_disk import told
from tests.history.world import (
    HOUR,
    LABELS,
    START,
    World,
    as_set,
    latest_scanned,
    scanned,
    wheres,
    world,
    written,
)

ALL = tuple(ROWS.names)
BEFORE_US = START + 3 * HOUR


def read_again(one: World) -> None:
    one.read_again("denmark")


each = st.tuples(
    st.lists(written, min_size=1, max_size=2),
    st.sampled_from([nothing, seal, begin_anew, rebuild, read_again]),
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(each, min_size=1, max_size=4),
    wheres,
    st.frozensets(st.sampled_from(LABELS), min_size=1),
    st.sampled_from([nothing, seal, begin_anew, rebuild]),
)
def test_it_answers_for_every_moment_what_a_scan_of_the_log_of_then_answers(
    steps: Steps, where: Where, allowed: frozenset[Label], last: object
) -> None:
    with world() as one:
        build(one, [*steps, ([], read_again), ([], last)])  # type: ignore[list-item]
        audience = one.audience(allowed)
        reader = one.history.reader(audience)
        log = one.log.reader(audience)
        for entry in log.read(limit=1_000, with_gone=True, whole=True):
            then = replace(where, known_us=entry.known_us)
            rows = reader.rows(then, ALL).table.to_pylist()
            assert as_set(rows) == as_set(scanned(one.log, audience, then))
            latest = reader.latest(BEFORE_US, then, ALL).table.to_pylist()
            assert as_set(latest) == as_set(latest_scanned(one.log, audience, BEFORE_US, then))
            counted = reader.counts(6, then).table.column("rows").to_pylist()
            placed = [row for row in rows if row["longitude_deg"] is not None]
            assert sum(counted) == len(placed)


def test_what_has_had_its_time_does_not_come_back_as_an_old_version() -> None:
    with world(keep_of=lambda _stream: Keep(days=1.0)) as one:
        one.write([told(0)])
        before = Where(known_us=one.clock.moment_us)
        one.history.seal()
        read_again(one)
        reader = one.history.reader(one.audience())
        assert reader.rows(before).table.num_rows == 3
        one.history.seal()
        one.clock.moment_us += 25 * HOUR
        one.write([told(30)])
        compact(one)
        answer = reader.rows(before)
        assert answer.table.num_rows == 0
        assert answer.kept_from_us == START + 1
