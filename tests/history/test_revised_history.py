"""What was destroyed or raised by decision leaves the history's files, and the rest stays."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alliage.history.positions import POSITIONS, ROWS
from alliage.history.segment import rows_path, runs_path
from alliage.history.selection import Where
from alliage.log import Draft
from alliage.log.revisions import REVISIONS_STREAM, Destroy, Raise
from alliage.ontology.audience import machine_audience
from tests.history.test_history_on_disk import FailingDisk, PowerLoss
from tests.history.world import LABELS, World, Written, as_set, scanned, world, written

ALL = tuple(ROWS.names)
HIGH = frozenset(LABELS[2:])


def _machines(world: World):
    return world.log.reader(machine_audience(world.log.label_sets))


def _decide(world: World, revision: Raise | Destroy) -> None:
    draft = Draft(REVISIONS_STREAM, HIGH, revision)
    world.history.apply(world.log.append([draft]))


def _agrees(world: World) -> None:
    """For every audience the history says what a scan of the log says."""
    for labels in (LABELS, LABELS[:1], LABELS[:2], LABELS[2:]):
        audience = world.audience(labels)
        found = world.history.reader(audience).rows(Where(), ALL)
        rows = [] if found.table is None else found.table.to_pylist()
        assert as_set(rows) == as_set(scanned(world.log, audience, Where()))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    some=st.lists(written, min_size=1, max_size=8),
    sealed=st.integers(0, 8),
    chosen=st.sets(st.integers(0, 7), min_size=1, max_size=3),
    raised=st.booleans(),
    rows=st.sets(st.integers(0, 5), max_size=3),
    restarted=st.booleans(),
)
def test_after_any_revision_the_history_agrees_with_the_log(
    some: list[Written],
    sealed: int,
    chosen: set[int],
    raised: bool,
    rows: set[int],
    restarted: bool,
) -> None:
    with world() as made:
        made.write(some[:sealed])
        made.history.seal()
        together = [one.draft() for one in some[sealed:]]  # of one commit: known at one moment
        made.history.apply(made.log.append(together) if together else [])
        entries = _machines(made).read(kinds=[POSITIONS])
        named = tuple(entries[n % len(entries)].entry_id for n in chosen)
        if not raised:
            _decide(made, Destroy(named, ("anna", "chief"), "private"))
        for name in named if raised else ():
            _decide(made, Raise((name,), HIGH, tuple(sorted(rows))))
        assert made.history.is_to_be_revised
        if restarted:  # the decision stands in the log, and nobody had followed it
            made.history.close()
            made.history = made.opened()
        made.history.revise(_machines(made))
        assert not made.history.is_to_be_revised
        _agrees(made)
        made.history.seal()
        _agrees(made)
        made.history.close()
        made.history = made.opened()
        _agrees(made)


def test_a_disk_that_refuses_leaves_the_old_files_and_it_is_done_another_time() -> None:
    disk = FailingDisk(1_000, PowerLoss)
    with world(disk) as made:
        rows = [{"identifier": f"mmsi:{n}", **_row()} for n in range(3)]
        made.write([Written("denmark", frozenset(LABELS[:1]), rows)])
        made.history.seal()
        (entry,) = _machines(made).read(kinds=[POSITIONS])
        _decide(made, Destroy((entry.entry_id,), ("anna", "chief"), "private"))
        for steps in range(4):
            disk.steps_left = steps
            try:
                made.history.revise(_machines(made))
                break
            except PowerLoss:
                continue
        made.history.close()
        made.history = made.opened()
        made.history.revise(_machines(made))
        _agrees(made)
        folder = made.folder / "history"
        assert made.history.manifest.segments == ()
        assert [path.name for path in folder.iterdir()] == ["manifest.json"]
        for path in (rows_path(folder, "00000001"), runs_path(folder, "00000001")):
            assert not path.exists()


def _row() -> dict:
    return {
        "schema": "Vessel",
        "valid": 1_700_000_000_000_000,
        "received": 1_700_000_000_000_000,
        "report": "test",
        "longitude_deg": 10.0,
        "latitude_deg": 55.0,
    }
