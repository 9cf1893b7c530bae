"""The quarantine keeps unusable bytes, bounded, and shows them only to who may see the source."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from alliage.feeds.contract import Quarantined
from alliage.feeds.quarantine import MAX_ITEM_BYTES, QuarantineStore
from alliage.ontology.audience import Audience, LabelSets, machine_audience
from alliage.ontology.label import Label

OPEN = Label.make("ALLIAGE", "UNCLASSIFIED", ["DNK", "FRA"])
CLOSED = Label.make("ALLIAGE", "SECRET", ["DNK"])


@pytest.fixture
def label_sets() -> LabelSets:
    sets = LabelSets()
    sets.intern(frozenset({OPEN}))
    sets.intern(frozenset({CLOSED}))
    return sets


@pytest.fixture
def store(tmp_path: Path) -> Iterator[QuarantineStore]:
    store = QuarantineStore.open(tmp_path / "quarantine.sqlite", max_rows=100, max_bytes=10_000)
    yield store
    store.close()


def bad(number: int, size: int = 4) -> Quarantined:
    return Quarantined(b"%04d" % number + b"x" * (size - 4), "checksum", f"no {number}", number)


def test_items_come_back_newest_first_in_pages(
    store: QuarantineStore, label_sets: LabelSets
) -> None:
    store.add("denmark", 0, [bad(number) for number in range(25)])
    audience = machine_audience(label_sets)
    seen, cursor = [], None
    while True:
        page = store.page(audience, "denmark", cursor, limit=10)
        seen += [item.received_us for item in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert seen == list(reversed(range(25)))


def test_an_item_keeps_its_bytes_reason_and_detail(
    store: QuarantineStore, label_sets: LabelSets
) -> None:
    store.add("denmark", 0, [Quarantined(b"\x00\xff!", "checksum", "says 1A", 77)])
    (item,) = store.page(machine_audience(label_sets), "denmark").items
    assert (item.data, item.size, item.reason, item.detail) == (
        b"\x00\xff!",
        3,
        "checksum",
        "says 1A",
    )
    assert (item.received_us, item.source) == (77, "denmark")


def test_only_who_may_see_the_source_sees_its_bytes(
    store: QuarantineStore, label_sets: LabelSets
) -> None:
    store.add("open", 0, [bad(1)])
    store.add("closed", 1, [bad(2)])
    audience = Audience("french", lambda label: "FRA" in (label.releasable_to or ()), label_sets)
    assert len(store.page(audience, "open").items) == 1
    assert store.page(audience, "closed").items == []
    nobody = Audience("nobody", lambda _label: False, label_sets)
    assert store.page(nobody, "open").items == []


def test_a_full_quarantine_drops_the_oldest_and_counts_them(
    store: QuarantineStore, label_sets: LabelSets
) -> None:
    for start in range(0, 1000, 10):
        store.add("denmark", 0, [bad(number) for number in range(start, start + 10)])
    items = store.page(machine_audience(label_sets), "denmark", limit=200).items
    assert 80 <= len(items) <= 100
    assert items[0].received_us == 999
    assert len(items) + store.dropped("denmark") == 1000


def test_bytes_are_bounded_too(store: QuarantineStore, label_sets: LabelSets) -> None:
    for number in range(30):
        store.add("denmark", 0, [bad(number, 1000)])
    items = store.page(machine_audience(label_sets), "denmark", limit=200).items
    assert sum(len(item.data) for item in items) <= 10_000
    assert len(items) + store.dropped("denmark") == 30


def test_one_source_does_not_push_out_another(
    store: QuarantineStore, label_sets: LabelSets
) -> None:
    store.add("quiet", 0, [bad(1)])
    for start in range(0, 500, 50):
        store.add("noisy", 0, [bad(number) for number in range(start, start + 50)])
    assert len(store.page(machine_audience(label_sets), "quiet").items) == 1
    assert store.dropped("quiet") == 0


def test_more_at_once_than_there_is_room_for_keeps_the_newest(
    store: QuarantineStore, label_sets: LabelSets
) -> None:
    store.add("denmark", 0, [bad(number) for number in range(5000)])
    items = store.page(machine_audience(label_sets), "denmark", limit=200).items
    assert items[0].received_us == 4999
    assert len(items) + store.dropped("denmark") == 5000


def test_a_long_item_is_cut_and_tells_its_whole_size(tmp_path: Path, label_sets: LabelSets) -> None:
    store = QuarantineStore.open(tmp_path / "other.sqlite")
    store.add("denmark", 0, [bad(1, 100_000)])
    (item,) = store.page(machine_audience(label_sets), "denmark").items
    assert (len(item.data), item.size) == (MAX_ITEM_BYTES, 100_000)
    store.close()


def test_it_survives_a_restart_with_its_bounds(tmp_path: Path, label_sets: LabelSets) -> None:
    path = tmp_path / "q.sqlite"
    for round_ in range(5):
        store = QuarantineStore.open(path, max_rows=50)
        store.add("denmark", 0, [bad(round_ * 40 + number) for number in range(40)])
        store.close()
    store = QuarantineStore.open(path, max_rows=50)
    items = store.page(machine_audience(label_sets), "denmark", limit=200).items
    assert len(items) <= 50
    assert items[0].received_us == 199
    store.close()


def test_several_threads_may_write_at_once(store: QuarantineStore, label_sets: LabelSets) -> None:
    def write(source: str) -> None:
        for number in range(20):
            store.add(source, 0, [bad(number)])

    threads = [threading.Thread(target=write, args=(f"s{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    audience = machine_audience(label_sets)
    assert [len(store.page(audience, f"s{n}").items) for n in range(4)] == [20] * 4
