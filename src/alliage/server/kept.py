"""What an answer lacks because it is no longer kept: so that it does not look like nothing."""

from __future__ import annotations

from collections.abc import Mapping

from alliage.history.reader import HistoryReader
from alliage.history.selection import Where
from alliage.log.reader import LogReader
from alliage.ontology.times import to_text
from alliage.server.models.common import NotKept
from alliage.server.problems import ProblemError, not_found


def not_kept_of(before_us: Mapping[str, int], from_us: int | None) -> list[NotKept]:
    """The streams that lack some of the time from this moment on; None: of any time."""
    return [
        NotKept(stream=stream, before=to_text(moment_us))
        for stream, moment_us in sorted(before_us.items())
        if from_us is None or moment_us > from_us
    ]


def not_kept_in_history(history: HistoryReader, log: LogReader, where: Where) -> list[NotKept]:
    """What the history, or the log that it is made from, lacks of the time that is asked for."""
    wanted = None if where.streams is None else set(where.streams)
    if where.things is not None:
        wanted = {stream for stream, _ in where.things}
    before_us = history.not_kept(where)
    for stream, moment_us in log.not_kept().items():
        if wanted is None or stream in wanted:
            before_us[stream] = max(moment_us, before_us.get(stream, moment_us))
    return not_kept_of(before_us, where.from_us)


def not_there(what: str, name: str, not_kept: list[NotKept]) -> ProblemError:
    """What is not there, or is hidden, or was in what is no longer kept of that time."""
    if not not_kept:
        return not_found(what, name)
    lacking = ", ".join(f"{one.stream} before {one.before}" for one in not_kept)
    detail = (
        f"There is no {what} {name!r} in what is kept of that time, or you may not see it. "
        f"No longer kept: {lacking}."
    )
    return ProblemError("not-kept", detail)
