"""How far each number of a layer goes, and the nearest layer that can be: by hand, by trying out, and as a monkey would."""

from __future__ import annotations

import warnings
from random import Random
from typing import Any, get_args

import msgspec
import pytest
import torch

from engine.cells.planes import Studied
from engine.fields import fields, validated
from engine.layers.axes import per_axis
from engine.layers.base import Refusal, Shape
from engine.layers.catalog import AvgPool2d, Conv1d, Conv2d, Conv3d, ConvTranspose2d, MaxPool1d, MaxPool2d
from engine.layers.fitting import FieldRange, carried, changed, fitted, padding_in_numbers, ranges
from tests.engine.layers.random_layers import ask_torch

EDITS = 5_000
KINDS: tuple[type[Studied], ...] = get_args(Studied)
PICTURES = ((1, 1, 5), (3, 224, 224), (1, 28, 28), (192, 5, 5), (3, 512, 512), (1, 1, 1), (3, 427, 640), (512, 7, 3))
NAMES = {
    "padding": ("same", "valid", 0),
    "padding_after": (None,),
    "padding_mode": ("zeros", "reflect", "replicate", "circular"),
    "stride": (None,),
    "ceil_mode": (False, True),
    "count_include_pad": (False, True),
    "bias": (False, True),
}


def shape_of(kind: type[Studied], picture: Shape) -> Shape:
    """The input that a picture is for `kind`: a row of it, itself, or a clip of four."""
    channels, height, width = picture
    return {1: (channels, width), 2: picture, 3: (channels, 4, height, width)}[kind.AXES]


def as_kind(layer: Studied, kind: type[Studied], shape: Shape) -> Studied:
    return fitted(carried(layer, kind), shape)


def made(kind: type[Studied], **values: Any) -> Studied:
    if "out_channels" in fields(kind):
        values.setdefault("out_channels", 16)
    return kind(**({"kernel_size": 3} | values))


# --- by hand


def test_a_filter_is_as_large_as_the_padded_picture() -> None:
    found = ranges(Conv2d(out_channels=1, kernel_size=3, padding=(1, 0)), (1, 5, 7))
    assert found["kernel_size"] == FieldRange(axes=((1, 7), (1, 7)), together=(1, 7))
    assert found["dilation"].axes == ((1, 3), (1, 3))  # 3·2 + 1 = 7
    assert found["stride"].together == (1, 64)
    found = ranges(Conv2d(out_channels=1, kernel_size=7), (1, 7, 9))
    assert found["kernel_size"] == FieldRange(axes=((1, 7), (1, 9)), together=(1, 7))
    assert found["dilation"].together == (1, 1)
    assert found["padding"] == FieldRange(axes=((0, 64), (0, 64)), together=(0, 64))


def test_padding_goes_no_lower_than_the_window_needs() -> None:
    """5 cells and a window of 9: four more are needed, two on each side."""
    found = ranges(Conv1d(out_channels=1, kernel_size=9, padding=4), (1, 5))
    assert found["padding"].axes == ((2, 64),)
    assert found["padding_after"].axes == ((0, 64),)  # four before are enough
    found = ranges(Conv1d(out_channels=1, kernel_size=9, padding=3, padding_after=2), (1, 5))
    assert (found["padding"].axes, found["padding_after"].axes) == (((2, 64),), ((1, 64),))


def test_padding_goes_no_higher_than_its_mode_can_fill() -> None:
    def highest(mode: Any) -> tuple[int, int]:
        found = ranges(Conv2d(out_channels=1, kernel_size=1, padding_mode=mode), (1, 5, 9))
        return found["padding"].axes[0][1], found["padding_after"].axes[1][1]

    assert [highest(mode) for mode in ("zeros", "reflect", "replicate", "circular")] == [(64, 64), (4, 8), (64, 64), (5, 9)]


