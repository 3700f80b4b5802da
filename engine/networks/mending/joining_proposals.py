"""Proposals where the outputs of branches cannot be joined. No torch."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import cast

from msgspec.structs import replace

from engine.layers.axes import as_one
from engine.layers.base import Shape
from engine.layers.catalog import AnyLayer, Concat, Residual
from engine.layers.kinds.convolution import Conv1d, Conv2d, Conv3d, Convolution
from engine.layers.kinds.dense import Linear
from engine.layers.kinds.pooling import AdaptiveAvgPool2d, Pooling
from engine.networks.edits import Edit, Layers
from engine.networks.mending.cases import Case, Proposal, kind_name
from engine.networks.mending.window_proposals import half_padding, padded_by
from engine.networks.trace import Path, trace


def sum_of_different_shapes(case: Case) -> Iterator[Proposal]:
    residual, main, shortcut = cast("Residual", case.layer), case.problem.values["main"], case.problem.values["shortcut"]
    keeping = _keeping_size(residual.main, (*case.path, "main"))
    if keeping:
        yield Proposal("keep_size_in_main", {}, keeping)
    behind: Path = (*case.path, "shortcut", len(residual.shortcut))
    for layer in _bridges(shortcut, main):
        code = "shortcut_linear" if isinstance(layer, Linear) else "shortcut_convolution"
        yield Proposal(code, {}, (Edit("inserted", behind, layer),))
    if keeping:
        changed = {edit.path[-1]: edit.layer for edit in keeping if edit.layer is not None}
        after = trace([changed.get(index, layer) for index, layer in enumerate(residual.main)], case.shape).output
        bridges = (layer for layer in _bridges(shortcut, after) if after != shortcut and not isinstance(layer, Linear))
        for layer in bridges:
            yield Proposal("keep_size_and_bridge", {}, (*keeping, Edit("inserted", behind, layer)))
    yield from _change_last_layer(case, residual.main, shortcut)


def _change_last_layer(case: Case, main: Layers, shortcut: Shape) -> Iterator[Proposal]:
    """Makes the last layer of the main path that determines a size put out the shortcut's size."""
    for index, layer in reversed(tuple(enumerate(main))):
        for field, size in (("out_channels", shortcut[0]), ("out_features", shortcut[-1])):
            if hasattr(layer, field):
                values = {"layer": kind_name(layer), "field": field, "value": size}
                edit = Edit("replaced", (*case.path, "main", index), replace(layer, **{field: size}))
                yield Proposal("let_last_give", values, (edit,))
                return


def _bridges(given: Shape, wanted: Shape) -> Iterator[AnyLayer]:
    """Layers that turn shape `given` into `wanted`: a Linear, or a 1×1 convolution with a suitable stride."""
    if len(given) < 3 and given[:-1] == wanted[:-1]:
        yield Linear(out_features=wanted[-1])
    if len(given) != len(wanted) or not 2 <= len(given) <= 4:
        return
    strides = tuple(_stride(length, size) for length, size in zip(given[1:], wanted[1:], strict=True))
    if None not in strides:
        kind = (Conv1d, Conv2d, Conv3d)[len(given) - 2]
        stride = as_one(cast("tuple[int, ...]", strides))
        yield kind(out_channels=wanted[0], kernel_size=1, stride=stride)


def _stride(length: int, size: int) -> int | None:
    """The stride at which a window of one cell gives `size` outputs from `length` cells: (length − 1) // stride + 1 = size."""
    stride = 1 if size == length else -(-length // size)
    return stride if (length - 1) // stride + 1 == size else None


def _keeping_size(layers: Layers, where: Path) -> tuple[Edit, ...]:
    """Edits that make the layers of a branch at `where` keep the size: padding of half the window, and stride 1 for a pooling
    whose stride is its window."""
    edits = []
    for index, layer in enumerate(layers):
        if isinstance(layer, Convolution | Pooling):
            changes = padded_by(layer, half_padding(layer))
            if isinstance(layer, Pooling) and layer.stride is None:
                changes["stride"] = 1
            kept = replace(layer, **changes)
            if kept != layer:
                edits.append(Edit("replaced", (*where, index), cast("AnyLayer", kept)))
    return tuple(edits)


def no_branches(case: Case) -> Iterator[Proposal]:
    yield Proposal("add_branch", {}, case.set(branches=((),)))


def branches_do_not_match(case: Case) -> Iterator[Proposal]:
    concat, first, number = cast("Concat", case.layer), case.problem.values["first"], case.problem.values["number"]
    other = number - 1
    branches = [(*case.path, "branches", index) for index in range(len(concat.branches))]
    keeping = [_keeping_size(inside, where) for inside, where in zip(concat.branches, branches, strict=True)]
    if keeping[other]:
        yield Proposal("keep_size_in_branch", {"number": number}, keeping[other])
    if any(keeping):
        yield Proposal("keep_size_in_branches", {}, tuple(chain.from_iterable(keeping)))
    if len(first) == 3:
        pooling = AdaptiveAvgPool2d(output_size=as_one(first[1:]))
        behind = (*branches[other], len(concat.branches[other]))
        yield Proposal("pool_branch", {"number": number, "size": first[1:]}, (Edit("inserted", behind, pooling),))
    yield Proposal("remove_branch", {"number": number}, (Edit("removed", branches[other]),))
