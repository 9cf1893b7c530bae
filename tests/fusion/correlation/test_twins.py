"""One ship under two numbers in one stream, and ships that only look like it."""

from __future__ import annotations

import pytest

from alliage.fusion.correlation import Judgement, Twins, Verdict
from tests.fusion.correlation.sea import ROUND_S, Ship, Stream

AIS = Stream("mmsi", seed=1)
ROUNDS = 80


def watched(
    ships: dict[str, Ship],
    rounds: int = ROUNDS,
    stream: Stream = AIS,
    twins: Twins | None = None,
    begin_s: float = 0.0,
) -> list[Judgement]:
    twins, said = twins or Twins(), []
    for nth in range(rounds):
        time_s = begin_s + nth * ROUND_S
        said += twins.update(time_s, stream.rows(ships, time_s))
    return said


def two(
    north_m: float, speed_mps: float = 6.0, words: dict[str, tuple[str, str]] | None = None
) -> dict[str, Ship]:
    """Two ships beside each other on one course."""
    said = [{name: values[nth] for name, values in (words or {}).items()} for nth in (0, 1)]
    return {
        "1": Ship(0.0, 0.0, speed_mps, 90.0, said[0]),
        "2": Ship(0.0, north_m, speed_mps, 90.0, said[1]),
    }


@pytest.mark.parametrize("words", [{}, {"name": ("nordlys", "nordlys")}])
def test_two_numbers_that_go_one_way_side_by_side_are_told_once(
    words: dict[str, tuple[str, str]],
) -> None:
    (said,) = watched(two(15.0, words=words))
    assert (said.one, said.other, said.verdict) == ("mmsi:1", "mmsi:2", Verdict.CONFLICT)
    assert said.score > (0.95 if words else 0.8)
    assert said.evidence.agreed == tuple(words)
    assert said.evidence.span_s >= 600.0
    assert said.evidence.mean_distance_m == pytest.approx(15.0, abs=15.0)
    assert said.evidence.expected_m == pytest.approx(14.0, abs=3.0)  # each within 10 m


@pytest.mark.parametrize(
    "ships",
    [
        pytest.param(
            two(15.0, words={"name": ("nordlys", "svitzer bob")}), id="a tug beside her tow"
        ),
        pytest.param(two(400.0), id="a tow at the end of her line"),
        pytest.param(two(100.0), id="a tug that pushes a long ship"),
        pytest.param(two(15.0, speed_mps=0.0), id="moored side by side"),
        pytest.param(
            {"1": Ship(0.0, 0.0, 6.0, 90.0), "2": Ship(0.0, 15.0, 6.0, 270.0)}, id="passing"
        ),
    ],
)
def test_what_only_looks_like_it_is_not_told(ships: dict[str, Ship]) -> None:
    assert watched(ships) == []


def test_names_that_are_no_identities_are_not_looked_at() -> None:
    assert watched(two(15.0), stream=Stream("trk", seed=1)) == []


def test_five_minutes_are_too_short() -> None:
    assert watched(two(15.0), rounds=30) == []


def test_when_they_sail_apart_they_were_two_and_a_restart_knows_it() -> None:
    twins = Twins()
    twins.restore([("mmsi:1", "mmsi:2", Verdict.CONFLICT)])
    assert watched(two(15.0), twins=twins) == []
    said = watched(two(900.0), 10, twins=twins, begin_s=ROUNDS * ROUND_S)
    assert [(item.one, item.other, item.verdict) for item in said] == [
        ("mmsi:1", "mmsi:2", Verdict.DIFFERENT)
    ]
    assert said[0].evidence.mean_distance_m == pytest.approx(900.0, abs=60.0)
    assert said[0].evidence.expected_m == pytest.approx(14.0, abs=3.0)
