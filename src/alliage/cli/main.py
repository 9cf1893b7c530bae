"""The command ``alliage``: puts the commands together and turns errors into exit codes.

Commands import what they need when they run, so that ``alliage --help`` and the start of a node
are quick.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import Final

import typer

from alliage.cli import (
    access,
    audit_trail,
    config,
    history,
    keys,
    labels,
    notifications,
    proof,
    query,
    search,
    users,
)
from alliage.cli.audit import verify
from alliage.cli.backup import backup, restore
from alliage.cli.demo import demo
from alliage.cli.detect import detect
from alliage.cli.doctor import doctor
from alliage.cli.exit_codes import ExitCode
from alliage.cli.export import export
from alliage.cli.full_disk import full_disk_told
from alliage.cli.ingest import ingest
from alliage.cli.init import init
from alliage.cli.output import CommandError, report
from alliage.cli.resolve import resolve
from alliage.cli.run import run
from alliage.cli.track import track
from alliage.cli.version import version

COLLECT_AFTER: Final = (200_000, 20, 100)
"""Python looks for cycles of garbage after so many new objects. What is imported makes hundreds of
thousands that stay: looking through them again and again is a sixth of the time of a start."""

app = typer.Typer(
    name="alliage",
    help="One picture from what allies know.",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _without_command(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


for command in (init, run, demo, ingest):
    app.command()(command)
app.add_typer(query.app, name="query")
app.add_typer(history.app, name="history")
app.command()(export)
app.add_typer(labels.app, name="labels")
app.add_typer(search.app, name="search")
app.command()(track)
app.command()(resolve)
app.command()(detect)
app.command()(doctor)
app.command()(verify)
app.add_typer(proof.app, name="proof")
app.add_typer(keys.app, name="keys")
app.command()(backup)
app.command()(restore)
app.add_typer(audit_trail.app, name="audit")
app.add_typer(config.app, name="config")
app.add_typer(notifications.app, name="notifications")
app.add_typer(users.app, name="users")
app.add_typer(access.app, name="access")
app.command()(version)


def main() -> None:
    """Run the command line, and exit with a code of :class:`ExitCode`."""
    gc.set_threshold(*COLLECT_AFTER)
    try:
        with full_disk_told():
            app()
    except CommandError as error:
        report(error, as_json="--json" in sys.argv[1:])
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(ExitCode.INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has had enough. Nothing more can be written, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(ExitCode.OK)
