"""Weights: the random ones against their formulas and torch's, the library against what books print, edits, every kind."""

from __future__ import annotations

import subprocess
import sys
from math import sqrt
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.cells.filter_library import every_name, gabor, kernel_for, library_filter, name_of, natural_kernel
from engine.cells.filters import (
    MOST_WEIGHTS,
    Filters,
    FiltersError,
    WeightEdit,
    Weights,
    edits_in_force,
    filters_of,
    place_of,
    spread,
    with_edit,
)
from engine.cells.planes import Studied
from engine.layers.kinds.convolution import Conv1d, Conv2d, Conv3d
from engine.layers.kinds.pooling import AvgPool1d, MaxPool2d
from engine.layers.kinds.transposed import ConvTranspose2d
from engine.passes.modules import build_layer
from tests.patience import GIVE_UP_S

KINDS: dict[str, tuple[type[Any], tuple[int, ...]]] = {
    "Conv1d": (Conv1d, (9,)),
    "Conv2d": (Conv2d, (9, 8)),
    "Conv3d": (Conv3d, (5, 6, 7)),
    "ConvTranspose2d": (ConvTranspose2d, (5, 4)),
}


def made(weights: Weights, layer: Studied, channels: int, *, flipped: bool = False) -> Filters:
    filters = filters_of(weights, layer, channels, flipped=flipped)
    assert filters is not None
    return filters


def of(library: Any, *kernel: int, output: int = 0) -> NDArray[np.float64]:
    return library_filter(library, kernel, output)


# --- the shape of every kind


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("source", ["he", "xavier", "normal", "library"])
@pytest.mark.parametrize("groups", [1, 2])
def test_weights_have_torchs_own_shape(name: str, source: Any, groups: int) -> None:
    kind, size = KINDS[name]
    layer = kind(out_channels=6, kernel_size=3, groups=groups)
    filters = made(Weights(source=source), layer, 4)
    module: Any = build_layer(layer, (4, *size))
    assert filters.weight.shape == tuple(module.weight.shape)
    assert filters.bias_O.shape == tuple(module.bias.shape)
    assert filters.weight.dtype == filters.bias_O.dtype == np.float32
    assert filters.weight.flags.c_contiguous and filters.weight.flags.writeable
    assert not filters.bias_O.any()


def test_pooling_has_none() -> None:
    assert filters_of(Weights(), MaxPool2d(kernel_size=2), 3) is None
    assert filters_of(Weights(source="run"), AvgPool1d(kernel_size=2), 3) is None


# --- random


def test_he_is_drawn_as_ever() -> None:
    """The first numbers of numpy's generator for seed 7, times √(2 / 27)."""
    weight = made(Weights(), Conv2d(out_channels=2, kernel_size=3), 3).weight
    expected = np.random.default_rng(7).standard_normal((2, 3, 3, 3)) * np.sqrt(2 / 27)
    assert np.array_equal(weight, expected.astype(np.float32))


@pytest.mark.parametrize("name", KINDS)
def test_more_output_channels_leave_the_first_as_they_were(name: str) -> None:
    kind, _ = KINDS[name]
    few, many = (made(Weights(seed=3), kind(out_channels=count, kernel_size=3), 4).weight for count in (2, 8))
    if kind is ConvTranspose2d:
        few, many = few.swapaxes(0, 1), many.swapaxes(0, 1)
    assert np.array_equal(few, many[:2])


@pytest.mark.parametrize("kernel", [(3, 3), (5, 1)])
def test_deviations_are_torchs(kernel: tuple[int, int]) -> None:
    layer = Conv2d(out_channels=40, kernel_size=kernel)
    weight = torch.empty(40, 24, *kernel)
    into, out = torch.nn.init._calculate_fan_in_and_fan_out(weight)
    assert spread(Weights(), layer, 24) == (into, out, sqrt(2 / into))
    assert spread(Weights(source="xavier"), layer, 24).deviation == pytest.approx(sqrt(2 / (into + out)))
    drawn = made(Weights(source="xavier"), layer, 24).weight
    assert drawn.std() == pytest.approx(torch.nn.init.xavier_normal_(weight).std().item(), rel=0.05)
    assert abs(drawn.mean()) < drawn.std() / 20


def test_a_group_counts_its_own_channels() -> None:
    """16 -> 8 channels in 4 groups: 4 inputs reach an output channel, an input channel reaches 2 outputs."""
    layer = Conv2d(out_channels=8, kernel_size=3, groups=4)
    assert spread(Weights(), layer, 16)[:2] == (4 * 9, 2 * 9)


