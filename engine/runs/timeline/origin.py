"""Where a run that began at a moment of another one comes from, kept as a file in its folder.

Nothing of the run depends on it. Neither torch nor numpy is imported. Written by `engine.training.execution`,
read with the run.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from engine.files import replace_file

ORIGIN = "origin.json"
MOST_BYTES = 100_000


class RunOrigin(msgspec.Struct, frozen=True):
    """The run in the folder called `run`, whose experiment had `name` then, after `step` steps."""

    run: str
    name: str
    step: int


def read_origin(folder: Path) -> RunOrigin | None:
    """Where the run in `folder` comes from; None: it began at its beginning, or the file cannot be read."""
    try:
        with (folder / ORIGIN).open("rb") as file:
            found = msgspec.json.decode(file.read(MOST_BYTES), type=RunOrigin)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return found if 0 <= found.step < 2**62 else None


def write_origin(folder: Path, origin: RunOrigin) -> None:
    """Keep it with the run in `folder`. Raises OSError."""
    replace_file(folder / ORIGIN, msgspec.json.format(msgspec.json.encode(origin), indent=2) + b"\n")
