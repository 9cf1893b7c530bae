"""A reader with rights: today a person with a local account."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from alliage.ontology.label import CLASSIFICATIONS

COMMUNITIES_AT_MOST: Final = 64
PURPOSE_CHARACTERS: Final = 64

_NATION: Final = re.compile(r"^[A-Z]{3}$")
_COMMUNITY: Final = re.compile(r"[^:\s]([^:]{0,62}[^:\s])?: \S(.{0,62}\S)?")


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
    """Somebody signed in.

    Attributes:
        user_id: of the account.
        name: to sign in with.
        nation: ISO 3166-1 alpha-3.
        clearance: a classification.
        roles: what somebody does here.
        communities: values of a label's categories that somebody holds: ``Compartment: NORTH``.
        purpose: what somebody reads for; empty where nothing is said.
    """

    user_id: str
    name: str
    nation: str
    clearance: str
    roles: frozenset[Role]
    communities: frozenset[str] = frozenset()
    purpose: str = ""

    def __post_init__(self) -> None:
        check_nation(self.nation)
        check_clearance(self.clearance)
        check_communities(self.communities)
        check_purpose(self.purpose)

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


def check_communities(communities: frozenset[str]) -> None:
    """Refuse what is not the value of a category, ``Tag: VALUE``, and too many of them.

    Raises:
        ValueError: says what was given.
    """
    if len(communities) > COMMUNITIES_AT_MOST:
        raise ValueError(f"{len(communities)} communities; at most {COMMUNITIES_AT_MOST}")
    for community in sorted(communities):
        if not (community.isprintable() and _COMMUNITY.fullmatch(community)):
            raise ValueError(
                f"community {community[:160]!r} is not a category's tag, a colon, a blank and a "
                "value, as in 'Compartment: NORTH'"
            )


def check_purpose(purpose: str) -> None:
    """Refuse what is too long or unprintable.

    Raises:
        ValueError: says what was given.
    """
    if len(purpose) > PURPOSE_CHARACTERS or not purpose.isprintable() or purpose != purpose.strip():
        raise ValueError(
            f"a purpose has at most {PURPOSE_CHARACTERS} printable characters, without blanks "
            f"round them; not {purpose[:160]!r}"
        )
