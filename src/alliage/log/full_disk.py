"""Whether a full disk is behind an error, whoever met it: SQLite, a file, what stands between."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from pathlib import Path
from typing import Final

_FULL: Final = frozenset([errno.ENOSPC, errno.EDQUOT])
_LITTLE_BYTES: Final = 1024 * 1024


def is_full(error: BaseException, folder: Path | None = None) -> bool:
    """Whether a full disk is behind an error, or behind one that it stands for."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        if _says_full(one, folder):
            return True
        waiting += [one.__cause__, one.__context__, getattr(one, "orig", None)]
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions
    return False


def _says_full(error: BaseException, folder: Path | None) -> bool:
    if isinstance(error, OSError):
        return error.errno in _FULL
    if not isinstance(error, sqlite3.Error):
        return False
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    # What it maps into memory SQLite cannot enlarge, and calls that an error of the device.
    return code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _has_little(folder))


def _has_little(folder: Path | None) -> bool:
    try:
        return folder is not None and shutil.disk_usage(folder).free < _LITTLE_BYTES
    except OSError:
        return False
