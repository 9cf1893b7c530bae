"""What holds of every pair of tables: the laws of resolution."""

from __future__ import annotations

from collections.abc import Sequence
from math import log2
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliage.fusion.resolution import (
    MODELS,
    PRIOR,
    RIVALS,
    Comparison,
    Matches,
    Records,
    clusters,
    make_records,
    resolve,
)

NAMES = st.sampled_from(
    ["BALTIC STAR", "M/V Baltic Star", "BALTIK STAR", "BALTIC STAR 2", "Baltic Star II", "NORD", ""]
)
SIGNS = st.sampled_from(["OXYZ", "OXYV", "SABC", None])
SIZES = st.sampled_from([90.0, 91.0, 97.0, 140.0, None])
ROWS = st.lists(st.tuples(NAMES, SIGNS, SIZES), min_size=1, max_size=8)
VESSEL = MODELS["Vessel"]

Row = tuple[str, str | None, float | None]


def records(rows: Sequence[Row], prefix: str, order: Sequence[int] | None = None) -> Records:
    numbers = list(range(len(rows))) if order is None else list(order)
    columns: dict[str, list[Any]] = {
        name: [rows[n][place] for n in numbers]
        for place, name in enumerate(("name", "call_sign", "length_m"))
    }
    return make_records([f"{prefix}{n}" for n in numbers], columns, VESSEL)


def told(matches: Matches) -> dict[tuple[str, str], tuple[float, object]]:
    return {
        (one, other): (score, matches.evidence(row))
        for row, (one, other, score) in enumerate(matches.pairs())
    }


@settings(deadline=None, max_examples=60)
@given(ROWS, ROWS, st.booleans())
def test_it_does_not_matter_which_table_is_named_first(
    one: list[Row], other: list[Row], one_to_one: bool
) -> None:
    a, b = records(one, "a"), records(other, "b")
    forward = told(resolve(a, b, VESSEL, 0.0, one_to_one))
    back = told(resolve(b, a, VESSEL, 0.0, one_to_one))
    assert {(y, x): said for (x, y), said in back.items()} == forward


@settings(deadline=None, max_examples=60)
@given(ROWS, ROWS, st.booleans(), st.randoms())
def test_the_order_of_rows_does_not_matter(
    one: list[Row], other: list[Row], one_to_one: bool, chance: Any
) -> None:
    order = list(range(len(one)))
    chance.shuffle(order)
    yours = records(other, "b")
    found = resolve(records(one, "a"), yours, VESSEL, 0.0, one_to_one)
    again = resolve(records(one, "a", order), yours, VESSEL, 0.0, one_to_one)
    assert told(found) == told(again)


@settings(deadline=None, max_examples=60)
@given(ROWS, ROWS, st.booleans())
def test_what_explains_a_pair_adds_up_to_its_score(
    one: list[Row], other: list[Row], one_to_one: bool
) -> None:
    matches = resolve(records(one, "a"), records(other, "b"), VESSEL, 0.0, one_to_one)
    for row, (_, _, score) in enumerate(matches.pairs()):
        bits = sum(said.bits for said in matches.evidence(row))
        assert bits == pytest.approx(log2(score / (1.0 - score)), abs=1e-6)


@settings(deadline=None, max_examples=40)
@given(ROWS)
def test_duplicates_in_one_table_are_each_told_once(rows: list[Row]) -> None:
    matches = resolve(records(rows, "a"), None, VESSEL, 0.0)
    pairs = [frozenset((one, other)) for one, other, _ in matches.pairs()]
    assert len(set(pairs)) == len(pairs)
    assert all(len(pair) == 2 for pair in pairs)


def test_two_that_fit_one_ship_as_well_leave_each_other_little() -> None:
    mine = records([("BALTIC STAR", None, 90.0)], "a")
    alone = resolve(mine, records([("BALTIC STAR", None, 90.0)], "b"), VESSEL, 0.0, True)
    both = resolve(mine, records([("BALTIC STAR", None, 90.0)] * 2, "b"), VESSEL, 0.0, True)
    assert alone.score[0] > 0.9
    assert both.score.max() < 0.5
    assert both.score.sum() <= 1.0
    assert RIVALS in {said.field for said in both.evidence(0)}


def test_a_name_that_many_bear_says_less_than_one_that_nobody_else_bears() -> None:
    rows: list[Row] = [("MARIA", None, None)] * 30 + [("XANTHIPPE", None, None)]
    matches = resolve(records(rows, "a"), records([rows[0], rows[30]], "b"), VESSEL, 0.0)
    bits = {
        other: said.bits
        for row, (_, other, _) in enumerate(matches.pairs())
        for said in matches.evidence(row)
        if said.field == "name"
    }
    assert bits["b1"] > bits["b0"] + 3.0


def test_what_is_not_said_counts_nothing() -> None:
    a, b = records([("NORD", "OXYZ", None)], "a"), records([("NORD", None, 90.0)], "b")
    (said,) = told(resolve(a, b, VESSEL, 0.0)).values()
    assert [one.field for one in said[1]] == [PRIOR, "name"]  # type: ignore[attr-defined]


def test_groups_are_named_by_their_least_and_hold_what_is_joined_through_others() -> None:
    assert clusters([("c", "b"), ("b", "a"), ("x", "y")]) == {
        "a": "a", "b": "a", "c": "a", "x": "x", "y": "x",
    }  # fmt: skip


def test_a_table_with_an_identifier_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="'a' stands in two rows"):
        make_records(["a", "a"], {"name": ["NORD", "SUND"]}, VESSEL)


def test_shares_are_shares() -> None:
    first = VESSEL.comparisons[0]
    with pytest.raises(ValueError, match="levels of name"):
        Comparison("name", first.kind, first.normal, first.levels[:2])
    for model in MODELS.values():
        for comparison in model.comparisons:
            for share in ("m", "u"):
                total = sum(getattr(level, share) for level in comparison.levels)
                assert total == pytest.approx(1.0)
