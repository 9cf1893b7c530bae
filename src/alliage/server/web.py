"""The built web UI as files: hashed ones cached for ever, one page for every other path."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from alliage.server.problems import ProblemError

IMMUTABLE: Final = "public, max-age=31536000, immutable"
REVALIDATE: Final = "no-cache"
_HASHED_FOLDER: Final = "assets/"
_ENCODINGS: Final = (("br", ".br"), ("gzip", ".gz"))
_TYPES: Final = {".js": "text/javascript", ".mjs": "text/javascript", ".woff2": "font/woff2"}
"""Types that the machine's own table may have wrong; ``nosniff`` makes them matter."""

NOT_BUILT: Final = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Alliage</title>
<body><h1>The node is running; its web pages have not been built</h1>
<p>In the repository run <code>make web</code> (it needs Node 20), then load this page again.
The API answers under <code>/api/v1</code> without them.</p>
<p lang="fr">Le nœud tourne ; ses pages web n'ont pas été construites. Dans le dépôt, lancez
<code>make web</code> (Node 20 requis), puis rechargez cette page.</p></body></html>"""


class WebUi:
    """ASGI app for every path that is no route of the API."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a file, the page, or 404."""
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
            return
        response = self._answer(scope["path"], scope["method"], Headers(scope=scope))
        await response(scope, receive, send)

    def _answer(self, path: str, method: str, headers: Headers) -> Response:
        if path == "/api" or path.startswith("/api/"):
            raise ProblemError("not-found", f"There is nothing at {path[:200]!r}.")
        if method not in ("GET", "HEAD"):
            detail = "The pages are only to be read."
            raise ProblemError("method-not-allowed", detail, {"Allow": "GET, HEAD"})
        name = path.lstrip("/")
        found = self._file(name)
        if found is None and name.startswith(_HASHED_FOLDER):
            raise ProblemError("not-found", "The pages were built anew: load them again.")
        page = found or self._file("index.html")
        if page is None:
            return HTMLResponse(NOT_BUILT, 503, {"Retry-After": "30"})
        cache = IMMUTABLE if found and name.startswith(_HASHED_FOLDER) else REVALIDATE
        return _send_file(page, cache, headers.get("accept-encoding", ""))

    def _file(self, name: str) -> Path | None:
        """The file of this name inside the folder; links and dots lead nowhere else."""
        try:
            path = (self._folder / name).resolve()
            inside = path.is_relative_to(self._folder)
            return path if inside and path.is_file() else None
        except (OSError, ValueError):  # too long, a null byte
            return None


def _send_file(path: Path, cache: str, accepted: str) -> Response:
    headers = {"Cache-Control": cache, "Vary": "Accept-Encoding"}
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
    for encoding, suffix in _ENCODINGS:
        packed = path.with_name(path.name + suffix)
        if encoding in accepted and packed.is_file():
            headers["Content-Encoding"] = encoding
            path = packed
            break
    return FileResponse(path, headers=headers, media_type=kind or "application/octet-stream")
