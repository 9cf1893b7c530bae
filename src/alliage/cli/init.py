"""``alliage init``: make a node."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from alliage.cli.exit_codes import ExitCode
from alliage.cli.home import Home, home_of
from alliage.cli.keys import Algorithm, algorithm_of
from alliage.cli.output import CommandError, Json, give, say


def init(
    home: Home = None,
    name: Annotated[str, typer.Option(help="The node's name.")] = "node-1",
    nation: Annotated[str, typer.Option(help="Who owns it: ISO 3166-1 alpha-3.")] = "XXX",
    exercise: Annotated[bool, typer.Option(help="Mark every screen EXERCISE.")] = False,
    user: Annotated[str, typer.Option(help="Name of the first user, an administrator.")] = "admin",
    ask_password: Annotated[
        bool,
        typer.Option("--password", help="Ask for the first user's password; else by link only."),
    ] = False,
    algorithm: Algorithm = "Ed25519",
    json: Json = False,
) -> None:
    """Make a node: its folder, keys, configuration and first user. Overwrites nothing."""
    from alliage.config import Config

    folder = home_of(home)
    password = None
    if ask_password:
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    text = Config.default_text(name, nation, "EXERCISE" if exercise else "")
    make(folder, text, user, password, algorithm_of(algorithm))
    config = folder / "config.toml"
    if json:
        give({"home": str(folder), "config": str(config), "user": user})
        return
    say(f"A node is ready in {folder}.")
    say(f"  1. Tell it its sources: {config}")
    say("  2. alliage config check")
    say(f"  3. alliage run --link {user}")


def make(
    folder: Path, config_text: str, user: str, password: str | None, algorithm: str = "Ed25519"
) -> None:
    """Make a node's folder.

    Raises:
        CommandError: there is one already, or something given is not as it must be.
    """
    from alliage.access.users import AccountError
    from alliage.config import ConfigError
    from alliage.home import HomeError, init_home
    from alliage.log import KeyFileError

    try:
        init_home(folder, config_text, user, password, algorithm)
    except (HomeError, KeyFileError, OSError) as error:
        raise CommandError(str(error), ExitCode.HOME) from None
    except ConfigError as error:
        # There is no such file yet: what is wrong was given here.
        in_file = f"{folder / 'config.toml'}: node."
        problems = [one.replace(in_file, "--", 1) for one in error.problems]
        raise CommandError(problems, ExitCode.CONFIGURATION) from None
    except AccountError as error:
        raise CommandError(str(error), ExitCode.ACCOUNT) from None
