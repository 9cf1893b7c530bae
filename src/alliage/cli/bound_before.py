"""Which labels this node has said that a file bears, also where their binding is gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alliage.cli.home import load_config

if TYPE_CHECKING:
    from alliage.ontology.label import Label

_ACTS = ("data.exported", "label.bound")


def bound_before(folder: Path, sha384: str) -> set[Label]:
    """The labels under which the node has exported or bound these bytes, as its audit says.

    Args:
        folder: the node's.
        sha384: of the file's bytes, as hexadecimal digits.
    """
    from alliage.access.audit import AUDIT_LABEL

    return {
        label
        for said, labels in _said(folder)
        if said["act"] in _ACTS and said["done"] and said["details"].get("sha384") == sha384
        for label in (*_marked(said["details"]), *labels)
        if label != AUDIT_LABEL and not label.is_unlabelled
    }


def _said(folder: Path) -> Iterator[tuple[Mapping[str, Any], frozenset[Label]]]:
    """What the audit says, and what commands left for it, with the labels of its entries."""
    from alliage.access.audit_spool import waiting
    from alliage.history.audit import AuditWanted, records
    from alliage.home import Home
    from alliage.log import Log, NodeKeys
    from alliage.ontology.audience import machine_audience
    from alliage.ontology.times import WallClock

    home = Home(folder)
    for event in waiting(home.audit_spool):
        yield event.to_json(), frozenset()
    if not home.log.is_dir():
        return
    name = load_config(folder).node.name
    try:
        keys = NodeKeys.load(home.keys)
        log = Log.open(home.log, keys, name, WallClock(), read_only=True)
    except FileNotFoundError:  # it has not run yet
        return
    try:
        for one in records(log.reader(machine_audience(log.label_sets)), AuditWanted()):
            yield one.data, log.label_sets.labels_of(one.label_set)
    finally:
        log.close()


def _marked(details: Mapping[str, Any]) -> tuple[Label, ...]:
    from alliage.ontology.label_text import LabelTextError, parse_marking

    try:
        return tuple(parse_marking(str(details.get("marking") or "")))
    except LabelTextError:
        return ()
