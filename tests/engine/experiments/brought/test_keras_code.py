"""Keras code is translated by Keras' conventions. Shapes and counts are Keras' own, as its documentation and its guides print
them (keras.io/examples), or worked out by hand from its formulas; Keras is not needed here."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch

from engine.experiments.brought.keras_calls import BY_NAME, ORDER
from engine.experiments.brought.network_code import is_network_code, network_from_code
from engine.experiments.brought.written_code import BroughtError
from engine.layers.base import Shape
from engine.layers.kinds.activation import GELU, Dropout, LeakyReLU, ReLU, ReLU6, Sigmoid, Softmax
from engine.layers.kinds.convolution import Conv1d, Conv2d
from engine.layers.kinds.dense import Flatten, Linear
from engine.layers.kinds.normalization import BatchNorm1d, BatchNorm2d, LayerNorm
from engine.layers.kinds.permute import Permute
from engine.layers.kinds.pooling import AdaptiveAvgPool2d, AvgPool2d, MaxPool2d
from engine.layers.kinds.recurrent import GRU, LSTM, RNN
from engine.layers.kinds.transposed import ConvTranspose2d
from engine.networks.trace import Trace, trace
from engine.passes.modules import build

HEAD = "import keras\nfrom keras import layers\n"


def stacked(*layers: str, given: str = "") -> str:
    return f"{HEAD}model = keras.Sequential([{', '.join(filter(None, (given, *layers)))}])\n"


def traced(code: str) -> Trace:
    found = network_from_code(code)
    made = trace(found.layers, found.input)
    assert made.problem is None
    return made


MNIST = f"""{HEAD}
num_classes = 10
input_shape = (28, 28, 1)
model = keras.Sequential(
    [
        keras.Input(shape=input_shape),
        layers.Conv2D(32, kernel_size=(3, 3), activation="relu"),
        layers.MaxPooling2D(pool_size=(2, 2)),
        layers.Conv2D(64, kernel_size=(3, 3), activation="relu"),
        layers.MaxPooling2D(pool_size=(2, 2)),
        layers.Flatten(),
        layers.Dropout(0.5),
        layers.Dense(num_classes, activation="softmax"),
    ]
)
model.summary()
model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
model.fit(x_train, y_train, batch_size=128, epochs=15, validation_split=0.1)
"""


def test_the_network_of_keras_first_guide_has_the_numbers_that_its_summary_prints() -> None:
    """keras.io/examples/vision/mnist_convnet: 320, 18,496 and 16,010 parameters, 34,826 in all; 1600 after Flatten."""
    found = network_from_code(MNIST)
    assert found.framework == "keras" and found.whole and is_network_code(MNIST) and found.input == (1, 28, 28)
    rows = traced(MNIST).rows
    assert [row.parameters for row in rows if row.parameters] == [320, 18_496, 16_010]
    shapes = [row.output for row in rows]
    assert shapes == [
        *[(32, 26, 26)] * 2, (32, 13, 13), *[(64, 11, 11)] * 2, (64, 5, 5), *[(1600,)] * 2, *[(10,)] * 2,
    ]  # fmt: skip
    assert [type(layer).__name__ for layer in found.layers] == [
        *("Conv2d", "ReLU", "MaxPool2d", "Conv2d", "ReLU", "MaxPool2d", "Flatten", "Dropout", "Linear", "Softmax"),
    ]
    assert {note.code for note in found.notes} == {"flatten_order", "softmax_at_the_end"}


IMDB = """
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Embedding, LSTM, Bidirectional, Dense, InputLayer
model = Sequential(name="imdb")
model.add(InputLayer(input_shape=(200,)))
model.add(Embedding(20000, 128, input_length=200))
model.add(Bidirectional(LSTM(64, return_sequences=True)))
model.add(Bidirectional(LSTM(64)))
model.add(Dense(1, activation="sigmoid"))
"""


def test_recurrent_layers_have_one_bias_more_than_in_keras_and_that_is_said() -> None:
    """keras.io/examples/nlp/bidirectional_lstm_imdb: 2,560,000 + 98,816 + 98,816 + 129 = 2,757,761 parameters."""
    found = network_from_code(IMDB)
    more = [note.values["count"] for note in found.notes if note.code == "one_bias_in_keras"]
    assert more == [512, 512]  # 4 gates × 64 units × 2 directions
    assert traced(IMDB).parameters == 2_757_761 + sum(more)
    assert found.layers[1] == LSTM(hidden_size=64, bidirectional=True, output="sequence", forget_bias=1.0)
    assert found.layers[2] == LSTM(hidden_size=64, bidirectional=True, output="last", forget_bias=1.0)
    assert traced(IMDB).rows[1].output == (200, 128)


@pytest.mark.parametrize(
    ("layer", "parameters"),
    [
        ("layers.GRU(8)", 3 * (8 * 8 + 5 * 8 + 2 * 8)),  # keras: reset_after=True, so two biases as in torch
        ("layers.SimpleRNN(8, use_bias=False)", 8 * 8 + 5 * 8),
        ("layers.LSTM(8, use_bias=False)", 4 * (8 * 8 + 5 * 8)),
    ],
)
def test_the_parameters_of_recurrent_layers(layer: str, parameters: int) -> None:
    assert traced(stacked(layer, given="layers.Input((9, 5))")).parameters == parameters


def same_padding(length: int, kernel: int, stride: int) -> tuple[int, int]:
    """Keras' rule, written out again: ⌈W / S⌉ outputs, half of what is missing before, the rest after."""
    missing = max((int(np.ceil(length / stride)) - 1) * stride + kernel - length, 0)
    return missing // 2, missing - missing // 2


