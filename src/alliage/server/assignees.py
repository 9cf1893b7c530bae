"""Who can be given something: an account that may see it, and may work."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from alliage.actions.desk import WRITERS
from alliage.actions.kinds import ActionError
from alliage.ontology.label import LabelSet
from alliage.server.services import Services

NOTHING: Final = LabelSet()


def may_have(
    services: Services, owner: str, label_sets: Iterable[int], written: LabelSet = NOTHING
) -> bool:
    """Whether somebody, `person:anna`, has an account that may see all of this and may write.

    Args:
        services: the node's.
        owner: who it is to be given to.
        label_sets: of what is given.
        written: labels of the words by which it is given.
    """
    kind, _, name = owner.partition(":")
    user = services.accounts.find(name) if kind == "person" else None
    if user is None or user.principal.name != name:
        return False
    if not WRITERS.intersection(user.principal.roles):
        return False
    if not all(map(services.access.may_see(user.principal), written)):
        return False
    return all(map(services.access.audience(user.principal).sees, label_sets))


def check_assignee(
    services: Services, assignee: str, label_sets: Iterable[int], written: LabelSet = NOTHING
) -> None:
    """Refuse who cannot be given something.

    Raises:
        ActionError: nobody who could has this name.
    """
    if assignee and not may_have(services, assignee, label_sets, written):
        raise ActionError(
            "assignee",
            f"nobody who may see and work on this is called {assignee[:100]!r}: "
            "write the name of an account, as in person:anna",
        )
