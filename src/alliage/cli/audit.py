"""Looking at a node's log as its owner, and ``alliage verify``: is it what was signed?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alliage.cli.exit_codes import ExitCode
from alliage.cli.home import Home, home_of, load_config
from alliage.cli.output import CommandError, Json, console, counted, give, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from alliage.log import Log, NodeKeys
    from alliage.log.checkpoint import SignedCheckpoint
    from alliage.log.verify import Verified

Kept = Annotated[
    list[Path] | None,
    typer.Option("--checkpoint", help="A checkpoint that somebody kept; may be given repeatedly."),
]


@contextmanager
def opened_log(folder: Path) -> Iterator[tuple[Log, NodeKeys]]:
    """A node's log, to look at; the node may be running or not.

    Raises:
        CommandError: there is no node or no log, or it cannot be read.
    """
    from sqlalchemy.exc import SQLAlchemyError

    from alliage.home import Home as NodeHome
    from alliage.log import EntryDamagedError, KeyFileError, Log, NodeKeys
    from alliage.log.segments import SegmentError
    from alliage.log.tree import TreeError
    from alliage.ontology.times import WallClock

    config = load_config(folder)
    home = NodeHome(folder)
    try:
        keys = NodeKeys.load(home.keys)
        log = Log.open(home.log, keys, config.node.name, WallClock(), read_only=True)
    except (FileNotFoundError, KeyFileError) as error:
        raise CommandError(str(error), ExitCode.HOME) from None
    except SQLAlchemyError as error:
        raise CommandError(f"{home.log}: cannot be read: {error}", ExitCode.FAILED) from None
    try:
        yield log, keys
    except (EntryDamagedError, SegmentError, TreeError) as error:
        raise CommandError(str(error), ExitCode.FAILED) from None
    finally:
        log.close()


def read_checkpoint(path: Path) -> SignedCheckpoint:
    """A checkpoint from a file.

    Raises:
        CommandError: the file is missing or holds something else.
    """
    from alliage.log.checkpoint import CheckpointError, SignedCheckpoint

    try:
        return SignedCheckpoint.parse(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, CheckpointError) as error:
        raise CommandError(f"{path}: no checkpoint: {error}", ExitCode.USAGE) from None


def verify(home: Home = None, checkpoint: Kept = None, json: Json = False) -> None:
    """Check the whole log: signatures, bodies, chain, Merkle tree, checkpoints and keys."""
    witnessed = [read_checkpoint(path) for path in checkpoint or ()]
    with opened_log(home_of(home)) as (log, keys):
        last = _walked(log, witnessed, show=not json)
        fault = last.fault
        if fault is None and last.key_id not in {None, keys.key_id}:
            fault = (
                f"the key file holds {keys.key_id}, and the log goes on with {last.key_id}; "
                "if `alliage keys rotate` was interrupted, run it again"
            )
    if json:
        give({"ok": fault is None, **asdict(last), "fault": fault})
    elif fault is None:
        checkpoints = counted(last.checkpoints, "checkpoint")
        if last.gone:
            say(f"{last.gone:,} bodies are gone by decisions that the log holds.")
        say(f"All is as it was signed: {last.good:,} of {last.total:,} entries, {checkpoints}.")
    else:
        say(f"{last.good:,} of {last.total:,} entries are good. Then:")
        typer.echo(fault)
    if fault is not None:
        raise typer.Exit(ExitCode.FAILED)


def _walked(log: Log, witnessed: Sequence[SignedCheckpoint], *, show: bool) -> Verified:
    steps = log.audit().verify(witnessed)
    *_, last = _shown(steps) if show else steps
    return last


def _shown(steps: Iterable[Verified]) -> Iterator[Verified]:
    """The same, with a bar for who waits at a terminal."""
    from rich.progress import Progress

    with Progress(console=console(stderr=True), transient=True) as progress:
        task = progress.add_task("entries", total=None)
        for step in steps:
            progress.update(task, completed=step.good, total=step.total)
            yield step
