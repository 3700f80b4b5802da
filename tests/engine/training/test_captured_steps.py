"""Steps that are captured as a graph, on the CPU: the graph is a tape of torch's operations (`graph_tape`), all else is the
path of a GPU. A plain run is one of the same trainer that never captures, and what is compared is equal to the bit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from engine.data.datasets import load
from engine.data.info import Data
from engine.doctor.remedies import mending
from engine.experiments.augmentation import Augmentation
from engine.experiments.experiment import Experiment, Network, Training
from engine.experiments.mid_run import CHANGEABLE
from engine.experiments.schedules import OneCycleLR, StepLR
from engine.layers.catalog import LSTM, BatchNorm2d, Conv2d, Dropout, Embedding, Flatten, Linear, MaxPool2d, ReLU
from engine.passes.modules import build
from engine.runs.folder import WEIGHTS, Run
from engine.runs.status import Reason, State
from engine.training import trainer
from engine.training.captured import captured_step
from engine.training.captured.capturable import hindrance
from engine.training.readout import Ring
from engine.training.trainer import Trainer
from engine.training.worker import Worker, train
from tests.engine.training.graph_tape import GraphTape, TapedGraphs, graphs_are_taped
from tests.patience import GIVE_UP_S

CPU = torch.device("cpu")
CNN = (
    Conv2d(out_channels=3, kernel_size=3), BatchNorm2d(), ReLU(), MaxPool2d(kernel_size=2), Flatten(),
    Dropout(p=0.3), Linear(out_features=10),
)  # fmt: skip
DENSE = (Flatten(), Linear(out_features=12), ReLU(), Dropout(p=0.2), Linear(out_features=10))
RECURRENT = (LSTM(hidden_size=5), Linear(out_features=1))
ADDING = Data(name="adding", samples=100, length=8)
STEPS = 30  # of ten epochs, each of 80 samples in batches of 32, 32 and 16


@pytest.fixture
def graphs(monkeypatch: pytest.MonkeyPatch) -> type[TapedGraphs]:
    return graphs_are_taped(monkeypatch)


@contextmanager
def never_captured() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(captured_step, "WARM_UP", 10**9)
        yield


def experiment(layers: tuple[Any, ...] = CNN, data: Data | None = None, **training: Any) -> Experiment:
    settings = {"batch_size": 32, "epochs": 12, "device": "cpu", "lr": 0.02} | training
    network = Network(layers=layers)
    return Experiment(seed=6, data=data or Data(samples=100), network=network, training=Training(**settings))


class Ran:
    """A trainer, and what it has recorded."""

    def __init__(self, made: Experiment) -> None:
        self.rows: list[tuple[int, float, float]] = []
        self.trainer = Trainer(made, load(made.data, seed=made.seed), CPU, lambda *row: self.rows.append(row))

    def steps(self, count: int) -> None:
        for _ in range(count):
            self.trainer.step()

    def end(self) -> None:
        """Keep the moment, before another run draws from torch's one generator."""
        self.trainer.settle()
        self.moment = self.trainer.moment()


def both_ways(made: Experiment, do: Callable[[Ran], object]) -> tuple[Ran, Ran]:
    """The run with captured steps and the plain one, after `do` with each."""
    captured = Ran(made)
    do(captured)
    captured.end()
    with never_captured():
        plain = Ran(made)
        do(plain)
    plain.end()
    return captured, plain


def assert_same(one: Ran, other: Ran) -> None:
    assert [step for step, _, _ in one.rows] == list(range(1, len(one.rows) + 1))
    np.testing.assert_array_equal(one.rows, other.rows)
    mine, theirs = one.moment, other.moment
    assert mine.tensors.keys() == theirs.tensors.keys()
    assert [name for name, tensor in mine.tensors.items() if not torch.equal(tensor, theirs.tensors[name])] == []
    assert (mine.step, mine.lr, mine.settings) == (theirs.step, theirs.lr, theirs.settings)


# the same numbers


