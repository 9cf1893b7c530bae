"""Actions of the signed-in person: done, and their errors as problems."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from alliage.actions.kinds import (
    Action,
    ActionError,
    LabelRefusedError,
    NotAllowedError,
    NotThereError,
    NotWrittenError,
    Written,
)
from alliage.actions.writer import Writing
from alliage.ontology.audience import Audience
from alliage.ontology.label import Label
from alliage.ontology.times import to_us
from alliage.server.models.actions import LabelIn, WrittenInfo
from alliage.server.models.common import Marking
from alliage.server.object_view import claim_infos
from alliage.server.problems import FieldError, ProblemError, not_found, sentence
from alliage.server.security import SignedIn
from alliage.server.services import Services


class HasLabel(Protocol):
    """A body in which a label may be chosen."""

    @property
    def label(self) -> LabelIn | None:
        """The label, or None for the default."""
        ...


def do(services: Services, session: SignedIn, action: Action) -> WrittenInfo:
    """Do an action and tell what came of it.

    Raises:
        ProblemError: it was not done; says why.
    """
    return done(services, session, lambda by: services.actions.do(by, action))


def done(services: Services, session: SignedIn, act: Callable[[Writing], Written]) -> WrittenInfo:
    """Do something for who is signed in, and tell what came of it.

    Raises:
        ProblemError: it was not done; says why.
    """
    try:
        written = act(writing_of(session))
    except (NotThereError, ActionError, PermissionError, NotWrittenError) as error:
        raise problem_of(error) from None
    return _info(services, services.access.audience(session.principal), written)


def writing_of(session: SignedIn) -> Writing:
    """Return who writes in a session: a person, or a program by a token."""
    return Writing(session.principal, session.api_token.name if session.api_token else "")


def problem_of(error: Exception) -> ProblemError:
    """Return the problem that an action's error is."""
    if isinstance(error, NotThereError):
        return not_found(error.what, error.name)
    if isinstance(error, ActionError):
        field = FieldError(field=f"body.{error.field}", message=str(error), code=error.code)
        return ProblemError("invalid", f"Not valid: body.{error.field}.", errors=[field])
    if isinstance(error, NotAllowedError):
        return ProblemError("forbidden", sentence(error))
    if isinstance(error, LabelRefusedError):
        return ProblemError("label-refused", sentence(error), errors=_of_label(error))
    return ProblemError("unavailable", sentence(error))


def _of_label(error: LabelRefusedError) -> list[FieldError]:
    if error.code is None:
        return []
    message = str(error)
    return [FieldError(field="body.label", message=message, code=error.code, marking=error.marking)]


def label_of(body: HasLabel) -> Label | None:
    """Return the label that was chosen, if one was.

    Raises:
        ProblemError: ``invalid``; it is none.
    """
    return None if body.label is None else checked_label(body.label)


def checked_label(label: LabelIn) -> Label:
    """Return a label that was written down.

    Raises:
        ProblemError: ``invalid``; it is none.
    """
    try:
        return label.to_label()
    except ValueError as error:
        problem = FieldError(field="body.label", message=str(error))
        raise ProblemError("invalid", "Not valid: body.label.", errors=[problem]) from None


def us_or_none(moment: datetime | None) -> int | None:
    """Return microseconds since 1970, or None for no time."""
    return None if moment is None else to_us(moment)


def _info(services: Services, audience: Audience, written: Written) -> WrittenInfo:
    reader = services.claims.reader(audience)
    found = [reader.find(claim.claim_id) for claim in written.claims]
    state = services.picture.view(audience).track(written.subject)
    return WrittenInfo(
        object_id=state.object_id if state else written.subject,
        identifier=written.identifier,
        schema=written.schema,
        source=written.stream,
        marking=Marking.of(written.labels),
        claims=claim_infos(services, reader, [item for item in found if item is not None]),
        undo=list(written.undo),
    )
