"""Every feed folder is complete, and an incomplete one is told what it lacks."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from alliage import feeds as package
from alliage.feeds.registry import feed_folders, load_feeds
from alliage.feeds.validate import validate_folder

NMEA = load_feeds()["nmea_position"].folder


@pytest.mark.parametrize("folder", list(feed_folders()), ids=lambda folder: folder.name)
def test_every_feed_is_complete(folder: Path) -> None:
    assert validate_folder(folder) == []


def remove(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def replace(name: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        text = (folder / name).read_text()
        assert old in text
        (folder / name).write_text(text.replace(old, new))

    return edit


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (remove("manifest.yaml"), "manifest.yaml is missing; it says what"),
        (remove("decoder.py"), "decoder.py is missing"),
        (remove("options.py"), "options.py is missing"),
        (remove("README.md"), "README.md is missing"),
        (remove("sample.nmea"), "needs exactly one sample.* file"),
        (replace("README.md", "## Limits", "## Borders"), "lacks the section `## Limits`"),
        (replace("manifest.yaml", "  fr: Position", "  de: Position"), "title lacks 'fr'"),
        (replace("manifest.yaml", "    fr: La somme", "    it: La somme"), "checksum lacks 'fr'"),
        (replace("manifest.yaml", "[Vessel]", "[Submarine]"), "'Submarine' is not in the ontology"),
        (replace("manifest.yaml", "7.1", "7.2"), "manifest.yaml says 7.2"),
        (replace("manifest.yaml", "[position]", "[text]"), "position batches come out"),
        (replace("manifest.yaml", "  checksum:", "  sum:"), "the reason 'checksum'"),
        (replace("decoder.py", '"course_deg": n', '"heading": n'), "raises on the sample"),
    ],
)
def test_an_incomplete_feed_is_told_what_it_lacks(
    damage: Callable[[Path], None], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"broken_{abs(hash((said, str(tmp_path))))}"
    folder = tmp_path / name
    shutil.copytree(NMEA, folder, ignore=shutil.ignore_patterns("__pycache__"))
    replace("manifest.yaml", "name: nmea_position", f"name: {name}")(folder)
    damage(folder)
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    assert said in "\n".join(validate_folder(folder, tests=None))


def test_a_feed_without_tests_is_refused(tmp_path: Path) -> None:
    assert any("tests/feeds/nmea_position" in line for line in validate_folder(NMEA, tmp_path))
