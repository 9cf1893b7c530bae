"""What may be said of an incident as it stands, held against what its speaker sees of it."""

from __future__ import annotations

from collections.abc import Callable

from alliage.actions.kinds import ActionError
from alliage.actions.watch_words import Said, State, Word
from alliage.watch.checklists import checklist
from alliage.watch.incidents import Incident


def check_saying(
    incident: Incident,
    word: Word,
    reason: str,
    now_us: int,
    may_have: Callable[[str], bool],
) -> None:
    """Refuse what cannot be said of an incident as it stands.

    Args:
        incident: as who speaks sees it.
        word: what is to be said.
        reason: why, "" where nothing is given.
        now_us: real time.
        may_have: whether an owner, as it is said, is somebody who may see and work on it.

    Raises:
        ActionError: what cannot be said, and what can.
    """
    if word.said is Said.STATE and word.state is State.CLOSED:
        _check_closing(incident, reason)
    elif word.said is Said.ASSIGN and word.owner and not may_have(word.owner):
        raise ActionError(
            "owner",
            f"nobody who may see and work on this is called {word.owner[:100]!r}: "
            "write the name of an account, as in person:anna",
        )
    elif word.said is Said.DEADLINE and word.until_us is not None and word.until_us <= now_us:
        raise ActionError("until", "this is over already: a deadline lies ahead")
    elif word.said is Said.CHECK and word.item:
        there_are = sorted(
            {step.key for alert in incident.alerts for step in checklist(alert.detector)}
        )
        if word.item not in there_are:
            raise ActionError(
                "item", f"{word.item!r} is no step of its checklist: {', '.join(there_are)}"
            )


def _check_closing(incident: Incident, reason: str) -> None:
    if not incident.is_priority:
        return
    if not incident.standing.acknowledged:
        raise ActionError(
            "state", "nobody has heard this call for help yet: acknowledge it first (`acknowledge`)"
        )
    if not incident.is_over and not reason.strip():
        raise ActionError("reason", "this call for help goes on: say why it can be closed")