NETWORKS: dict[str, Experiment] = {
    "CNN": experiment(),
    "decay of weights, a rate for each step": experiment(
        DENSE, optimizer="AdamW", weight_decay=0.1, decay_applies_to="weights", schedule=OneCycleLR()
    ),
    "SGD": experiment(optimizer="SGD"),
    "SGD with momentum": experiment(optimizer="SGD", momentum=0.9, nesterov=True),
    "class weights, smoothing": experiment(DENSE, class_weights=True, label_smoothing=0.1),
    "augmented": experiment(augmentation=Augmentation(shift=1, flip=True, noise=0.1)),
    "a rate for each step": experiment(schedule=OneCycleLR(), optimizer="SGD", momentum=0.5),
    "LSTM": experiment(RECURRENT, ADDING),
    "LSTM, truncated": experiment(RECURRENT, ADDING, truncated_steps=3),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_captured_steps_compute_what_plain_ones_do(name: str, graphs: type[TapedGraphs]) -> None:
    captured, plain = both_ways(NETWORKS[name], lambda run: run.steps(STEPS))
    assert captured.trainer.notice is None
    assert graphs.made == 2, "one for each size of batch"
    assert graphs.replayed > STEPS // 2
    assert_same(captured, plain)


def test_they_compute_what_a_run_on_the_cpu_does(graphs: type[TapedGraphs]) -> None:
    """Whose rate is a number in double precision."""
    captured = Ran(experiment())
    captured.steps(STEPS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engine.training.captured.capturable.DEVICES", ())
        usual = Ran(experiment())
    assert usual.trainer._captured is None
    usual.steps(STEPS)
    np.testing.assert_allclose(captured.rows, usual.rows, rtol=1e-4)


@pytest.mark.parametrize("steps", [7, 8, 9, 10, *range(STEPS - 3, STEPS)])
def test_gradients_are_those_of_the_newest_step(steps: int, graphs: type[TapedGraphs]) -> None:
    """Also between plain steps, as those of each epoch's last batch are for longer than the others."""
    captured, plain = both_ways(experiment(), lambda run: run.steps(steps))
    assert graphs.made == (1 if steps < 12 else 2)
    for one, other in zip(captured.trainer.model.parameters(), plain.trainer.model.parameters(), strict=True):
        assert one.grad is not None and other.grad is not None and torch.equal(one.grad, other.grad)


def test_gradients_are_those_of_the_step_whose_capture_has_failed(graphs: type[TapedGraphs]) -> None:
    graphs.faults = (refused,)
    captured, plain = both_ways(experiment(), lambda run: run.steps(7))
    assert captured.trainer.notice is not None
    for one, other in zip(captured.trainer.model.parameters(), plain.trainer.model.parameters(), strict=True):
        assert one.grad is not None and other.grad is not None and torch.equal(one.grad, other.grad)


# settings that change in mid-run


SETTINGS: dict[str, tuple[dict[str, Any], Any, Any]] = {  # the run's own settings, another value, and the one after it
    "lr": ({}, 0.1, 0.003),
    "schedule": ({"optimizer": "SGD"}, OneCycleLR(epochs=20), StepLR(step_size=1, gamma=0.5)),
    "momentum": ({"optimizer": "SGD"}, 0.9, 0.0),
    "nesterov": ({"optimizer": "SGD", "momentum": 0.9}, True, False),
    "weight_decay": ({}, 0.3, 0.0),
    "clip": ({"optimizer": "SGD"}, 0.05, None),
    "label_smoothing": ({}, 0.3, 0.1),
    "augmentation": ({}, Augmentation(shift=1, noise=0.2), Augmentation()),
    "dropout": ({}, (0.8,), (0.0,)),
}


def test_every_changeable_setting_is_among_them() -> None:
    assert SETTINGS.keys() == set(CHANGEABLE)


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_that_is_changed_is_seen_from_the_next_step_on(name: str, graphs: type[TapedGraphs]) -> None:
    training, other, last = SETTINGS[name]

    def change_twice(run: Ran) -> None:
        run.steps(STEPS)
        run.trainer.change(name, other)
        run.steps(STEPS)
        run.trainer.change(name, last)
        run.steps(STEPS)

    captured, plain = both_ways(experiment(**training), change_twice)
    assert captured.trainer.notice is None
    assert graphs.replayed > (STEPS if name == "clip" else 3 * STEPS // 2), "a graph is used with each value"
    assert_same(captured, plain)
    with never_captured():
        unchanged = Ran(experiment(**training))
        unchanged.steps(STEPS + 3)
    assert unchanged.rows[:STEPS] == captured.rows[:STEPS]
    assert unchanged.rows[STEPS + 1 :] != captured.rows[STEPS + 1 : STEPS + 3], "the change is one of the numbers"


@pytest.mark.parametrize("name", sorted(SETTINGS.keys() - {"clip", "lr", "schedule", "augmentation"}))
def test_a_graph_that_outlived_a_change_would_show(
    name: str, graphs: type[TapedGraphs], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tape has the numbers of its capture, as a graph of CUDA has: of settings that no tensor holds."""
    learn = captured_step.CapturedStep.learn
    training, other, _ = SETTINGS[name]
    if name == "momentum":  # one that begins makes a buffer, whose address shows
        training, other = {"optimizer": "SGD", "momentum": 0.9}, 0.2

    def change(run: Ran) -> None:
        run.steps(STEPS)
        run.trainer.change(name, other)
        run.steps(3)

    monkeypatch.setattr(captured_step.CapturedStep, "learn", lambda self, _settings, x, y: learn(self, None, x, y))
    captured, plain = both_ways(experiment(**training), change)
    assert captured.rows[:STEPS] == plain.rows[:STEPS]
    assert captured.rows[STEPS:] != plain.rows[STEPS:]


def test_a_slider_that_is_dragged_is_followed(graphs: type[TapedGraphs]) -> None:
    def drag(run: Ran) -> None:
        run.steps(STEPS)
        for step in range(12):
            run.trainer.change("dropout", (step / 20,))
            run.trainer.change("lr", 0.02 + step / 1000)
            run.trainer.step()
        run.steps(STEPS)

    assert_same(*both_ways(experiment(), drag))


# moments


def test_a_moment_goes_on_to_the_same_losses_in_the_same_trainer_and_in_any_other(graphs: type[TapedGraphs]) -> None:
    made = experiment(
        optimizer="SGD", momentum=0.9, weight_decay=0.01, decay_applies_to="weights", schedule=OneCycleLR(epochs=30)
    )
    whole, plain = both_ways(made, lambda run: run.steps(2 * STEPS))
    assert_same(whole, plain)
    first = Ran(made)
    first.steps(STEPS + 1)
    moment = first.trainer.moment()
    first.steps(7)
    first.trainer.restore(moment)  # back, in mid-run
    first.steps(STEPS - 1)
    assert first.rows[: STEPS + 1] == whole.rows[: STEPS + 1]
    assert first.rows[STEPS + 8 :] == whole.rows[STEPS + 1 :]
    other = Ran(made)
    other.steps(STEPS)  # its graphs are of other weights
    other.trainer.restore(moment)
    other.steps(STEPS - 1)
    assert other.rows[STEPS:] == whole.rows[STEPS + 1 :]
    with never_captured():
        third = Ran(made)
        third.trainer.restore(moment)
        third.steps(STEPS - 1)
    assert third.rows == whole.rows[STEPS + 1 :]


def test_the_best_weights_are_those_that_the_next_step_goes_on_from(graphs: type[TapedGraphs]) -> None:
    def best(run: Ran) -> None:
        run.steps(STEPS)
        run.trainer.keep_best()
        run.steps(5)
        assert run.trainer.take_best()
        run.steps(5)
        state = {name: torch.full_like(value, 0.01) for name, value in run.trainer.model.state_dict().items()}
        run.trainer.model.load_state_dict(state)
        run.steps(5)

    assert_same(*both_ways(experiment(), best))


def test_validations_between_the_steps_are_those_of_a_plain_run(graphs: type[TapedGraphs]) -> None:
    found: list[list[tuple[float, float]]] = []

    def validated(run: Ran) -> None:
        found.append([])
        for _ in range(STEPS // 3):
            run.steps(3)
            for _ in run.trainer.validate():
                pass
            found[-1].append(run.trainer.validation)

    assert_same(*both_ways(experiment(), validated))
    assert found[0] == found[1]


def test_what_a_step_does_to_the_weights_is_measured_of_a_captured_one(graphs: type[TapedGraphs]) -> None:
    def asked(run: Ran) -> None:
        run.steps(STEPS - 1)
        run.trainer._moved.asked = True
        run.trainer.step()

    captured, plain = both_ways(experiment(), asked)
    assert captured.trainer._moved.measured == STEPS
    assert captured.trainer._moved.moved == plain.trainer._moved.moved
    assert all(length > 0.0 for length, _ in captured.trainer._moved.moved.values())


def test_a_probe_between_captured_steps_draws_from_no_generator_of_the_run(graphs: type[TapedGraphs]) -> None:
    worker = Worker()
    worker.start(experiment(), paused=True)
    for step in range(2, 27, 6):
        worker.step(step - worker.status().step)
        assert worker.wait_until(lambda status, step=step: status.step == step and status.state is State.PAUSED, GIVE_UP_S)
        worker.ask(lambda _model, _data: float(torch.rand(1))).result(GIVE_UP_S)
    found = worker.history.train.since()[1].tolist()
    assert worker.close(GIVE_UP_S)
    with never_captured():
        plain = Ran(experiment())
        plain.steps(26)
    assert graphs.replayed > 10
    assert found == [loss for _, loss, _ in plain.rows]


# what cannot be captured


def test_what_hinders_a_capture(graphs: type[TapedGraphs]) -> None:
    cnn, words = (
        build(CNN, (1, 8, 8)),
        build((Embedding(num_embeddings=9, embedding_dim=4), LSTM(hidden_size=3)), (12,), tokens=True),
    )
    deep = build((LSTM(hidden_size=3, num_layers=2, dropout=0.5),), (12, 4))
    assert hindrance(CPU, Training(), cnn, 2048) is None
    assert hindrance(torch.device("mps"), Training(), cnn, 2048) == "device"
    assert hindrance(CPU, Training(clip=1.0), cnn, 2048) == "clipping"
    assert hindrance(CPU, Training(optimizer="Adagrad"), cnn, 2048) == "optimiser"
    assert hindrance(CPU, Training(truncated_steps=3), words, 3072) is None
    assert hindrance(CPU, Training(), words, 3073) == "large_embedding"
    assert hindrance(CPU, Training(), deep, 64) == "dropout_between_layers"
    assert hindrance(CPU, Training(), build((LSTM(hidden_size=3, num_layers=2),), (12, 4)), 64) is None


@pytest.mark.parametrize("training", [{"clip": 0.1}, {"optimizer": "Adagrad"}], ids=["clipping", "Adagrad"])
def test_it_is_computed_as_ever(training: dict[str, Any], graphs: type[TapedGraphs]) -> None:
    run, plain = both_ways(experiment(**training), lambda run: run.steps(STEPS))
    assert graphs.made == 0 and run.trainer.notice is None
    assert_same(run, plain)


def test_on_the_cpu_nothing_is_captured() -> None:
    run = Ran(experiment())
    run.steps(1)
    assert run.trainer._captured is None
    assert type(run.trainer._optimizer.param_groups[0]["lr"]) is float


def refused() -> None:
    raise RuntimeError("CUDA error: operation not permitted when stream is capturing\nMore.")


def crowded() -> None:
    raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")


def ended_badly() -> None:
    try:
        crowded()
    finally:
        raise RuntimeError("CUDA error: operation failed due to a previous error during capture")


def not_prepared() -> None:
    raise RuntimeError("cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED")


FAULTS = {
    refused: "graph_refused",
    not_prepared: "graph_refused",
    crowded: "graph_no_memory",
    ended_badly: "graph_no_memory",
}


@pytest.mark.parametrize("fault, code", FAULTS.items())
def test_a_capture_that_fails_is_said_and_the_run_goes_on(
    fault: Callable[[], None], code: str, graphs: type[TapedGraphs], tmp_path: Path
) -> None:
    graphs.faults = (fault,)
    status = train(experiment(), folder=tmp_path / "run")
    assert (status.reason, status.step, [notice.code for notice in status.notices]) == (Reason.COMPLETED, 36, [code])
    assert (graphs.made, graphs.replayed) == (0, 0)
    english, korean = (status.notices[0].sentence(language) for language in ("en", "ko"))
    assert "CUDA" in english and "CUDA" in korean and "More" not in english
    assert any("가" <= letter <= "힣" for letter in korean)
    with never_captured():
        train(experiment(), folder=tmp_path / "plain")
    assert (tmp_path / "run" / WEIGHTS).read_bytes() == (tmp_path / "plain" / WEIGHTS).read_bytes()


def test_the_second_size_may_be_refused_where_the_first_was_captured(graphs: type[TapedGraphs]) -> None:
    graphs.faults = (lambda: None, refused)
    captured, plain = both_ways(experiment(), lambda run: run.steps(STEPS))
    assert graphs.made == 1 and graphs.replayed > 1
    assert captured.trainer.notice is not None and captured.trainer.notice.code == "graph_refused"
    assert_same(captured, plain)


def elided(_tape: GraphTape) -> None:
    """Nothing is computed."""


def without_the_update(tape: GraphTape) -> None:
    tape._done = [row for row in tape._done if "_fused_adam" not in str(row[0])]
    replay(tape)


def with_other_random_numbers(tape: GraphTape) -> None:
    torch.rand(1)
    replay(tape)


def with_another_random_state(tape: GraphTape) -> None:
    replay(tape)
    torch.rand(1)


def without_the_loss(tape: GraphTape) -> None:
    """It stays what it was, and no gradient depends on it."""
    tape._done = [row for row in tape._done if "nll_loss_forward" not in str(row[0])]
    replay(tape)


replay = GraphTape.replay
WRONG = (elided, without_the_update, with_other_random_numbers, with_another_random_state, without_the_loss)


@pytest.mark.parametrize("wrong", WRONG)
def test_a_graph_that_leads_elsewhere_is_not_used(
    wrong: Callable[[GraphTape], None], graphs: type[TapedGraphs], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GraphTape, "replay", wrong)
    captured, plain = both_ways(experiment(), lambda run: run.steps(STEPS))
    assert captured.trainer.notice is not None and captured.trainer.notice.code == "graph_differs"
    assert graphs.replayed == 1
    assert_same(captured, plain)


class OnTheHost(nn.Module):
    """Counts its batches where no graph sees it."""

    count = 0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.count += 1
        return x * self.count


def test_what_python_does_in_a_step_shows(graphs: type[TapedGraphs]) -> None:
    run = Ran(experiment(DENSE))
    host = OnTheHost()
    forward = run.trainer._forward
    run.trainer._forward = lambda x: forward(host(x))
    run.steps(12)
    assert run.trainer.notice is not None and run.trainer.notice.code == "graph_differs"


# memory


def test_a_plain_step_that_finds_no_memory_beside_a_graph_has_the_graphs(
    graphs: type[TapedGraphs], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of another size of batch: it is computed again, from where it began."""
    forward = torch.nn.Linear.forward

    def small(self: torch.nn.Linear, x: torch.Tensor) -> torch.Tensor:
        if self.training and len(x) == 16 and graphs.holding():
            crowded()
        return forward(self, x)

    monkeypatch.setattr(torch.nn.Linear, "forward", small)
    captured, plain = both_ways(experiment(), lambda run: run.steps(STEPS))
    assert graphs.made == 1 and graphs.replayed > 1
    assert captured.trainer.notice is not None and captured.trainer.notice.code == "graph_no_memory"
    assert_same(captured, plain)


def test_a_validation_that_finds_no_memory_beside_a_graph_has_the_graphs(
    graphs: type[TapedGraphs], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    forward = torch.nn.Linear.forward

    def small(self: torch.nn.Linear, x: torch.Tensor) -> torch.Tensor:
        if not self.training and graphs.holding():
            crowded()
        return forward(self, x)

    monkeypatch.setattr(torch.nn.Linear, "forward", small)
    status = train(experiment(), folder=tmp_path / "run")
    assert (status.reason, [notice.code for notice in status.notices]) == (Reason.COMPLETED, ["graph_no_memory"])
    with never_captured():
        train(experiment(), folder=tmp_path / "plain")
    assert rows(tmp_path / "run") == rows(tmp_path / "plain")


def test_a_step_that_finds_no_memory_ends_the_run_with_a_smaller_batch_and_the_program_lives_on(
    graphs: type[TapedGraphs], monkeypatch: pytest.MonkeyPatch
) -> None:
    forward = torch.nn.Linear.forward

    def small(self: torch.nn.Linear, x: torch.Tensor) -> torch.Tensor:
        return crowded() if self.training and len(x) > 20 else forward(self, x)

    monkeypatch.setattr(torch.nn.Linear, "forward", small)
    status = train(experiment())
    assert status.reason is Reason.FAILED and status.problem is not None and status.problem.code == "out_of_memory"
    offered = mending(status.problem, experiment())
    assert offered is not None and offered.experiment.training.batch_size == 16
    status = train(offered.experiment)
    assert (status.reason, status.notices) == (Reason.COMPLETED, ())
    assert graphs.made == 1, "of sixteen and sixteen"


def test_a_run_that_has_ended_holds_no_graph_and_goes_on_from_its_end(graphs: type[TapedGraphs], tmp_path: Path) -> None:
    worker = Worker()
    worker.start(experiment(epochs=20), folder=tmp_path / "run", paused=True)
    worker.step(STEPS)
    assert worker.wait_until(lambda status: status.step == STEPS and status.state is State.PAUSED, GIVE_UP_S)
    assert graphs.holding()
    worker.stop()
    assert worker.wait_until(lambda status: status.reason is Reason.STOPPED, GIVE_UP_S)
    assert not graphs.holding()
    before = graphs.replayed
    worker.resume(tmp_path / "run")
    assert worker.wait_until(lambda status: status.reason is Reason.COMPLETED, GIVE_UP_S)
    assert worker.close(GIVE_UP_S)
    assert graphs.replayed > before + STEPS // 2
    with never_captured():
        train(experiment(epochs=20), folder=tmp_path / "plain")
    assert rows(tmp_path / "run") == rows(tmp_path / "plain")


# a whole run


def rows(folder: Path) -> dict[str, list[list[float]]]:
    history = Run.open(folder).history()
    return {
        name: [column.tolist() for column in getattr(history, name).since()] for name in ("train", "epoch_train", "validation")
    }


def test_losses_in_blocks_keep_their_order_and_a_divergence_its_step(
    graphs: type[TapedGraphs], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hot = experiment((Flatten(), Linear(out_features=1)), ADDING, optimizer="SGD", lr=1e-2, epochs=100)
    monkeypatch.setattr(trainer, "readout", lambda device, record: Ring(device, record))
    losses = []
    for name in ("captured", "plain"):
        worker = Worker()
        with never_captured() if name == "plain" else pytest.MonkeyPatch.context():
            worker.start(hot, folder=tmp_path / name, paused=True)
            worker.step(20)
            assert worker.wait_until(lambda status: status.step == 20 and status.state is State.PAUSED, GIVE_UP_S)
            worker.change("lr", 0.5)
            worker.play()
            assert worker.wait_until(lambda status: status.reason is not None, GIVE_UP_S)
        assert worker.close(GIVE_UP_S)
        status = worker.status()
        assert status.reason is Reason.DIVERGED and status.problem is not None
        losses.append((status.problem, rows(tmp_path / name)["train"]))
    (problem, captured), (expected, plain) = losses
    assert problem == expected
    np.testing.assert_array_equal(captured, plain)
    assert captured[0] == list(range(1, len(captured[0]) + 1))
    assert graphs.replayed > len(captured[0]) // 2 and len(captured[0]) > 50, "the step that diverged was captured"


def test_a_captured_run_reads_no_number_of_a_step(graphs: type[TapedGraphs], monkeypatch: pytest.MonkeyPatch) -> None:
    """Results stay on the device until a block is full."""
    monkeypatch.setattr(Ring, "INTERVAL_S", float("inf"))
    monkeypatch.setattr(trainer, "readout", lambda device, record: Ring(device, record))
    blocks: list[int] = []

    def two_blocks(run: Ran) -> None:
        run.steps(2 * Ring.SIZE + 5)
        blocks.append(len(run.rows))

    assert_same(*both_ways(experiment(), two_blocks))
    assert blocks == [Ring.SIZE, Ring.SIZE]
