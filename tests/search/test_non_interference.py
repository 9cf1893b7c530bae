"""The law: what a reader may not see changes nothing of what a search tells, not even its order."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from alliage.ontology.label import Label
from alliage.search.query import QueryError
from tests.picture.support import DANISH, FRENCH, OPEN
from tests.search.support import HOUR_US, Sea

LABELS = [OPEN, DANISH, FRENCH]
READERS = {
    "everything": frozenset(LABELS),
    "danish": frozenset({OPEN, DANISH}),
    "french": frozenset({OPEN, FRENCH}),
    "open": frozenset({OPEN}),
    "danish only": frozenset({DANISH}),
}
NAMES = ["MARIA", "MARIA THERESA", "MARYA TERESSA", "FRIO", "FRYO", "Frio Two", "SVEA"]
QUERIES = [
    "maria", "marya teressa", "mariatheresa", "frio", "fri", "fruo", "2190", "old smuggler",
    '"old smuggler"', "kind:Vessel", "frio nation:DNK", "maria source:france", "svea near:FRIO",
    "near:Bornholm<900nm", "state:live", "s", "star",
]  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One entry of one stream under one label."""

    label: Label
    stream: str
    ship: int
    what: str
    name: str
    ago_us: int


STEPS = st.lists(
    st.builds(
        Step,
        label=st.sampled_from(LABELS),
        stream=st.sampled_from(["denmark", "france"]),
        ship=st.integers(219000001, 219000004),
        what=st.sampled_from(["name", "name", "call_sign", "remark", "message", "hear", "retract"]),
        name=st.sampled_from(NAMES),
        ago_us=st.sampled_from([0, HOUR_US, 2 * HOUR_US]),
    ),
    max_size=16,
)


def take(sea: Sea, number: int, step: Step, target: int) -> None:
    """Do one step; claims are numbered, so that they have the same ids with and without others.

    A retraction takes back the claim of step ``target``, visible or not.
    """
    said = {"label": step.label, "stream": step.stream, "ago_us": step.ago_us}
    if step.what == "hear":
        sea.hear(step.ship, 14.0 + step.ship % 7, 55.0, step.label, step.stream)
    elif step.what == "message":
        sea.message(step.ship, f"CALLING {step.name}", step.label, step.stream)
    else:
        prop = {"remark": "at_annotation", "retract": "at_retraction"}.get(step.what, step.what)
        value = {"remark": f"old smuggler {step.name}", "retract": f"{target:032x}"}
        claim = {prop: value.get(step.what, step.name)}
        sea.claim(step.ship, claim_id=f"{number:032x}", **said, **claim)


def told(steps: Iterable[tuple[int, Step, int]], reader: frozenset[Label]) -> list[str]:
    """Everything that a search can tell this reader, as text."""
    with tempfile.TemporaryDirectory() as folder:
        sea = Sea(Path(folder))
        for number, step, target in steps:
            take(sea, number, step, target)
        audience = sea.audience(*reader)
        answers = []
        for query in QUERIES:
            answers += pages(sea, query, audience)
            answers.append(repr(sea.search.suggest(audience, query)))
        sea.close()
        return answers


def with_targets(steps: list[Step]) -> list[tuple[int, Step, int]]:
    """Steps with their numbers, and of each the last step before it that is about its ship."""
    last: dict[int, int] = {}
    found = []
    for number, step in enumerate(steps, 1):
        found.append((number, step, last.get(step.ship, 0)))
        last[step.ship] = number
    return found


def pages(sea: Sea, query: str, audience: object) -> list[str]:
    cursor, found = None, []
    while True:
        try:
            page = sea.find(query, audience, limit=2, cursor=cursor)  # type: ignore[arg-type]
        except QueryError as error:
            return [str(error)]
        found.append(repr(page))
        cursor = page.next
        if cursor is None:
            return found


HIDING = [
    Step(FRENCH, "france", 219000001, "name", "FRIO", 0),
    Step(FRENCH, "france", 219000002, "name", "MARIA THERESA", 0),
    Step(OPEN, "denmark", 219000003, "name", "MARYA TERESSA", HOUR_US),
    Step(DANISH, "denmark", 219000003, "name", "FRIO", 0),
    Step(OPEN, "denmark", 219000001, "name", "Frio Two", 0),
]


@settings(max_examples=25, deadline=None)
@given(STEPS, st.sampled_from(sorted(READERS)))
@example(HIDING, "open")
@example(HIDING, "danish only")
def test_hidden_texts_change_nothing_that_a_search_tells(steps: list[Step], who: str) -> None:
    reader = READERS[who]
    numbered = with_targets(steps)
    visible = [item for item in numbered if item[1].label in reader]
    assert told(numbered, reader) == told(visible, reader)


def test_the_law_is_not_empty() -> None:
    numbered = with_targets(HIDING)
    assert told(numbered, READERS["everything"]) != told(numbered, READERS["open"])
