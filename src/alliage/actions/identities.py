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


def parted_from(
    reader: ClaimReader, action: Part, one: SeenObject, other: SeenObject
) -> tuple[str, ...]:
    """The identifiers of which it is to be said that the action's own is another thing.

    Raises:
        ActionError: the action names identifiers that its objects do not bear, or one that nobody
            found to be two things'.
    """
    check_borne(action, one, other)
    mine, two = action.identifier, action.other_identifier
    if mine == two:
        check_torn(reader, mine)
    rest = one.identifiers if action.wholly else ()
    return (two, *(name for name in rest if name not in (mine, two)))


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
