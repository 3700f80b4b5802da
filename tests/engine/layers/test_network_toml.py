"""Layers as TOML text: byte for byte as files have it, there and back, and what is wrong with a text."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.experiments.experiment import parse
from engine.layers.catalog import BatchNorm2d, Concat, Conv2d, Dropout, ReLU, Residual, Sequential
from engine.layers.network_toml import layers_from_text, layers_to_text, network_to_text
from engine.toml_text import TomlError
from tests.engine.known_networks import ALEXNET_2012, RESNET_34
from tests.engine.layers.random_layers import random_stack

NETWORK = (
    Conv2d(out_channels=4, kernel_size=(3, 1), padding="same"),
    Residual(main=(Sequential(name='a "b"', layers=(BatchNorm2d(momentum=None), ReLU())),)),
    Concat(branches=((Dropout(p=0.25),), ())),
)
TEXT = """layers = [
  { type = "Conv2d", out_channels = 4, kernel_size = [3, 1], padding = "same" },
  { type = "Residual", main = [
    { type = "Sequential", name = "a \\"b\\"", layers = [
      { type = "BatchNorm2d", momentum = "none" },
      { type = "ReLU" },
    ] },
  ] },
  { type = "Concat", branches = [
    [
      { type = "Dropout", p = 0.25 },
    ],
    [],
  ] },
]
"""


def test_the_text_is_as_it_always_was() -> None:
    assert layers_to_text(NETWORK) == "[network]\n" + TEXT
    assert network_to_text("x", (3, 8, 8), NETWORK) == 'name = "x"\n\n[network]\ninput = [3, 8, 8]\n' + TEXT
    assert layers_from_text(TEXT) == NETWORK


@pytest.mark.parametrize("layers", [(), ALEXNET_2012, RESNET_34, NETWORK, (BatchNorm2d(momentum=None), Dropout(p=0.1))])
def test_layers_there_and_back(layers: Any) -> None:
    assert layers_from_text(layers_to_text(layers)) == layers


@given(st.integers(0, 2**32))
def test_any_network_there_and_back(seed: int) -> None:
    layers = random_stack(Random(seed), (3, 8, 8), 5, wild=0.0)
    assert layers_from_text(layers_to_text(layers)) == layers


def test_an_experiment_reads_it_too() -> None:
    assert parse(layers_to_text(ALEXNET_2012)).network.layers == ALEXNET_2012


@pytest.mark.parametrize(
    "text",
    [
        '[[network.layers]]\ntype = "ReLU"\n',
        '[[layers]]\ntype = "ReLU"\n',
        'layers = [{ type = "ReLU" }]',
        'type = "ReLU"',
        'name = "x"\n[data]\nname = "digits"\n[[network.layers]]\ntype = "ReLU"\n[training]\nlr = 3\n',
        '\ufefflab = "network"\nlayers = [{ type = "ReLU" }]',
    ],
)
def test_as_people_write_it(text: str) -> None:
    assert layers_from_text(text) == (ReLU(),)


@pytest.mark.parametrize(
    ("text", "code", "parts"),
    [
        ("", "no_layers", ()),
        ("[network]\ninput = [3, 8, 8]", "no_layers", ()),
        ("layers = 3", "no_layers", ()),
        ("[network", "not_toml", ("line 1",)),
        ('type = "ReLU\nlayers = []', "not_toml", ("line 1", "Unterminated string")),
        ("type = 'ReLU\nlayers = []", "not_toml", ("Unterminated string",)),
        ("layers = [\n{ type = 'ReLU' },\n", "not_toml", ("line 2",)),
        ("layers = [{ type = 'Conv2D' }]", "no_such_kind_near", ("Line 1, layer 1, type", '"Conv2D"', "mean Conv2d?")),
        ("layers = [{ type = [1] }]", "no_such_kind", ("layer 1, type",)),
        ("type = 'Conv2d'\nout_channels = 3", "missing_key", ("kernel_size",)),
        ("layers = [{ type = 'ReLU', slope = 1 }]", "unknown_key", ("layer 1, slope", "type")),
        ("layers = [{ type = 'Linear', out_features = 0 }]", "wrong_value", ("out_features", "got 0", "1 or more")),
        ("layers = [{ type = 'Dropout', p = 2 }]", "wrong_value", ("layer 1, p", "from 0 to 1")),
        (
            "layers = [{ type = 'Residual', main = [{ type = 'GELU', approximate = 'x' }] }]",
            "wrong_value",
            ("layer 1, main, layer 1, approximate", '"none", "tanh"'),
        ),
        ("layers = [{ type = 'Concat', branches = [3] }]", "wrong_value", ("layer 1, branch 1",)),
        ("layers = [3]", "wrong_value", ("layer 1",)),
        ("layers = [" + "[" * 2000, "too_deep", ()),
        ("type = 'Linear'\nout_features = " + "9" * 5000, "too_many_digits", ("5000",)),
        ("Homework for Monday: read chapter 7.", "no_layers", ("layers",)),
        ("a." * 60 + "b = 1", "long_key", ("line 1",)),
        ("#" * 1_000_001, "too_long", ("1,000,001",)),
    ],
)
def test_what_is_wrong(text: str, code: str, parts: tuple[str, ...]) -> None:
    with pytest.raises(TomlError) as caught:
        layers_from_text(text)
    assert caught.value.code == code
    for part in parts:
        assert part in str(caught.value)
    assert any("가" <= letter <= "힣" for letter in caught.value.message("ko"))
