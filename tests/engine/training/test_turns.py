"""Workers that take turns: each run's losses are those of the run alone, and no command waits for another worker's run."""

from __future__ import annotations

import itertools
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine.data.info import Data
from engine.experiments.experiment import Experiment, Network, Training
from engine.layers.catalog import GRU, LSTM, RNN, Dropout, Linear
from engine.runs.folder import Run
from engine.runs.status import Reason, State
from engine.training.trainer import Trainer
from engine.training.turns import Turns
from engine.training.worker import Worker, resume, train
from tests.patience import GIVE_UP_S, until

CELLS = {"RNN": RNN, "LSTM": LSTM, "GRU": GRU}
SHORT_S = 1e-4  # of a turn: a switch at nearly every step


def recurrent(kind: str, **training: Any) -> Experiment:
    """Draws from the global generator in every step (dropout between its layers, and after them), and shuffles."""
    layers = (CELLS[kind](hidden_size=6, num_layers=2, dropout=0.3), Dropout(p=0.2), Linear(out_features=1))
    settings = {"batch_size": 8, "epochs": 6, "lr": 1e-2} | training
    return Experiment(
        seed=3, data=Data(name="adding", samples=60, length=6), network=Network(layers=layers), training=Training(**settings)
    )


def endless(kind: str) -> Experiment:
    return recurrent(kind, epochs=1_000_000)


@pytest.fixture
def three() -> Iterator[dict[str, Worker]]:
    turns = Turns(SHORT_S)
    made = {kind: Worker(turns=turns) for kind in CELLS}
    yield made
    assert [worker.close(GIVE_UP_S) for worker in made.values()] == [True] * 3
    assert turns.holder is None
    assert not turns.waiting


def losses(worker: Worker) -> np.ndarray:
    return worker.history.train.since()[1].copy()


def ended(worker: Worker, reason: Reason = Reason.COMPLETED) -> None:
    assert worker.wait_until(lambda status: status.state is State.IDLE, GIVE_UP_S), worker.status()
    assert worker.status().reason is reason, worker.status()


def alone(kind: str, folder: Path) -> np.ndarray:
    train(recurrent(kind), folder=folder)
    return Run.open(folder).history().train.since()[1]


def test_three_runs_at_once_have_the_losses_of_each_alone(three: dict[str, Worker], tmp_path: Path):
    order: list[int] = []
    step = Trainer.step

    def watched(self: Trainer) -> None:
        order.append(threading.get_ident())
        step(self)

    patch = pytest.MonkeyPatch()
    patch.setattr(Trainer, "step", watched)
    try:
        for kind, worker in three.items():
            worker.start(recurrent(kind), folder=tmp_path / f"{kind}-beside")
        for worker in three.values():
            ended(worker)
    finally:
        patch.undo()
    switches = sum(one != other for one, other in itertools.pairwise(order))
    assert len(order) == 3 * 36
    assert switches >= 10, "or else nothing has been tried"
    for kind, worker in three.items():
        expected = alone(kind, tmp_path / kind)
        assert losses(worker).tolist() == expected.tolist()
        beside = Run.open(tmp_path / f"{kind}-beside")
        assert beside.history().validation.last()[0] == Run.open(tmp_path / kind).history().validation.last()[0]
    assert len({losses(worker)[-1] for worker in three.values()}) == 3


def test_only_one_computes_at_a_time(three: dict[str, Worker], monkeypatch: pytest.MonkeyPatch):
    inside, most = [0], [0]
    step = Trainer.step

    def counted(self: Trainer) -> None:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        step(self)
        inside[0] -= 1

    monkeypatch.setattr(Trainer, "step", counted)
    for kind, worker in three.items():
        worker.start(recurrent(kind))
    for worker in three.values():
        ended(worker)
    assert most == [1]


def test_what_is_kept_beside_others_goes_on_alone_to_the_same_losses(three: dict[str, Worker], tmp_path: Path):
    """A run that is stopped while others draw random numbers keeps its own."""
    for kind, worker in three.items():
        worker.start(recurrent(kind, epochs=20), folder=tmp_path / kind)
    until(lambda: three["LSTM"].status().step >= 20)
    three["LSTM"].stop()
    ended(three["LSTM"], Reason.STOPPED)
    assert three["RNN"].status().state is not State.IDLE or three["RNN"].status().reason is Reason.COMPLETED
    for kind in ("RNN", "GRU"):
        three[kind].stop()
        ended(three[kind], three[kind].status().reason or Reason.STOPPED)
    resume(tmp_path / "LSTM")
    train(recurrent("LSTM", epochs=20), folder=tmp_path / "whole")
    gone_on, whole = (Run.open(tmp_path / name).history().train.since()[1] for name in ("LSTM", "whole"))
    assert gone_on.tolist() == whole.tolist()


