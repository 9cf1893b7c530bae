"""What a node takes up of commands beside it, and what it no longer keeps."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import structlog

from alliage.access.audit import Act, Audit, AuditEvent, audit_draft
from alliage.access.audit_spool import take_up
from alliage.config import Config
from alliage.log import Draft, Log
from alliage.log.bodies import REPORTED_KINDS
from alliage.log.decided import is_dropped
from alliage.log.reader import LogReader, pages
from alliage.log.revisions import REVISIONS_STREAM, Drop
from alliage.log.writer import Writer
from alliage.ontology.derived import plots_of, tracks_of
from alliage.ontology.label import LabelSet
from alliage.ontology.times import Clock

SPOOL_S: Final = 5.0
RETENTION_S: Final = 3_600.0
PICTURE_S: Final = 600.0
DAY_US: Final = 86_400_000_000

_log = structlog.get_logger(__name__)


class Housekeeping:
    """Runs beside the server until it is cancelled."""

    def __init__(
        self,
        config: Config,
        labels: Mapping[str, LabelSet],
        log: Log,
        reader: LogReader,
        writer: Writer,
        spool: Path,
        clock: Clock,
        changed: Callable[[], Iterable[Draft]],
        keep_picture: Callable[[], object],
    ) -> None:
        """Take what it works with.

        Args:
            config: the node's.
            labels: by source.
            log: the node's.
            reader: reads it as the node's machines do.
            writer: of the log.
            spool: where commands leave what they have done.
            clock: real time.
            changed: what of the node's authority is another than the log says.
            keep_picture: writes it to the disk, so that the next start is a quick one.
        """
        self._keep_days = {
            stream: source.keep_days
            for source in config.sources
            if source.keep_days is not None
            for stream in (source.name, tracks_of(source.name))
        }
        self._labels = labels
        self._log = log
        self._reader = reader
        self._writer = writer
        self._audit = Audit(writer.submit)
        self._spool = spool
        self._clock = clock
        self._changed = changed
        self._keep_picture = keep_picture

    def begin(self) -> None:
        """Write down by which authority the node acts from now on; before anybody can act."""
        take_up(self._spool, self._audit.first)  # first: who changed something says so there
        self._audit.write([*self._changed()])

    async def run(self) -> None:
        """Take up what commands left every few seconds, and every hour drop what is too old.

        Every ten minutes the picture is kept.
        """
        waited_s, picture_s = RETENTION_S, 0.0
        while True:
            try:
                await asyncio.to_thread(take_up, self._spool, self._audit.first)
                if waited_s >= RETENTION_S:
                    waited_s = 0.0
                    await asyncio.to_thread(self.drop_what_is_too_old)
            except OSError as error:
                _log.warning("housekeeping: failed, and is tried again", error=str(error))
            if picture_s >= PICTURE_S:
                picture_s = 0.0
                await asyncio.to_thread(self.keep_picture)
            await asyncio.sleep(SPOOL_S)
            waited_s += SPOOL_S
            picture_s += SPOOL_S

    def keep_picture(self) -> None:
        """Write the picture to the disk; without it the next start takes longer, and no more."""
        try:
            self._keep_picture()
        except OSError as error:
            _log.warning("housekeeping: the picture was not kept", error=str(error))

    def drop_what_is_too_old(self) -> int:
        """Drop the bodies of observations that their sources keep no longer.

        Headers stay, so that the log verifies; the decision is an entry itself.

        Returns:
            How many streams had something to drop.
        """
        now_us = self._clock.now_us()
        drops = [
            self._drop(name, now_us - round(days * DAY_US))
            for name, days in self._keep_days.items()
        ]
        found = [drop for drop in drops if _has_some(self._reader, drop)]
        if found:
            self._writer.submit(list(self._decided(found))).result()
        self._log.destroy_what_is_gone()
        return len(found)

    def _drop(self, stream: str, before_us: int) -> Drop:
        """What the node has had for so long: an old recording stays from when it was loaded."""
        return Drop(stream, before_us, self._reader.number_known_by(before_us), before_us)

    def _decided(self, drops: Sequence[Drop]) -> Iterator[Draft]:
        for drop in drops:
            labels = self._labels[plots_of(drop.stream) or drop.stream]
            yield Draft(REVISIONS_STREAM, labels, drop)
            event = AuditEvent(
                Act.RETENTION_APPLIED,
                on=(drop.stream,),
                labels=labels,
                decision="keep_days in the source's configuration",
                details={"before_us": drop.before_us},
            )
            yield audit_draft(event)


def _has_some(reader: LogReader, drop: Drop) -> bool:
    read = partial(
        reader.read,
        kinds=REPORTED_KINDS,
        streams=[drop.stream],
        valid_to_us=drop.before_us,
        up_to=drop.up_to,
        all_versions=True,
    )
    return any(is_dropped(entry, drop) for page in pages(read) for entry in page)