def test_groups_divide_the_input_and_take_the_output_along() -> None:
    layer, shape = Conv2d(out_channels=16, kernel_size=3), (12, 9, 9)
    assert ranges(layer, shape)["groups"].allowed == (1, 2, 3, 4, 6, 12)
    assert ranges(layer, shape)["out_channels"] == FieldRange(((1, 256),), (1, 256), None)
    depthwise = changed(layer, shape, groups=12)
    assert (depthwise.groups, depthwise.out_channels) == (12, 12)
    assert changed(layer, shape, groups=3).out_channels == 15
    assert ranges(depthwise, shape)["out_channels"].allowed == tuple(range(12, 253, 12))
    typed = changed(depthwise, shape, out_channels=20)  # between: then the groups give way
    assert (typed.groups, typed.out_channels) == (4, 20)
    assert fitted(depthwise, (3, 9, 9)).groups == 3


def test_same_becomes_numbers_with_a_stride_and_the_stride_1_with_same() -> None:
    shape = (1, 28, 28)
    strided = changed(Conv2d(out_channels=1, kernel_size=5, padding="same"), shape, stride=2)
    assert (strided.padding, strided.stride) == (2, 2)
    assert strided.output_shape(shape) == (1, 14, 14)
    again = changed(strided, shape, padding="same")
    assert (again.padding, again.stride) == ("same", 1)
    narrow = changed(Conv2d(out_channels=1, kernel_size=(2, 3), padding="same"), (1, 1, 5), stride=2)
    assert narrow.padding == 1  # no cell above and one below would become none on both sides: too few for two cells


def test_each_side_for_itself() -> None:
    shape = (1, 28, 28)
    layer = changed(Conv2d(out_channels=1, kernel_size=4, padding="same"), shape, padding_after=3)
    assert (layer.padding, layer.padding_after) == (1, 3)
    assert layer.output_shape(shape) == (1, 29, 29)
    assert changed(layer, shape, padding="same").padding_after is None
    assert changed(layer, (1, 3, 3), padding_mode="reflect").padding_after == 2


def test_a_pools_padding_stays_within_half_its_window() -> None:
    pool, shape = MaxPool2d(kernel_size=5, padding=2), (3, 9, 9)
    found = ranges(pool, shape)
    assert found["padding"].together == (0, 2)
    assert found["kernel_size"].together == (1, 13)
    assert changed(pool, shape, kernel_size=3) == MaxPool2d(kernel_size=3, padding=1)
    assert "dilation" not in ranges(AvgPool2d(kernel_size=2), shape)
    assert fitted(pool, shape).stride is None


def test_what_a_transposed_convolution_leaves() -> None:
    """(5 − 1)·2 − 2·P + 2 + Q + 1 = 11 − 2·P + Q cells."""
    layer, shape = ConvTranspose2d(out_channels=1, kernel_size=3, stride=2), (1, 5, 5)
    found = ranges(layer, shape)
    assert found["padding"].together == (0, 5)
    assert found["output_padding"].together == (0, 1)
    assert changed(layer, shape, stride=1) == ConvTranspose2d(out_channels=1, kernel_size=3)
    plus = changed(layer, shape, output_padding=1)
    assert ranges(plus, shape)["stride"].together == (1, 64)
    assert changed(plus, shape, stride=1) == ConvTranspose2d(out_channels=1, kernel_size=3)


def test_a_transposed_convolutions_map_has_an_end() -> None:
    """At most 2,048 cells along a side, and 2²¹ in all: (512 − 1)·4 + 1 = 2,045 fits, twice ·3 + 1 = 1,534 does not."""
    layer, shape = ConvTranspose2d(out_channels=1, kernel_size=1), (1, 512, 512)
    assert ranges(layer, shape)["stride"] == FieldRange(axes=((1, 4), (1, 4)), together=(1, 2))
    assert changed(layer, shape, stride=9).stride == 2
    huge = ConvTranspose2d(out_channels=1, kernel_size=64, stride=64, dilation=64)
    sides = fitted(huge, (1, 5, 5)).output_shape((1, 5, 5))[1:]
    assert 1300 < max(sides) <= 1448  # 1,448² is the last square below 2²¹
    large = (1, 2048, 2048)  # an input larger than that may stay as large as it is
    assert fitted(layer, large) == layer
    assert ranges(layer, large)["kernel_size"].together == (1, 1)


