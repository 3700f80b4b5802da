"""Where the program's data lies, in a checkout and in an installed wheel alike. Called by every module that reads a file
of ours; nothing else knows the path."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path


@cache
def asset(*parts: str) -> Path:
    """The path of one file or folder under `assets/`, as `asset("presets", "lenet-5.toml")`."""
    return Path(str(files("assets"))).joinpath(*parts)
