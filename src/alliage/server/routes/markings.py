"""Markings: the line that every marking is, in the words that its policy wants on a page."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query

from alliage.ontology.label_text import LabelTextError, parse_marking
from alliage.ontology.marking import LANGUAGES, join_marking
from alliage.ontology.security_policy import Place
from alliage.server.models.common import MarkingWords
from alliage.server.problems import FieldError, ProblemError, problem_responses
from alliage.server.security import TheServices, TheSession

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
