"""How good the picture was over the last hours is told to each reader from its own minutes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest

from alliage.exercise.transport import SimulationConfig, SimulationTransport
from alliage.log import Draft
from alliage.log.revisions import REVISIONS_STREAM, Raise
from alliage.ontology.audience import machine_audience
from alliage.ontology.label import Label
from alliage.server.minutes import KEPT, POINTS_AT_MOST
from alliage.server.quality_sampling import keep_sampling, sample
from tests.server.small_node import (
    FILE_STREAM,
    HIDDEN_STREAM,
    NATIONAL,
    OPEN_STREAM,
    SHARED,
    Ship,
    SmallNode,
    wait_until,
)

BEGIN_US = 1_790_000_040_000_000
MINUTE_US = 60_000_000
HERE = Ship(231_000_001, 10.0, 57.0)


class Hand:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.time_us = BEGIN_US

    def now_us(self) -> int:
        return self.time_us


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def node(hand: Hand, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallNode]:
    node = SmallNode(tmp_path_factory.mktemp("node"), clock=hand)
    yield node
    node.close()


def pass_minutes(node: SmallNode, hand: Hand, count: int) -> None:
    """Let the node take its samples, with one ship that goes on reporting."""
    for _ in range(count):
        hand.time_us += MINUTE_US
        node.report(OPEN_STREAM, SHARED, [HERE], ago_s=6.0)
        sample(node.services)


def curves(client: httpx.Client) -> dict[str, dict[str, list[float | None]]]:
    return {one.pop("source"): one for one in client.get("quality/series").json()["sources"]}


def test_what_a_reader_saw_is_told_minute_by_minute_since_they_were_here(
    node: SmallNode, hand: Hand, anna: httpx.Client
) -> None:
    node.report(OPEN_STREAM, SHARED, [HERE, Ship(231_000_002, 10.5, 57.0)])
    first = anna.get("quality/series").json()
    assert first["times"]["since"] == "2026-09-21T14:14:00Z"
    assert [one["tracks"] for one in first["sources"]] == [[2]]
    pass_minutes(node, hand, 3)
    told = anna.get("quality/series").json()
    assert told["times"] == {**first["times"], "points": 4}
    assert told["times"]["step_s"] == 60
    (stream,) = told["sources"]
    assert stream["source"] == OPEN_STREAM
    assert stream["tracks"] == [2, 2, 2, 2]
    assert stream["age_s"] == [0, 33, 63, 93]  # of one that reports and one that does not
    assert stream["left_out"] == [None] * 4  # nothing to compare it with
    assert told["duplicates"] == [0, 0, 0, 0]
    assert "UNCLASSIFIED" in told["marking"]["text"]


def test_it_is_taken_for_whoever_is_signed_in_before_they_ask_for_it(
    node: SmallNode, hand: Hand, anna: httpx.Client, bent: httpx.Client
) -> None:
    node.report(OPEN_STREAM, SHARED, [HERE])
    assert anna.get("tracks").status_code == 200
    pass_minutes(node, hand, 5)
    assert curves(bent)[OPEN_STREAM]["tracks"][-5:] == [1] * 5  # of the same rights as anna


def test_what_is_hidden_bends_no_curve(
    node: SmallNode, hand: Hand, anna: httpx.Client, fleur: httpx.Client
) -> None:
    node.report(OPEN_STREAM, SHARED, [HERE])
    before, _ = curves(fleur), curves(anna)
    pass_minutes(node, hand, 2)
    alone = fleur.get("quality/series").json()
    node.report(HIDDEN_STREAM, NATIONAL, [HERE, Ship(231_000_009, 10.001, 57.0)])
    sample(node.services)
    assert fleur.get("quality/series").json() == alone
    assert set(before) == {OPEN_STREAM}
    assert curves(anna)[HIDDEN_STREAM]["tracks"] == [None, None, 2]
    assert "SECRET" in anna.get("quality/series").json()["marking"]["text"]


def test_of_a_stream_that_is_hidden_from_now_on_nothing_is_told(
    node: SmallNode, hand: Hand, anna: httpx.Client, fleur: httpx.Client
) -> None:
    """A partner's stream came under too low a label at first."""
    open_label = Label.make("ALLIAGE", "UNCLASSIFIED")
    node.report("slip", open_label, [Ship(231_000_005, 11.0, 57.0)])
    pass_minutes(node, hand, 1)
    assert "slip" in curves(fleur)
    everything = node.log.reader(machine_audience(node.log.label_sets)).read()
    entries = tuple(entry.entry_id for entry in everything if entry.stream == "slip")
    raised = frozenset([open_label, NATIONAL])
    decision = Raise(entries, frozenset([NATIONAL]))
    node.writer.submit([Draft(REVISIONS_STREAM, raised, decision)]).result()
    assert "slip" in curves(anna)
    assert "slip" not in curves(fleur)


def test_hours_are_told_in_steps_and_no_more_than_eight_of_them(
    node: SmallNode, hand: Hand, anna: httpx.Client
) -> None:
    node.report(OPEN_STREAM, SHARED, [HERE])
    curves(anna)
    for _ in range(3):
        hand.time_us += 200 * MINUTE_US
        anna.get("quality")
        sample(node.services)
    times = anna.get("quality/series").json()["times"]
    assert times["step_s"] == 60 * KEPT // POINTS_AT_MOST
    assert times["points"] <= POINTS_AT_MOST + 1
    hand.time_us += 2 * KEPT * MINUTE_US
    sample(node.services)  # nobody was here for so long
    hand.time_us += MINUTE_US
    back = node.client("anna")
    assert back.get("quality/series").json()["times"]["points"] == 1


def test_instructors_alone_learn_how_near_the_truth_it_came(
    node: SmallNode, hand: Hand, anna: httpx.Client
) -> None:
    transport = SimulationTransport(SimulationConfig(ships=40), hand)
    node.services.exercises[FILE_STREAM] = transport.control  # type: ignore[index]
    node.report(OPEN_STREAM, SHARED, [HERE])
    dora = node.client("dora")
    path = f"exercises/{FILE_STREAM}/measures/series"
    assert dora.get(path).json()["times"]["points"] == 1
    pass_minutes(node, hand, 2)
    told = dora.get(path).json()
    assert [one["source"] for one in told["measured"]] == [None, OPEN_STREAM]
    whole = told["measured"][0]
    assert len(whole["gospa_m"]) == 3
    assert all(value > 1_000.0 for value in whole["gospa_m"])
    assert whole["completeness"] == [0, 0, 0]
    assert anna.get(path).status_code == 403
    assert dora.get("exercises/none/measures/series").status_code == 404


def test_a_served_node_takes_samples_by_itself(
    node: SmallNode, hand: Hand, anna: httpx.Client
) -> None:
    node.report(OPEN_STREAM, SHARED, [HERE])
    curves(anna)
    hand.time_us += 2 * MINUTE_US - 10_000  # one hundredth of a second before the next

    async def serve() -> None:
        sampling = asyncio.create_task(keep_sampling(node.services))
        told = lambda: curves(anna)[OPEN_STREAM]["tracks"] == [1, 1]  # noqa: E731
        await asyncio.to_thread(wait_until, told, 60.0)
        sampling.cancel()
        with suppress(asyncio.CancelledError):
            await sampling

    asyncio.run(serve())
