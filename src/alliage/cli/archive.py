"""A node's data, read from its folder as one of its users. The node may be running or not.

Whoever can read the folder holds the node's keys, so this asks for no password; it keeps an
operator from seeing by mistake what the named user may not see.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alliage.cli.exit_codes import ExitCode
from alliage.cli.home import load_config
from alliage.cli.output import CommandError

if TYPE_CHECKING:
    from alliage.access.accounts import Accounts
    from alliage.access.cedar import Policy
    from alliage.access.policy import Access
    from alliage.access.principal import Principal
    from alliage.config import Config
    from alliage.home import Home
    from alliage.log import LogReader
    from alliage.ontology.audience import Audience, LabelSets
    from alliage.ontology.policies import Policies
    from alliage.ontology.schema import Ontology

As = Annotated[
    str, typer.Option("--as", metavar="USER", help="Read as this user: what they may see.")
]


@dataclass(frozen=True, slots=True)
class Archive:
    """What one user may read of a node. There is no way from here to anything else."""

    reader: LogReader
    audience: Audience
    ontology: Ontology
    policies: Policies
    label_sets: LabelSets
    stream_key: bytes
    is_exercise: bool
    replays: frozenset[str]


@contextmanager
def open_archive(folder: Path, user: str, *, for_audit: bool = False) -> Iterator[Archive]:
    """Open a node's log for reading, with the audience of a user; ``for_audit``: as an auditor.

    Raises:
        CommandError: there is no node, no log or no such user; says what to do.
    """
    from alliage.access.policy import Access
    from alliage.home import Home
    from alliage.log import KeyFileError, Log, NodeKeys
    from alliage.ontology.times import WallClock

    config = load_config(folder)
    policy = _policy(config)
    home = Home(folder)
    principal = _principal(home, user)
    try:
        keys = NodeKeys.load(home.keys)
        log = Log.open(home.log, keys, config.node.name, WallClock(), read_only=True)
    except (FileNotFoundError, KeyFileError) as error:
        raise CommandError(str(error), ExitCode.HOME) from None
    try:
        policies = config.labels.load()
        access = Access(config.node.nation, log.label_sets, policies, policy)
        audience = _audience(access, principal, for_audit)
        ontology = config.ontology.load()
        yield Archive(
            reader=log.reader(audience),
            audience=audience,
            ontology=ontology,
            policies=policies,
            label_sets=log.label_sets,
            stream_key=keys.stream_key,
            is_exercise=bool(config.node.banner),
            replays=_replays(config),
        )
    finally:
        log.close()


def _policy(config: Config) -> Policy:
    from alliage.config import ConfigError

    try:
        return config.load_policy()
    except ConfigError as error:
        raise CommandError(error.problems, ExitCode.CONFIGURATION) from None


def _audience(access: Access, principal: Principal, for_audit: bool) -> Audience:
    from alliage.access.audit import as_auditor, may_audit

    if not for_audit:
        return access.audience(principal)
    if not may_audit(principal, access.node_nation):
        raise CommandError(
            f"{principal.name!r} is no auditor of {access.node_nation}", ExitCode.ACCOUNT
        )
    return as_auditor(access.audience(principal))


def _replays(config: Config) -> frozenset[str]:
    """The streams of this node that begin again whenever it starts."""
    from alliage.config import ConfigError
    from alliage.config_sources import resolve_sources
    from alliage.feeds.registry import load_feeds

    try:
        resolved = resolve_sources(config, load_feeds())
    except ConfigError as error:
        raise CommandError(error.problems, ExitCode.CONFIGURATION) from None
    return frozenset(one.config.name for one in resolved if one.replay_pace is not None)


def _principal(home: Home, user: str) -> Principal:
    from alliage.access.accounts import Accounts
    from alliage.ontology.times import WallClock

    if not home.accounts.is_file():
        message = f"{home.accounts}: no accounts here; `alliage init` makes them"
        raise CommandError(message, ExitCode.HOME)
    accounts = Accounts(home.accounts, WallClock())
    try:
        return _found(accounts, user)
    finally:
        accounts.close()


def _found(accounts: Accounts, user: str) -> Principal:
    account = accounts.find(user)
    if account is None:
        known = ", ".join(repr(other.principal.name) for other in accounts.users()) or "none"
        raise CommandError(f"there is no user {user!r}; known: {known}", ExitCode.ACCOUNT)
    return account.principal
