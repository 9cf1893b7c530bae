"""``alliage history``: what the quick memory of positions holds, and how to make it anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alliage.cli.exit_codes import ExitCode
from alliage.cli.home import Home, home_of, load_config
from alliage.cli.output import CommandError, Json, counted, give, give_table, say
from alliage.cli.selection import parse_selection

if TYPE_CHECKING:
    from alliage.history.manifest import Manifest
    from alliage.redecode import Redecoded

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
    told = _told(manifest) | {"rows_not_in_files_yet": _rows_after(folder, manifest.number)}
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


@app.command("redecode")
def redecode(
    source: Annotated[str, typer.Argument(help="A source that keeps its original bytes.")],
    time_from: Annotated[
        str | None, typer.Option("--from", metavar="TIME", help="Received at or after this time.")
    ] = None,
    time_to: Annotated[
        str | None, typer.Option("--to", metavar="TIME", help="Received before this time.")
    ] = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Put what differs in place; without it, only say so.")
    ] = False,
    reason: Annotated[str, typer.Option(help="Why, for the audit.")] = "",
    home: Home = None,
    json: Json = False,
) -> None:
    """Read kept bytes again with today's decoder. The node must not be running.

    Says how many observations and claims would differ. With --apply they are logged as a new
    version; the old ones stay in the log and count for what was known until now.
    """
    import getpass

    from alliage.cli.serving import opened
    from alliage.redecode import RedecodeError, put_in_place
    from alliage.redecode import redecode as read_again
    from alliage.server.logs import configure_logs

    if apply and not reason.strip():
        raise CommandError("--apply takes a --reason: why it is read again", ExitCode.USAGE)
    folder = home_of(home)
    config = load_config(folder)
    configure_logs("warning")
    times = parse_selection(None, None, time_from, time_to, None)
    with opened(config, folder) as node:
        try:
            found = read_again(node, source, times.from_us, times.to_us)
        except RedecodeError as error:
            raise CommandError(str(error), ExitCode.FAILED) from None
        if apply and found.differs:
            put_in_place(node, found, f"machine:{getpass.getuser()}", reason.strip())
    told = _read_again_told(found)
    if json:
        give({**told, "applied": apply and found.differs})
        return
    give_table(["", ""], [[name.replace("_", " "), value] for name, value in told.items()])
    if not found.differs:
        say("Nothing differs.")
    else:
        say("It is logged as a new version." if apply else "Nothing was written: see --apply.")


def _read_again_told(found: Redecoded) -> dict[str, Any]:
    from alliage.ontology.times import to_text

    return {
        "source": found.source,
        "decoder": found.decoder,
        "read_then_by": ", ".join(found.before),
        "from": to_text(found.from_us),
        "to": to_text(found.to_us),
        "bytes": found.size,
        "same": found.same,
        "no_longer_said": found.gone,
        "newly_said": found.fresh,
        "claims_no_longer_made": len(found.claims.gone),
        "claims_newly_made": len(found.claims.fresh),
    }


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


def _rows_after(folder: Path, number: int) -> int | None:
    """Positions that only the log and a running node's memory hold; None where nobody can tell."""
    from functools import partial

    from alliage.history.positions import POSITIONS
    from alliage.home import Home as Folders
    from alliage.log import KeyFileError, Log, NodeKeys
    from alliage.log.reader import pages
    from alliage.ontology.audience import machine_audience
    from alliage.ontology.times import WallClock

    folders = Folders(folder)
    try:
        keys = NodeKeys.load(folders.keys)
        log = Log.open(folders.log, keys, "", WallClock(), read_only=True)
    except (KeyFileError, OSError):
        return None
    try:
        reader = log.reader(machine_audience(log.label_sets))
        read = partial(reader.read, kinds=[POSITIONS])
        return sum(entry.rows for page in pages(read, number) for entry in page)
    finally:
        log.close()


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