def test_weights_are_no_more_than_memory_holds() -> None:
    layer, shape = Conv3d(out_channels=256, kernel_size=64, padding=32), (512, 4, 28, 28)
    small = fitted(layer, shape)
    assert small.parameters(shape) <= 2**25 + 256
    assert small.kernel == (6, 6, 6)  # 512 · 256 · 6³ is the last below 2²⁵
    assert ranges(small, shape)["kernel_size"].together == (1, 6)
    assert ranges(small, shape)["out_channels"].together == (1, 256)
    assert ranges(changed(small, shape, out_channels=4), shape)["kernel_size"].together == (1, 25)


def test_a_dilation_that_was_moved_stays_and_the_filter_gives_way() -> None:
    layer, shape = Conv2d(out_channels=1, kernel_size=3), (1, 5, 5)
    assert changed(layer, shape, dilation=3) == Conv2d(out_channels=1, kernel_size=2, dilation=3)
    assert changed(changed(layer, shape, dilation=2), shape, kernel_size=5) == Conv2d(out_channels=1, kernel_size=5)


def test_what_can_be_stays_as_it_is() -> None:
    shape = (3, 28, 28)
    for layer in (
        Conv2d(out_channels=16, kernel_size=(3, 3), padding="same"),
        Conv2d(out_channels=6, kernel_size=3, stride=(2, 2), padding=1, padding_after=(0, 1), groups=3, padding_mode="reflect"),
        ConvTranspose2d(out_channels=6, kernel_size=3, stride=2, padding=1, output_padding=1),
        MaxPool2d(kernel_size=3, stride=1, padding=1, ceil_mode=True),
    ):
        assert fitted(layer, shape) == layer
    with pytest.raises(Refusal):
        fitted(Conv1d(out_channels=1, kernel_size=1), shape)


def test_numbers_of_any_size_are_brought_into_range() -> None:
    layer = Conv2d(out_channels=10**9, kernel_size=10**9, stride=10**9, padding=10**9, dilation=10**9, groups=10**9)
    assert fitted(layer, (1, 5, 5)) == Conv2d(  # 2·(64 − 1) + 1 of 5 + 2·64 cells
        out_channels=256, kernel_size=64, stride=64, padding=64, dilation=2
    )
    low = Conv2d(out_channels=-1, kernel_size=(0, -7), stride=0, padding=-1, dilation=0, groups=0)
    assert fitted(low, (1, 5, 5)) == Conv2d(out_channels=1, kernel_size=(1, 1))


def test_another_kind() -> None:
    layer = Conv2d(out_channels=6, kernel_size=(3, 5), stride=2, padding=(1, 2), dilation=2, bias=False)
    assert as_kind(layer, Conv1d, (3, 28)) == Conv1d(
        out_channels=6, kernel_size=(5,), stride=2, padding=(2,), dilation=2, bias=False
    )
    assert as_kind(layer, Conv3d, (3, 8, 28, 28)) == Conv3d(
        out_channels=6, kernel_size=(3, 3, 5), stride=2, padding=(1, 1, 2), dilation=2, bias=False
    )
    assert as_kind(layer, ConvTranspose2d, (3, 28, 28)) == ConvTranspose2d(
        out_channels=6, kernel_size=(3, 5), stride=2, padding=(1, 2), dilation=2, bias=False
    )
    assert as_kind(layer, MaxPool2d, (3, 28, 28)) == MaxPool2d(kernel_size=(3, 5), padding=(1, 2), dilation=2)
    assert as_kind(MaxPool1d(kernel_size=2, stride=3), AvgPool2d, (3, 28, 28)) == AvgPool2d(kernel_size=2, stride=3)
    assert as_kind(MaxPool2d(kernel_size=2), Conv2d, (3, 28, 28)) == Conv2d(out_channels=16, kernel_size=2)
    same = Conv2d(out_channels=6, kernel_size=5, padding="same")
    assert as_kind(same, AvgPool2d, (3, 28, 28)) == AvgPool2d(kernel_size=5, padding=2)
    assert as_kind(same, Conv3d, (3, 4, 28, 28)) == Conv3d(out_channels=6, kernel_size=5, padding="same")


