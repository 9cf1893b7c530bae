"""Whose account counts as a person of its own, as the audit's records say."""

from __future__ import annotations

import pytest

from alliage.access.audit import Act, AuditEvent
from alliage.access.standing import Standing

STARTED = AuditEvent(Act.NODE_STARTED)


def on_machine(act: Act, program: str) -> AuditEvent:
    details = {"user": "admin", "before": {"clearance": "RESTRICTED"}, "after": {}}
    return AuditEvent(act, user="machine:root", program=program, on=("a1",), details=details)


CHANGED = on_machine(Act.ACCOUNT_CHANGED, "alliage users change")
FOUND_CHANGED = on_machine(Act.ACCOUNT_CHANGED, "alliage run")
FOUND_NEW = on_machine(Act.ACCOUNT_ADDED, "alliage run")


@pytest.mark.parametrize(
    ("told", "counts"),
    [
        ([FOUND_NEW, STARTED], True),
        ([CHANGED, STARTED], True),  # `init`, then `users change`: the log never saw it made
        ([CHANGED, CHANGED, STARTED, CHANGED], True),
        ([STARTED, FOUND_NEW], False),
        ([STARTED, FOUND_NEW, STARTED, CHANGED], False),
        ([STARTED, CHANGED], False),
        ([STARTED, FOUND_CHANGED], False),
    ],
)
def test_an_account_of_before_the_first_start_counts_whatever_was_changed_of_it_then(
    told: list[AuditEvent], counts: bool
) -> None:
    standing = Standing()
    for number, event in enumerate(told, start=1):
        standing.take(event.to_json(), number)
    assert (standing.since("admin") is not None) is counts
    assert (standing.why_not("admin") == "") is counts
