"""A layer in a few words: its kind, the numbers that tell it apart, nothing that is as it would be anyway."""

import pytest

from engine.layers.catalog import (
    GRU,
    LSTM,
    RNN,
    AdaptiveAvgPool2d,
    AdaptiveMaxPool2d,
    AvgPool2d,
    BatchNorm2d,
    Concat,
    Conv1d,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Embedding,
    Flatten,
    GroupNorm,
    LayerNorm,
    LeakyReLU,
    Linear,
    LocalResponseNorm,
    MaxPool2d,
    Permute,
    ReLU,
    Residual,
    Sequential,
    Softmax,
    Upsample,
)
from engine.layers.layer_text import short
from engine.words import LANGUAGES, table


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (Conv2d(out_channels=64, kernel_size=11, stride=4, padding=2), "Conv2d 64, 11×11, s4, p2"),
        (Conv2d(out_channels=8, kernel_size=(3, 5), padding="same"), "Conv2d 8, 3×5, same"),
        (Conv2d(out_channels=8, kernel_size=3, padding=(1, 2), dilation=2, groups=2), "Conv2d 8, 3×3, p1×2, d2, g2"),
        (Conv2d(out_channels=8, kernel_size=3, padding="same", padding_mode="reflect"), "Conv2d 8, 3×3, same, reflect"),
        (Conv2d(out_channels=8, kernel_size=3, padding=0, padding_after=1), "Conv2d 8, 3×3, then p1"),
        (Conv2d(in_channels=3, out_channels=8, kernel_size=1, bias=False), "Conv2d 8, 1×1"),
        (Conv1d(out_channels=8, kernel_size=3, stride=2), "Conv1d 8, 3, s2"),
        (ConvTranspose2d(out_channels=8, kernel_size=3, stride=2, output_padding=1), "ConvTranspose2d 8, 3×3, s2, op1"),
        (MaxPool2d(kernel_size=3, stride=2), "MaxPool2d 3, s2"),
        (MaxPool2d(kernel_size=2, stride=2), "MaxPool2d 2"),
        (MaxPool2d(kernel_size=2), "MaxPool2d 2"),
        (AvgPool2d(kernel_size=(2, 3), stride=1, ceil_mode=True), "AvgPool2d 2×3, s1, ceil"),
        (AdaptiveAvgPool2d(output_size=6), "AdaptiveAvgPool2d 6"),
        (AdaptiveAvgPool2d(output_size=(None, 6)), "AdaptiveAvgPool2d –×6"),
        (Linear(out_features=4096), "Linear 4096"),
        (Linear(in_features=9216, out_features=4096, bias=False), "Linear 4096"),
        (Flatten(), "Flatten"),
        (Flatten(start_dim=2), "Flatten from 2"),
        (Dropout(), "Dropout 0.5"),
        (LeakyReLU(), "LeakyReLU 0.01"),
        (Softmax(dim=1), "Softmax dim 1"),
        (ReLU(), "ReLU"),
        (BatchNorm2d(num_features=3, momentum=None), "BatchNorm2d"),
        (LayerNorm(normalized_shape=(4, 5)), "LayerNorm 4×5"),
        (LocalResponseNorm(size=5, k=2.0), "LocalResponseNorm 5"),
        (Embedding(num_embeddings=14, embedding_dim=16), "Embedding 14, 16"),
        (LSTM(hidden_size=32), "LSTM 32, last"),
        (LSTM(hidden_size=32, proj_size=8, num_layers=2, output="sequence"), "LSTM 32, 2 layers, proj 8, sequence"),
        (RNN(hidden_size=8, nonlinearity="relu"), "RNN 8, relu, last"),
        (GRU(hidden_size=8, bidirectional=True), "GRU 8, bidirectional, last"),
        (Residual(main=(ReLU(),)), "Residual"),
        (Concat(branches=((ReLU(),), ())), "Concat"),
        (Sequential(layers=(ReLU(),)), "Sequential"),
        (Permute(dims=(0, 2, 1)), "Permute 0, 2, 1"),
        (Upsample(scale_factor=2), "Upsample 2"),
        (Upsample(scale_factor=2, mode="bilinear", align_corners=True), "Upsample 2, bilinear, corners"),
        (GroupNorm(num_groups=4), "GroupNorm 4"),
        (AdaptiveMaxPool2d(output_size=(2, None)), "AdaptiveMaxPool2d 2×–"),
    ],
)
def test_short(layer, text):
    assert short(layer) == text


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (LSTM(hidden_size=32, bidirectional=True), "LSTM 32, 양방향, 마지막 출력"),
        (GRU(hidden_size=8, num_layers=2, output="sequence"), "GRU 8, 2층, 모든 출력"),
        (Conv2d(out_channels=8, kernel_size=3, padding="same", padding_mode="reflect"), "Conv2d 8, 3×3, 같은 크기, 반사"),
        (Flatten(start_dim=2, end_dim=3), "Flatten 2번 축부터, 3번 축까지"),
        (RNN(hidden_size=8, nonlinearity="relu"), "RNN 8, relu, 마지막 출력"),
        (Linear(out_features=10), "Linear 10"),
    ],
)
def test_short_in_korean(layer, text):
    assert short(layer, "ko") == text


def test_the_words_of_options_are_there_in_both_languages():
    for code, entry in table("layer_text").items():
        assert entry.keys() == set(LANGUAGES), code
        assert ("{value}" in entry["en"]) == ("{value}" in entry["ko"])
