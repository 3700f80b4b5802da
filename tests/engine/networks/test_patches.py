"""What a unit sees, against torch: a cell that is no number makes every unit that reads it no number; and against autograd,
hand-worked and published figures."""

from __future__ import annotations

import subprocess
import sys
from random import Random

import pytest
import torch
from torch import nn

from engine.layers.base import Layer, Shape, cells
from engine.layers.catalog import (
    LSTM,
    AdaptiveAvgPool2d,
    AvgPool2d,
    BatchNorm1d,
    BatchNorm2d,
    Concat,
    Conv1d,
    Conv2d,
    ConvTranspose2d,
    Embedding,
    Flatten,
    Identity,
    Linear,
    LocalResponseNorm,
    MaxPool2d,
    ReLU,
    Residual,
    Sequential,
    Upsample,
)
from engine.layers.kinds.composite import every
from engine.networks.receptive import MOST_FOLLOWED, Patch, UnitIndex, patches, unit_over
from engine.networks.trace import Path, trace
from engine.passes.modules import build
from tests.engine.known_networks import ALEXNET_ONE_TOWER, RESNET_18, VGG_16
from tests.engine.layers.random_layers import RANKS, random_layer, random_stack
from tests.patience import GIVE_UP_S

pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
NORMS = ("LayerNorm", "GroupNorm", "LocalResponseNorm")
QUIET = pytest.mark.filterwarnings("ignore::UserWarning")  # torch's, of arguments without effect


def seen_of(layers: tuple[Layer, ...], shape: Shape, path: Path, unit: UnitIndex) -> dict[Path, Patch]:
    found = patches(layers, shape, path, unit)
    assert found is not None
    return found


def touched(layers: tuple[Layer, ...], shape: Shape) -> torch.Tensor:
    """(cells of the input, *output shape): which units are no number when that cell is none. In double precision, which
    torch computes in its plain ways: the fast ones work in tiles."""
    torch.manual_seed(0)
    module = build(layers, shape).double().eval()
    count = cells(shape)
    x = torch.rand(count, count, dtype=torch.float64)
    x.fill_diagonal_(torch.nan)
    at_once = 1 if any(map(needs_a_batch, every(layers))) else 64  # those normalise over the batch
    with torch.no_grad():
        return torch.cat([module(part.reshape(-1, *shape)) for part in x.split(at_once)]).isnan()


def check_units(layers: tuple[Layer, ...], shape: Shape, random: Random, units: int = 6) -> int:
    """Hold the patches of some units of the last layer against torch; returns how many saw only a part of the input."""
    reads, partly = touched(layers, shape), 0
    for _ in range(units):
        unit = tuple(random.randrange(size) for size in reads.shape[1:])
        patch = seen_of(layers, shape, (len(layers) - 1,), unit)[()]
        places = reads[(slice(None), *unit)].reshape(shape).nonzero()
        if len(places) == 0:
            assert patch.seen is None
            continue
        hull = zip(places.amin(0).tolist(), places.amax(0).tolist(), strict=True)
        assert patch.seen == tuple(range(first, last + 1) for first, last in hull), (unit, layers)
        partly += cells(tuple(map(len, patch.seen))) < cells(shape)
    return partly


def fitting(random: Random, shape: Shape, length: int) -> tuple[Layer, ...]:
    """A random stack down to its problem, if it has one, or to what torch refuses for a batch of one, or what this test cannot
    tell. Every other kind of layer may be in it."""
    layers = random_stack(random, shape, length, wild=0.0)
    batched = [
        index
        for index, layer in enumerate(layers)
        if any(needs_a_batch(each) or multiplies_by_nothing(each) for each in every([layer]))
    ]
    return layers[: min(len(trace(layers, shape).rows), *batched, len(layers))]


def needs_a_batch(layer: Layer) -> bool:
    return isinstance(layer, BatchNorm1d | BatchNorm2d) and not layer.track_running_stats


