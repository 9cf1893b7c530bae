"""Writes the generated pages of docs/reference: `python -m scripts.references` (`make docs`).

Every page is a pure function of the code; tests/test_docs.py fails while a page is out of date.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from alliage.config_sources import ALL_KINDS
from alliage.feeds.reference import render_formats, render_transports
from alliage.feeds.registry import load_feeds
from alliage.ontology.reference import render_reference
from alliage.ontology.schema import Ontology
from alliage.server.app import openapi_document
from scripts.reference_cli import render_cli
from scripts.reference_config import render_config
from scripts.reference_observations import render_observations
from scripts.reference_routes import render_routes
from scripts.reference_rules import render_rules

REFERENCE: Final = Path(__file__).parents[1] / "docs/reference"


def openapi_json() -> str:
    """The OpenAPI document in a stable form."""
    return json.dumps(openapi_document(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "cli.md": render_cli,
    "configuration.md": render_config,
    "formats.md": lambda: render_formats(load_feeds()),
    "observations.md": render_observations,
    "openapi.json": openapi_json,
    "routes.md": render_routes,
    "schemata.md": lambda: render_reference(Ontology.load()),
    "watch-rules.md": render_rules,
    "transports.md": lambda: render_transports(ALL_KINDS),
}


def main() -> int:
    """Write every page whose text has changed; say which."""
    for name, render in PAGES.items():
        path, text = REFERENCE / name, render()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"docs/reference/{name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
