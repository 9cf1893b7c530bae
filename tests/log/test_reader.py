"""A reader gets what its audience sees, and cannot tell what else there is."""

from __future__ import annotations

import threading
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliage.log import CursorError, Draft, Entry, Log, NodeKeys
from alliage.log.selection import Selection
from alliage.ontology.audience import machine_audience
from alliage.ontology.label import Label
from tests.log.support import (
    BOTH,
    DANES,
    FRENCH,
    TickingClock,
    audience_of,
    claim,
    draft,
    positions,
)

(DANISH,) = DANES
(SECRET,) = FRENCH
DEADLINE_S = 10.0


def test_a_row_of_several_labels_needs_all_of_them(log: Log) -> None:
    log.append([draft(DANES), draft(FRENCH), draft(BOTH)])
    sets = log.label_sets
    assert len(log.reader(audience_of(sets, DANISH)).read()) == 1
    assert len(log.reader(audience_of(sets, DANISH, SECRET)).read()) == 3
    assert log.reader(audience_of(sets)).read() == []


def test_a_read_selects_by_kind_stream_and_valid_time(log: Log) -> None:
    log.append(
        [
            Draft("denmark", DANES, positions(["mmsi:1"], start_us=1_000)),
            Draft("norway", DANES, positions(["mmsi:2"], start_us=5_000)),
            Draft("denmark", DANES, (claim(1),)),
        ]
    )
    reader = log.reader(audience_of(log.label_sets, DANISH))

    def numbers(entries: list[Entry]) -> list[int]:
        return [entry.number for entry in entries]

    assert numbers(reader.read(kinds=["claims"])) == [3]
    assert numbers(reader.read(streams=["denmark"])) == [1, 3]
    assert numbers(reader.read(valid_from_us=2_000)) == [2, 3]  # the claim has no end
    assert numbers(reader.read(valid_to_us=5_000)) == [1, 3]
    assert numbers(reader.read(after=1, limit=1)) == [2]


def test_paging_gives_everything_once_and_shows_no_gap(log: Log) -> None:
    for number in range(9):
        log.append([draft(DANES, f"mmsi:{number}"), draft(FRENCH), draft(BOTH)])
    reader = log.reader(audience_of(log.label_sets, DANISH))
    seen: list[str] = []
    cursor = None
    while True:
        page = reader.page(cursor, 2)
        seen += [entry.observations().rows["identifier"][0].as_py() for entry in page.entries]
        if page.next is None:
            break
        cursor = page.next
    assert seen == [f"mmsi:{number}" for number in range(9)]
    shown = reader.page(None, 1).entries[0].to_json()
    assert not {"number", "chain", "label_set"} & shown.keys()


def test_a_hidden_entry_s_id_is_no_cursor_and_names_nothing(log: Log) -> None:
    (hidden,) = log.append([draft(FRENCH)])
    reader = log.reader(audience_of(log.label_sets, DANISH))
    assert reader.entry(hidden.entry_id) is None
    for cursor in (hidden.entry_id, "0" * 32, "no cursor"):
        with pytest.raises(CursorError):
            reader.page(cursor, 10, Selection())


def test_two_subscribers_resume_from_their_cursors(log: Log) -> None:
    log.append([draft(DANES, f"mmsi:{number}") for number in range(5)])
    reader = log.reader(machine_audience(log.label_sets))
    slow, quick = reader.subscribe(), reader.subscribe()
    assert [entry.number for entry in slow.next(limit=2)] == [1, 2]
    assert [entry.number for entry in quick.next()] == [1, 2, 3, 4, 5]
    slow.close()
    log.append([draft(DANES)])
    resumed = reader.subscribe(after=slow.cursor)
    assert [entry.number for entry in resumed.next()] == [3, 4, 5, 6]
    assert [entry.number for entry in quick.next()] == [6]
    assert resumed.next(timeout_s=0) == []


@settings(max_examples=12)
@given(data=st.data())
def test_subscribers_that_restart_at_any_time_get_each_visible_entry_once_in_order(
    keys: NodeKeys, data: st.DataObject
) -> None:
    visible = {"dane": {DANISH}, "french": {SECRET}, "all": {DANISH, SECRET}, "nobody": set()}
    cursors = dict.fromkeys(visible, 0)
    got: dict[str, list[int]] = {name: [] for name in visible}
    written: list[frozenset[Label]] = []
    steps = st.one_of(
        st.lists(st.sampled_from([DANES, FRENCH, BOTH]), min_size=1, max_size=4),
        st.tuples(st.sampled_from(sorted(visible)), st.integers(1, 3), st.integers(1, 3)),
        st.just("restart"),
    )
    with TemporaryDirectory() as folder:
        log = Log.open(Path(folder) / "log", keys, "node-1", TickingClock())
        for step in [*data.draw(st.lists(steps, max_size=20)), *[(n, 99, 99) for n in visible]]:
            if step == "restart":
                log.close()
                log = Log.open(Path(folder) / "log", keys, "node-1", TickingClock())
            elif isinstance(step, list):
                log.append([draft(labels) for labels in step])
                written += step
            else:
                name, limit, times = step
                audience = audience_of(log.label_sets, *visible[name])
                subscription = log.reader(audience).subscribe(after=cursors[name])
                for _ in range(times):
                    page = subscription.next(timeout_s=0, limit=limit)
                    got[name] += [entry.number for entry in page]
                cursors[name] = subscription.cursor
                subscription.close()
        log.close()
    for name, labels in visible.items():
        assert got[name] == [n for n, of in enumerate(written, 1) if of <= labels]


def test_a_waiting_subscriber_gets_what_is_written_and_ends_when_closed(log: Log) -> None:
    subscription = log.reader(audience_of(log.label_sets, DANISH)).subscribe()
    got: list[int] = []
    two = threading.Event()

    def follow() -> None:
        for entry in subscription:
            got.append(entry.number)
            if len(got) == 2:
                two.set()

    thread = threading.Thread(target=follow)
    thread.start()
    log.append([draft(FRENCH)])
    log.append([draft(DANES)])
    log.append([draft(FRENCH), draft(DANES)])
    assert two.wait(DEADLINE_S)
    subscription.close()
    thread.join(DEADLINE_S)
    assert not thread.is_alive()
    assert got == [2, 4]


def test_closing_the_log_ends_subscriptions(log: Log) -> None:
    subscription = log.reader(machine_audience(log.label_sets)).subscribe()
    thread = threading.Thread(target=lambda: list(subscription))
    thread.start()
    log.close()
    thread.join(DEADLINE_S)
    assert not thread.is_alive()


def test_a_callback_gets_only_what_its_audience_sees_and_may_fail(log: Log) -> None:
    reader = log.reader(audience_of(log.label_sets, DANISH))
    got: list[int] = []

    def broken(_entries: list[Entry]) -> None:
        raise RuntimeError("a consumer with a fault")

    reader.on_append(broken)
    stop = reader.on_append(lambda entries: got.extend(entry.number for entry in entries))
    log.append([draft(FRENCH), draft(DANES)])
    log.append([draft(FRENCH)])
    stop()
    log.append([draft(DANES)])
    assert got == [2]
