"""Hints: a network that can be built but is likely not meant so, with a repair. A hint is not a problem: torch accepts the
network.

No torch. Called by the network lab, which shows the hint at its layer, and by the training lab, which knows the loss besides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, cast

import msgspec
from msgspec.structs import replace

from engine import words
from engine.data.info import LossName
from engine.layers.base import Layer, Shape
from engine.layers.catalog import AnyLayer, Sequential
from engine.layers.kinds.activation import Dropout, Identity, Softmax
from engine.layers.kinds.composite import Composite
from engine.layers.kinds.dense import Flatten, Linear
from engine.networks.axis_meaning import channels_are_steps, meanings, steps_are_channels
from engine.networks.edits import Edit, EditError, Layers, applied, at, enabled, following
from engine.networks.mending.axis_proposals import SWAPPED
from engine.networks.mending.switched_off import to_switch_on
from engine.networks.repairs import Repair, carried_over, switched_on
from engine.networks.trace import Path, Row, Trace, trace
from engine.words import readable

PICTURE_AXES = 3  # axes of (C, H, W)
CHANNELS, LEAST_SIDE = (1, 3), 8  # of a picture, grey or in colour, and a side that is none of them


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


def first_hint(layers: Layers, found: Trace, disabled: Collection[Path] = (), loss: LossName | None = None) -> Hint | None:
    """The first thing in `layers`, or in their input, that is likely not meant; `found` is the trace of those that are switched
    on. `loss` is as for `double_softmax`."""
    hint = (
        channels_behind(layers, found, disabled) or no_flatten(layers, found, disabled) or swapped_axes(layers, found, disabled)
    )
    return hint or (double_softmax(layers, loss, disabled) if found.problem is None else None)


def channels_behind(layers: Layers, found: Trace, disabled: Collection[Path] = ()) -> Hint | None:
    """The hint at an input whose shape is likely a picture's in another order of axes, as Keras has it: 28×28×1. None where the
    layers can be built on it, and not on the picture that is supposed."""
    shape = found.input
    if len(shape) != PICTURE_AXES:
        return None
    meant = next(((shape[axis], *shape[:axis], *shape[axis + 1 :]) for axis in (2, 1) if _are_channels(shape, axis)), None)
    if meant is None or (found.problem is None and trace(enabled(layers, disabled).layers, meant).problem is not None):
        return None
    channels, height, width = shape
    values = {"channels": channels, "height": height, "width": width}
    return Hint((), "channels_behind", values, Repair("set_input", {"shape": meant}, layers, (), (), input=meant))


def _are_channels(shape: Shape, axis: int) -> bool:
    """Whether this axis is likely the channels of a square picture."""
    sides = [size for place, size in enumerate(shape) if place != axis]
    return shape[axis] in CHANNELS and sides[0] == sides[1] >= LEAST_SIDE


def no_flatten(layers: Layers, found: Trace, disabled: Collection[Path] = ()) -> Hint | None:
    """The hint at the first Linear whose input is maps (C, H, W): it acts on their last axis alone. `found` is the trace of the
    layers that are switched on. None if the network's input is no picture, and if a Flatten would break a network that can be
    built now: then the Linear is meant as it is, for example to mix the columns of a map in one of several branches."""
    if len(found.input) != PICTURE_AXES:
        return None
    on = enabled(layers, disabled)
    for path, layer, row in built(on.layers, found.rows):
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
        breaks = None if problem is None else at(after, problem.where)
        repair = Repair("insert_flatten", {}, after, edits, following(path), breaks=breaks)
        repair = _switch_before(on.back(path), repair, layers, disabled, found.input, "no_flatten")
    except EditError:  # too many layers
        return None
    return Hint(on.back(path), "no_flatten", {"size": row.input[-1]}, repair)


def swapped_axes(layers: Layers, found: Trace, disabled: Collection[Path] = ()) -> Hint | None:
    """The hint at the first layer that finds channels and time steps the wrong way round: a Conv1d behind an Embedding, a
    recurrent layer behind a Conv1d. torch computes, because it knows no names of axes. `found` is as for `no_flatten`."""
    on = enabled(layers, disabled)
    known = meanings(on.layers[: len(found.rows)], found.input)
    for path, layer, row in built(on.layers, found.rows):
        if steps_are_channels(layer, known[path]):
            code = "steps_as_channels"
        elif channels_are_steps(layer, known[path]):
            code = "channels_as_steps"
        else:
            continue
        edits: tuple[Edit, ...] = (Edit("inserted", path, SWAPPED),)
        given = [name for name in layer.inferred(row.input) if getattr(layer, name) is not None]
        if given:
            free = cast("AnyLayer", replace(layer, **dict.fromkeys(given)))
            edits += (Edit("replaced", following(path), free),)
        try:
            after = on.layers
            for edit in edits:
                after = applied(after, edit)
            problem = trace(after, found.input).problem
            if problem is not None and problem.where in (path, following(path)):
                return None  # too short to be read along its other axis
            breaks = None if problem is None else at(after, problem.where)
            repair = Repair("insert_permute", {"dims": SWAPPED.written}, after, edits, following(path), breaks=breaks)
            repair = _switch_before(on.back(path), repair, layers, disabled, found.input, code)
        except EditError:  # too many layers
            return None
        return Hint(on.back(path), code, {"layer": type(layer).__name__, "count": row.input[0]}, repair)
    return None


def _switch_before(
    where: Path,
    repair: Repair,
    layers: Layers,
    disabled: Collection[Path],
    input: Shape,  # noqa: A002
    code: str,
) -> Repair:
    """`repair` of the whole network; or, where a layer that is off would do what it inserts, the one that switches that on.
    `where` is the layer of the hint `code`. Raises EditError."""
    for on in to_switch_on(repair.edits, layers, disabled, where):
        switch = switched_on(on, layers, disabled, where, input)
        left = frozenset(disabled) - frozenset(on)
        if switch is not None and (switch.breaks is None or repair.breaks is not None):
            then = trace(enabled(layers, left).layers, input)
            if code not in {hint.code for hint in (no_flatten(layers, then, left), swapped_axes(layers, then, left)) if hint}:
                return switch
    return carried_over(repair, layers, disabled)


def double_softmax(layers: Layers, loss: LossName | None = None, disabled: Collection[Path] = ()) -> Hint | None:
    """The hint at a Softmax that makes the network's output where the loss is the cross-entropy, which takes a softmax itself.
    `loss` is None where nothing is known of the training: then the cross-entropy is supposed, as classifiers have it."""
    if loss == "mean_squared_error":
        return None
    on = enabled(layers, disabled)
    path = final_softmax(on.layers)
    if path is None:
        return None
    edits = (Edit("removed", path),)
    try:
        repair = Repair("remove", {"layer": "Softmax"}, applied(on.layers, edits[0]), edits, path)
        return Hint(on.back(path), "double_softmax", {}, carried_over(repair, layers, disabled))
    except EditError:
        return None


def final_softmax(layers: Sequence[Layer]) -> Path | None:
    """The path of the Softmax whose values are the network's output; None if the output is made by another layer. Layers behind
    it that hand a trained network's values on as they are do not count."""
    for index in reversed(range(len(layers))):
        layer = layers[index]
        if isinstance(layer, Softmax):
            return (index,)
        if isinstance(layer, Sequential) and layer.layers:
            inside = final_softmax(layer.layers)
            if inside is not None or not all(isinstance(inner, Dropout | Identity) for inner in layer.layers):
                return None if inside is None else (index, "layers", *inside)
        elif not isinstance(layer, Dropout | Identity | Sequential):
            return None
    return None


def built(layers: Sequence[Layer], rows: Sequence[Row], here: Path = ()) -> Iterator[tuple[Path, Layer, Row]]:
    """All layers but composites that have a row, with their paths, in the order of the network."""
    for index, (layer, row) in enumerate(zip(layers, rows, strict=False)):
        path = (*here, index)
        if not isinstance(layer, Composite):
            yield path, layer, row
            continue
        for branch, (_, inside) in zip(layer.branches_in_order(), row.inside, strict=True):
            yield from built(branch.layers, inside, (*path, *branch.path))
