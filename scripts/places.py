"""Writes the gazetteer of the search from the basemap's names: `python -m scripts.places`.

The image builds the web UI without the Python sources and the other way round, so that each has
the list; a test holds them together.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
BASEMAP: Final = ROOT / "web/basemap/places.ts"
GAZETTEER: Final = ROOT / "src/alliage/search/places.tsv"
KINDS: Final = {"seas": "sea", "islands": "island", "ports": "port"}


def gazetteer() -> str:
    """The file that the basemap's names make."""
    source = BASEMAP.read_text(encoding="utf-8")
    rows = ["kind\ten\tfr\tlat\tlon"]
    for table, kind in KINDS.items():
        found = re.search(rf"const {table} = `\n(.*?)\n`;", source, re.DOTALL)
        if found is None:
            raise ValueError(f"{BASEMAP}: has no table {table!r}")
        rows += ["\t".join([kind, *line.split("|")[:4]]) for line in found[1].splitlines()]
    return "\n".join(rows) + "\n"


def main() -> int:
    """Write the file."""
    GAZETTEER.write_text(gazetteer(), encoding="utf-8")
    sys.stdout.write(f"{GAZETTEER.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
