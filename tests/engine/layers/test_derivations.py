"""Every formula that the screen shows, with today's numbers put in, is worked out here and must give the number shown."""

from __future__ import annotations

import re
from fractions import Fraction
from math import ceil, floor
from random import Random

import pytest
import torch

from engine.layers.base import Derivation
from engine.layers.catalog import GRU, KINDS, LSTM, AdaptiveAvgPool2d, AvgPool2d, Conv2d, Linear, MaxPool2d, Residual
from engine.networks.trace import trace
from engine.words import table
from tests.engine.layers.random_layers import PLAIN, ask_torch, example, random_layer, shape_for

QUANTITY_OF_AXES = {
    1: ("output_length",),
    2: ("output_height", "output_width"),
    3: ("output_depth", "output_height", "output_width"),
}


def worked_out(formula: str) -> Fraction:
    """The value of a formula with numbers in it, in exact fractions."""
    exact = re.sub(r"\d+", lambda number: f"Fraction({number[0]})", formula)
    for sign, python in {"⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")", "·": "*", "×": "*", "−": "-"}.items():
        exact = exact.replace(sign, python)
    return Fraction(eval(exact, {"Fraction": Fraction, "floor": floor, "ceil": ceil}))


def test_formulas_are_worked_out_by_hand_first() -> None:
    assert worked_out("⌊(28 + 2·1 − 1·(3 − 1) − 1) / 2⌋ + 1") == 14
    assert worked_out("⌈(6 − 3) / 2⌉ + 1") == 3
    assert worked_out("(3×3×4/2 + 1)×6") == 114


@pytest.mark.parametrize("kind", PLAIN)
def test_every_formula_gives_its_number(kind: str) -> None:
    random, seen = Random(kind), 0
    torch.manual_seed(0)
    while seen < 25:
        shape = shape_for(random, kind)
        layer = random_layer(random, kind, shape, wild=0.0)
        traced = trace([layer], shape)
        if traced.problem is not None:
            continue
        seen += 1
        row, answer = traced.rows[0], ask_torch(layer, example(shape, kind == "Embedding"))
        derivations = {derivation.quantity: derivation for derivation in layer.derivations(shape)}
        for derivation in derivations.values():
            check(derivation)
        shown = {name: derivation.result for name, derivation in derivations.items()}
        assert shown.get("parameters", answer.parameters) == answer.parameters
        assert shown.get("macs", answer.macs) == answer.macs
        if "Conv" in kind or "Pool" in kind or kind == "Upsample":
            sizes = tuple(shown[quantity] for quantity in QUANTITY_OF_AXES[len(shape) - 1])
            assert sizes == tuple(answer.output.shape[2:]) == row.output[1:]


def check(derivation: Derivation) -> None:
    assert worked_out(derivation.substituted) == derivation.result, derivation
    assert derivation.quantity in table("quantities")
    names = [name for name, _, _ in derivation.symbols]
    assert sorted(set(re.findall(r"\{(\w+)\}", derivation.template))) == sorted(names), "symbols explained once, none idle"
    for _, meaning, _ in derivation.symbols:
        assert meaning in table("symbols")


@pytest.mark.parametrize(
    "kind", [name for name in PLAIN if name not in ("Softmax", "Identity", "Dropout", "Flatten", "Permute")]
)
def test_kinds_with_weights_say_how_many(kind: str) -> None:
    """Who has parameters derives them, and the MACs."""
    random = Random(kind)
    found = False
    for _ in range(200):
        shape = shape_for(random, kind)
        layer = random_layer(random, kind, shape, wild=0.0)
        traced = trace([layer], shape)
        if traced.problem is None and traced.parameters:
            found = True
            assert {"parameters", "macs"} <= {derivation.quantity for derivation in layer.derivations(shape)}
    weightless = "Pool" in kind or kind in (
        "Upsample",
        "ReLU",
        "ReLU6",
        "LeakyReLU",
        "Sigmoid",
        "Tanh",
        "GELU",
        "LocalResponseNorm",
    )
    assert found != weightless


def test_as_the_screen_shows_it() -> None:
    height, width, parameters, macs = Conv2d(out_channels=16, kernel_size=3, padding=1).derivations((3, 224, 224))
    assert height.formula == "⌊(H + 2·P − D·(K − 1) − 1) / S⌋ + 1"
    assert width.substituted == "⌊(224 + 2·1 − 1·(3 − 1) − 1) / 1⌋ + 1"
    assert (parameters.formula, parameters.substituted) == ("(K_h×K_w×C_in + 1)×C_out", "(3×3×3 + 1)×16")
    assert macs.substituted == "224×224×3×3×3×16"
    assert Linear(out_features=10).derivations((12_544,))[0].substituted == "(12544 + 1)×10"
    assert LSTM(hidden_size=8).derivations((5, 3))[0].formula == "G×H×(D + H + b)"
    assert LSTM(hidden_size=8).derivations((5, 3))[0].substituted == "4×8×(3 + 8 + 2)"
    assert GRU(hidden_size=8, bidirectional=True).derivations((5, 3))[1].substituted == "5×2×3×8×(3 + 8)"
    assert AdaptiveAvgPool2d(output_size=(2, 3)).derivations((8, 6, 6))[1].result == 3


def test_a_window_dropped_from_the_padding() -> None:
    """5 cells, window 2, stride 3, padding 1, rounded up: windows start at −1, 2 and 5, the last one in the padding."""
    (height, _) = MaxPool2d(kernel_size=2, stride=3, padding=1, ceil_mode=True).derivations((1, 5, 5))
    assert height.substituted == "⌈(5 + 2·1 − 1·(2 − 1) − 1) / 3⌉ + 1 − 1"
    assert height.result == 2


def test_a_kind_without_a_dilation_says_nothing_of_one() -> None:
    (height, _) = AvgPool2d(kernel_size=2, padding=1).derivations((1, 7, 7))
    assert height.formula == "⌊(H + 2·P − K) / S⌋ + 1"
    assert (height.substituted, height.result) == ("⌊(7 + 2·1 − 2) / 2⌋ + 1", 4)


def test_concat_adds_its_channels() -> None:
    concat = KINDS["Concat"](branches=((Conv2d(out_channels=5, kernel_size=1),), ()))
    channels, parameters, macs = concat.derivations((3, 4, 4))
    assert (channels.substituted, channels.result) == ("5 + 3", 8)
    assert (parameters.formula, parameters.substituted, parameters.result) == ("P_1 + P_2", "20 + 0", 20)
    assert (macs.substituted, macs.result) == ("240 + 0", 240)
    for derivation in (channels, parameters, macs):
        check(derivation)


def test_a_residual_adds_what_its_paths_have() -> None:
    """ResNet's first block that halves: 3×3×64×128 + 3×3×128×128 weights on the main path, 64×128 in the shortcut."""
    main = (Conv2d(out_channels=128, kernel_size=3, stride=2, padding=1, bias=False),)
    main = (*main, Conv2d(out_channels=128, kernel_size=3, padding=1, bias=False))
    residual = Residual(main=main, shortcut=(Conv2d(out_channels=128, kernel_size=1, stride=2, bias=False),))
    parameters, macs = residual.derivations((64, 56, 56))
    assert parameters.formula == "P_main + P_shortcut"
    assert (parameters.substituted, parameters.result) == ("221184 + 8192", 229_376)
    assert macs.substituted == f"{784 * 221_184} + {784 * 8192}"
    for derivation in (parameters, macs):
        check(derivation)
