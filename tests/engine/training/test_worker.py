"""The thread that trains: its states and commands, its ends, and that nothing of it stays behind."""

from __future__ import annotations

import gc
import os
import platform
import subprocess
import sys
import textwrap
import threading
import weakref
from collections.abc import Iterator
from concurrent import futures
from concurrent.futures import CancelledError
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import numpy as np
import psutil
import pytest
import torch

import engine
from engine.data.info import Data
from engine.doctor.remedies import mending
from engine.experiments.experiment import Experiment, Network, Training
from engine.experiments.problems import RunProblem
from engine.layers.catalog import LSTM, BatchNorm1d, Conv2d, Dropout, Embedding, Flatten, Linear, ReLU, Sequential
from engine.runs.folder import Run
from engine.runs.status import Asked, Reason, State, Status
from engine.training import devices, execution, worker
from engine.training.trainer import Trainer
from engine.training.worker import Worker, train
from engine.words import LANGUAGES, table
from tests.patience import GIVE_UP_S, until

DENSE = (Flatten(), Linear(out_features=16), ReLU(), Dropout(p=0.2), Linear(out_features=10))


def digits(layers: tuple = DENSE, data: Data = Data(samples=100), **training: Any) -> Experiment:  # noqa: B008
    settings = {"batch_size": 16, "epochs": 4, "optimizer": "SGD", "lr": 0.05, "momentum": 0.5} | training
    return Experiment(seed=11, data=data, network=Network(layers=layers), training=Training(**settings))


def endless(**training: Any) -> Experiment:
    return digits(epochs=1_000_000, **training)


@pytest.fixture
def a_worker() -> Iterator[Worker]:
    made = Worker()
    yield made
    assert made.close(GIVE_UP_S)


def wait_for(made: Worker, state: State) -> Status:
    assert made.wait_until(lambda status: status.state is state, GIVE_UP_S), made.status()
    return made.status()


def wait_for_step(made: Worker, step: int) -> None:
    until(lambda: made.status().step >= step)


def sleeps(thread: threading.Thread | None) -> bool:
    """Whether a thread waits for a notice, however long that takes: it needs no processor until then."""
    assert thread is not None
    frame = sys._current_frames().get(thread.ident or 0)
    return frame is not None and frame.f_code is threading.Condition.wait.__code__ and frame.f_locals["timeout"] is None


def losses(made: Worker) -> np.ndarray:
    return made.history.train.since()[1].copy()


# states and commands


def test_before_the_first_run_it_is_idle_without_a_reason(a_worker: Worker):
    status = a_worker.status()
    assert (status.state, status.reason, status.step, status.train_loss) == (State.IDLE, None, 0, None)
    assert len(a_worker.history.train) == 0


def test_each_run_gives_the_memory_of_its_tensors_back(a_worker: Worker, monkeypatch: pytest.MonkeyPatch):
    given_back: list[State] = []
    monkeypatch.setattr(devices, "give_back_memory", lambda: given_back.append(a_worker.status().state))
    for number in (1, 2):
        a_worker.start(digits())
        wait_for(a_worker, State.IDLE)
        until(lambda number=number: len(given_back) == number)
    assert given_back == [State.IDLE, State.IDLE]  # nobody waits for it


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries give it back by themselves")
def test_memory_in_pieces_is_given_back():
    """Blocks below one that stays are freed, and stay with the process until they are asked for."""
    blocks = [np.ones(8_000) for _ in range(1600)]  # 98 MiB
    last = np.ones(8_000)
    full = psutil.Process().memory_info().rss
    del blocks
    devices.give_back_memory()
    assert full - psutil.Process().memory_info().rss > 50 * 2**20
    assert last.all()


