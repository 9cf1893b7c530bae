"""What an answer lacks because it is no longer kept: so that it does not look like nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from alliage.history.reader import HistoryReader
from alliage.history.selection import Where
from alliage.log.drops import Redacted
from alliage.log.reader import LogReader
from alliage.ontology.times import to_text
from alliage.server.models.common import NotKept
from alliage.server.problems import ProblemError, not_found


def not_kept_in_log(
    log: LogReader, from_us: int | None, to_us: int | None, streams: Collection[str] | None = None
) -> list[NotKept]:
    """What the log lacks of the time between these moments (None: without bound)."""
    since_us = log.dropped_since()
    return _not_kept(log.not_kept(), since_us, log.redacted(), Where(from_us, to_us), streams)


def _not_kept(
    before_us: Mapping[str, int],
    since_us: Mapping[str, int],
    redacted: Iterable[Redacted],
    where: Where,
    streams: Collection[str] | None,
) -> list[NotKept]:
    from_us, to_us = where.from_us, where.to_us
    found = [
        NotKept(
            stream=stream,
            before=to_text(moment_us),
            since=to_text(since_us[stream]) if stream in since_us else None,
            why="not kept",
        )
        for stream, moment_us in sorted(before_us.items())
        if (from_us is None or moment_us > from_us)
        and (to_us is None or since_us.get(stream, to_us - 1) < to_us)
    ]
    found += [
        NotKept(
            stream=one.stream,
            before=to_text(one.to_us + 1),
            since=to_text(one.from_us),
            why="redacted" if one.is_told else "not kept",
        )
        for one in sorted(redacted, key=lambda one: (one.stream, one.from_us))
        if (from_us is None or one.to_us >= from_us)
        and (to_us is None or one.from_us < to_us)
        and (where.known_us is not None or not one.is_old)
    ]
    return [one for one in found if streams is None or one.stream in streams]


def not_kept_in_history(history: HistoryReader, log: LogReader, where: Where) -> list[NotKept]:
    """What the history, or the log that it is made from, lacks of the time that is asked for."""
    wanted = None if where.streams is None else set(where.streams)
    if where.things is not None:
        wanted = {stream for stream, _ in where.things}
    before_us, since_us = history.not_kept(where), {}
    since_in_log = log.dropped_since()
    for stream, moment_us in log.not_kept().items():
        # Of what the history has dropped alone nothing says when it began.
        if stream in since_in_log and before_us.get(stream, moment_us) <= moment_us:
            since_us[stream] = since_in_log[stream]
        before_us[stream] = max(moment_us, before_us.get(stream, moment_us))
    return _not_kept(before_us, since_us, log.redacted(), where, wanted)


def not_there(what: str, name: str, not_kept: list[NotKept]) -> ProblemError:
    """What is not there, or is hidden, or was in what is no longer kept of that time."""
    if not not_kept:
        return not_found(what, name)
    lacking = ", ".join(f"{one.stream} before {one.before} ({one.why})" for one in not_kept)
    detail = (
        f"There is no {what} {name!r} in what is kept of that time, or you may not see it. "
        f"No longer kept: {lacking}."
    )
    return ProblemError("not-kept", detail)
