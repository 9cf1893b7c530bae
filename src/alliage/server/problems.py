"""Errors as the API sends them: problem details after RFC 9457, one shape for all.

Nothing in a problem tells a reader that something exists which is hidden from it: what is absent
and what is hidden get the same words.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from alliage.log.full_disk import is_full
from alliage.ontology.wording import in_words
from alliage.server.models.common import ApiModel

MEDIA_TYPE: Final = "application/problem+json"

TITLES: Final[dict[str, tuple[int, str]]] = {
    "bad-request": (400, "The request was not understood"),
    "bad-cursor": (400, "The cursor is not one that this node gave out"),
    "not-signed-in": (401, "Sign in first"),
    "sign-in-refused": (401, "The sign-in was refused"),
    "forbidden": (403, "Your role does not allow this"),
    "label-refused": (403, "What is written may not have this label"),
    "cross-site": (403, "The request did not come from this node's own pages"),
    "not-found": (404, "Not found"),
    "method-not-allowed": (405, "This address does not take that method"),
    "not-kept": (410, "What was so at that time is no longer kept"),
    "conflict": (409, "This does not go together with what is there"),
    "too-large": (413, "The request is too large"),
    "not-json": (415, "The request body must be JSON"),
    "invalid": (422, "The request has fields that are not valid"),
    "too-many-attempts": (429, "Too many attempts"),
    "too-many-requests": (429, "Too many requests"),
    "internal": (500, "The node failed to answer"),
    "unavailable": (503, "The node cannot answer this now"),
}
"""Kind of problem to HTTP status and title. The kind ends the problem's type URN."""

_KIND_OF_STATUS: Final = {
    status: kind
    for kind, (status, _title) in reversed(TITLES.items())
    if kind not in ("bad-cursor", "sign-in-refused", "label-refused", "cross-site")
}


class FieldError(ApiModel):
    """One field that is not valid."""

    field: str = Field(description="where it stands", examples=["query.limit"])
    message: str = Field(description="what is wrong with it")
    code: str | None = Field(
        default=None, description="the same for programs, where screens say it in their language"
    )
    marking: str | None = Field(default=None, description="of the label that `code` is about")


class Problem(ApiModel):
    """Problem details after RFC 9457."""

    type: str = Field(description="URN of the kind", examples=["urn:alliage:problem:not-found"])
    title: str = Field(description="the kind in words, the same every time")
    status: int = Field(description="HTTP status", examples=[404])
    detail: str = Field(description="what was wrong this time and what to do")
    instance: str = Field(
        description="this occurrence; the node's log has the same request id",
        examples=["urn:alliage:request:5f3c9a0b1d2e4f60"],
    )
    errors: list[FieldError] = Field(default=[], description="fields that are not valid")


class ProblemError(Exception):
    """Raised by routes and dependencies; becomes a :class:`Problem` response.

    Args:
        kind: key of :data:`TITLES`.
        detail: what was wrong this time and what to do; never a secret, never a hidden name.
        headers: further response headers.
        errors: fields that are not valid.
    """

    def __init__(
        self,
        kind: str,
        detail: str,
        headers: dict[str, str] | None = None,
        errors: list[FieldError] | None = None,
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.headers = headers
        self.errors = errors or []


def not_found(what: str, name: str) -> ProblemError:
    """Return the one answer for what is not there and for what the reader may not see."""
    return ProblemError("not-found", f"There is no {what} {name!r}, or you may not see it.")


def sentence(error: Exception) -> str:
    """Return an error's words as a sentence."""
    text = str(error)
    return text[:1].upper() + text[1:].rstrip(".") + "."


def request_id(request: Request) -> str:
    """Return the id that the request log gave this request."""
    return str(request.scope.get("alliage.request_id", "unknown"))


def problem_response(request: Request, error: ProblemError, status: int | None = None) -> Response:
    """Return the response that tells of an error."""
    known_status, title = TITLES[error.kind]
    problem = Problem(
        type=f"urn:alliage:problem:{error.kind}",
        title=title,
        status=status or known_status,
        detail=error.detail,
        instance=f"urn:alliage:request:{request_id(request)}",
        errors=error.errors,
    )
    return JSONResponse(
        problem.model_dump(), problem.status, headers=error.headers, media_type=MEDIA_TYPE
    )


def install(app: FastAPI) -> None:
    """Make every error of ``app`` a problem."""
    app.add_exception_handler(ProblemError, _on_problem)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(RequestValidationError, _on_invalid)


async def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)
    return problem_response(request, error)


async def _on_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    kind = _KIND_OF_STATUS.get(error.status_code, "bad-request")
    detail = str(error.detail) or HTTPStatus(error.status_code).phrase
    headers = dict(error.headers) if error.headers else {}
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(sorted(_methods_at(request)))
    return problem_response(request, ProblemError(kind, detail, headers), error.status_code)


def _methods_at(request: Request) -> set[str]:
    """Methods of every route at this address; Starlette names those of the first one only."""
    path = request.scope["path"]
    return {
        method
        for context in iter_route_contexts(request.app.routes)
        if getattr(context, "path_regex", None) and context.path_regex.match(path)
        for method in context.methods or ()
    }


async def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    if any(item["type"] == "json_invalid" for item in found):
        detail = "The body is not JSON: send one JSON object in UTF-8."
        return problem_response(request, ProblemError("bad-request", detail))
    errors = [_field_error(item) for item in found]
    names = ", ".join(item.field for item in errors)
    return problem_response(request, ProblemError("invalid", f"Not valid: {names}.", errors=errors))


def _field_error(item: dict[str, Any]) -> FieldError:
    # The offending value is left out: it may be a password.
    place = ".".join(str(part) for part in item["loc"])
    return FieldError(field=place, message=in_words(item))


class CatchFaults:
    """ASGI middleware: a fault of the node becomes a problem, too, and a line in the log.

    It stands inside the others, so that such an answer has its headers and its request id.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; answer in its place if it fails before it has begun to answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = False

        async def send_and_note(message: Message) -> None:
            nonlocal began
            began = began or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except Exception as error:
            request = Request(scope)
            problem = _problem_of_fault(request, error)
            if began:
                raise
            await problem_response(request, problem)(scope, receive, send)


def _problem_of_fault(request: Request, error: Exception) -> ProblemError:
    """Note in the log what went wrong, and return what is said of it outside."""
    log = structlog.get_logger("alliage.server")
    if is_full(error):
        log.warning("request refused: the disk is full", request_id=request_id(request))
        detail = "The node's disk is full: see what has arrived, and ask again when there is room."
        return ProblemError("unavailable", detail, {"Retry-After": "60"})
    log.error("request failed", request_id=request_id(request), exc_info=error)
    detail = "A fault of the node: its log tells more under this request's id."
    return ProblemError("internal", detail)


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return OpenAPI responses for these statuses, for a route's ``responses``."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": schema}},
        }
        for status in statuses
    }
