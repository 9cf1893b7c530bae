"""Association: exact answers, laws, and the two ways to the same."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from alliage.fusion.belief import marginals
from alliage.fusion.joint import associate, enumerated
from alliage.fusion.nearest import DENSE_AT_MOST, _matched_dense, _matched_sparse, assign

Graph = tuple[np.ndarray, np.ndarray, np.ndarray]


@st.composite
def graphs(draw: st.DrawFn, tracks: int = 4, plots: int = 4) -> Graph:
    """Pairs by track and plot, with weights over many orders of magnitude."""
    there = draw(st.sets(st.tuples(st.integers(0, tracks - 1), st.integers(0, plots - 1))))
    pairs = np.array(sorted(there), np.int64).reshape(-1, 2)
    exponents = draw(st.lists(st.floats(-6.0, 9.0), min_size=len(pairs), max_size=len(pairs)))
    return pairs[:, 0], pairs[:, 1], 10.0 ** np.array(exponents)


@st.composite
def trees(draw: st.DrawFn) -> Graph:
    """A chain or star of tracks and plots, without a cycle."""
    edges, tracks, plots = [(0, 0)], 1, 1
    for _ in range(draw(st.integers(0, 6))):
        if draw(st.booleans()):
            edges.append((tracks, draw(st.integers(0, plots - 1))))
            tracks += 1
        else:
            edges.append((draw(st.integers(0, tracks - 1)), plots))
            plots += 1
    pairs = np.array(sorted(edges), np.int64)
    exponents = draw(st.lists(st.floats(-4.0, 8.0), min_size=len(pairs), max_size=len(pairs)))
    return pairs[:, 0], pairs[:, 1], 10.0 ** np.array(exponents)


def exact(track: np.ndarray, plot: np.ndarray, weight: np.ndarray) -> np.ndarray:
    return enumerated(track, plot, np.log(weight))


def joint(track: np.ndarray, plot: np.ndarray, weight: np.ndarray) -> np.ndarray:
    return associate(track, plot, np.log(weight), 2048)


def by_counting(track: np.ndarray, plot: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """The marginal of each pair from every set of pairs, without regard to speed."""
    total, each = 0.0, np.zeros(len(weight))
    for chosen in product([False, True], repeat=len(weight)):
        used = np.flatnonzero(chosen)
        if len(set(track[used])) == len(used) == len(set(plot[used])):
            event = float(np.prod(weight[used]))
            total += event
            each[used] += event
    return each / total


@given(graphs(3, 3))
def test_enumeration_weighs_every_joint_event(graph: Graph) -> None:
    if len(graph[0]):
        np.testing.assert_allclose(exact(*graph), by_counting(*graph), rtol=1e-9)


@given(trees())
def test_belief_propagation_is_exact_on_trees(graph: Graph) -> None:
    np.testing.assert_allclose(marginals(*graph), exact(*graph), rtol=1e-5, atol=1e-9)


@given(graphs())
def test_the_probabilities_of_a_track_and_of_a_plot_sum_to_one_at_most(graph: Graph) -> None:
    track, plot, _ = graph
    for probability in (marginals(*graph), joint(*graph)):
        assert (probability >= 0.0).all()
        assert (np.bincount(track, probability) <= 1.0 + 1e-9).all()
        assert (np.bincount(plot, probability) <= 1.0 + 1e-4).all()


@given(graphs())
def test_small_clusters_get_the_exact_answer(graph: Graph) -> None:
    if len(graph[0]):
        np.testing.assert_allclose(joint(*graph), exact(*graph), rtol=1e-5, atol=1e-9)


def test_belief_propagation_is_close_where_there_are_cycles() -> None:
    """Mostly: nothing bounds what a cycle may do, which is why small clusters are enumerated."""
    chance = np.random.default_rng(5)
    errors = []
    for _ in range(200):
        track, plot = np.nonzero(chance.random((5, 5)) < 0.5)
        weight = 10.0 ** chance.uniform(-2, 2, len(track))
        error = np.abs(marginals(track, plot, weight) - exact(track, plot, weight))
        errors.append(error.max(initial=0.0))
    assert np.mean(errors) < 0.02
    assert np.quantile(errors, 0.95) < 0.1


@given(graphs(6, 6))
def test_nearest_neighbours_are_the_best_assignment(graph: Graph) -> None:
    track, plot, weight = graph
    gain = np.log(weight)
    chosen = np.flatnonzero(assign(track, plot, gain))
    assert len(set(track[chosen])) == len(chosen) == len(set(plot[chosen]))
    best = 0.0
    table = np.full((6, 6), -np.inf)
    table[track, plot] = gain
    for order in _partial_assignments(table):
        best = max(best, order)
    assert np.isclose(gain[chosen].sum(), best)


def _partial_assignments(table: np.ndarray, used: frozenset[int] = frozenset(), row: int = 0):
    if row == len(table):
        yield 0.0
        return
    yield from _partial_assignments(table, used, row + 1)
    for column in np.flatnonzero(table[row] > 0.0):
        if column not in used:
            for rest in _partial_assignments(table, used | {int(column)}, row + 1):
                yield table[row, column] + rest


def test_the_dense_and_the_sparse_assignment_agree() -> None:
    chance = np.random.default_rng(2)
    track, plot = (chance.random((60, 70)) < 0.1).nonzero()
    gain = chance.uniform(0.1, 20.0, len(track))
    assert DENSE_AT_MOST >= 60 * 70

    def total(partner: np.ndarray) -> float:
        return float(gain[partner[track] == plot].sum())

    ways = [way(track, plot, gain, 60, 70) for way in (_matched_dense, _matched_sparse)]
    assert np.isclose(*map(total, ways))
