"""A node's whole audit, for commands by which its machine's owner answers for accounts and files.

Whoever runs these holds the node's keys. Nothing of it is shown but what is asked about: by whom
an account can be entered, and as what a file that lies there was bound.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alliage.cli.home import load_config

if TYPE_CHECKING:
    from alliage.ontology.label import LabelSet


def whole_audit(folder: Path) -> Iterator[tuple[dict[str, Any], LabelSet]]:
    """What was done on a node, the oldest first, and the labels of it; nothing where it never ran.

    Args:
        folder: the node's.
    """
    from alliage.history.audit import AuditWanted, records
    from alliage.home import Home
    from alliage.log import Log, NodeKeys
    from alliage.ontology.audience import machine_audience
    from alliage.ontology.times import WallClock

    home, name = Home(folder), load_config(folder).node.name
    try:
        keys = NodeKeys.load(home.keys)
        log = Log.open(home.log, keys, name, WallClock(), read_only=True)
    except FileNotFoundError:
        return
    try:
        for one in records(log.reader(machine_audience(log.label_sets)), AuditWanted()):
            yield one.data, log.label_sets.labels_of(one.label_set)
    finally:
        log.close()
