"""Who could act by an account, as a node's audit says: for who vouches on the node's machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alliage.cli.whole_audit import whole_audit

if TYPE_CHECKING:
    from alliage.access.users import User


def who_could_act_by(folder: Path, user: User) -> tuple[str, ...]:
    """Names of those who made or changed an account whose owner chose no new password since.

    Nobody where its owner has, and where the node has not run yet.
    """
    from alliage.access.standing import Standing

    standing = Standing()
    for number, (data, _) in enumerate(whole_audit(folder), start=1):
        standing.take(data, number)
    mine = user.principal.name.casefold()
    for one in standing.waiting():
        if one.name.casefold() == mine and one.opened:
            return tuple(sorted(one.touched.values())) or ("somebody unknown",)
    return ()
