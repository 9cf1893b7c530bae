"""``alliage history``: what the quick memory of positions holds, and how to make it anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from alliage.cli.exit_codes import ExitCode
from alliage.cli.home import Home, home_of, load_config
from alliage.cli.output import CommandError, Json, counted, give, give_table, say

if TYPE_CHECKING:
    from alliage.history.manifest import Manifest

app = typer.Typer(
    no_args_is_help=True, help="The positions of the past as files: how many, and made anew."
)


@app.command("status")
def status(home: Home = None, json: Json = False) -> None:
    """Say what the history holds on the disk. The node may be running or not."""
    from alliage.history.manifest import Manifest
    from alliage.home import Home as Folders

    folder = home_of(home)
    load_config(folder)
    manifest = Manifest.load(Folders(folder).history)
    if manifest is None:
        message = f"{folder}: no history here yet; a node makes it when it runs"
        raise CommandError(message, ExitCode.HOME)
    told = _told(manifest)
    if json:
        give(told)
    else:
        give_table(["", ""], [[name.replace("_", " "), value] for name, value in told.items()])


@app.command("rebuild")
def rebuild(home: Home = None, json: Json = False) -> None:
    """Make the history anew from the log. The node must not be running."""
    from alliage.home import Home as Folders
    from alliage.log import KeyFileError, Log, LogInUseError, NodeKeys
    from alliage.ontology.times import WallClock

    folder = home_of(home)
    config = load_config(folder)
    folders = Folders(folder)
    try:
        keys = NodeKeys.load(folders.keys)
        log = Log.open(folders.log, keys, config.node.name, WallClock())
    except (KeyFileError, LogInUseError) as error:
        raise CommandError(str(error), ExitCode.HOME) from None
    try:
        manifest = _rebuilt(folders.history, log, config.keep_of, quiet=json)
    finally:
        log.close()
    if json:
        give(_told(manifest))
    else:
        say(f"{counted(sum(one.rows for one in manifest.segments), 'row')} from the log.")


def _rebuilt(folder: Path, log: Any, keep_of: Any, *, quiet: bool) -> Manifest:
    from alliage.history.store import History, Progress
    from alliage.ontology.audience import machine_audience
    from alliage.ontology.times import WallClock

    def tell(progress: Progress) -> None:
        if not quiet:
            share = progress.number / max(1, progress.last_number)
            typer.echo(f"\r{share:4.0%}  {counted(progress.rows, 'row')}", err=True, nl=False)

    history = History(folder, WallClock(), keep_of)
    history.clear()
    history.catch_up(log.reader(machine_audience(log.label_sets)), log.last_number, tell)
    history.seal()
    while history.compact():
        pass
    history.close()
    if not quiet:
        say("")
    return history.manifest


def _told(manifest: Manifest) -> dict[str, Any]:
    from alliage.ontology.times import to_text

    rows = sum(one.rows for one in manifest.segments)
    size = sum(one.bytes for one in manifest.segments)
    oldest = min((one.valid_min_us for one in manifest.segments), default=None)
    newest = max((one.valid_max_us for one in manifest.segments), default=None)
    return {
        "files": len(manifest.segments),
        "rows": rows,
        "bytes": size,
        "bytes_per_position": round(size / rows, 2) if rows else None,
        "oldest": None if oldest is None else to_text(oldest),
        "newest": None if newest is None else to_text(newest),
    }
