"""`python -m engine data FILE|PATH [--json]`: what is found where data lie: classes with their counts, columns with their
kinds, what was done to the files, and which are skipped and why.

FILE is an experiment's TOML file; PATH is a folder of pictures, a text or a table.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import Any

from engine.commands.exits import DONE, UNREADABLE, UsageError, refuse
from engine.data.found import Found
from engine.data.info import DatasetError
from engine.data.own.own_file import require_own
from engine.data.sources import found_at, found_for
from engine.experiments.experiment import read
from engine.words import printable, say


def add_to(commands: Any) -> None:
    """Add the command to the parsers of `commands`."""
    command = commands.add_parser("data", help="what is found in an own folder, table or text, or of an experiment's data")
    command.add_argument(
        "place", metavar="FILE|PATH", help="an experiment's file; a folder of pictures or IDX files, a table, a text"
    )
    command.add_argument("--json", action="store_true", help="one line")
    command.set_defaults(run=_look)


def _look(arguments: argparse.Namespace) -> int:
    found = _found(arguments.place)
    if arguments.json:
        print(json.dumps({"place": arguments.place, **found.as_json()}))
        return DONE if found.problem is None else UNREADABLE
    if found.problem is None:
        print(f"{printable(arguments.place)}: {say('datasets', found.data.name)}")
    lines = found.lines()
    if found.problem is not None:
        lines = lines[1:]  # which says the problem
    for line in lines:
        print(printable(line))
    return DONE if found.problem is None else refuse(f"{printable(arguments.place)}: {found.problem}")


def _found(place: str) -> Found:
    """Raises UsageError where nothing has this name, and ExperimentError."""
    try:
        require_own(os.path.abspath(place))  # noqa: PTH100  (of a name that no file may have)
    except DatasetError as error:
        raise UsageError(error) from None
    if not place or not os.path.lexists(place):
        expected = "an experiment's TOML file, a folder of pictures or of IDX files, a table or a text"
        raise UsageError(f"{place}: is not there; expected {expected}")
    if place.lower().endswith(".toml") and not os.path.isdir(place):  # noqa: PTH112
        return found_for(read(place).data)
    return found_at(Path(place))
