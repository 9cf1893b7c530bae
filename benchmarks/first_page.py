"""How many bytes does a browser need until the map shows, the first time?

Debian's Chromium with nothing cached opens the picture of a fresh node; counted is what came over
the wire (headers and packed bodies) until the map is ready, and the sea and land that it shows: by
kind, and the largest files by name. What the page fetches ahead when it is idle does not count.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, Request, async_playwright

from alliage.server.logs import configure_logs
from alliage.server.security import COOKIE
from benchmarks.served_node import served_node
from tests.e2e.conftest import CHROMIUM, FLAGS

AIM_BYTES: Final = 1_000_000
SHOWN_FILES: Final = 8
KINDS: Final = {".js": "scripts", ".css": "styles", ".woff2": "fonts", ".pbf": "basemap",
                ".pmtiles": "basemap", "": "pages and data"}  # fmt: skip


async def load(context: BrowserContext, address: str) -> dict[str, int]:
    """Open the picture; bytes by path, the largest first."""
    page = await context.new_page()
    done: list[Request] = []
    page.on("requestfinished", lambda request: done.append(request))
    await page.goto(address + "/picture")
    await page.locator('[data-map="ready"]').wait_for(timeout=60_000)
    before_ready = len(done)
    await page.wait_for_load_state("networkidle")
    found: Counter[str] = Counter()
    for nth, request in enumerate(done):
        path = urlsplit(request.url).path
        if nth < before_ready or path.startswith("/basemap/"):
            sizes = await request.sizes()
            found[path] += sizes["responseHeadersSize"] + sizes["responseBodySize"]
    return dict(found.most_common())


async def measure() -> dict[str, int]:
    """The first visit of a browser."""
    async with served_node() as served, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = await browser.new_context(viewport={"width": 1440, "height": 900})
        await context.add_cookies(
            [{"name": COOKIE, "value": served.new_session(), "url": served.origin}]
        )
        files = await load(context, served.origin)
        await browser.close()
    return files


def main() -> int:
    """Print the figures; exit code 1 where more than a megabyte is needed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--quick", action="store_true", help="the same: it takes seconds")
    arguments = parser.parse_args()
    configure_logs("warning")
    files = asyncio.run(measure())
    total = sum(files.values())
    print(f"{total:,} bytes in {len(files)} files")
    kinds: Counter[str] = Counter()
    for path, size in files.items():
        kinds[KINDS.get(Path(path).suffix, "other")] += size
    for kind, size in kinds.most_common():
        print(f"  {size:9,} {kind}")
    print("the largest:")
    for path, size in list(files.items())[:SHOWN_FILES]:
        print(f"  {size:9,} {path}")
    if arguments.json:
        arguments.json.write_text(json.dumps(files, indent=2))
    return 0 if total < AIM_BYTES else 1


if __name__ == "__main__":
    sys.exit(main())
