"""What the log has dropped is answered no more, wherever its rows still lie."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alliage.history.positions import ROWS
from alliage.history.selection import Where
from alliage.log import Draft
from alliage.log.revisions import REVISIONS_STREAM, Drop
from tests.history.world import (
    HOUR,
    LABELS,
    START,
    Row,
    Written,
    as_set,
    boxes,
    is_wanted,
    scanned,
    times,
    us,
    world,
    written,
)

ALL = tuple(ROWS.names)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    some=st.lists(written, min_size=1, max_size=6),
    later=st.lists(written, max_size=3),
    sealed=st.integers(0, 6),
    before_us=times,
    told=st.booleans(),
    to_us=times,
    box=boxes,
    restarted=st.booleans(),
)
def test_rows_that_the_log_dropped_are_in_no_answer(
    some: list[Written],
    later: list[Written],
    sealed: int,
    before_us: int,
    told: bool,
    to_us: int,
    box: object,
    restarted: bool,
) -> None:
    with world() as made:
        made.write(some[:sealed])
        made.history.seal()
        made.write(some[sealed:])
        first = made.log.reader(made.audience()).read(limit=1)[0]
        known_us, up_to = (first.known_us, 1) if told else (None, made.log.last_number)
        dropped = Drop("denmark", before_us, up_to, known_us)
        (decision,) = made.log.append([Draft(REVISIONS_STREAM, frozenset(LABELS[2:]), dropped)])
        made.history.apply([decision])
        made.write(later)  # what comes afterwards is another matter, however old it is
        if restarted:
            made.history.close()
            made.history = made.opened()

        def is_kept(row: Row) -> bool:
            known_to_us = decision.known_us if known_us is None else known_us
            is_old = us(row["valid"]) < before_us and us(row["known"]) <= known_to_us
            return not (row["stream"] == "denmark" and is_old)

        for labels in (LABELS, LABELS[:1]):
            audience = made.audience(labels)
            reader = made.history.reader(audience)
            kept = [row for row in scanned(made.log, audience, Where()) if is_kept(row)]
            assert as_set(reader.rows(Where(), ALL).table.to_pylist()) == as_set(kept)
            last = {}
            for row in sorted(kept, key=lambda row: (us(row["valid"]), us(row["known"]))):
                if us(row["valid"]) < to_us:
                    last[row["stream"], row["identifier"]] = (us(row["valid"]), us(row["known"]))
            where = Where(box=box)  # type: ignore[arg-type]
            found = reader.latest(to_us, where, ALL).table.to_pylist()
            for row in found:
                key = row["stream"], row["identifier"]
                assert last[key] == (us(row["valid"]), us(row["known"]))
                assert is_wanted(row, where)
            if box is None:
                assert len(found) == len(last)


def test_they_are_gone_at_once_before_the_tail_is_sealed() -> None:
    with world() as made:
        row = {"identifier": "mmsi:1", "schema": "Vessel", "valid": START, "received": START}
        row |= {"longitude_deg": 10.0, "latitude_deg": 55.0}
        made.write([Written("denmark", frozenset(LABELS[:1]), [row])])
        reader = made.history.reader(made.audience())
        assert reader.rows(Where()).table.num_rows == 1
        dropped = Drop("denmark", START + HOUR, made.log.last_number)
        made.history.apply(
            made.log.append([Draft(REVISIONS_STREAM, frozenset(LABELS[:1]), dropped)])
        )
        assert reader.rows(Where()).table.num_rows == 0
        made.history.seal()
        assert reader.rows(Where()).table.num_rows == 0
