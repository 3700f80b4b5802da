"""Truncated backpropagation through time: the same values, and a gradient that goes back so many steps only.

The oracle is a loop of torch's cells in float64, whose state is detached by hand.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from engine.data.datasets import load
from engine.data.info import Data
from engine.experiments.check import check
from engine.experiments.experiment import Experiment, Network, Training, parse, to_toml
from engine.experiments.problems import CannotRunError
from engine.experiments.scripts.export import to_pytorch
from engine.fields import edited
from engine.layers.catalog import GRU, LSTM, RNN, Dropout, Linear
from engine.passes.modules import ReadOut, build, truncate
from engine.runs.folder import Run
from engine.training.trainer import Trainer
from engine.training.worker import Worker, resume, train
from tests.patience import GIVE_UP_S

KINDS = {"RNN": (RNN, nn.RNNCell), "LSTM": (LSTM, nn.LSTMCell), "GRU": (GRU, nn.GRUCell)}
T, F, H, N = 11, 3, 4, 2


def module_of(kind: str, output: str, num_layers: int, steps: int | None) -> ReadOut:
    torch.manual_seed(2)
    model = build((KINDS[kind][0](hidden_size=H, num_layers=num_layers, output=output),), (T, F)).double().train()
    truncate(model, steps)
    return model[0]


def by_hand(module: ReadOut, kind: str, x: Tensor, cuts: set[int], output: str) -> tuple[Tensor, dict[str, Tensor]]:
    """The states of the top layer, N T H, and leaves of the weights: torch's cells one step after the other, no gradient from
    the steps of `cuts` to those before."""
    rnn, leaves, cells = module.rnn, {}, []
    for depth in range(rnn.num_layers):
        cell = KINDS[kind][1](F if depth == 0 else H, H).double()
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
            leaf = getattr(cell, name)
            leaf.data = getattr(rnn, f"{name}_l{depth}").detach().clone()
            leaves[f"{name}_l{depth}"] = leaf
        cells.append(cell)
    states: list = [None] * rnn.num_layers
    read = []
    for step in range(T):
        below = x[:, step]
        for depth, cell in enumerate(cells):
            if step in cuts and states[depth] is not None:
                old = states[depth]
                states[depth] = tuple(part.detach() for part in old) if isinstance(old, tuple) else old.detach()
            states[depth] = cell(below, states[depth])
            below = states[depth][0] if isinstance(states[depth], tuple) else states[depth]
        read.append(below)
    found = torch.stack(read, dim=1)
    return (found if output == "sequence" else found[:, -1]), leaves


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("output", ["last", "sequence"])
@pytest.mark.parametrize("num_layers", [1, 2])
@pytest.mark.parametrize(("steps", "cuts"), [(1, set(range(1, T))), (3, {2, 5, 8}), (4, {3, 7}), (5, {1, 6}), (10, {1})])
def test_values_are_the_same_and_the_gradient_is_that_of_the_cut_loop(
    kind: str, output: str, num_layers: int, steps: int, cuts: set[int]
) -> None:
    """The last piece is whole: 11 steps in pieces of 4 begin at steps 0, 3 and 7."""
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(N, T, F, generator=generator, dtype=torch.float64)
    module, whole = module_of(kind, output, num_layers, steps), module_of(kind, output, num_layers, None)
    values = module(x)
    torch.testing.assert_close(values, whole(x), rtol=0, atol=1e-12)
    expected, leaves = by_hand(module, kind, x, cuts, output)
    torch.testing.assert_close(values, expected, rtol=0, atol=1e-12)
    weighing = torch.randn(values.shape, generator=generator, dtype=torch.float64)
    (values * weighing).sum().backward()
    (expected * weighing).sum().backward()
    for name, leaf in leaves.items():
        torch.testing.assert_close(getattr(module.rnn, name).grad, leaf.grad, rtol=0, atol=1e-12)
    (whole(x) * weighing).sum().backward()
    assert not torch.allclose(whole.rnn.weight_ih_l0.grad, module.rnn.weight_ih_l0.grad), "truncation has an effect"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("steps", [1, 3, 4])
def test_the_last_output_depends_on_so_many_inputs_only(kind: str, steps: int) -> None:
    module = module_of(kind, "last", 1, steps)
    x = torch.randn(N, T, F, dtype=torch.float64, generator=torch.Generator().manual_seed(1), requires_grad=True)
    module(x).sum().backward()
    reached = (x.grad.abs().amax(dim=(0, 2)) > 0).nonzero().flatten().tolist()
    assert reached == list(range(T - steps, T))


def test_a_number_by_hand() -> None:
    """h_t = 0.5 h_(t-1) + x_t with x = 1 (all positive, so ReLU is the identity): h = 1, 1.5, 1.75. dh_3/dw = h_2 + 0.5 h_1 = 2
    in full, and h_2 = 1.5 through one step."""
    for steps, expected in ((None, 2.0), (2, 2.0), (1, 1.5)):
        model = build((RNN(hidden_size=1, nonlinearity="relu", bias=False),), (3, 1)).train()
        truncate(model, steps)
        rnn = model[0].rnn
        with torch.no_grad():
            rnn.weight_ih_l0.fill_(1.0)
            rnn.weight_hh_l0.fill_(0.5)
        output = model(torch.ones(1, 3, 1))
        output.sum().backward()
        assert output.item() == 1.75
        assert rnn.weight_hh_l0.grad.item() == expected


def test_in_evaluation_the_sequence_is_read_as_a_whole() -> None:
    module, whole = module_of("GRU", "sequence", 2, 3).eval(), module_of("GRU", "sequence", 2, None).eval()
    x = torch.randn(N, T, F, dtype=torch.float64)
    assert torch.equal(module(x), whole(x))


LAYERS = (LSTM(hidden_size=5, num_layers=2, dropout=0.2), Dropout(p=0.1), Linear(out_features=1))


def experiment(layers: tuple = LAYERS, **training: object) -> Experiment:
    settings = {"batch_size": 8, "epochs": 3, "device": "cpu", "clip": 1.0} | training
    data = Data(name="adding", samples=40, length=9)
    return Experiment(seed=4, data=data, network=Network(layers=layers), training=Training(**settings))


def first_losses(made: Experiment) -> list[float]:
    losses: list[float] = []
    trainer = Trainer(made, load(made.data, seed=4), torch.device("cpu"), lambda _s, loss, _a: losses.append(loss))
    for _ in range(6):
        trainer.step()
    return losses


def test_a_training_takes_it_and_one_that_is_as_long_as_the_sequence_changes_nothing() -> None:
    plain = first_losses(experiment())
    assert first_losses(experiment(truncated_steps=9)) == first_losses(experiment(truncated_steps=400)) == plain
    layers = (LSTM(hidden_size=5), Linear(out_features=1))
    whole, cut = first_losses(experiment(layers)), first_losses(experiment(layers, truncated_steps=2))
    assert cut[0] == pytest.approx(whole[0], abs=1e-6)
    assert cut[3:] != pytest.approx(whole[3:], abs=1e-6)


def test_a_broken_off_run_goes_on_with_it(tmp_path: Path) -> None:
    made = experiment(truncated_steps=2)
    train(made, folder=tmp_path / "whole")
    worker = Worker()
    worker.start(made, folder=tmp_path / "run", paused=True)
    worker.step(5)
    assert worker.wait_until(lambda status: status.step == 5, GIVE_UP_S)
    assert worker.close(GIVE_UP_S)
    resume(tmp_path / "run")
    one, other = (Run.open(tmp_path / name).history().train.since()[1].tolist() for name in ("run", "whole"))
    assert one == other


def test_in_file_and_script() -> None:
    made = experiment(truncated_steps=6)
    assert "truncated_steps = 6" in to_toml(made)
    assert parse(to_toml(made)) == made
    script = to_pytorch(made)
    assert "through 6 time steps at most" in script
    assert "def read" not in to_pytorch(experiment())


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
def test_both_directions_are_refused(kind: str) -> None:
    made = experiment((KINDS[kind][0](hidden_size=3, bidirectional=True), Linear(out_features=1)), truncated_steps=3)
    with pytest.raises(CannotRunError) as raised:
        check(made)
    assert raised.value.problem.code == "truncated_bidirectional"
    assert "reads it from its end too" in raised.value.problem.sentence()
    assert "양방향" in raised.value.problem.sentence("ko")
    check(edited(made, training=edited(made.training, truncated_steps=None)))
