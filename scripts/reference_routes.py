"""The reference page of routes, made from the OpenAPI document."""

from __future__ import annotations

from typing import Any, Final

from alliage.server.app import openapi_document
from scripts.markdown import GENERATED, page, table

PREFIX: Final = "/api/v1"
INTRODUCTION: Final = """\
Every route of the HTTP API, under `/api/v1`. What is common to all of them (signing in, errors,
lists, units) stands in [the HTTP API](api.md); the answers' fields in
[`openapi.json`](openapi.json). The live picture is a [WebSocket](picture-protocol.md)."""


def render_routes() -> str:
    """Return the page `reference/routes.md`."""
    paths: dict[str, dict[str, Any]] = openapi_document()["paths"]
    parts = ["# Routes", GENERATED.format("`src/alliage/server/routes/`"), INTRODUCTION]
    for path, operations in sorted(paths.items()):
        for method, operation in operations.items():
            parts += _route(method.upper(), path.removeprefix(PREFIX), operation)
    return page(parts)


def _route(method: str, path: str, operation: dict[str, Any]) -> list[str]:
    rows = [
        [f"`{p['name']}`", p["in"], "yes" if p.get("required") else "", p.get("description", "")]
        for p in operation.get("parameters", [])
    ]
    head = ["parameter", "in", "required", "meaning"]
    return [
        f"## `{method} {path}`",
        str(operation.get("description", "")),
        table(head, rows) if rows else "",
    ]
