"""What ``doctor`` looks at: each check is one function that says what it found and what to do."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from alliage.cli.home import load_config
from alliage.cli.label_warnings import label_warnings
from alliage.cli.output import CommandError, counted
from alliage.cli.secret_warnings import secret_warnings
from alliage.cli.source_checks import NETWORK_TIMEOUT_S, trouble_of
from alliage.ontology.times import WallClock, from_text, to_text

if TYPE_CHECKING:
    from alliage.config import Config
    from alliage.log import Log
    from alliage.log.verify import Verified

NEEDED_PYTHON: Final = (3, 11)
NEEDED_NODE: Final = 20
GIBIBYTE: Final = 1024**3
DISK_PROBLEM_BYTES: Final = GIBIBYTE
DISK_WARNING_BYTES: Final = 10 * GIBIBYTE
VERIFY_S: Final = 5.0
BUILT_US: Final = from_text("2026-11-01T00:00:00Z")
"""This program is not older than this: a clock before it is wrong."""

WEB: Final = Path(__file__).parents[1] / "server/static/index.html"


class Level(StrEnum):
    """How bad a finding is."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found; ``to_do`` is empty where all is well."""

    check: str
    level: Level
    text: str
    to_do: str = ""


Check = Callable[[Path], Iterator[Finding]]


def python_version(_home: Path) -> Iterator[Finding]:
    """Alliage needs Python 3.11."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < NEEDED_PYTHON:
        yield Finding("Python", Level.PROBLEM, version, "install Python 3.11 or newer")
    else:
        yield Finding("Python", Level.OK, version)


def web_ui(_home: Path) -> Iterator[Finding]:
    """The web UI is built; if not, Node 20 is there to build it."""
    if WEB.is_file():
        yield Finding("web UI", Level.OK, "built")
        return
    version = _node_version()
    if version is None or version < NEEDED_NODE:
        found = "no Node.js" if version is None else f"Node.js {version}"
        to_do = "install Node 20 or newer, then run `make setup` in the repository"
        yield Finding("web UI", Level.PROBLEM, f"not built, and {found} to build it with", to_do)
    else:
        yield Finding("web UI", Level.PROBLEM, "not built", "run `make setup` in the repository")


def folder(home: Path) -> Iterator[Finding]:
    """The node's folder is there, writable, and nobody else's business."""
    if not home.is_dir():
        to_do = "run `alliage init`, or name another folder: ALLIAGE_HOME=…"
        yield Finding("folder", Level.PROBLEM, f"{home} is not there", to_do)
        return
    if not os.access(home, os.W_OK | os.X_OK):
        to_do = f"give this user the right to write: chown -R {os.getuid()} {home}"
        yield Finding("folder", Level.PROBLEM, f"{home} is not writable", to_do)
        return
    mode = stat.S_IMODE(home.stat().st_mode)
    if mode & 0o077:
        text = f"{home} is open to other users of this machine (mode {mode:03o})"
        yield Finding("folder", Level.WARNING, text, f"chmod 700 {home}")
    else:
        yield Finding("folder", Level.OK, str(home))


def disk(home: Path) -> Iterator[Finding]:
    """There is room for the log."""
    place = next(path for path in (home, *home.parents) if path.exists())
    free_bytes = shutil.disk_usage(place).free
    text = f"{free_bytes / GIBIBYTE:.1f} GiB free"
    if free_bytes < DISK_PROBLEM_BYTES:
        yield Finding("disk", Level.PROBLEM, text, "make room: the log stops when the disk is full")
    elif free_bytes < DISK_WARNING_BYTES:
        yield Finding("disk", Level.WARNING, text, "make room before long")
    else:
        yield Finding("disk", Level.OK, text)


def configuration(home: Path) -> Iterator[Finding]:
    """The configuration is right, with every source's format, transport and options."""
    from alliage.config import ConfigError
    from alliage.config_sources import resolve_sources
    from alliage.feeds.registry import load_feeds

    try:
        config = load_config(home)
        resolve_sources(config, load_feeds())
    except (CommandError, ConfigError) as error:
        problems = error.messages if isinstance(error, CommandError) else error.problems
        for line in problems:
            yield Finding("configuration", Level.PROBLEM, line, f"edit {home / 'config.toml'}")
        return
    yield Finding("configuration", Level.OK, counted(len(config.sources), "source"))
    for source in config.sources:
        if source.label is None:
            text = f"source {source.name!r} has no label: administrators alone see what it says"
            yield Finding("configuration", Level.WARNING, text, "give it a label")
    for text, to_do in (*label_warnings(config), *secret_warnings(config)):
        yield Finding("configuration", Level.WARNING, text, to_do)


