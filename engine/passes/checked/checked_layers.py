"""The layers whose gradients are checked: at least one of every kind, small enough that every number is moved.

Each case says what is special about it as a code (`assets/words/board_backpropagation.toml`, "note."): a kink, tokens, a mask,
the batch's own mean. No torch here. Called by `gradient_check`.
"""

from __future__ import annotations

from typing import NamedTuple

from engine.foundations.boards.backpropagation.checked_gradients import CheckNote
from engine.layers.base import Shape
from engine.layers.catalog import KINDS, AnyLayer, Concat, Residual, Sequential
from engine.layers.kinds.activation import GELU, Dropout, Identity, LeakyReLU, ReLU, ReLU6, Sigmoid, Softmax, Tanh
from engine.layers.kinds.convolution import Conv1d, Conv2d, Conv3d
from engine.layers.kinds.dense import Flatten, Linear
from engine.layers.kinds.embedding import Embedding
from engine.layers.kinds.normalization import BatchNorm1d, BatchNorm2d, GroupNorm, LayerNorm, LocalResponseNorm
from engine.layers.kinds.permute import Permute
from engine.layers.kinds.pooling import (
    AdaptiveAvgPool1d,
    AdaptiveAvgPool2d,
    AdaptiveMaxPool2d,
    AvgPool1d,
    AvgPool2d,
    AvgPool3d,
    MaxPool1d,
    MaxPool2d,
    MaxPool3d,
)
from engine.layers.kinds.recurrent import GRU, LSTM, RNN
from engine.layers.kinds.transposed import ConvTranspose1d, ConvTranspose2d
from engine.layers.kinds.upsample import Upsample


class CheckCase(NamedTuple):
    """A layer for an input of this shape, without the batch. `kinks` are the inputs at which its slope jumps."""

    layer: AnyLayer
    input: Shape
    note: CheckNote = ""
    kinks: tuple[float, ...] = ()


CASES: tuple[CheckCase, ...] = (
    CheckCase(Conv1d(out_channels=3, kernel_size=3, stride=2, padding=1), (2, 7)),
    CheckCase(Conv2d(out_channels=2, kernel_size=3, padding=1), (2, 4, 4)),
    CheckCase(Conv2d(out_channels=4, kernel_size=(2, 3), stride=2, dilation=(1, 2), groups=2), (2, 4, 6)),
    CheckCase(Conv2d(out_channels=1, kernel_size=3, padding=1, padding_mode="circular"), (1, 4, 4)),
    CheckCase(Conv3d(out_channels=2, kernel_size=2), (1, 3, 3, 3)),
    CheckCase(ConvTranspose1d(out_channels=2, kernel_size=3, stride=2), (2, 4)),
    CheckCase(ConvTranspose2d(out_channels=2, kernel_size=3, stride=2, padding=1), (2, 3, 3)),
    CheckCase(MaxPool1d(kernel_size=2), (2, 6), "ties"),
    CheckCase(MaxPool2d(kernel_size=3, stride=2, padding=1), (2, 5, 5), "ties"),
    CheckCase(MaxPool3d(kernel_size=2), (1, 4, 4, 2), "ties"),
    CheckCase(AvgPool1d(kernel_size=3, stride=1), (2, 5)),
    CheckCase(AvgPool2d(kernel_size=2, padding=1), (2, 4, 4)),
    CheckCase(AvgPool3d(kernel_size=2), (1, 4, 2, 2)),
    CheckCase(AdaptiveAvgPool1d(output_size=2), (2, 5)),
    CheckCase(AdaptiveAvgPool2d(output_size=2), (2, 4, 5)),
    CheckCase(AdaptiveMaxPool2d(output_size=2), (2, 4, 5), "ties"),
    CheckCase(Upsample(scale_factor=2), (2, 3, 3)),
    CheckCase(Upsample(scale_factor=2, mode="bilinear"), (1, 3, 3)),
    CheckCase(Linear(out_features=4), (5,)),
    CheckCase(Flatten(), (2, 3, 2)),
    CheckCase(Permute(dims=(0, 2, 1)), (3, 4)),
    CheckCase(ReLU(), (12,), "kink", (0.0,)),
    CheckCase(ReLU6(), (12,), "kink", (0.0, 6.0)),
    CheckCase(LeakyReLU(), (12,), "kink", (0.0,)),
    CheckCase(Sigmoid(), (12,)),
    CheckCase(Tanh(), (12,)),
    CheckCase(GELU(), (12,)),
    CheckCase(GELU(approximate="tanh"), (12,)),
    CheckCase(Softmax(), (6,)),
    CheckCase(Identity(), (6,)),
    CheckCase(BatchNorm1d(), (4,), "batch"),
    CheckCase(BatchNorm2d(), (2, 3, 3), "batch"),
    CheckCase(LayerNorm(normalized_shape=6), (6,)),
    CheckCase(LayerNorm(normalized_shape=(3, 4)), (3, 4)),
    CheckCase(GroupNorm(num_groups=2), (4, 2, 3)),
    CheckCase(LocalResponseNorm(size=3), (5, 2, 2)),
    CheckCase(Dropout(p=0.4), (12,), "mask"),
    CheckCase(Embedding(num_embeddings=6, embedding_dim=3), (5,), "tokens"),
    CheckCase(RNN(hidden_size=3), (4, 2)),
    CheckCase(RNN(hidden_size=2, num_layers=2, bidirectional=True, output="sequence"), (3, 2)),
    CheckCase(LSTM(hidden_size=3), (4, 2)),
    CheckCase(LSTM(hidden_size=2, num_layers=2, bidirectional=True, output="sequence"), (3, 2)),
    CheckCase(GRU(hidden_size=3), (4, 2)),
    CheckCase(GRU(hidden_size=2, bidirectional=True, output="sequence"), (3, 2)),
    CheckCase(Sequential(layers=(Linear(out_features=4), Tanh(), Linear(out_features=2))), (3,)),
    CheckCase(
        Residual(main=(Conv2d(out_channels=2, kernel_size=3, padding=1), GELU(), Conv2d(out_channels=2, kernel_size=1))),
        (2, 3, 3),
    ),
    CheckCase(
        Concat(branches=((Conv2d(out_channels=1, kernel_size=1),), (Conv2d(out_channels=2, kernel_size=3, padding=1),))),
        (2, 3, 3),
    ),
)


def cases_of(kind: str) -> tuple[CheckCase, ...]:
    """The layers of one kind that are checked."""
    return tuple(case for case in CASES if type(case.layer).__name__ == kind)


CHECKED_KINDS: tuple[str, ...] = tuple(KINDS)  # a test holds that each has a case
