"""A full disk is told in words and with a way out, by every command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alliage.cli.exit_codes import ExitCode
from alliage.cli.output import CommandError


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
        from alliage.log.full_disk import is_full

        if not is_full(error, folder):
            raise
        where = "" if folder is None else f"{folder}: "
        raise CommandError(
            f"{where}the disk is full, or a quota of it is used up, and nothing can be written. "
            "Make room on it, or move the folder to a larger disk, and try again: what was in the "
            "node's log is still there",
            ExitCode.HOME,
        ) from None
