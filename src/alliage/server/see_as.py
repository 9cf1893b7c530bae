"""Seeing as somebody else: how a request says so, and that it is audited.

A program or page says it in the header ``Alliage-See-As`` of each request, and in the query
parameter ``see_as`` of the picture's socket, which can have no header in a browser. What either
holds is read by :mod:`alliage.access.see_as`.
"""

from __future__ import annotations

import time
from typing import Final, cast

from starlette.requests import HTTPConnection

from alliage.access.principal import Principal
from alliage.access.see_as import MayNotSeeAsError, NoSuchNationError, SeeAsError, imagine, looked
from alliage.access.tokens import hash_token
from alliage.server.problems import FieldError, ProblemError
from alliage.server.rate import RateLimit
from alliage.server.services import Services

HEADER: Final = "Alliage-See-As"
QUERY: Final = "see_as"
AUDITED_EVERY_S: Final = 3_600.0
"""One session or token looks as one reader: this often it is written down, not each request."""


def looks_to_audit() -> RateLimit:
    """Lets one look of each session and reader through in an hour; the app keeps it."""
    return RateLimit(1.0 / AUDITED_EVERY_S, 1)


def seen_as(
    connection: HTTPConnection, services: Services, by: Principal, secret: str, program: str = ""
) -> Principal | None:
    """Whom a request imagines as its reader; None where it is its sender.

    Args:
        connection: the request or socket.
        services: the node's.
        by: who sent it.
        secret: of the session or token.
        program: the token's name.

    Raises:
        ProblemError: ``invalid``, or ``forbidden`` where the policy does not let this sender.
    """
    text = _said(connection)
    if not text:
        return None
    imagined: Principal | None
    why = ""
    try:
        imagined = imagine(text, by, services.access, services.accounts.find)
    except SeeAsError as error:
        raise _invalid(error) from None
    except MayNotSeeAsError as error:
        imagined, why = error.imagined, str(error)
    limit = cast(RateLimit, connection.app.state.looks_to_audit)
    if limit.take(f"{hash_token(secret).hex()} {bool(why)} {text}", time.monotonic()) == 0.0:
        services.audit(looked(by, imagined, why, program=program))
    if why:
        raise ProblemError("forbidden", why)
    return imagined


def _said(connection: HTTPConnection) -> str:
    if connection.scope["type"] == "websocket" and QUERY in connection.query_params:
        return connection.query_params[QUERY]
    return connection.headers.get(HEADER, "")


def _invalid(error: SeeAsError) -> ProblemError:
    code = "nation_unknown" if isinstance(error, NoSuchNationError) else None
    problem = FieldError(field=f"header.{HEADER}", message=str(error), code=code)
    return ProblemError("invalid", f"Not valid: header.{HEADER}.", errors=[problem])
