"""Seeing as somebody else: who is imagined, as a request says it, and whether it may.

A program or page says it in the header ``Alliage-See-As`` of each request, and in the query
parameter ``see_as`` of the picture's socket, which can have no header in a browser. Either holds
what a form would: ``nation=FRA&clearance=CONFIDENTIAL&role=viewer&community=Compartment%3A+NORTH``
or ``user=fleur``. It lends no right: what is seen is also limited to what its sender sees.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import HTTPConnection

from alliage.access.principal import Principal, Role
from alliage.server.problems import FieldError, ProblemError
from alliage.server.services import Services

HEADER: Final = "Alliage-See-As"
QUERY: Final = "see_as"
CHARACTERS_AT_MOST: Final = 2_000
FIELDS_AT_MOST: Final = 80
_SINGLE: Final = frozenset({"nation", "clearance", "purpose", "user"})
_SEVERAL: Final = frozenset({"role", "community"})


def seen_as(connection: HTTPConnection, services: Services, by: Principal) -> Principal | None:
    """Whom a request imagines as its reader; None where it is its sender.

    What is not said is the sender's nation and clearance, the role of a viewer, no community and
    no purpose.

    Raises:
        ProblemError: ``invalid``, or ``forbidden`` where the policy does not let this sender.
    """
    text = _said(connection)
    if not text:
        return None
    imagined = _imagined(_fields(text), services, by)
    if not services.access.may_see_as(by, imagined):
        raise ProblemError("forbidden", "You may not look at the picture as somebody else.")
    return imagined


def _said(connection: HTTPConnection) -> str:
    if connection.scope["type"] == "websocket" and QUERY in connection.query_params:
        return connection.query_params[QUERY]
    return connection.headers.get(HEADER, "")


def _fields(text: str) -> dict[str, list[str]]:
    if len(text) > CHARACTERS_AT_MOST:
        raise _invalid(f"longer than {CHARACTERS_AT_MOST} characters")
    try:
        pairs = parse_qsl(
            text, keep_blank_values=True, strict_parsing=True, max_num_fields=FIELDS_AT_MOST
        )
    except ValueError:
        raise _invalid("is not of the form nation=FRA&clearance=SECRET") from None
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        if name not in _SINGLE | _SEVERAL:
            known = ", ".join(sorted(_SINGLE | _SEVERAL))
            raise _invalid(f"{name[:40]!r} is not known here; known are: {known}")
        if name in _SINGLE and name in fields:
            raise _invalid(f"{name} is said twice")
        fields.setdefault(name, []).append(value)
    return fields


def _imagined(fields: dict[str, list[str]], services: Services, by: Principal) -> Principal:
    if "user" in fields:
        return _account(fields, services, by)
    roles = fields.get("role", [Role.VIEWER.value])
    unknown = sorted(set(roles) - {role.value for role in Role})
    if unknown:
        raise _invalid(f"there is no role {unknown[0][:40]!r}; there are {', '.join(Role)}")
    try:
        return Principal(
            user_id="",
            name="",
            nation=fields.get("nation", [by.nation])[0],
            clearance=fields.get("clearance", [by.clearance])[0],
            roles=frozenset(Role(role) for role in roles),
            communities=frozenset(fields.get("community", [])),
            purpose=fields.get("purpose", [""])[0],
        )
    except ValueError as error:
        raise _invalid(str(error)) from None


def _account(fields: dict[str, list[str]], services: Services, by: Principal) -> Principal:
    """Somebody with an account. Who has one is for administrators to know."""
    if len(fields) > 1:
        raise _invalid("a user has a nation, a clearance, roles and communities already")
    if Role.ADMINISTRATOR not in by.roles:
        raise ProblemError("forbidden", "Only administrators look as a given user.")
    found = services.accounts.find(fields["user"][0])
    if found is None:
        raise _invalid("there is no such user")
    return found.principal


def _invalid(why: str) -> ProblemError:
    problem = FieldError(field=f"header.{HEADER}", message=why)
    return ProblemError("invalid", f"Not valid: header.{HEADER}.", errors=[problem])
