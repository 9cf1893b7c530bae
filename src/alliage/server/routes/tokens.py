"""API tokens: the signed-in person's own, for programs."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path

from alliage.access.api_tokens import ApiToken, Scope
from alliage.access.audit import Act, AuditEvent
from alliage.access.users import AccountError
from alliage.ontology.times import to_text
from alliage.server.models.tokens import IssuedToken, NewToken, TokenInfo
from alliage.server.present import time_or_none
from alliage.server.problems import ProblemError, not_found, problem_responses, sentence
from alliage.server.security import SignedIn, TheServices, TheSession
from alliage.server.services import Services

router = APIRouter(prefix="/tokens", tags=["tokens"])


@router.get("")
def list_tokens(session: TheSession, services: TheServices) -> list[TokenInfo]:
    """Your own tokens that have not expired, by name; never their secrets."""
    tokens = services.accounts.api_tokens.of_user(session.principal.user_id)
    return [TokenInfo(**_said(token)) for token in tokens]


@router.post("", status_code=201, responses=problem_responses(409))
def make_token(body: NewToken, session: TheSession, services: TheServices) -> IssuedToken:
    """Make a token. It can do what you can, as far as its scopes go, until it expires."""
    try:
        secret, token = services.accounts.api_tokens.issue(
            session.principal.user_id,
            body.name,
            [Scope(scope) for scope in body.scopes],
            body.expires_in_days,
        )
    except AccountError as error:
        raise ProblemError("conflict", sentence(error)) from None
    details = {"name": token.name, "scopes": body.scopes, "expires": to_text(token.expires_us)}
    _note(services, session, Act.TOKEN_MADE, token.token_id, details)
    return IssuedToken(token=secret, **_said(token))


@router.delete("/{token_id}", status_code=204, responses=problem_responses(404))
def revoke_token(
    token_id: Annotated[str, Path(max_length=64)], session: TheSession, services: TheServices
) -> None:
    """End a token at once."""
    try:
        services.accounts.api_tokens.revoke(session.principal.user_id, token_id)
    except KeyError:
        raise not_found("token", token_id) from None
    _note(services, session, Act.TOKEN_REVOKED, token_id, {})


def _note(
    services: Services, session: SignedIn, act: Act, token_id: str, details: dict[str, Any]
) -> None:
    by = session.principal
    services.audit(AuditEvent(act, by=by, on=(token_id,), decision="own token", details=details))


def _said(token: ApiToken) -> dict[str, Any]:
    return {
        "token_id": token.token_id,
        "name": token.name,
        "scopes": [scope.value for scope in Scope if scope in token.scopes],
        "created": to_text(token.created_us),
        "expires": to_text(token.expires_us),
        "last_used": time_or_none(token.last_used_us),
    }