def test_a_resumed_run_beside_another(three: dict[str, Worker], tmp_path: Path):
    expected = alone("GRU", tmp_path / "whole")
    train(recurrent("GRU", epochs=2), folder=tmp_path / "run")
    three["LSTM"].start(endless("LSTM"))
    until(lambda: three["LSTM"].status().step >= 3)
    three["GRU"].resume(tmp_path / "run", epochs=6)
    ended(three["GRU"])
    assert Run.open(tmp_path / "run").history().train.since()[1].tolist() == expected.tolist()


def test_a_branch_beside_another(three: dict[str, Worker], tmp_path: Path):
    """The steps up to its moment are computed in turns too."""
    expected = alone("GRU", tmp_path / "run")
    three["LSTM"].start(endless("LSTM"))
    until(lambda: three["LSTM"].status().step >= 3)
    before = three["LSTM"].status().step
    three["GRU"].branch(tmp_path / "run", 20, folder=tmp_path / "branch")
    ended(three["GRU"])
    assert three["LSTM"].status().step > before
    assert losses(three["GRU"]).tolist() == expected.tolist()


def test_a_pause_of_one_lets_the_others_go_on(three: dict[str, Worker]):
    for kind, worker in three.items():
        worker.start(endless(kind))
    until(lambda: all(worker.status().step >= 3 for worker in three.values()))
    three["LSTM"].pause()
    assert three["LSTM"].wait_until(lambda status: status.state is State.PAUSED, GIVE_UP_S)
    rested, others = three["LSTM"].status().step, {kind: three[kind].status().step for kind in ("RNN", "GRU")}
    until(lambda: all(three[kind].status().step >= step + 20 for kind, step in others.items()))
    assert three["LSTM"].status().step == rested
    three["LSTM"].step(3)
    assert three["LSTM"].wait_until(lambda status: status.step == rested + 3, GIVE_UP_S)
    three["LSTM"].play()
    until(lambda: three["LSTM"].status().step >= rested + 10)


def test_all_paused_wait_without_a_processor(three: dict[str, Worker]):
    for kind, worker in three.items():
        worker.start(endless(kind), paused=True)
    for worker in three.values():
        assert worker.wait_until(lambda status: status.state is State.PAUSED, GIVE_UP_S)
        frame = sys._current_frames()[worker._thread.ident]
        until(lambda worker=worker: sleeps(worker._thread))
        assert frame is not None


def sleeps(thread: threading.Thread | None) -> bool:
    assert thread is not None
    frame = sys._current_frames().get(thread.ident or 0)
    return frame is not None and frame.f_code is threading.Condition.wait.__code__ and frame.f_locals["timeout"] is None


def test_a_worker_without_work_keeps_no_other_waiting(three: dict[str, Worker]):
    three["LSTM"].start(recurrent("LSTM"))
    ended(three["LSTM"])
    three["RNN"].start(recurrent("RNN"), paused=True)
    assert three["RNN"].wait_until(lambda status: status.state is State.PAUSED, GIVE_UP_S)
    three["GRU"].start(recurrent("GRU"))
    ended(three["GRU"])


def test_commands_are_honoured_while_it_waits_for_its_turn(three: dict[str, Worker], monkeypatch: pytest.MonkeyPatch):
    """The LSTM's step does not end: the RNN, which waits for its turn, pauses, plays and takes a learning rate all the same."""
    may_end, holds = threading.Event(), threading.Event()
    step = Trainer.step

    def held(self: Trainer) -> None:
        if isinstance(self.model[0].rnn, torch.nn.LSTM):
            holds.set()
            may_end.wait(GIVE_UP_S)
        step(self)

    three["RNN"].start(endless("RNN"))
    until(lambda: three["RNN"].status().step >= 3)
    monkeypatch.setattr(Trainer, "step", held)
    try:
        three["LSTM"].start(endless("LSTM"))
        assert holds.wait(GIVE_UP_S)
        assert three["RNN"].status().state is State.RUNNING
        before = three["RNN"].status().step
        three["RNN"].pause()
        assert three["RNN"].wait_until(lambda status: status.state is State.PAUSED, GIVE_UP_S)
        three["RNN"].play()
        three["RNN"].set_lr(0.5)
        until(lambda: three["RNN"].status().lr == 0.5)
        assert three["RNN"].status().step == before
    finally:
        may_end.set()
    until(lambda: three["RNN"].status().step > before)


