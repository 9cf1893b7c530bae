"""The how-tos are run as they stand: their blocks are real files and real settings."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from alliage import feeds as package
from alliage.config_tables import SourceConfig
from alliage.feeds.reference import render_formats, render_transports
from alliage.feeds.registry import load_feed, load_feeds
from alliage.feeds.transports.registry import KINDS, parse_transport
from alliage.feeds.validate import decode_whole, sample_of, validate_folder

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"
ADD = (HOW_TO / "add-a-format.md").read_text(encoding="utf-8")
CONNECT = (HOW_TO / "connect-a-feed.md").read_text(encoding="utf-8")
TESTS = re.search(r"^`tests/\S+`\n\n```python\n(.*?)^```$", ADD, re.MULTILINE | re.DOTALL)
FILES = dict(re.findall(r"^`([\w.]+)`\n\n```\w+\n(.*?)^```$", ADD, re.MULTILINE | re.DOTALL))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The feed that a reader has after following the how-to."""
    folder = tmp_path / "nmea_rmc"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    return folder


def test_the_tests_in_the_how_to_pass(folder: Path) -> None:
    assert TESTS, folder
    module: dict[str, Any] = {}
    exec(TESTS[1], module)
    tests = [value for name, value in module.items() if name.startswith("test_")]
    assert len(tests) == 3
    for test in tests:
        test()


def test_following_the_how_to_gives_a_feed_that_the_validator_accepts(folder: Path) -> None:
    assert validate_folder(folder, tests=None) == []
    feed = load_feed(folder)
    decoded = decode_whole(feed, feed.options_model(), sample_of(folder).read_bytes())
    assert (decoded.accepted, decoded.ignored) == (2, {"no_fix": 1})
    assert [item.reason for item in decoded.quarantined] == ["checksum"]
    first, second = decoded.batches[0].rows.to_pylist()
    assert first["latitude_deg"] == pytest.approx(55.675)
    assert second["speed_mps"] is None


def test_the_feed_of_the_how_to_is_about_fifty_lines_of_code() -> None:
    code = "\n".join(FILES[name] for name in ("decoder.py", "options.py", "__init__.py"))
    code = re.sub(r'""".*?"""', "", code, flags=re.DOTALL)
    lines = [line for line in code.splitlines() if line.strip() and "import" not in line]
    assert len(lines) <= 55


def test_what_the_how_to_quotes_from_the_feed_that_ships_stands_in_it() -> None:
    shipped = (load_feeds()["nmea_position"].folder / "decoder.py").read_text(encoding="utf-8")
    quoted = re.findall(r"^```python\n( {8}.*?)^```$", ADD, re.MULTILINE | re.DOTALL)
    assert len(quoted) == 2
    for block in quoted:
        assert block in shipped


@pytest.mark.parametrize("block", re.findall(r"^```toml\n(.*?)^```$", CONNECT, re.M | re.S))
def test_every_source_of_the_how_to_is_valid(block: str) -> None:
    for table in tomllib.loads(block)["sources"]:
        source = SourceConfig.model_validate(table)
        feed = load_feeds()[source.format]
        feed.options_model.model_validate(source.options)
        assert parse_transport(source.transport).kind == source.kind


def test_every_kind_of_transport_is_in_the_how_to() -> None:
    for kind in KINDS:
        assert f'kind = "{kind}"' in CONNECT


def test_the_reference_names_every_format_option_reason_and_setting() -> None:
    feeds = load_feeds()
    formats, transports = render_formats(feeds), render_transports()
    for feed in feeds.values():
        for word in [feed.manifest.name, *feed.manifest.options, *feed.manifest.reasons]:
            assert f"`{word}`" in formats or f'"{word}"' in formats
    for name, kind in KINDS.items():
        assert f"## `{name}`" in transports
        for key in kind.config.model_fields:
            assert key == "kind" or f"| `{key}` |" in transports
