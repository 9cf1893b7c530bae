"""A real node in a process of its own, with a real recording and hand-made troubles as sources."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyais import encode_dict

from tests.basemaps.support import image, write_archive

ALLIAGE: Final = str(Path(sys.executable).with_name("alliage"))
RECORDING: Final = "ais/denmark-2013-11-12-5min.nmea.gz"

DISPUTED_MMSI: Final = 219904000
"""ANNE KATRINE FN101 of the recording; our second source says another destination of her."""
DISPUTED_NAME: Final = "ANNE KATRINE FN101"
OTHER_DESTINATION: Final = "SKAGEN"
RUBBISH: Final = b"!AIVDM,1,1,,A,this is no AIS sentence,0*00\n"

_OPEN: Final = (
    '{ policy = "ALLIAGE", classification = "UNCLASSIFIED", releasable_to = ["DNK", "FRA"] }'
)
_RESOLUTION: Final = "\n[resolution]\nevery_s = 1.0\n"
"""So that nobody waits for what is compared."""
_NATIONAL: Final = '{ policy = "ALLIAGE", classification = "RESTRICTED", releasable_to = ["DNK"] }'


@dataclass(frozen=True)
class RunningNode:
    """Where a node answers, and the link that signs its first user in, once."""

    address: str
    link: str


@contextmanager
def running_node(folder: Path, recording: Path) -> Iterator[RunningNode]:
    """Start a node with four sources in a fresh folder; stop it at the end."""
    home = folder / "home"
    env = {k: v for k, v in os.environ.items() if not k.startswith("ALLIAGE_")}
    env["ALLIAGE_HOME"] = str(home)
    init = [ALLIAGE, "init", "--name", "baltic-1", "--nation", "DNK", "--exercise"]
    subprocess.run(init, env=env, check=True, capture_output=True, timeout=60)
    config = home / "config.toml"
    tables = [_sources(folder, recording), _basemaps(folder), _RESOLUTION]
    config.write_text(config.read_text() + "".join(tables))
    command = [ALLIAGE, "run", "--port", "0", "--link", "admin", "--json"]
    with (folder / "node.log").open("wb") as log:
        node = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=log)
        try:
            yield _announced(node, folder / "node.log")
        finally:
            node.terminate()
            node.wait(timeout=30)


def _announced(node: subprocess.Popen[bytes], log: Path) -> RunningNode:
    assert node.stdout is not None
    told = b""
    while line := node.stdout.readline():
        told += line
        try:
            said = json.loads(told)
        except ValueError:
            continue
        return RunningNode(said["address"].rstrip("/"), said["link"])
    raise AssertionError(f"the node did not start: {log.read_text()[-2000:]}")


def _sources(folder: Path, recording: Path) -> str:
    (folder / "second.nmea").write_bytes(_second_opinion())
    (folder / "rubbish.nmea").write_bytes(RUBBISH * 3)
    with socket.socket() as taken:  # bound and not listening: every connection is refused
        taken.bind(("127.0.0.1", 0))
        refused = taken.getsockname()[1]
    return "".join(
        [
            _source("denmark", f'kind = "file", path = "{recording}", pace = "flat-out"', _OPEN),
            _source("harbour", f'kind = "file", path = "{folder}/second.nmea"', _NATIONAL),
            _source("rubbish", f'kind = "file", path = "{folder}/rubbish.nmea"', _OPEN),
            _source("buoy", f'kind = "tcp_client", host = "127.0.0.1", port = {refused}', None),
        ]
    )


def _basemaps(folder: Path) -> str:
    """A chart on the disk, one that is lost, and a server that nobody reaches."""
    write_archive(folder / "chart.pmtiles", {(0, 0, 0): image(90, 40, 140)})
    return "".join(
        f'\n[[basemaps]]\nname = "{name}"\ntitle = "{title}"\nattribution = "{title} of tests"\n'
        f"label = {_NATIONAL}\ntiles = {{ {tiles} }}\n"
        for name, title, tiles in [
            ("chart", "Violet chart", f'kind = "pmtiles", path = "{folder}/chart.pmtiles"'),
            ("lost", "Lost chart", f'kind = "pmtiles", path = "{folder}/lost.pmtiles"'),
            ("far", "Far server", 'kind = "xyz", url = "http://127.0.0.1:9/{z}/{x}/{y}.png"'),
        ]
    )


def _source(name: str, transport: str, label: str | None) -> str:
    text = f'\n[[sources]]\nname = "{name}"\nformat = "ais"\ntransport = {{ {transport} }}\n'
    return text if label is None else f"{text}label = {label}\n"


def _second_opinion() -> bytes:
    """The same ship as another source has it: a static report with another destination."""
    said: dict[str, str | int | float | bytes | bool] = {
        "msg_type": 5,
        "mmsi": DISPUTED_MMSI,
        "shipname": DISPUTED_NAME,
        "destination": OTHER_DESTINATION,
        "ship_type": 30,
    }
    return "".join(
        f"{line}\n" for line in encode_dict(said, talker_id="AI", sentence_type="VDM")
    ).encode()