def test_a_run_is_stopped_in_its_preparation_while_another_computes(three: dict[str, Worker], monkeypatch: pytest.MonkeyPatch):
    may_end, holds = threading.Event(), threading.Event()
    step = Trainer.step

    def held(self: Trainer) -> None:
        holds.set()
        may_end.wait(GIVE_UP_S)
        step(self)

    monkeypatch.setattr(Trainer, "step", held)
    try:
        three["LSTM"].start(endless("LSTM"))
        assert holds.wait(GIVE_UP_S)
        three["RNN"].start(endless("RNN"))
        three["RNN"].stop()
        ended(three["RNN"], Reason.STOPPED)
        assert three["RNN"].close(GIVE_UP_S), "it has nothing to save: it waits for nobody"
    finally:
        may_end.set()


def test_probes_are_answered_in_turn_and_change_no_number(three: dict[str, Worker], tmp_path: Path):
    """A probe that draws from the global generator, of the run under way, of a paused one and of one that has ended."""
    three["GRU"].start(recurrent("GRU"))
    ended(three["GRU"])
    three["RNN"].start(recurrent("RNN"), paused=True)
    three["LSTM"].start(recurrent("LSTM"))
    answers = []
    for _ in range(5):
        answers += [worker.ask(lambda _model, _data: torch.rand(3).tolist()) for worker in three.values()]
    assert all(len(answer.result(GIVE_UP_S)) == 3 for answer in answers[:3])
    three["RNN"].play()
    for kind in ("RNN", "LSTM"):
        ended(three[kind])
    assert all(len(answer.result(GIVE_UP_S)) == 3 for answer in answers)
    for kind in CELLS:
        assert losses(three[kind]).tolist() == alone(kind, tmp_path / kind).tolist()


def test_a_failure_gives_the_turn_away(three: dict[str, Worker], monkeypatch: pytest.MonkeyPatch):
    step = Trainer.step

    def failing(self: Trainer) -> None:
        if isinstance(self.model[0].rnn, torch.nn.LSTM):
            raise RuntimeError("planted")
        step(self)

    monkeypatch.setattr(Trainer, "step", failing)
    for kind, worker in three.items():
        worker.start(recurrent(kind))
    ended(three["LSTM"], Reason.FAILED)
    ended(three["RNN"])
    ended(three["GRU"])


def test_the_clock_of_a_run_that_waits_stands_still(three: dict[str, Worker]):
    """Three that share the time have about a third of it each: their seconds add up to no more than what has gone by."""
    import time

    began = time.perf_counter()
    for kind, worker in three.items():
        worker.start(recurrent(kind, epochs=12))
    for worker in three.values():
        ended(worker)
    took = time.perf_counter() - began
    assert 0.0 < sum(worker.status().seconds for worker in three.values()) <= took


def test_the_seconds_left_are_those_that_will_go_by(monkeypatch: pytest.MonkeyPatch):
    """One of three waits two thirds of the time."""
    worker = Worker(turns=Turns())
    assert worker._stretch() == 1.0
    now = 100.0
    monkeypatch.setattr("engine.training.worker.time.perf_counter", lambda: now)
    for number in range(200):  # 0.2 s of waiting before each 0.1 s of computing, the last of it now
        worker._waits.append((now - 0.1 - 0.3 * (199 - number), 0.2))
    assert worker._stretch() == pytest.approx(3.0, abs=0.01)
    now = 110.0
    assert worker._stretch() == 1.0, "the others have ended"
    assert Worker()._stretch() == 1.0


def test_closing_in_the_midst_of_turns_joins_every_thread():
    turns = Turns()
    made = [Worker(turns=turns) for _ in range(3)]
    for worker, kind in zip(made, CELLS, strict=True):
        worker.start(endless(kind))
    until(lambda: all(worker.status().step >= 2 for worker in made))
    threads = [worker._thread for worker in made]
    assert [worker.close(GIVE_UP_S) for worker in made] == [True] * 3
    assert not any(thread.is_alive() for thread in threads if thread is not None)


def test_many_commands_from_another_thread_lead_to_no_standstill(three: dict[str, Worker]):
    rng = np.random.default_rng(0)
    for kind, worker in three.items():
        worker.start(endless(kind))
    for _ in range(150):
        worker = three[str(rng.choice(list(three)))]
        match int(rng.integers(5)):
            case 0:
                worker.pause()
            case 1:
                worker.play()
            case 2:
                worker.step(int(rng.integers(1, 4)))
            case 3:
                worker.set_lr(float(rng.uniform(1e-4, 1e-2)))
            case _:
                worker.ask(lambda model, _data: next(model.parameters()).sum().item())
    for worker in three.values():
        worker.play()
    steps = {kind: worker.status().step for kind, worker in three.items()}
    until(lambda: all(three[kind].status().step >= step + 5 for kind, step in steps.items()))
