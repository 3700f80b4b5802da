"""Every task has an experiment that can be trained with each cell; only the cell changes; a convolution sees no future."""

import pytest
import torch

from engine import words
from engine.data.info import Data
from engine.data.sources import describe, names
from engine.experiments.check import check
from engine.experiments.experiment import Experiment, Network, preset, trace_of
from engine.fields import edited, fields
from engine.layers.catalog import Residual
from engine.layers.kinds.dense import Linear
from engine.layers.kinds.embedding import Embedding
from engine.layers.kinds.recurrent import GRU, LSTM, RNN
from engine.passes.modules import build
from engine.sequences.tasks import (
    CELL_KINDS,
    TASKS,
    cell_kind,
    dilations,
    expected_naive,
    fresh,
    least_length,
    task_named,
    with_cell,
    with_convolution,
    with_data,
)

NAMES = [task.name for task in TASKS]


def test_every_data_set_of_sequences_is_a_task():
    told = ("mnist", "fashion-mnist", "folder")  # pictures, which only their files tell
    found = [describe(Data(name=name)) for name in names() if name not in told]
    sequences = {info.name for info in found if info.tokens or len(info.input) == 2}
    assert set(NAMES) == sequences
    assert task_named("digits") is None
    with pytest.raises(KeyError):
        fresh("digits")


@pytest.mark.parametrize("kind", [*CELL_KINDS, "Conv1d"])
@pytest.mark.parametrize("name", NAMES)
def test_each_task_can_be_trained_with_each_cell(name, kind):
    experiment = with_convolution(fresh(name)) if kind == "Conv1d" else fresh(name, kind)
    check(experiment)
    assert experiment.name.endswith(f" {kind}")
    assert cell_kind(experiment) == (None if kind == "Conv1d" else kind)
    assert experiment.training.clip == 1.0
    info = describe(experiment.data)
    model = build(experiment.network.layers, info.input, tokens=info.tokens)
    x = torch.zeros(2, *info.input, dtype=torch.int64 if info.tokens else torch.float32)
    assert model(x).shape[1:] == (info.target if info.task == "regression" else (*info.target, info.outputs))


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_a_tasks_sliders_are_settings_of_its_data(task):
    info, declared = describe(fresh(task.name).data), fields(Data)
    for slider in task.sliders:
        assert slider.name == "samples" or slider.name in info.options
        field = declared[slider.name]
        assert field.low <= slider.low < slider.high <= field.high
        assert slider.low <= getattr(info, slider.name) <= slider.high
    assert task.own_file == ("path" in info.options)
    entries = words.table("sequence_tasks")
    for code in (f"{task.name}.reads", f"{task.name}.answers", f"{task.name}.watch", f"naive.{task.naive}"):
        assert all(entries[code][language] for language in words.LANGUAGES)


def test_no_words_are_left_over():
    needed = {f"{name}.{part}" for name in NAMES for part in ("reads", "answers", "watch")} | {
        f"naive.{task.naive}" for task in TASKS
    }
    assert set(words.table("sequence_tasks")) == needed


def test_an_experiment_begins_as_its_preset():
    for task in TASKS:
        if task.name != "mnist-5k-rows":
            assert fresh(task.name) == preset(task.preset)
    assert fresh("mnist-5k-rows", "GRU").name == "MNIST row by row GRU"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", CELL_KINDS)
def test_only_the_cell_changes(name, kind):
    before, after = fresh(name), with_cell(fresh(name), kind)
    assert (after.seed, after.data, after.training) == (before.seed, before.data, before.training)
    for old, new in zip(before.network.layers, after.network.layers, strict=True):
        if isinstance(old, LSTM):
            shared = set(old.__struct_fields__) & set(new.__struct_fields__)
            assert all(getattr(old, field) == getattr(new, field) for field in shared)
            assert type(new).__name__ == kind
        else:
            assert old == new


