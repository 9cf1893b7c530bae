"""``alliage users``: the node's accounts, from its own machine.

Whoever can read the folder holds the node's keys, so nothing is asked here of the one who gives:
this is where the first community and the first purpose come from, which nobody has yet. Each
change is left for the audit.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alliage.cli.audit_trail import note
from alliage.cli.exit_codes import ExitCode
from alliage.cli.home import Home, home_of, load_config
from alliage.cli.output import CommandError, Json, give, give_table, say
from alliage.cli.vouching import who_could_act_by

if TYPE_CHECKING:
    from alliage.access.accounts import Accounts
    from alliage.access.principal import Role
    from alliage.access.users import User

app = typer.Typer(no_args_is_help=True, help="Keep the node's accounts.")

Name = Annotated[str, typer.Argument(metavar="USER", help="The name to sign in with.")]
Nation = Annotated[str | None, typer.Option(help="ISO 3166-1 alpha-3, as in DNK.")]
Clearance = Annotated[str | None, typer.Option(help="The highest classification to be seen.")]
Roles = Annotated[list[str] | None, typer.Option("--role", help="What somebody does; repeatable.")]
Communities = Annotated[
    list[str] | None,
    typer.Option(
        "--community", help="A value of a label's category, 'Compartment: NORTH'; repeatable."
    ),
]
Purpose = Annotated[str | None, typer.Option(help="What somebody reads for; '' for nothing.")]


@app.command("list")
def list_users(home: Home = None, json: Json = False) -> None:
    """Show every account with its rights."""
    with _accounts(home) as accounts:
        users = accounts.users()
    if json:
        give([_said(user) for user in users])
        return
    columns = ["user", "nation", "clearance", "roles", "communities", "purpose"]
    rows = [[_plain(_said(user)[column]) for column in columns] for user in users]
    give_table(columns, rows)


@app.command("add")
def add(
    name: Name,
    home: Home = None,
    nation: Nation = None,
    clearance: Clearance = "UNCLASSIFIED",
    roles: Roles = None,
    communities: Communities = None,
    purpose: Purpose = None,
    json: Json = False,
) -> None:
    """Make an account, of the node's nation where none is given. It has no password yet.

    Let somebody in with `alliage run --link USER`, or have an administrator set a password.
    """
    folder = home_of(home)
    config = load_config(folder)
    with _accounts(home) as accounts:
        user = accounts.add(
            name,
            nation=nation or config.node.nation,
            clearance=clearance or "UNCLASSIFIED",
            roles=_roles(roles or ["viewer"]),
            communities=frozenset(communities or []),
            purpose=purpose or "",
        )
    _note(folder, "added", None, user)
    _tell(user, json)


@app.command("change")
def change(
    name: Name,
    home: Home = None,
    nation: Nation = None,
    clearance: Clearance = None,
    roles: Roles = None,
    communities: Communities = None,
    no_communities: Annotated[
        bool, typer.Option("--no-communities", help="Take every community away.")
    ] = False,
    purpose: Purpose = None,
    json: Json = False,
) -> None:
    """Change what is given of somebody's rights; roles and communities are given as a whole.

    A node that runs takes it up with the next request.
    """
    given = frozenset(communities or []) if communities or no_communities else None
    with _accounts(home) as accounts:
        before = _found(accounts, name)
        user = accounts.change(
            before.principal.user_id,
            nation=nation,
            clearance=clearance,
            roles=None if not roles else _roles(roles),
            communities=given,
            purpose=purpose,
        )
    _note(home_of(home), "changed", before, user)
    _tell(user, json)


@app.command("vouch")
def vouch(
    name: Name,
    yes: Annotated[
        bool, typer.Option("--yes", help="Also where no new password was chosen, without asking.")
    ] = False,
    home: Home = None,
    json: Json = False,
) -> None:
    """Answer for it that an account is a person of its own, who alone knows its password.

    Where something takes two people, an account that a signed-in administrator made or changed
    does not count until somebody vouches for it; here that is you, as who owns the machine. Where
    others could still act by the account, since no new password was chosen, it asks first.
    """
    with _accounts(home) as accounts:
        user = _found(accounts, name)
    knowing = () if yes else who_could_act_by(home_of(home), user)
    if knowing and not _is_sure(name, knowing):
        raise CommandError(
            f"{name!r} has not chosen a new password since {', '.join(knowing)} could act by the "
            f"account: they do that under My account; then vouch for it, or say --yes",
            ExitCode.ACCOUNT,
        )
    said = {"user": user.principal.name}
    on = [user.principal.user_id]
    note(home_of(home), "account.vouched", "alliage users vouch", on, **said)
    _tell(user, json)


def _is_sure(name: str, knowing: Sequence[str]) -> bool:
    """Ask, where somebody is there to answer."""
    if not sys.stdin.isatty():
        return False
    asked = f"{name} has not chosen a new password since {', '.join(knowing)} could act by it."
    return typer.confirm(f"{asked} Vouch for it all the same?", err=True)


@contextmanager
def _accounts(home: Home) -> Iterator[Accounts]:
    from alliage.access.accounts import Accounts
    from alliage.access.users import AccountError
    from alliage.home import Home as NodeHome
    from alliage.ontology.times import WallClock

    path = NodeHome(home_of(home)).accounts
    if not path.is_file():
        raise CommandError(f"{path}: no accounts here; `alliage init` makes them", ExitCode.HOME)
    accounts = Accounts(path, WallClock())
    try:
        yield accounts
    except AccountError as error:
        raise CommandError(str(error), ExitCode.ACCOUNT) from None
    finally:
        accounts.close()


def _found(accounts: Accounts, name: str) -> User:
    user = accounts.find(name)
    if user is None:
        raise CommandError(f"there is no user {name!r}", ExitCode.ACCOUNT)
    return user


def _roles(names: list[str]) -> frozenset[Role]:
    from alliage.access.principal import Role

    unknown = sorted(set(names) - {role.value for role in Role})
    if unknown:
        known = ", ".join(Role)
        raise CommandError(f"there is no role {unknown[0]!r}; use {known}", ExitCode.ACCOUNT)
    return frozenset(Role(name) for name in names)


def _said(user: User) -> dict[str, object]:
    principal = user.principal
    return {
        "user": principal.name,
        "nation": principal.nation,
        "clearance": principal.clearance,
        "roles": sorted(role.value for role in principal.roles),
        "communities": sorted(principal.communities),
        "purpose": principal.purpose,
    }


def _note(folder: Path, what: str, before: User | None, user: User) -> None:
    """Leave the new version of somebody's rights for the audit."""
    from alliage.access.authority import rights_said

    said = {"user": user.principal.name, "after": rights_said(user.principal)}
    if before is not None:
        said["before"] = rights_said(before.principal)
    program = "alliage users add" if before is None else "alliage users change"
    note(folder, f"account.{what}", program, [user.principal.user_id], **said)


def _plain(value: object) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


def _tell(user: User, as_json: bool) -> None:
    said = _said(user)
    if as_json:
        give(said)
    else:
        say(
            f"{user.principal.name}: {'; '.join(_plain(value) for value in said.values() if value)}"
        )
