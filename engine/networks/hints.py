"""Hints: a network that can be built but is likely not meant so, with a repair. A hint is not a problem: torch accepts the
network.

No torch. Called by the network lab, which shows the hint at its layer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from engine import words
from engine.layers.base import Layer
from engine.layers.kinds.composite import Composite
from engine.layers.kinds.dense import Flatten, Linear
from engine.layers.layer_text import short
from engine.networks.edits import Edit, EditError, Layers, applied, at, enabled, following
from engine.networks.repairs import Repair, carried_over
from engine.networks.trace import Path, Row, Trace, trace
from engine.words import readable

PICTURE_AXES = 3  # axes of (C, H, W)


class Hint(msgspec.Struct, frozen=True):
    """`where` is the layer's path in the whole network. `code` is one of assets/words/hints.toml, `values` fill its
    sentence."""

    where: Path
    code: str
    values: dict[str, Any]
    repair: Repair


def text(hint: Hint, language: str = "en") -> str:
    """The hint as a sentence."""
    return words.say("hints", hint.code, language, **{name: readable(value) for name, value in hint.values.items()})


def no_flatten(layers: Layers, found: Trace, disabled: Collection[Path] = ()) -> Hint | None:
    """The hint at the first Linear whose input is maps (C, H, W): it acts on their last axis alone. `found` is the trace of the
    layers that are switched on. None if the network's input is no picture, and if a Flatten would break a network that can be
    built now: then the Linear is meant as it is, for example to mix the columns of a map in one of several branches."""
    if len(found.input) != PICTURE_AXES:
        return None
    on = enabled(layers, disabled)
    for path, layer, row in _built(on.layers, found.rows, ()):
        if isinstance(layer, Linear) and len(row.input) == PICTURE_AXES:
            edits: tuple[Edit, ...] = (Edit("inserted", path, Flatten()),)
            if layer.in_features is not None:
                edits += (Edit("replaced", following(path), replace(layer, in_features=None)),)
            break
    else:
        return None
    try:
        after = on.layers
        for edit in edits:
            after = applied(after, edit)
        problem = trace(after, found.input).problem
        if found.problem is None and problem is not None:
            return None
        breaks = "" if problem is None else short(at(after, problem.where))
        repair = Repair("insert_flatten", {}, after, edits, following(path), breaks=breaks)
        repair = carried_over(repair, layers, disabled)
    except EditError:  # too many layers
        return None
    return Hint(on.back(path), "no_flatten", {"size": row.input[-1]}, repair)


def _built(layers: Sequence[Layer], rows: Sequence[Row], here: Path) -> Iterator[tuple[Path, Layer, Row]]:
    """All layers but composites that have a row, with their paths, in the order of the network."""
    for index, (layer, row) in enumerate(zip(layers, rows, strict=False)):
        path = (*here, index)
        if not isinstance(layer, Composite):
            yield path, layer, row
            continue
        for branch, (_, inside) in zip(layer.branches_in_order(), row.inside, strict=True):
            yield from _built(branch.layers, inside, (*path, *branch.path))
