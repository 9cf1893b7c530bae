"""Schemata: the kinds of thing this node has words for."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response
from pydantic import TypeAdapter

from alliage.server.etags import NOT_MODIFIED, REVALIDATE, tagged
from alliage.server.models.ontology import RefusedSchema, SchemaInfo
from alliage.server.present import schema_info
from alliage.server.problems import not_found, problem_responses
from alliage.server.security import TheServices, TheSession

router = APIRouter(prefix="/schemata", tags=["schemata"])


_SCHEMATA: Final = TypeAdapter(list[SchemaInfo])
_SCHEMA: Final = TypeAdapter(SchemaInfo)


@router.get("", response_model=list[SchemaInfo], responses=NOT_MODIFIED)
def list_schemata(request: Request, session: TheSession, services: TheServices) -> Response:
    """Every schema, by name, with what it inherits."""
    ontology = services.ontology
    found = [schema_info(ontology, name) for name in sorted(ontology.schemata)]
    return tagged(request, _SCHEMATA, found, REVALIDATE)


@router.get("/refused")
def list_refused_schemata(session: TheSession, services: TheServices) -> list[RefusedSchema]:
    """What this node's own schema folders hold that could not be used, and why."""
    return [
        RefusedSchema(file=problem.path.name, line=problem.line or 1, reason=problem.text)
        for problem in services.ontology.problems
    ]


@router.get(
    "/{name}", response_model=SchemaInfo, responses={**NOT_MODIFIED, **problem_responses(404)}
)
def read_schema(
    name: Annotated[str, Path(max_length=100)],
    request: Request,
    session: TheSession,
    services: TheServices,
) -> Response:
    """One schema."""
    if name not in services.ontology.schemata:
        raise not_found("schema", name)
    return tagged(request, _SCHEMA, schema_info(services.ontology, name), REVALIDATE)
