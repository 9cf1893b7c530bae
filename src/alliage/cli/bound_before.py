"""Which labels this node has said that a file bears, also where their binding is gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alliage.cli.whole_audit import whole_audit

if TYPE_CHECKING:
    from alliage.ontology.label import Label, LabelSet

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


def _said(folder: Path) -> Iterator[tuple[Mapping[str, Any], LabelSet]]:
    """What commands left for the audit, and what the audit says, with the labels of its entries."""
    from alliage.access.audit_spool import waiting
    from alliage.home import Home

    for event in waiting(Home(folder).audit_spool):
        yield event.to_json(), frozenset()
    yield from whole_audit(folder)


def _marked(details: Mapping[str, Any]) -> tuple[Label, ...]:
    from alliage.ontology.label_text import LabelTextError, parse_marking

    try:
        return tuple(parse_marking(str(details.get("marking") or "")))
    except LabelTextError:
        return ()
