"""Files that are there whole or not at all: written under another name, synced, then renamed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

TEMPORARY: Final = ".tmp"


class Disk:
    """What the projection does to the disk, one step a method; a test may let any step fail."""

    def publish(self, path: Path, write: Callable[[Path], None]) -> None:
        """Write a file through ``write``, which gets a temporary path; it lasts when this returns.

        Raises:
            OSError: the disk refused; nothing is there under the name.
        """
        temporary = path.with_name(path.name + TEMPORARY)
        try:
            write(temporary)
            self.sync(temporary)
            self.rename(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        self.sync(path.parent)

    def sync(self, path: Path) -> None:
        """Make a file's bytes, or a folder's names, last."""
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def rename(self, temporary: Path, path: Path) -> None:
        """Give a file its name, in place of what had it."""
        temporary.replace(path)

    def remove(self, path: Path) -> None:
        """Take a file away; one that is gone already is no error."""
        path.unlink(missing_ok=True)
