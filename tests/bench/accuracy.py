"""How well the networks of the first lessons learn: the share of the validation set that is answered right.

`accuracy[digits-cnn]`: after 30 epochs of Adam with the rate 1e-3 and batches of 32, 8 of 10 samples of each class for
training, the mean over five seeds, beside their deviation; it should be 97.6 % within 0.7. `accuracy[lenet-5]`: of mnist-5k,
the best of the first 15 epochs.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import mean, stdev

from engine.experiments.experiment import Experiment, preset
from engine.fields import edited
from tests.bench.doctor import followed

SEEDS = range(5)
LENET_EPOCHS = 15


def rows() -> Iterator[dict[str, object]]:
    digits = preset("digits-cnn")
    training = edited(digits.training, optimizer="Adam", lr=1e-3, batch_size=32, epochs=30, device="cpu")
    found = [_last(edited(digits, seed=seed, training=training)) for seed in SEEDS]
    yield {
        "name": "accuracy[digits-cnn]",
        "value": round(mean(found), 4),
        "deviation": round(stdev(found), 4),
        "seeds": [round(each, 4) for each in found],
        "goal": ">= 0.969",
    }
    lenet = preset("lenet-5")
    training = edited(lenet.training, epochs=LENET_EPOCHS, device="cpu")
    _, history = followed(edited(lenet, training=training))
    yield {
        "name": "accuracy[lenet-5]",
        "value": round(float(history.validation.since()[2].max()), 4),
        "epochs": LENET_EPOCHS,
        "goal": ">= 0.965",
    }


def _last(experiment: Experiment) -> float:
    status, _ = followed(experiment)
    assert status.validation_accuracy is not None
    return status.validation_accuracy
