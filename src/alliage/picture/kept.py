"""The picture kept on the disk from one start of the node to the next: when, and when not.

The log is the truth, and a file that may say otherwise is never read: it has to be of this log and
this version, and nothing that it was made of may have been revised since (docs/decisions/0232).
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from pathlib import Path

import structlog

from alliage.history.files import Disk
from alliage.log.decided import revisions_of
from alliage.log.entry import Entry
from alliage.log.reader import LogReader
from alliage.log.revisions import REVISION, Drop, Supersede
from alliage.picture.kept_rows import KeptRows, KeptRowsError
from alliage.picture.picture import Picture
from alliage.picture.restore import NO_REPLAYS

_log = structlog.get_logger(__name__)


class KeptPicture:
    """Comes after all others of the log's consumers, as what they have followed is what is kept."""

    def __init__(self, path: Path, log: LogReader, disk: Disk | None = None) -> None:
        """``log`` is read as the node's machines do."""
        self._path, self._reader, self._disk = path, log, disk or Disk()
        self._lock = threading.Lock()
        self._last: tuple[int, str] | None = None  # number and id of the entry followed last
        self._is_old = False

    def apply(self, entries: Sequence[Entry]) -> None:
        """Note how far the picture has come; called in the writer's thread, after each commit."""
        revisions = [entry.revision() for entry in entries if entry.kind == REVISION]
        if revisions:
            self.forget()
        # Rows in place of others come into the picture at the next start only.
        self._is_old = self._is_old or any(isinstance(one, Supersede) for one in revisions)
        if entries:
            self._last = entries[-1].number, entries[-1].entry_id

    def keep(self, picture: Picture, replays: Collection[str] = NO_REPLAYS) -> bool:
        """Write the picture as it stands, in place of what was kept before; of replays nothing.

        Returns:
            Whether there was anything new to keep.

        Raises:
            OSError: the disk refused; what was kept before stands.
        """
        with self._lock:
            if self._last is None or self._is_old:
                return False
            # First the number: what is in the rows beyond it is applied once more, and says the
            # same again.
            (number, entry_id), self._last = self._last, None
            rows, left_out = picture.reported_rows(replays)
            kept = KeptRows(rows, number, entry_id, left_out)
            self._disk.publish(self._path, kept.write)
            return True

    def forget(self) -> None:
        """Take the file away: something that it was made of is decided otherwise."""
        with self._lock:
            self._disk.remove(self._path)

    def begin(self, last_number: int) -> KeptRows | None:
        """What was kept, if it says what the log says; if not, it is taken away.

        Args:
            last_number: of the log's newest entry, up to which the picture is restored.
        """
        newest = self._reader.id_of(last_number)
        self._last = None if newest is None else (last_number, newest)
        try:
            found = KeptRows.read(self._path)
        except FileNotFoundError:
            return None
        except (KeptRowsError, OSError) as error:
            _log.warning("picture.not_kept", error=str(error), remedy="made again from the log")
            found = None
        if found is not None and self._is_of_this_log(found) and not self._is_revised(found):
            return found
        try:
            self.forget()
        except OSError as error:  # it is not read either way
            _log.warning("picture.not_taken_away", error=str(error))
        return None

    def _is_of_this_log(self, found: KeptRows) -> bool:
        return self._reader.id_of(found.number) == found.entry_id

    def _is_revised(self, found: KeptRows) -> bool:
        since = revisions_of(self._reader, found.number)
        return any(not isinstance(entry.revision(), Drop) for entry in since)
