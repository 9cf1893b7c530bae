"""Seeing as somebody else: who is imagined, as requests and commands say it, and who may.

It is said as a form would: ``nation=FRA&clearance=CONFIDENTIAL&role=viewer`` or ``user=fleur``. It
lends no right: what is seen is also limited to what whoever looks sees (decision 0144).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from alliage.access.audit import Act, AuditEvent
from alliage.access.authority import rights_said
from alliage.access.policy import Access
from alliage.access.principal import Principal, Role
from alliage.access.users import User
from alliage.ontology.codes import is_nation

CHARACTERS_AT_MOST: Final = 2_000
FIELDS_AT_MOST: Final = 80
_SINGLE: Final = frozenset({"nation", "clearance", "purpose", "user"})
_SEVERAL: Final = frozenset({"role", "community"})

Find = Callable[[str], User | None]
"""The account of a name."""


class SeeAsError(ValueError):
    """Nobody can be imagined from this; says why."""


class NoSuchNationError(SeeAsError):
    """It is nobody's: all would seem to be withheld."""


class MayNotSeeAsError(Exception):
    """This reader may not look as that one; says why. ``imagined``: as whom, where it is known."""

    def __init__(self, why: str, imagined: Principal | None = None) -> None:
        super().__init__(why)
        self.imagined = imagined


def imagine(text: str, by: Principal, access: Access, find: Find) -> Principal:
    """Whom a text imagines as reader.

    What is not said is the looker's nation and clearance, the role of a viewer, no community and
    no purpose.

    Args:
        text: as a form would say it.
        by: who looks.
        access: whose policy says who may.
        find: the account of a name, for administrators.

    Raises:
        SeeAsError: it is not of this form.
        MayNotSeeAsError: the policy does not let this reader.
    """
    imagined = _imagined(_fields(text), by, find)
    if not access.may_see_as(by, imagined):
        raise MayNotSeeAsError("You may not look at the picture as somebody else.", imagined)
    return imagined


def said_on_command_line(text: str) -> str:
    """``nation:FRA,role:viewer`` or a user's name, as a form would say it."""
    parts = [part.partition(":") for part in text.split(",")]
    if all(name.strip() in _SINGLE | _SEVERAL and colon for name, colon, _ in parts):
        return urlencode([(name.strip(), value.strip()) for name, _, value in parts])
    return text if "=" in text else urlencode({"user": text})


def looked(by: Principal, imagined: Principal | None, why: str = "", **more: Any) -> AuditEvent:
    """The event that somebody looks as somebody else, or was refused to.

    Args:
        by: who looks.
        imagined: as whom; None where that was not found out.
        why: they were refused; empty where they were not.
        more: of the event, such as the program.
    """
    told = {} if imagined is None else {"user": imagined.name, "as": rights_said(imagined)}
    return AuditEvent(
        Act.SEEN_AS,
        by=by,
        on=(imagined.user_id,) if imagined is not None and imagined.user_id else (),
        decision=why or "the policy allows the action see-as",
        done=not why,
        details=told,
        **more,
    )


def _fields(text: str) -> dict[str, list[str]]:
    if len(text) > CHARACTERS_AT_MOST:
        raise SeeAsError(f"longer than {CHARACTERS_AT_MOST} characters")
    try:
        pairs = parse_qsl(
            text, keep_blank_values=True, strict_parsing=True, max_num_fields=FIELDS_AT_MOST
        )
    except ValueError:
        raise SeeAsError("is not of the form nation=FRA&clearance=SECRET") from None
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        if name not in _SINGLE | _SEVERAL:
            known = ", ".join(sorted(_SINGLE | _SEVERAL))
            raise SeeAsError(f"{name[:40]!r} is not known here; known are: {known}")
        if name in _SINGLE and name in fields:
            raise SeeAsError(f"{name} is said twice")
        fields.setdefault(name, []).append(value)
    return fields


def _imagined(fields: dict[str, list[str]], by: Principal, find: Find) -> Principal:
    if "user" in fields:
        return _account(fields, by, find)
    roles = fields.get("role", [Role.VIEWER.value])
    unknown = sorted(set(roles) - {role.value for role in Role})
    if unknown:
        raise SeeAsError(f"there is no role {unknown[0][:40]!r}; there are {', '.join(Role)}")
    try:
        imagined = Principal(
            user_id="",
            name="",
            nation=fields.get("nation", [by.nation])[0],
            clearance=fields.get("clearance", [by.clearance])[0],
            roles=frozenset(Role(role) for role in roles),
            communities=frozenset(fields.get("community", [])),
            purpose=fields.get("purpose", [""])[0],
        )
    except ValueError as error:
        raise SeeAsError(str(error)) from None
    if imagined.nation != by.nation and not is_nation(imagined.nation):
        raise NoSuchNationError(
            f"there is no nation {imagined.nation} in ISO 3166-1; invented ones are XAA to XZZ"
        )
    return imagined


def _account(fields: dict[str, list[str]], by: Principal, find: Find) -> Principal:
    """Somebody with an account. Who has one is for administrators to know."""
    if len(fields) > 1:
        raise SeeAsError("a user has a nation, a clearance, roles and communities already")
    if Role.ADMINISTRATOR not in by.roles:
        raise MayNotSeeAsError("Only administrators look as a given user.")
    found = find(fields["user"][0])
    if found is None:
        raise SeeAsError("there is no such user")
    return found.principal
