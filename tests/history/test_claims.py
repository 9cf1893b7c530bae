"""Claims are found again by what they are about, by whoever may see them, and by nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alliage.history.claims import ClaimStore, StoredClaim
from alliage.log import CursorError, Draft, Log, NodeKeys
from alliage.ontology.audience import machine_audience
from alliage.ontology.claim import Claim, Value
from tests.log.support import DANES, FRENCH, TickingClock, audience_of, draft

(DANISH,) = DANES
(SECRET,) = FRENCH


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    opened = Log.open(tmp_path / "log", NodeKeys.generate(), "node-1", TickingClock())
    yield opened
    opened.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ClaimStore]:
    opened = ClaimStore(tmp_path / "claims.sqlite")
    yield opened
    opened.close()


def said(
    number: int, value: Value, prop: str = "name", ship: int = 1, subject: str | None = None
) -> Claim:
    return Claim(
        claim_id=f"{number:032x}",
        subject=subject or f"s{ship}",
        identifier=f"mmsi:21900000{ship}",
        schema="Vessel",
        property=prop,
        value=value,
        valid_from_us=number,
    )


def values(stored: list[StoredClaim]) -> list[Value]:
    return [item.claim.value for item in stored]


def test_claims_come_back_with_what_their_entry_says(log: Log, store: ClaimStore) -> None:
    claim = said(1, "FRIO")
    (entry,) = log.append([Draft("denmark", DANES, (claim,))])
    assert store.apply([entry]) == 1
    (stored,) = store.reader(audience_of(log.label_sets, DANISH)).of_subjects(["s1"])
    assert stored == StoredClaim(claim, "denmark", entry.label_set, 1, entry.known_us)


def test_claims_are_read_by_subject_identifier_and_property(log: Log, store: ClaimStore) -> None:
    claims = (said(1, "FRIO"), said(2, 12.5, "length_m"), said(3, "EMMA", ship=2))
    store.apply(log.append([Draft("denmark", DANES, claims)]))
    reader = store.reader(audience_of(log.label_sets, DANISH))
    assert values(reader.of_subjects(["s1", "s2"])) == ["EMMA", 12.5, "FRIO"]
    assert values(reader.of_identifier("mmsi:219000001")) == [12.5, "FRIO"]
    assert values(reader.page(property="name").claims) == ["EMMA", "FRIO"]
    assert values(reader.page(subject="s1", property="name").claims) == ["FRIO"]
    assert reader.of_subjects([]) == []


def test_applying_twice_adds_nothing(log: Log, store: ClaimStore) -> None:
    entries = log.append([Draft("denmark", DANES, (said(1, "FRIO"),)), draft(DANES)])
    assert store.apply(entries) == 1
    assert store.apply(entries) == 0
    assert store.position == 1


def test_the_projection_resumes_where_it_was(log: Log, store: ClaimStore, tmp_path: Path) -> None:
    machine = log.reader(machine_audience(log.label_sets))
    log.append([Draft("denmark", DANES, (said(1, "FRIO"),)), draft(DANES)])
    assert store.catch_up(machine) == 1
    store.close()
    log.append([Draft("denmark", DANES, (said(2, "EMMA", ship=2),)), draft(FRENCH)])
    again = ClaimStore(tmp_path / "claims.sqlite")
    assert again.catch_up(machine) == 1
    assert again.catch_up(machine) == 0
    assert len(again.reader(machine.audience).of_subjects(["s1", "s2"])) == 2
    again.close()


def test_a_projection_of_another_log_is_made_again(
    log: Log, store: ClaimStore, tmp_path: Path
) -> None:
    log.append([Draft("denmark", DANES, (said(1, "FRIO"),))])
    store.catch_up(log.reader(machine_audience(log.label_sets)))
    other = Log.open(tmp_path / "other", NodeKeys.generate(), "node-1", TickingClock())
    other.append([Draft("denmark", DANES, (said(9, "EMMA"),))])
    machine = other.reader(machine_audience(other.label_sets))
    assert store.catch_up(machine) == 1
    assert values(store.reader(machine.audience).of_subjects(["s1"])) == ["EMMA"]
    other.close()


def test_the_latest_claims_of_a_stream_under_its_label(log: Log, store: ClaimStore) -> None:
    mine = Draft("denmark", DANES, (said(1, "A"), said(2, "B"), said(3, 9.5, "length_m")))
    store.apply(
        log.append(
            [
                mine,
                Draft("norway", DANES, (said(4, "N"),)),
                Draft("denmark", FRENCH, (said(5, "F"),)),
            ]
        )
    )
    reader = store.reader(machine_audience(log.label_sets))
    assert values(list(reader.latest_of_stream("denmark", 0))) == ["B", 9.5]


def test_a_hidden_claim_is_no_cursor(log: Log, store: ClaimStore) -> None:
    store.apply(log.append([Draft("france", FRENCH, (said(1, "HIDDEN"),))]))
    reader = store.reader(audience_of(log.label_sets, DANISH))
    for cursor in (f"{1:032x}", f"{2:032x}"):
        with pytest.raises(CursorError):
            reader.page(cursor=cursor)


def everything(reader_of: ClaimStore, log: Log, allowed: list[object], limit: int) -> list[object]:
    """All that a reader can learn of claims from outside."""
    reader = reader_of.reader(audience_of(log.label_sets, *allowed))
    told: list[object] = []
    cursor = None
    while True:
        page = reader.page(cursor=cursor, limit=limit)
        told.append((values(page.claims), page.next))
        cursor = page.next
        if cursor is None:
            break
    told.append(values(reader.of_subjects(["s1", "s2"])))
    return told


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    written=st.lists(
        st.tuples(
            st.sampled_from([DANES, FRENCH, DANES | FRENCH]),
            st.sampled_from(["A", "AB", "CAB"]),
            st.integers(1, 2),
        ),
        max_size=10,
    ),
    allowed=st.sampled_from([[], [DANISH], [SECRET], [DANISH, SECRET]]),
    limit=st.integers(1, 3),
)
def test_hidden_claims_leave_no_trace_in_pages_totals_and_search(
    tmp_path_factory: pytest.TempPathFactory,
    written: list[tuple[frozenset[object], str, int]],
    allowed: list[object],
    limit: int,
) -> None:
    drafts = [
        Draft("denmark", labels, (said(number, name, ship=ship),))
        for number, (labels, name, ship) in enumerate(written)
    ]
    visible = [item for item in drafts if item.labels <= set(allowed)]
    results = []
    for group in (drafts, visible):
        folder = tmp_path_factory.mktemp("node")
        log = Log.open(folder / "log", NodeKeys.generate(), "node-1", TickingClock())
        store = ClaimStore(folder / "claims.sqlite")
        store.apply(log.append(group))
        results.append(everything(store, log, allowed, limit))
        store.close()
        log.close()
    assert results[0] == results[1]
