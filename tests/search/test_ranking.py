"""A page is the same whether everything is scored or only what can reach it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliage.ontology.audience import Audience
from alliage.picture.objects import Rows
from alliage.search.index import Term, Then
from alliage.search.ranking import Candidates, Ranking
from tests.picture.support import NOON_US
from tests.search.support import HOUR_US, Sea


class Scored:
    """Candidates by chance, most with equal bounds, and what the ranking has had scored of them."""

    def __init__(self, seed: int, count: int) -> None:
        chance = np.random.default_rng(seed)
        at_most = chance.choice([0.5, 0.8, 1.0], count)
        self.scores = at_most * chance.choice([0.6, 1.0], count)
        ended, away_m = chance.random(count) < 0.3, chance.choice([1.0, 2.0], count)
        self.rows = np.sort(chance.permutation(3 * count)[:count])
        self.candidates = Candidates(self.rows, at_most, ended, away_m)
        self.asked = 0

    def of(self, rows: Rows) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        self.asked += len(rows)
        found: np.ndarray[tuple[int], np.dtype[np.float64]] = self.scores[
            np.searchsorted(self.rows, rows)
        ]
        return found

    def in_order(self) -> list[int]:
        order = self.candidates.order(self.scores, np.arange(len(self.rows)))
        return [int(row) for row in self.rows[order]]


@given(st.integers(0, 2**32), st.integers(1, 900), st.integers(1, 60))
def test_pages_are_those_of_all_scores(seed: int, count: int, limit: int) -> None:
    scored = Scored(seed, count)
    expected = scored.in_order()
    ranking = Ranking(scored.candidates, scored.of)
    for begin in range(0, count, limit):
        page, more = ranking.page(expected[begin - 1] if begin else None, limit)
        assert page.tolist() == expected[begin : begin + limit]
        assert more == (begin + limit < count)


def test_what_cannot_reach_a_page_is_not_scored() -> None:
    scored = Scored(7, 20_000)
    page, more = Ranking(scored.candidates, scored.of).page(None, 20)
    assert page.tolist() == scored.in_order()[:20]
    assert more
    assert scored.asked < 1_000


def test_a_row_that_is_no_candidate_begins_no_page() -> None:
    scored = Scored(7, 10)
    with pytest.raises(KeyError):
        Ranking(scored.candidates, scored.of).page(-1, 20)


@pytest.mark.parametrize("asked", ["frio", "fri", "two", "kiel", "ox"])
def test_no_score_is_above_its_bound(sea: Sea, asked: str) -> None:
    said = ["FRIO", "FRIO TWO", "FRIONOR", "SAN FRIO"]
    for ship, name in enumerate(said, 219000001):
        sea.claim(ship, name=name, ago_us=HOUR_US)
        sea.claim(ship, name=said[ship % len(said)], destination="KIEL", call_sign=f"OX{ship}")
    everybody: Audience = sea.audience()
    scores = sea.index.find(everybody, Term(asked), Then(NOON_US))
    bounds = sea.index.bounds(everybody, Term(asked), Then(NOON_US))
    most: dict[str, float] = {}
    for thing, at_most in zip(bounds.things.tolist(), bounds.at_most.tolist(), strict=True):
        name = bounds.identifiers[thing]
        most[name] = max(at_most, most.get(name, 0.0))
    assert scores.keys() == most.keys()
    assert all(0 < score <= most[name] for name, score in scores.items())
