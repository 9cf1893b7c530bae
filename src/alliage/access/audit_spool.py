"""Events of commands that run beside a node, left in a folder until the node writes them down.

Only one process writes the log. A command that finds the node running leaves its event as a file;
the node takes it up within seconds. Whoever can delete such a file can also stop the node and read
its keys: the machine's administrator is outside of what a log can hold (threat model).
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import orjson
import structlog

from alliage.access.audit import Act, AuditEvent

BYTES_AT_MOST: Final = 64 * 1024
_SUFFIX: Final = ".json"

_log = structlog.get_logger("alliage.access")


def leave(
    folder: Path,
    act: Act,
    user: str,
    program: str,
    on: Sequence[str] = (),
    done: bool = True,
    /,
    **details: Any,
) -> None:
    """Leave an event for the node.

    Args:
        folder: the node's for this.
        act: what was done.
        user: by whom, as the machine knows them.
        program: the command.
        on: ids of what it was done to.
        done: False where it was refused.
        details: plain data.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    now_us = time.time_ns() // 1_000
    who = {"user": user, "program": program}
    said = {"act": act, **who, "on": on, "done": done, "details": details, "at_us": now_us}
    path = folder / f"{now_us:020d}-{secrets.token_hex(4)}{_SUFFIX}"
    partial = path.with_suffix(".part")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(orjson.dumps(said))
        file.flush()
        os.fsync(file.fileno())
    partial.rename(path)


def take_up(folder: Path, audit: Callable[[AuditEvent], None]) -> int:
    """Write down every event that was left; returns how many. A file that is none is left out."""
    taken = 0
    for path in sorted(folder.glob(f"*{_SUFFIX}")):
        event = _read(path)
        if event is None:
            path.rename(path.with_suffix(".refused"))
            continue
        audit(event)
        path.unlink()
        taken += 1
    return taken


def _read(path: Path) -> AuditEvent | None:
    try:
        if path.stat().st_size > BYTES_AT_MOST:
            raise ValueError("too long")
        said = orjson.loads(path.read_bytes())
        return AuditEvent(
            Act(said["act"]),
            user=str(said["user"]),
            program=str(said["program"]),
            on=tuple(str(one) for one in said.get("on", ())),
            done=bool(said.get("done", True)),
            decision="the machine's own administrator",
            details=dict(said["details"]),
            at_us=int(said["at_us"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        _log.warning("audit: a file that is no event", file=path.name, error=str(error))
        return None
