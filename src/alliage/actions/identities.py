"""What is checked where people say which things are one, and which are two."""

from __future__ import annotations

from alliage.actions.kinds import ActionError, Merge, Part
from alliage.actions.links import SeenObject
from alliage.history.claims import ClaimReader
from alliage.ontology.claim import CONFLICT


def check_borne(action: Merge | Part, one: SeenObject, other: SeenObject) -> None:
    """The identifiers that an action names are those of its objects.

    Raises:
        ActionError: one of them is not.
    """
    for name, seen in (("identifier", one), ("other_identifier", other)):
        identifier = getattr(action, name)
        if identifier is not None and identifier not in seen.identifiers:
            raise ActionError(name, f"no identifier of this object: {identifier[:140]!r}")


def check_torn(reader: ClaimReader, identifier: str) -> None:
    """Two things may bear an identifier if a machine found it and these readers know of that.

    Raises:
        ActionError: they know of none.
    """
    said = reader.standing(reader.judgements([identifier]))
    if not any(
        item.claim.property == CONFLICT and item.claim.value == item.claim.identifier
        for item in said
    ):
        raise ActionError("other_identifier", "an identifier is one thing: name two")
