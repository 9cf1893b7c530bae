"""Watch rules as one reader is told of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from difflib import get_close_matches

from alliage.actions.kinds import ActionError
from alliage.detection import Alert
from alliage.detection.failures import Failure
from alliage.detection.rules import FORMS, Rule, RuleError, Tried, kinds_of, read_rule
from alliage.detection.rules.looking import MOST_FOUND
from alliage.ontology.audience import Audience
from alliage.ontology.times import to_text
from alliage.server.incident_view import watched
from alliage.server.models.common import Marking
from alliage.server.models.incidents import FailureInfo
from alliage.server.models.rules import (
    FieldInfo,
    FormInfo,
    LineInfo,
    NewRule,
    RuleInfo,
    RuleProblem,
    RuleReading,
    TrialAlert,
    TrialInfo,
)
from alliage.server.services import Services
from alliage.watch.board import RuleSaid
from alliage.watch.seen import Watched


def forms() -> list[FormInfo]:
    """The lines that a rule may have."""
    return [
        FormInfo(
            name=form.name,
            template=form.template,
            shown={"en": form.template, "fr": form.french},
            title={"en": form.title[0], "fr": form.title[1]},
            fields=[
                FieldInfo(name=name, kind=one.kind, choices=list(one.choices))
                for name, one in form.fields.items()
            ],
            once=form.once,
            joins=form.joins,
        )
        for form in FORMS
    ]


def reading(services: Services, audience: Audience, text: str) -> RuleReading:
    """A text as it is read, with what is wrong with it."""
    try:
        rule = read_rule(text, kinds_of(services.ontology))
    except RuleError as error:
        message = {"en": error.problem[0], "fr": error.problem[1]}
        problem = RuleProblem(line=error.line, message=message)
        return RuleReading(title="", lines=[], problem=problem, unknown=[])
    lines = [
        LineInfo(
            number=line.number, form=line.form.name, said=dict(line.said), is_other=line.is_other
        )
        for line in rule.lines
    ]
    known = _names(services, audience)
    areas = {line.said["area"] for line in rule.lines if "area" in line.said}
    unknown = sorted(area for area in areas if area.casefold() not in known)
    return RuleReading(title=rule.title, lines=lines, problem=None, unknown=unknown)


def check_kept(services: Services, audience: Audience, body: NewRule) -> None:
    """Refuse to look for a rule about a place that nobody knows, or that floods the board unasked.

    Raises:
        ActionError: says what would be right.
    """
    if body.gone or not body.on:
        return
    try:
        rule = read_rule(body.text, kinds_of(services.ontology))
    except RuleError:
        return  # told by who keeps it
    _check_places(services, audience, rule)
    count, budget = services.present.holds_of(audience, rule), services.settings.incidents_per_hour
    if count > budget and not body.floods:
        raise ActionError(
            "floods",
            f"it now holds for {count} things, and an hour's budget is {budget} incidents: "
            "narrow it, or say that it may flood",
        )


def _check_places(services: Services, audience: Audience, rule: Rule) -> None:
    named = {line.said["area"]: line.number for line in rule.lines if "area" in line.said}
    known = _names(services, audience) if named else {}
    for area, number in named.items():
        if area.casefold() not in known:
            near = get_close_matches(area.casefold(), known, 3) or sorted(known)[:5]
            there_are = ", ".join(known[one] for one in near)
            instead = f"; there is {there_are}" if near else ""
            raise ActionError(
                "text",
                f"line {number}: nobody says of anything that you see that it is called "
                f"{area[:100]!r}{instead}: draw it first, or keep the rule switched off",
            )


def _names(services: Services, audience: Audience) -> dict[str, str]:
    """What these readers hear things with a geometry called, by the same in small letters."""
    claims = services.claims.reader(audience)
    subjects = sorted({item.claim.subject for item in claims.geometries()})
    return {
        str(item.claim.value).casefold(): str(item.claim.value)
        for item in claims.of_subjects(subjects)
        if item.claim.property == "name"
    }


def rule_infos(services: Services, audience: Audience, *, gone: bool) -> list[RuleInfo]:
    """The rules that these readers see, by title; those that were put away, or the others."""
    of = watched(services, audience)
    failures = services.detection.failures(audience)
    newest = [versions[-1] for versions in services.board.rules(audience).values()]
    made = [
        rule_info(services, audience, of, one, failures.get(one.rule_id))
        for one in newest
        if one.version.gone == gone
    ]
    return sorted(made, key=lambda one: (one.title.casefold(), one.rule_id))


def rule_versions(
    services: Services, audience: Audience, versions: Sequence[RuleSaid]
) -> list[RuleInfo]:
    """Every version of a rule, the newest first."""
    of = watched(services, audience)
    *before, newest = versions
    failure = services.detection.failures(audience).get(newest.rule_id)
    made = [rule_info(services, audience, of, newest, failure)]
    return made + [rule_info(services, audience, of, one, None) for one in reversed(before)]


def rule_info(
    services: Services, audience: Audience, of: Watched, said: RuleSaid, failure: Failure | None
) -> RuleInfo:
    """One version of a rule, with what the rule has found and how it failed."""
    read = reading(services, audience, said.version.text)
    labels = services.log.label_sets.labels_of(said.label_set)
    mine = [i for i in of.incidents if any(a.detector == said.rule_id for a in i.alerts)]
    judged = of.judged.get(said.rule_id)
    is_on = said.version.on and not said.version.gone and read.problem is None
    return RuleInfo(
        rule_id=said.rule_id,
        version=said.version.version,
        title=read.title or said.version.text.partition("\n")[0][:80],
        text=said.version.text,
        on=said.version.on,
        gone=said.version.gone,
        looked_for=is_on and services.rules.looks_for(labels),
        reading=read,
        by=said.by,
        known=to_text(said.known_us),
        reason=said.reason,
        claim_id=said.claim_id,
        incidents=len(mine),
        going_on=(going_on := sum(not incident.is_over for incident in mine)),
        floods=going_on >= MOST_FOUND,
        failure=None if failure is None else FailureInfo.of(failure),
        useful=judged.useful if judged else 0,
        useless=judged.useless if judged else 0,
        marking=Marking.of(labels),
    )


def trial_line(
    services: Services, audience: Audience, tried: Tried, rule: Rule, *, is_done: bool
) -> bytes:
    """One line of an answer that grows."""
    at_once = _most_at_once(tried.alerts)
    holds_of = services.present.holds_of(audience, rule) if is_done else 0
    view = services.picture.view(audience)

    def name_of(identifier: str) -> str:
        state = view.track(view.object_named(identifier) or "")
        return (state.name if state else None) or identifier

    info = TrialInfo(
        share=tried.share,
        reports=tried.rows,
        hours=tried.lasts_s / 3_600.0,
        is_done=is_done,
        is_cut=tried.is_cut,
        at_once=at_once,
        holds_of=holds_of,
        floods=max(at_once, holds_of) > services.settings.incidents_per_hour,
        alerts=[_trial_alert(alert, [name_of(one) for one in alert.identifiers])
                for alert in tried.alerts],
    )  # fmt: skip
    return info.model_dump_json(by_alias=True).encode() + b"\n"


def _most_at_once(alerts: Sequence[Alert]) -> int:
    changes = [(alert.start_us, 1) for alert in alerts]
    changes += [(alert.end_us, -1) for alert in alerts if alert.end_us is not None]
    most = going_on = 0
    for _, change in sorted(changes, key=lambda one: (one[0], -one[1])):
        going_on += change
        most = max(most, going_on)
    return most


def _trial_alert(alert: Alert, names: Sequence[str]) -> TrialAlert:
    return TrialAlert(
        identifiers=list(alert.identifiers),
        names=list(names),
        start=to_text(alert.start_us),
        end=None if alert.end_us is None else to_text(alert.end_us),
        reason={"en": alert.reason_en, "fr": alert.reason_fr},
        probability=alert.probability,
        latitude_deg=None if math.isnan(alert.lat) else alert.lat,
        longitude_deg=None if math.isnan(alert.lon) else alert.lon,
    )
