"""Kept original bytes read again by today's decoder, and what it finds put in the old rows' place.

The old rows stay in the log and count for what was known before; a revision says which they are
and which decoder read anew (docs/decisions/0164).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
import pyarrow as pa

from alliage.access.audit import Act, AuditEvent, audit_draft
from alliage.config_sources import resolve_source
from alliage.feeds.connection import Connection
from alliage.feeds.contract import Chunk, Decoded, Feed
from alliage.feeds.sink import MAX_CLAIMS_A_DRAFT
from alliage.log import Draft
from alliage.log.bodies import MAX_ROWS, OBSERVATION_KINDS
from alliage.log.entry import Entry
from alliage.log.original import ORIGINAL, Event, Happened
from alliage.log.originals import APART_US, received_us
from alliage.log.reader import LogReader, pages
from alliage.log.revisions import REVISIONS_STREAM, Supersede
from alliage.node import Node
from alliage.ontology.audience import machine_audience
from alliage.ontology.label import LabelSet
from alliage.ontology.observation import ObservationBatch
from alliage.redecoded_claims import ClaimChanges, claims_read_again

HOUR_US: Final = 3_600_000_000
ENTRIES_A_BATCH: Final = 1_000
"""Of more hours longer entries are made."""


class RedecodeError(Exception):
    """These bytes cannot be read again, or not put in place of what there is; says why."""


@dataclass(frozen=True, slots=True)
class Redecoded:
    """What today's decoder makes of a source's kept bytes, against what is in the log.

    ``same``, ``gone`` and ``fresh`` count observations; ``claims`` are what they give rise to;
    ``before`` are the decoders of then.
    """

    source: str
    labels: LabelSet
    decoder: str
    before: tuple[str, ...]
    from_us: int
    to_us: int
    size: int
    same: int
    gone: int
    fresh: int
    batches: tuple[ObservationBatch, ...]
    old: tuple[str, ...]
    claims: ClaimChanges

    @property
    def differs(self) -> bool:
        """Whether anything would change."""
        claims = self.claims
        return bool(self.gone or self.fresh or claims.gone or claims.fresh)


def redecode(node: Node, source: str, from_us: int | None, to_us: int | None) -> Redecoded:
    """Read kept bytes again; nothing is written.

    Args:
        node: open, and not serving.
        source: its name.
        from_us: bytes received at this time or later; None from the first on.
        to_us: before this time; None to the last.

    Raises:
        RedecodeError: there are none, too many, or their rows were revised.
    """
    reader = node.log.reader(machine_audience(node.log.label_sets))
    read = partial(
        reader.read,
        kinds=[ORIGINAL],
        streams=[source],
        valid_from_us=from_us,
        valid_to_us=to_us,
    )
    originals = [entry for page in pages(read) for entry in page]
    if not originals:
        raise RedecodeError(
            f"no bytes of {source!r} are kept of that time; a source with `keep_original = true` "
            "keeps them from then on"
        )
    labels = _one_label(source, originals)
    begin_us = min(entry.valid_min_us or 0 for entry in originals)
    end_us = max(entry.valid_max_us or 0 for entry in originals)
    feed, decoded = _read_again(node, source, originals, end_us)
    fresh = [batch for one in decoded for batch in one.batches if batch.rows.num_rows]
    old = list(_old(reader, source, originals, begin_us, end_us))
    _check(old, labels, fresh)
    inside, outside = _parted(old, begin_us, end_us)
    before, after = _counted(inside), _counted(fresh)
    bodies = [entry.original() for entry in originals]
    return Redecoded(
        source=source,
        labels=labels,
        decoder=f"{feed.manifest.name}@{feed.manifest.version}",
        before=tuple(sorted({f"{body.feed}@{body.version}" for body in bodies})),
        from_us=begin_us,
        to_us=end_us,
        size=sum(body.size for body in bodies),
        same=(before & after).total(),
        gone=(before - after).total(),
        fresh=(after - before).total(),
        batches=(*fresh, *outside),
        old=tuple(entry.entry_id for entry in old),
        claims=claims_read_again(node, source, labels, originals[0].number, inside, decoded),
    )


def put_in_place(node: Node, found: Redecoded, user: str, reason: str) -> None:
    """Log the new rows, and that they stand in the old ones' place: all of it or nothing.

    Args:
        node: the one that read them.
        found: by :func:`redecode`.
        user: who wants it, as the machine knows them.
        reason: why.
    """
    claims = found.claims
    details = {"decoder": found.decoder, "gone": found.gone, "fresh": found.fresh}
    details |= {"claims_gone": len(claims.gone), "claims_fresh": len(claims.fresh)}
    event = AuditEvent(
        Act.SOURCE_REDECODED,
        user=user,
        program="alliage history redecode",
        on=(found.source,),
        labels=found.labels,
        reason=reason,
        decision="the machine's own administrator",
        details={**details, "before": list(found.before)},
    )
    parts = (part for batch in found.batches for part in _in_short_entries(batch))
    drafts = [Draft(found.source, found.labels, part, alone=True) for part in parts]
    said = claims.as_claims(node.clock.now_us(), reason)
    for start in range(0, len(said), MAX_CLAIMS_A_DRAFT):
        part = said[start : start + MAX_CLAIMS_A_DRAFT]
        drafts.append(Draft(found.source, found.labels, part))
    decision = Supersede(found.old, found.decoder, reason)
    drafts += [Draft(REVISIONS_STREAM, found.labels, decision), audit_draft(event)]
    node.writer.submit(drafts).result()  # of one submission, so of one commit


def _one_label(source: str, originals: Sequence[Entry]) -> LabelSet:
    found = {entry.labels for entry in originals}
    if len(found) > 1:
        raise RedecodeError(
            f"{source!r} had several labels in that time: choose one with --from and --to"
        )
    return found.pop()


def _read_again(
    node: Node, source: str, originals: Sequence[Entry], end_us: int
) -> tuple[Feed, list[Decoded]]:
    """The feed, and what its decoder makes of these bytes now."""
    names = {entry.original().feed for entry in originals}
    feed = node.feeds.get(min(names))
    if len(names) > 1 or feed is None:
        raise RedecodeError(f"{source!r} came in formats that are not one: {', '.join(names)}")
    configured = next((one for one in node.config.sources if one.name == source), None)
    if configured is not None and configured.format == feed.manifest.name:
        options = resolve_source(configured, node.feeds).options
    else:
        options = feed.options_model()
    connections: dict[str, Connection] = {}
    found: list[Decoded] = []
    for entry in originals:
        body = entry.original()
        for key, events in _runs(body.events, joins=feed.manifest.joins_peers):
            if key not in connections:
                connections[key] = Connection(feed, options, body.datagrams, node.check)
            found.append(_again(connections, key, events))
    found += [connection.flush(end_us) for connection in connections.values()]
    return feed, found


def _runs(events: Sequence[Event], *, joins: bool) -> Iterator[tuple[str, list[Event]]]:
    """Bytes of one decoder that came in a row, together; everything else by itself."""
    run: list[Event] = []
    for event in events:
        key = "" if joins else event.peer
        if run and (event.happened or ("" if joins else run[0].peer) != key):
            yield "" if joins else run[0].peer, run
            run = []
        if event.happened:
            yield key, [event]
        else:
            run.append(event)
    if run:
        yield "" if joins else run[0].peer, run


def _again(connections: dict[str, Connection], key: str, events: Sequence[Event]) -> Decoded:
    """What happened then, once more."""
    connection, event = connections[key], events[0]
    match event.happened:
        case Happened.BYTES:
            return connection.feed([Chunk(one.data, one.received_us, one.peer) for one in events])
        case Happened.PAUSE:
            return connection.flush(event.received_us)
        case Happened.PEER_ENDED:
            return connection.end_peer(event.peer, bool(event.data))
        case Happened.CLOSED:
            del connections[key]
    return connection.finish(event.received_us, bool(event.data))


def _old(
    reader: LogReader, source: str, originals: Sequence[Entry], begin_us: int, end_us: int
) -> Iterator[Entry]:
    """Entries with rows that were received in this time; they were logged soon after."""
    after = reader.number_known_by(min(begin_us, originals[0].known_us) - APART_US)
    up_to = reader.number_known_by(originals[-1].known_us + APART_US)
    read = partial(reader.read, kinds=OBSERVATION_KINDS, streams=[source])
    for page in pages(read, after):
        for entry in page:
            if entry.number > up_to:
                return
            first_us, last_us = received_us(entry)
            if first_us <= end_us and last_us >= begin_us:
                yield entry


def _check(old: Sequence[Entry], labels: LabelSet, fresh: Sequence[ObservationBatch]) -> None:
    if any(entry.labels != labels for entry in old):
        raise RedecodeError(
            "labels of some of these rows were raised since: choose a time around them, by --from "
            "and --to"
        )
    rows = max(sum(batch.rows.num_rows for batch in fresh), sum(entry.rows for entry in old))
    if rows > MAX_ROWS:
        raise RedecodeError(f"{rows:,} rows at once, at most {MAX_ROWS:,}: choose a shorter time")


def _parted(
    old: Sequence[Entry], begin_us: int, end_us: int
) -> tuple[list[ObservationBatch], list[ObservationBatch]]:
    """Rows that were received in this time, and rows beside them in the same entries."""
    inside: list[ObservationBatch] = []
    outside: list[ObservationBatch] = []
    for entry in old:
        batch = entry.observations()
        times = batch.rows.column("received").cast(pa.int64()).to_numpy()
        within = (times >= begin_us) & (times <= end_us)
        for found, mask in ((inside, within), (outside, ~within)):
            if np.any(mask):
                rows = batch.rows.filter(pa.array(mask))
                found.append(ObservationBatch(batch.kind, rows, urgent=batch.urgent))
    return inside, outside


def _in_short_entries(batch: ObservationBatch) -> Iterator[ObservationBatch]:
    """The rows hour by hour, as if they had come so.

    An entry of months would be opened for each of its hours, and destroyed as a whole.
    """
    valid_us = batch.rows.column("valid").cast(pa.int64()).to_numpy()
    span_us = int(valid_us.max()) - int(valid_us.min())
    hours = valid_us // max(HOUR_US, span_us // ENTRIES_A_BATCH)
    for hour in np.unique(hours):
        rows = batch.rows.filter(pa.array(hours == hour))
        yield ObservationBatch(batch.kind, rows, urgent=batch.urgent)


def _counted(batches: Sequence[ObservationBatch]) -> Counter[str]:
    """Rows as text, without regard to their order and to columns that say nothing."""
    return Counter(
        f"{batch.kind} {sorted(_said(row).items())}"
        for batch in batches
        for row in batch.rows.to_pylist()
    )


def _said(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}
