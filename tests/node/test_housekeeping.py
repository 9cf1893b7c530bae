"""What a node writes down of itself and of commands beside it, and what it keeps no longer."""

from __future__ import annotations

import asyncio
from pathlib import Path
from threading import Thread

from alliage.access.audit import Act, AuditEvent, NotAuditedError
from alliage.access.audit_spool import leave, missing, take_up
from alliage.history.selection import Where
from alliage.home import Home
from alliage.log import Draft
from alliage.log.revisions import REVISIONS_STREAM, Supersede
from alliage.node import Node
from alliage.ontology.audience import machine_audience
from alliage.picture.staleness import STATES
from tests.log.support import positions
from tests.node.conftest import make_home, opened, source, until, while_serving

UDP = '{ kind = "udp", host = "127.0.0.1", port = 0 }'
DAY_US = 86_400_000_000


def acts(node: Node) -> list[dict]:
    reader = node.log.reader(machine_audience(node.log.label_sets))
    return [entry.audit_record().data for entry in reader.read(kinds=["audit"])]


def test_a_start_new_sources_and_commands_beside_the_node_are_audited(tmp_path: Path) -> None:
    home = make_home(tmp_path / "node", source(UDP))

    async def leave_an_event(_address: str) -> None:
        leave(home.audit_spool, Act.BACKED_UP, "machine:anna", "alliage backup", files=4)
        await until(lambda: any(act["act"] == "node.backed-up" for act in acts(node)))

    with opened(home) as node:
        asyncio.run(while_serving(node, leave_an_event))
        said = acts(node)
    configured, started, backed_up = said[-3:]
    assert (configured["act"], configured["on"]) == ("source.configured", ["denmark"])
    assert started["act"] == "node.started"
    assert len(started["details"]["configuration_sha256"]) == 64
    assert (backed_up["user"], backed_up["details"]) == ("machine:anna", {"files": 4, "record": 1})
    assert list(home.audit_spool.iterdir()) == []


def test_a_file_in_the_spool_that_is_no_event_is_set_aside_and_stops_nothing(
    tmp_path: Path,
) -> None:
    home = make_home(tmp_path / "node")
    home.audit_spool.mkdir()
    (home.audit_spool / "0.json").write_text('{"act": "nonsense"}')
    leave(home.audit_spool, Act.EXPORTED, "machine:anna", "alliage export", rows=1)

    async def wait(_address: str) -> None:
        await until(lambda: any(act["act"] == "data.exported" for act in acts(node)))

    with opened(home) as node:
        asyncio.run(while_serving(node, wait))
    assert [path.name for path in home.audit_spool.iterdir()] == ["0.refused"]


def test_records_of_commands_that_were_taken_away_are_missed(tmp_path: Path) -> None:
    home = make_home(tmp_path / "node")
    for rows in range(1, 5):
        leave(home.audit_spool, Act.EXPORTED, "machine:anna", "alliage export", rows=rows)
    second, fourth = sorted(home.audit_spool.glob("*.json"))[1::2]
    second.unlink()
    fourth.unlink()
    assert missing(home.audit_spool) == [2, 4]

    async def wait(_address: str) -> None:
        await until(lambda: missing(home.audit_spool) == [])

    for _ in range(2):  # once is enough
        with opened(home) as node:
            asyncio.run(while_serving(node, wait))
            told = acts(node)
    gaps = [one["details"] for one in told if one["act"] == "audit.missing"]
    assert gaps == [{"first": 2, "last": 2}, {"first": 4, "last": 4}]
    exported = [one["details"]["record"] for one in told if one["act"] == "data.exported"]
    assert exported == [1, 3]


