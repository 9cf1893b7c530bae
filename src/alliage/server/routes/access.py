"""Who sees what: what is withheld from the reader that a request imagines, and why."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from alliage.server import withheld
from alliage.server.comparison import TheComparison
from alliage.server.models.access import Explanation, WithheldInfo
from alliage.server.problems import not_found, problem_responses
from alliage.server.security import TheServices

router = APIRouter(prefix="/access", tags=["access"], responses=problem_responses(403))


@router.get("/withheld")
def read_withheld(both: TheComparison, services: TheServices) -> WithheldInfo:
    """Count what you see and the reader named in the header `Alliage-See-As` does not.

    Nothing is counted that you do not see yourself. Without the header nothing is withheld. Of the
    present, or of a time (`valid`) as it was known at one (`known`).
    """
    return withheld.withheld(services, both)


@router.get("/explanations/{object_id}", responses=problem_responses(404))
def explain_object(
    object_id: Annotated[str, Path(max_length=200)], both: TheComparison, services: TheServices
) -> Explanation:
    """Say of everything that you are told of an object whether the other reader is told it.

    With the rules that hide what is hidden. The other reader is that of `Alliage-See-As`.
    """
    found = withheld.explanation(services, both, object_id)
    if found is None:
        raise not_found("object", object_id)
    return found
