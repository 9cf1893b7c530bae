"""Users: local accounts, which administrators keep."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Path

from alliage.access.keeper import Keeper, NotYoursToGiveError, RightsChange
from alliage.access.principal import Role
from alliage.access.users import AccountError, User
from alliage.server.models.users import NewUser, UserChange, UserInfo, UserPage
from alliage.server.paging import DEFAULT_LIMIT, Cursor, Limit
from alliage.server.present import user_info
from alliage.server.problems import ProblemError, not_found, problem_responses, sentence
from alliage.server.security import TheServices, TheSession, require_role

router = APIRouter(
    prefix="/users",
    tags=["users"],
    dependencies=[Depends(require_role(Role.ADMINISTRATOR))],
    responses=problem_responses(403),
)


def keeper_of(session: TheSession, services: TheServices) -> Keeper:
    """The signed-in administrator, at work on the accounts."""
    nation, by = services.access.node_nation, session.principal
    return Keeper(services.accounts, nation, by, services.audit)


TheKeeper = Annotated[Keeper, Depends(keeper_of)]
UserId = Annotated[str, Path(max_length=64)]
ResultT = TypeVar("ResultT")


@router.get("", responses=problem_responses(400))
def list_users(
    services: TheServices, cursor: Cursor = None, limit: Limit = DEFAULT_LIMIT
) -> UserPage:
    """Every local account, by name."""
    users = services.accounts.users()
    begin = 0 if cursor is None else _after(users, cursor)
    page = users[begin : begin + limit]
    more = begin + limit < len(users)
    return UserPage(
        items=[user_info(user) for user in page],
        next=page[-1].principal.user_id if more else None,
    )


@router.post("", status_code=201, responses=problem_responses(409))
def add_user(body: NewUser, keeper: TheKeeper) -> UserInfo:
    """Make an account, with no more rights than one may give."""
    added = _checked(
        lambda: keeper.add(
            body.user,
            nation=body.nation,
            clearance=body.clearance,
            roles=frozenset(Role(role) for role in body.roles),
            password=body.password.get_secret_value(),
            language=body.language,
            communities=frozenset(body.communities),
            purpose=body.purpose,
        )
    )
    return user_info(added)


@router.patch("/{user_id}", responses=problem_responses(404, 409))
def change_user(user_id: UserId, body: UserChange, keeper: TheKeeper) -> UserInfo:
    """Change somebody else's rights, or a password; the last administrator stays one."""
    roles = None if body.roles is None else frozenset(Role(role) for role in body.roles)
    communities = None if body.communities is None else frozenset(body.communities)
    rights = RightsChange(body.nation, body.clearance, roles, communities, body.purpose)
    password = None if body.password is None else body.password.get_secret_value()
    return user_info(
        _of(
            user_id,
            lambda: keeper.change(user_id, rights, language=body.language, password=password),
        )
    )


@router.delete("/{user_id}", status_code=204, responses=problem_responses(404, 409))
def remove_user(user_id: UserId, keeper: TheKeeper) -> None:
    """Remove somebody else's account with its sessions; the last administrator's stays."""
    _of(user_id, lambda: keeper.remove(user_id))


def _after(users: list[User], cursor: str) -> int:
    for index, user in enumerate(users):
        if user.principal.user_id == cursor:
            return index + 1
    raise ProblemError("bad-cursor", "The account that the cursor names is gone: start again.")


def _of(user_id: str, action: Callable[[], ResultT]) -> ResultT:
    """Do something with an account that may not exist."""
    try:
        return _checked(action)
    except KeyError:
        raise not_found("user", user_id) from None


def _checked(action: Callable[[], ResultT]) -> ResultT:
    try:
        return action()
    except AccountError as error:
        raise ProblemError("conflict", sentence(error)) from None
    except NotYoursToGiveError as error:
        raise ProblemError("forbidden", sentence(error)) from None
