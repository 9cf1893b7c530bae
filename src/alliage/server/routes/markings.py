"""Markings: the line that every marking is in its policy's words, and what a label is made of."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query

from alliage.ontology.label_text import LabelTextError, parse_marking
from alliage.ontology.marking import LANGUAGES, join_marking
from alliage.ontology.security_policy import Place
from alliage.server.label_choice import policies_to_choose
from alliage.server.models.common import MarkingWords
from alliage.server.models.labels import LabelPolicyInfo
from alliage.server.problems import FieldError, ProblemError, problem_responses
from alliage.server.security import TheAudience, TheServices, TheSession

router = APIRouter(prefix="/markings", tags=["markings"])

AT_MOST: Final = 4
TEXT_CHARACTERS: Final = 600
"""Together they fit into the address of a request."""


@router.get("/words", responses=problem_responses(422))
def write_marking(
    session: TheSession,
    services: TheServices,
    text: Annotated[
        list[Annotated[str, Query(max_length=TEXT_CHARACTERS)]],
        Query(min_length=1, max_length=AT_MOST, description="texts of markings"),
    ],
) -> MarkingWords:
    """Join markings, and write them in English and French as their policies say."""
    policies = services.access.policies
    try:
        labels = {label for line in text for label in parse_marking(line)}
    except LabelTextError as error:
        problem = FieldError(field="query.text", message=str(error))
        raise ProblemError("invalid", "Not valid: query.text.", errors=[problem]) from None
    joined = join_marking(labels, policies)
    if joined is None:
        raise ValueError("a query without texts got past its own check")
    page, portion = (
        {language: joined.in_words(language, place, policies) for language in LANGUAGES}
        for place in (Place.PAGE, Place.PORTION)
    )
    return MarkingWords(
        text=joined.marking, classification=joined.classification, page=page, portion=portion
    )


@router.get("/policies")
def list_policies(audience: TheAudience, services: TheServices) -> list[LabelPolicyInfo]:
    """What a label can be chosen from, policy by policy, with its words in English and French.

    Without what its writer could not read again: a classification above the clearance, a value of
    a restrictive category that they do not hold.
    """
    return policies_to_choose(services.access.policies, audience)