def test_sizes_layers_directions_and_nested_cells_are_kept():
    layers = (
        Embedding(num_embeddings=14, embedding_dim=6),
        Residual(main=(LSTM(hidden_size=3, bidirectional=True, num_layers=2, dropout=0.1, output="sequence", bias=False),)),
        RNN(hidden_size=5, nonlinearity="relu", output="sequence"),
        Linear(out_features=14),
    )
    experiment = Experiment(name="own", data=Data(name="counting"), network=Network(layers=layers))
    found = with_cell(experiment, "GRU")
    assert found.name == "own"
    assert found.network.layers[1].main == (
        GRU(hidden_size=3, bidirectional=True, num_layers=2, dropout=0.1, output="sequence", bias=False),
    )
    assert found.network.layers[2] == GRU(hidden_size=5, output="sequence")
    relu = with_cell(found, "RNN", "relu")
    assert [relu.network.layers[1].main[0].nonlinearity, relu.network.layers[2].nonlinearity] == ["relu", "relu"]
    assert with_cell(experiment, "RNN").network.layers[2].nonlinearity == "relu", "an RNN stays what it is"


def test_a_projection_is_left_out_and_what_follows_fits():
    layers = (LSTM(input_size=2, hidden_size=8, proj_size=3), Linear(in_features=3, out_features=1))
    experiment = Experiment(data=Data(name="adding"), network=Network(layers=layers))
    found = with_cell(experiment, "GRU")
    assert found.network.layers == (GRU(input_size=2, hidden_size=8), Linear(out_features=1))
    check(found)
    assert with_cell(experiment, "LSTM") == experiment


def test_the_parameters_stand_still_while_the_length_moves():
    for name in ("adding", "waves", "counting"):
        counts = {trace_of(with_data(fresh(name), Data(name=name, length=length))).parameters for length in (5, 50, 500)}
        assert len(counts) == 1


def test_other_data_bring_their_vocabulary(tmp_path):
    file = tmp_path / "own.txt"
    file.write_text("가나다라마바사아" * 20, "utf-8")
    found = fresh("text", "GRU", Data(name="text", path=str(file)))
    check(found)
    assert found.network.layers[0].num_embeddings == found.network.layers[-1].out_features == 8


def test_dilations_reach_the_first_step():
    """Each layer of 3 steps and dilation d adds 2 d steps to what the last one sees."""
    assert [dilations(steps) for steps in (1, 3, 4, 7, 8)] == [(1,), (1,), (1, 2), (1, 2), (1, 2, 4)]
    for steps in (1, 2, 50, 100, 5000):
        seen = 1
        for dilation in dilations(steps):
            assert seen < steps or seen == 1, "no layer more than needed"
            seen += 2 * dilation
        assert seen >= steps


@pytest.mark.parametrize("length", [1, 2, 9, 40])
def test_a_causal_convolution_sees_the_past_and_nothing_else(length):
    """By torch's own gradients: the answer of step t depends on the steps up to t, on all of them, and on none after it."""
    experiment = with_convolution(with_data(fresh("waves"), Data(name="waves", length=length)))
    torch.manual_seed(0)
    model = build(experiment.network.layers, (length, 1)).double()
    for parameter in model.parameters():
        torch.nn.init.uniform_(parameter, 0.1, 0.2)  # positive: no ReLU is off, nothing cancels
    x = torch.rand(1, length, 1, dtype=torch.float64, requires_grad=True)
    answers = model(x)
    assert answers.shape == (1, length, 1)
    for step in range(length):
        (gradient,) = torch.autograd.grad(answers[0, step, 0], x, retain_graph=True)
        assert (gradient[0, : step + 1, 0] != 0).all()
        assert (gradient[0, step + 1 :, 0] == 0).all()


def test_a_convolution_needs_a_sequence():
    with pytest.raises(ValueError, match="recurrent"):
        with_convolution(preset("digits-mlp"))
    wide = edited(fresh("counting"), network=edited(fresh("counting").network, layers=fresh("counting").network.layers[1:]))
    with pytest.raises(ValueError, match="sequence"):
        with_convolution(wide)


def test_what_a_naive_answer_costs_by_formula():
    assert expected_naive(describe(Data(name="adding"))) == 1 / 6
    assert expected_naive(describe(Data(name="copy", length=120, symbols=10))) == pytest.approx(10 * 2.0794415 / 120)
    assert expected_naive(describe(Data(name="random-walk", noise=0.2))) == pytest.approx(0.04)
    assert expected_naive(describe(Data(name="digits-rows"))) == pytest.approx(2.3025851)
    assert expected_naive(describe(Data(name="text"))) is None
    assert (least_length(Data(name="copy", symbols=10)), least_length(Data(name="adding")), least_length(Data(name="?"))) == (
        21,
        2,
        1,
    )
