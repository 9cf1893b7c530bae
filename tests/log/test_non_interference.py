"""The law: a log with hidden entries reads like a log in which they were never written."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alliage.log import Draft, Log, NodeKeys
from alliage.log.selection import Selection
from alliage.ontology.audience import Audience
from alliage.ontology.label import Label
from tests.log.support import TickingClock, audience_of, claim

LABELS = [
    Label.make("ALLIAGE", classification, nations)
    for classification in ("UNCLASSIFIED", "SECRET")
    for nations in (["DNK"], ["FRA"])
]
label_sets = st.frozensets(st.sampled_from(LABELS), min_size=1, max_size=3)
KEYS = NodeKeys.generate()


def tellings(log: Log, audience: Audience, limit: int, streams: list[str] | None) -> list[object]:
    """Everything a reader outside can learn by paging, ids and times apart."""
    reader = log.reader(audience)
    told: list[object] = []
    cursor = None
    while True:
        page = reader.page(cursor, limit, Selection(streams=streams))
        told.append([(entry.stream, entry.labels, entry.claims()) for entry in page.entries])
        told.append(page.next is None)
        if page.next is None:
            return told
        assert page.next == page.entries[-1].entry_id
        cursor = page.next


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    written=st.lists(st.tuples(label_sets, st.sampled_from(["a", "b"])), max_size=12),
    allowed=st.frozensets(st.sampled_from(LABELS)),
    limit=st.integers(1, 5),
    streams=st.sampled_from([None, ["a"], ["a", "b"]]),
)
def test_hidden_entries_leave_no_trace_in_what_is_read(
    written: list[tuple[frozenset[Label], str]],
    allowed: frozenset[Label],
    limit: int,
    streams: list[str] | None,
) -> None:
    drafts = [
        Draft(stream, labels, (claim(number),)) for number, (labels, stream) in enumerate(written)
    ]
    visible = [draft for draft in drafts if draft.labels <= allowed]
    results = []
    with TemporaryDirectory() as folder:
        for name, group in (("whole", drafts), ("filtered", visible)):
            log = Log.open(Path(folder) / name, KEYS, "node-1", TickingClock())
            log.append(group)
            audience = audience_of(log.label_sets, *allowed)
            results.append(tellings(log, audience, limit, streams))
            log.close()
    whole, filtered = results
    assert whole == filtered
