"""Schemata: the kinds of thing this node has words for."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from alliage.server.models.ontology import SchemaInfo
from alliage.server.present import schema_info
from alliage.server.problems import not_found, problem_responses
from alliage.server.security import TheServices, TheSession

router = APIRouter(prefix="/schemata", tags=["schemata"])


@router.get("")
def list_schemata(session: TheSession, services: TheServices) -> list[SchemaInfo]:
    """Every schema, by name, with what it inherits."""
    ontology = services.ontology
    return [schema_info(ontology, name) for name in sorted(ontology.schemata)]


@router.get("/{name}", responses=problem_responses(404))
def read_schema(
    name: Annotated[str, Path(max_length=100)], session: TheSession, services: TheServices
) -> SchemaInfo:
    """One schema."""
    if name not in services.ontology.schemata:
        raise not_found("schema", name)
    return schema_info(services.ontology, name)
