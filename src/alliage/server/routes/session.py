"""The session: sign in, look, change the language, sign out."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import cast

import anyio.to_thread
import structlog
from fastapi import APIRouter, Request, Response

from alliage.access import accounts
from alliage.access.accounts import SignInRefusedError, TooManyAttemptsError
from alliage.access.audit import Act, AuditEvent
from alliage.access.principal import Principal, Role
from alliage.access.users import AccountError
from alliage.ontology.times import to_text
from alliage.server import present
from alliage.server.models.access import SeenAs
from alliage.server.models.session import (
    ClockInfo,
    Language,
    OneTimeSignIn,
    SessionChange,
    SessionInfo,
    SignIn,
)
from alliage.server.models.vouchings import NewPassword
from alliage.server.problems import ProblemError, problem_responses, sentence
from alliage.server.security import (
    COOKIE,
    SignedIn,
    TheServices,
    TheSession,
    audience_of,
    clear_cookie,
    find_session,
    services_of,
    set_cookie,
)
from alliage.server.services import Services

router = APIRouter(prefix="/session", tags=["session"])


@router.post("", responses=problem_responses(401, 403, 429))
async def sign_in(body: SignIn, request: Request, response: Response) -> SessionInfo:
    """Sign in with name and password; sets the session's cookie."""
    known = services_of(request).accounts
    password = body.password.get_secret_value()
    peer = request.client.host if request.client else ""
    return await _start(
        request, response, lambda: known.sign_in(body.user, password, peer), user=body.user
    )


@router.post("/one-time", responses=problem_responses(401, 403, 429))
async def sign_in_once(body: OneTimeSignIn, request: Request, response: Response) -> SessionInfo:
    """Sign in with a one-time token, which is used up by it."""
    known = services_of(request).accounts
    token = body.token.get_secret_value()
    return await _start(request, response, lambda: known.sign_in_once(token))


@router.get("", responses=problem_responses(401))
def read_session(session: TheSession, services: TheServices) -> SessionInfo:
    """Who is signed in, on which node, and the token that unsafe methods need."""
    return session_info(session, services)


@router.patch("", responses=problem_responses(401, 403))
def change_session(
    body: SessionChange, request: Request, session: TheSession, services: TheServices
) -> SessionInfo:
    """Change the own language."""
    if body.language is not None:
        services.accounts.change(session.principal.user_id, language=body.language)
    return session_info(find_session(request, services) or session, services)


@router.put("/password", status_code=204, responses=problem_responses(401, 403, 409, 429))
def choose_password(
    body: NewPassword,
    request: Request,
    response: Response,
    session: TheSession,
    services: TheServices,
) -> None:
    """Choose the own password; every session and API token of the account ends, this one too."""
    before = None if body.before is None else body.before.get_secret_value()
    person = session.principal
    try:
        password = body.password.get_secret_value()
        services.accounts.choose_password(person.user_id, before, password)
    except TooManyAttemptsError as error:
        raise _too_many(error) from None
    except (SignInRefusedError, AccountError) as error:
        raise ProblemError("conflict", sentence(error)) from None
    details = {"user": person.name}
    services.audit(
        AuditEvent(
            Act.PASSWORD_RESET,
            by=person,
            on=(person.user_id,),
            decision="own account",
            details=details,
        )
    )
    clear_cookie(response, request)


@router.delete("", status_code=204, responses=problem_responses(401, 403))
def sign_out(
    request: Request, response: Response, session: TheSession, services: TheServices
) -> None:
    """Sign out: the session ends at once, its picture sockets too."""
    services.accounts.sign_out(session.token)
    services.audit(AuditEvent(Act.SIGNED_OUT, by=session.principal, decision="own session"))
    clear_cookie(response, request)


def session_info(session: SignedIn, services: Services) -> SessionInfo:
    """Return what the page needs to know of its session."""
    principal = session.principal
    return SessionInfo(
        user=principal.name,
        nation=principal.nation,
        clearance=principal.clearance,
        roles=[role.value for role in Role if role in principal.roles],
        communities=sorted(principal.communities),
        purpose=principal.purpose,
        may_see_as=services.access.may_see_as(principal, principal),
        seen_as=None if session.seen_as is None else seen_as_info(session.seen_as),
        csrf_token=session.session.csrf_token,
        language=cast(Language, session.session.language),
        expires=to_text(session.session.expires_us),
        node=services.node,
        clock=clock_info(services, session),
    )


def seen_as_info(reader: Principal) -> SeenAs:
    """Return the reader that a request imagines."""
    return SeenAs(
        user=reader.name,
        nation=reader.nation,
        clearance=reader.clearance,
        roles=[role.value for role in Role if role in reader.roles],
        communities=sorted(reader.communities),
        purpose=reader.purpose,
    )


def clock_info(services: Services, session: SignedIn) -> ClockInfo:
    """Return the clock of the reader's picture."""
    audience = audience_of(session, services)
    reading = services.picture.view(audience).reading
    return present.clock(reading)


def _too_many(error: TooManyAttemptsError) -> ProblemError:
    wait_s = math.ceil(error.retry_after_s)
    detail = f"Wait {wait_s} s before the next attempt."
    return ProblemError("too-many-attempts", detail, {"Retry-After": str(wait_s)})


async def _start(
    request: Request, response: Response, check: Callable[[], accounts.SignedIn], user: str = ""
) -> SessionInfo:
    """Run a check of credentials off the event loop; hand out the cookie if they are right."""
    services = services_of(request)
    before = request.cookies.get(COOKIE)
    from_where = {"peer": request.client.host if request.client else ""}
    try:
        started = await anyio.to_thread.run_sync(check, limiter=request.app.state.hashing)
    except TooManyAttemptsError as error:
        services.metrics.sign_ins.labels("throttled").inc()
        raise _too_many(error) from None
    except SignInRefusedError as error:
        services.metrics.sign_ins.labels("refused").inc()
        structlog.get_logger("alliage.server").warning(
            "sign-in refused", peer=request.client.host if request.client else None
        )
        event = AuditEvent(
            Act.SIGN_IN_REFUSED, user=user, decision=str(error), done=False, details=from_where
        )
        await anyio.to_thread.run_sync(services.audit, event)
        raise ProblemError("sign-in-refused", sentence(error)) from None
    services.metrics.sign_ins.labels("accepted").inc()
    way = "password" if user else "one-time link"
    event = AuditEvent(
        Act.SIGNED_IN, by=started.session.principal, decision=way, details=from_where
    )
    await anyio.to_thread.run_sync(services.audit, event)
    if before:
        await anyio.to_thread.run_sync(services.accounts.sign_out, before)
    session = SignedIn(started.token, started.session)
    max_age_s = max(0, (started.session.expires_us - services.clock.now_us()) // 1_000_000)
    set_cookie(response, request, started.token, max_age_s)
    request.scope["alliage.user"] = session.principal.name
    return session_info(session, services)
