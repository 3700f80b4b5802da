"""A new layer of each kind to insert into a network, with values that fit its input and have a visible effect.

Called by the stack's card.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.layers.base import Layer, Shape
from engine.layers.catalog import KINDS, AnyLayer, Concat, Residual, Sequential
from engine.layers.fitting import FIRST_MAPS
from engine.layers.kinds.activation import ReLU
from engine.layers.kinds.convolution import Conv1d, Conv2d, Conv3d
from engine.layers.kinds.dense import Linear
from engine.layers.kinds.embedding import Embedding
from engine.layers.kinds.normalization import LayerNorm, LocalResponseNorm
from engine.layers.kinds.pooling import AdaptiveAvgPool2d, AvgPool1d, AvgPool2d, AvgPool3d, MaxPool1d, MaxPool2d, MaxPool3d
from engine.layers.kinds.recurrent import GRU, LSTM, RNN
from engine.layers.kinds.transposed import ConvTranspose1d, ConvTranspose2d

MOST_FRESH_MAPS = 512  # of a convolution: as many as its input has, from FIRST_MAPS to so many
_CLASSES, _HIDDEN, _VOCABULARY, _FEATURES = 10, 32, 100, 16


def fresh(kind: str, shape: Shape | None) -> AnyLayer:
    """A layer of `kind`, one of `engine.layers.catalog.KINDS`, for an input of `shape` (None if it is not known)."""
    channels = shape[0] if shape else FIRST_MAPS
    maps = min(max(channels, FIRST_MAPS), MOST_FRESH_MAPS)
    inner: AnyLayer = Conv2d(out_channels=channels, kernel_size=3, padding=1)
    sides: tuple[AnyLayer, ...] = (
        Conv2d(out_channels=maps, kernel_size=1),
        Conv2d(out_channels=maps, kernel_size=3, padding=1),
    )
    if shape is not None and len(shape) != 3:
        inner = Linear(out_features=shape[-1])
        sides = (inner, inner)
    made: dict[type[Layer], Callable[[], AnyLayer]] = {
        Conv1d: lambda: Conv1d(out_channels=maps, kernel_size=3, padding=1),
        Conv2d: lambda: Conv2d(out_channels=maps, kernel_size=3, padding=1),
        Conv3d: lambda: Conv3d(out_channels=maps, kernel_size=3, padding=1),
        ConvTranspose1d: lambda: ConvTranspose1d(out_channels=maps, kernel_size=2, stride=2),
        ConvTranspose2d: lambda: ConvTranspose2d(out_channels=maps, kernel_size=2, stride=2),
        MaxPool1d: lambda: MaxPool1d(kernel_size=2),
        MaxPool2d: lambda: MaxPool2d(kernel_size=2),
        MaxPool3d: lambda: MaxPool3d(kernel_size=2),
        AvgPool1d: lambda: AvgPool1d(kernel_size=2),
        AvgPool2d: lambda: AvgPool2d(kernel_size=2),
        AvgPool3d: lambda: AvgPool3d(kernel_size=2),
        AdaptiveAvgPool2d: lambda: AdaptiveAvgPool2d(output_size=1),
        Linear: lambda: Linear(out_features=_CLASSES),
        LayerNorm: lambda: LayerNorm(normalized_shape=shape or (channels,)),
        LocalResponseNorm: lambda: LocalResponseNorm(size=5),
        Embedding: lambda: Embedding(num_embeddings=_VOCABULARY, embedding_dim=_FEATURES),
        RNN: lambda: RNN(hidden_size=_HIDDEN),
        LSTM: lambda: LSTM(hidden_size=_HIDDEN),
        GRU: lambda: GRU(hidden_size=_HIDDEN),
        Sequential: lambda: Sequential(layers=(inner, ReLU())),
        Residual: lambda: Residual(main=(inner, ReLU(), inner)),
        Concat: lambda: Concat(branches=(sides[:1], sides[1:])),
    }
    found = KINDS[kind]
    return made[found]() if found in made else found()  # type: ignore[return-value]  # the rest needs no number
