"""How smooth is the map with thousands of symbols, what does an update cost, does memory grow?

The real page in Debian's Chromium, which draws on the processor here; the picture's socket is
played by this program, since a node sends no more than can be read. Printed: frames a second while
the map is dragged and every track moves once a second, beside an empty map in the same run; script
time of an update of 10,000 tracks beside an update that says nothing changed, best of 12; and the
script memory in use, garbage collected, in the course of updates in which tracks come and go. The
memory over an hour is `make soak`'s to measure.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from playwright.async_api import CDPSession, Page, WebSocketRoute, async_playwright

from alliage.server.logs import configure_logs
from alliage.server.security import COOKIE
from benchmarks.fake_picture import FakePicture
from benchmarks.served_node import served_node
from tests.e2e.conftest import CHROMIUM, FLAGS, TOUR_SEEN, begin_with

SYMBOLS: Final = (5_000, 20_000, 50_000)
UPDATED: Final = 10_000
BEST_OF: Final = 12
LOOK: Final = "/picture?lon=11&lat=56&z=6"
COUNT_FRAMES: Final = """() => {
  window.framesDrawn = 0;
  const count = () => { window.framesDrawn += 1; requestAnimationFrame(count); };
  requestAnimationFrame(count);
}"""
TWO_FRAMES: Final = (
    "() => new Promise((d) => requestAnimationFrame(() => requestAnimationFrame(d)))"
)


class Screen:
    """The page, and this program's end of its picture socket."""

    def __init__(self, page: Page, tools: CDPSession) -> None:
        self.page = page
        self.picture = FakePicture()
        self._tools = tools
        self._socket: WebSocketRoute | None = None
        self._looking = asyncio.Event()

    def connect(self, socket: WebSocketRoute) -> None:
        """Play the node: the first view says where the tracks have to be."""
        self._socket = socket
        socket.on_message(self._hear)

    def _hear(self, message: str | bytes) -> None:
        said = json.loads(message)
        if said["type"] == "view":
            self.picture.bbox = said["bbox"]
            self._looking.set()

    async def show(self, tracks: int) -> None:
        """Show so many tracks and nothing else, once all are drawn."""
        await self._looking.wait()
        self.send(self.picture.begin(tracks))
        await self.page.locator(f'[data-drawn="{tracks}"]').wait_for(timeout=60_000)

    def send(self, frames: list[bytes]) -> None:
        """Send one batch."""
        assert self._socket is not None
        for frame in frames:
            self._socket.send(frame)

    async def metric(self, name: str) -> float:
        """One of the browser's own figures (DevTools protocol, Performance.getMetrics)."""
        found = await self._tools.send("Performance.getMetrics")
        return float(next(m["value"] for m in found["metrics"] if m["name"] == name))

    async def memory_bytes(self) -> float:
        """Script memory in use once what is not needed has been collected."""
        await self._tools.send("HeapProfiler.collectGarbage")
        return await self.metric("JSHeapUsedSize")

    async def script_s(self, frames: list[bytes]) -> float:
        """Script time from a batch until what it changed is drawn."""
        before = await self.metric("ScriptDuration")
        self.send(frames)
        await self.page.evaluate(TWO_FRAMES)
        await self.page.evaluate(TWO_FRAMES)
        return await self.metric("ScriptDuration") - before


@asynccontextmanager
async def screen() -> AsyncIterator[Screen]:
    """The picture page of a signed-in administrator, its socket in our hands."""
    async with served_node() as served, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = await browser.new_context(viewport={"width": 1440, "height": 900})
        await context.add_cookies(
            [{"name": COOKIE, "value": served.new_session(), "url": served.origin}]
        )
        await context.add_init_script(begin_with(TOUR_SEEN))
        page = await context.new_page()
        tools = await context.new_cdp_session(page)
        await tools.send("Performance.enable")
        shown = Screen(page, tools)
        await page.route_web_socket("**/api/v1/picture", shown.connect)
        await page.goto(served.origin + LOOK)
        await page.locator('[data-map="ready"]').wait_for(timeout=60_000)
        await page.evaluate(COUNT_FRAMES)
        yield shown
        await browser.close()


async def frames_per_s(shown: Screen, seconds: float) -> float:
    """Frames a second while the map is dragged to and fro and all tracks move once a second."""
    mouse = shown.page.mouse
    await mouse.move(720, 450)
    await mouse.down()
    before: float = await shown.page.evaluate("window.framesDrawn")
    began, told, step = time.monotonic(), 0, 0
    while (passed := time.monotonic() - began) < seconds:
        if passed > told:
            told += 1
            shown.send(shown.picture.move())
        step += 1
        await mouse.move(720 + 60 * (step % 20 - 10) / 10, 450 + step % 7)
    after: float = await shown.page.evaluate("window.framesDrawn")
    await mouse.up()
    return (after - before) / passed


async def update_s(shown: Screen) -> dict[str, float]:
    """Script time of a full and of an empty update, the best of twelve of each."""
    await shown.show(UPDATED)
    found: dict[str, list[float]] = {"full": [], "empty": []}
    for _ in range(BEST_OF):
        found["full"].append(await shown.script_s(shown.picture.move()))
        found["empty"].append(await shown.script_s(shown.picture.nothing()))
    return {name: min(taken) for name, taken in found.items()}


async def memory_bytes(shown: Screen, updates: int) -> list[float]:
    """Memory in use in the course of updates in which one track in fifty is replaced."""
    await shown.show(1_500)
    found = []
    for update in range(updates + 1):
        shown.send(shown.picture.move(replace=30))
        if update % 2 == 0:
            await shown.page.evaluate(TWO_FRAMES)
        if update % (updates // 10) == 0:
            found.append(await shown.memory_bytes())
    return found


async def measure(seconds: float, updates: int) -> dict[str, Any]:
    """Everything, in one run of one page."""
    async with screen() as shown:
        frames = {}
        for symbols in (0, *SYMBOLS):
            await shown.show(symbols)
            frames[symbols] = await frames_per_s(shown, seconds)
        return {
            "frames_per_s": frames,
            "update_s": await update_s(shown),
            "updates": updates,
            "memory_bytes": await memory_bytes(shown, updates),
        }


def main() -> int:
    """Print the figures; exit code 1 where memory grows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--quick", action="store_true", help="200 updates, not 600")
    arguments = parser.parse_args()
    configure_logs("warning")
    figures = asyncio.run(measure(3.0, 200) if arguments.quick else measure(8.0, 600))
    frames = figures["frames_per_s"]
    for symbols, rate in frames.items():
        print(
            f"{symbols:6,} symbols: {rate:5.1f} frames/s, {rate / frames[0]:4.0%} of an empty map"
        )
    full, empty = figures["update_s"]["full"], figures["update_s"]["empty"]
    print(
        f"script of an update: {full * 1e3:.1f} ms for {UPDATED:,} tracks, {empty * 1e3:.1f} ms "
        f"for none: {full / empty:.1f}x, {(full - empty) / UPDATED * 1e6:.2f} us a track"
    )
    memory = figures["memory_bytes"]
    before, after = statistics.median(memory[1:5]), statistics.median(memory[-4:])
    print(
        f"script memory in {figures['updates']:,} updates: {before / 1e6:.1f} MB in the first "
        f"half, {after / 1e6:.1f} MB in the second ({after / before - 1:+.1%})"
    )
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2))
    return 0 if after < before * 1.05 else 1


if __name__ == "__main__":
    sys.exit(main())
