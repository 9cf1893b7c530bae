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
    from alliage.export.wanted import Origin
    from alliage.home import Home
    from alliage.ontology.audience import Audience
    from alliage.ontology.policies import Policies

As = Annotated[
    str, typer.Option("--as", metavar="USER", help="Read as this user: what they may see.")
]
SeeAs = Annotated[
    str | None,
    typer.Option(
        "--see-as",
        metavar="USER|nation:FRA,role:viewer",
        help="Only what this reader would see, too: a user, or a nation, clearance, role, "
        "community, purpose. It is audited.",
    ),
]


@dataclass(frozen=True, slots=True)
class Archive:
    """What one user may read of a node. There is no way from here to anything else."""

    origin: Origin
    policies: Policies
    stream_key: bytes
    is_exercise: bool
    replays: frozenset[str]


@contextmanager
def open_archive(
    folder: Path, user: str, see_as: str | None = None, *, for_audit: bool = False
) -> Iterator[Archive]:
    """Open a node's log for reading, with the audience of a user.

    Args:
        folder: the node's.
        user: who reads.
        see_as: as whom they look at it, as the option says it.
        for_audit: they read the audit; as somebody else both have to be auditors.

    Raises:
        CommandError: there is no node, no log or no such user; says what to do.
    """
    from alliage.access.policy import Access
    from alliage.export.wanted import Origin
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
        seen_as = None if see_as is None else _seen_as(folder, access, principal, see_as)
        audience = _audience(access, principal, seen_as, for_audit)
        ontology = config.ontology.load()
        yield Archive(
            origin=Origin(log.reader(audience), audience, ontology, log.label_sets),
            policies=policies,
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


def _audience(
    access: Access, principal: Principal, seen_as: Principal | None, for_audit: bool
) -> Audience:
    from alliage.access.audit import as_auditor, may_audit

    own = access.audience(principal)
    audience = own if seen_as is None else access.audience_as(principal, seen_as)
    if not for_audit:
        return audience
    for reader in (principal, seen_as or principal):
        if not may_audit(reader, access.node_nation):
            whom = repr(reader.name) if reader.name else "whom you look as"
            raise CommandError(f"{whom} is no auditor of {access.node_nation}", ExitCode.ACCOUNT)
    return as_auditor(audience)


def _seen_as(folder: Path, access: Access, by: Principal, said: str) -> Principal:
    """As whom somebody looks; that they do, or were refused to, is left for the audit."""
    from alliage.access.see_as import MayNotSeeAsError, SeeAsError, imagine, looked
    from alliage.access.see_as import said_on_command_line as as_form
    from alliage.cli.audit_trail import note
    from alliage.home import Home as Folders

    imagined: Principal | None
    why = ""
    try:
        with _accounts(Folders(folder)) as accounts:
            imagined = imagine(as_form(said), by, access, accounts.find)
    except SeeAsError as error:
        raise CommandError(f"--see-as {said}: {error}", ExitCode.USAGE) from None
    except MayNotSeeAsError as error:
        imagined, why = error.imagined, str(error)
    event = looked(by, imagined, why)
    told = {"read_as": by.name, **event.details}
    note(folder, event.act, "--see-as", event.on, event.done, **told)
    if why or imagined is None:
        raise CommandError(why, ExitCode.ACCOUNT)
    return imagined


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
    with _accounts(home) as accounts:
        return _found(accounts, user)


@contextmanager
def _accounts(home: Home) -> Iterator[Accounts]:
    from alliage.access.accounts import Accounts
    from alliage.ontology.times import WallClock

    if not home.accounts.is_file():
        message = f"{home.accounts}: no accounts here; `alliage init` makes them"
        raise CommandError(message, ExitCode.HOME)
    accounts = Accounts(home.accounts, WallClock())
    try:
        yield accounts
    finally:
        accounts.close()


def _found(accounts: Accounts, user: str) -> Principal:
    account = accounts.find(user)
    if account is None:
        known = ", ".join(repr(other.principal.name) for other in accounts.users()) or "none"
        raise CommandError(f"there is no user {user!r}; known: {known}", ExitCode.ACCOUNT)
    return account.principal
