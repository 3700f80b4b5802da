"""A run's zip where a command takes a run's folder: it is unpacked first.

A command that only looks has it in a folder that is gone at its end; where a run is begun, or goes on, it is unpacked into the
user's runs, and it is said where. Called by `engine.__main__`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.commands.exits import UsageError
from engine.words import printable

_NAMES = ("file", "run_folder", "files")  # the arguments that may name a run
_SUFFIX = ".zip"


@contextmanager
def unpacked(arguments: argparse.Namespace) -> Iterator[argparse.Namespace]:
    """The arguments, with folders in the place of zips. `arguments.only_looks`: what is unpacked goes again. Raises
    UsageError."""
    given = {name: value for name in _NAMES if (value := getattr(arguments, name, None))}
    if not any(_is_zip(each) for value in given.values() for each in _listed(value)):
        yield arguments
        return
    with tempfile.TemporaryDirectory(prefix="layerscope-") as folder:
        for name, value in given.items():
            root = Path(folder) if getattr(arguments, "only_looks", False) else None
            found = [_unpacked(each, root) if _is_zip(each) else each for each in _listed(value)]
            setattr(arguments, name, found if isinstance(value, list) else found[0])
        yield arguments


def _listed(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


def _is_zip(name: str) -> bool:
    try:
        return name.lower().endswith(_SUFFIX) and Path(name).is_file()
    except (OSError, ValueError):  # no name that a file can have
        return False


def _unpacked(name: str, root: Path | None) -> str:
    from engine.exports.export_problems import ExportError
    from engine.exports.run_zip import unpack
    from engine.runs.folder import default_root

    into = default_root() if root is None else root
    try:
        found = unpack(Path(name), into)
    except ExportError as error:
        raise UsageError(str(error)) from None
    except OSError as error:
        raise UsageError(f"{into}: cannot be written ({error.strerror or error})") from None
    if root is None:
        print(f"note: {printable(name)} is unpacked to {printable(str(found))}", file=sys.stderr)
    return str(found)
