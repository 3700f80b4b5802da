"""A sequence lab on the screen, with a folder of runs of its own."""

from __future__ import annotations

import pytest

from engine.experiments.experiment import Experiment
from gui.lab.base import Services
from gui.labs.sequence.lab import SequenceLab
from tests.patience import GIVE_UP_S


@pytest.fixture
def make_lab(qtbot, quick_looks, tmp_path):
    made = []

    def make(experiment: Experiment | None = None, *, torch: bool = True) -> SequenceLab:
        lab = SequenceLab(Services(runs_folder=tmp_path / "runs"))
        made.append(lab)
        qtbot.addWidget(lab)
        lab.resize(1240, 800)
        lab.show()
        if torch:
            lab.torch_ready()
        if experiment is not None:
            lab.open_experiment(experiment)
        return lab

    yield make
    for lab in made:
        lab.close_lab(GIVE_UP_S)