def test_a_run_goes_through_its_states_to_completed(a_worker: Worker, monkeypatch: pytest.MonkeyPatch):
    seen: list[tuple[State, Reason | None]] = []
    enter = Worker._enter
    monkeypatch.setattr(Worker, "_enter", lambda self, *to: (seen.append((*to, None)[:2]), enter(self, *to))[1])
    a_worker.start(digits())
    assert a_worker.status().state is State.PREPARING
    status = wait_for(a_worker, State.IDLE)
    assert seen == [(State.RUNNING, None), (State.FINISHING, None), (State.IDLE, Reason.COMPLETED)]
    assert (status.reason, status.step, status.steps, status.epoch, status.epochs) == (Reason.COMPLETED, 20, 20, 4, 4)
    assert (status.device, status.lr, status.problem) == ("cpu", 0.05, None)
    assert status.loss == a_worker.history.train.last()[0]
    assert (status.train_loss, status.train_accuracy) == a_worker.history.epoch_train.last()
    assert status.measured == 4
    assert status.validation_accuracy == a_worker.history.validation.last()[1]
    assert status.seconds > 0
    assert status.samples_per_second == pytest.approx(status.steps_per_second * 80 / 5)
    assert a_worker.history.epochs.since()[0].tolist() == [5, 10, 15, 20]


def test_steps_are_done_one_by_one_and_the_rest_gives_the_same_losses(a_worker: Worker):
    a_worker.start(digits(), paused=True)
    assert wait_for(a_worker, State.PAUSED).step == 0
    for step in range(1, 7):
        a_worker.step()
        assert a_worker.wait_until(lambda status, step=step: status.step == step, GIVE_UP_S)
    a_worker.step(4)
    assert a_worker.wait_until(lambda status: status.step == 10, GIVE_UP_S)
    assert len(a_worker.history.epochs) == 2, "the epoch ended with the tenth step, and so did its validation"
    a_worker.ask(lambda _model, _data: None).result(GIVE_UP_S)  # the loop has come by once more
    assert a_worker.status().step == 10
    assert a_worker.status().state is State.PAUSED
    a_worker.play()
    wait_for(a_worker, State.IDLE)
    np.testing.assert_array_equal(losses(a_worker), headless_losses(digits()))


def test_steps_are_waited_for_with_all_that_belongs_to_them(a_worker: Worker, monkeypatch: pytest.MonkeyPatch):
    """The fifth step is counted before its epoch is measured."""
    validating, go_on, validate = threading.Event(), threading.Event(), Trainer.validate

    def slow(trainer: Trainer) -> Iterator[None]:
        validating.set()
        go_on.wait(GIVE_UP_S)
        yield from validate(trainer)

    monkeypatch.setattr(Trainer, "validate", slow)
    a_worker.start(digits(), paused=True)
    wait_for(a_worker, State.PAUSED)
    a_worker.step(5)
    assert validating.wait(GIVE_UP_S)
    assert a_worker.status().step == 5
    assert not a_worker.wait_until(lambda status: status.step == 5, 0.0)
    go_on.set()
    assert a_worker.wait_until(lambda status: status.step == 5, GIVE_UP_S)
    assert len(a_worker.history.epochs) == a_worker.status().measured == 1
    a_worker.step()
    a_worker.play()
    assert wait_for(a_worker, State.IDLE).reason is Reason.COMPLETED, "a step that was asked for hinders no other wait"


def test_a_pause_takes_no_time_from_the_processor(a_worker: Worker):
    a_worker.start(endless())
    wait_for_step(a_worker, 50)
    a_worker.pause()
    status = wait_for(a_worker, State.PAUSED)
    assert a_worker._thread is not None
    until(lambda: sleeps(a_worker._thread))
    later = a_worker.status()
    assert (later.step, later.seconds) == (status.step, status.seconds)
    a_worker.play()
    wait_for_step(a_worker, status.step + 20)
    assert a_worker.status().state is State.RUNNING


