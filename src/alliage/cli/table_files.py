"""Tables in files, for the commands that need no node."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alliage.cli.exit_codes import ExitCode
from alliage.cli.output import CommandError

if TYPE_CHECKING:
    import pyarrow as pa

    from alliage.export.files import Write


def read_table(file: Path, what: str) -> pa.Table:
    """The file's table; ``what`` is in its rows.

    Raises:
        CommandError: it is not there, or is neither CSV nor Parquet.
    """
    import pyarrow as pa
    from pyarrow import csv, parquet

    try:
        if file.suffix == ".parquet":
            return parquet.read_table(file)
        if file.suffix == ".csv":
            return csv.read_csv(file)
    except (OSError, pa.ArrowException) as error:
        raise CommandError(f"{file}: {error}", ExitCode.FAILED) from None
    raise CommandError(f"{file}: {what} are read from .csv or .parquet", ExitCode.USAGE)


def writer_of(file: Path) -> Write:
    """What writes the format of the file's suffix.

    Raises:
        CommandError: there is no such format.
    """
    from alliage.export.files import WRITERS

    write = WRITERS.get(file.suffix.removeprefix("."))
    if write is None:
        raise CommandError(f"{file}: its suffix is none of {', '.join(WRITERS)}", ExitCode.USAGE)
    return write


def write_table(file: Path, table: pa.Table) -> int:
    """Write a table in the format of the file's suffix; returns how many rows were written.

    Raises:
        CommandError: there is no such format, or the file cannot be written.
    """
    write = writer_of(file)
    try:
        return write(file, table.schema, table.to_batches())
    except (OSError, ValueError) as error:
        raise CommandError(f"{file}: {error}", ExitCode.FAILED) from None
