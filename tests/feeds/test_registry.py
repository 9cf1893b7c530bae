"""The formats a node knows are the folders it finds."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest

from alliage import feeds as package
from alliage.feeds.registry import FeedError, guess_feed, load_feed, load_feeds

NMEA = load_feeds()["nmea_position"]


def test_every_loaded_feed_carries_its_folder_name() -> None:
    feeds = load_feeds()
    assert "nmea_position" in feeds
    assert all(feed.manifest.name == name == feed.folder.name for name, feed in feeds.items())


def test_a_folder_outside_the_package_is_found_on_its_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "outside_format"
    shutil.copytree(NMEA.folder, folder, ignore=shutil.ignore_patterns("__pycache__"))
    manifest = folder / "manifest.yaml"
    manifest.write_text(manifest.read_text().replace("name: nmea_position", "name: outside_format"))
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    feed = load_feeds()["outside_format"]
    assert type(feed.make_decoder(feed.options_model())).__name__ == "NmeaPositionDecoder"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("name: nmea_position", "name: other", "the folder is 'nmea_position'"),
        ("framing: lines", "framing: words", "framing: "),
        ("clock: true", "clock: true\ncolour: red", "colour: "),
        ("title:", "title: [", "cannot be read"),
    ],
)
def test_a_broken_manifest_is_named_with_key_and_value(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    folder = tmp_path / "nmea_position"
    shutil.copytree(NMEA.folder, folder)
    manifest = folder / "manifest.yaml"
    manifest.write_text(manifest.read_text().replace(old, new, 1))
    with pytest.raises(FeedError, match=r"manifest\.yaml") as caught:
        load_feed(folder)
    assert said in str(caught.value)


@pytest.mark.parametrize("name", ["track.nmea", "track.txt", "track"])
def test_the_format_of_a_file_is_found_from_its_bytes(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes((NMEA.folder / "sample.nmea").read_bytes())
    assert guess_feed(path).manifest.name == "nmea_position"


def test_a_packed_file_is_looked_into(tmp_path: Path) -> None:
    path = tmp_path / "track.nmea.gz"
    path.write_bytes(gzip.compress((NMEA.folder / "sample.nmea").read_bytes()))
    assert guess_feed(path).manifest.name == "nmea_position"


@pytest.mark.parametrize("data", [b"", b"nothing anybody knows\n", b"\x1f\x8bbroken"])
def test_a_file_that_no_format_accepts_is_refused_with_what_was_tried(
    tmp_path: Path, data: bytes
) -> None:
    path = tmp_path / "track.nmea"
    path.write_bytes(data)
    with pytest.raises(FeedError, match=r"tried: .*nmea_position"):
        guess_feed(path)