@pytest.mark.parametrize("length", [7, 8, 28, 31])
@pytest.mark.parametrize(("kernel", "stride"), [(3, 1), (3, 2), (5, 2), (4, 3), (2, 2), (1, 2)])
def test_same_padding_is_what_keras_pads(length: int, kernel: int, stride: int) -> None:
    code = stacked(
        f"layers.Conv2D(2, {kernel}, {stride}, 'same', use_bias=False)", given=f"layers.Input(({length}, {length}, 1))"
    )
    found = network_from_code(code)
    (layer,) = found.layers
    before, after = same_padding(length, kernel, stride)
    assert isinstance(layer, Conv2d) and layer.margins == ((before, after),) * 2
    x = torch.randn(1, 1, length, length, generator=torch.Generator().manual_seed(0))
    model = build(found.layers, found.input)
    padded = torch.nn.functional.pad(x, (before, after, before, after))
    wanted = torch.nn.functional.conv2d(padded, model[0].weight, stride=stride)  # type: ignore[arg-type]
    assert wanted.shape[-1] == -(-length // stride)
    torch.testing.assert_close(model(x), wanted)
    sides_differ = stride > 1 and before != after
    assert [note.code for note in found.notes] == (["same_with_stride"] if sides_differ else [])


@pytest.mark.parametrize("size", [(7, 8), (13, 10), (15, 15)])
@pytest.mark.parametrize(("kernel", "stride"), [(2, 2), (3, 2), (3, 1), (3, 3)])
@pytest.mark.parametrize("kind", ["Max", "Average"])
def test_poolings_with_same_padding_read_only_what_there_is(size: Shape, kernel: int, stride: int, kind: str) -> None:
    """Each window by hand: it begins before the input where Keras pads, and what lies outside counts for nothing."""
    height, width = size
    code = stacked(f"layers.{kind}Pooling2D({kernel}, {stride}, padding='same')", given=f"layers.Input(({height}, {width}, 1))")
    found = network_from_code(code)
    x = torch.randn(1, 1, *size, generator=torch.Generator().manual_seed(1))
    ours = build(found.layers, found.input)(x)[0, 0]
    starts = [same_padding(length, kernel, stride)[0] for length in size]
    wanted = torch.zeros(-(-height // stride), -(-width // stride))
    for row, column in np.ndindex(*wanted.shape):
        top, left = row * stride - starts[0], column * stride - starts[1]
        seen = x[0, 0, max(top, 0) : top + kernel, max(left, 0) : left + kernel]
        wanted[row, column] = seen.max() if kind == "Max" else seen.mean()
    torch.testing.assert_close(ours, wanted)


def test_a_pooling_that_torch_cannot_pad_so_is_refused() -> None:
    with pytest.raises(BroughtError, match=r"pads 0 cells before and 1 after") as refused:
        network_from_code(stacked("layers.MaxPooling2D(2, 1, padding='same')", given="layers.Input((8, 8, 1))"))
    assert refused.value.code == "pooling_sides"


@pytest.mark.parametrize(
    ("kernel", "stride", "padding"),
    [(4, 2, "same"), (2, 2, "same"), (3, 2, "same"), (3, 1, "same"), (1, 2, "same"), (3, 2, "valid"), (1, 3, "valid")],
)
def test_transposed_convolutions_have_keras_sizes(kernel: int, stride: int, padding: str) -> None:
    """keras.io: n·S with "same", n·S + max(K − S, 0) with "valid"."""
    code = stacked(f"layers.Conv2DTranspose(2, {kernel}, {stride}, padding='{padding}')", given="layers.Input((6, 6, 3))")
    found = network_from_code(code)
    wanted = 6 * stride if padding == "same" else 6 * stride + max(kernel - stride, 0)
    assert traced(code).output == (2, wanted, wanted)
    assert [note.code for note in found.notes] == (["transposed_same"] if (kernel, stride, padding) == (3, 2, "same") else [])


ONE = {
    "layers.BatchNormalization()": BatchNorm2d(eps=1e-3, momentum=0.01),
    "layers.BatchNormalization(momentum=0.9, epsilon=1e-5, center=False, scale=False)": BatchNorm2d(momentum=0.1, affine=False),
    "layers.MaxPooling2D()": MaxPool2d(kernel_size=2),
    "layers.MaxPool2D((3, 2), strides=2)": MaxPool2d(kernel_size=(3, 2), stride=2),
    "layers.AveragePooling2D(2)": AvgPool2d(kernel_size=2),
    "layers.Activation('relu6')": ReLU6(),
    "layers.ReLU(6)": ReLU6(),
    "layers.ReLU(negative_slope=0.1)": LeakyReLU(negative_slope=0.1),
    "layers.LeakyReLU()": LeakyReLU(negative_slope=0.3),
    "layers.LeakyReLU(alpha=0.2)": LeakyReLU(negative_slope=0.2),
    "layers.Activation('leaky_relu')": LeakyReLU(negative_slope=0.2),
    "layers.Activation(keras.activations.gelu)": GELU(),
    "layers.Softmax()": Softmax(dim=1),  # the channels, which come first here
    "layers.Dropout(rate=0.3, seed=1)": Dropout(p=0.3),
    "layers.Dense(5, use_bias=False)": Conv2d(out_channels=5, kernel_size=1, bias=False),
    "layers.DepthwiseConv2D(3, depth_multiplier=2)": Conv2d(out_channels=6, kernel_size=3, groups=3),
    "layers.Conv2D(4, (3, 5), dilation_rate=2, name='c')": Conv2d(out_channels=4, kernel_size=(3, 5), dilation=2),
    "layers.Conv2DTranspose(4, 2, strides=(2, 2))": ConvTranspose2d(out_channels=4, kernel_size=2, stride=2),
}


@pytest.mark.parametrize(("layer", "wanted"), ONE.items(), ids=list(ONE))
def test_one_layer_on_maps(layer: str, wanted: object) -> None:
    assert network_from_code(stacked(layer, given="keras.Input(shape=(20, 24, 3))")).layers == (wanted,)


SEVERAL = {
    "layers.GlobalAveragePooling2D()": (AdaptiveAvgPool2d(output_size=1), Flatten()),
    "layers.GlobalAveragePooling2D(keepdims=True)": (AdaptiveAvgPool2d(output_size=1),),
    "layers.SeparableConv2D(8, 3)": (
        Conv2d(out_channels=3, kernel_size=3, groups=3, bias=False),
        Conv2d(out_channels=8, kernel_size=1),
    ),
    "layers.Conv2D(4, 3, activation=layers.LeakyReLU(0.1))": (
        Conv2d(out_channels=4, kernel_size=3),
        LeakyReLU(negative_slope=0.1),
    ),
    "layers.ZeroPadding2D(((0, 1), (2, 0))), layers.Conv2D(4, 3)": (
        Conv2d(out_channels=4, kernel_size=3, padding=(0, 2), padding_after=(1, 0)),
    ),
    "layers.Rescaling(1.0 / 255), layers.RandomFlip('horizontal'), layers.Flatten()": (Flatten(),),
}


@pytest.mark.parametrize(("layer", "wanted"), SEVERAL.items(), ids=list(SEVERAL))
def test_one_layer_that_is_several_here(layer: str, wanted: object) -> None:
    assert network_from_code(stacked(layer, given="keras.Input(shape=(20, 24, 3))")).layers == wanted


def test_sequences_are_turned_where_channels_come_first_here() -> None:
    code = stacked(
        "layers.Embedding(50, 8)",
        "layers.Conv1D(6, 3, padding='causal', activation='relu')",
        "layers.GRU(4)",
        "layers.Dense(2)",
        given="layers.Input((12,))",
    )
    found = network_from_code(code)
    turn = Permute(dims=(0, 2, 1))
    causal = Conv1d(out_channels=6, kernel_size=3, padding=2, padding_after=0)
    assert found.layers[1:] == (turn, causal, ReLU(), turn, GRU(hidden_size=4), Linear(out_features=2))
    assert traced(code).output == (2,)
    begins = network_from_code(stacked("layers.Conv1D(6, 3)", given="layers.Input((100, 4))"))
    assert begins.input == (4, 100) and begins.layers == (Conv1d(out_channels=6, kernel_size=3),)
    stays = network_from_code(
        stacked("layers.SimpleRNN(6, 'relu')", "layers.LayerNormalization()", given="layers.Input((100, 4))")
    )
    assert stays.input == (100, 4)
    assert stays.layers == (RNN(hidden_size=6, nonlinearity="relu"), LayerNorm(normalized_shape=6, eps=1e-3))
    dense = network_from_code(stacked("layers.Dense(6)", "layers.BatchNormalization()", given="layers.Input((7,))"))
    assert dense.input == (7,) and dense.layers[-1] == BatchNorm1d(eps=1e-3, momentum=0.01)


def test_a_reshape_before_all_layers_is_the_input() -> None:
    found = network_from_code(stacked("layers.Reshape((28, 28, 1))", "layers.Conv2D(2, 3)", given="layers.Input((784,))"))
    assert found.input == (1, 28, 28) and found.layers == (Conv2d(out_channels=2, kernel_size=3),)
    with pytest.raises(BroughtError, match="before all other layers"):
        network_from_code(stacked("layers.Dense(784)", "layers.Reshape((28, 28, 1))", given="layers.Input((9,))"))


def test_a_network_that_does_not_say_its_input_takes_one_and_says_so() -> None:
    bare = stacked("layers.Conv2D(4, 3)", "layers.Flatten()", "layers.Dense(2)")
    found = network_from_code(bare)
    assert found.input == (1, 28, 28) and "input_chosen" in {note.code for note in found.notes}
    assert network_from_code(bare, before=(3, 32, 40)).input == (3, 32, 40)
    openly = network_from_code(stacked("layers.Embedding(9, 3)", "layers.LSTM(2)", given="keras.Input((None,))"))
    assert openly.input == (20,) and "open_input" in {note.code for note in openly.notes}
    assert network_from_code(stacked("layers.Dense(3, input_dim=5)")).input == (5,)


def test_blocks_and_names_for_layers_are_followed() -> None:
    code = f"""{HEAD}
augment = keras.Sequential([layers.RandomFlip("horizontal"), layers.RandomRotation(0.1)])
head = layers.Dense(3)
model = keras.Sequential()
model.add(keras.Input(shape=(8, 8, 1)))
model.add(augment)
model.add(keras.Sequential([layers.Flatten(), layers.Dense(4, activation="relu")]))
model.add(head)
model.build()
"""
    assert network_from_code(code).layers == (Flatten(), Linear(out_features=4), ReLU(), Linear(out_features=3))


REFUSED = {
    stacked("layers.Dense(3, activation='swish')"): "keras_activation",
    stacked("layers.ELU()"): "keras_layer",
    stacked("layers.Dens(3)"): "no_such_layer_near",
    stacked("layers.Dense(unit=3)"): "no_such_argument_near",
    stacked("layers.Dense()"): "keras_missing",
    stacked("layers.Dense(0)"): "keras_value",
    stacked("layers.Conv2D(3, 3, data_format='channels_first')"): "keras_value",
    stacked("layers.Conv2D(3, 3, padding='full')"): "keras_value",
    stacked("layers.GRU(3, reset_after=False)"): "keras_value",
    stacked("layers.LSTM(3, activation='relu')"): "keras_value",
    stacked("layers.LSTM(3, recurrent_activation='hard_sigmoid')"): "keras_value",
    stacked("layers.LSTM(3, stateful=True)"): "keras_value",
    stacked("layers.Bidirectional(layers.LSTM(3), merge_mode='sum')"): "keras_value",
    stacked("layers.BatchNormalization(axis=1)", given="layers.Input((8, 8, 3))"): "keras_value",
    stacked("layers.BatchNormalization(scale=False)", given="layers.Input((8, 8, 3))"): "keras_value",
    stacked("layers.LayerNormalization()", given="layers.Input((8, 8, 3))"): "norm_over_channels",
    stacked("layers.ZeroPadding2D()", "layers.MaxPooling2D()", given="layers.Input((8, 8, 3))"): "margin_alone",
    stacked("layers.Dense(width)"): "no_value",
    stacked("MyLayer(3)"): "keras_layer",
    stacked("block"): "no_keras_layer",
    stacked("layers.Dense(3, use_bias='yes')"): "keras_value",
    stacked("layers.Dense(True)"): "keras_value",
    stacked("layers.Bidirectional(layers.LSTM('many'))", given="layers.Input((8, 3))"): "keras_value",
    stacked("layers.Conv2D(3, 3, padding=1)"): "keras_value",
    stacked("layers.BatchNormalization(scale=[1])"): "keras_value",
    stacked("layers.Dropout('a lot')"): "keras_value",
    stacked("layers.ZeroPadding2D((1.5, 1))", given="layers.Input((8, 8, 3))"): "keras_value",
    f"{HEAD}inputs = keras.Input((3,))\nx = layers.Dense(3)(inputs)\nmodel = keras.Model(inputs, x)": "functional",
    f"{HEAD}class Net(keras.Model):\n    def call(self, x):\n        return x": "keras_class",
    f"{HEAD}model = keras.Sequential()\nfor n in (3, 4):\n    model.add(layers.Dense(n))": "changed",
    f"{HEAD}model = keras.Sequential([layers.Dense(3)])\nmodel.pop()": "changed",
    f"{HEAD}a = keras.Sequential([layers.Dense(3)])\nb = keras.Sequential([layers.Dense(3)])": "several_networks",
    f"{HEAD}def make():\n    return keras.Sequential([layers.Dense(3)])": "not_at_the_top",
    f"{HEAD}x = 3": "no_network",
}


@pytest.mark.parametrize(
    ("text", "code"), REFUSED.items(), ids=[f"{number} {code}" for number, code in enumerate(REFUSED.values())]
)
def test_what_cannot_be_translated_is_refused_with_a_sentence(text: str, code: str) -> None:
    with pytest.raises(BroughtError) as refused:
        network_from_code(text)
    assert refused.value.code == code
    said, korean = refused.value.message("en"), refused.value.message("ko")
    assert not re.search(r"\{\w+\}", said) and korean != said
    assert code in ("no_network", "several_networks") or (re.search(r"Line \d+", said) and re.search(r"\d+번째 줄", korean))


def test_activations_and_dropouts_of_cells_are_told_apart() -> None:
    found = network_from_code(stacked("layers.LSTM(3, dropout=0.2, recurrent_dropout=0.1)", given="layers.Input((5, 2))"))
    left = [note.values["argument"] for note in found.notes if note.code == "argument_left_out"]
    assert left == ["dropout", "recurrent_dropout"]
    assert network_from_code(stacked("layers.Dense(1, 'sigmoid')", given="layers.Input((5,))")).layers[-1] == Sigmoid()


def test_no_argument_is_known_twice() -> None:
    assert all(not set(names) & set(ORDER[name]) for name, names in BY_NAME.items())
