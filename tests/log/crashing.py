"""A process that writes a log until it is killed, telling what was acknowledged over a pipe."""

from __future__ import annotations

from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from alliage.log import Draft, Log, NodeKeys
from alliage.log.entry import Entry
from alliage.log.original import Event, Happened, Original
from alliage.log.writer import Writer
from alliage.ontology.times import WallClock
from tests.log.support import DANES, FRENCH, claim, positions

SEGMENT_BYTES = 40_000


def write_on(folder: Path, keys_folder: Path, told: Connection) -> None:
    """Open the log and write without end; each message is the ids of one committed group."""
    told.send([])  # now anything may happen
    log = Log.open(
        folder,
        NodeKeys.load(keys_folder),
        "node-1",
        WallClock(),
        segment_bytes=SEGMENT_BYTES,
    )

    def tell(entries: Sequence[Entry]) -> None:
        told.send([entry.entry_id for entry in entries])

    writer = Writer(log, [tell], flush_s=0.0)
    number = log.last_number
    while True:
        writer.submit(group(number))
        number += len(group(number))


def group(number: int) -> list[Draft]:
    """Drafts of several streams, labels and sizes; what they say follows from the number."""
    heard = Event(Happened.BYTES, number, "", b"%d" % number * 100)
    return [
        Draft("denmark", DANES, (claim(number), claim(number + 1))),
        Draft("france", FRENCH, (claim(number),)),
        Draft("brest", FRENCH, positions([f"mmsi:{n}" for n in range(1 + number % 7 * 50)])),
        Draft("brest", FRENCH, Original("ais", 1, False, (heard,))),
    ]
