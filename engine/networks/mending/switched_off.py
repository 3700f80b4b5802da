"""Layers that are switched off, as what a network lacks: one of them is switched on again before its like is put in.

No torch. Called by the repairs and the hints.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from engine.layers.base import Shape
from engine.layers.catalog import AnyLayer
from engine.networks.edits import Enabled, Layers, at, enabled, has
from engine.networks.trace import Path, Trace, trace

MOST_TRIED = 12  # of a network whose layers are nearly all off


class SwitchedOn(NamedTuple):
    """A layer that is off, at `path` of the whole network; the layers that are on together with it, and their trace."""

    path: Path
    layer: AnyLayer
    disabled: frozenset[Path]
    on: Enabled
    trace: Trace


def switched_on(
    layers: Layers,
    input: Shape,  # noqa: A002
    disabled: Collection[Path],
    tokens: bool | None = None,
) -> Iterator[SwitchedOn]:
    """Each layer that is off, and the network with it alone switched on again. Those inside a composite that is off are not
    tried."""
    off = frozenset(disabled)
    for path in [path for path in sorted(off, key=repr) if has(layers, path) and not _is_held(path, off)][:MOST_TRIED]:
        rest = off - {path}
        on = enabled(layers, rest)
        yield SwitchedOn(path, at(layers, path), rest, on, trace(on.layers, input, tokens=tokens))


def _is_held(path: Path, off: frozenset[Path]) -> bool:
    """Whether a composite that is off holds the layer."""
    return any(path[:length] in off for length in range(1, len(path)))