# --- by trying out


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_can_be_is_out_of_reach(kind: type[Studied]) -> None:
    """Every value of one field on one axis that is not refused, all else staying, lies within the reach; and, but for what
    gives way, no other does."""
    random = Random(kind.__name__)
    for _ in range(40):
        shape = (random.choice((1, 2, 6)), *(random.randint(1, 12) for _ in range(kind.AXES)))
        layer = fitted(random_layer(random, kind), shape)
        for name, found in ranges(layer, shape).items():
            if name == "groups":
                possible = [value for value in range(1, 257) if can_be(msgspec.structs.replace(layer, groups=value), shape)]
                assert set(possible) <= set(found.allowed or ())
                continue
            if name == "out_channels":
                possible = [
                    value for value in range(1, 257) if can_be(msgspec.structs.replace(layer, out_channels=value), shape)
                ]
                assert possible == list(found.allowed or range(found.together[0], found.together[1] + 1))
                continue
            if name == "padding_after" and isinstance(layer.padding, str):
                continue  # needs numbers first
            current = per_axis(shown(layer, name, shape), kind.AXES)
            for axis, (low, high) in enumerate(found.axes):
                first = 0 if "padding" in name else 1
                tried = {value: with_axis(layer, name, current, axis, value) for value in range(first, 65)}
                possible = [value for value, other in tried.items() if fits(other, shape)]
                gives_way = (
                    (name == "stride" and (layer.stride is None or layer.padding == "same" or kind is ConvTranspose2d))
                    or (name == "dilation" and kind is ConvTranspose2d)
                    or (name == "kernel_size" and kind not in KINDS[:4])
                )
                if gives_way:
                    assert low <= min(possible, default=low) and max(possible, default=high) <= high
                else:
                    assert possible == list(range(low, high + 1)), (layer, shape, name, axis)


def random_layer(random: Random, kind: type[Studied]) -> Studied:
    values: dict[str, Any] = {}
    for name in fields(kind):
        if name in NAMES and random.random() < 0.3:
            values[name] = random.choice(NAMES[name])
            if name == "padding" and "padding_mode" not in fields(kind):
                values[name] = 0
            if name == "stride" and "out_channels" in fields(kind):
                values[name] = 1
        elif name in ("kernel_size", "stride", "padding", "padding_after", "dilation", "output_padding"):
            values[name] = tuple(random.choice((1, 1, 2, 3, 5)) - ("padding" in name) for _ in range(kind.AXES))
        elif name in ("groups", "out_channels"):
            values[name] = random.choice((1, 2, 3, 6))
    return kind(**values)


def with_axis(layer: Studied, name: str, current: tuple[int, ...], axis: int, value: int) -> Studied:
    return msgspec.structs.replace(layer, **{name: (*current[:axis], value, *current[axis + 1 :])})


def can_be(layer: Studied, shape: Shape) -> bool:
    try:
        layer.output_shape(shape)
    except Refusal:
        return False
    return True


def fits(layer: Studied, shape: Shape) -> bool:
    """Not refused; with no more padding than 64 cells, and the window within the padded input, also with `ceil_mode`."""
    if isinstance(layer, Conv1d | Conv2d | Conv3d):
        return can_be(layer, shape) and max(max(sides) for sides in layer.margins) <= 64
    if isinstance(layer, ConvTranspose2d):
        return can_be(layer, shape)
    return can_be(msgspec.structs.replace(layer, ceil_mode=False), shape)


# --- a monkey at the form


