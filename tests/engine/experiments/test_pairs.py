"""The pairs that courses compare: their parameters worked by hand, and no number in their sentences that is not theirs."""

from __future__ import annotations

import re

import pytest

from engine.assets import asset
from engine.experiments.pairs import names, pair
from engine.networks.trace import trace
from engine.passes.modules import build
from engine.words import table

PARAMETERS = {  # first, second; by hand
    "two-3x3": (2 * 64 * (9 * 64 + 1), 64 * (25 * 64 + 1)),
    "two-3x3-from-3": (64 * (27 + 1) + 64 * (576 + 1), 64 * (75 + 1)),
    "three-3x3": (3 * 64 * (576 + 1), 64 * (49 * 64 + 1)),
    "head": (4096 * (9216 + 1) + 1000 * (4096 + 1), 1000 * (256 + 1)),
    "groups": (256 * (9 * 256 + 1), 256 * (9 * 8 + 1)),
    "separable": (128 * (9 * 128 + 1), 128 * (9 + 1) + 128 * (128 + 1)),
    "residual": (2 * 64 * (576 + 1) + 2 * 128, 2 * 64 * (576 + 1) + 2 * 128),
    "bottleneck": (2 * 256 * (9 * 256 + 1), 64 * (256 + 1) + 64 * (576 + 1) + 256 * (64 + 1)),
}


def test_every_pair_has_its_file_and_its_numbers() -> None:
    assert set(names()) == set(PARAMETERS) == {path.stem for path in asset("comparisons").glob("*.toml")}


@pytest.mark.parametrize("name", PARAMETERS)
def test_parameters(name: str) -> None:
    found = pair(name)
    for network, expected in zip((found.first, found.second), PARAMETERS[name], strict=True):
        assert network.input is not None
        traced = trace(network.layers, network.input)
        assert traced.problem is None and traced.parameters == expected
        assert sum(weight.numel() for weight in build(network.layers, network.input).parameters()) == expected
    assert found.first.input == found.second.input


@pytest.mark.parametrize("name", PARAMETERS)
def test_the_sentences_say_these_numbers(name: str) -> None:
    for text in table("comparisons")[f"{name}.about"].values():
        said = {int(number.replace(",", "")) for number in re.findall(r"\d{1,3}(?:,\d{3})+", text)} - {1000}
        assert said == set(PARAMETERS[name])
