"""A redaction reaches every file that was made from what it destroys, while the node runs."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from alliage.access.principal import Principal, Role
from alliage.actions.kinds import CreateObject
from alliage.actions.writer import Writing
from alliage.home import Home
from alliage.log import Draft
from alliage.log.revisions import REVISIONS_STREAM, Destroy
from alliage.node import Node
from alliage.ontology.audience import machine_audience
from alliage.ontology.observation import Kind
from alliage.ontology.times import to_text
from tests.node.conftest import LABEL, make_home, opened, until

ANNA = Principal("anna", "anna", "DNK", "SECRET", frozenset({Role.ANALYST}))
PRIVATE, OTHER = "mmsi:987654321", "mmsi:219000009"
NAME = "QUIXOTIC"


def _write(node: Node) -> list[str]:
    """Positions of two ships and the name of a yacht; the ids of what is to be destroyed."""
    label = node.config.people.to_label()
    for identifier in (PRIVATE, OTHER):
        row = {"identifier": identifier, "schema": "Vessel", "valid": to_text(node.clock.now_us())}
        where = {"latitude_deg": 54.0, "longitude_deg": 10.0}
        node.bulk.observations(Writing(ANNA, "log"), Kind.POSITION, [{**row, **where}], label)
    yacht = {"geometry": {"type": "Point", "coordinates": [11, 55]}, "name": NAME}
    node.actions.do(Writing(ANNA), CreateObject(schema="Place", properties=yacht))
    node.writer.drain()
    reader = node.log.reader(machine_audience(node.log.label_sets))
    told = [one for one in reader.read() if one.kind == "claims" and NAME in str(one.claims())]
    seen = reader.read(kinds=["observations:position"])
    seen = [one for one in seen if PRIVATE in str(one.observations().rows.to_pylist())]
    assert told
    assert seen
    return [one.entry_id for one in told + seen]


def _telling(home: Home, word: str) -> set[str]:
    """Names of the projections' files that hold a word, compressed or not."""
    found = set()
    for path in (home.folder / "projections").rglob("*"):
        if path.is_file():
            with contextlib.suppress(FileNotFoundError):  # it may be replaced while one looks
                content = path.read_bytes()
                said = content.decode("latin-1")
                if path.suffix == ".parquet":
                    said += str(pq.read_table(pa.BufferReader(content)).to_pydict())
                if word.upper() in said.upper():
                    found.add(path.name)
    return found


def test_what_was_destroyed_is_in_no_file_of_the_node(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home", f"\n[people]\nlabel = {LABEL}\n")

    def is_gone() -> bool:
        return not _telling(home, PRIVATE) | _telling(home, NAME)

    with opened(home) as node:
        entries = _write(node)
        asyncio.run(until(lambda: node.history.caught_up))
        node.history.seal()
        asyncio.run(until(lambda: len(_telling(home, NAME)) > 1 and bool(_telling(home, PRIVATE))))
        labels = frozenset([node.config.people.to_label()])
        decision = Destroy(tuple(entries), ("anna", "chief"), "private")
        node.writer.submit([Draft(REVISIONS_STREAM, labels, decision)]).result()
        asyncio.run(until(is_gone))
        assert _telling(home, OTHER)
        node.log.destroy_what_is_gone()
    kept = b"".join(path.read_bytes() for path in home.folder.rglob("*") if path.is_file())
    assert PRIVATE.encode() not in kept
    assert NAME.encode() not in kept
    with opened(home) as node:
        assert list(node.log.verify())[-1].fault is None
        assert is_gone()
