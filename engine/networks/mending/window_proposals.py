"""Proposals where windows, padding, groups or states do not fit. No torch."""

from __future__ import annotations

from collections.abc import Iterator
from math import gcd
from typing import Any, TypeAlias, cast

from msgspec.structs import replace

from engine.layers.axes import PerAxis, as_one, per_axis
from engine.layers.kinds.convolution import Convolution
from engine.layers.kinds.filtering import Filtering
from engine.layers.kinds.normalization import GroupNorm
from engine.layers.kinds.pooling import AdaptiveAvgPool2d, AveragePooling, AvgPool2d, Pooling
from engine.layers.kinds.transposed import Transposed
from engine.networks.edits import Edit
from engine.networks.mending.cases import Case, Proposal, divisors, kind_name

FILTERS, WINDOWS = (7, 5, 3, 1), (3, 2)  # usual sizes of filters and of pooling windows

Gathering: TypeAlias = Convolution | Pooling  # each output cell reads one window; not so in a transposed convolution


def half_padding(layer: Gathering) -> PerAxis:
    """Padding of half the window's span. At stride 1 it keeps the size if the span is odd."""
    halves = tuple(span // 2 for span in layer.spans)
    if isinstance(layer, Pooling):
        halves = tuple(map(min, halves, (cells // 2 for cells in layer.kernel)))
    return as_one(halves)


def padded_by(layer: Gathering, padding: Any) -> dict[str, Any]:
    """The field values that give a layer this padding on both sides."""
    return {"padding": padding} | ({} if isinstance(layer, Pooling) else {"padding_after": None})


def kernel_larger(case: Case) -> Iterator[Proposal]:
    """Padding is proposed only if the padding on both sides together is at most as large as the input."""
    layer = cast("Gathering", case.layer)
    half = half_padding(layer)
    if all(2 * cells <= length for cells, length in zip(per_axis(half, layer.AXES), case.shape[1:], strict=True)):
        yield Proposal("set_field", {"field": "padding", "value": half}, case.set(**padded_by(layer, half)))
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
        yield Proposal("use_kind", {"kind": kind_name(pooling)}, (Edit("replaced", case.path, pooling),))
    for path, before in case.earlier():
        if isinstance(before, Pooling):
            yield Proposal("remove_before", {"layer": kind_name(before)}, (Edit("removed", path),))
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


def padding_above_half(case: Case) -> Iterator[Proposal]:
    layer = cast("Pooling", case.layer)
    padding, kernel = per_axis(layer.padding, layer.AXES), layer.kernel
    yield case.set_field("padding", as_one(tuple(min(cells, side // 2) for cells, side in zip(padding, kernel, strict=True))))
    yield case.set_field(
        "kernel_size", as_one(tuple(max(2 * cells, side) for cells, side in zip(padding, kernel, strict=True)))
    )


def same_with_stride(case: Case) -> Iterator[Proposal]:
    layer = cast("Convolution", case.layer)
    half = half_padding(layer)
    yield Proposal("set_field", {"field": "padding", "value": half}, case.set(**padded_by(layer, half)))
    yield case.set_field("stride", 1)


def same_on_both_sides(case: Case) -> Iterator[Proposal]:
    yield Proposal("both_sides_equal", {}, case.set(padding_after=None))


def mode_cannot_fill(case: Case) -> Iterator[Proposal]:
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


def output_padding(case: Case) -> Iterator[Proposal]:
    layer = cast("Transposed", case.layer)
    most = (max(stride, dilation) - 1 for _, stride, _, dilation, _ in layer.steps())
    yield case.set_field("output_padding", as_one(tuple(map(min, per_axis(layer.output_padding, layer.AXES), most))))
    yield case.set_field("stride", max(per_axis(layer.output_padding, layer.AXES)) + 1)


def padding_eats(case: Case) -> Iterator[Proposal]:
    layer = cast("Transposed", case.layer)
    bare = replace(layer, padding=0).sizes(case.shape)
    padding = per_axis(layer.padding, layer.AXES)
    yield case.set_field(
        "padding", as_one(tuple(min(cells, (size - 1) // 2) for cells, size in zip(padding, bare, strict=True)))
    )


# --- groups and states


def groups_of_one(case: Case) -> Iterator[Proposal]:
    smaller = [groups for groups in divisors(case.shape[0]) if groups < case.shape[0]]
    if smaller:
        yield case.set_field("num_groups", max(smaller))


def groups(case: Case) -> Iterator[Proposal]:
    """A depthwise convolution if the layer was one; the nearest valid number of groups; the nearest valid number of
    channels."""
    channels = case.shape[0]
    if isinstance(case.layer, GroupNorm):
        most = case.layer.num_groups
        yield case.set_field("num_groups", max(part for part in divisors(channels) if part <= most))
        return
    layer = cast("Filtering", case.layer)
    if layer.groups == layer.out_channels and layer.groups > 1:
        yield Proposal("depthwise", {"value": channels}, case.set(groups=channels, out_channels=channels))
    common = gcd(channels, layer.out_channels)
    yield case.set_field("groups", max(part for part in divisors(common) if part <= layer.groups))
    multiple = max(1, round(layer.out_channels / layer.groups)) * layer.groups
    yield case.set_field("out_channels", multiple)
    yield case.set_field("groups", 1)


def projection(case: Case) -> Iterator[Proposal]:
    projection, hidden = case.problem.values["projection"], case.problem.values["hidden"]
    yield Proposal("no_projection", {}, case.set(proj_size=0))
    if hidden > 1:
        yield case.set_field("proj_size", hidden - 1)
    yield case.set_field("hidden_size", projection + 1)
