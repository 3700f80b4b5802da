"""`doctor_alarms`: how many of 60 healthy runs (12 experiments, five seeds) have any diagnosis."""

from __future__ import annotations

from collections.abc import Iterator

from engine.fields import edited
from engine.training.devices import take_threads
from tests.bench.doctor import SEEDS, followed, row, tell
from tests.engine.doctor.planted import HEALTHY


def rows() -> Iterator[dict[str, object]]:
    take_threads(1)
    alarms = 0
    for name, experiment in HEALTHY.items():
        for seed in SEEDS:
            status, _ = followed(edited(experiment(), seed=seed))
            codes = [found.code for found in status.diagnoses]
            alarms += bool(codes)
            tell(healthy=name, seed=seed, found=codes, accuracy=status.validation_accuracy, loss=status.validation_loss)
    yield row("doctor_alarms", alarms, "<= 1", len(HEALTHY) * len(SEEDS))