@pytest.mark.parametrize("seed", range(5))
def test_a_monkey_reaches_no_refusal(seed: int) -> None:
    """Each edit is exactly what was asked, moves nothing else that need not move, and gives a layer of torch's shape."""
    random = Random(seed)
    picture = random.choice(PICTURES)
    layer = made(random.choice(KINDS))
    layer = fitted(layer, shape_of(type(layer), picture))
    for _ in range(EDITS // 5):
        draw = random.random()
        if draw < 0.04:
            picture = random.choice(PICTURES)
            layer = fitted(layer, shape_of(type(layer), picture))
        elif draw < 0.10:
            kind = random.choice(KINDS)
            layer = as_kind(layer, kind, shape_of(kind, picture))
            assert type(layer) is kind
        elif draw < 0.25:
            layer = choose(random, layer, shape_of(type(layer), picture))
        elif draw < 0.30:
            name = random.choice(list(ranges(layer, shape_of(type(layer), picture))))
            layer = changed(
                layer, shape_of(type(layer), picture), **{name: random.choice((-3, 0, 1, 7, 63, 65, 1000, 2**31 - 1))}
            )
        else:
            layer = move(random, layer, shape_of(type(layer), picture))
        hold(layer, shape_of(type(layer), picture))


def choose(random: Random, layer: Studied, shape: Shape) -> Studied:
    """A choice, not a number, is made: it always wins."""
    declared = fields(type(layer))
    name = random.choice([name for name in NAMES if name in declared and (name != "stride" or declared[name].optional)])
    known = declared[name]
    value = random.choice([each for each in NAMES[name] if known.optional or each is not None])
    if isinstance(value, str) and value not in known.choices:
        value = 0
    edited = changed(layer, shape, **{name: value})
    assert getattr(edited, name) == value, (layer, shape, name, value)
    return edited


def move(random: Random, layer: Studied, shape: Shape) -> Studied:
    """A slider is moved within its reach, one axis or all together."""
    name, found = random.choice(list(ranges(layer, shape).items()))
    low, high = found.together
    assert low <= high and all(low <= high for low, high in found.axes), (layer, shape, name)
    value: Any = random.choice(found.allowed or (low, high, random.randint(low, high)))
    forced = False
    if len(found.axes) > 1:
        forced = max(low for low, _ in found.axes) > low or low == high  # no number may suit all axes
        if random.random() < 0.6:
            axis = random.randrange(len(found.axes))
            low, high = found.axes[axis]
            value, forced = list(per_axis(shown(layer, name, shape), layer.AXES)), False
            value[axis] = random.choice((low, high, random.randint(low, high)))
            value = tuple(value)
    edited = changed(layer, shape, **{name: value})
    assert getattr(edited, name) == value, (layer, shape, name, value)
    moved = {
        other
        for other in layer.__struct_fields__
        if other != name and per_axis(getattr(layer, other), layer.AXES) != per_axis(getattr(edited, other), layer.AXES)
    }
    gives_way = {"groups": {"out_channels"}, "dilation": {"output_padding"}, "stride": {"output_padding"}}.get(name, set())
    if isinstance(layer, Conv1d | Conv2d | Conv3d) and isinstance(layer.padding, str):
        gives_way = gives_way | {"padding"}
    if name == "kernel_size" and "out_channels" not in fields(type(layer)):
        gives_way = {"padding"}
    assert forced or moved <= gives_way, (layer, shape, name, value, edited)
    return edited


def shown(layer: Any, name: str, shape: Shape) -> Any:
    """What the sliders of a field stand on: numbers, also where the layer has none."""
    value = getattr(layer, name)
    if name == "padding" or (name == "padding_after" and value is None):
        return padding_in_numbers(layer, shape[1:])
    return layer.kernel_size if value is None else value


def hold(layer: Studied, shape: Shape) -> None:
    """`layer` is valid, as it is, for itself and for torch, of torch's shape and size, and within the limits."""
    assert validated(layer) == layer
    assert fitted(layer, shape) == layer
    output = layer.output_shape(shape)
    with torch.device("meta"), warnings.catch_warnings(action="ignore"):
        answer = ask_torch(layer, torch.empty((2, *shape)))
    assert answer.refused is None, f"torch refuses {layer} for {shape}: {answer.refused}"
    assert tuple(answer.output.shape[1:]) == output
    assert answer.parameters == layer.parameters(shape) <= 2**25 + 256
    if isinstance(layer, ConvTranspose2d):
        assert max(output[1:]) <= 2048 and output[1] * output[2] <= 2**21
    for name in ("kernel_size", "stride", "padding", "padding_after", "dilation", "output_padding"):
        value = getattr(layer, name, None)
        assert not isinstance(value, int | tuple) or max(per_axis(value, layer.AXES)) <= 64
