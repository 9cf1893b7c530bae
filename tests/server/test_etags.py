"""What a client has already is not sent again."""

from __future__ import annotations

import httpx
import pytest

from alliage.server.etags import is_matched


@pytest.mark.parametrize("path", ["schemata", "schemata/Vessel", "formats", "openapi.json"])
def test_what_has_not_changed_is_answered_with_304(anna: httpx.Client, path: str) -> None:
    first = anna.get(path)
    assert first.status_code == 200
    assert "no-cache" in first.headers["cache-control"]
    tag = first.headers["etag"]
    again = anna.get(path, headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    assert anna.get(path, headers={"If-None-Match": '"other"'}).json() == first.json()


@pytest.mark.parametrize(
    ("header", "matched"),
    [
        ('W/"a"', True),
        ('"a"', True),
        ('"b", W/"a"', True),
        ("*", True),
        ('"b"', False),
        ("", False),
    ],
)
def test_tags_are_compared_weakly(header: str, matched: bool) -> None:
    assert is_matched(header, 'W/"a"') is matched