def schemata(home: Path) -> Iterator[Finding]:
    """The node's own schemata can be used; the node runs without those that cannot."""

    config = _config(home)
    if config is None:
        return
    ontology = config.ontology.load()
    problems = config.ontology.problems(ontology)
    for problem in problems:
        yield Finding("schemata", Level.PROBLEM, problem, "correct the file, then restart")
    if not problems:
        yield Finding("schemata", Level.OK, f"{len(ontology.schemata)} kinds of thing")


def policy(home: Path) -> Iterator[Finding]:
    """The policy of who may see what can be used; the node does not start with one that cannot."""
    from alliage.config import ConfigError

    config = _config(home)
    if config is None:
        return
    try:
        config.load_policy()
    except ConfigError as error:
        for problem in error.problems:
            yield Finding("policy", Level.PROBLEM, problem, "correct the file, then restart")
        return
    named = config.access.policy
    yield Finding(
        "policy", Level.OK, "the one that Alliage brings" if named is None else str(named)
    )


def policies(home: Path) -> Iterator[Finding]:
    """The node's own security policies can be used."""
    config = _config(home)
    if config is None:
        return
    known = config.labels.load()
    problems = config.labels.problems(known)
    for problem in problems:
        yield Finding("policies", Level.PROBLEM, problem, "correct it, then restart")
    if not problems:
        yield Finding("policies", Level.OK, ", ".join(known.by_name))


def basemaps(home: Path) -> Iterator[Finding]:
    """The node's own basemaps can be used; the node runs without those that cannot."""
    config = _config(home)
    if config is None or not config.basemaps:
        return
    problems = config.basemap_problems()
    for problem in problems:
        to_do = "put the file there, or correct its path in config.toml; then restart"
        yield Finding("basemaps", Level.PROBLEM, problem, to_do)
    if not problems:
        yield Finding("basemaps", Level.OK, counted(len(config.basemaps), "basemap"))


def keys(home: Path) -> Iterator[Finding]:
    """The node's keys are there and can be read."""
    from alliage.log import KeyFileError, NodeKeys

    try:
        yield Finding("keys", Level.OK, f"signing key {NodeKeys.load(home / 'keys').key_id}")
    except (KeyFileError, OSError) as error:
        yield Finding("keys", Level.PROBLEM, str(error), "run `alliage init`, or restore a backup")


def port(home: Path) -> Iterator[Finding]:
    """The port is free, or this node itself listens on it."""
    config = _config(home)
    if config is None:
        return
    address = (config.server.host, config.server.port)
    try:
        with socket.create_server(address):
            yield Finding("port", Level.OK, f"{address[1]} is free")
    except OSError as error:
        if _is_node(config):
            yield Finding("port", Level.OK, f"a node answers on {address[1]}")
        else:
            to_do = "stop that program, or choose another port: ALLIAGE_SERVER__PORT=…"
            yield Finding(
                "port", Level.PROBLEM, f"{address[1]} cannot be used: {error.strerror}", to_do
            )


def clock(home: Path) -> Iterator[Finding]:
    """The clock is not behind this program, nor behind what the node has logged already."""
    now_us = WallClock().now_us()
    last_us = _last_known_us(home)
    if now_us < max(BUILT_US, last_us or 0):
        text = f"the clock says {to_text(now_us)}, which is in the past"
        yield Finding("clock", Level.PROBLEM, text, "set the clock; run an NTP client")
    else:
        yield Finding("clock", Level.OK, to_text(now_us))