def test_the_sources_are_one_draw_at_three_scales() -> None:
    layer = Conv2d(out_channels=4, kernel_size=3)
    he = made(Weights(), layer, 2).weight
    normal = made(Weights(source="normal", deviation=0.5), layer, 2).weight
    assert normal == pytest.approx(he * (0.5 / sqrt(2 / 18)), rel=1e-6)
    assert not made(Weights(source="normal", deviation=0.0), layer, 2).weight.any()
    assert not np.array_equal(he, made(Weights(seed=8), layer, 2).weight)


def test_too_many_weights_are_refused_before_they_are_drawn() -> None:
    with pytest.raises(FiltersError) as caught:
        filters_of(Weights(), Conv2d(out_channels=256, kernel_size=64), 512)
    assert caught.value.code == "too_many"
    assert f"{MOST_WEIGHTS:,}" in str(caught.value)


# --- the library


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("identity", [[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
        ("box", np.full((3, 3), 1 / 9)),
        ("gaussian", np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16),
        ("sharpen", [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
        ("sobel_x", [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
        ("sobel_y", [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
        ("laplacian", [[0, 1, 0], [1, -4, 1], [0, 1, 0]]),
        ("emboss", [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]),
        ("course", [[1, 2, 3], [-4, 7, 4], [2, -5, 1]]),
        ("zeros", np.zeros((3, 3))),
    ],
)
def test_3x3_filters_are_the_ones_of_the_books(name: str, rows: Any) -> None:
    assert np.array_equal(of(name, 3, 3), np.array(rows, np.float64))


def test_larger_filters_carry_the_idea_on() -> None:
    table = np.outer([1, 4, 6, 4, 1], [-1, -2, 0, 2, 1])  # the 5×5 Sobel filter of image libraries
    assert np.array_equal(of("sobel_x", 5, 5) * 16, table)
    assert np.array_equal(of("sobel_y", 5, 5), of("sobel_x", 5, 5).T)
    assert np.array_equal(of("gaussian", 5, 1)[:, 0] * 16, [1, 4, 6, 4, 1])
    placed = np.zeros((7, 7))
    placed[2:5, 2:5] = [[1, 2, 3], [-4, 7, 4], [2, -5, 1]]
    assert np.array_equal(of("course", 7, 7), placed)


@pytest.mark.parametrize("kernel", [(3, 3), (5, 5), (7, 3), (4, 6), (3,), (8,), (3, 3, 3), (5, 3, 7)])
def test_what_each_filter_is_for(kernel: tuple[int, ...]) -> None:
    """An even ground stays as it is (blurs), or gives 0 (slopes, Laplacian, Gabor). A ramp gives Sobel 2 a cell, times the 4 of
    each axis that it smooths; a parabola gives the Laplacian its second difference, 2."""
    for name in ("identity", "box", "gaussian", "sharpen", "emboss"):
        assert of(name, *kernel).sum() == pytest.approx(1), name
    for name in ("sobel_x", "sobel_y", "laplacian", "gabor"):
        assert of(name, *kernel).sum() == pytest.approx(0, abs=1e-12), name
    ramp = np.broadcast_to(np.arange(kernel[-1]), kernel)
    assert (of("sobel_x", *kernel) * ramp).sum() == pytest.approx(2 * 4 ** (len(kernel) - 1))
    assert (of("laplacian", *kernel) * ramp**2).sum() == pytest.approx(2)
    assert np.abs(of("gabor", *kernel)).sum() == pytest.approx(2)


@pytest.mark.parametrize("kernel", [(1, 1), (1,), (2, 2), (1, 5), (2,), (1, 1, 1), (1, 2, 3), (64, 64), (200, 1)])
def test_every_filter_is_numbers_at_any_size(kernel: tuple[int, ...]) -> None:
    for name in (*every_name(len(kernel)), "sobel_y", "course", "zeros"):
        values = of(name, *kernel)
        assert values.shape == kernel and np.isfinite(values).all(), name
    if max(kernel) == 1:
        assert of("identity", *kernel).sum() == of("sharpen", *kernel).sum() == of("gaussian", *kernel).sum() == 1
        assert not of("sobel_x", *kernel).any() and not of("laplacian", *kernel).any() and not of("gabor", *kernel).any()


@pytest.mark.parametrize("kernel", [(3, 3), (4, 4), (2, 5), (1, 1)])
def test_the_identity_gives_the_input_back(kernel: tuple[int, int]) -> None:
    """Under `same` padding, which puts the odd cell after the input."""
    layer = Conv2d(out_channels=1, kernel_size=kernel, padding="same")
    filters = made(Weights(source="library", library="identity"), layer, 1)
    picture = torch.rand(1, 1, 6, 7)
    high, wide = (side - 1 for side in kernel)
    padded = torch.nn.functional.pad(picture, (wide // 2, wide - wide // 2, high // 2, high - high // 2))
    assert torch.equal(torch.nn.functional.conv2d(padded, torch.from_numpy(filters.weight)), picture)


def test_all_gives_each_channel_its_filter_and_then_gabor_filters() -> None:
    layer = Conv2d(out_channels=16, kernel_size=3)
    weight = made(Weights(source="library"), layer, 1).weight
    for output, name in enumerate(every_name(2)[:-1]):
        assert np.array_equal(weight[output, 0], of(name, 3, 3).astype(np.float32)), name
    for output in range(8, 16):
        assert np.array_equal(weight[output, 0], gabor((3, 3), output - 8).astype(np.float32))
        assert name_of("all", 2, output) == "gabor"
    assert "sobel_y" not in every_name(1)


def test_gabor_filters_turn() -> None:
    """The wave of the first stands upright, that of the second lies; the third and fourth run along the diagonals."""
    upright, lying, falling, rising = (gabor((7, 7), number) for number in range(4))
    assert upright == pytest.approx(lying.T) and upright == pytest.approx(upright[::-1])
    assert upright[3, 3] > 0 > upright[3, 1]
    assert falling == pytest.approx(falling.T) and falling == pytest.approx(rising[:, ::-1])
    many = [gabor((7, 7), number) for number in range(32)]
    assert min(np.abs(one - other).max() for i, one in enumerate(many) for other in many[:i]) > 1e-3


def test_a_gabor_filter_of_a_clip_moves() -> None:
    """Its wave goes a cell to the right each plane, so a clip that does the same answers most, one that stands answers less."""
    values = gabor((5, 7, 7), 0)
    columns = np.arange(7)
    moving = np.stack([np.cos(2 * np.pi * (columns - 3 - (plane - 2)) / 3.5) for plane in range(5)])[:, None, :]
    standing = np.broadcast_to(moving[2], (5, 1, 7))
    assert (values * moving).sum() > 2 * abs((values * standing).sum())


def test_channels_are_averaged_but_for_the_courses_example() -> None:
    layer = Conv2d(out_channels=2, kernel_size=3)
    sobel = made(Weights(source="library", library="sobel_x"), layer, 4).weight
    assert np.array_equal(sobel.sum(1), np.broadcast_to(of("sobel_x", 3, 3), (2, 3, 3)))
    course = made(Weights(source="library", library="course"), layer, 3).weight
    assert np.array_equal(course, np.broadcast_to(np.array([[1, 2, 3], [-4, 7, 4], [2, -5, 1]]), (2, 3, 3, 3)))


def test_depthwise_filters_are_whole() -> None:
    layer = Conv2d(out_channels=3, kernel_size=3, groups=3)
    assert np.array_equal(made(Weights(source="library", library="sobel_y"), layer, 3).weight[1, 0], of("sobel_y", 3, 3))


def test_sizes_that_go_with_a_filter() -> None:
    assert natural_kernel("sobel_x", 2) == (3, 3) and natural_kernel("gabor", 1) == (7,)
    assert kernel_for("sobel_x", (5, 5)) == (3, 3)
    assert kernel_for("gaussian", (5, 5)) == (5, 5)
    assert kernel_for("gaussian", (1, 1)) == (3, 3)
    assert kernel_for("gabor", (3, 3, 3)) == (7, 7, 7)
    assert kernel_for("zeros", (1, 2)) == (1, 2)


# --- transposed, flipped, edited


@pytest.mark.parametrize("groups", [1, 2])
def test_a_transposed_convolution_has_each_output_channels_filter(groups: int) -> None:
    """Its weights are those of the convolution with the same channels, kept the other way around: one input cell puts down the
    filter of its channel."""
    transposed = ConvTranspose2d(out_channels=4, kernel_size=3, groups=groups)
    straight = made(Weights(), Conv2d(out_channels=4, kernel_size=3, groups=groups), 6).weight
    weight = torch.from_numpy(made(Weights(), transposed, 6).weight)
    for source in range(6):
        picture = torch.zeros(1, 6, 1, 1)
        picture[0, source] = 1
        put_down = torch.nn.functional.conv_transpose2d(picture, weight, groups=groups)[0].numpy()
        group, within = divmod(source, 6 // groups)
        for output in range(4):
            expected = straight[output, within] if output // (4 // groups) == group else np.zeros((3, 3))
            assert np.array_equal(put_down[output], expected)


@pytest.mark.parametrize("name", KINDS)
def test_flipped_filters_are_turned_along_every_axis(name: str) -> None:
    kind, _ = KINDS[name]
    layer = kind(out_channels=2, kernel_size=3)
    weights = with_edit(Weights(), (0,) * (layer.AXES + 2), 5.0)
    straight, flipped = (made(weights, layer, 2, flipped=on).weight for on in (False, True))
    assert np.array_equal(torch.flip(torch.from_numpy(straight), list(range(2, straight.ndim))).numpy(), flipped)
    assert flipped[(0, 0) + (-1,) * layer.AXES] == 5
    assert flipped.flags.c_contiguous


def test_edits_come_last_and_the_last_wins() -> None:
    layer = Conv2d(out_channels=2, kernel_size=2)
    weights = with_edit(with_edit(with_edit(Weights(), (1, 0, 1, 0), 4.0), (0,), -2.0), (1, 0, 1, 0), 9.0)
    assert len(weights.edits) == 2
    bare, filters = made(Weights(), layer, 3), made(weights, layer, 3)
    differs = filters.weight != bare.weight
    assert differs.sum() == 1 and filters.weight[1, 0, 1, 0] == 9
    assert filters.bias_O.tolist() == [-2, 0]


@pytest.mark.parametrize("place", [(2, 0, 0, 0), (0, 3, 0, 0), (0, 0, 2, 0), (0, 0, 0), (0, 0, 0, 0, 0), (2,), ()])
def test_edits_out_of_range_wait(place: tuple[int, ...]) -> None:
    layer = Conv2d(out_channels=2, kernel_size=2)
    weights = Weights(edits=(WeightEdit(place, 7.0),))
    bare, filters = made(Weights(), layer, 3), made(weights, layer, 3)
    assert np.array_equal(filters.weight, bare.weight) and not filters.bias_O.any()
    assert edits_in_force(weights, layer, 3) == ()


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_an_edit_that_is_no_number_is_none(value: float) -> None:
    weights = Weights(edits=(WeightEdit((0, 0, 0, 0), value),))
    assert np.isfinite(made(weights, Conv2d(out_channels=1, kernel_size=2), 1).weight).all()


def test_a_layer_without_biases_keeps_none() -> None:
    layer = Conv2d(out_channels=2, kernel_size=2, bias=False)
    weights = Weights(edits=(WeightEdit((1,), 7.0), WeightEdit((0, 0, 0, 0), 1.0)))
    assert not made(weights, layer, 1).bias_O.any()
    assert [edit.place for edit in edits_in_force(weights, layer, 1)] == [(0, 0, 0, 0)]
    assert edits_in_force(weights, MaxPool2d(kernel_size=2), 1) == ()


@given(st.data())
def test_a_place_is_the_weight_between_two_channels(data: st.DataObject) -> None:
    """The derivative of the output with regard to one input cell is the weight between them: torch says which one it is."""
    kind, size = KINDS[data.draw(st.sampled_from(sorted(KINDS)))]
    groups = data.draw(st.integers(1, 3))
    inputs, outputs = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))
    layer = kind(out_channels=outputs * groups, kernel_size=3, groups=groups)
    channels, axes = inputs * groups, layer.AXES
    output = data.draw(st.integers(0, layer.out_channels - 1))
    source = data.draw(st.integers(0, inputs - 1))
    cell = data.draw(st.tuples(*[st.integers(0, 2)] * axes))
    flipped = data.draw(st.booleans())
    weights = with_edit(Weights(), place_of(layer, channels, output, source, cell, flipped=flipped), 1000.0)
    assert len(edits_in_force(weights, layer, channels)) == 1
    filters = made(weights, layer, channels, flipped=flipped)
    module: Any = build_layer(layer, (channels, *size))
    with torch.no_grad():
        module.weight.copy_(torch.from_numpy(filters.weight))
    picture = torch.zeros(1, channels, *size, requires_grad=True)
    reads = 4 if kind is ConvTranspose2d else 0  # the output cell whose products are all there
    module(picture)[(0, output, *[max(0, reads - 2)] * axes)].sum().backward()
    assert picture.grad is not None
    largest = np.unravel_index(int(picture.grad[0].argmax()), picture.grad[0].shape)
    first = output // outputs * inputs
    where = tuple(2 - index for index in cell) if kind is ConvTranspose2d else cell
    assert largest == (first + source, *where)


def test_no_torch_is_needed() -> None:
    code = (
        "import sys; from engine.cells.filters import *; from engine.layers.kinds.convolution import Conv2d; "
        "filters_of(Weights(source='library'), Conv2d(out_channels=9, kernel_size=3), 3); "
        "import engine.runs.first_filters; sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=GIVE_UP_S).returncode == 0
