"""Objects: everything that is said of one thing."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from alliage.actions.kinds import Annotate, AssertProperty, CreateObject, Merge, Part
from alliage.ontology.claim import DIFFERENT, GEOMETRY, SAME_AS
from alliage.server.as_of import TheAsOf
from alliage.server.kept import not_there
from alliage.server.models.actions import NewAnnotation, NewClaim, NewObject, WrittenInfo
from alliage.server.models.correlations import CorrelationInfo
from alliage.server.models.objects import ObjectInfo, ObjectLinks
from alliage.server.models.plans import ObjectPlans
from alliage.server.models.proposals import NewMerge, NewParting, SameAsInfo
from alliage.server.object_correlations import (
    joined_by,
    object_correlations,
    standing_judgements,
)
from alliage.server.object_links import object_links
from alliage.server.object_view import object_info, same_as_info
from alliage.server.plan_view import object_plans
from alliage.server.problems import FieldError, ProblemError, not_found, problem_responses
from alliage.server.security import TheAudience, TheServices, TheSession
from alliage.server.writing import do, label_of, us_or_none

router = APIRouter(prefix="/objects", tags=["objects"])


ObjectId = Annotated[str, Path(max_length=200)]


@router.post("", status_code=201, responses=problem_responses(403, 404, 503))
def create_object(
    body: NewObject, session: TheSession, audience: TheAudience, services: TheServices
) -> WrittenInfo:
    """Make an object: an area, a route or a place drawn on the map, or a thing reported.

    It is made of claims in the writer's own stream; their retraction takes it back.
    """
    properties = dict(body.properties)
    if body.geometry is not None:
        if GEOMETRY in properties:
            problem = FieldError(field="body.geometry", message="given twice")
            raise ProblemError("invalid", "Not valid: body.geometry.", errors=[problem])
        properties[GEOMETRY] = body.geometry
    action = CreateObject(
        schema=body.schema_name,
        properties=properties,
        valid_from_us=us_or_none(body.valid_from),
        valid_to_us=us_or_none(body.valid_to),
        confidence=body.confidence,
        reason=body.reason,
        label=label_of(body),
        opened=tuple(body.opened),
    )
    return do(services, session, action)


@router.post("/{object_id}/claims", status_code=201, responses=problem_responses(403, 404, 503))
def claim_property(
    object_id: ObjectId,
    body: NewClaim,
    session: TheSession,
    audience: TheAudience,
    services: TheServices,
) -> WrittenInfo:
    """Say what a property of an object is. What others say of it stays, and stays visible."""
    action = AssertProperty(
        object_id=object_id,
        property=body.property,
        value=body.value,
        unit=body.unit,
        valid_from_us=us_or_none(body.valid_from),
        valid_to_us=us_or_none(body.valid_to),
        confidence=body.confidence,
        reason=body.reason,
        label=label_of(body),
        opened=tuple(body.opened),
    )
    return do(services, session, action)


@router.post(
    "/{object_id}/annotations", status_code=201, responses=problem_responses(403, 404, 503)
)
def annotate_object(
    object_id: ObjectId,
    body: NewAnnotation,
    session: TheSession,
    audience: TheAudience,
    services: TheServices,
) -> WrittenInfo:
    """Remark on an object, in words; remarks stand beside each other."""
    action = Annotate(
        object_id=object_id,
        text=body.text,
        reason=body.reason,
        label=label_of(body),
        opened=tuple(body.opened),
    )
    return do(services, session, action)


@router.post("/{object_id}/same-as", status_code=201, responses=problem_responses(403, 404, 503))
def merge_objects(
    object_id: ObjectId,
    body: NewMerge,
    session: TheSession,
    audience: TheAudience,
    services: TheServices,
) -> WrittenInfo:
    """Say that two objects are one; whoever sees the claim sees one object from then on.

    Its label is that of both together. Its retraction parts them again.
    """
    action = Merge(
        object_id=object_id,
        other_id=body.other,
        identifier=body.identifier,
        other_identifier=body.other_identifier,
        reason=body.reason,
        label=label_of(body),
        opened=tuple(body.opened),
    )
    return do(services, session, action)


@router.post("/{object_id}/parting", status_code=201, responses=problem_responses(403, 404, 503))
def part_object(
    object_id: ObjectId,
    body: NewParting,
    session: TheSession,
    audience: TheAudience,
    services: TheServices,
) -> WrittenInfo:
    """Say that two identifiers are two things; no machine joins them after that.

    Where a third one is both of them, they are one object still: the answer's `joined_by` names it.
    """
    action = Part(
        object_id=object_id,
        identifier=body.identifier,
        other_identifier=body.other_identifier,
        other_id=body.other,
        wholly=body.wholly,
        reason=body.reason,
        label=label_of(body),
        opened=tuple(body.opened),
    )
    written = do(services, session, action)
    pair = body.identifier, body.other_identifier
    return written.model_copy(update={"joined_by": joined_by(services, audience, object_id, pair)})


@router.get("/{object_id}/same-as", responses=problem_responses(404))
def read_same_as(
    object_id: ObjectId, audience: TheAudience, services: TheServices
) -> list[SameAsInfo]:
    """What people and machines say of its identifiers: that they are one thing, or are not."""
    stored = standing_judgements(services, audience, object_id)
    if stored is None:
        raise not_found("object", object_id)
    decided = [item for item in stored if item.claim.property in (SAME_AS, DIFFERENT)]
    return [same_as_info(services, item) for item in decided]


@router.get("/{object_id}/correlations", responses=problem_responses(404))
def read_correlations(
    object_id: ObjectId, audience: TheAudience, services: TheServices
) -> list[CorrelationInfo]:
    """Why its tracks are one thing, or may be: what correlators say, and people over them."""
    found = object_correlations(services, audience, object_id)
    if found is None:
        raise not_found("object", object_id)
    return found


@router.get("/{object_id}", responses=problem_responses(404, 410))
def read_object(
    object_id: ObjectId, audience: TheAudience, services: TheServices, as_of: TheAsOf
) -> ObjectInfo:
    """One object with its state, its source tracks and who claims what."""
    found = object_info(services, audience, as_of, object_id)
    if found is None:
        raise not_there("object", object_id, as_of.not_kept)
    return found


@router.get("/{object_id}/links", responses=problem_responses(404))
def read_links(object_id: ObjectId, audience: TheAudience, services: TheServices) -> ObjectLinks:
    """What an object is linked with: the links it has, and those that lead to it."""
    found = object_links(services, audience, object_id)
    if found is None:
        raise not_found("object", object_id)
    return found


@router.get("/{object_id}/plans", responses=problem_responses(404))
def read_plans(object_id: ObjectId, audience: TheAudience, services: TheServices) -> ObjectPlans:
    """How a thing stands to the planned routes that it is to follow, or who follows a route how."""
    found = object_plans(services, audience, object_id)
    if found is None:
        raise not_found("object", object_id)
    return found
