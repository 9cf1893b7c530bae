"""``alliage search``: the index that the search looks in."""

from __future__ import annotations

import typer

from alliage.cli.exit_codes import ExitCode
from alliage.cli.home import Home, home_of, load_config
from alliage.cli.output import CommandError, Json, console, give, say

app = typer.Typer(no_args_is_help=True, help="Look after the search.")


@app.callback()
def _search() -> None:
    """Look after the search."""


@app.command("rebuild")
def rebuild(home: Home = None, json: Json = False) -> None:
    """Make the index of the search anew from the log. The node must not be running."""
    from alliage.home import Home as NodeHome
    from alliage.log import KeyFileError, Log, LogInUseError, NodeKeys
    from alliage.ontology.times import WallClock
    from alliage.search.open import rebuild_index

    folder = home_of(home)
    config, node = load_config(folder), NodeHome(folder)
    try:
        log = Log.open(node.log, NodeKeys.load(node.keys), config.node.name, WallClock())
    except LogInUseError:
        raise CommandError(
            "the node is running: stop it first, or leave it; it keeps its index up to date",
            ExitCode.FAILED,
        ) from None
    except (FileNotFoundError, KeyFileError) as error:
        raise CommandError(str(error), ExitCode.FAILED) from None
    try:
        with console(stderr=True).status("Reading the log") as status:
            texts = rebuild_index(
                node.search,
                log,
                config.ontology.load(),
                lambda done: status.update(f"{done:,} texts"),
            )
    finally:
        log.close()
    if json:
        give({"path": str(node.search), "texts": texts})
    else:
        say(f"{node.search}: {texts:,} texts")
