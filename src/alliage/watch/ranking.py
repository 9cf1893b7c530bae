"""In which order incidents are shown to a reader, and how many at once: nothing is ever dropped.

What a detector found is ranked by whether there is little time, by how sure it is and by how often
people called its alerts useful; beyond the hour's budget incidents are folded, which means listed
and not pushed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from alliage.actions.watch_words import Said, State
from alliage.ontology.claim import RULE_ID
from alliage.watch.incidents import Incident

HOUR_US: Final = 3_600 * 1_000_000
BUDGET_PER_HOUR: Final = 12
"""How many incidents an hour a watch officer can look into; the rest is folded."""

PRESSING: Final = frozenset({"collision_risk", "grounding"})
"""Detectors that tell of what is about to happen: minutes later it is too late to do anything."""

ALIKE_FROM: Final = 3
"""So many incidents of one rule that begin at once are shown as one."""
APART_US: Final = 10_000_000
"""A look: what begins in the next one begins at once, since things report at different times."""
ALIKE_US: Final = 300_000_000


@dataclass(frozen=True, slots=True)
class Judged:
    """How people judged a detector's incidents.

    ``precision`` is the mean of the beta distribution that begins as if one had been useful and
    one not: it says little while little was judged. ``label_sets`` are those of the incidents and
    of the judgements.
    """

    useful: int = 0
    useless: int = 0
    label_sets: frozenset[int] = field(default=frozenset(), compare=False)

    @property
    def precision(self) -> float:
        """The share that is useful, 0 to 1, as far as is known."""
        return (self.useful + 1) / (self.useful + self.useless + 2)


def judged_of(incidents: Iterable[Incident]) -> dict[str, Judged]:
    """By detector how its incidents were judged by people whom the reader may hear."""
    found: dict[str, Judged] = {}
    for incident in incidents:
        if incident.standing.useful is None:
            continue
        said = {one.label_set for one in incident.sayings if one.word.said is Said.JUDGE}
        said |= {told[-1].label_set for told in incident.tellings}
        for detector in {alert.detector for alert in incident.alerts}:
            before = found.get(detector, Judged())
            found[detector] = Judged(
                before.useful + incident.standing.useful,
                before.useless + (not incident.standing.useful),
                before.label_sets | said,
            )
    return found


def score_of(incident: Incident, judged: dict[str, Judged]) -> float:
    """How much an incident deserves a look, 0 to 1."""
    return max(
        alert.probability * judged.get(alert.detector, Judged()).precision
        for alert in incident.alerts
    )


def is_pressing(incident: Incident) -> bool:
    """Whether something is about to happen that can still be kept from happening."""
    return any(one.detector in PRESSING and one.end_us is None for one in incident.alerts)


def in_order(incidents: Sequence[Incident], judged: dict[str, Judged]) -> list[Incident]:
    """Calls for help first, then what nobody has taken: of that what presses, then what goes on,
    then by how much each deserves a look."""

    def place(one: Incident) -> tuple[bool, bool, bool, bool, float, int, str]:
        return (
            not one.is_priority,
            one.standing.state not in (State.NEW, State.TRIAGE),
            not is_pressing(one),
            one.is_over,
            -score_of(one, judged),
            -one.begun_us,
            one.incident_id,
        )

    return sorted(incidents, key=place)


def folded(
    incidents: Sequence[Incident], judged: dict[str, Judged], budget: int = BUDGET_PER_HOUR
) -> frozenset[str]:
    """Ids of the incidents beyond the budget of the hour in which they began.

    What one rule gave at once counts once. Calls for help, and what somebody has taken, are never
    folded and count against no budget.
    """
    by_hour: dict[int, list[Incident]] = {}
    beyond = {name for names in alike(incidents, judged).values() for name in names}
    for one in incidents:
        if _is_untouched(one) and one.incident_id not in beyond:
            by_hour.setdefault(one.begun_us // HOUR_US, []).append(one)
    for some in by_hour.values():
        some.sort(
            key=lambda one: (
                not is_pressing(one), -score_of(one, judged), one.begun_us, one.incident_id,
            )
        )  # fmt: skip
        beyond.update(one.incident_id for one in some[budget:])
    return frozenset(beyond)


def alike(incidents: Sequence[Incident], judged: dict[str, Judged]) -> dict[str, tuple[str, ...]]:
    """What one rule gave at once: by the id of the incident that is shown the ids of the others.

    They stay incidents of their own, so that what a detector finds of one of the things is not
    lost among the rest.
    """
    by_rule: dict[str, list[tuple[int, Incident]]] = {}
    for one in incidents:
        rules = {alert.detector for alert in one.alerts}
        if _is_untouched(one) and len(rules) == 1 and (rule := rules.pop()).startswith(RULE_ID):
            begun_us = min(told[0].alert.told_us for told in one.tellings)
            by_rule.setdefault(rule, []).append((begun_us, one))
    found: dict[str, tuple[str, ...]] = {}
    for some in by_rule.values():
        for group in _at_once(some):
            group.sort(key=lambda one: (-score_of(one, judged), one.begun_us, one.incident_id))
            if len(group) >= ALIKE_FROM:
                found[group[0].incident_id] = tuple(one.incident_id for one in group[1:])
    return found


def _at_once(begun: list[tuple[int, Incident]]) -> list[list[Incident]]:
    """Those that began one look after the other, for no longer than :data:`ALIKE_US` in all."""
    groups: list[list[Incident]] = []
    first_us = last_us = -ALIKE_US
    for begun_us, one in sorted(begun, key=lambda item: (item[0], item[1].incident_id)):
        if begun_us - last_us > APART_US or begun_us - first_us > ALIKE_US:
            groups.append([])
            first_us = begun_us
        groups[-1].append(one)
        last_us = begun_us
    return groups


def _is_untouched(one: Incident) -> bool:
    is_new = one.standing.state is State.NEW and not one.standing.owner
    return is_new and not one.is_priority
