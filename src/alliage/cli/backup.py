"""``alliage backup`` and ``alliage restore``: a node in one file, and back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alliage.cli.audit_trail import note
from alliage.cli.exit_codes import ExitCode
from alliage.cli.home import Home, home_of, load_config
from alliage.cli.output import CommandError, Json, console, counted, give, say

if TYPE_CHECKING:
    from alliage.backup import Manifest, OnProgress
    from alliage.home import Home as NodeHome

Target = Annotated[Path, typer.Argument(help="The backup, e.g. node.tar.zst. Keep it secret.")]
Source = Annotated[Path, typer.Argument(help="The backup.")]


def backup(file: Target, home: Home = None, json: Json = False) -> None:
    """Write everything of a node that cannot be made again to one file. It may be running."""
    from alliage.backup import BackupError, back_up
    from alliage.home import Home as NodeHome
    from alliage.ontology.times import WallClock

    folder = home_of(home)
    name = load_config(folder).node.name
    try:
        with _progress(file.name) as progress:
            manifest = back_up(NodeHome(folder), name, WallClock(), file.absolute(), progress)
    except (BackupError, OSError) as error:
        raise CommandError(str(error), ExitCode.FAILED) from None
    note(folder, "node.backed-up", "alliage backup", files=len(manifest.files))
    _tell(manifest, file, json)
    if not json:
        say("It holds the node's keys and accounts: whoever has it can be this node.")


def restore(file: Source, home: Home = None, json: Json = False) -> None:
    """Make a node's folder from a backup, and check every entry of its log."""
    from alliage.backup import BackupError
    from alliage.backup import restore as restore_from

    folder = home_of(home)
    try:
        with _progress(file.name) as progress:
            manifest = restore_from(file, folder, _check, progress)
    except (BackupError, OSError) as error:
        raise CommandError(str(error), ExitCode.FAILED) from None
    _tell(manifest, folder, json)
    if not json:
        say("Start it with `alliage run`. Two nodes with the same keys must never run at once.")


def _check(home: NodeHome) -> None:
    """Verify the log that was unpacked."""
    from alliage.backup import BackupError
    from alliage.log import KeyFileError, Log, NodeKeys
    from alliage.ontology.times import WallClock

    try:
        log = Log.open(home.log, NodeKeys.load(home.keys), "", WallClock(), read_only=True)
    except (FileNotFoundError, KeyFileError) as error:
        raise BackupError(str(error)) from error
    try:
        for step in log.verify():
            if step.fault is not None:
                raise BackupError(f"its log is damaged: {step.fault}")
    finally:
        log.close()


def _tell(manifest: Manifest, path: Path, json: bool) -> None:
    if json:
        give(
            {
                "path": str(path),
                "node": manifest.node,
                "made": manifest.made,
                "files": len(manifest.files),
                "bytes": manifest.size,
            }
        )
    else:
        files = counted(len(manifest.files), "file")
        say(f"{path}: node {manifest.node} as of {manifest.made}, {files}, {manifest.size:,} bytes")


@contextmanager
def _progress(name: str) -> Iterator[OnProgress]:
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    shown = console(stderr=True)
    with Progress(*columns, console=shown, disable=not shown.is_terminal) as bar:
        task = bar.add_task(name, total=None)

        def update(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total or None)

        yield update
