"""What holds of every correlator: order, sides and other things' presence change nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliage.fusion.correlation import (
    CorrelationSettings,
    Judgement,
    PairCorrelator,
    source_rows,
)
from tests.fusion.correlation.sea import ROUND_S, Ship, Stream, open_sea

ONE = Stream("dk", east_m=80.0, seed=1)
OTHER = Stream("se", clock_s=1.0, seed=2)

SEAS = st.lists(
    st.builds(
        Ship,
        east_m=st.floats(0.0, 3_000.0),
        north_m=st.floats(0.0, 3_000.0),
        speed_mps=st.sampled_from([0.0, 4.0, 9.0]),
        course_deg=st.floats(0.0, 359.0),
        words=st.fixed_dictionaries(
            {"name": st.sampled_from(["", "nordlys", "nordlis", "tern", "havfruen"])}
        ),
    ),
    min_size=1,
    max_size=8,
).map(lambda ships: {str(n): ship for n, ship in enumerate(ships)})


def told(
    ships: dict[str, Ship], sides: tuple[Stream, Stream] = (ONE, OTHER), seed: int | None = None
) -> list[Judgement]:
    """All that is said in eight rounds; with a seed each round's rows come in another order."""
    correlator, said = PairCorrelator(), []
    rng = np.random.default_rng(seed or 0)
    for nth in range(8):
        orders = [rng.permutation(len(ships)) if seed is not None else () for _ in sides]
        time_s = nth * ROUND_S
        rows = [s.rows(ships, time_s, o) for s, o in zip(sides, orders, strict=True)]
        said += correlator.update(time_s + 1.0, rows[0], rows[1])
    return said


@settings(max_examples=40, deadline=None)
@given(SEAS, st.integers(0, 1_000))
def test_the_order_of_rows_changes_nothing(ships: dict[str, Ship], seed: int) -> None:
    assert told(ships, seed=seed) == told(ships)


@settings(max_examples=40, deadline=None)
@given(SEAS)
def test_it_is_the_same_from_either_side(ships: dict[str, Ship]) -> None:
    there = {(item.one, item.other): item for item in told(ships)}
    back = {(item.other, item.one): item for item in told(ships, (OTHER, ONE))}
    assert there.keys() == back.keys()
    for pair, item in there.items():
        assert back[pair].verdict is item.verdict
        assert back[pair].score == pytest.approx(item.score, abs=1e-6)
        assert back[pair].evidence.agreed == item.evidence.agreed


@settings(max_examples=30, deadline=None)
@given(SEAS)
def test_nobody_is_two_at_once(ships: dict[str, Ship]) -> None:
    standing = {}
    for item in told(ships):
        standing[item.one, item.other] = item.verdict
    same = [pair for pair, verdict in standing.items() if verdict == "same"]
    assert len({one for one, _ in same}) == len({other for _, other in same}) == len(same)


def test_the_date_line_is_no_border() -> None:
    ships, said = open_sea(10), []
    correlator = PairCorrelator()
    for nth in range(8):
        both = []
        for stream in (ONE, OTHER):
            rows = stream.rows(ships, nth * ROUND_S)
            shifted = rows.longitude_deg + 169.0 - 0.4
            rows.longitude_deg[:] = (shifted + 180.0) % 360.0 - 180.0
            both.append(rows)
        said += correlator.update(nth * ROUND_S + 1.0, *both)
    assert len(said) == 10


def test_identifiers_come_and_go_without_end() -> None:
    correlator, said = PairCorrelator(), []
    for nth in range(30):
        time_s = nth * 2_000.0
        ships = {f"{nth}-{name}": ship for name, ship in open_sea(200, seed=nth).items()}
        for more in range(6):
            at_s = time_s + more * ROUND_S
            said += correlator.update(at_s, ONE.rows(ships, at_s), OTHER.rows(ships, at_s))
    assert len({item.one for item in said}) > 5_000


@pytest.mark.parametrize(
    ("identifier", "columns", "problem"),
    [
        (["a", "a"], {"time_s": [0.0, 0.0]}, "twice"),
        (["a"], {"time_s": [0.0, 1.0]}, "2 rows and not 1"),
        (["a"], {"hight_m": [0.0]}, "no column 'hight_m'"),
    ],
)
def test_rows_that_cannot_be_are_refused(
    identifier: list[str], columns: dict[str, list[float]], problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        source_rows(identifier, **columns)


def test_settings_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="drop < confirm"):
        CorrelationSettings(confirm=0.2)
    with pytest.raises(ValueError, match="one round or more"):
        CorrelationSettings(steady=0)


def test_rows_without_a_place_are_left_out() -> None:
    rows = source_rows(
        ["b", "a"], time_s=[0.0, 0.0], latitude_deg=[55.0, np.nan], longitude_deg=[11.0, 11.0]
    )
    assert rows.identifier.tolist() == ["b"]
