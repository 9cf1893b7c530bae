"""Answers that a client may keep and ask again for: ETag, If-None-Match, 304 (RFC 9110, 8.8.3)."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any, Final

from fastapi import Request
from pydantic import TypeAdapter
from starlette.responses import Response

NOT_MODIFIED: Final[dict[int | str, dict[str, Any]]] = {
    304: {"description": "What the client has (If-None-Match) is what there is"}
}
"""For a route's ``responses``."""
REVALIDATE: Final = {"Cache-Control": "private, no-cache"}
"""For what carries no label: a browser may keep it and asks whether it still stands."""


def tagged(
    request: Request, adapter: TypeAdapter[Any], content: Any, headers: dict[str, str] | None = None
) -> Response:
    """Return the content as JSON with a tag of its bytes, or 304 where the client has them.

    The tag is weak, since the bytes on the wire may be packed. What carries a label keeps the
    default ``no-store``: a browser's disk is no place for it, a page may still send the tag.
    """
    body = adapter.dump_json(content, by_alias=True)
    tag = f'W/"{blake2b(body, digest_size=16).hexdigest()}"'
    headers = {**(headers or {}), "ETag": tag}
    if is_matched(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def is_matched(if_none_match: str, tag: str) -> bool:
    """Whether a header names this tag, compared weakly."""
    named = {part.strip().removeprefix("W/") for part in if_none_match.split(",")}
    return "*" in named or tag.removeprefix("W/") in named