def sources(home: Path) -> Iterator[Finding]:
    """Every source can be reached from here."""
    config = _config(home)
    for source in config.sources if config else ():
        trouble = trouble_of(source)
        if trouble is None:
            yield Finding(f"source {source.name}", Level.OK, f"{source.kind} is ready")
        else:
            level = Level.PROBLEM if trouble.is_final else Level.WARNING
            yield Finding(f"source {source.name}", level, trouble.text, trouble.to_do)


def log(home: Path) -> Iterator[Finding]:
    """The first entries of the log are what was signed (as many as can be checked in seconds)."""
    from alliage.log import KeyFileError, Log, NodeKeys

    config = _config(home)
    if config is None or not (home / "log/index.sqlite").exists():
        yield Finding("log", Level.OK, "nothing logged yet")
        return
    try:
        node_keys = NodeKeys.load(home / "keys")
        opened = Log.open(home / "log", node_keys, config.node.name, WallClock(), read_only=True)
    except (KeyFileError, OSError) as error:
        yield Finding("log", Level.PROBLEM, str(error), "restore the folder from a backup")
        return
    try:
        walked = _verified(opened)
        in_force = node_keys.key_id if walked.fault else opened.audit().key_in_force()
    finally:
        opened.close()
    if in_force != node_keys.key_id:
        text = f"the log goes on with key {in_force}, the key file holds {node_keys.key_id}"
        to_do = "if `alliage keys rotate` was interrupted, run it again; else restore a backup"
        yield Finding("log", Level.PROBLEM, text, to_do)
    if walked.fault:
        to_do = "keep the folder as it is and restore a backup beside it"
        yield Finding("log", Level.PROBLEM, walked.fault, to_do)
    else:
        gone = f"; {walked.gone} bodies are gone by decision" if walked.gone else ""
        said = f"{walked.good} of {walked.total} entries checked, all good{gone}"
        yield Finding("log", Level.OK, said)


def audit(home: Path) -> Iterator[Finding]:
    """Every record that a command left for the audit is taken up, or is still there."""
    from alliage.access.audit_spool import missing
    from alliage.home import Home as NodeHome

    gone = missing(NodeHome(home).audit_spool)
    if gone:
        text = f"{counted(len(gone), 'record')} of commands missing: number {gone[0]} to {gone[-1]}"
        to_do = "find out who took them away; the node writes down that they are missing"
        yield Finding("audit", Level.PROBLEM, text, to_do)
    else:
        yield Finding("audit", Level.OK, "no record of a command is missing")


CHECKS: Final[tuple[Check, ...]] = (
    *(python_version, web_ui, folder, disk, configuration, schemata),
    *(policies, policy, basemaps, keys),
    *(port, clock, sources, log, audit),
)


def _config(home: Path) -> Config | None:
    """The configuration; None where it has mistakes, which :func:`configuration` reports."""
    try:
        return load_config(home)
    except CommandError:
        return None


def _node_version() -> int | None:
    node = shutil.which("node")
    if node is None:
        return None
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    digits = done.stdout.strip().removeprefix("v").split(".")[0]
    return int(digits) if digits.isdigit() else None


def _is_node(config: Config) -> bool:
    import httpx

    host = "127.0.0.1" if config.server.host in {"0.0.0.0", "::"} else config.server.host  # noqa: S104
    url = f"http://{host}:{config.server.port}/api/v1/health/live"
    try:
        return httpx.get(url, timeout=NETWORK_TIMEOUT_S, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _verified(opened: Log) -> Verified:
    """How far the log is good, after walking it for :data:`VERIFY_S` at most."""
    from alliage.log.verify import Verified

    walked = Verified(0, 0)
    deadline = time.monotonic() + VERIFY_S
    for step in opened.verify():
        walked = step
        if time.monotonic() > deadline:
            break
    return walked


def _last_known_us(home: Path) -> int | None:
    """When the log was last written, by its file's time."""
    index = home / "log/index.sqlite"
    return round(index.stat().st_mtime * 1e6) if index.exists() else None
