"""`python -m engine fetch NAME`: the files of a data set that does not come along, from where they are published.

Asking for this command is the consent: what is fetched, how much and from where is said before the first byte.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from engine.commands.exits import DONE, FAILED, refuse
from engine.data.idx.idx_sets import PUBLISHED, fetched_folder
from engine.figures import binary_size, percent
from engine.words import printable


def add_to(commands: Any) -> None:
    """Add the command to the parsers of `commands`."""
    command = commands.add_parser("fetch", help="the files of mnist or fashion-mnist, from where they are published")
    command.add_argument("name", choices=tuple(PUBLISHED))
    command.add_argument("--json", action="store_true", help="one line: where the files are")
    command.set_defaults(run=_fetch)


def _fetch(arguments: argparse.Namespace) -> int:
    from engine.data.idx.fetching import Fetched, FetchError, fetch

    published, folder = PUBLISHED[arguments.name], fetched_folder(arguments.name)
    told = -1

    def tell(found: Fetched) -> None:
        nonlocal told
        share = found.done * 20 // found.total
        if share != told and not arguments.json:
            told = share
            line = f"{percent(found.done / found.total)} of {binary_size(found.total)}, {found.file}"
            print(line, file=sys.stderr, flush=True)

    if not arguments.json:
        size = binary_size(published.size)
        print(f"{arguments.name}: {len(published.files)} files, {size} from {published.host}, licence {published.licence}")
    try:
        fetch(published, folder, tell)
    except FetchError as problem:
        return refuse(problem, FAILED)
    except KeyboardInterrupt:
        print("what has come is kept; the same command goes on with it", file=sys.stderr)
        raise
    if arguments.json:
        print(json.dumps({"data": arguments.name, "folder": str(folder), "bytes": published.size}))
    else:
        print(f"in {printable(str(folder))}")
    return DONE
