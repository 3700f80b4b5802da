"""A training lab on the screen, with a folder of runs of its own. A second one in the same test is the program after a
restart."""

from __future__ import annotations

import pytest

from engine.experiments.experiment import Experiment
from gui.lab.base import Services
from gui.labs.training.lab import TrainingLab
from tests.patience import GIVE_UP_S


@pytest.fixture
def make_lab(qtbot, tmp_path):
    made = []

    def make(experiment: Experiment | None = None, *, torch: bool = True) -> TrainingLab:
        services = Services(runs_folder=tmp_path / "runs")
        lab = TrainingLab(services)
        made.append(lab)
        qtbot.addWidget(lab)
        lab.resize(1160, 760)
        lab.show()
        if torch:
            lab.torch_ready()
        if experiment is not None:
            lab.open_experiment(experiment)
        return lab

    yield make
    for lab in made:
        lab.close_lab(GIVE_UP_S)
