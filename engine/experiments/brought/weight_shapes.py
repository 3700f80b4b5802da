"""What the names and shapes of a network's weights say of it: its layers with weights, in order, and which of them have the
weights that a network needs.

A file of weights does not hold what has none: activations, poolings, strides, paddings. They are not guessed; what is put in,
so that the shapes follow from one another, is said. No torch: `engine.runs.weights_file` reads the files. Called by
`engine.passes.brought_weights`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isqrt, prod

from engine.experiments.brought.torch_calls import made
from engine.experiments.brought.written_code import BroughtError, brought_note
from engine.layers.base import Shape
from engine.layers.catalog import AnyLayer
from engine.networks.edits import Layers
from engine.toml_text import TomlError
from engine.words import Phrase, readable

MOST_SAID = 4  # mismatches that are named, one sentence each
UNLEARNED = "num_batches_tracked"  # a counter of a batch normalisation, without which it computes the same
_CELLS = {1: "RNN", 3: "GRU", 4: "LSTM"}
_RECURRENT = re.compile(r"(weight|bias)_(ih|hh|hr)_l(\d+)(_reverse)?")


@dataclass(frozen=True)
class WeightGroup:
    """The tensors of one layer: `name` is what their names begin with, `shapes` are by what follows."""

    name: str
    shapes: Mapping[str, Shape]

    @property
    def mark(self) -> frozenset[tuple[str, Shape]]:
        """What two layers have in common whose weights fit each other."""
        return frozenset((suffix, shape) for suffix, shape in self.shapes.items() if suffix != UNLEARNED)

    def written(self, *, numbered: bool = False) -> Phrase:
        """The group in a sentence: conv1 (weight 6×1×5×5, bias 6); `numbered`: the layers of this program are, from 1 on."""
        parts = ", ".join(f"{suffix} {readable(shape) or 1}" for suffix, shape in self.shapes.items() if suffix != UNLEARNED)
        name: object = self.name or "–"
        if numbered and self.name.isdecimal():
            name = Phrase(TomlError.TABLE, "layer_number", {"number": int(self.name) + 1})
        return brought_note("group", name=name, parts=parts)


def groups(shapes: Mapping[str, Shape]) -> list[WeightGroup]:
    """`shapes`, by the names of the tensors, layer by layer in their order."""
    found: dict[str, dict[str, Shape]] = {}
    for name, shape in shapes.items():
        layer, _, suffix = name.rpartition(".")
        found.setdefault(layer, {})[suffix] = shape
    return [WeightGroup(layer, inside) for layer, inside in found.items()]


def natural(name: str) -> tuple[tuple[int, str], ...]:
    """A key that sorts layer10 behind layer2."""
    return tuple((int(number), "") if number else (-1, word) for number, word in re.findall(r"(\d+)|(\D+)", name))


def matched(wanted: Mapping[str, Shape], there: Mapping[str, Shape], *, spare: bool = False) -> dict[str, str]:
    """For each weight of a network the name of the one in the file that is to be it: the same names where all fit, otherwise by
    order and shape. Raises BroughtError with a sentence for each layer that does not get its weights, and unless some may be
    to `spare`, for each in the file that is of no layer."""
    if all(there.get(name) == shape for name, shape in wanted.items()):
        return {name: name for name in wanted}
    waiting: dict[frozenset[tuple[str, Shape]], list[WeightGroup]] = {}
    for group in groups(there):
        waiting.setdefault(group.mark, []).append(group)
    pairs: dict[str, str] = {}
    missing: list[WeightGroup] = []
    for group in groups(wanted):
        fitting = waiting.get(group.mark)
        if not fitting:
            missing.append(group)
            continue
        found = fitting.pop(0)
        pairs |= {_joined(group.name, suffix): _joined(found.name, suffix) for suffix in group.shapes if suffix in found.shapes}
    left = [group for fitting in waiting.values() for group in fitting]
    if missing and not pairs:
        raise BroughtError("weights_elsewhere", problems=brought_note("nothing_fits"))
    if missing or (left and not spare):
        raise BroughtError("weights_elsewhere", problems=_listed(missing, left))
    return pairs


def _listed(missing: Sequence[WeightGroup], left: Sequence[WeightGroup]) -> Phrase:
    """A sentence for each mismatch, one after the other."""
    sentences = [brought_note("not_in_file", layer=group.written(numbered=True)) for group in missing]
    sentences += [brought_note("not_in_network", layer=group.written()) for group in left]
    whole = sentences[0]
    for sentence in sentences[1:MOST_SAID]:
        whole = brought_note("two_sentences", first=whole, second=sentence)
    if len(sentences) > MOST_SAID:
        whole = brought_note(
            "two_sentences", first=whole, second=brought_note("more_like_it", count=len(sentences) - MOST_SAID)
        )
    return whole


def _joined(layer: str, suffix: str) -> str:
    return f"{layer}.{suffix}" if layer else suffix


# --- layers


@dataclass(frozen=True)
class ShapedNetwork:
    """Layers that have the weights of a file, and for each of the layers with weights the group that it is of."""

    layers: Layers
    input: Shape
    notes: tuple[Phrase, ...]


def network_of(shapes: Mapping[str, Shape], before: Shape | None = None) -> ShapedNetwork:
    """A plain stack with these weights, in their order. Raises BroughtError where a tensor is of no layer that is known."""
    layers: list[AnyLayer] = []
    notes: list[Phrase] = []
    width, axes = 0, 0  # channels or features that arrive; axes of positions besides
    unclear = False
    for group in groups(shapes):
        layer, inputs, outputs, positions = _layer(group, width, axes)
        if layer is None:
            notes.append(brought_note("no_known_layer", layer=group.written()))
            continue
        kind = type(layer).__name__
        if kind == "Linear" and axes:
            if axes < 3 and (side := _side(inputs, width, axes)):
                layers.append(made(f"AdaptiveAvgPool{axes}d", 0, {"output_size": side}))
                notes.append(brought_note("pooled_to_fit", name=group.name or "weight", side=side))
            layers.append(made("Flatten", 0, {}))
        elif width and inputs and inputs != width:
            unclear = True
        layers.append(layer)
        width, axes = outputs, positions
    if not layers:
        raise BroughtError("no_weights_known")
    notes.insert(0, brought_note("only_weights"))
    if unclear:
        notes.append(brought_note("not_a_stack"))
    return ShapedNetwork(tuple(layers), _input(tuple(layers), before), tuple(notes))


def _layer(group: WeightGroup, width: int, axes: int) -> tuple[AnyLayer | None, int, int, int]:
    """The layer whose weights a group is; its inputs and outputs (0: as many as arrive), and the axes of positions after it."""
    shapes = {suffix: shape for suffix, shape in group.shapes.items() if suffix != UNLEARNED}
    if "weight_ih_l0" in shapes:
        return _recurrent(shapes)
    weight, bias = shapes.get("weight"), "bias" in shapes
    if "running_mean" in shapes:
        size = prod(shapes["running_mean"])
        if axes > 2:
            return None, 0, width, axes
        return (
            made(f"BatchNorm{2 if axes == 2 else 1}d", 0, {"num_features": size, "affine": weight is not None}),
            size,
            size,
            axes,
        )
    if weight is None or not set(shapes) <= {"weight", "bias"}:
        return None, 0, width, axes
    match len(weight):
        case 3 | 4 | 5:
            return _convolution(group.name, weight, shapes.get("bias"), width)
        case 2 if not bias and ("emb" in group.name.lower() or (width == 0 and weight[0] > weight[1])):
            return made("Embedding", 0, {"num_embeddings": weight[0], "embedding_dim": weight[1]}), 0, weight[1], 0
        case 2:
            return (
                made("Linear", 0, {"in_features": weight[1], "out_features": weight[0], "bias": bias}),
                weight[1],
                weight[0],
                0,
            )
        case 1 if not axes and bias:
            return made("LayerNorm", 0, {"normalized_shape": weight[0]}), weight[0], weight[0], 0
    return None, 0, width, axes


def _convolution(name: str, weight: Shape, bias: Shape | None, width: int) -> tuple[AnyLayer | None, int, int, int]:
    """A convolution, or the transposed one where its biases or its name say so."""
    first, second, *kernel = weight
    axes = len(kernel)
    size = kernel[0] if len(set(kernel)) == 1 else kernel
    named = re.search(r"deconv|transpose|upconv", name.lower()) is not None
    if axes < 3 and (named or (bias is not None and bias[0] == second != first)):
        fields = {"in_channels": first, "out_channels": second, "kernel_size": size, "bias": bias is not None}
        return made(f"ConvTranspose{axes}d", 0, fields), first, second, axes
    groups_of = width if second == 1 and width and first % width == 0 else 1  # depthwise; other groups look like a shortcut's
    fields = {"in_channels": second * groups_of, "out_channels": first, "kernel_size": size, "bias": bias is not None}
    return made(f"Conv{axes}d", 0, {**fields, "groups": groups_of}), second * groups_of, first, axes


def _recurrent(shapes: Mapping[str, Shape]) -> tuple[AnyLayer | None, int, int, int]:
    rows, inputs = shapes["weight_ih_l0"]
    state = shapes.get("weight_hh_l0", (0, 0))[1]
    projected = "weight_hr_l0" in shapes
    hidden = shapes["weight_hr_l0"][1] if projected else state
    kind = _CELLS.get(rows // hidden if hidden and rows % hidden == 0 else 0)
    if kind is None or not all(_RECURRENT.fullmatch(suffix) for suffix in shapes):
        return None, 0, 0, 0
    found = [name for name in map(_RECURRENT.fullmatch, shapes) if name]
    both = any(name[4] for name in found)
    fields: dict[str, object] = {
        "input_size": inputs,
        "hidden_size": hidden,
        "bias": "bias_ih_l0" in shapes,
        "bidirectional": both,
    }
    fields["num_layers"] = 1 + max(int(name[3]) for name in found)
    if projected:
        fields["proj_size"] = state
    return made(kind, 0, fields), inputs, state * (1 + both), 0


def _input(layers: Layers, before: Shape | None) -> Shape:
    """An input of as many channels as the first layer reads; pictures as large as `before`, or as usual."""
    first = layers[0]
    kind = type(first).__name__
    if kind == "Embedding":
        return before if before and len(before) == 1 else (20,)
    if kind in _CELLS.values():
        return before if before and len(before) == 2 and before[1] == first.input_size else (20, first.input_size)  # type: ignore[union-attr, return-value]
    if kind == "Linear":
        features = first.in_features or 1  # type: ignore[union-attr]
        return (features,)
    channels = getattr(first, "in_channels", None) or getattr(first, "num_features", None) or 1
    axes = getattr(first, "AXES", 2)
    if before is not None and len(before) == axes + 1 and before[0] == channels:
        return before
    wide = getattr(first, "kernel_size", 3)
    side = 224 if wide in (7, 11) else 28 if channels == 1 else 32
    return (channels, *(side,) * axes)


def _side(features: int, channels: int, axes: int) -> int:
    """The side of the maps of `channels` channels that have so many numbers; 0 where they are not square."""
    if not channels or features % channels:
        return 0
    cells = features // channels
    side = isqrt(cells) if axes == 2 else cells
    return side if side**axes == cells else 0
