"""What a source claims by bytes that are read again, against what it had claimed by them.

A claim belongs to these bytes if a report or statement that they hold, as read then or now, is
about its thing and its moment. What flaps, as read then or now, is left as it was said: it sums up
more than these bytes, and a node that started anew between them began to count anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from alliage.feeds.contract import Decoded
from alliage.history.changes import ChangeDetector
from alliage.node import Node
from alliage.ontology.audience import machine_audience
from alliage.ontology.claim import RETRACTION, Claim, Value, is_about_things, new_claim_id
from alliage.ontology.label import LabelSet
from alliage.ontology.observation import Kind, ObservationBatch

Moment = tuple[str, int]
"""Identifier of a thing, and since when something was said of it, microseconds."""

Said = tuple[str, str, str, Value, int, int | None, float]


@dataclass(frozen=True, slots=True)
class ClaimChanges:
    """How many claims stay, which are to be taken back, and which are new."""

    same: int = 0
    gone: tuple[Claim, ...] = ()
    fresh: tuple[Claim, ...] = ()

    def as_claims(self, now_us: int, reason: str) -> tuple[Claim, ...]:
        """What the source has to say: what it takes back, then what it says instead."""
        taken_back = [
            Claim(
                new_claim_id(), old.subject, old.identifier, old.schema, RETRACTION, old.claim_id,
                now_us, reason=reason,
            )
            for old in self.gone
        ]  # fmt: skip
        return (*taken_back, *(replace(claim, reason=reason) for claim in self.fresh))


def claims_read_again(
    node: Node,
    source: str,
    labels: LabelSet,
    first: int,
    old: Iterable[ObservationBatch],
    decoded: Sequence[Decoded],
) -> ClaimChanges:
    """Compare what bytes make a source claim now with what stands of what they made it claim.

    Args:
        node: open, and not serving.
        source: name of the source.
        labels: of its bytes.
        first: number of the first entry that holds them.
        old: observations that were made of them.
        decoded: what today's decoder makes of them, in order.
    """
    label_set = node.log.label_sets.intern(labels)
    everything = machine_audience(node.log.label_sets)
    reader = node.claims.reader(everything)
    moments = _moments(old, decoded)
    made, summed_up = [], []
    for item in reader.of_stream(source, label_set):
        if item.claim.values:
            summed_up.append(item)
        elif _is_comparable(item.claim) and _moment(item.claim) in moments:
            made.append(item)
    before = min([first, *(item.number for item in made)]) - 1
    earlier = node.claims.reader(everything, up_to=before)
    changes = ChangeDetector(source, node.subject_of)
    changes.restore(earlier.latest_of_stream(source, label_set))
    claimed = _claimed(changes, decoded)
    flaps_now = _flapping([*claimed, *changes.finish()])
    flapped = _flapping(item.claim for item in reader.standing(summed_up))
    now = {_said(claim): claim for claim in claimed if _is_comparable(claim)}
    then = {_said(item.claim): item.claim for item in reader.standing(made)}
    return ClaimChanges(
        same=len(now.keys() & then.keys()),
        gone=tuple(c for said, c in then.items() if said not in now and not flaps_now(c)),
        fresh=tuple(c for said, c in now.items() if said not in then and not flapped(c)),
    )


def _moments(old: Iterable[ObservationBatch], decoded: Sequence[Decoded]) -> set[Moment]:
    batches = [*old, *(batch for one in decoded for batch in one.batches)]
    found = {
        (identifier, valid_us)
        for batch in batches
        if batch.kind is Kind.STATIC
        for identifier, valid_us in zip(
            batch.rows.column("identifier").to_pylist(),
            batch.rows.column("valid").cast(pa.int64()).to_pylist(),
            strict=True,
        )
    }
    return found | {(s.identifier, s.valid_from_us) for one in decoded for s in one.statements}


def _claimed(changes: ChangeDetector, decoded: Sequence[Decoded]) -> list[Claim]:
    made: list[Claim] = []
    for one in decoded:
        made += [claim for batch in one.batches for claim in changes.observe(batch)]
        made += changes.state(one.statements)
    return made


def _flapping(claims: Iterable[Claim]) -> Callable[[Claim], bool]:
    """Whether a claim is of a time in which its property flapped, as these claims say."""
    times: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for claim in claims:
        if claim.values and claim.valid_to_us is not None:
            of = times.setdefault((claim.identifier, claim.property), [])
            of.append((claim.valid_from_us, claim.valid_to_us))

    def flaps(claim: Claim) -> bool:
        found = times.get((claim.identifier, claim.property), ())
        return any(since_us <= claim.valid_from_us <= until_us for since_us, until_us in found)

    return flaps


def _moment(claim: Claim) -> Moment:
    return claim.identifier, claim.valid_from_us


def _is_comparable(claim: Claim) -> bool:
    return is_about_things(claim.property) and not claim.values


def _said(claim: Claim) -> Said:
    return (
        claim.identifier, claim.schema, claim.property, claim.value, claim.valid_from_us,
        claim.valid_to_us, claim.confidence,
    )  # fmt: skip
