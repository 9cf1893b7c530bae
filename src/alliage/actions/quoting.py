"""Alerts that tell what somebody said: whoever raises its label raises them with it.

An alert bears the labels of its context, and in its words what a name or an area was called then.
"""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from alliage.history.claims import ClaimStore, StoredClaim
from alliage.log.entry import Draft
from alliage.log.revisions import ENTRIES_AT_MOST, REVISIONS_STREAM, Raise
from alliage.log.store import Log
from alliage.ontology.audience import machine_audience
from alliage.ontology.claim import ALERT
from alliage.ontology.label import Label, LabelSet


def raised_with(log: Log, claims: ClaimStore, said: StoredClaim, label: Label) -> list[Draft]:
    """What puts the alerts that tell of a claim under a further label, too.

    Whoever raises it need not see them: each of these decisions stands under the labels of the
    alerts that it is about.
    """
    everything = machine_audience(log.label_sets)
    reader = log.reader(everything)
    numbers = dict.fromkeys(
        item.number
        for item in claims.reader(everything).said_since((ALERT,), said.number)
        if _tells(item, said)
    )
    by_labels: dict[LabelSet, list[str]] = {}
    for number in numbers:
        for entry in reader.read(after=number - 1, limit=1):
            if label not in entry.labels:
                by_labels.setdefault(entry.labels, []).append(entry.entry_id)
    return [
        Draft(REVISIONS_STREAM, labels | {label}, Raise(part, frozenset([label])))
        for labels, names in by_labels.items()
        for part in _parts(names)
    ]


def _tells(alert: StoredClaim, said: StoredClaim) -> bool:
    """Whether an alert is about an area that this says something of, or repeats its words."""
    try:
        value = orjson.loads(str(alert.claim.value))
        things, area, reason = value["identifiers"], value["area"], value["reason"]
    except (ValueError, KeyError, TypeError):
        return False
    identifier, words = said.claim.identifier, str(said.claim.value)
    if identifier == area:
        return True
    return identifier in things and any(words in text for text in reason.values())


def _parts(names: list[str]) -> Iterator[tuple[str, ...]]:
    for begin in range(0, len(names), ENTRIES_AT_MOST):
        yield tuple(names[begin : begin + ENTRIES_AT_MOST])
