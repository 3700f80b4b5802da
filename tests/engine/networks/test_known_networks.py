"""Totals, receptive fields and course figures that must come out to the digit. Sources: torchvision's published parameter
counts, fvcore's MACs, Araujo et al. (Distill 2019), and the figures of the courses, checked by hand."""

from __future__ import annotations

import pytest

from engine.layers.base import Layer, Shape
from engine.layers.catalog import GRU, LSTM, RNN, Concat, Conv2d, Embedding, Linear, MaxPool2d, ReLU
from engine.networks.trace import Trace, trace
from tests.engine import known_networks


def clean(layers: tuple[Layer, ...], shape: Shape) -> Trace:
    traced = trace(layers, shape)
    assert traced.problem is None
    return traced


@pytest.mark.parametrize(
    ("layers", "shape", "parameters", "macs"),
    [
        pytest.param(known_networks.PIPELINE, (1, 28, 28), 126_090, 577_024, id="28x28 pipeline"),
        pytest.param(known_networks.LENET_5, (1, 28, 28), 61_706, 416_520, id="LeNet-5"),
        pytest.param(known_networks.ALEXNET_ONE_TOWER, (3, 224, 224), 61_100_840, 714_188_480, id="AlexNet, one tower"),
        pytest.param(known_networks.ALEXNET_2012, (3, 227, 227), 60_965_224, 724_406_816, id="AlexNet, 2012"),
        pytest.param(known_networks.VGG_11, (3, 224, 224), 132_863_336, 7_609_090_048, id="VGG-11"),
        pytest.param(known_networks.VGG_13, (3, 224, 224), 133_047_848, 11_308_466_176, id="VGG-13"),
        pytest.param(known_networks.VGG_16, (3, 224, 224), 138_357_544, 15_470_264_320, id="VGG-16"),
        pytest.param(known_networks.VGG_19, (3, 224, 224), 143_667_240, 19_632_062_464, id="VGG-19"),
        pytest.param(known_networks.RESNET_18, (3, 224, 224), 11_689_512, 1_814_073_344, id="ResNet-18"),
        pytest.param(known_networks.RESNET_34, (3, 224, 224), 21_797_672, 3_663_761_408, id="ResNet-34"),
    ],
)
def test_totals(layers: tuple[Layer, ...], shape: Shape, parameters: int, macs: int) -> None:
    traced = clean(layers, shape)
    assert (traced.parameters, traced.macs) == (parameters, macs)
    assert traced.output == ((10,) if parameters < 200_000 else (1000,))


def test_the_pipeline_layer_by_layer() -> None:
    convolution, _, pool, _, linear = clean(known_networks.PIPELINE, (1, 28, 28)).rows
    assert (convolution.output, convolution.parameters, convolution.macs) == ((64, 28, 28), 640, 451_584)
    assert pool.output == (64, 14, 14)
    assert linear.parameters == 125_450  # course notes say 125,440: they forget the biases


def last_pool(layers: tuple[Layer, ...], shape: Shape) -> tuple[object, object, object]:
    row = [row for row in clean(layers, shape).rows if row.type == "MaxPool2d"][-1]
    return row.receptive_field, row.jump, row.start


def test_receptive_fields() -> None:
    """AlexNet 195, step 32; VGG-16 212, step 32 (Araujo et al., table 1)."""
    assert last_pool(known_networks.ALEXNET_ONE_TOWER, (3, 224, 224))[:2] == ((195, 195), (32, 32))
    assert last_pool(known_networks.VGG_16, (3, 224, 224))[:2] == ((212, 212), (32, 32))


def test_receptive_field_through_shortcuts() -> None:
    """ResNet-18's last block: 435, step 32, by Araujo et al.'s formula along the main path."""
    last = [row for row in clean(known_networks.RESNET_18, (3, 224, 224)).rows if row.type == "Residual"][-1]
    assert (last.receptive_field, last.jump) == ((435, 435), (32, 32))


def test_no_position_after_the_fully_connected() -> None:
    rows = clean(known_networks.PIPELINE, (1, 28, 28)).rows
    assert rows[2].receptive_field == (4, 4)
    assert [row.receptive_field for row in rows[3:]] == [None, None]
    assert [row.jump for row in rows[3:]] == [None, None]


