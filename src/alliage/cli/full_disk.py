"""A full disk is told in words and with a way out, by every command."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from alliage.cli.exit_codes import ExitCode
from alliage.cli.output import CommandError

_FULL: Final = frozenset([errno.ENOSPC, errno.EDQUOT])
_LITTLE_BYTES: Final = 1024 * 1024


@contextmanager
def full_disk_told(folder: Path | None = None) -> Iterator[None]:
    """Turn what a full disk raises into an error that says what to do.

    Args:
        folder: the node's, where it is known; its disk is named.

    Raises:
        CommandError: the disk is full.
    """
    try:
        yield
    except CommandError:
        raise  # told already
    except Exception as error:
        if not _is_full(error, folder):
            raise
        where = "" if folder is None else f"{folder}: "
        raise CommandError(
            f"{where}the disk is full, or a quota of it is used up, and nothing can be written. "
            "Make room on it, or move the folder to a larger disk, and try again: what was in the "
            "node's log is still there",
            ExitCode.HOME,
        ) from None


def _is_full(error: BaseException, folder: Path | None) -> bool:
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
