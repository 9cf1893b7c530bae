"""A reader with rights: today a person with a local account."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from alliage.ontology.label import CLASSIFICATIONS

_NATION: Final = re.compile(r"^[A-Z]{3}$")


class Role(StrEnum):
    """What somebody does here; viewer to commander may each do what the ones before it may."""

    VIEWER = "viewer"
    ANALYST = "analyst"
    PLANNER = "planner"
    COMMANDER = "commander"
    INSTRUCTOR = "instructor"  # runs exercises, and knows what is true in them
    AUDITOR = "auditor"  # reads who did what on this node, as far as what was done is theirs to see
    ADMINISTRATOR = "administrator"  # runs the node; no more to be seen for it, except unlabelled


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody signed in. ``nation`` is ISO 3166-1 alpha-3; ``clearance`` a classification."""

    user_id: str
    name: str
    nation: str
    clearance: str
    roles: frozenset[Role]

    def __post_init__(self) -> None:
        check_nation(self.nation)
        check_clearance(self.clearance)

    @property
    def clearance_rank(self) -> int:
        """Position of the clearance in the order of classifications."""
        return CLASSIFICATIONS.index(self.clearance)


def check_nation(nation: str) -> None:
    """Refuse what is not three capital letters.

    Raises:
        ValueError: says what was given.
    """
    if not _NATION.match(nation):
        raise ValueError(f"nation {nation!r} is not three capital letters (ISO 3166-1 alpha-3)")


def check_clearance(clearance: str) -> None:
    """Refuse what is not a classification.

    Raises:
        ValueError: says what was given and what there is.
    """
    if clearance not in CLASSIFICATIONS:
        known = ", ".join(CLASSIFICATIONS)
        raise ValueError(f"clearance {clearance!r} is not one of {known}")
