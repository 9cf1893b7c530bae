"""Doing what a revision says. Doing it again changes nothing."""

from __future__ import annotations

from collections.abc import Sequence

from alliage.log.bodies import REPORTED_KINDS
from alliage.log.decided import is_dropped, revisions_of
from alliage.log.entry import Entry
from alliage.log.index import Index
from alliage.log.parts import Part, are_same, extent_us, regrouped, rows_of
from alliage.log.reader import LogReader
from alliage.log.revisions import Drop, Raise, Supersede
from alliage.log.segments import Segments
from alliage.ontology.label import LabelSet


def revise(index: Index, machines: LogReader, entry: Entry) -> None:
    """Raise labels, or note bodies as gone, as the revision ``entry`` says.

    Args:
        index: of the log.
        machines: reads everything.
        entry: the revision.
    """
    said = entry.revision()
    if isinstance(said, Raise):
        for target in _named(machines, said.entries):
            _raise(index, target, said)
        return
    if isinstance(said, Supersede):
        index.note_superseded(_named(machines, said.entries), entry.number)
        return
    if isinstance(said, Drop):
        targets = _dropped(machines, said)
    else:
        targets = [one for one in _named(machines, said.entries) if one.gone is None]
    index.note_gone(targets, entry.entry_id)


def destroy(index: Index, segments: Segments) -> None:
    """Destroy what is noted as gone, also where an earlier attempt was cut short."""
    found = index.to_destroy()
    for entry_id, location in found:
        segments.erase(entry_id, location)
    if found:
        index.destroy_salts([entry_id for entry_id, _ in found])


def standing(revisions: Sequence[Entry]) -> list[Entry]:
    """Those of all revisions that have to be done: not the drops that a later one covers."""
    found: list[Entry] = []
    covering: dict[str, list[Drop]] = {}
    for entry in reversed(revisions):
        said = entry.revision()
        if isinstance(said, Drop):
            later = covering.setdefault(said.stream, [])
            if any(one.before_us >= said.before_us and one.up_to >= said.up_to for one in later):
                continue
            later.append(said)
        found.append(entry)
    return found[::-1]


def standing_drops(machines: LogReader) -> list[Drop]:
    """The decisions not to keep reports, without those that a later one covers."""
    found = (entry.revision() for entry in standing(revisions_of(machines)))
    return [said for said in found if isinstance(said, Drop)]


def _raise(index: Index, target: Entry, said: Raise) -> None:
    before = target.groups()
    after = regrouped(before, said)
    if are_same(before, after):
        return
    intern = index.label_sets.intern
    together: LabelSet = frozenset().union(*after)
    parts: list[Part] = []
    if len(after) > 1:
        content = None if target.gone is not None else target.content()
        for labels, rows in after.items():
            extent = target.valid_min_us, target.valid_max_us
            if content is not None:
                extent = extent_us(rows_of(content, rows))
            parts.append(Part(intern(labels), labels, rows, *extent))
    index.raise_label(target, intern(together), parts)


def _named(machines: LogReader, entries: tuple[str, ...]) -> list[Entry]:
    found = [machines.entry(name) for name in entries]
    return [entry for entry in found if entry is not None]


def _dropped(machines: LogReader, said: Drop) -> list[Entry]:
    found: list[Entry] = []
    after = 0
    while page := machines.read(
        after=after,
        kinds=REPORTED_KINDS,
        streams=[said.stream],
        valid_to_us=said.before_us,
        up_to=said.up_to,
        all_versions=True,
    ):
        found += [entry for entry in page if is_dropped(entry, said)]
        after = page[-1].number
    return found
