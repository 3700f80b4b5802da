"""The forget bias of an LSTM at the start: the sum of torch's two biases, and nothing else is another number than before."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from engine.data.info import Data
from engine.experiments.experiment import Experiment, Network, Training, parse, to_toml
from engine.experiments.scripts.export import network_to_pytorch, to_pytorch
from engine.layers.catalog import LSTM, Linear
from engine.layers.layer_text import short
from engine.networks.trace import trace
from engine.passes.loaded import LoadedNetwork
from engine.passes.modules import build
from engine.training.recipe.starting import begin
from engine.words import table

SHAPE = (7, 3)
H = 4
FORGET = slice(H, 2 * H)


def layer(forget_bias: float | None, **more: object) -> LSTM:
    return LSTM(hidden_size=H, num_layers=2, bidirectional=True, forget_bias=forget_bias, **more)


def weights(made: LSTM, seed: int = 5) -> dict[str, Tensor]:
    torch.manual_seed(seed)
    return dict(build((made, Linear(out_features=2)), SHAPE).state_dict())


@pytest.mark.parametrize("value", [0.0, 1.0, 2.0, -0.5])
def test_the_sum_of_both_biases_is_the_field_in_every_layer_and_direction(value: float) -> None:
    own, plain = weights(layer(value)), weights(layer(None))
    suffixes = [f"l{depth}{end}" for depth in range(2) for end in ("", "_reverse")]
    for suffix in suffixes:
        total = own[f"0.rnn.bias_ih_{suffix}"] + own[f"0.rnn.bias_hh_{suffix}"]
        assert total[FORGET].tolist() == [value] * H
    for name, drawn in plain.items():  # torch's own numbers everywhere else, also in the layer behind
        kept = torch.ones(len(drawn), dtype=torch.bool)
        if ".bias_" in name:
            kept[FORGET] = False
        assert torch.equal(own[name][kept], drawn[kept]), name


def test_without_the_field_the_weights_are_torchs_own() -> None:
    own = weights(layer(None))
    torch.manual_seed(5)
    expected = nn.LSTM(3, H, num_layers=2, bidirectional=True).state_dict()
    assert all(torch.equal(own[f"0.rnn.{name}"], value) for name, value in expected.items())


def test_setting_both_biases_to_one_gives_two() -> None:
    """torch's cell itself: the forget gate of a cell whose state's weights are 0 is sigmoid of the sum."""
    cell = nn.LSTMCell(3, H).requires_grad_(False)
    for parameter in cell.parameters():
        parameter.zero_()
    cell.bias_ih[FORGET] = cell.bias_hh[FORGET] = 1.0
    _, c = cell(torch.zeros(1, 3), (torch.zeros(1, H), torch.ones(1, H)))
    module = build((LSTM(hidden_size=H, forget_bias=2.0),), (1, 3))[0]
    rnn = module.rnn.requires_grad_(False)
    for name, parameter in rnn.named_parameters():
        if name.startswith("weight"):
            parameter.zero_()
        else:
            parameter[:H] = parameter[2 * H :] = 0.0
    _, (_, own) = rnn(torch.zeros(1, 1, 3), (torch.zeros(1, 1, H), torch.ones(1, 1, H)))
    expected = pytest.approx([1 / (1 + np.exp(-2))] * H, abs=1e-6)
    assert c[0].tolist() == expected
    assert own[0, 0].tolist() == expected


def test_a_rule_for_the_first_weights_leaves_it() -> None:
    torch.manual_seed(0)
    model = build((layer(1.5),), SHAPE)
    begin(model, Training(initialization="xavier_uniform"))
    own = model.state_dict()
    total = own["0.rnn.bias_ih_l1_reverse"] + own["0.rnn.bias_hh_l1_reverse"]
    assert total.reshape(4, H)[:, 0].tolist() == [0.0, 1.5, 0.0, 0.0]


def test_a_layer_without_biases_has_none_to_set() -> None:
    own, plain = weights(layer(1.0, bias=False)), weights(layer(None, bias=False))
    assert own.keys() == plain.keys() and all(torch.equal(own[name], plain[name]) for name in own)


def test_a_projection_is_not_touched() -> None:
    own, plain = weights(layer(1.0, proj_size=2)), weights(layer(None, proj_size=2))
    assert torch.equal(own["0.rnn.weight_hr_l0"], plain["0.rnn.weight_hr_l0"])


def test_the_network_lab_draws_the_same_weights() -> None:
    layers = (layer(1.0), Linear(out_features=2))
    shown = LoadedNetwork(layers, trace(layers, SHAPE).rows, 5, None)
    shown.run(torch.zeros(1, *SHAPE))
    own = weights(layer(1.0))
    assert all(torch.equal(value, own[name]) for name, value in shown.module.state_dict().items())


def test_the_weights_of_a_run_are_shown_as_they_are() -> None:
    layers = (layer(1.0),)
    torch.manual_seed(1)
    trained = {name: torch.randn_like(value) for name, value in build(layers, SHAPE).state_dict().items()}
    shown = LoadedNetwork(layers, trace(layers, SHAPE).rows, 0, trained)
    shown.run(torch.zeros(1, *SHAPE))
    assert all(torch.equal(value, trained[name]) for name, value in shown.module.state_dict().items())


def test_the_network_alone_as_code_begins_so_too() -> None:
    found: dict[str, object] = {"__name__": "exported"}
    torch.manual_seed(5)
    exec(network_to_pytorch("net", (layer(1.0), Linear(out_features=2)), SHAPE), found)
    own = weights(layer(1.0))
    assert all(torch.equal(value, own[name]) for name, value in found["model"].state_dict().items())  # type: ignore[attr-defined]
    plain = network_to_pytorch("net", (layer(None),), SHAPE)
    assert "forget" not in plain


def test_in_file_text_and_words() -> None:
    network = Network(layers=(LSTM(hidden_size=H, forget_bias=1.0), Linear(out_features=1)))
    made = Experiment(data=Data(name="adding", samples=50, length=5), network=network)
    assert "forget_bias = 1.0" in to_toml(made)
    assert parse(to_toml(made)) == made
    assert "forget_bias" not in to_toml(Experiment(network=Network(layers=(LSTM(hidden_size=H),))))
    assert short(network.layers[0]) == "LSTM 4, forget bias 1.0, last"
    assert short(network.layers[0], "ko") == "LSTM 4, 망각 편향 1.0, 마지막 출력"
    said = table("fields")["forget_bias.help"]
    assert "two biases" in said["en"] and "gives 2" in said["en"]
    assert "두 편향" in said["ko"] and "2가 됩니다" in said["ko"]
    assert "forget_bias=1.0" in to_pytorch(made)
