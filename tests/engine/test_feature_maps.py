"""The maps against torch, the tiles against the maps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine import feature_maps
from engine.colours import viridis
from engine.feature_maps import Filters, cell, he, maps, wall
from engine.layers.convolution import Conv2d
from engine.network import trace

RAMP = np.arange(256, dtype=np.uint32)  # colours that are the levels themselves


def noise(*shape: int, seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).random(shape, dtype=np.float32)


def torchs_own(layer: Conv2d, picture: NDArray[np.float32], filters: Filters) -> torch.Tensor:
    """The same layer as torch builds it, with our weights, in double precision."""
    words = {"padding_mode": layer.padding_mode, "bias": True, "groups": layer.groups}
    module = torch.nn.Conv2d(
        picture.shape[0], layer.out_channels, layer.kernel_size, layer.stride, layer.padding, layer.dilation, **words
    )
    with torch.no_grad():
        module.weight.copy_(torch.from_numpy(filters.weight_OIHW))
        assert module.bias is not None
        module.bias.copy_(torch.from_numpy(filters.bias_O))
        result: torch.Tensor = module.double()(torch.from_numpy(picture).double()[None])[0]
    return result


@st.composite
def works(draw: st.DrawFn) -> tuple[Conv2d, NDArray[np.float32]]:
    groups = draw(st.integers(1, 4))
    channels = groups * draw(st.integers(1, 3))
    padding: Any = draw(st.one_of(st.integers(0, 3), st.tuples(st.integers(0, 3), st.integers(0, 3)), st.just("same")))
    pair = st.tuples(st.integers(1, 3), st.integers(1, 3))
    layer = Conv2d(
        out_channels=groups * draw(st.integers(1, 13)),
        kernel_size=draw(st.tuples(st.integers(1, 5), st.integers(1, 5))),
        stride=1 if padding == "same" else draw(st.one_of(st.integers(1, 3), pair)),
        padding=padding,
        dilation=draw(st.one_of(st.integers(1, 3), pair)),
        groups=groups,
        padding_mode=draw(st.sampled_from(["zeros", "reflect", "replicate", "circular"])),
    )
    return layer, noise(channels, draw(st.integers(1, 17)), draw(st.integers(1, 17)), seed=draw(st.integers(0, 99)))


@pytest.mark.filterwarnings("ignore:Using padding=.same. with even kernel:UserWarning")  # of torch, about its own cost
@given(works(), st.integers(0, 2**32 - 1), st.sampled_from([1, 3, 16]), st.sampled_from([1, 4]))
@settings(max_examples=150, deadline=None)
def test_maps_and_cells_are_those_of_torch(
    work: tuple[Conv2d, NDArray[np.float32]], seed: int, block: int, singly: int
) -> None:
    layer, picture = work
    if trace([layer], picture.shape).problem is not None:
        return
    drawn = he(layer, picture.shape[0], seed)
    filters = Filters(drawn.weight_OIHW, noise(layer.out_channels, seed=1))
    with pytest.MonkeyPatch.context() as patch:  # blocks of every kind: parts of a group, whole groups, several of them
        patch.setattr(feature_maps, "BLOCK_MAPS", block)
        patch.setattr(feature_maps, "BLOCK_CELLS", 1)
        patch.setattr(feature_maps, "SINGLY", singly)
        ours = maps(layer, picture, filters)
    expected = torchs_own(layer, picture, filters)
    assert ours.shape == tuple(expected.shape)
    np.testing.assert_allclose(ours, expected, rtol=1e-4, atol=1e-4)
    place = np.random.default_rng(seed).integers(0, ours.shape)
    channel, row, column = (int(index) for index in place)
    assert cell(layer, picture, filters, channel, row, column) == pytest.approx(
        float(expected[channel, row, column]), rel=1e-12, abs=1e-12
    )


def test_more_output_channels_leave_the_first_filters_as_they_were() -> None:
    few, many = Conv2d(out_channels=4, kernel_size=3), Conv2d(out_channels=9, kernel_size=3)
    assert (he(few, 3, 7).weight_OIHW == he(many, 3, 7).weight_OIHW[:4]).all()
    assert (he(few, 3, 7).weight_OIHW != he(few, 3, 8).weight_OIHW).all()


def test_the_filters_have_the_spread_of_he() -> None:
    drawn = he(Conv2d(out_channels=256, kernel_size=(5, 3), groups=2), 32, 1)
    assert drawn.weight_OIHW.shape == (256, 16, 5, 3)
    assert drawn.weight_OIHW.std() == pytest.approx(np.sqrt(2 / (16 * 5 * 3)), rel=0.02)
    assert not drawn.bias_O.any()


def test_drawing_filters_leaves_torchs_own_generator_alone() -> None:
    torch.manual_seed(3)
    before = torch.get_rng_state()
    layer, picture = Conv2d(out_channels=4, kernel_size=3), noise(3, 8, 8)
    wall(layer, picture, he(layer, 3, 7), tile=(4, 4), columns=2, colours=viridis())
    assert torch.equal(before, torch.get_rng_state())


def levels_of(values: NDArray[np.float32], low: float, high: float) -> NDArray[np.int64]:
    return np.floor((values - low) * (255.99 / (high - low))).astype(np.int64)


@pytest.mark.parametrize("shared", [False, True])
def test_at_the_maps_own_size_a_pixel_is_a_cell(shared: bool) -> None:
    layer, picture = Conv2d(out_channels=5, kernel_size=3, padding=1), noise(3, 12, 20)
    filters = he(layer, 3, 7)
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
    filters = he(layer, 3, 7)
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
        wall(layer, picture, he(layer, 3, 7), tile=(80, 80), columns=8, colours=viridis(), checkpoint=give_up)
    assert len(calls) == 2


def test_viridis_runs_from_dark_violet_to_yellow() -> None:
    colours = viridis()
    assert len(colours) == 256
    assert (colours[0], colours[255]) == (0xFF440154, 0xFFFDE725)  # as published: #440154 and #FDE725
