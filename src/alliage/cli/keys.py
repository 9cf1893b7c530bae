"""``alliage keys``: the keys that sign the log, and a new one."""

from __future__ import annotations

from typing import Annotated

import typer

from alliage.cli.audit import opened_log
from alliage.cli.audit_trail import note
from alliage.cli.exit_codes import ExitCode
from alliage.cli.home import Home, home_of, load_config
from alliage.cli.output import CommandError, Json, give, give_table, say

app = typer.Typer(no_args_is_help=True, help="Show and replace the key that signs the log.")

Algorithm = Annotated[
    str, typer.Option(metavar="ALGORITHM", help="Of the signing key: Ed25519 or P-384.")
]


def algorithm_of(text: str) -> str:
    """The algorithm that somebody named, in any case.

    Raises:
        typer.BadParameter: there is none of this name.
    """
    from alliage.log.algorithms import ALGORITHMS

    known = {name.casefold(): name for name in ALGORITHMS}
    if text.casefold() not in known:
        message = f"{text!r} is not one of {', '.join(ALGORITHMS)}"
        raise typer.BadParameter(message, param_hint="--algorithm")
    return known[text.casefold()]


@app.command("list")
def keys_list(home: Home = None, json: Json = False) -> None:
    """Show every key that signed entries of this node, and its public half."""
    with opened_log(home_of(home)) as (log, _):
        uses = log.audit().key_uses()
    rows = [
        {
            "key_id": use.public.key_id,
            "algorithm": use.public.algorithm,
            "public": use.public.data.hex(),
            "first_entry": use.first,
            "last_entry": use.last,
            "in_force": use.in_force,
        }
        for use in uses
    ]
    if json:
        give({"keys": rows})
        return
    columns = ("key_id", "algorithm", "first_entry", "last_entry", "in_force", "public")
    give_table(columns, [[row[column] for column in columns] for row in rows])


@app.command("rotate")
def keys_rotate(home: Home = None, algorithm: Algorithm = "Ed25519", json: Json = False) -> None:
    """Make a new signing key and destroy the old one. The node must not be running."""
    from alliage.home import Home as NodeHome
    from alliage.log import KeyFileError, KeyNotInForceError, LogInUseError
    from alliage.log.rotation import rotate
    from alliage.ontology.times import WallClock

    folder = home_of(home)
    config, node_home, wanted = load_config(folder), NodeHome(folder), algorithm_of(algorithm)
    try:
        done = rotate(node_home.log, node_home.keys, config.node.name, WallClock(), wanted)
    except LogInUseError as error:
        raise CommandError(str(error), ExitCode.BUSY) from None
    except (KeyFileError, KeyNotInForceError, OSError) as error:
        raise CommandError(str(error), ExitCode.HOME) from None
    keys = {"old_key_id": done.old.key_id, "key_id": done.new.key_id}
    note(folder, "node.key-rotated", "alliage keys rotate", **keys)
    if json:
        give(
            {
                "old_key_id": done.old.key_id,
                "key_id": done.new.key_id,
                "algorithm": done.new.algorithm,
                "public": done.new.data.hex(),
                "entry_id": done.entry_id,
            }
        )
        return
    if done.entry_id is None:
        say("An earlier rotation had been interrupted; it is finished now.")
    say(f"Key {done.old.key_id} is retired and destroyed; {done.new.key_id} signs from now on.")
    say("Copies of the old key in backups are yours to destroy.")
