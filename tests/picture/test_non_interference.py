"""The law: what a reader may not see changes nothing of what it sees, not even a byte."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from alliage.ontology.audience import Audience
from alliage.ontology.label import Label
from alliage.ontology.observation import Kind
from alliage.picture.session import Session
from tests.picture.support import (
    DANISH,
    FRENCH,
    MINUTE_US,
    OPEN,
    SECOND_US,
    World,
    report,
)

LABELS = [OPEN, DANISH, FRENCH]
READERS: dict[str, Callable[[Label], bool]] = {
    "all": lambda label: True,
    "danish": lambda label: label in (OPEN, DANISH),
    "french": lambda label: label in (OPEN, FRENCH),
    "open": lambda label: label == OPEN,
    "nobody": lambda label: False,
}


@dataclass(frozen=True)
class Step:
    """One entry: rows of one stream under one label, or claims."""

    stream: str
    label: Label
    kind: str
    rows: tuple[tuple[int, int, float | None, float], ...]  # ship, seconds ago, lon, speed
    name: str
    wait_s: float


STEPS = st.lists(
    st.builds(
        Step,
        stream=st.sampled_from(["denmark", "france", "replay"]),
        label=st.sampled_from(LABELS),
        kind=st.sampled_from([*Kind, "claims"]),
        rows=st.lists(
            st.tuples(
                st.integers(0, 4),
                st.integers(-5, 2000),
                st.one_of(st.none(), st.floats(-12, 12)),
                st.floats(0, 20, width=32),
            ),
            min_size=1,
            max_size=5,
        ).map(tuple),
        name=st.sampled_from(["FRIO", "ALBATROS", "SVEA"]),
        wait_s=st.sampled_from([0.0, 0.4, 1.0, 30.0, 700.0]),
    ),
    max_size=14,
)


def run(steps: list[Step], may_see: Callable[[Label], bool], seen_only: bool) -> list[Any]:
    """Everything a reader gets, over every door, while the steps are applied."""
    world = World()
    audience = Audience("reader", may_see, world.label_sets)
    world.picture.start_replay("replay", 2.0)
    session = Session(world.picture, audience)
    view = {"type": "view", "bbox": [-10, 50, 10, 60], "zoom": 5, "trails": True}
    session.receive(json.dumps(view))
    outcome: list[Any] = []
    for step in steps:
        if not seen_only or may_see(step.label):
            take(world, step)
        world.hand.time_us += round(step.wait_s * SECOND_US)
        outcome += session.tick(world.hand.time_us)
        session.receive(json.dumps({"type": "ack", "seq": session._seq}))
        outcome.append(answers(world, audience))
    return outcome


def take(world: World, step: Step) -> None:
    if step.kind == "claims":
        for ship, *_ in step.rows:
            world.claim(f"mmsi:{ship}", step.stream, step.label, name=step.name)
        return
    begin = world.hand.time_us - (100_000 * MINUTE_US if step.stream == "replay" else 0)
    rows = [
        report(f"mmsi:{ship}", lon, 55.0, begin - ago * SECOND_US, speed_mps=speed)
        for ship, ago, lon, speed in step.rows
    ]
    world.hear(*rows, stream=step.stream, label=step.label, kind=Kind(step.kind))
    notices = world.picture.notices
    label_set = world.label_sets.intern(frozenset([step.label]))
    notices.publish("sources", f"{step.stream} {step.label.marking}", {}, label_set)


def answers(world: World, audience: Any) -> tuple[Any, ...]:
    view = world.picture.view(audience)
    page = view.page(states=["live", "fading", "ended"], limit=3)
    trails = [view.trail(state.track_id) for state in page.items]
    attributes, n = view.attributes, view.objects.count
    codes, nations = attributes.nations()
    found = (
        attributes.standard_identities().tolist(),
        [nations[code] for code in codes if code >= 0],
        sorted(attributes.identifiers_beginning("mmsi:")),
        attributes.source_counts(np.ones(n, np.bool_)),
        attributes.of_sources(["france"]).tolist(),
    )
    return view.reading, view.totals(), page, trails, found


@settings(max_examples=120, deadline=None)
@given(STEPS, st.sampled_from(sorted(READERS)))
def test_hidden_entries_change_nothing_that_a_reader_sees(steps: list[Step], who: str) -> None:
    with_hidden = run(steps, READERS[who], seen_only=False)
    without = run(steps, READERS[who], seen_only=True)
    assert with_hidden == without


def test_a_reader_of_everything_does_see_what_others_do_not() -> None:
    steps = [
        Step("denmark", label, "position", ((ship, 0, 1.0, 5.0),), "", 1.0)
        for ship, label in enumerate(LABELS)
    ]
    totals = {who: run(steps, may_see, False)[-1][1].tracks for who, may_see in READERS.items()}
    assert totals == {"all": 3, "danish": 2, "french": 2, "open": 1, "nobody": 0}
