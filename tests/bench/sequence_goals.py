"""What networks reach on the tasks of the sequence lab, each with three seeds: the worst of them counts.

`goal_adding_50`, `goal_adding_100`: iterations until an LSTM's validation error is below 0.01. `goal_adding_rnn`: the least
error that a plain RNN reaches at T = 100 in as many iterations; always answering 1 has 1/6. `goal_counting`: right next
characters, of those that are determined because a whole numeral has been read. `goal_walk`: the skill's distance from 0 on a
random walk; `goal_sine`: the skill on sine waves. `goal_addition`: whole answers that are right, in additions of three digits,
question and answer reversed. `goal_copy`: the loss, as a share of that without memory.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from math import log

import numpy as np
import torch

from engine.data.datasets import Dataset
from engine.experiments.experiment import Experiment
from engine.experiments.schedules import CosineAnnealingLR
from engine.fields import edited
from engine.sequences.naive import naive_answer, skill
from engine.sequences.tasks import RecurrentName, fresh
from engine.training.devices import take_threads
from engine.training.execution import Execution

SEEDS = range(3)
ADDING_BELOW = 0.01
COUNTING = {"samples": 4_000, "epochs": 60}  # 3,000 iterations; the preset has 2,000 samples and 750 iterations
ADDING_STEPS = {50: 2_000, 100: 3_500}


def rows() -> Iterator[dict[str, object]]:
    take_threads(1)
    for length, most in ADDING_STEPS.items():
        yield _row(f"goal_adding_{length}", max(adding_steps(length, seed) for seed in SEEDS), f"<= {most}")
    yield _row("goal_adding_rnn", min(adding_best(100, "RNN", seed) for seed in SEEDS), ">= 0.15")
    yield _row("goal_counting", min(counting(seed) for seed in SEEDS), ">= 0.99")
    yield _row("goal_walk", max(abs(forecast("random-walk", seed)) for seed in SEEDS), "<= 0.05")
    yield _row("goal_sine", min(forecast("waves", seed, times=2, wave="sine") for seed in SEEDS), ">= 0.95")
    yield _row("goal_addition", min(addition(seed, "both") for seed in SEEDS), ">= 0.85")
    yield _row("goal_copy", max(copying(seed) for seed in SEEDS), "<= 0.1")


def adding_steps(length: int, seed: int) -> int:
    """Iterations until the validation error of an LSTM is below the goal, seen at the end of each epoch; twice the goal's
    number where it has not been reached by then."""
    most = 2 * ADDING_STEPS[length]
    run = _adding(length, "LSTM", seed)
    steps, losses = _followed(run, most, ADDING_BELOW)
    reached = int(steps[losses < ADDING_BELOW][0]) if (losses < ADDING_BELOW).any() else most
    _tell(task="adding", length=length, kind="LSTM", seed=seed, steps=reached, loss=float(losses[-1]))
    return reached


def adding_best(length: int, kind: RecurrentName, seed: int) -> float:
    """The least validation error within the goal's number of iterations."""
    _, losses = _followed(_adding(length, kind, seed), ADDING_STEPS[length])
    _tell(task="adding", length=length, kind=kind, seed=seed, least=float(losses.min()), loss=float(losses[-1]))
    return float(losses.min())


def counting(seed: int) -> float:
    """The share of right next characters on the validation data, of those that follow a whole numeral."""
    experiment = fresh("counting")
    data = edited(experiment.data, samples=COUNTING["samples"])
    training = edited(experiment.training, epochs=COUNTING["epochs"], schedule=CosineAnnealingLR())
    run = _run(edited(experiment, data=data, training=training), seed)
    x, y, outputs = _answers(run)
    known = after_a_numeral(x, run.trainer.dataset.classes.index(" ") if run.trainer else 0)
    right = outputs.argmax(-1) == y
    _tell(task="counting", seed=seed, determined=float(right[known].mean()), of_all=float(right.mean()), steps=int(known.sum()))
    return float(right[known].mean())


def after_a_numeral(tokens: np.ndarray, space: int) -> np.ndarray:
    """At which time steps (N, T) a whole numeral has been read, from one space to the next: what follows is determined."""
    determined: np.ndarray = np.cumsum(tokens == space, axis=1) >= 2
    return determined


def forecast(name: str, seed: int, *, times: int = 1, **data: object) -> float:
    """The skill on the validation data, after `times` the preset's epochs."""
    experiment = fresh(name)
    training = edited(experiment.training, epochs=times * experiment.training.epochs)
    run = _run(edited(experiment, data=edited(experiment.data, **data), training=training), seed)
    _, y, outputs = _answers(run)
    naive = naive_answer("last_value", _dataset(run)).loss
    found = skill(float(((outputs - y) ** 2).mean()), naive)
    assert found is not None
    _tell(task=name, seed=seed, skill=found, naive=naive)
    return found


def addition(seed: int, turned: str) -> float:
    """The share of questions whose whole answer is right, on the validation data."""
    experiment = fresh("addition")
    run = _run(edited(experiment, data=edited(experiment.data, reversed=turned)), seed)
    _, y, outputs = _answers(run)
    right = outputs.argmax(-1) == y
    answer = right[:, 2 * 3 + 1 :]
    _tell(task="addition", reversed=turned, seed=seed, whole=float(answer.all(1).mean()), characters=float(answer.mean()))
    return float(answer.all(1).mean())


def copying(seed: int) -> float:
    """The loss on the validation data, as a share of that without memory, 3 ln 8 / 15."""
    run = _run(fresh("copy"), seed)
    share = float(run.history.validation.since()[1][-1]) / (3 * log(8) / 15)
    _tell(task="copy", seed=seed, share=share)
    return share


def _adding(length: int, kind: RecurrentName, seed: int) -> Experiment:
    """H 64, Adam 2e-3, batch 64, clip 1: as the preset says."""
    experiment = fresh("adding", kind)
    training = edited(experiment.training, epochs=1_000)
    return edited(experiment, seed=seed, data=edited(experiment.data, length=length), training=training)


def _followed(experiment: Experiment, most: int, below: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Steps and validation losses of a run until one of them is below `below`, or for `most` iterations."""
    run = Execution(experiment, device="cpu", threads=1)
    run.prepare(lambda: False)
    run.clock.run()

    def goes_on(_: bool) -> bool:
        measured = run.history.validation.since()[1]
        return run.trainer is not None and run.trainer.step_count < most and not (len(measured) and measured[-1] < below)

    run.finish(run.loop(goes_on))
    steps, losses, _ = run.history.validation.since()
    return steps, losses


def _run(experiment: Experiment, seed: int) -> Execution:
    run = Execution(edited(experiment, seed=seed), device="cpu", threads=1)
    run.prepare(lambda: False)
    run.clock.run()
    run.finish(run.loop(lambda _: True))
    return run


def _dataset(run: Execution) -> Dataset:
    assert run.trainer is not None
    return run.trainer.dataset


def _answers(run: Execution) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Inputs, targets and outputs of the validation data."""
    assert run.trainer is not None
    data, model = run.trainer.dataset, run.trainer.model.eval()
    with torch.no_grad():
        outputs = torch.cat([model(x) for x in torch.split(data.x_validation, 256)])
    return data.x_validation.numpy(), data.y_validation.numpy(), outputs.numpy()


def _row(name: str, value: float, goal: str) -> dict[str, object]:
    return {"name": name, "value": round(value, 4), "of": len(SEEDS), "goal": goal}


def _tell(**what: object) -> None:
    print(json.dumps(what), file=sys.stderr, flush=True)