def test_no_record_is_missed_while_many_commands_leave_theirs(tmp_path: Path) -> None:
    home = make_home(tmp_path / "node")
    taken: list[AuditEvent] = []

    def leave_some() -> None:
        for rows in range(20):
            leave(home.audit_spool, Act.EXPORTED, "machine:anna", "alliage export", rows=rows)

    threads = [Thread(target=leave_some) for _ in range(3)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        take_up(home.audit_spool, taken.append)
    take_up(home.audit_spool, taken.append)
    assert {event.act for event in taken} == {Act.EXPORTED}
    assert [event.details["record"] for event in taken] == [*range(1, 61)]


def test_a_record_that_the_log_does_not_take_in_waits_for_the_next_time(tmp_path: Path) -> None:
    home = make_home(tmp_path / "node")
    leave(home.audit_spool, Act.EXPORTED, "machine:anna", "alliage export", rows=1)
    is_full, taken = True, list[AuditEvent]()

    def audit(event: AuditEvent) -> None:
        if is_full:
            raise NotAuditedError
        taken.append(event)

    assert take_up(home.audit_spool, audit) == 0
    is_full = False
    assert take_up(home.audit_spool, audit) == 1
    assert [event.details["record"] for event in taken] == [1]


def report(node: Node, days_ago: float) -> None:
    labels = frozenset([node.config.sources[0].to_label()])
    start_us = node.clock.now_us() - round(days_ago * DAY_US)
    node.writer.submit([Draft("denmark", labels, positions(["mmsi:1"], start_us))]).result()


def report_of_ten_days_ago(home: Home) -> None:
    with opened(home, days_ago=10) as node:
        report(node, 0)


def test_what_a_source_keeps_no_longer_is_dropped_and_the_log_verifies(tmp_path: Path) -> None:
    home = make_home(tmp_path / "node", source(UDP) + "keep_days = 7\n")
    report_of_ten_days_ago(home)
    with opened(home) as node:
        report(node, 1)
        keeping = node.housekeeping()
        assert keeping.drop_what_is_too_old() == 1
        assert keeping.drop_what_is_too_old() == 0
        reader = node.log.reader(machine_audience(node.log.label_sets))
        kept = reader.read(streams=["denmark"])
        assert len(kept) == 1
        assert len(reader.read(streams=["denmark"], with_gone=True)) == 2
        assert "retention.applied" in {act["act"] for act in acts(node)}
        last = list(node.log.verify())[-1]
        assert (last.fault, last.gone) == (None, 1)
    with opened(home) as node:  # and it starts again
        assert list(node.log.verify())[-1].fault is None


def test_older_versions_of_what_is_dropped_go_with_it(tmp_path: Path) -> None:
    home = make_home(tmp_path / "node", source(UDP) + "keep_days = 7\n")
    report_of_ten_days_ago(home)
    with opened(home, days_ago=9) as node:
        reader = node.log.reader(machine_audience(node.log.label_sets))
        (old,) = reader.read(streams=["denmark"])
        decision = Supersede((old.entry_id,), "ais@2", "mended")
        again = Draft("denmark", old.labels, old.observations())
        node.writer.submit([again, Draft(REVISIONS_STREAM, old.labels, decision)]).result()
    with opened(home) as node:
        assert node.housekeeping().drop_what_is_too_old() == 1
        reader = node.log.reader(machine_audience(node.log.label_sets))
        assert reader.read(streams=["denmark"], all_versions=True) == []
        last = list(node.log.verify())[-1]
        assert (last.fault, last.gone) == (None, 2)


def test_an_old_recording_is_kept_from_when_it_was_loaded(tmp_path: Path) -> None:
    home = make_home(tmp_path / "node", source(UDP) + "keep_days = 7\n")
    report_of_ten_days_ago(home)
    with opened(home) as node:
        report(node, 300)
        where, machines = Where(), machine_audience(node.log.label_sets)
        assert node.housekeeping().drop_what_is_too_old() == 1
        (kept,) = node.log.reader(machines).read(streams=["denmark"])
        assert kept.valid_max_us is not None
        assert kept.valid_max_us < node.clock.now_us() - 299 * DAY_US
        assert node.history.reader(machines).rows(where).table.num_rows == kept.rows
        assert list(node.log.verify())[-1].fault is None
    with opened(home) as node:  # and after a start
        assert node.history.reader(machines).rows(where).table.num_rows == kept.rows
    with opened(home, days_ago=-8) as node:  # until it has had its time
        assert node.housekeeping().drop_what_is_too_old() == 1
        assert node.history.reader(machines).rows(where).table.num_rows == 0
        last = list(node.log.verify())[-1]
        assert (last.fault, last.gone) == (None, 2)


def test_what_was_dropped_is_in_the_picture_no_longer(tmp_path: Path) -> None:
    home = make_home(tmp_path / "node", source(UDP) + "keep_days = 7\n")
    report_of_ten_days_ago(home)
    with opened(home) as node:
        machines = machine_audience(node.log.label_sets)

        def placed() -> int:
            states = node.picture.view(machines).tracks_in(None, states=STATES)
            return sum(state.longitude_deg is not None for state in states)

        assert placed() == 1
        node.housekeeping().drop_what_is_too_old()
        node.writer.drain()
        assert placed() == 0


def test_without_keep_days_everything_is_kept(tmp_path: Path) -> None:
    home = make_home(tmp_path / "node", source(UDP))
    report_of_ten_days_ago(home)
    with opened(home) as node:
        assert node.housekeeping().drop_what_is_too_old() == 0
