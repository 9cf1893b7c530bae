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
    from alliage.config import ConfigError
    from alliage.configured import configured_files
    from alliage.home import Home as NodeHome
    from alliage.ontology.times import WallClock

    folder = home_of(home)
    config, node = load_config(folder), NodeHome(folder)
    try:
        config.load_policy()
        named = configured_files(config, node.config.read_text(encoding="utf-8"))
        with _progress(file.name) as progress:
            target, clock = file.absolute(), WallClock()
            manifest = back_up(node, config.node.name, clock, target, progress, named)
    except ConfigError as error:
        raise CommandError(error.problems, ExitCode.CONFIGURATION) from None
    except (BackupError, OSError) as error:
        raise CommandError(str(error), ExitCode.FAILED) from None
    note(folder, "node.backed-up", "alliage backup", files=len(manifest.files))
    _tell(manifest, file, json, not_in_it=list(named.left_out))
    if not json:
        for left_out in named.left_out:
            say(f"Not in it: {left_out}")
        say("It holds the node's keys and accounts: whoever has it can be this node.")


def restore(file: Source, home: Home = None, json: Json = False) -> None:
    """Make a node's folder from a backup; check every entry of its log, and its configuration."""
    from alliage.backup import BackupError
    from alliage.backup import restore as restore_from
    from alliage.home import Home as NodeHome

    folder = home_of(home)
    try:
        with _progress(file.name) as progress:
            manifest = restore_from(file, folder, _check, progress)
    except (BackupError, OSError) as error:
        raise CommandError(str(error), ExitCode.FAILED) from None
    problems = _problems(NodeHome(folder))
    _tell(manifest, folder, json, problems=problems)
    if not json:
        for problem in problems:
            say(f"Its configuration needs a look: {problem}")
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


def _problems(home: NodeHome) -> list[str]:
    """What of the configuration would not do here; it may name what is on another machine."""
    from alliage.config import Config, ConfigError

    try:
        config = Config.load(home.config)
        config.load_policy()
    except ConfigError as error:
        return error.problems
    labels = config.labels.problems(config.labels.load())
    return [*labels, *config.ontology.problems(config.ontology.load())]


def _tell(manifest: Manifest, path: Path, json: bool, **more: list[str]) -> None:
    if json:
        told = {"path": str(path), "node": manifest.node, "made": manifest.made}
        give({**told, "files": len(manifest.files), "bytes": manifest.size, **more})
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
