"""The maps against torch, the tiles against the maps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.cells.filters import Filters
from engine.cells.planes import Flat
from engine.colours import viridis
from engine.layers.kinds.convolution import Conv2d
from engine.layers.kinds.pooling import AvgPool2d, MaxPool2d
from engine.layers.kinds.transposed import ConvTranspose2d
from engine.networks.trace import trace
from engine.passes import forward
from engine.passes.feature_maps import activated, cell, maps, padded, piece, wall

RAMP = np.arange(256, dtype=np.uint32)  # colours that are the levels themselves


def noise(*shape: int, seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).random(shape, dtype=np.float32)


def some_filters(layer: Flat, channels: int, seed: int = 7) -> Filters | None:
    """Filters with the spread that He et al. propose and biases, shaped as torch keeps them."""
    if isinstance(layer, MaxPool2d | AvgPool2d):
        return None
    inside = channels // layer.groups
    shape: tuple[int, ...] = (layer.out_channels, inside, *layer.kernel)
    if isinstance(layer, ConvTranspose2d):
        shape = (channels, layer.out_channels // layer.groups, *layer.kernel)
    drawn = np.random.default_rng(seed).standard_normal(shape) * np.sqrt(2 / (inside * layer.kernel[0] * layer.kernel[1]))
    return Filters(drawn.astype(np.float32), noise(layer.out_channels, seed=seed))


def torchs_own(layer: Flat, values: NDArray[np.float32], filters: Filters | None) -> torch.Tensor:
    """The same layer as torch builds it, with our weights, in double precision."""
    arguments = layer.arguments(values.shape)
    given = torch.from_numpy(values).double()[None]
    if isinstance(layer, Conv2d) and layer.padding_after is not None:
        assert isinstance(layer.padding, tuple) and isinstance(layer.padding_after, tuple)
        (top, left), (bottom, right) = layer.padding, layer.padding_after
        mode = "constant" if layer.padding_mode == "zeros" else layer.padding_mode
        given = torch.nn.functional.pad(given, (left, right, top, bottom), mode=mode)
        arguments |= {"padding": 0}
    module = getattr(torch.nn, type(layer).__name__)(**arguments)
    with torch.no_grad():
        if filters is not None:
            module.weight.copy_(torch.from_numpy(filters.weight))
            module.bias.copy_(torch.from_numpy(filters.bias_O))
        result: torch.Tensor = module.double()(given)[0]
    return result


@st.composite
def works(draw: st.DrawFn) -> tuple[Flat, NDArray[np.float32]]:
    groups = draw(st.integers(1, 4))
    channels = groups * draw(st.integers(1, 3))
    values = noise(channels, draw(st.integers(1, 17)), draw(st.integers(1, 17)), seed=draw(st.integers(0, 99))) - np.float32(
        0.5
    )
    padding: Any = draw(st.one_of(st.integers(0, 3), st.tuples(st.integers(0, 3), st.integers(0, 3)), st.just("same")))
    pair = st.tuples(st.integers(1, 3), st.integers(1, 3))
    kernel = draw(st.tuples(st.integers(1, 5), st.integers(1, 5)))
    stride, dilation = (draw(st.one_of(st.integers(1, 3), pair)) for _ in range(2))
    kind = draw(st.sampled_from(["conv", "transposed", "max", "average"]))
    if kind in ("max", "average"):
        half = draw(st.tuples(*(st.integers(0, size // 2) for size in kernel)))
        fields: dict[str, Any] = {"kernel_size": kernel, "stride": draw(st.one_of(st.none(), st.just(stride)))}
        fields |= {"padding": half, "ceil_mode": draw(st.booleans())}
        if kind == "max":
            return MaxPool2d(dilation=dilation, **fields), values
        return AvgPool2d(count_include_pad=draw(st.booleans()), **fields), values
    outputs = groups * draw(st.integers(1, 13))
    if kind == "transposed":
        layer = ConvTranspose2d(
            out_channels=outputs,
            kernel_size=kernel,
            stride=stride,
            padding=0 if padding == "same" else padding,
            dilation=dilation,
            groups=groups,
            output_padding=draw(st.tuples(st.integers(0, 2), st.integers(0, 2))),
        )
        return layer, values
    return (
        Conv2d(
            out_channels=outputs,
            kernel_size=kernel,
            stride=1 if padding == "same" else stride,
            padding=padding,
            padding_after=draw(st.tuples(st.integers(0, 3), st.integers(0, 3))) if isinstance(padding, tuple) else None,
            dilation=dilation,
            groups=groups,
            padding_mode=draw(st.sampled_from(["zeros", "reflect", "replicate", "circular"])),
        ),
        values,
    )


@pytest.mark.filterwarnings("ignore:Using padding=.same. with even kernel:UserWarning")  # of torch, about its own cost
@given(works(), st.integers(0, 2**32 - 1), st.sampled_from([(1, 1), (3, 1), (16, 1), (1, 900)]), st.sampled_from([1, 4]))
def test_maps_and_pieces_are_those_of_torch(
    work: tuple[Flat, NDArray[np.float32]], seed: int, block: tuple[int, int], singly: int
) -> None:
    layer, values = work
    if trace([layer], values.shape).problem is not None:
        return
    filters = some_filters(layer, values.shape[0], seed)
    with pytest.MonkeyPatch.context() as patch:  # blocks of every kind: parts of a group, whole groups, several of them
        patch.setattr(forward, "BLOCK_MAPS", block[0])
        patch.setattr(forward, "BLOCK_CELLS", block[1])
        patch.setattr(forward, "SINGLY", singly)
        ours = maps(layer, values, filters)
    expected = torchs_own(layer, values, filters).numpy()
    assert ours.shape == expected.shape
    np.testing.assert_allclose(ours, expected, rtol=1e-4, atol=1e-4)
    random = np.random.default_rng(seed)
    channel, row, column = (int(index) for index in random.integers(0, ours.shape))
    rows, columns = range(row, int(random.integers(row, ours.shape[1])) + 1), range(column, ours.shape[2])
    found = piece(layer, values, filters, channel, rows, columns)
    part = expected[channel, rows.start : rows.stop, columns.start : columns.stop]
    np.testing.assert_allclose(found, part, rtol=1e-12, atol=1e-12)
    assert cell(layer, values, filters, channel, row, column) == pytest.approx(float(part[0, 0]), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
def test_a_piece_of_the_padded_picture_is_what_torch_pads(mode: str) -> None:
    layer = Conv2d(out_channels=1, kernel_size=5, padding=(2, 3), padding_mode=mode)  # type: ignore[arg-type]
    values = noise(2, 6, 7)
    words = {"mode": "constant" if mode == "zeros" else mode}
    whole = torch.nn.functional.pad(torch.from_numpy(values)[None], (3, 3, 2, 2), **words)[0].numpy()  # type: ignore[arg-type]
    assert (padded(layer, values, range(-2, 8), range(-3, 10)) == whole).all()
    assert (padded(layer, values, range(-1, 3), range(5, 9)) == whole[:, 1:5, 8:12]).all()


def test_what_stands_in_the_padding_of_each_kind() -> None:
    values = np.array([[[1, 2], [3, 4]]], np.float32)
    around = range(-1, 3)
    infinite = padded(MaxPool2d(kernel_size=2, padding=1), values, around, around)
    assert infinite[0].tolist() == [[-np.inf] * 4, [-np.inf, 1, 2, -np.inf], [-np.inf, 3, 4, -np.inf], [-np.inf] * 4]
    zeros = padded(AvgPool2d(kernel_size=2, padding=1), values, around, around)
    assert zeros[0].tolist() == [[0, 0, 0, 0], [0, 1, 2, 0], [0, 3, 4, 0], [0, 0, 0, 0]]
    assert padded(ConvTranspose2d(out_channels=1, kernel_size=2), values, range(2), range(1, 2))[0].tolist() == [[2], [4]]


@pytest.mark.parametrize("name", ["ReLU", "LeakyReLU", "Sigmoid", "Tanh"])
def test_activations_are_torchs(name: str) -> None:
    layer, values = Conv2d(out_channels=5, kernel_size=3, padding=1), noise(3, 9, 11) - np.float32(0.5)
    filters = some_filters(layer, 3)
    plain = torchs_own(layer, values, filters)
    expected = getattr(torch.nn, name)()(plain).numpy()
    np.testing.assert_allclose(maps(layer, values, filters, name), expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(piece(layer, values, filters, 3, range(2, 7), range(4), name), expected[3, 2:7, :4], rtol=1e-12)
    shown = wall(layer, values, filters, tile=(9, 11), columns=5, colours=RAMP, activation=name, keep=2)
    np.testing.assert_allclose(shown.high, expected.max((1, 2)), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(shown.total, expected.sum((1, 2)), rtol=1e-5, atol=1e-4)
    assert shown.kept_HW is not None  # the sum itself, before the activation
    np.testing.assert_allclose(shown.kept_HW, plain[2].numpy(), rtol=1e-4, atol=1e-5)
    far = np.array([-1000.0, 1000.0])
    np.testing.assert_allclose(activated(far, name), getattr(torch.nn, name)()(torch.from_numpy(far)).numpy())


def test_each_map_tells_its_sum_its_mean_and_whether_it_is_dead() -> None:
    layer = Conv2d(out_channels=3, kernel_size=1)
    weight = np.array([1, 0, -1], np.float32).reshape(3, 1, 1, 1)
    filters = Filters(weight, np.array([0, 2, 1], np.float32))
    values = np.array([[[1, 2, 3], [-6, 5, 7]]], np.float32)  # their sum is 12, that of their magnitudes 24
    shown = wall(layer, values, filters, tile=(2, 3), columns=3, colours=RAMP, activity=True)
    assert shown.total.tolist() == [12, 12, -6] and shown.mean.tolist() == [2, 2, -1]
    assert shown.dead.tolist() == [False, True, False]
    assert shown.activity is not None
    assert shown.activity.tolist() == [4, 2, (0 + 1 + 2 + 7 + 4 + 6) / 6]
    assert wall(layer, values, filters, tile=(2, 3), columns=3, colours=RAMP).activity is None
    dead = wall(layer, values, filters, tile=(2, 3), columns=3, colours=RAMP, activation="ReLU")
    assert dead.total.tolist() == [18, 12, 7]  # 1 + 2 + 3 + 5 + 7, six times 2, and 1 − (−6)


@pytest.mark.parametrize("side", [28, 29, 224])
def test_a_sum_that_is_only_rounding_is_0(side: int) -> None:
    """What a cell loses, another one gains: the sum over a whole circle is 0, but not that of the rounded numbers."""
    layer = Conv2d(out_channels=2, kernel_size=(1, 3), padding=(0, 1), padding_mode="circular")
    weight = np.array([[-0.7, 0, 0.7], [0, 1, 0]], np.float32).reshape(2, 1, 1, 3)
    values = noise(1, side, side)
    values -= np.float32(values.mean(dtype=np.float64) - 0.3 / values.size)  # a small sum that is none of rounding
    shown = wall(layer, values, Filters(weight, np.zeros(2, np.float32)), tile=(8, 8), columns=2, colours=RAMP)
    assert shown.total[0] == shown.mean[0] == 0
    assert shown.total[1] == pytest.approx(0.3, abs=0.02)


def test_a_large_maps_sum_is_right_to_seven_figures() -> None:
    layer, values = Conv2d(out_channels=2, kernel_size=3), noise(3, 224, 224) - np.float32(0.5)
    filters = some_filters(layer, 3)
    shown = wall(layer, values, filters, tile=(40, 40), columns=2, colours=RAMP, activity=True)
    exact = maps(layer, values, filters).astype(np.float64)
    assert abs(shown.total - exact.sum((1, 2))).max() < 1e-7 * abs(exact).sum()
    assert shown.activity is not None
    np.testing.assert_allclose(shown.activity, abs(exact).mean((1, 2)), rtol=1e-6)


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("layer", [MaxPool2d(kernel_size=2), AvgPool2d(kernel_size=3, padding=1, stride=2)])
def test_with_pooling_each_tile_has_its_channel_before_it(layer: Flat, shared: bool) -> None:
    values = noise(3, 8, 12) + np.arange(3, dtype=np.float32)[:, None, None]
    shown = wall(layer, values, None, tile=(8, 12), columns=4, colours=RAMP, shared=shared, sources=True)
    pooled = torchs_own(layer, values, None).numpy()
    assert shown.count == 3 and shown.sources == (8, 12) and shown.shape == (3, 4, 6)
    assert shown.pixels.shape == (16, 48)  # six tiles: four in the first row, two in the second
    for channel in range(3):
        part = slice(None) if shared else slice(channel, channel + 1)
        both = np.concatenate([values[part].ravel(), pooled[part].ravel()])
        low, high = float(both.min()), float(both.max())
        assert shown.ends[:, channel].tolist() == pytest.approx([low, high], rel=1e-6)
        assert (shown.low[channel], shown.high[channel]) == pytest.approx((pooled[channel].min(), pooled[channel].max()))
        for number, expected in ((2 * channel, values[channel]), (2 * channel + 1, np.kron(pooled[channel], np.ones((2, 2))))):
            row, column = divmod(number, 4)
            tile = shown.pixels[row * 8 : row * 8 + 8, column * 12 : column * 12 + 12].astype(np.int64)
            assert abs(tile - levels_of(expected.astype(np.float32), low, high)).max() <= 1
    alone = wall(layer, values, None, tile=(8, 12), columns=2, colours=RAMP, sources=True, only=1, ends=tuple(shown.ends[:, 1]))
    assert abs(alone.pixels.astype(int) - shown.pixels[:8, 24:].astype(int)).max() <= 1


def test_a_convolution_has_no_channels_of_its_own_beside_its_maps() -> None:
    layer = Conv2d(out_channels=2, kernel_size=1)
    shown = wall(layer, noise(2, 3, 3), some_filters(layer, 2), tile=(3, 3), columns=2, colours=RAMP, sources=True)
    assert shown.sources is None and shown.pixels.shape == (3, 6)


def levels_of(values: NDArray[np.float32], low: float, high: float) -> NDArray[np.int64]:
    levels: NDArray[np.int64] = np.floor((values - low) * (255.99 / (high - low))).astype(np.int64)
    return levels


@pytest.mark.parametrize("shared", [False, True])
def test_at_the_maps_own_size_a_pixel_is_a_cell(shared: bool) -> None:
    layer, picture = Conv2d(out_channels=5, kernel_size=3, padding=1), noise(3, 12, 20)
    filters = some_filters(layer, 3)
    shown = wall(layer, picture, filters, tile=(12, 20), columns=3, colours=RAMP, shared=shared)
    exact = maps(layer, picture, filters)
    assert shown.pixels.shape == (2 * 12, 3 * 20) and shown.shape == (5, 12, 20) and shown.count == 5
    for number in range(5):
        row, column = divmod(number, 3)
        tile = shown.pixels[row * 12 : row * 12 + 12, column * 20 : column * 20 + 20].astype(np.int64)
        part = exact if shared else exact[number]
        assert abs(tile - levels_of(exact[number], part.min(), part.max())).max() <= 1
        assert (shown.low[number], shown.high[number]) == (exact[number].min(), exact[number].max())
    assert not shown.pixels[12:, 40:].any()  # the sheet's last place is empty: the lowest colour


def test_a_larger_tile_repeats_cells_and_a_smaller_one_takes_means() -> None:
    layer = Conv2d(out_channels=1, kernel_size=1)
    filters = Filters(np.ones((1, 1, 1, 1), np.float32), np.zeros(1, np.float32))
    picture = np.array([[[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 1, 1], [0, 0, 1, 1]]], np.float32)
    large = wall(layer, picture, filters, tile=(8, 12), columns=1, colours=RAMP)
    assert (large.pixels == np.kron(picture[0], np.ones((2, 3))) * 255).all()
    small = wall(layer, picture, filters, tile=(2, 2), columns=1, colours=RAMP)
    assert small.pixels.tolist() == [[127, 0], [0, 255]]
    assert (small.low[0], small.high[0]) == (0, 1)  # the range is that of the cells, not of their means


def test_a_flat_map_is_painted_low() -> None:
    layer = Conv2d(out_channels=1, kernel_size=1)
    filters = Filters(np.zeros((1, 1, 1, 1), np.float32), np.full(1, 2, np.float32))
    for shared in (False, True):
        shown = wall(layer, noise(1, 4, 4), filters, tile=(4, 4), columns=1, colours=RAMP, shared=shared)
        assert not shown.pixels.any() and shown.low[0] == shown.high[0] == 2


def test_one_map_alone_is_the_same_map() -> None:
    layer, picture = Conv2d(out_channels=6, kernel_size=3, groups=3), noise(3, 16, 16)
    filters = some_filters(layer, 3)
    every = wall(layer, picture, filters, tile=(14, 14), columns=6, colours=RAMP)
    alone = wall(layer, picture, filters, tile=(14, 14), columns=6, colours=RAMP, only=4)
    assert alone.first == 4 and alone.count == 1 and alone.shape == (6, 14, 14)
    assert abs(alone.pixels[:, :14].astype(int) - every.pixels[:, 4 * 14 : 5 * 14].astype(int)).max() <= 1


def test_a_checkpoint_can_give_up_between_blocks() -> None:
    layer, picture = Conv2d(out_channels=64, kernel_size=3), noise(3, 224, 224)
    calls: list[int] = []

    def give_up() -> None:
        calls.append(1)
        if len(calls) == 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        wall(layer, picture, some_filters(layer, 3), tile=(80, 80), columns=8, colours=viridis(), checkpoint=give_up)
    assert len(calls) == 2


def test_viridis_runs_from_dark_violet_to_yellow() -> None:
    colours = viridis()
    assert len(colours) == 256
    assert (colours[0], colours[255]) == (0xFF440154, 0xFFFDE725)  # as published: #440154 and #FDE725
