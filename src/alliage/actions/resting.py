"""Alerts that rest on what is raised or destroyed: whoever does it is told of them before.

An alert that rests on a report, an outline or a number would not be without it, so it goes under
the further label too, or is destroyed with it (docs/decisions/0260).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

import orjson
import pyarrow as pa

from alliage.actions.kinds import ActionError
from alliage.actions.quoting import alert_id_of, cites, is_said_otherwise, rests_on
from alliage.history.claims import ClaimStore, StoredClaim
from alliage.log.bodies import OBSERVATION_KINDS
from alliage.log.entry import Draft, Entry
from alliage.log.store import Log
from alliage.ontology.audience import Audience
from alliage.ontology.claim import ALERT, Claim, new_claim_id
from alliage.ontology.label import Label

CALLS: str = "distress"
CALL_RESTS: str = (
    "a call for help rests on it, and nobody takes that from others' sight alone: an administrator "
    "can propose to have it destroyed, and a second person decides"
)
UNSEEN: str = "Others that you may not see may rest on it as well, and go along"
"""Said in every case, whether or not there are some: nobody learns by it."""


def resting_on(
    log: Log,
    claims: ClaimStore,
    seen_by: Audience,
    said: StoredClaim,
    raised: Collection[int],
    label: Label,
) -> list[Claim]:
    """The newest telling of each alert that these readers see and that would go along.

    Args:
        log: the node's.
        claims: what is said in it.
        seen_by: who raises the claim; of other alerts they are told nothing.
        said: the claim that is raised.
        raised: numbers of the entries that are raised for it.
        label: the further one.
    """
    found: dict[str, Claim] = {}
    for item in claims.reader(seen_by).said_since((ALERT,), said.number):
        labels = log.label_sets.labels_of(item.label_set)
        if not rests_on(item.claim, said) or label in labels:
            continue
        if cites(item.claim, said) or not is_said_otherwise(log, claims, said, raised, labels):
            found[alert_id_of(item.claim)] = item.claim
    return list(found.values())


def is_call_for_help(alert: Claim) -> bool:
    """Whether it is one."""
    try:
        return bool(orjson.loads(str(alert.value))["detector"] == CALLS)
    except (ValueError, KeyError, TypeError):
        return False


def refuse_unknowing(alerts: Sequence[Claim], is_meant: bool) -> None:
    """Tell somebody before which alerts go along.

    Raises:
        ActionError: there are some, and they have not said that they mean it.
    """
    if alerts and not is_meant:
        about = ", ".join(sorted({alert.identifier for alert in alerts})[:5])
        raise ActionError(
            "alerts",
            f"{len(alerts)} of the alerts about {about} rest on it and go under this label too: "
            f"who may not see it loses them from sight, for good. {UNSEEN}",
        )


def destroyed_with(
    log: Log, claims: ClaimStore, seen_by: Audience, entries: Iterable[Entry]
) -> tuple[list[Entry], list[Draft]]:
    """The alerts that cite reports which are destroyed, and what else stood in their entries.

    Args:
        log: the node's.
        claims: what is said in it.
        seen_by: who decides; what they do not see they do not destroy.
        entries: what is destroyed.

    Returns:
        Entries to be destroyed as well, and other alerts of these, to be told again.
    """
    reports = [one for one in entries if one.kind in OBSERVATION_KINDS and one.gone is None]
    cited = {report for entry in reports for report in _reports_of(entry)}
    if not cited:
        return [], []
    first = min(entry.number for entry in reports)
    told = list(claims.reader(seen_by).said_since((ALERT,), first))
    numbers = sorted({item.number for item in told if cited & set(item.claim.evidence)})
    newest = {(item.label_set, alert_id_of(item.claim)): item for item in told}
    reader = log.reader(seen_by)
    found, again = [], []
    for number in numbers:
        # Of which they see a part alone they destroy nothing.
        for entry in reader.read(after=number - 1, limit=1, up_to=number, whole=True):
            found.append(entry)
            stays: dict[int, list[Claim]] = {}
            for item in newest.values():
                if item.number == number and not cited & set(item.claim.evidence):
                    claim = replace(item.claim, claim_id=new_claim_id())
                    stays.setdefault(item.label_set, []).append(claim)
            again += [
                Draft(entry.stream, log.label_sets.labels_of(label_set), tuple(some))
                for label_set, some in stays.items()
            ]
    return found, again


def _reports_of(entry: Entry) -> set[str]:
    """The reports of an entry, as alerts cite them."""
    rows = entry.observations().rows
    names = rows.column("identifier").cast(pa.utf8()).to_pylist()
    times = rows.column("valid").cast(pa.int64()).to_pylist()
    return {f"{entry.stream}|{name}|{us}" for name, us in zip(names, times, strict=True)}
