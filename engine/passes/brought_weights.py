"""Weights from a file in a network: in the one that is open, where names, order and shapes fit; otherwise in a plain stack that
is made of their shapes. Importing this imports torch.

The weights get the names that the program gives them (`engine.passes.modules`), so that they are kept as those of a run are.
Called by the network lab's thread and the command line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.experiments.brought.network_input import given_input
from engine.experiments.brought.weight_shapes import matched, network_of
from engine.experiments.brought.written_code import BroughtError, brought_note
from engine.layers.base import Shape
from engine.layers.catalog import AnyLayer
from engine.networks.edits import Layers
from engine.networks.trace import trace
from engine.passes.loaded import LoadedNetwork
from engine.runs.weights_file import FileWeights, read_weights
from engine.words import Phrase


@dataclass(frozen=True, eq=False)
class BroughtWeights:
    """`layers` on an input of shape `input`, and their weights by the program's names: None where they are not used, which a
    note says. `open`: the layers are those that were there."""

    layers: Layers
    input: Shape
    weights: dict[str, NDArray[Any]] | None
    notes: tuple[Phrase, ...]
    open: bool
    count: int  # of the tensors in the file


def brought_weights(path: str | Path, layers: Sequence[AnyLayer] = (), shape: Shape | None = None) -> BroughtWeights:
    """The weights in the file at `path`, in `layers` on an input of `shape` where they fit these, otherwise in a stack of their
    own. Raises BroughtError."""
    found = read_weights(path)
    notes = list(found.notes)
    own = tuple(layers)
    if own and shape is not None:
        traced = trace(own, shape)
        wanted = LoadedNetwork.shapes(own, traced.rows) if traced.problem is None else {}
        if wanted:
            try:
                pairs = matched(wanted, found.shapes)
            except BroughtError as error:
                notes.append(brought_note("not_in_the_open", problem=error.phrase.values["problems"]))
            else:
                if any(name != there for name, there in pairs.items()):
                    notes.append(brought_note("matched_by_order"))
                return BroughtWeights(own, shape, _named(found, pairs, wanted, notes), tuple(notes), True, len(found.tensors))
    made = network_of(found.shapes, shape)
    fitted = given_input(made.layers, (made.input,), alone=True)
    rows = trace(fitted.layers, fitted.shape).rows
    wanted = LoadedNetwork.shapes(fitted.layers[: len(rows)], rows)  # up to where it breaks
    notes += made.notes
    weights = None
    try:
        weights = _named(found, matched(wanted, found.shapes, spare=True), wanted, notes)
    except BroughtError as error:
        notes.append(brought_note("weights_not_used", problem=error.phrase.values["problems"]))
    return BroughtWeights(fitted.layers, fitted.shape, weights, tuple(notes), False, len(found.tensors))


def _named(
    found: FileWeights, pairs: dict[str, str], wanted: dict[str, Shape], notes: list[Phrase]
) -> dict[str, NDArray[Any]] | None:
    """The weights by the names of the network; None where they are no numbers, which is added to `notes`."""
    broken = [(there, int((~found.tensors[there].isfinite()).sum())) for there in pairs.values()]
    broken = [(name, count) for name, count in broken if count]
    if broken:
        notes.append(brought_note("weights_not_finite", name=broken[0][0], count=broken[0][1], layers=len(broken)))
        return None
    weights: dict[str, NDArray[Any]] = {name: found.tensors[there].numpy() for name, there in pairs.items()}
    return weights | {name: np.zeros((), np.int64) for name in wanted if name.endswith("num_batches_tracked")}