def multiplies_by_nothing(layer: Layer) -> bool:
    """An interpolation reads two cells also where one of them has the weight 0: no number times 0 is no number."""
    return isinstance(layer, Upsample) and layer.mode != "nearest"


@QUIET
@pytest.mark.parametrize("seed", range(60))
def test_stacks_of_any_kinds(seed: int) -> None:
    random = Random(seed)
    shape = random.choice(((2, 9, 8), (3, 7, 7), (4, 12), (6, 5)))
    if layers := fitting(random, shape, random.randint(1, 5)):
        check_units(layers, shape, random)


@QUIET
@pytest.mark.parametrize("kind", [*RANKS, "BatchNorm1d", "Linear", "Flatten", "Permute", "Softmax", *NORMS, "Upsample"])
def test_every_kind_with_a_place_alone(kind: str) -> None:
    random = Random(kind)
    shape = {2: (6, 11), 3: (4, 8, 7), 4: (2, 4, 5, 4)}[2 if kind == "BatchNorm1d" else RANKS.get(kind, 3)]
    tried = 0
    while tried < 12:
        layers = (random_layer(random, kind, shape, wild=0.0),)
        if trace(layers, shape).problem is None and not multiplies_by_nothing(layers[0]):
            check_units(layers, shape, random)
            tried += 1


@pytest.mark.parametrize("seed", range(15))
def test_stacks_of_windows_see_a_part(seed: int) -> None:
    """Strided, dilated, padded on two sides differently, branched."""
    random = Random(seed)

    def window() -> Layer:
        kernel = random.randint(1, 3)
        return random.choice(
            (
                Conv2d(out_channels=2, kernel_size=kernel, stride=random.randint(1, 3), padding=random.randint(0, 2)),
                Conv2d(out_channels=4, kernel_size=2, dilation=random.randint(1, 3), padding=1, groups=2),
                Conv2d(out_channels=2, kernel_size=(1, 3), padding=(0, 1), padding_after=(0, 2), padding_mode="replicate"),
                AvgPool2d(kernel_size=kernel, stride=random.randint(1, 2)),
            )
        )

    def same(size: int) -> Conv2d:
        return Conv2d(out_channels=2, kernel_size=size, padding="same")

    branched = random.choice((Residual(main=(same(3), same(2))), Concat(branches=((same(1),), (same(3),), ()))))
    layers = (window(), same(1), branched, window())
    assert check_units(layers, (2, 17, 17), random) > 0


