"""Bulk writes over HTTP: JSON or Arrow in, done once for each Idempotency-Key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final, TypeAlias, TypeVar

import anyio.to_thread
import orjson
import pyarrow as pa
from fastapi import Header, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.responses import Response

from alliage.access.kept_answers import KeyReusedError, UnfinishedError
from alliage.actions.arrow import MEDIA_TYPE, ArrowError, read_table
from alliage.actions.bulk import ROWS_AT_MOST, BulkWritten
from alliage.actions.kinds import ActionError, NotWrittenError
from alliage.server.models.bulk import BulkClaims, BulkInfo, BulkObservations, RefusedRow
from alliage.server.models.common import Marking
from alliage.server.problems import ProblemError, sentence
from alliage.server.security import SignedIn
from alliage.server.services import Services
from alliage.server.writing import problem_of

Rows: TypeAlias = list[Any] | pa.Table
BodyT = TypeVar("BodyT", BulkClaims, BulkObservations)
JSON_TYPE: Final = "application/json"

IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=128,
        pattern=r"^[!-~]+$",
        description="a new one for each write; the same one where a write is sent again",
    ),
]


def body_of(model: type[BulkClaims] | type[BulkObservations]) -> dict[str, Any]:
    """Return what a route's OpenAPI says of its body."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)
    binary = {"type": "string", "format": "binary"}
    content = {JSON_TYPE: {"schema": schema}, MEDIA_TYPE: {"schema": binary}}
    return {"requestBody": {"required": True, "content": content}}


async def answer_once(
    request: Request,
    services: Services,
    session: SignedIn,
    key: str,
    model: type[BodyT],
    write: Callable[[BodyT, Rows], BulkWritten],
) -> Response:
    """Read the body, write it, and answer; a second time with the same key, answer only.

    Raises:
        ProblemError: nothing was written, or nobody knows; says which.
    """
    content = await request.body()
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()

    def work() -> Response:
        return _answer(services, session, key, request.url.path, media_type, content, model, write)

    return await anyio.to_thread.run_sync(work)


def _answer(
    services: Services,
    session: SignedIn,
    key: str,
    path: str,
    media_type: str,
    content: bytes,
    model: type[BodyT],
    write: Callable[[BodyT, Rows], BulkWritten],
) -> Response:
    body, rows = _parsed(media_type, content, model)
    token = session.api_token
    owner = f"token:{token.token_id}" if token else f"user:{session.principal.user_id}"
    kept = services.accounts.kept_answers
    try:
        known = kept.begin(owner, key, path.encode() + b"\n" + content)
    except (KeyReusedError, UnfinishedError) as error:
        raise ProblemError("conflict", sentence(error)) from None
    if known is not None:
        headers = {"Idempotency-Replayed": "true"}
        return Response(known, media_type=JSON_TYPE, headers=headers)
    try:
        answer = _info(write(body, rows)).model_dump_json(by_alias=True).encode()
    except NotWrittenError as error:
        raise problem_of(error) from None  # it may still be written: the key stays taken
    except (ActionError, PermissionError) as error:
        kept.forget(owner, key)
        raise problem_of(error) from None
    kept.finish(owner, key, answer)
    return Response(answer, media_type=JSON_TYPE)


def _parsed(media_type: str, content: bytes, model: type[BodyT]) -> tuple[BodyT, Rows]:
    if media_type == MEDIA_TYPE:
        try:
            table = read_table(content, ROWS_AT_MOST)
        except ArrowError as error:
            raise ProblemError("bad-request", sentence(error)) from None
        return _validated(model, {**_said_of(table), "rows": [None]}), table
    if media_type != JSON_TYPE:
        raise ProblemError("not-json", f"Send {JSON_TYPE} or {MEDIA_TYPE}.")
    try:
        data = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise ProblemError("bad-request", f"The body is not JSON: {error}.") from None
    body = _validated(model, data)
    return body, body.rows


def _said_of(table: pa.Table) -> dict[str, Any]:
    """What an Arrow schema's metadata say of the rows: kind, and label as JSON."""
    metadata = table.schema.metadata or {}
    said: dict[str, Any] = {}
    try:
        if b"kind" in metadata:
            said["kind"] = metadata[b"kind"].decode()
        if b"label" in metadata:
            said["label"] = orjson.loads(metadata[b"label"])
    except ValueError as error:
        raise ProblemError("bad-request", f"The stream's metadata: {error}.") from None
    return said


def _validated(model: type[BodyT], data: Any) -> BodyT:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise RequestValidationError([_in_body(item) for item in error.errors()]) from None


def _in_body(item: Any) -> dict[str, Any]:
    return {**item, "loc": ("body", *item["loc"])}


def _info(written: BulkWritten) -> BulkInfo:
    return BulkInfo(
        source=written.stream,
        marking=Marking.of(written.labels),
        accepted=written.accepted,
        refused=written.refusals.total,
        refusals=[
            RefusedRow(row=refusal.row, field=refusal.field, message=refusal.message)
            for refusal in written.refusals.told
        ],
    )
