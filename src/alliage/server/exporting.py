"""Files that leave the node through its API: written, bounded, counted, marked and audited.

A file is written whole before its first byte is sent, so that what it holds and how it is marked
stand in the answer's head, and a reader who goes away ends the work. Nor is a byte sent before the
audit has it on the disk. Its name is taken away before it is sent: nothing of it stays there.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, BinaryIO, Final
from urllib.parse import quote

import orjson
import pyarrow as pa
from fastapi import Query, Request
from starlette.responses import StreamingResponse

from alliage.access.audit import Act, AuditEvent, NotAuditedError
from alliage.access.binder import Form
from alliage.access.binding import CONTENT_TYPES, BindingError, data_of
from alliage.access.principal import Principal
from alliage.export.bound import zip_bound
from alliage.export.files import WRITERS
from alliage.export.joined import Markings
from alliage.ontology.label import CLASSIFICATIONS, LabelSet
from alliage.ontology.times import to_text
from alliage.server.models.common import Marking, NotKept
from alliage.server.problems import FieldError, ProblemError, problem_responses, sentence
from alliage.server.security import SignedIn
from alliage.server.services import Services

SECONDS_AT_MOST: Final = 300.0
LOOKS_S: Final = 0.25
CHUNK_BYTES: Final = 256 * 1024
ZIP: Final = "application/zip"

FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The file, or a zip of it and its binding. `X-Alliage-Rows` counts its "
        "rows; `X-Alliage-Marking` (its joined marking) and `X-Alliage-Not-Kept` (what it lacks) "
        "are percent-encoded JSON.",
        "content": {CONTENT_TYPES[name]: {} for name in WRITERS} | {ZIP: {}},
    },
    **problem_responses(404, 413, 503),
}

Bind = Annotated[
    Form | None,
    Query(
        description="a zip of the file and the binding of its joined marking (STANAG 4778), "
        "signed by this node, as XML or as JSON; without rows there is nothing to bind"
    ),
]


@dataclass(frozen=True, slots=True)
class Export:
    """What is to be written: its rows, what it is called, and what the audit says of it."""

    what: str
    format: str
    schema: pa.Schema
    batches: Iterable[pa.RecordBatch]
    act: Act = Act.EXPORTED
    asked: dict[str, Any] = field(default_factory=dict)
    not_kept: list[NotKept] = field(default_factory=list)
    bind: Form | None = None
    """In which form the joined label is bound to it, in a zip of both; None: the file alone."""


@dataclass(frozen=True, slots=True)
class _Written:
    name: str
    content_type: str
    file: BinaryIO
    rows: int
    labels: LabelSet
    sha384: str


def asked_by(request: Request) -> dict[str, Any]:
    """What was asked for, for the audit."""
    return {name: value for name, value in request.query_params.items() if name != "format"}


async def send_export(
    request: Request, services: Services, session: SignedIn, export: Export
) -> StreamingResponse:
    """Write a file and send it. Who goes away ends it.

    Raises:
        ProblemError: it would be too large or take too long, or cannot be written so, or the
            audit cannot say first that it leaves.
    """
    stop = threading.Event()

    def work() -> _Written:
        with services.exports.turn():
            written = _write(services, export, stop)
        try:
            services.audit.first(_event(session, export, written))
        except NotAuditedError as error:
            written.file.close()
            raise ProblemError("unavailable", sentence(error)) from None
        return written

    task = asyncio.create_task(asyncio.to_thread(work))
    try:
        while not (await asyncio.wait({task}, timeout=LOOKS_S))[0]:
            if await request.is_disconnected():
                stop.set()
    finally:
        stop.set()
    return _response(export, task.result())


def _write(services: Services, export: Export, stop: threading.Event) -> _Written:
    markings = Markings()
    batches = _bounded(markings.noting(export.batches), services.exports.rows_at_most, stop)
    now_us = services.clock.now_us()
    stem = f"alliage-{export.what}-{_stamp(now_us)}"
    with TemporaryDirectory(prefix="alliage-export-") as folder:
        path = Path(folder) / f"{stem}.{export.format}"
        try:
            rows = WRITERS[export.format](path, export.schema, batches)
            joined, data = markings.joined(), data_of(path)
            sent, content_type = path, data.content_type
            if export.bind is not None:
                sent, content_type = path.with_suffix(".zip"), ZIP
                bind = partial(services.binder.bind, data=data, form=export.bind, now_us=now_us)
                binding = bind(joined.shown) if joined else None
                zip_bound(sent, path, binding, now_us, partial(_go_on, stop))
        except BindingError as error:
            raise _not_valid("bind", error) from None
        except ValueError as error:
            raise _not_valid("format", error) from None
        except OSError as error:
            detail = f"The file cannot be written on the node: {error.strerror or error}."
            raise ProblemError("unavailable", detail) from None
        file = sent.open("rb")
    labels = frozenset(joined.labels) if joined else frozenset()
    return _Written(sent.name, content_type, file, rows, labels, data.sha384.hex())


def _bounded(
    batches: Iterable[pa.RecordBatch], rows_at_most: int, stop: threading.Event
) -> Iterator[pa.RecordBatch]:
    rows, began_s = 0, time.monotonic()
    for batch in batches:
        rows += batch.num_rows
        _go_on(stop)
        if rows > rows_at_most:
            detail = f"These are more than {rows_at_most:,} rows: ask for a shorter time."
            raise ProblemError("too-large", detail)
        if time.monotonic() - began_s > SECONDS_AT_MOST:
            detail = f"This takes more than {SECONDS_AT_MOST:.0f} s: ask for a shorter time."
            raise ProblemError("too-large", detail)
        yield batch


def _go_on(stop: threading.Event) -> None:
    if stop.is_set():
        raise ProblemError("unavailable", "Nobody waits for this file any more.")


def _not_valid(name: str, error: ValueError) -> ProblemError:
    problem = FieldError(field=f"query.{name}", message=str(error))
    return ProblemError("invalid", f"Not valid: query.{name}.", errors=[problem])


def _event(session: SignedIn, export: Export, written: _Written) -> AuditEvent:
    details = {
        "what": export.what,
        "format": export.format,
        "rows": written.rows,
        "sha384": written.sha384,
        **export.asked,
    }
    if session.seen_as is not None:
        details["see_as"] = _whom(session.seen_as)
    program = session.api_token.name if session.api_token else ""
    return AuditEvent(
        export.act,
        by=session.principal,
        program=program,
        labels=written.labels,
        decision="what the reader may see",
        details=details,
    )


def _whom(seen_as: Principal) -> str:
    """As whom somebody looked: a name, or what an imagined reader has."""
    imagined = (seen_as.nation, CLASSIFICATIONS[seen_as.clearance_rank], *sorted(seen_as.roles))
    return seen_as.name or ", ".join(imagined)


def _stamp(now_us: int) -> str:
    at = to_text(now_us).partition(".")[0]
    return at.translate(str.maketrans("", "", "-:Z")) + "Z"


def _response(export: Export, written: _Written) -> StreamingResponse:
    marking = Marking.of(written.labels).model_dump(mode="json") if written.labels else None
    not_kept = [one.model_dump(mode="json") for one in export.not_kept]
    size = os.fstat(written.file.fileno()).st_size
    headers = {
        "Content-Disposition": f'attachment; filename="{written.name}"',
        "Content-Length": str(size),
        "X-Alliage-Rows": str(written.rows),
        "X-Alliage-Marking": _told(marking),
        "X-Alliage-Not-Kept": _told(not_kept),
    }
    return StreamingResponse(_chunks(written.file), 200, headers, written.content_type)


def _told(value: object) -> str:
    """JSON as a header can carry it: percent-encoded UTF-8."""
    return quote(orjson.dumps(value))


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk
