"""Proposals for each problem that a network can have, the likeliest first; the last is always to remove the layer.

There is one function for each code of assets/words/problems.toml. assets/words/repairs.toml has the words of the proposals. A
proposal is not tried here: `engine.networks.repairs` tries each one and offers those that help. The one exception is a smaller
window, because the layers after it also limit its size. No torch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from math import gcd, isqrt, prod
from typing import Any, NamedTuple, TypeAlias, cast

import msgspec
from msgspec.structs import replace

from engine.fields import Field, fields, validated
from engine.layers.axes import PerAxis, as_one, on_axes, per_axis
from engine.layers.base import Layer, Shape
from engine.layers.catalog import KINDS, AnyLayer, Concat, Residual
from engine.layers.kinds.composite import Composite
from engine.layers.kinds.convolution import Conv1d, Conv2d, Conv3d, Convolution
from engine.layers.kinds.dense import Flatten, Linear
from engine.layers.kinds.embedding import Embedding
from engine.layers.kinds.filtering import Filtering
from engine.layers.kinds.normalization import GroupNorm
from engine.layers.kinds.permute import Permute
from engine.layers.kinds.pooling import AdaptiveAvgPool2d, AveragePooling, AvgPool2d, Pooling
from engine.layers.kinds.recurrent import Recurrent
from engine.layers.kinds.transposed import Transposed
from engine.layers.kinds.upsample import Upsample
from engine.networks.axis_meaning import PLACES, Meaning, after, meanings, steps_are_channels
from engine.networks.edits import Edit, Layers, applied, at, following, paths
from engine.networks.trace import Path, Problem, Trace, trace

FILTERS, WINDOWS = (7, 5, 3, 1), (3, 2)  # usual sizes of filters and of pooling windows
VOCABULARY, VECTOR = 1000, 32  # of an inserted Embedding: nothing says how many tokens there are

SWAPPED = Permute(dims=(0, 2, 1))  # of a sequence: (T, F) as (F, T)
LINEAR = {2: "linear", 3: "bilinear", 4: "trilinear"}  # the mode of an Upsample, by the dimensions of its input

Gathering: TypeAlias = Convolution | Pooling  # each output cell reads one window; not so in a transposed convolution


class Proposal(NamedTuple):
    """`edits` apply to the network without the layers that are switched off, one after the other."""

    code: str
    values: dict[str, Any]
    edits: tuple[Edit, ...]
    then: tuple[str, dict[str, Any]] | None = None  # code and values of the second of two joined proposals


class Case(NamedTuple):
    """A problem, the layer at fault and the shape of that layer's input."""

    layers: Layers
    problem: Problem
    layer: AnyLayer
    shape: Shape
    before: Trace  # of the top-level layers before the one at fault
    tokens: bool | None

    @property
    def path(self) -> Path:
        return self.problem.where

    @classmethod
    def of(cls, layers: Layers, input: Shape, problem: Problem, tokens: bool | None) -> Case:  # noqa: A002
        before = trace(layers[: problem.index], input, tokens=tokens)
        return cls(layers, problem, at(layers, problem.where), _arriving(layers, problem.where, before.output), before, tokens)

    @property
    def meaning(self) -> Meaning:
        """What the axes of that input mean."""
        return meanings(self.layers[: self.problem.index + 1], self.before.input)[self.path]

    def set(self, **changes: Any) -> tuple[Edit, ...]:
        """The edit that changes fields of the layer at fault."""
        return (Edit("replaced", self.path, replace(self.layer, **changes)),)

    def set_field(self, field: str, value: Any, **others: Any) -> Proposal:
        label = "kernel_size.window" if field == "kernel_size" and isinstance(self.layer, Pooling) else field
        return Proposal("set_field", {"field": label, "value": value}, self.set(**{field: value}, **others))

    def works_with(self, edits: tuple[Edit, ...]) -> bool:
        """Whether the whole network can be built after `edits`."""
        after = self.layers
        for edit in edits:
            after = applied(after, edit)
        return trace(after, self.before.input, tokens=self.tokens).problem is None

    def earlier(self) -> Iterator[tuple[Path, AnyLayer]]:
        """The layers before the one at fault, composites left out, the nearest first."""
        known = paths(self.layers)
        for path in reversed(known[: known.index(self.path)]):
            layer = at(self.layers, path)
            if not isinstance(layer, Composite):
                yield path, layer


def _arriving(layers: Layers, path: Path, shape: Shape) -> Shape:
    """The input shape of the layer at `path`. `shape` is the input shape of the top-level layer that holds it."""
    inside, rest = layers[int(path[0])], path[1:]
    while rest:
        assert isinstance(inside, Composite)
        branch = next(branch for branch in inside.branches_in_order() if rest[: len(branch.path)] == branch.path)
        index = int(rest[len(branch.path)])
        members = cast("Layers", tuple(branch.layers))
        shape = trace(members[:index], shape).output
        inside, rest = members[index], rest[len(branch.path) + 1 :]
    return shape


def proposals(case: Case) -> Iterator[Proposal]:
    """All proposals for the problem of `case`."""
    if case.problem.code in _REPAIRS:
        yield from _REPAIRS[case.problem.code](case)
    yield Proposal("remove", {"layer": _kind(case.layer)}, (Edit("removed", case.path),))


def _kind(layer: Layer) -> str:
    return type(layer).__name__


def _not_allowed(case: Case) -> Iterator[Proposal]:
    """Sets every field that is out of its range to the nearest value in it."""
    layer: Layer = case.layer
    if isinstance(layer, Permute):
        yield from _reordered_axes(case)
        return
    changes: dict[str, Any] = {}
    for name, field in fields(type(layer)).items():
        value = getattr(layer, name)
        if not _is_allowed(layer, name, value):
            changes[name] = _nearest(field, value)
    if len(changes) == 1:
        ((name, value),) = changes.items()
        yield case.set_field(name, value)
    elif changes:
        yield Proposal("nearest_allowed", {"layer": _kind(layer)}, case.set(**changes))


def _is_allowed(layer: Layer, name: str, value: object) -> bool:
    """Whether `value` is valid for this field, whatever the other fields are."""
    required = {field.name: 1 for field in fields(type(layer)).values() if field.required and field.kind != "structure"}
    try:
        validated(type(layer)(**{**required, name: value}))
    except msgspec.ValidationError:
        return False
    return True


def _nearest(field: Field, value: Any) -> Any:
    if field.kind not in ("integer", "number") or isinstance(value, str | bool):
        return field.default
    parts = value if isinstance(value, tuple) else (value,)
    near = tuple(_in_range(field, part) for part in parts)
    if not field.axes and isinstance(value, tuple):
        return near or field.default  # a list of any length
    if field.axes and isinstance(value, tuple):
        return (near * field.axes)[: field.axes]
    return near[0] if near else field.default


def _in_range(field: Field, value: Any) -> Any:
    """The nearest good value. Above the range it is the slider's end: the largest valid value would be no good proposal."""
    low, high = field.low, field.high
    assert low is not None
    assert high is not None
    assert field.slider is not None
    if not isinstance(value, int | float) or value != value or value < low or (field.low_excluded and value == low):
        value = field.slider[0] if field.low_excluded else low
    elif value > high or (field.high_excluded and value == high):
        value = field.slider[1]
    return int(value) if field.kind == "integer" else float(value)


# --- dimensions


def _wrong_dimensions(case: Case) -> Iterator[Proposal]:
    rank = len(case.shape)
    if (other := _of_rank(case.layer, rank)) is not None:
        if steps_are_channels(other, case.meaning):
            yield _permuted(case, other)
        else:
            yield Proposal("use_kind", {"kind": _kind(other)}, (Edit("replaced", case.path, other),))
    if rank == 1:
        yield from _keep_axes(case)
    if case.path == (0,) and rank == 1 and case.tokens is not False and _reads_sequences(case.layer):
        yield _embedded(case)
    if isinstance(case.layer, Upsample) and rank in LINEAR:
        yield case.set_field("mode", LINEAR[rank])
    if isinstance(case.layer, Recurrent) and rank > 2 and case.meaning[0] not in PLACES:
        yield from _places_as_steps(case)
    elif rank > 2:
        yield Proposal("insert_flatten_from", {}, (Edit("inserted", case.path, Flatten(start_dim=2)),))
    yield from _insert_flatten(case)


def _permuted(case: Case, other: AnyLayer) -> Proposal:
    """`other` in the layer's place, behind a Permute that brings the features to the front, where it looks for channels."""
    fresh = replace(other, in_channels=None) if isinstance(other, Filtering) else other
    edits = (Edit("replaced", case.path, fresh), Edit("inserted", case.path, SWAPPED))
    return Proposal("use_kind_permuted", {"kind": _kind(other), "dims": SWAPPED.written}, edits)


def _places_as_steps(case: Case) -> Iterator[Proposal]:
    """Maps (C, H, W) as a sequence: one axis of places comes first and is read step by step; all that is known of such a place,
    channels and the other axes, is one row of features. (Kept first, the channels themselves would be the steps.)"""
    axes = len(case.shape)
    for first in (2, 3, 4) if axes == 4 else (3, 2):
        code = "columns_as_steps" if first == axes else "rows_as_steps" if first == axes - 1 else "planes_as_steps"
        permute = Permute(dims=(0, first, *(axis for axis in range(1, axes + 1) if axis != first)))
        edits = (Edit("inserted", case.path, permute), Edit("inserted", following(case.path), Flatten(start_dim=2)))
        yield Proposal(code, {"dims": permute.written}, edits)


def _reordered_axes(case: Case) -> Iterator[Proposal]:
    """The order that swaps as much as can be."""
    fresh = Permute.fresh(case.shape)
    yield Proposal("set_field", {"field": "dims", "value": fresh.written}, case.set(dims=fresh.dims))


def _corners(case: Case) -> Iterator[Proposal]:
    yield Proposal("unaligned_corners", {}, case.set(align_corners=False))
    yield case.set_field("mode", LINEAR[len(case.shape)])


def _groups_of_one(case: Case) -> Iterator[Proposal]:
    smaller = [groups for groups in _divisors(case.shape[0]) if groups < case.shape[0]]
    if smaller:
        yield case.set_field("num_groups", max(smaller))


def _insert_flatten(case: Case) -> Iterator[Proposal]:
    if len(case.shape) > 1:
        yield Proposal("insert_flatten", {}, (Edit("inserted", case.path, Flatten()),))


def _keep_axes(case: Case) -> Iterator[Proposal]:
    """The nearest layer before that took an axis away: a recurrent layer that returns its last state only, or a Flatten."""
    for path, layer in case.earlier():
        if isinstance(layer, Recurrent) and layer.output == "last":
            changed = cast("AnyLayer", replace(layer, output="sequence"))
            yield Proposal("whole_sequence", {"layer": _kind(layer)}, (Edit("replaced", path, changed),))
            return
        if isinstance(layer, Flatten):
            yield Proposal("remove_flatten", {}, (Edit("removed", path),))
            return


def _of_rank(layer: Layer, rank: int) -> AnyLayer | None:
    """The layer as its family's kind for inputs of `rank` dimensions: Conv1d for (C, L). None if the family has no such
    kind."""
    kind = KINDS.get(f"{_kind(layer)[:-2]}{rank - 1}d")
    if kind is None or kind is type(layer):
        return None
    known = fields(kind)
    values = {name: getattr(layer, name) for name in layer.__struct_fields__ if name in known}
    return cast("AnyLayer", kind(**{name: on_axes(value, known[name].axes) for name, value in values.items()}))


def _default_dimensions(case: Case) -> Iterator[Proposal]:
    field = case.problem.values["field"]
    yield case.set_field(field, fields(type(case.layer))[field].default)
    if isinstance(case.layer, Flatten):
        yield Proposal("flatten_all", {}, (Edit("replaced", case.path, Flatten()),))


def _last_sizes(case: Case) -> Iterator[Proposal]:
    given = case.problem.values["given"]
    for count in dict.fromkeys((len(given), 1, len(case.shape))):
        sizes = case.shape[-count:]
        yield case.set_field("normalized_shape", sizes if count > 1 else sizes[0])


# --- sizes that the input determines


def _size_differs(case: Case) -> Iterator[Proposal]:
    field, given, found = (case.problem.values[name] for name in ("field", "given", "found"))
    if field == "in_features" and prod(case.shape) == given:
        yield from _insert_flatten(case)
    yield case.set_field(field, found)
    yield Proposal("take_from_input", {"field": field}, case.set(**{field: None}))
    if field == "in_features":
        yield from _pool_to(case, given)
    yield from _change_layer_before(case, given)


