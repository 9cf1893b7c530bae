"""What people do is on the disk when they are told so, and where it is not, it is taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Final

from alliage.actions.kinds import NotWrittenError
from alliage.log.entry import Draft
from alliage.log.submitted import Fate, fate_of

PATIENCE_S: Final = 10.0
_SAID: Final = {
    Fate.WITHDRAWN: "nothing of this was written; try again once there is room",
    Fate.WRITTEN: "this is written, and shown as soon as there is room",
    Fate.UNKNOWN: "this may be written yet, so look before you try again",
}

Submit = Callable[[Sequence[Draft]], "Future[None]"]


def commit(submit: Submit, drafts: Sequence[Draft]) -> None:
    """Submit drafts and wait until they are on the disk.

    Raises:
        NotWrittenError: the log is closing, or has not taken them in within ten seconds. Then
            they are taken back: what was refused is not written behind a second attempt.
    """
    try:
        fate = fate_of(submit(drafts), PATIENCE_S)
    except (RuntimeError, OSError) as error:
        raise NotWrittenError(str(error)) from error
    if fate is not Fate.SHOWN:
        raise NotWrittenError(f"the log takes nothing in now (is the disk full?): {_SAID[fate]}")
