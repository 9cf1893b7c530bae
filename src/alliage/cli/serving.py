"""Starting a node and telling the person at the terminal where it is: for ``run`` and ``demo``."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from alliage.cli.exit_codes import ExitCode
from alliage.cli.full_disk import full_disk_told
from alliage.cli.output import CommandError, give, say

if TYPE_CHECKING:
    from alliage.config import Config
    from alliage.node import Node


def serve(config: Config, home: Path, links_for: Sequence[str], as_json: bool) -> None:
    """Run a node until Ctrl-C or SIGTERM.

    Args:
        config: what it is told.
        home: its folder.
        links_for: print a one-time sign-in link for each of these users.
        as_json: print address and links as JSON.

    Raises:
        CommandError: it cannot start; says why and what to do.
    """
    from alliage.server.logs import configure_logs

    configure_logs(config.logging.level, config.logging.format)
    with full_disk_told(home), opened(config, home) as node:
        _run(node, links_for, as_json)
    if not as_json:
        say("Stopped; everything that came in is on disk.")


def opened(config: Config, home: Path) -> Node:
    """Open the node in a folder.

    Raises:
        CommandError: it cannot be opened; says why and what to do.
    """
    from alliage.config import ConfigError
    from alliage.home import HomeError
    from alliage.log import KeyFileError, KeyNotInForceError, LogInUseError
    from alliage.node import Node

    try:
        return Node.open(config, home)
    except ConfigError as error:
        raise CommandError(error.problems, ExitCode.CONFIGURATION) from None
    except (HomeError, KeyFileError, KeyNotInForceError) as error:
        raise CommandError(str(error), ExitCode.HOME) from None
    except LogInUseError as error:
        raise CommandError(str(error), ExitCode.BUSY) from None


def _run(node: Node, links_for: Sequence[str], as_json: bool) -> None:
    from alliage.access.reloading import reload_policy
    from alliage.server.serve import AddressError

    for user in links_for:
        if node.accounts.find(user) is None:
            raise CommandError(f"there is no user {user!r}", ExitCode.ACCOUNT)
    serving = False

    def ready(address: str) -> None:
        nonlocal serving
        serving = True
        if hasattr(signal, "SIGHUP"):  # not on Windows: there a policy takes a restart
            path = node.config.access.policy
            read_again = partial(reload_policy, node.access, path, node.audit)
            asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, read_again)
        _announce(node, address, links_for, as_json)

    def on_signal(_number: int, _frame: object) -> None:
        # While it serves, the server takes signals itself, stops, and sends them again to us:
        # that second one must not cut off what is still being written.
        if not serving:
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, on_signal)
    signal.signal(signal.SIGTERM, on_signal)
    try:
        asyncio.run(node.serve(ready))
    except AddressError as error:
        raise CommandError(str(error), ExitCode.BUSY) from None


def _announce(node: Node, address: str, links_for: Sequence[str], as_json: bool) -> None:
    links = {user: node.one_time_link(user, address) for user in links_for}
    for user in links:
        _note_link(node, user)
    if as_json:
        first, sources = next(iter(links.values()), None), [s.name for s in node.config.sources]
        give({"address": address, "link": first, "links": links, "sources": sources})
        return
    typer.echo(f"Alliage is running: {address}")
    for user, link in links.items():
        typer.echo(f"Sign in as {user} (works once, for 15 minutes):\n  {link}")
    if not node.config.sources:
        say("It has no sources yet: see [[sources]] in its config.toml.")
    say("Ctrl-C stops it.")


def _note_link(node: Node, user: str) -> None:
    import getpass

    from alliage.access.audit import Act, AuditEvent

    machine, details = f"machine:{getpass.getuser()}", {"user": user}
    made = Act.ONE_TIME_LINK_MADE
    node.audit(AuditEvent(made, user=machine, program="alliage run --link", details=details))