@pytest.mark.parametrize(
    ("layer", "shape", "output", "parameters"),
    [
        (Conv2d(out_channels=32, kernel_size=5), (192, 28, 28), (32, 24, 24), 153_632),
        (Conv2d(out_channels=7, kernel_size=3, bias=False), (3, 4, 4), (7, 2, 2), 189),
        (Conv2d(out_channels=7, kernel_size=3), (3, 4, 4), (7, 2, 2), 196),
        (Conv2d(out_channels=4, kernel_size=5), (3, 32, 32), (4, 28, 28), 304),
        (Conv2d(out_channels=1, kernel_size=(1, 3), padding=(0, 1)), (1, 1, 5), (1, 1, 5), 4),
        (MaxPool2d(kernel_size=2, stride=2), (64, 28, 28), (64, 14, 14), 0),
        (Embedding(num_embeddings=10_000, embedding_dim=300), (20,), (20, 300), 3_000_000),
        (Linear(out_features=10), (64 * 14 * 14,), (10,), 125_450),
    ],
)
def test_course_figures(layer: Layer, shape: Shape, output: Shape, parameters: int) -> None:
    row = clean((layer,), shape).rows[0]
    assert (row.output, row.parameters) == (output, parameters)


def test_a_course_figure_that_is_wrong() -> None:
    """5x5x3x4 + 5x5x4x10 weights are 1,300; course notes say 300,000."""
    first = clean((Conv2d(out_channels=4, kernel_size=5, bias=False),), (3, 28, 28)).parameters
    second = clean((Conv2d(out_channels=10, kernel_size=5, bias=False),), (4, 28, 28)).parameters
    assert first + second == 1_300


def test_two_small_filters_against_one_large() -> None:
    """Two 3x3 layers have fewer weights than one 5x5 for equal channels, and more from one channel to many."""

    def weights(channels: int, *sizes: int) -> int:
        layers = tuple(Conv2d(out_channels=64, kernel_size=size, bias=False) for size in sizes)
        return clean(layers, (channels, 9, 9)).parameters

    assert weights(64, 3, 3) < weights(64, 5)
    assert weights(1, 3, 3) > weights(1, 5)
    assert weights(3, 3, 3) > weights(3, 5)


def test_recurrent_parameters() -> None:
    """torch: 4(DH + H² + 2H) for an LSTM; a bidirectional network has twice the weights only with one layer."""
    d, h = 28, 128
    one = {kind: clean((kind(hidden_size=h),), (28, d)).rows[0] for kind in (RNN, GRU, LSTM)}
    assert [row.parameters for row in one.values()] == [gates * (d * h + h * h + 2 * h) for gates in (1, 3, 4)]
    assert one[LSTM].macs == 28 * 4 * h * (d + h)

    def ratio(layers: int) -> float:
        both = clean((LSTM(hidden_size=h, num_layers=layers, bidirectional=True),), (28, d)).parameters
        return both / clean((LSTM(hidden_size=h, num_layers=layers),), (28, d)).parameters

    assert ratio(1) == 2
    assert ratio(2) > 2


def test_an_inception_block() -> None:
    """GoogLeNet's 3a (Szegedy et al., 2014, table 1): 192 channels to 64 + 128 + 32 + 32 = 256."""

    def conv(channels: int, size: int) -> Conv2d:
        return Conv2d(out_channels=channels, kernel_size=size, padding=size // 2)

    block = Concat(
        branches=(
            (conv(64, 1), ReLU()),
            (conv(96, 1), ReLU(), conv(128, 3), ReLU()),
            (conv(16, 1), ReLU(), conv(32, 5), ReLU()),
            (MaxPool2d(kernel_size=3, stride=1, padding=1), conv(32, 1), ReLU()),
        )
    )
    row = clean((block,), (192, 28, 28)).rows[0]
    assert row.output == (256, 28, 28)
    weights = 192 * 64 + (192 * 96 + 9 * 96 * 128) + (192 * 16 + 25 * 16 * 32) + 192 * 32
    assert row.parameters == weights + 64 + (96 + 128) + (16 + 32) + 32
    assert (row.receptive_field, row.jump) == ((5, 5), (1, 1))
    assert [name for name, _ in row.inside] == ["branches[0]", "branches[1]", "branches[2]", "branches[3]"]
