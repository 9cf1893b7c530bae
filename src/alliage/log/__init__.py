"""The node's memory: signed entries, appended, read and subscribed to as an audience."""

from alliage.log.bodies import AuditRecord, BodyError, SourceChange
from alliage.log.entry import Draft, Entry, EntryDamagedError
from alliage.log.keys import KeyFileError, NodeKeys
from alliage.log.reader import CursorError, LogReader, Page, Subscription
from alliage.log.store import KeyNotInForceError, Log, LogClosedError, LogInUseError

__all__ = [
    "AuditRecord",
    "BodyError",
    "CursorError",
    "Draft",
    "Entry",
    "EntryDamagedError",
    "KeyFileError",
    "KeyNotInForceError",
    "Log",
    "LogClosedError",
    "LogInUseError",
    "LogReader",
    "NodeKeys",
    "Page",
    "SourceChange",
    "Subscription",
]
