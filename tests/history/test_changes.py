"""A claim is written when a value changes, and at no other time."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliage.history.changes import ChangeDetector
from alliage.history.claims import StoredClaim
from alliage.ontology.claim import Claim, Statement, Value
from alliage.ontology.observation import ObservationBatch
from tests.log.support import positions, static

MINUTE_US = 60_000_000
SHIP = "mmsi:219012345"


def detector(window_s: float = 600) -> ChangeDetector:
    return ChangeDetector("denmark", lambda stream, identifier: f"{stream}/{identifier}", window_s)


def report(minute: float, identifier: str = SHIP, **values: Value) -> dict[str, Value]:
    return {"identifier": identifier, "valid": int(minute * MINUTE_US), **values}


def short(claims: list[Claim]) -> list[tuple[str, str, Value]]:
    return [(claim.identifier, claim.property, claim.value) for claim in claims]


def names(batches: list[list[Claim]]) -> list[Value]:
    return [claim.value for claims in batches for claim in claims]


def test_the_first_report_gives_a_claim_for_each_value(  # a first sight is a change
) -> None:
    claims = detector().observe(static([report(1, name="FRIO", length_m=80.5, dte_ready=True)]))
    assert short(claims) == [
        (SHIP, "name", "FRIO"),
        (SHIP, "length_m", 80.5),
        (SHIP, "dte_ready", True),
    ]
    first = claims[0]
    assert (first.subject, first.schema) == (f"denmark/{SHIP}", "Vessel")
    assert (first.valid_from_us, first.valid_to_us) == (MINUTE_US, None)
    assert len({claim.claim_id for claim in claims}) == 3


def test_the_same_report_again_gives_nothing() -> None:
    changes = detector()
    changes.observe(static([report(0, name="FRIO", length_m=80.5)]))
    for minute in range(6, 60, 6):
        assert changes.observe(static([report(minute, name="FRIO", length_m=80.5)])) == []


def test_only_the_value_that_changed_is_claimed() -> None:
    changes = detector()
    changes.observe(static([report(0, name="FRIO", destination="AARHUS")]))
    (claim,) = changes.observe(static([report(6, name="FRIO", destination="OSLO")]))
    assert (claim.property, claim.value, claim.valid_from_us) == (
        "destination",
        "OSLO",
        6 * MINUTE_US,
    )


def test_a_null_or_an_absent_column_never_retracts() -> None:
    changes = detector()
    changes.observe(static([report(0, name="FRIO", length_m=80.5)]))
    assert (
        changes.observe(static([report(6, name=None, length_m=80.5)], types={"name": pa.utf8()}))
        == []
    )
    assert changes.observe(static([report(12, name="FRIO", length_m=float("nan"))])) == []
    assert changes.observe(static([report(18, length_m=80.5)])) == []
    assert changes.observe(static([report(24, name="FRIO", length_m=80.5)])) == []


def test_reports_of_two_kinds_do_not_hide_each_other_s_values() -> None:
    changes = detector()
    changes.observe(static([report(0, name="FRIO")]))
    changes.observe(static([report(1, name="EMMA", call_sign="OXFR")]))
    assert short(changes.observe(static([report(20, name="FRIO")]))) == [(SHIP, "name", "FRIO")]


def test_an_older_report_changes_nothing_and_hides_nothing() -> None:
    changes = detector()
    changes.observe(static([report(30, name="NEW")]))
    assert changes.observe(static([report(5, name="OLD")])) == []
    assert names([changes.observe(static([report(60, name="OLD")]))]) == ["OLD"]


def test_positions_give_no_claims() -> None:
    assert detector().observe(positions([SHIP])) == []


def test_a_time_becomes_text() -> None:
    batch = static(
        [report(0, area_from=3_600_000_000)], types={"area_from": pa.timestamp("us", tz="UTC")}
    )
    (claim,) = detector().observe(batch)
    assert claim.value == "1970-01-01T01:00:00Z"


def test_two_ships_with_one_identity_give_one_claim_a_window_and_not_one_a_report() -> None:
    changes = detector()
    rows = [report(minute, name="FRIO" if minute % 2 else "EMMA") for minute in range(60)]
    batches = [changes.observe(static([row])) for row in rows] + [changes.finish()]
    claims = [claim for batch in batches for claim in batch]
    assert len(claims) < 12
    flapping = [claim for claim in claims if claim.values]
    assert len(flapping) >= 5
    for claim in flapping:
        assert set(claim.values) == {"FRIO", "EMMA"}
        assert claim.valid_to_us is not None
        assert claim.valid_to_us - claim.valid_from_us <= 10 * MINUTE_US
    plain = len(claims) - len(flapping)
    assert sum(claim.count for claim in flapping) + plain == 60 + 1  # the one that stays is twice


def test_what_stays_after_flapping_is_claimed_once_it_has_settled() -> None:
    changes = detector()
    for minute, name in enumerate(["A", "B", "A", "B", "A", "B"]):
        changes.observe(static([report(minute, name=name)]))
    quiet = [changes.observe(static([report(minute, name="B")])) for minute in range(6, 40)]
    assert names(quiet) == ["B", "B"]
    interval, stays = [claim for claims in quiet for claim in claims]
    assert set(interval.values) == {"A", "B"}
    assert (stays.values, stays.valid_from_us, stays.valid_to_us) == ((), 5 * MINUTE_US, None)


def test_a_correction_within_the_window_is_claimed_at_once() -> None:
    changes = detector()
    batches = [
        changes.observe(static([report(minute, destination=place)]))
        for minute, place in [(0, "OSLO"), (2, "OSLOO"), (4, "OSLO")]
    ]
    assert names(batches) == ["OSLO", "OSLOO", "OSLO"]


def test_one_ship_s_flapping_leaves_its_neighbours_alone() -> None:
    changes = detector()
    for minute in range(8):
        rows = [report(minute, name=f"N{minute % 2}"), report(minute, "mmsi:2", name="CALM")]
        claims = changes.observe(static(rows))
        assert [claim for claim in claims if claim.identifier == "mmsi:2" and minute > 0] == []


def test_after_a_restart_only_changes_are_claimed() -> None:
    before = detector()
    claims = before.observe(static([report(0, name="FRIO", length_m=80.5)]))
    after = detector()
    after.restore(StoredClaim(claim, "denmark", 0, 1, 0) for claim in claims)
    assert names([after.observe(static([report(6, name="FRIO", length_m=81.0)]))]) == [81.0]


def test_statements_become_claims_when_they_say_something_new() -> None:
    changes = detector()
    statement = Statement("area:1", "Area", "area_kind", "wreck", 0, MINUTE_US, 0.5)
    (claim,) = changes.state([statement, statement])
    assert (claim.value, claim.valid_to_us, claim.confidence) == ("wreck", MINUTE_US, 0.5)
    longer = Statement("area:1", "Area", "area_kind", "wreck", 10, 2 * MINUTE_US)
    assert [c.valid_to_us for c in changes.state([longer])] == [2 * MINUTE_US]


cells = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["A", "B", None]),
        "beam_m": st.sampled_from([1.0, 2.0, None]),
    },
)
reports = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["mmsi:1", "mmsi:2"]), cells), max_size=30
)


def batch_of(rows: list[dict[str, Value]]) -> ObservationBatch:
    return static(rows, types={"name": pa.utf8(), "beam_m": pa.float64()})


@given(reports, st.integers(1, 30))
def test_the_claims_do_not_depend_on_how_reports_are_cut_into_batches(
    written: list[tuple[int, str, dict[str, Value]]], size: int
) -> None:
    rows, minute = [], 0.0
    for step, identifier, values in written:
        minute += step * 1.7
        rows.append(report(minute, identifier, **values))

    def claimed(length: int) -> list[tuple[object, ...]]:
        changes = detector(window_s=300)
        found = [
            claim
            for start in range(0, len(rows), length)
            for claim in changes.observe(batch_of(rows[start : start + length]))
        ] + changes.finish()
        key = [
            (
                c.identifier,
                c.property,
                c.valid_from_us,
                c.valid_to_us or 0,
                c.value,
                c.count,
                c.values,
            )
            for c in found
        ]
        return sorted(key, key=repr)

    assert claimed(size) == claimed(1)


@given(reports)
def test_the_last_claim_says_what_was_reported_last(
    written: list[tuple[int, str, dict[str, Value]]],
) -> None:
    changes = detector(window_s=1e9)
    last: dict[tuple[str, str], Value] = {}
    claimed: dict[tuple[str, str], Value] = {}
    found: list[Claim] = []
    for minute, (_step, identifier, values) in enumerate(written):
        found += changes.observe(batch_of([report(minute, identifier, **values)]))
        last.update({(identifier, k): v for k, v in values.items() if v is not None})
    for claim in found + changes.finish():
        claimed[claim.identifier, claim.property] = claim.value
    assert claimed == last


def test_a_detector_without_reports_has_nothing_to_finish() -> None:
    assert detector().finish() == []


@pytest.mark.parametrize("value", ["", "Ærø", 'quoted "name"', "a\nb"])
def test_any_text_is_kept_as_it_is(value: str) -> None:
    assert names([detector().observe(static([report(0, name=value)]))]) == [value]
