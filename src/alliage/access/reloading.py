"""Reading the policy again while a node runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import structlog

from alliage.access.audit import Act, AuditEvent
from alliage.access.authority import policy_version, rules_of
from alliage.access.cedar import Policy, PolicyError
from alliage.access.policy import Access

PROGRAM: Final = "SIGHUP"


def reload_policy(
    access: Access, path: Path | None, audit: Callable[[AuditEvent], None] | None = None
) -> bool:
    """Read the policy's file again, and decide by it from now on.

    Another policy is a version in the audit; that one was refused stands there, too. A policy with
    a mistake changes nothing: the last good one stays in force, and what the node says about
    itself tells why. Returns whether the policy that was read is in force.
    """
    log = structlog.get_logger("alliage.access")
    try:
        policy = Policy.load(path)
    except PolicyError as error:
        log.error("policy refused", problems=error.problems, in_force=access.policy.digest)
        if audit is not None:
            problems = {"problems": error.problems}
            audit(AuditEvent(Act.POLICY_CHANGED, program=PROGRAM, done=False, details=problems))
        return False
    before = rules_of(access.policy, access.policies)
    after = rules_of(policy, access.policies)
    if audit is not None and after != before:
        audit(policy_version(before, after, PROGRAM))  # first: what it decides comes after it
    access.use(policy)
    log.info("policy in force", digest=policy.digest)
    return True
