"""How a command of the command line ends: its exit codes, and the one line that says why.

Called by `engine.__main__` and the commands.
"""

from __future__ import annotations

import sys

from engine.words import printable

DONE, FAILED, UNREADABLE, INTERRUPTED = 0, 1, 2, 130


class UsageError(ValueError):
    """Arguments that name nothing that can be read. The text says what was expected."""


def refuse(error: object, code: int = UNREADABLE) -> int:
    """Say on stderr, in one line, why the command does nothing more; returns the exit code."""
    print(f"error: {printable(str(error))}", file=sys.stderr)
    return code
