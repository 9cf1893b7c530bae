"""What the exit code of ``alliage`` says. Scripts may rely on these numbers."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes; the text of each stands in the reference."""

    OK = 0
    FAILED = 1
    USAGE = 2
    CONFIGURATION = 3
    HOME = 4
    ACCOUNT = 5
    BUSY = 6
    INTERRUPTED = 130


MEANINGS = {
    ExitCode.OK: "done",
    ExitCode.FAILED: "ran, and found something wrong: the output says what",
    ExitCode.USAGE: "the command line was not understood",
    ExitCode.CONFIGURATION: "the configuration has mistakes",
    ExitCode.HOME: "the node's folder is missing, exists already, or cannot be used, as on a full "
    "disk",
    ExitCode.ACCOUNT: "there is no such account, or it may not do this",
    ExitCode.BUSY: "the port or the node's folder is in use by another process",
    ExitCode.INTERRUPTED: "stopped by Ctrl-C",
}
