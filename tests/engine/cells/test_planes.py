"""A picture as any layer's input, and the plane that is looked at, against torch's own layers of one and three axes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.cells.filters import Filters
from engine.cells.planes import Studied, cut, depths, input_of, input_shape, plane_shape
from engine.layers.kinds.convolution import Conv1d, Conv2d, Conv3d
from engine.layers.kinds.pooling import AvgPool1d, MaxPool1d
from engine.layers.kinds.transposed import ConvTranspose2d
from engine.networks.trace import trace
from engine.passes.feature_maps import maps
from engine.passes.forward import torchs_map

PICTURE = np.arange(2 * 3 * 4, dtype=np.float32).reshape(2, 3, 4)
MODES = ["zeros", "reflect", "replicate", "circular"]


def whole_numbers(*shape: int, seed: int = 0) -> NDArray[np.float32]:
    """Sums of products of these are exact in float32, in any order."""
    return np.random.default_rng(seed).integers(-4, 5, shape).astype(np.float32)


def test_a_row_of_the_picture_is_a_signal_and_the_moved_picture_a_clip() -> None:
    line, flat, volume = (
        Conv1d(out_channels=1, kernel_size=1),
        Conv2d(out_channels=1, kernel_size=1),
        Conv3d(out_channels=1, kernel_size=1),
    )
    for layer in (line, flat, volume):
        assert input_of(layer, PICTURE, row=1, frames=3).shape == input_shape(layer, (2, 3, 4), 3)
    assert input_of(line, PICTURE, row=1).tolist() == [[4, 5, 6, 7], [16, 17, 18, 19]]
    assert input_of(line, PICTURE, row=99).tolist() == [[8, 9, 10, 11], [20, 21, 22, 23]]  # the last row
    clip = input_of(volume, PICTURE, frames=3)
    assert clip[0, :, 0].tolist() == [[0, 1, 2, 3], [3, 0, 1, 2], [2, 3, 0, 1]]
    assert (input_of(flat, PICTURE) == PICTURE).all()


def test_a_shift_moves_the_picture_around_its_edges() -> None:
    layer = Conv2d(out_channels=1, kernel_size=1)
    moved = input_of(layer, PICTURE, shift=(1, -1))
    assert moved[0].tolist() == [[9, 10, 11, 8], [1, 2, 3, 0], [5, 6, 7, 4]]
    assert moved.flags["C_CONTIGUOUS"] and moved.dtype == np.float32
    assert input_of(Conv1d(out_channels=1, kernel_size=1), PICTURE, shift=(1, -1), row=0)[0].tolist() == [9, 10, 11, 8]
    assert (input_of(layer, PICTURE, shift=(3, -8)) == PICTURE).all()  # once and twice around


@st.composite
def lines(draw: st.DrawFn) -> tuple[Studied, NDArray[np.float32], Filters | None]:
    """A 1-d layer of any kind, its input (C, L) and its filters."""
    groups = draw(st.integers(1, 3))
    channels, length = groups * draw(st.integers(1, 2)), draw(st.integers(1, 14))
    kernel, stride = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    values = whole_numbers(channels, length, seed=draw(st.integers(0, 99)))
    kind = draw(st.sampled_from(["conv", "max", "avg"]))
    if kind == "conv":
        padding: Any = draw(st.one_of(st.integers(0, 4), st.just((2,)), st.sampled_from(["same", "valid"])))
        sizes: list[Any] = [kernel, (kernel,)]
        layer = Conv1d(
            out_channels=groups * draw(st.integers(1, 3)),
            kernel_size=draw(st.sampled_from(sizes)),
            stride=1 if padding == "same" else stride,
            padding=padding,
            padding_after=draw(st.sampled_from([(0,), (3,)])) if isinstance(padding, tuple) else None,
            dilation=draw(st.integers(1, 3)),
            groups=groups,
            padding_mode=draw(st.sampled_from(MODES)),
        )
        weight = whole_numbers(layer.out_channels, channels // groups, kernel, seed=1)
        return layer, values, Filters(weight, whole_numbers(layer.out_channels, seed=2))
    fields: dict[str, Any] = {
        "kernel_size": kernel,
        "stride": draw(st.one_of(st.none(), st.just(stride))),
        "padding": draw(st.integers(0, kernel // 2)),
        "ceil_mode": draw(st.booleans()),
    }
    if kind == "max":
        return MaxPool1d(dilation=draw(st.integers(1, 3)), **fields), values, None
    return AvgPool1d(count_include_pad=draw(st.booleans()), **fields), values, None


def torchs_own(layer: Studied, values: NDArray[np.float32], filters: Filters | None) -> NDArray[np.float32]:
    """What torch's own layer makes of the input with our weights."""
    arguments = layer.arguments(values.shape)
    given = torch.from_numpy(values)[None]
    if isinstance(layer, Conv1d | Conv3d) and layer.padding_after is not None:
        arguments |= {"padding": 0}
        assert isinstance(layer.padding, tuple) and isinstance(layer.padding_after, tuple)
        for axis, (before, after) in enumerate(zip(layer.padding, layer.padding_after, strict=True)):
            given = padded_along(given, 2 + axis, before, after, layer.padding_mode)
    made = getattr(torch.nn, type(layer).__name__)(**arguments)
    with torch.no_grad():
        if filters is not None:
            made.weight.copy_(torch.from_numpy(filters.weight))
            made.bias.copy_(torch.from_numpy(filters.bias_O))
        result: NDArray[np.float32] = made(given)[0].numpy()
    return result


