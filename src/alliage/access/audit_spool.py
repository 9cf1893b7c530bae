"""Events of commands that run beside a node, left in a folder until the node writes them down.

Only one process writes the log. A command that finds the node running leaves its event as a file;
the node takes it up within seconds. Records are numbered, and the count lies elsewhere: one that is
taken away before the node has it is missed. Whoever sets the count back as well can also read the
node's keys: the machine's administrator is outside of what a log can hold (threat model).
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

from alliage.access.audit import Act, AuditEvent, NotAuditedError
from alliage.access.command_count import count_of, counting

BYTES_AT_MOST: Final = 64 * 1024
_SUFFIX: Final = ".json"
RECORD: Final = "record"
"""Among an event's details: its number among those that commands left."""

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
    with counting(folder) as count:
        count.left += 1  # counted also where it cannot be written: then it is missed
        _write(folder, {**said, "record": count.left})


def _write(folder: Path, said: dict[str, Any]) -> None:
    path = folder / f"{said['at_us']:020d}-{secrets.token_hex(4)}{_SUFFIX}"
    partial = path.with_suffix(".part")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(orjson.dumps(said))
        file.flush()
        os.fsync(file.fileno())
    partial.rename(path)


def take_up(folder: Path, audit: Callable[[AuditEvent], None]) -> int:
    """Write down every event that was left, and which are missing; returns how many there were.

    A file that is no event is left out. What the log does not take in now stays for the next time.

    Args:
        folder: the node's for this.
        audit: writes an event; it is on the disk when that returns.
    """
    if not any(folder.glob(f"*{_SUFFIX}")) and not count_of(folder).missing(()):
        return 0
    with counting(folder) as count:  # so that no command is between its number and its file
        found = sorted(_found(folder), key=lambda item: (item[0], item[1]))
        left = count.left
    try:
        return _taken(folder, found, left, audit)
    except NotAuditedError:
        _log.warning("audit: records of commands wait until the log takes them in")
        return 0


def _taken(
    folder: Path,
    found: Sequence[tuple[int, Path]],
    left: int,
    audit: Callable[[AuditEvent], None],
) -> int:
    taken = 0
    for number, path in found:
        event = _read(path)
        if event is None:
            path.rename(path.with_suffix(".refused"))
            continue
        _miss(folder, number - 1, audit)
        audit(event)
        _count_taken(folder, number)
        path.unlink()
        taken += 1
    _miss(folder, left, audit)
    return taken


def waiting(folder: Path) -> list[AuditEvent]:
    """The events that were left for the node; one that it has just taken up may be among them."""
    return [event for _, path in _found(folder) if (event := _read(path)) is not None]


def missing(folder: Path) -> list[int]:
    """Numbers of records that were left, and that the node has not taken up and will not find."""
    return count_of(folder).missing({number for number, _ in _found(folder)})


def _found(folder: Path) -> list[tuple[int, Path]]:
    """The files of events with their numbers; 0 for one that has none."""
    return [(_number(path), path) for path in folder.glob(f"*{_SUFFIX}")]


def _number(path: Path) -> int:
    event = _read(path)
    return 0 if event is None else int(event.details.get(RECORD, 0))


def _miss(folder: Path, up_to: int, audit: Callable[[AuditEvent], None]) -> None:
    """Write down that records are missing, up to a number."""
    first = count_of(folder).taken + 1
    if up_to < first:
        return
    details = {"first": first, "last": up_to}
    decision = "records that commands left were not there when the node looked for them"
    audit(AuditEvent(Act.AUDIT_MISSING, decision=decision, details=details))
    _log.warning("audit: records of commands are missing", **details)
    _count_taken(folder, up_to)


def _count_taken(folder: Path, number: int) -> None:
    with counting(folder) as count:
        count.taken = max(count.taken, number)


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
            details={**said["details"], **_numbered(said)},
            at_us=int(said["at_us"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        _log.warning("audit: a file that is no event", file=path.name, error=str(error))
        return None


def _numbered(said: dict[str, Any]) -> dict[str, int]:
    return {RECORD: int(said["record"])} if "record" in said else {}
