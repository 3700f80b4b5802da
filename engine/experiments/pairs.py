"""Pairs of networks that courses compare: two 3×3 against one 5×5, a fully connected head against global average pooling, ...

A pair is a file in `assets/comparisons`; its title, its sentence and the names of its sides stand in
`assets/words/comparisons.toml`. No torch. Called by the network lab.
"""

from __future__ import annotations

import tomllib
from functools import cache

import msgspec

from engine import words
from engine.assets import asset
from engine.experiments.experiment import Network

TABLE = "comparisons"  # of words


class Pair(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    first: Network
    second: Network


def names() -> tuple[str, ...]:
    """All pairs, in the order of the menu."""
    return tuple(code for code in words.table(TABLE) if "." not in code)


@cache
def pair(name: str) -> Pair:
    """The pair of this name, one of `names`."""
    return msgspec.convert(tomllib.loads(asset("comparisons", f"{name}.toml").read_text("utf-8")), Pair)