@pytest.mark.parametrize("scale", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("corners", [False, True])
def test_an_interpolation_reads_what_its_values_depend_on(scale: int, corners: bool) -> None:
    """By autograd, in double precision: aligned corners lie on cells, as i·4 / (5·S − 1) is whole, only up to rounding."""
    layers = (Upsample(scale_factor=scale, mode="bilinear", align_corners=corners),)
    module = build(layers, (1, 5, 6)).double()
    for unit in ((0, 0, 0), (0, 1, 1), (0, scale, 2 * scale), (0, 2 * scale + 1, 3), (0, 5 * scale - 1, 6 * scale - 1)):
        if max(unit[1] - 5 * scale, unit[2] - 6 * scale) >= 0:
            continue
        x_NCHW = torch.ones(1, 1, 5, 6, dtype=torch.float64, requires_grad=True)
        module(x_NCHW)[(0, *unit)].backward()
        assert x_NCHW.grad is not None
        places = (x_NCHW.grad[0].abs() > 1e-9).nonzero()
        hull = zip(places.amin(0).tolist(), places.amax(0).tolist(), strict=True)
        assert seen_of(layers, (1, 5, 6), (0,), unit)[()].seen == tuple(range(first, last + 1) for first, last in hull)


@pytest.mark.parametrize("seed", range(12))
def test_the_gradient_touches_the_patch_and_nothing_else(seed: int) -> None:
    """By autograd, with weights that cannot cancel each other."""
    random = Random(seed)
    layers: tuple[Layer, ...] = tuple(
        Conv2d(
            out_channels=2,
            kernel_size=random.randint(2, 4),
            stride=random.choice((1, 1, 2)),
            padding=random.randint(0, 2),
            dilation=random.choice((1, 1, 2)),
        )
        for _ in range(3)
    )
    module = build(layers, (1, 40, 40))
    for parameter in module.parameters():
        nn.init.constant_(parameter, 0.1)
    output = trace(layers, (1, 40, 40)).output
    for _ in range(4):
        unit = tuple(random.randrange(size) for size in output)
        x_NCHW = torch.ones(1, 1, 40, 40, requires_grad=True)
        module(x_NCHW)[(0, *unit)].backward()
        assert x_NCHW.grad is not None
        places = x_NCHW.grad[0].nonzero()
        patch = seen_of(layers, (1, 40, 40), (2,), unit)[()]
        if len(places) == 0:  # only padding
            assert patch.seen is None
            continue
        hull = zip(places.amin(0).tolist(), places.amax(0).tolist(), strict=True)
        assert patch.seen == tuple(range(first, last + 1) for first, last in hull)


def test_layers_between_are_what_the_rest_of_the_network_sees() -> None:
    layers = (Conv2d(out_channels=3, kernel_size=3, stride=2), ReLU(), MaxPool2d(kernel_size=3, padding=1), BatchNorm2d())
    found = seen_of(layers, (1, 29, 29), (3,), (1, 2, 4))
    assert list(found) == [(), (0,), (1,), (2,), (3,)]
    shapes = [row.output for row in trace(layers, (1, 29, 29)).rows]
    for index in range(3):
        rest = seen_of(layers[index + 1 :], shapes[index], (2 - index,), (1, 2, 4))
        assert rest[()] == found[(index,)]
    assert found[(3,)].seen == (range(1, 2), range(2, 3), range(4, 5))


def test_a_corner_by_hand() -> None:
    """Two 3×3 with padding 1: the corner unit reads two of three rows, and these read two and three: three rows of the input,
    of five that it would have inside."""
    conv = Conv2d(out_channels=1, kernel_size=3, padding=1)
    found = seen_of((conv, conv), (1, 8, 8), (1,), (0, 0, 7))
    assert found[(0,)] == Patch((1, 8, 8), (range(1), range(2), range(6, 8)), (range(1), range(-1, 2), range(6, 9)))
    assert found[()] == Patch((1, 8, 8), (range(1), range(3), range(5, 8)), (range(1), range(-2, 3), range(5, 10)))
    assert found[()].clipped
    assert not found[()].whole
    inside = seen_of((conv, conv), (1, 8, 8), (1,), (0, 3, 3))[()]
    assert inside.seen == inside.reach == (range(1), range(1, 6), range(1, 6))
    assert not inside.clipped


def test_dilation_leaves_the_border_out_exactly() -> None:
    """Taps at −1, 1 and 3: the first cell that is read is 1, not 0."""
    found = seen_of((Conv1d(out_channels=1, kernel_size=3, dilation=2, padding=1),), (1, 9), (0,), (0, 0))
    assert found[()].seen == (range(1), range(1, 4))


def test_a_unit_that_reads_only_padding() -> None:
    layers = (Conv2d(out_channels=1, kernel_size=1, padding=2), ReLU())
    patch = seen_of(layers, (1, 5, 5), (1,), (0, 0, 4))[()]
    assert patch == Patch((1, 5, 5), None, (range(1), range(-2, -1), range(2, 3)))
    assert not patch.whole


def test_a_unit_of_a_concat_lies_in_one_branch() -> None:
    def branch(kernel: int) -> tuple[Layer, ...]:
        return (Conv2d(out_channels=2, kernel_size=kernel, padding="same"), ReLU())

    layers = (Identity(), Concat(branches=(branch(1), branch(5), ())), Conv2d(out_channels=1, kernel_size=1))
    alone = seen_of(layers, (3, 9, 9), (1,), (3, 4, 4))
    assert alone[()].seen == (range(3), range(2, 7), range(2, 7))
    assert list(alone) == [(), (0,), (1, "branches", 1, 0), (1, "branches", 1, 1), (1,)]
    assert alone[(1, "branches", 1, 1)].seen == (range(1, 2), range(4, 5), range(4, 5))
    handed_on = seen_of(layers, (3, 9, 9), (1,), (6, 4, 4))
    assert handed_on[()].seen == (range(2, 3), range(4, 5), range(4, 5))
    together = seen_of(layers, (3, 9, 9), (2,), (0, 4, 4))
    assert together[()].seen == (range(3), range(2, 7), range(2, 7))
    assert together[(1, "branches", 0, 0)].seen == (range(2), range(4, 5), range(4, 5))


def test_a_unit_inside_a_branch() -> None:
    conv = Conv2d(out_channels=2, kernel_size=3, padding=1)
    layers = (conv, Residual(main=(conv, Sequential(layers=(ReLU(), conv)))), ReLU())
    found = seen_of(layers, (2, 11, 11), (1, "main", 1, "layers", 0), (0, 5, 5))
    assert list(found) == [(), (0,), (1, "main", 0), (1, "main", 1, "layers", 0)]
    assert found[()].seen == (range(2), range(3, 8), range(3, 8))
    whole = seen_of(layers, (2, 11, 11), (2,), (0, 5, 5))
    inner = [(1, "main", 0), (1, "main", 1, "layers", 0), (1, "main", 1, "layers", 1), (1, "main", 1)]
    assert list(whole) == [(), (0,), *inner, (1,), (2,)]
    assert whole[(0,)].seen == (range(2), range(3, 8), range(3, 8))


def test_groups_and_neighbouring_channels() -> None:
    depthwise = Conv2d(out_channels=8, kernel_size=3, groups=4)
    assert seen_of((depthwise,), (4, 5, 5), (0,), (5, 0, 0))[()].seen == (range(2, 3), range(3), range(3))
    normed = seen_of((LocalResponseNorm(size=4),), (9, 2, 2), (0,), (5, 0, 0))[()]
    assert normed.seen == (range(3, 7), range(1), range(1))


def test_a_flattened_unit_keeps_its_place() -> None:
    found = seen_of((Flatten(), ReLU(), Linear(out_features=2)), (2, 3, 4), (1,), (17,))
    assert found[()].seen == (range(1, 2), range(1, 2), range(1, 2))  # 17 = 1·12 + 1·4 + 1
    whole = seen_of((Flatten(), ReLU(), Linear(out_features=2)), (2, 3, 4), (2,), (0,))[()]
    assert whole.seen == (range(2), range(3), range(4))
    assert whole.whole


def test_sequences_see_the_past() -> None:
    def at(feature: int | None, **options: int) -> tuple[range, ...] | None:
        layers = (Embedding(num_embeddings=9, embedding_dim=4), LSTM(hidden_size=3, output="sequence", **options))
        return seen_of(layers, (12,), (1,), (5, feature))[()].seen

    assert at(2) == (range(6),)
    assert at(2, bidirectional=True) == (range(6),)
    assert at(3, bidirectional=True) == (range(5, 12),)
    assert at(None, bidirectional=True) == at(0, bidirectional=True, num_layers=2) == (range(12),)


def test_published_fields() -> None:
    """AlexNet 195 with stride 32, VGG-16 212 and 32, ResNet-18 435 and 32: Araujo et al.'s table, at the last map."""
    for layers, last, field in ((ALEXNET_ONE_TOWER, 12, 195), (VGG_16, 30, 212), (RESNET_18, 19, 435)):
        here, beside = (seen_of(layers, (3, 224, 224), (last,), (0, 3, column))[()].reach for column in (3, 4))
        assert [len(span) for span in here] == [3, field, field]
        assert beside[2].start - here[2].start == 32
        row = trace(layers, (3, 224, 224)).rows[last]
        assert (row.receptive_field, row.jump) == ((field, field), (32, 32))


@pytest.mark.parametrize("seed", range(10))
def test_the_reach_is_that_of_the_rows(seed: int) -> None:
    random = Random(seed)
    layers = tuple(
        Conv2d(out_channels=1, kernel_size=random.randint(1, 4), stride=random.randint(1, 2), padding=random.randint(0, 2))
        for _ in range(4)
    )
    row = trace(layers, (1, 64, 64)).rows[-1]
    assert row.receptive_field
    assert row.jump
    assert row.start
    unit = (0, *(random.randrange(size) for size in row.output[1:]))
    reach = seen_of(layers, (1, 64, 64), (3,), unit)[()].reach
    for axis in range(2):
        middle = row.start[axis] + unit[1 + axis] * row.jump[axis]
        half = (row.receptive_field[axis] - 1) / 2
        assert reach[1 + axis] == range(int(middle - half), int(middle + half) + 1)


def test_a_click_in_the_picture_finds_the_unit_above_it() -> None:
    layers = (Conv2d(out_channels=1, kernel_size=3, stride=2), MaxPool2d(kernel_size=2))
    row = trace(layers, (1, 30, 30)).rows[1]
    assert row.start == (2.0, 2.0)
    assert row.jump == (4, 4)
    for unit in ((0, 0), (3, 5), (6, 6)):
        centre = [2.0 + 4 * at for at in unit]
        assert unit_over(row, centre) == unit
        assert unit_over(row, [place + 1.9 for place in centre]) == unit
    assert unit_over(row, (-40, 400)) == (0, 6)
    assert unit_over(trace((Flatten(),), (1, 4, 4)).rows[0], (1, 1)) is None


def test_upsampling_and_adaptive_means_by_hand() -> None:
    up = ConvTranspose2d(out_channels=1, kernel_size=3, stride=2)
    assert seen_of((up,), (1, 4, 4), (0,), (0, 4, 3))[()].seen == (range(1), range(1, 3), range(1, 2))
    mean = AdaptiveAvgPool2d(output_size=3)
    assert seen_of((mean,), (1, 7, 7), (0,), (0, 1, 2))[()].seen == (range(1), range(2, 5), range(4, 7))


def test_what_cannot_be_asked() -> None:
    layers = (Conv2d(out_channels=2, kernel_size=3), Linear(in_features=5, out_features=1))
    for path in ((1,), (7,), (-1,), (0, "main", 0)):
        with pytest.raises(LookupError):
            patches(layers, (1, 9, 9), path, (0, 0, 0))
    for unit in ((0, 0), (2, 0, 0), (0, 0, -1), (0, 7, 0)):
        with pytest.raises(IndexError):
            patches(layers, (1, 9, 9), (0,), unit)
    assert seen_of(layers, (1, 9, 9), (0,), (None, 0, None))[()].seen == (range(1), range(3), range(9))
    assert seen_of(layers, (1, 9, 9), (), (0, 4, 4))[()].seen == (range(1), range(4, 5), range(4, 5))


@pytest.mark.timeout(5)
@pytest.mark.parametrize(
    ("layers", "shape", "unit"),
    [
        ((Flatten(), ReLU()), (1000, 1000, 1000), (5,)),
        ((Conv2d(out_channels=2**31 - 1, kernel_size=1),), (1, 4, 4), (0, 0, 0)),
        ((Conv1d(out_channels=1, kernel_size=2**31 - 1, padding=2**31 - 1),), (1, 4), (0, 0)),
        ((Conv1d(out_channels=1, kernel_size=2, dilation=2**30, padding=2**30),), (1, 4), (0, 0)),
    ],
)
def test_absurd_sizes_are_not_followed(layers: tuple[Layer, ...], shape: Shape, unit: UnitIndex) -> None:
    assert trace(layers, shape).problem is None
    assert patches(layers, shape, (len(layers) - 1,), unit) is None
    assert MOST_FOLLOWED < 2**30


def test_torch_is_not_asked() -> None:
    code = """
import sys
from engine.layers.catalog import Conv2d
from engine.networks.receptive import patches
assert patches((Conv2d(out_channels=1, kernel_size=3),), (1, 5, 5), (0,), (0, 1, 1))
assert "torch" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=GIVE_UP_S)
