"""Watch rules: what people want to be told of, as lines of text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import StreamingResponse

from alliage.actions.desk import check_role
from alliage.actions.kinds import Written
from alliage.actions.watch_words import SayRule
from alliage.actions.writer import Writing
from alliage.detection.rules import RuleError, kinds_of, read_rule
from alliage.ontology.audience import Audience
from alliage.ontology.times import to_us
from alliage.server.models.actions import WrittenInfo
from alliage.server.models.rules import (
    FormPage,
    NewRule,
    RuleInfo,
    RulePage,
    RuleReading,
    TextToRead,
    TrialIn,
    TrialInfo,
)
from alliage.server.problems import FieldError, ProblemError, not_found, problem_responses
from alliage.server.rule_view import (
    check_kept,
    forms,
    reading,
    rule_infos,
    rule_versions,
    trial_line,
)
from alliage.server.security import SignedIn, TheAudience, TheServices, TheSession
from alliage.server.services import Services
from alliage.server.writing import done, label_of

router = APIRouter(prefix="/watch/rules", tags=["watch"])

RuleId = Annotated[str, Path(max_length=60, description="`rule:` and 32 hexadecimal digits")]


@router.get("")
def list_rules(
    audience: TheAudience,
    services: TheServices,
    gone: Annotated[bool, Query(description="those that were put away, instead")] = False,
) -> RulePage:
    """Watch rules in their newest versions that who asks may see, by title.

    Incidents, judgements and failures are counted where who asks may see them.
    """
    return RulePage(items=rule_infos(services, audience, gone=gone), next=None)


@router.get("/forms")
def list_forms(audience: TheAudience) -> FormPage:
    """The lines that a rule may have, with what may stand in their gaps."""
    return FormPage(items=forms(), next=None)


@router.post("/reading")
def read_text(body: TextToRead, audience: TheAudience, services: TheServices) -> RuleReading:
    """Read a text as a rule, without keeping it: its lines, or what is wrong with it."""
    return reading(services, audience, body.text)


@router.post("", status_code=201, responses=problem_responses(403, 503))
def make_rule(
    body: NewRule, session: TheSession, audience: TheAudience, services: TheServices
) -> WrittenInfo:
    """Keep a new rule; it is looked for in every context whose labels include its own.

    It names only places that who keeps it sees, and needs a label where `opened` gives none. One
    that holds of more things at once than an hour's budget of incidents is kept with `floods`.
    """
    action = SayRule(text=body.text, on=body.on, gone=body.gone, reason=body.reason,
                     label=label_of(body), opened=tuple(body.opened))  # fmt: skip
    return kept(services, session, audience, body, action)


def kept(
    services: Services, session: SignedIn, audience: Audience, body: NewRule, action: SayRule
) -> WrittenInfo:
    """Keep a rule, if nothing is to be asked first."""

    def say(by: Writing) -> Written:
        check_role(by.person)
        check_kept(services, audience, body)
        return services.watch.rule(by, action)

    return done(services, session, say)


@router.get("/{rule_id}/versions", responses=problem_responses(404))
def list_versions(rule_id: RuleId, audience: TheAudience, services: TheServices) -> list[RuleInfo]:
    """Every version of a rule, the newest first."""
    versions = services.board.rules(audience).get(rule_id)
    if not versions:
        raise not_found("rule", rule_id)
    return rule_versions(services, audience, versions)


@router.post("/{rule_id}/versions", status_code=201, responses=problem_responses(403, 404, 503))
def say_rule(
    rule_id: RuleId,
    body: NewRule,
    session: TheSession,
    audience: TheAudience,
    services: TheServices,
) -> WrittenInfo:
    """Say how a rule is from now on: another text, on or off, put away or brought back.

    Versions before stay readable; each is a claim and can be taken back.
    """
    action = SayRule(rule_id=rule_id, text=body.text, on=body.on, gone=body.gone,
                     reason=body.reason, label=label_of(body),
                     opened=tuple(body.opened))  # fmt: skip
    return kept(services, session, audience, body, action)


@router.post(
    "/trial",
    response_class=StreamingResponse,
    responses={
        200: {
            "model": TrialInfo,
            "description": "Lines of JSON (application/x-ndjson), one every half second; the "
            "last has what was found. Whoever hangs up ends the trial.",
        }
    },
)
def try_rule(body: TrialIn, audience: TheAudience, services: TheServices) -> StreamingResponse:
    """Look for a rule in what is remembered of a time: what it would have told who asks.

    At most the last seven days before `end` are looked at.
    """
    try:
        rule = read_rule(body.text, kinds_of(services.ontology))
    except RuleError as error:
        field = FieldError(field="body.text", message=str(error))
        raise ProblemError("invalid", "Not valid: body.text.", errors=[field]) from None
    begin_us, end_us = to_us(body.begin), to_us(body.end)
    if begin_us >= end_us:
        field = FieldError(field="body.end", message="It ends after it begins.")
        raise ProblemError("invalid", "Not valid: body.end.", errors=[field])

    def lines() -> Iterator[bytes]:
        tried = None
        for tried in services.rules.try_out(audience, body.text, rule, begin_us, end_us):
            if not tried.alerts:
                yield trial_line(services, audience, tried, rule, is_done=False)
        if tried is not None:
            yield trial_line(services, audience, tried, rule, is_done=True)

    return StreamingResponse(lines(), media_type="application/x-ndjson")
