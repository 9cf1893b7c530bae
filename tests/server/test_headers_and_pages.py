"""Security headers everywhere, and the web UI as files."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.server.small_node import PATIENCE_S, SmallNode


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallNode]:
    """A node whose web UI is a page, a script (packed, too) and an archive."""
    node = SmallNode(tmp_path_factory.mktemp("built"))
    web = node.folder / "web"
    (web / "assets").mkdir(parents=True)
    (web / "index.html").write_text("<!doctype html><title>Alliage</title>")
    (web / "assets" / "main-abc123.js").write_text("export default 1;")
    (web / "assets" / "main-abc123.js.br").write_bytes(b"packed with brotli")
    (web / "world.pmtiles").write_bytes(bytes(range(256)) * 40)
    (node.folder / "secret.txt").write_text("not for you")
    (web / "way-out").symlink_to(node.folder / "secret.txt")
    yield node
    node.close()


@pytest.fixture
def pages(built: SmallNode) -> httpx.Client:
    """A browser that has not signed in."""
    return httpx.Client(base_url=built.url, timeout=PATIENCE_S)


@pytest.mark.parametrize("path", ["/", "/assets/main-abc123.js", "/api/v1/session", "/api/v1/x"])
def test_every_answer_has_the_headers(pages: httpx.Client, path: str) -> None:
    headers = pages.get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["script-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert "server" not in headers
    assert "Strict-Transport-Security" not in headers


def test_https_is_remembered(pages: httpx.Client) -> None:
    headers = pages.get("/", headers={"X-Forwarded-Proto": "https"}).headers
    assert headers["Strict-Transport-Security"] == "max-age=31536000"


def test_the_api_is_never_cached(pages: httpx.Client) -> None:
    assert pages.get("/api/v1/health/live").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/sources", "/objects/abc?tab=claims", "/way-out", "/a%00b"])
def test_paths_that_are_no_file_get_the_page(pages: httpx.Client, path: str) -> None:
    answer = pages.get(path)
    assert answer.status_code == 200
    assert "<title>Alliage</title>" in answer.text
    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/assets/..%2f..%2fsecret.txt"],
)
def test_no_path_leads_out_of_the_folder(built: SmallNode, path: str) -> None:
    request = httpx.Request("GET", built.url)
    request.url = httpx.URL(built.url, raw_path=path.encode())
    with httpx.Client(timeout=PATIENCE_S) as client:
        assert "not for you" not in client.send(request).text


def test_hashed_files_are_kept_for_ever_and_sent_packed(pages: httpx.Client) -> None:
    plain = pages.get("/assets/main-abc123.js", headers={"Accept-Encoding": "identity"})
    assert plain.text == "export default 1;"
    assert plain.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert plain.headers["Content-Type"].startswith("text/javascript")
    with pages.stream(
        "GET", "/assets/main-abc123.js", headers={"Accept-Encoding": "br, gzip"}
    ) as packed:
        assert b"".join(packed.iter_raw()) == b"packed with brotli"
    assert packed.headers["Content-Encoding"] == "br"
    assert packed.headers["Content-Type"].startswith("text/javascript")
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_a_script_of_an_older_build_is_missing_and_not_the_page(pages: httpx.Client) -> None:
    assert pages.get("/assets/main-old.js").status_code == 404


def test_parts_of_an_archive_can_be_asked_for(pages: httpx.Client) -> None:
    answer = pages.get("/world.pmtiles", headers={"Range": "bytes=256-511"})
    assert answer.status_code == 206
    assert answer.content == bytes(range(256))


def test_pages_are_only_to_be_read(pages: httpx.Client) -> None:
    answer = pages.post("/sources")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"


def test_a_node_without_web_pages_says_how_to_build_them(node: SmallNode) -> None:
    answer = httpx.get(node.url, timeout=PATIENCE_S)
    assert answer.status_code == 503
    assert "make web" in answer.text
    assert "construites" in answer.text


def test_an_unknown_address_of_the_api_is_not_the_page(pages: httpx.Client) -> None:
    assert pages.get("/api/v2/tracks").json()["status"] == 404


def test_large_answers_of_the_api_are_packed(built: SmallNode) -> None:
    answer = built.client("anna").get("schemata", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