def padded_along(given: torch.Tensor, axis: int, before: int, after: int, mode: str) -> torch.Tensor:
    """Torch's padding of one axis, as the last one of three."""
    last = given.movedim(axis, -1)
    padded = torch.nn.functional.pad(
        last.reshape(1, -1, last.shape[-1]), (before, after), mode="constant" if mode == "zeros" else mode
    )
    return padded.reshape(*last.shape[:-1], -1).movedim(-1, axis)


@pytest.mark.filterwarnings("ignore:Using padding=.same. with even kernel:UserWarning")
@given(lines())
def test_a_layer_of_one_axis_is_a_flat_one_over_one_row(work: tuple[Studied, NDArray[np.float32], Filters | None]) -> None:
    layer, values, filters = work
    if trace([layer], values.shape).problem is not None:
        return
    expected = torchs_own(layer, values, filters)
    taken = cut(layer, values, filters)
    assert taken.values_CHW.shape == (values.shape[0], 1, values.shape[1])
    assert taken.layer.output_shape(taken.values_CHW.shape) == plane_shape(layer.output_shape(values.shape))
    found = maps(taken.layer, taken.values_CHW, taken.filters)
    np.testing.assert_allclose(found[:, 0], expected, rtol=1e-6)
    assert depths(layer, values.shape) == 1
    for channel in range(len(expected)):
        np.testing.assert_allclose(torchs_map(layer, values, filters, channel), expected[channel][None], rtol=1e-6)


@st.composite
def volumes(draw: st.DrawFn) -> tuple[Conv3d, NDArray[np.float32], Filters]:
    groups = draw(st.integers(1, 2))
    channels = groups * draw(st.integers(1, 2))
    sizes = draw(st.tuples(st.integers(1, 5), st.integers(1, 7), st.integers(1, 7)))
    kernel = draw(st.tuples(*[st.integers(1, 3)] * 3))
    padding: Any = draw(st.one_of(st.integers(0, 2), st.tuples(*[st.integers(0, 2)] * 3), st.just("same")))
    layer = Conv3d(
        out_channels=groups * draw(st.integers(1, 2)),
        kernel_size=kernel,
        stride=1 if padding == "same" else draw(st.one_of(st.integers(1, 2), st.tuples(*[st.integers(1, 3)] * 3))),
        padding=padding,
        padding_after=draw(st.tuples(*[st.integers(0, 2)] * 3)) if isinstance(padding, tuple) else None,
        dilation=draw(st.one_of(st.integers(1, 2), st.tuples(*[st.integers(1, 2)] * 3))),
        groups=groups,
        padding_mode=draw(st.sampled_from(MODES)),
    )
    weight = whole_numbers(layer.out_channels, channels // groups, *kernel, seed=1)
    return layer, whole_numbers(channels, *sizes), Filters(weight, whole_numbers(layer.out_channels, seed=2))


@pytest.mark.filterwarnings("ignore:Using padding=.same. with even kernel:UserWarning")
@given(volumes())
def test_every_plane_of_a_volume_is_a_flat_layers_map(work: tuple[Conv3d, NDArray[np.float32], Filters]) -> None:
    layer, values, filters = work
    if trace([layer], values.shape).problem is not None:
        return
    expected = torchs_own(layer, values, filters)
    assert depths(layer, values.shape) == expected.shape[1]
    for depth in range(expected.shape[1]):
        taken = cut(layer, values, filters, depth)
        assert taken.layer.output_shape(taken.values_CHW.shape) == plane_shape(expected.shape)
        assert (maps(taken.layer, taken.values_CHW, taken.filters) == expected[:, depth]).all()
        for channel in range(len(expected)):
            assert (torchs_map(layer, values, filters, channel, depth) == expected[channel, depth]).all()
        assert len(taken.planes) == len(taken.values_CHW)
        for (channel, plane), shown in zip(taken.planes, taken.values_CHW, strict=True):
            if 0 <= plane < values.shape[1]:
                assert (shown == values[channel, plane]).all()
            elif layer.padding_mode == "zeros":
                assert not shown.any()
    last = cut(layer, values, filters, 99)  # the last plane that there is
    assert last.planes == cut(layer, values, filters, expected.shape[1] - 1).planes


def test_a_plane_names_the_planes_that_it_reads() -> None:
    layer = Conv3d(out_channels=1, kernel_size=(3, 1, 1), padding=(1, 0, 0))
    filters = Filters(np.ones((1, 2, 3, 1, 1), np.float32), np.zeros(1, np.float32))
    values = np.arange(8, dtype=np.float32).reshape(2, 4, 1, 1)
    first = cut(layer, values, filters, 0)
    assert first.planes == ((0, -1), (0, 0), (0, 1), (1, -1), (1, 0), (1, 1))
    assert first.values_CHW.ravel().tolist() == [0, 0, 1, 0, 4, 5]
    assert cut(layer, values, filters, 3).planes[2] == (0, 4)  # the padding after it


@pytest.mark.parametrize("layer", [Conv2d(out_channels=2, kernel_size=3), ConvTranspose2d(out_channels=2, kernel_size=3)])
def test_a_flat_layer_stays_as_it_is(layer: Studied) -> None:
    values = whole_numbers(3, 5, 5)
    weight = whole_numbers(2, 3, 3, 3) if isinstance(layer, Conv2d) else whole_numbers(3, 2, 3, 3)
    filters = Filters(weight, np.zeros(2, np.float32))
    taken = cut(layer, values, filters, 5)
    assert taken.layer is layer and taken.values_CHW is values and taken.filters is filters
    assert taken.planes == ((0, 0), (1, 0), (2, 0))
    assert (torchs_map(layer, values, filters, 1) == maps(layer, values, filters)[1]).all()
