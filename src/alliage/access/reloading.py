"""Reading the policy again while a node runs."""

from __future__ import annotations

from pathlib import Path

import structlog

from alliage.access.cedar import Policy, PolicyError
from alliage.access.policy import Access


def reload_policy(access: Access, path: Path | None) -> bool:
    """Read the policy's file again, and decide by it from now on.

    A policy with a mistake changes nothing: the last good one stays in force, and what the node
    says about itself tells why. Returns whether the policy that was read is in force.
    """
    log = structlog.get_logger("alliage.access")
    try:
        policy = Policy.load(path)
    except PolicyError as error:
        log.error("policy refused", problems=error.problems, in_force=access.policy.digest)
        return False
    access.use(policy)
    log.info("policy in force", digest=policy.digest)
    return True
