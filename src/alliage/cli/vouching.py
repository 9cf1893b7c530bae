"""Who could act by an account, as a node's audit says: for who vouches on the node's machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alliage.cli.home import load_config

if TYPE_CHECKING:
    from alliage.access.users import User


def who_could_act_by(folder: Path, user: User) -> tuple[str, ...]:
    """Names of those who made or changed an account whose owner chose no new password since.

    Nobody where its owner has, and where the node has not run yet.
    """
    from alliage.access.standing import Standing
    from alliage.history.audit import AuditWanted, records
    from alliage.home import Home
    from alliage.log import Log, NodeKeys
    from alliage.ontology.audience import machine_audience
    from alliage.ontology.times import WallClock

    home, standing = Home(folder), Standing()
    try:
        keys = NodeKeys.load(home.keys)
        node = load_config(folder).node.name
        log = Log.open(home.log, keys, node, WallClock(), read_only=True)
    except FileNotFoundError:
        return ()
    try:
        reader = log.reader(machine_audience(log.label_sets))
        for number, record in enumerate(records(reader, AuditWanted()), start=1):
            standing.take(record.data, number)
    finally:
        log.close()
    mine = user.principal.name.casefold()
    for one in standing.waiting():
        if one.name.casefold() == mine and one.opened:
            return tuple(sorted(one.touched.values())) or ("somebody unknown",)
    return ()
