"""Alerts that tell what somebody said: whoever raises its label raises them with it.

An alert bears the labels of its context, and in its words what a name or an area was called then.
What it tells is judged by property and whole value, never by a piece of its text, and an alert of
which only words are raised is told again without them: nobody takes a call for help from somebody
else's sight by raising a word (docs/decisions/0234).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any, Final

import orjson

from alliage.history.claims import ClaimStore, StoredClaim
from alliage.log.entry import Draft
from alliage.log.revisions import ENTRIES_AT_MOST, REVISIONS_STREAM, Raise
from alliage.log.store import Log
from alliage.ontology.audience import Audience, machine_audience
from alliage.ontology.cited import Cited
from alliage.ontology.claim import (
    ALERT,
    GEOMETRY,
    REPORT,
    Claim,
    is_about_things,
    new_claim_id,
)
from alliage.ontology.label import Label, LabelSet

LEFT_OUT: Final = "…"


class _Rests:
    """An alert would not be without the claim: it cannot be told without it either."""


_Told = str | _Rests | None
"""What an alert tells of a claim: words in its text, or that it rests on it; None: nothing."""


def raised_with(
    log: Log, claims: ClaimStore, said: StoredClaim, raised: Collection[int], label: Label
) -> list[Draft]:
    """What puts the alerts that tell of a claim under a further label, too.

    Whoever raises it need not see them: each of these decisions stands under the labels of the
    alerts that it is about. What others say to an alert's readers as well is no secret of it.

    Args:
        log: the node's.
        claims: what is said in it.
        said: the claim that is raised.
        raised: numbers of the entries that are raised for it.
        label: the further one.
    """
    everything = machine_audience(log.label_sets)
    reader = log.reader(everything)
    told = list(claims.reader(everything).said_since((ALERT,), said.number))
    tells = {item.claim.claim_id: _tells(item.claim, said) for item in told}
    newest = {(item.label_set, alert_id_of(item.claim)): item.claim.claim_id for item in told}
    by_labels: dict[LabelSet, list[str]] = {}
    again: list[Draft] = []
    in_part: list[Draft] = []
    for number, items in groupby(told, lambda item: item.number):
        of_entry = list(items)
        if all(tells[item.claim.claim_id] is None for item in of_entry):
            continue
        for entry in reader.read(after=number - 1, limit=1):
            together = [item for item in of_entry if item.label_set == entry.label_set]
            if all(tells[item.claim.claim_id] is None for item in together):
                continue
            if label in entry.labels:
                continue
            if not any(cites(item.claim, said) for item in together) and is_said_otherwise(
                log, claims, said, raised, entry.labels
            ):
                continue
            if entry.part is None:
                by_labels.setdefault(entry.labels, []).append(entry.entry_id)
            else:
                rows = tuple(map(int, entry.part.rows))
                only = Raise((entry.entry_id,), frozenset([label]), rows)
                in_part.append(Draft(REVISIONS_STREAM, entry.labels | {label}, only))
            stays = tuple(
                _without(item.claim, tells[item.claim.claim_id], said.claim)
                for item in together
                if not isinstance(tells[item.claim.claim_id], _Rests)
                and newest[item.label_set, alert_id_of(item.claim)] == item.claim.claim_id
            )
            if stays:
                again.append(Draft(entry.stream, entry.labels, stays))
    decisions = [
        Draft(REVISIONS_STREAM, labels | {label}, Raise(part, frozenset([label])))
        for labels, names in by_labels.items()
        for part in _parts(names)
    ]
    return decisions + in_part + again


def _tells(alert: Claim, said: StoredClaim) -> _Told:
    """What of a claim an alert tells.

    It rests on a report or a claim that is among its evidence, on the outline of its area, and on
    a number that it names among its figures. It repeats the words of a property as a whole.
    Remarks and judgements are never told, as detectors do not read them, unless one is cited.
    """
    claim = said.claim
    if claim.property == REPORT:
        report = f"{said.stream}|{claim.identifier}|{claim.valid_from_us}"
        return _Rests() if report in alert.evidence else None
    if cites(alert, said):
        return _Rests()
    if not is_about_things(claim.property):
        return None
    try:
        value = orjson.loads(str(alert.value))
        things, area = (*value["identifiers"], *value.get("called", ())), value["area"]
        figures, reasons = value["figures"], value["reason"].values()
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    if claim.identifier not in (*things, area):
        return None
    if claim.property == GEOMETRY:
        return _Rests() if claim.identifier == area else None
    if isinstance(claim.value, bool) or claim.value is None:
        return None
    if isinstance(claim.value, int | float):
        named = figures.get(claim.property)
        return _Rests() if named is not None and named == round(claim.value, 1) else None
    words = claim.value.strip()
    repeats = bool(words) and any(_whole(words).search(reason) for reason in reasons)
    return words if repeats else None


def rests_on(alert: Claim, said: StoredClaim) -> bool:
    """Whether an alert would not be without a claim."""
    return isinstance(_tells(alert, said), _Rests)


def cites(alert: Claim, said: StoredClaim) -> bool:
    """Whether an alert names a claim, and who said it, among its evidence."""
    one = said.claim
    return Cited(said.stream, one.identifier, one.valid_from_us, one.property).written() in (
        alert.evidence
    )


def is_said_otherwise(
    log: Log, claims: ClaimStore, said: StoredClaim, raised: Collection[int], labels: LabelSet
) -> bool:
    """Whether whoever may see an alert of these labels is told the same by somebody else."""
    claim = said.claim
    if claim.property == REPORT:
        return False
    reader = claims.reader(Audience("alert", labels.__contains__, log.label_sets))
    others = [
        item
        for item in reader.of_identifier(claim.identifier)
        if item.number not in raised
        and (item.claim.property, _plain(item.claim)) == (claim.property, _plain(claim))
    ]
    return bool(reader.standing(others))


def _plain(claim: Claim) -> Any:
    """A value as alerts tell it: numbers to a tenth."""
    if isinstance(claim.value, float | int):
        return round(claim.value, 1)
    return claim.value if claim.value is None else claim.value.strip()


def _without(alert: Claim, words: _Told, said: Claim) -> Claim:
    """The same alert without these words: by its identifier where they are a name."""
    value = orjson.loads(str(alert.value))
    if not isinstance(words, str):
        return replace(alert, claim_id=new_claim_id())
    instead = said.identifier if said.property == "name" else LEFT_OUT
    value["reason"] = {
        language: _whole(words).sub(lambda _: instead, text)
        for language, text in value["reason"].items()
    }
    return replace(alert, claim_id=new_claim_id(), value=orjson.dumps(value).decode())


def _whole(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(words)}(?!\w)")


def alert_id_of(alert: Claim) -> str:
    """Of which alert a claim is a telling."""
    try:
        return str(orjson.loads(str(alert.value))["alert"])
    except (ValueError, KeyError, TypeError):
        return alert.claim_id


def _parts(names: list[str]) -> Iterator[tuple[str, ...]]:
    for begin in range(0, len(names), ENTRIES_AT_MOST):
        yield tuple(names[begin : begin + ENTRIES_AT_MOST])