def test_what_is_asked_is_known_before_the_run_has_followed(a_worker: Worker, monkeypatch: pytest.MonkeyPatch):
    begun, go_on, step = threading.Event(), threading.Event(), Trainer.step

    def slow(trainer: Trainer) -> None:
        begun.set()
        go_on.wait(GIVE_UP_S)
        step(trainer)

    monkeypatch.setattr(Trainer, "step", slow)
    assert a_worker.status().asked is None
    a_worker.start(endless())
    assert begun.wait(GIVE_UP_S)
    for asked in (Asked.PAUSE, Asked.PLAY, Asked.PAUSE):
        assert a_worker.toggle()
        assert (a_worker.status().state, a_worker.status().asked) == (State.RUNNING, asked)
    assert a_worker.step()
    assert a_worker.status().asked is Asked.PAUSE
    assert a_worker.toggle(), "a step that has not been done is one to pause after"
    assert a_worker.status().asked is Asked.PLAY
    a_worker.stop()
    assert a_worker.status().asked is Asked.STOP
    assert not a_worker.toggle() and not a_worker.step()
    go_on.set()
    assert wait_for(a_worker, State.IDLE).asked is None


def test_toggles_of_many_threads_are_all_counted(a_worker: Worker):
    a_worker.start(endless())
    wait_for_step(a_worker, 1)
    threads = [threading.Thread(target=lambda: [a_worker.toggle() for _ in range(101)]) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wait_for(a_worker, State.PAUSED).asked is Asked.PAUSE, "an odd number"
    a_worker.toggle()
    wait_for_step(a_worker, a_worker.status().step + 5)


def test_stepping_a_running_run_pauses_it(a_worker: Worker):
    a_worker.start(endless())
    wait_for_step(a_worker, 5)
    a_worker.step(3)
    wait_for(a_worker, State.PAUSED)


@pytest.mark.parametrize("when", ["preparing", "paused", "running"])
def test_stop_ends_a_run_at_once(a_worker: Worker, when: str):
    a_worker.start(endless(), paused=when == "paused")
    if when == "paused":
        wait_for(a_worker, State.PAUSED)
    if when == "running":
        wait_for_step(a_worker, 3)
    a_worker.stop()
    step = a_worker.status().step
    status = wait_for(a_worker, State.IDLE)
    assert status.reason is Reason.STOPPED
    assert status.step <= step + 1, "the step that was under way"
    if when == "running":
        assert len(a_worker.history.train) == status.step


def test_stop_in_a_long_validation_does_not_wait_for_its_end(a_worker: Worker, monkeypatch: pytest.MonkeyPatch):
    from engine.training.trainer import Trainer

    validating = threading.Event()

    def validate(_self: Trainer) -> Iterator[None]:
        while True:
            validating.set()
            yield

    monkeypatch.setattr(Trainer, "validate", validate)
    a_worker.start(digits())
    assert validating.wait(GIVE_UP_S)
    a_worker.stop()
    assert wait_for(a_worker, State.IDLE).reason is Reason.STOPPED
    assert len(a_worker.history.epochs) == 0


def test_the_learning_rate_changes_with_the_next_step(a_worker: Worker):
    a_worker.start(digits(momentum=0.0), paused=True)
    wait_for(a_worker, State.PAUSED)
    a_worker.step(2)
    assert a_worker.wait_until(lambda status: status.step == 2, GIVE_UP_S)
    a_worker.set_lr(1e-30)  # adds less than the last bit of any weight
    a_worker.step()
    assert a_worker.wait_until(lambda status: status.step == 3 and status.lr == 1e-30, GIVE_UP_S)
    before = a_worker.ask(lambda model, _data: model[1].weight.clone()).result(GIVE_UP_S)
    a_worker.step(2)
    assert a_worker.wait_until(lambda status: status.step == 5, GIVE_UP_S)
    assert torch.equal(a_worker.ask(lambda model, _data: model[1].weight.clone()).result(GIVE_UP_S), before)


@pytest.mark.parametrize("lr", [0.0, -1.0, float("nan"), float("inf")])
def test_a_learning_rate_that_is_none_is_refused(a_worker: Worker, lr: float):
    with pytest.raises(ValueError, match="learning rate"):
        a_worker.set_lr(lr)


def test_a_second_run_waits_for_the_first_and_begins_anew(a_worker: Worker):
    a_worker.start(endless())
    with pytest.raises(RuntimeError, match="stop it first"):
        a_worker.start(digits())
    a_worker.stop()
    wait_for(a_worker, State.IDLE)
    first = a_worker.history
    a_worker.start(digits())
    assert a_worker.history is not first
    assert wait_for(a_worker, State.IDLE).reason is Reason.COMPLETED


def test_commands_without_a_run_do_nothing(a_worker: Worker):
    a_worker.pause()
    assert not a_worker.step(3) and not a_worker.toggle()
    a_worker.stop()
    a_worker.start(digits())
    assert wait_for(a_worker, State.IDLE).reason is Reason.COMPLETED


# the same losses, whoever asks and whatever else goes on


def headless_losses(experiment: Experiment) -> np.ndarray:
    found: list[Worker] = []
    carry_out = Worker._carry_out
    try:
        Worker._carry_out = lambda self, run: (found.append(self), carry_out(self, run))[1]  # type: ignore[method-assign]
        train(experiment)
    finally:
        Worker._carry_out = carry_out  # type: ignore[method-assign]
    return losses(found[0])


def test_losses_are_the_same_to_the_bit_with_everything_else_busy(a_worker: Worker):
    experiment = digits(layers=(Conv2d(out_channels=8, kernel_size=3, padding=1), ReLU(), *DENSE), epochs=10)
    expected = headless_losses(experiment)
    done = threading.Event()

    def be_busy() -> None:
        torch.set_num_threads(1)
        generator = torch.Generator()
        while not done.is_set():
            picture = torch.rand(1, 3, 64, 64, generator=generator)
            torch.nn.functional.conv2d(picture, torch.rand(8, 3, 3, 3, generator=generator))
            sum(range(2000))

    threads = [threading.Thread(target=be_busy) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        a_worker.start(experiment)
        while a_worker.status().state is not State.IDLE:
            futures.wait([a_worker.ask(lambda model, data: model.train()(data.x_train[:4]))], 20)  # draws for its dropout
    finally:
        done.set()
        for thread in threads:
            thread.join()
    np.testing.assert_array_equal(losses(a_worker), expected)


def test_another_seed_gives_other_losses():
    assert not np.array_equal(headless_losses(digits()), headless_losses(msgspec.structs.replace(digits(), seed=12)))


@pytest.fixture
def threads() -> Iterator[int]:
    """How many threads the test has: more than a run takes."""
    before = torch.get_num_threads()
    number = (os.cpu_count() or 1) + 1
    torch.set_num_threads(number)
    yield number
    torch.set_num_threads(before)


def test_headless_training_tells_its_progress_and_leaves_the_threads_alone(monkeypatch: pytest.MonkeyPatch, threads: int):
    monkeypatch.setattr(execution, "TICK_S", 0.0)
    seen: list[Status] = []
    status = train(digits(), on_progress=seen.append)
    after_each_step_and_epoch = sorted([*range(1, 21), 5, 10, 15, 20])
    assert [one.step for one in seen[:-1]] == [0, *after_each_step_and_epoch]
    assert [(one.step, one.measured) for one in seen if one.step == 10] == [(10, 1), (10, 2)]
    assert seen[-1] == status
    assert seen[0].state is State.PREPARING
    assert {one.state for one in seen[1:-1]} == {State.RUNNING}
    assert torch.get_num_threads() == threads
    assert all(thread.name != "training" for thread in threading.enumerate())


def test_a_run_that_is_interrupted_leaves_the_threads_alone(monkeypatch: pytest.MonkeyPatch, threads: int):
    def interrupted(_self: execution.Execution, _gate: object) -> Reason:
        torch.set_num_threads(threads + 2)
        raise KeyboardInterrupt

    monkeypatch.setattr(execution.Execution, "loop", interrupted)
    with pytest.raises(KeyboardInterrupt):
        train(digits())
    assert torch.get_num_threads() == threads


def test_a_device_given_to_train_counts_more_than_the_experiments():
    assert train(digits(device="mps" if not torch.backends.mps.is_available() else "cuda"), device="cpu").reason is (
        Reason.COMPLETED
    )


# ends


def problem_code(status: Status) -> str:
    assert status.problem is not None
    for language in LANGUAGES:
        sentence = status.problem.sentence(language)
        assert sentence != status.problem.code
        assert "{" not in sentence
    return status.problem.code


BROKEN = {
    "network": digits(layers=(Conv2d(out_channels=4, kernel_size=9), Flatten(), Linear(out_features=10))),
    "output_differs": digits(layers=(Flatten(), Linear(out_features=3))),
    "nothing_to_train": Experiment(data=Data(name="waves", samples=50, length=5), network=Network(layers=(ReLU(),))),
    "input_differs": Experiment(network=Network(input=(1, 28, 28), layers=DENSE)),
    "vocabulary_too_small": Experiment(
        data=Data(name="counting", samples=50),
        network=Network(layers=(Sequential(layers=(Embedding(num_embeddings=13, embedding_dim=4),)), Linear(out_features=14))),
    ),
    "nesterov_needs_momentum": digits(nesterov=True, momentum=0.0),
    "loss_needs_classes": Experiment(
        data=Data(name="adding", samples=50, length=5),
        network=Network(layers=(LSTM(hidden_size=4), Linear(out_features=1))),
        training=Training(loss="cross_entropy"),
    ),
    "data": digits(data=Data(name="no such data")),
    "last_batch_of_one": digits(layers=(Flatten(), Linear(out_features=10), BatchNorm1d()), batch_size=79),
}


@pytest.mark.parametrize("code", BROKEN)
def test_a_run_that_cannot_be_fails_with_words(a_worker: Worker, code: str, capfd: pytest.CaptureFixture[str]):
    a_worker.start(BROKEN[code])
    status = wait_for(a_worker, State.IDLE)
    assert status.reason is Reason.FAILED
    assert problem_code(status) == code
    assert capfd.readouterr().err == ""
    a_worker.start(digits())
    assert wait_for(a_worker, State.IDLE).reason is Reason.COMPLETED, "the worker goes on after a failure"


def test_a_device_that_is_not_there_fails_before_anything_begins(a_worker: Worker, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr("engine.data.datasets.load", lambda *_, **__: pytest.fail("data were loaded"))
    a_worker.start(digits(device="cuda"))
    assert problem_code(wait_for(a_worker, State.IDLE)) == "device_missing"


def test_an_unforeseen_error_is_the_runs_problem_and_no_traceback(
    a_worker: Worker, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    from engine.training.trainer import Trainer

    step = Trainer.step
    monkeypatch.setattr(Trainer, "step", lambda self: step(self) if self.step_count < 7 else 1 // 0)
    a_worker.start(digits())
    status = wait_for(a_worker, State.IDLE)
    assert (status.reason, status.step, problem_code(status)) == (Reason.FAILED, 7, "unexpected")
    assert "ZeroDivisionError" in status.problem.sentence()
    assert "in <lambda>" in status.problem.details
    assert capfd.readouterr().err == ""


def test_too_little_memory_is_said(a_worker: Worker):
    layers = (Flatten(), Linear(out_features=100_000), Linear(out_features=100_000_000), Linear(out_features=10))
    a_worker.start(digits(layers=layers))
    assert problem_code(wait_for(a_worker, State.IDLE)) == "too_large_to_train"


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.\nMore."),
        RuntimeError("[enforce fail at alloc_cpu.cpp:121] DefaultCPUAllocator: can't allocate memory"),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
        RuntimeError("cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED"),
        MemoryError(),
    ],
    ids=["gpu", "cpu", "cublas", "cudnn", "python"],
)
def test_steps_that_find_no_memory_end_the_run_with_a_smaller_batch_to_try(
    a_worker: Worker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: Exception
):
    forward = torch.nn.Linear.forward

    def crowded(self: torch.nn.Linear, x: torch.Tensor) -> torch.Tensor:
        if self.training and len(x) > 20:  # as a real allocation: of too large a batch only
            raise error
        return forward(self, x)

    monkeypatch.setattr(torch.nn.Linear, "forward", crowded)
    experiment = digits(batch_size=40)
    a_worker.start(experiment, folder=tmp_path / "run")
    status = wait_for(a_worker, State.IDLE)
    assert (status.reason, problem_code(status)) == (Reason.FAILED, "out_of_memory")
    assert status.problem.details == "" and "()" not in status.problem.sentence() and "More" not in status.problem.sentence()
    assert Run.open(tmp_path / "run").status["problem"]["code"] == "out_of_memory"
    offered = mending(status.problem, experiment)
    assert offered is not None and offered.said() == "Try the batch size 20"
    a_worker.start(offered.experiment)
    assert wait_for(a_worker, State.IDLE).reason is Reason.COMPLETED


def test_a_smaller_batch_is_offered_where_it_helps():
    in_steps = RunProblem("out_of_memory", {"message": "", "in_steps": True})
    assert mending(in_steps, digits(batch_size=1)) is None
    assert mending(in_steps, digits(batch_size=1_000_000)).experiment.training.batch_size == 40, "half of all samples"
    normal = digits(layers=(Flatten(), Linear(out_features=10), BatchNorm1d()), batch_size=2)
    assert mending(in_steps, normal) is None, "a batch normalisation cannot do with batches of one"
    assert mending(RunProblem("out_of_memory", {"message": "", "in_steps": False}), digits()) is None, (
        "the network is too large"
    )
    assert mending(RunProblem("diverged_at_once"), digits()) is None


def test_a_loss_beyond_all_numbers_ends_as_diverged(a_worker: Worker):
    layers = (Flatten(), Linear(out_features=16), Linear(out_features=16), Linear(out_features=10))
    a_worker.start(digits(layers=layers, lr=100.0, loss="mean_squared_error", epochs=50))
    status = wait_for(a_worker, State.IDLE)
    assert (status.reason, problem_code(status)) == (Reason.DIVERGED, "diverged_learning_rate")
    steps, recorded, _ = a_worker.history.train.since()
    assert status.problem.values["step"] == len(steps) + 1
    assert status.problem.values["last_loss"] == recorded[-1]
    assert np.isfinite(recorded).all()
    assert recorded.min() > 0


def test_a_recurrent_network_that_diverges_is_told_to_clip(a_worker: Worker):
    experiment = Experiment(
        data=Data(name="adding", samples=100, length=20),
        network=Network(layers=(LSTM(hidden_size=8), Linear(out_features=1))),
        training=Training(optimizer="SGD", lr=100.0, batch_size=16, epochs=50),
    )
    a_worker.start(experiment)
    status = wait_for(a_worker, State.IDLE)
    assert (status.reason, problem_code(status)) == (Reason.DIVERGED, "diverged_no_clipping")


def test_every_problem_has_words_in_both_languages():
    import re

    source = "".join(file.read_text("utf-8") for file in Path(engine.__file__).parent.rglob("*.py"))
    codes = set(re.findall(r"""(?:CannotRunError\(|RunProblem\(|(?:say|Phrase)\(["']run["'],)\s*["'](\w+)["']""", source))
    assert len(codes) > 10
    entries = table("run")
    assert codes == set(entries)
    for code, entry in entries.items():
        placeholders = [set(re.findall(r"\{(\w+)", entry[language])) for language in LANGUAGES]
        assert placeholders[0] == placeholders[1], code


# probes


def test_a_probe_sees_the_model_between_two_steps_in_evaluation_mode(a_worker: Worker):
    a_worker.start(endless())
    thread, training, name = a_worker.ask(
        lambda model, data: (threading.current_thread().name, model.training, data.name)
    ).result(GIVE_UP_S)
    assert (thread, training, name) == ("training", False, "digits")
    wait_for_step(a_worker, 1)
    a_worker.pause()
    wait_for(a_worker, State.PAUSED)
    gradient = a_worker.ask(lambda model, _data: float(model[1].weight.grad.norm())).result(GIVE_UP_S)
    assert gradient > 0
    a_worker.stop()
    wait_for(a_worker, State.IDLE)
    outputs = a_worker.ask(lambda model, data: model(data.x_validation[:3]).shape).result(GIVE_UP_S)
    assert tuple(outputs) == (3, 10)


def test_a_probe_that_raises_hurts_nobody_but_who_asked(a_worker: Worker):
    a_worker.start(endless())
    with pytest.raises(ZeroDivisionError):
        a_worker.ask(lambda _model, _data: 1 // 0).result(GIVE_UP_S)
    wait_for_step(a_worker, a_worker.status().step + 10)


def test_a_probe_in_the_middle_of_a_validation_leaves_it_in_evaluation_mode(a_worker: Worker):
    layers = (Flatten(), Linear(out_features=16), BatchNorm1d(), ReLU(), Dropout(p=0.5), Linear(out_features=10))
    experiment = digits(layers=layers, data=Data(validation=0.4), epochs=2)
    expected = headless_validation(experiment)
    from engine.training.trainer import Trainer

    validate = Trainer.validate
    asked: list[Any] = []

    def with_a_probe(self: Trainer) -> Iterator[None]:
        for _ in validate(self):
            asked.append(a_worker.ask(lambda model, _data: model.training))
            a_worker._probes_from = 0.0
            yield

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Trainer, "validate", with_a_probe)
        a_worker.start(experiment)
        wait_for(a_worker, State.IDLE)
    assert len(asked) > 2
    assert [future.result(GIVE_UP_S) for future in asked] == [False] * len(asked)
    np.testing.assert_array_equal(a_worker.history.validation.since()[1], expected)


def headless_validation(experiment: Experiment) -> np.ndarray:
    other = Worker()
    other.start(experiment)
    wait_for(other, State.IDLE)
    assert other.close(GIVE_UP_S)
    return other.history.validation.since()[1]


def test_slow_probes_never_slow_the_run_by_more_than_5_percent(a_worker: Worker, monkeypatch: pytest.MonkeyPatch):
    now_s, done = [0.0], []  # a clock that only steps and probes move on
    step = Trainer.step

    def timed_step(trainer: Trainer) -> None:
        step(trainer)
        now_s[0] += 0.010
        done.append("step")

    def timed_probe(_model: object, _data: object) -> None:
        now_s[0] += 0.050
        done.append("probe")

    monkeypatch.setattr(Trainer, "step", timed_step)
    monkeypatch.setattr(worker, "time", SimpleNamespace(perf_counter=lambda: now_s[0]))
    a_worker.start(endless(), paused=True)
    wait_for(a_worker, State.PAUSED)
    asked = [a_worker.ask(timed_probe) for _ in range(3)]
    futures.wait(asked, GIVE_UP_S)  # while it waits, all of its time
    a_worker.play()
    wait_for_step(a_worker, 1)
    asked = [a_worker.ask(timed_probe) for _ in range(5)]
    futures.wait(asked, GIVE_UP_S)
    a_worker.pause()
    wait_for(a_worker, State.PAUSED)
    between = "".join(each[0] for each in done[3:]).strip("s").split("p")[1:-1]
    assert len(between) >= 3 and all(len(steps) >= 95 for steps in between), "95 % of the time are the run's"


def test_a_question_that_is_asked_at_once_does_not_wait_for_the_rest_after_a_dear_one(
    a_worker: Worker, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(worker, "PROBE_SHARE", 1e-12)  # a rest of years after any probe
    a_worker.start(endless())
    a_worker.ask(lambda _model, _data: None).result(GIVE_UP_S)
    waiting = a_worker.ask(lambda _model, _data: "waits")
    assert a_worker.ask(lambda _model, _data: "comes", at_once=True).result(GIVE_UP_S) == "comes"
    assert waiting.result(GIVE_UP_S) == "waits"  # which was asked before
    assert not a_worker.ask(lambda _model, _data: None).done()


def test_probes_that_nobody_can_answer_are_cancelled(a_worker: Worker):
    with pytest.raises(CancelledError):
        a_worker.ask(lambda _model, _data: 1).result(GIVE_UP_S)
    a_worker.start(BROKEN["output_differs"])
    asked = a_worker.ask(lambda _model, _data: 1)
    with pytest.raises(CancelledError):
        asked.result(GIVE_UP_S)
    other = Worker()
    other.start(digits(), paused=True)
    wait_for(other, State.PAUSED)
    assert other.close(GIVE_UP_S)
    with pytest.raises(CancelledError):
        other.ask(lambda _model, _data: 1).result(GIVE_UP_S)


# nothing stays behind


def test_a_hundred_runs_leave_no_thread_and_no_growing_memory():
    process = psutil.Process()
    before = threading.active_count()

    def cycle(made: Worker) -> None:
        made.start(endless())
        made.pause()
        made.step(2)
        assert made.wait_until(lambda status: status.step >= 2 and status.state is State.PAUSED, GIVE_UP_S)
        made.play()
        made.stop()
        wait_for(made, State.IDLE)

    reused = Worker()
    closed: list[weakref.ref[Worker]] = []
    sizes = []
    for number in range(100):
        made = reused if number % 2 else Worker()
        cycle(made)
        if made is not reused:
            assert made.close(GIVE_UP_S)
            closed.append(weakref.ref(made))
        if number in (30, 99):
            gc.collect()
            sizes.append(process.memory_info().rss)
    assert reused.close(GIVE_UP_S)
    assert threading.active_count() == before
    assert sizes[1] - sizes[0] < 8e6
    del made
    gc.collect()
    assert [gone() for gone in closed] == [None] * len(closed)


def test_closing_twice_and_starting_after_it():
    made = Worker()
    assert made.close(GIVE_UP_S)
    assert made.close(GIVE_UP_S)
    with pytest.raises(RuntimeError, match="closed"):
        made.start(digits())


def in_a_process(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    head = """
        import sys, time
        from pathlib import Path
        from engine.experiments.experiment import preset
        from engine.fields import edited
        from engine.training.worker import Worker
        experiment = preset("digits-cnn")
        experiment = edited(experiment, training=edited(experiment.training, epochs=100_000))
        folder = Path(sys.argv[1]) if sys.argv[1:] else None
    """
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(head) + textwrap.dedent(script), *arguments],
        capture_output=True, text=True, timeout=GIVE_UP_S, check=False, cwd=Path(__file__).parents[3],
    )  # fmt: skip


BEGIN = """
        worker = Worker()
        worker.start(experiment, folder=folder)
        while worker.status().step < 30:
            time.sleep(0.01)
"""
CLOSE = f"""
        assert worker.close({GIVE_UP_S})
"""


@pytest.mark.parametrize("close", [CLOSE, ""], ids=["closed", "left to the interpreter"])
def test_the_interpreter_exits_cleanly_with_a_run_under_way(close: str, tmp_path: Path):
    done = in_a_process(BEGIN + close, str(tmp_path / "run"))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "run" / "resume.safetensors").exists(), "and the run has been saved"


def test_a_worker_can_be_made_before_torch_is_there():
    script = """
        Worker().status()
        assert not [name for name in ("torch", "sklearn", "safetensors") if name in sys.modules]
    """
    done = in_a_process(script)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
def test_control_c_ends_headless_training_as_stopped_and_saved(tmp_path: Path):
    script = """
        import os, signal
        from engine.training.worker import train
        def interrupt(status):
            if status.step > 20 and status.reason is None:
                os.kill(os.getpid(), signal.SIGINT)
        print(train(experiment, folder=folder, on_progress=interrupt).reason.value)
    """
    done = in_a_process(script, str(tmp_path / "run"))
    assert (done.returncode, done.stdout, done.stderr) == (0, "stopped\n", "")
    assert (tmp_path / "run" / "resume.safetensors").exists()


def test_a_run_may_be_computed_by_a_number_of_threads_of_its_own(a_worker, tmp_path):
    a_worker.start(digits(), folder=tmp_path / "run", threads=3)
    wait_for(a_worker, State.IDLE)
    assert Run.open(tmp_path / "run").kept().threads == 3
    a_worker.resume(tmp_path / "run", epochs=5, threads=1)
    wait_for(a_worker, State.IDLE)
    assert Run.open(tmp_path / "run").kept().threads == 3, "resumed with its own"