def _pool_to(case: Case, features: int) -> Iterator[Proposal]:
    """An AdaptiveAvgPool2d before the nearest Flatten, so that any picture gives so many features."""
    for path, layer in case.earlier():
        if isinstance(layer, Flatten):
            shape = _arriving(case.layers, path, _top_level_input(case, path))
            side = isqrt(features // shape[0])
            if len(shape) == 3 and side * side * shape[0] == features:
                pooling = AdaptiveAvgPool2d(output_size=side)
                yield Proposal("insert_pooling", {"size": (side, side)}, (Edit("inserted", path, pooling),))
            return


def _top_level_input(case: Case, path: Path) -> Shape:
    index = int(path[0])
    return case.before.rows[index].input if index < len(case.before.rows) else case.before.output


def _change_layer_before(case: Case, given: int) -> Iterator[Proposal]:
    """Makes the nearest layer before that determines the size put out `given` channels or features."""
    for path, layer in case.earlier():
        for field in ("out_channels", "out_features"):
            if hasattr(layer, field):
                values = {"layer": _kind(layer), "field": field, "value": given}
                edit = Edit("replaced", path, replace(layer, **{field: given}))
                yield Proposal("let_before_give", values, (edit,))
                return


# --- tokens


def _tokens_not_embedded(case: Case) -> Iterator[Proposal]:
    yield _embedded(case)


def _embedded(case: Case) -> Proposal:
    """An Embedding before the layer; where this would take the time steps for channels, a Permute between the two."""
    embedding = Embedding(num_embeddings=VOCABULARY, embedding_dim=VECTOR)
    values: dict[str, Any] = {"vocabulary": VOCABULARY, "dimension": VECTOR}
    edit = Edit("inserted", case.path, embedding)
    if not steps_are_channels(case.layer, after(embedding, case.meaning)):
        return Proposal("insert_embedding", values, (edit,))
    return Proposal(
        "insert_embedding_permuted", values | {"dims": SWAPPED.written}, (Edit("inserted", case.path, SWAPPED), edit)
    )


def _reads_sequences(layer: Layer) -> bool:
    """Whether it reads what an Embedding gives, as it is or permuted."""
    return isinstance(layer, Recurrent) or (isinstance(layer, Filtering | Pooling) and layer.AXES == 1)


def _not_tokens(case: Case) -> Iterator[Proposal]:
    if case.path != (0,) and len(case.before.input) == 1:
        yield Proposal("move_to_front", {"layer": _kind(case.layer)}, (Edit("moved", case.path, target=(0,)),))


def _no_such_token(case: Case) -> Iterator[Proposal]:
    token = case.problem.values["token"]
    yield Proposal("no_padding_token", {}, case.set(padding_idx=None))
    if token >= 0:
        yield case.set_field("num_embeddings", token + 1)


# --- windows


def _half(layer: Gathering) -> PerAxis:
    """Padding of half the window's span. At stride 1 it keeps the size if the span is odd."""
    halves = tuple(span // 2 for span in layer.spans)
    if isinstance(layer, Pooling):
        halves = tuple(map(min, halves, (cells // 2 for cells in layer.kernel)))
    return as_one(halves)


def _padded_by(layer: Gathering, padding: Any) -> dict[str, Any]:
    """The field values that give a layer this padding on both sides."""
    return {"padding": padding} | ({} if isinstance(layer, Pooling) else {"padding_after": None})


def _kernel_larger(case: Case) -> Iterator[Proposal]:
    """Padding is proposed only if the padding on both sides together is at most as large as the input."""
    layer = cast("Gathering", case.layer)
    half = _half(layer)
    if all(2 * cells <= length for cells, length in zip(per_axis(half, layer.AXES), case.shape[1:], strict=True)):
        yield Proposal("set_field", {"field": "padding", "value": half}, case.set(**_padded_by(layer, half)))
    kernel, dilation, rooms = layer.kernel, layer.dilations, _rooms(case, layer)
    if max(dilation) > 1 and all(cells <= room for cells, room in zip(kernel, rooms, strict=True)):
        most = (
            apart if cells == 1 else (room - 1) // (cells - 1)
            for cells, apart, room in zip(kernel, dilation, rooms, strict=True)
        )
        yield case.set_field("dilation", as_one(tuple(map(min, dilation, most))))
    elif isinstance(layer, Convolution) or (min if isinstance(layer.kernel_size, int) else max)(rooms) > 1:
        yield _smaller_window(case, layer, rooms)  # else it would be a pooling of one cell, which does nothing
    if isinstance(layer, AvgPool2d):
        pooling = AdaptiveAvgPool2d(output_size=1)
        yield Proposal("use_kind", {"kind": _kind(pooling)}, (Edit("replaced", case.path, pooling),))
    for path, before in case.earlier():
        if isinstance(before, Pooling):
            yield Proposal("remove_before", {"layer": _kind(before)}, (Edit("removed", path),))
            break


def _rooms(case: Case, layer: Gathering) -> tuple[int, ...]:
    """The largest span of a window along each axis. A pooling's padding depends on its window and does not count."""
    if isinstance(layer, Pooling):
        return case.shape[1:]
    return tuple(map(sum, zip(case.shape[1:], map(sum, layer.margins), strict=True)))


def _smaller_window(case: Case, layer: Gathering, rooms: tuple[int, ...]) -> Proposal:
    """The largest usual size that fits the input and with which the whole network can be built; for average pooling the whole
    input is tried first. If the network cannot be built with any of them, the largest that fits the input."""
    kernel, dilation = layer.kernel, layer.dilations
    largest = tuple(min(cells, (room - 1) // apart + 1) for cells, apart, room in zip(kernel, dilation, rooms, strict=True))
    most = min(largest) if isinstance(layer.kernel_size, int) else max(largest)
    known = [size for size in (FILTERS if isinstance(layer, Convolution) else WINDOWS) if size <= most]
    if isinstance(layer, AveragePooling):
        known = [most, *known]
    tried = []
    for size in known or [most]:
        fitting = tuple(min(cells, size) for cells in largest)
        value = min(fitting) if isinstance(layer.kernel_size, int) else fitting
        proposal = case.set_field("kernel_size", value, **_half_at_most(layer, value))
        if case.works_with(proposal.edits):
            return proposal
        tried.append(proposal)
    return tried[0]


def _half_at_most(layer: Gathering, kernel: PerAxis) -> dict[str, Any]:
    """The padding, cut to half of `kernel`, for a pooling."""
    if not isinstance(layer, Pooling):
        return {}
    sides = zip(per_axis(layer.padding, layer.AXES), per_axis(kernel, layer.AXES), strict=True)
    return {"padding": as_one(tuple(min(cells, side // 2) for cells, side in sides))}


def _padding_above_half(case: Case) -> Iterator[Proposal]:
    layer = cast("Pooling", case.layer)
    padding, kernel = per_axis(layer.padding, layer.AXES), layer.kernel
    yield case.set_field("padding", as_one(tuple(min(cells, side // 2) for cells, side in zip(padding, kernel, strict=True))))
    yield case.set_field(
        "kernel_size", as_one(tuple(max(2 * cells, side) for cells, side in zip(padding, kernel, strict=True)))
    )


def _same_with_stride(case: Case) -> Iterator[Proposal]:
    layer = cast("Convolution", case.layer)
    half = _half(layer)
    yield Proposal("set_field", {"field": "padding", "value": half}, case.set(**_padded_by(layer, half)))
    yield case.set_field("stride", 1)


def _same_on_both_sides(case: Case) -> Iterator[Proposal]:
    yield Proposal("both_sides_equal", {}, case.set(padding_after=None))


def _mode_cannot_fill(case: Case) -> Iterator[Proposal]:
    """Pads with zeros, or with as many cells as the mode can fill."""
    layer = cast("Convolution", case.layer)
    less = 1 if layer.padding_mode == "reflect" else 0
    most = [length - less for length in case.shape[1:]]
    yield Proposal("pad_with_zeros", {}, case.set(padding_mode="zeros"))
    befores, afters = zip(*layer.margins, strict=True)
    field = case.problem.values["field"]
    before = layer.padding if isinstance(layer.padding, str) else as_one(tuple(map(min, befores, most)))
    after = None if layer.padding_after is None else as_one(tuple(map(min, afters, most)))
    value = after if field == "padding_after" else before
    yield Proposal("set_field", {"field": field, "value": value}, case.set(padding=before, padding_after=after))


def _output_padding(case: Case) -> Iterator[Proposal]:
    layer = cast("Transposed", case.layer)
    most = (max(stride, dilation) - 1 for _, stride, _, dilation, _ in layer.steps())
    yield case.set_field("output_padding", as_one(tuple(map(min, per_axis(layer.output_padding, layer.AXES), most))))
    yield case.set_field("stride", max(per_axis(layer.output_padding, layer.AXES)) + 1)


def _padding_eats(case: Case) -> Iterator[Proposal]:
    layer = cast("Transposed", case.layer)
    bare = replace(layer, padding=0).sizes(case.shape)
    padding = per_axis(layer.padding, layer.AXES)
    yield case.set_field(
        "padding", as_one(tuple(min(cells, (size - 1) // 2) for cells, size in zip(padding, bare, strict=True)))
    )


# --- groups and states


def _groups(case: Case) -> Iterator[Proposal]:
    """A depthwise convolution if the layer was one; the nearest valid number of groups; the nearest valid number of
    channels."""
    channels = case.shape[0]
    if isinstance(case.layer, GroupNorm):
        most = case.layer.num_groups
        yield case.set_field("num_groups", max(part for part in _divisors(channels) if part <= most))
        return
    layer = cast("Filtering", case.layer)
    if layer.groups == layer.out_channels and layer.groups > 1:
        yield Proposal("depthwise", {"value": channels}, case.set(groups=channels, out_channels=channels))
    common = gcd(channels, layer.out_channels)
    yield case.set_field("groups", max(part for part in _divisors(common) if part <= layer.groups))
    multiple = max(1, round(layer.out_channels / layer.groups)) * layer.groups
    yield case.set_field("out_channels", multiple)
    yield case.set_field("groups", 1)


def _divisors(number: int) -> list[int]:
    small = [part for part in range(1, isqrt(number) + 1) if number % part == 0]
    return [divisor for part in small for divisor in (part, number // part)]


def _projection(case: Case) -> Iterator[Proposal]:
    projection, hidden = case.problem.values["projection"], case.problem.values["hidden"]
    yield Proposal("no_projection", {}, case.set(proj_size=0))
    if hidden > 1:
        yield case.set_field("proj_size", hidden - 1)
    yield case.set_field("hidden_size", projection + 1)


# --- branches whose outputs cannot be joined


def _sum_of_different_shapes(case: Case) -> Iterator[Proposal]:
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
                values = {"layer": _kind(layer), "field": field, "value": size}
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
            changes = _padded_by(layer, _half(layer))
            if isinstance(layer, Pooling) and layer.stride is None:
                changes["stride"] = 1
            kept = replace(layer, **changes)
            if kept != layer:
                edits.append(Edit("replaced", (*where, index), cast("AnyLayer", kept)))
    return tuple(edits)


def _no_branches(case: Case) -> Iterator[Proposal]:
    yield Proposal("add_branch", {}, case.set(branches=((),)))


def _branches_do_not_match(case: Case) -> Iterator[Proposal]:
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


_REPAIRS: dict[str, Callable[[Case], Iterator[Proposal]]] = {
    "not_allowed": _not_allowed,
    "wrong_dimensions": _wrong_dimensions,
    "size_differs": _size_differs,
    "tokens_not_embedded": _tokens_not_embedded,
    "not_tokens": _not_tokens,
    "no_such_dimension": _default_dimensions,
    "batch_dimension": _default_dimensions,
    "flatten_backwards": _default_dimensions,
    "no_order_of_axes": _reordered_axes,
    "batch_moves": _reordered_axes,
    "corners_of_nearest": _corners,
    "groups_of_one": _groups_of_one,
    "kernel_larger_than_input": _kernel_larger,
    "kernel_larger_than_padded_input": _kernel_larger,
    "dilated_kernel_larger_than_input": _kernel_larger,
    "dilated_kernel_larger_than_padded_input": _kernel_larger,
    "kernel_larger_than_bare_input": _kernel_larger,
    "groups_not_in_input": _groups,
    "groups_not_in_output": _groups,
    "same_padding_with_stride": _same_with_stride,
    "named_padding_after": _same_on_both_sides,
    "reflect_padding_too_large": _mode_cannot_fill,
    "circular_padding_too_large": _mode_cannot_fill,
    "padding_above_half_kernel": _padding_above_half,
    "output_padding_too_large": _output_padding,
    "padding_eats_output": _padding_eats,
    "not_the_last_sizes": _last_sizes,
    "no_such_token": _no_such_token,
    "projection_too_large": _projection,
    "sum_of_different_shapes": _sum_of_different_shapes,
    "no_branches": _no_branches,
    "branches_do_not_match": _branches_do_not_match,
}
