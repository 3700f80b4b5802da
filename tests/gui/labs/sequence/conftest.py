"""A sequence lab on the screen, with a folder of runs of its own; a test that begins no run of its own is lent one that the
tests of its file share: a new one, or one whose run has ended."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.experiments.experiment import Experiment
from gui.lab.base import Services
from gui.labs.sequence.lab import SequenceLab
from tests.gui.running.lent_runs import RunLender
from tests.patience import GIVE_UP_S


def opened(runs_folder: Path, *, torch: bool = True) -> SequenceLab:
    lab = SequenceLab(Services(runs_folder=runs_folder))
    lab.resize(1240, 800)
    lab.show()
    if torch:
        lab.torch_ready()
    return lab


@pytest.fixture
def make_lab(qtbot, quick_looks, tmp_path):
    made = []

    def make(experiment: Experiment | None = None, *, torch: bool = True) -> SequenceLab:
        lab = opened(tmp_path / "runs", torch=torch)
        made.append(lab)
        qtbot.addWidget(lab)
        if experiment is not None:
            lab.open_experiment(experiment)
        return lab

    yield make
    for lab in made:
        lab.close_lab(GIVE_UP_S)


@pytest.fixture
def lent(qtbot, quick_looks, lender, tmp_path_factory):
    lends = RunLender(qtbot, lender, tmp_path_factory, lambda runs, torch: opened(runs, torch=torch))
    yield lends
    lends.put_back()


@pytest.fixture
def lent_lab(lent):
    return lent.new


@pytest.fixture
def finished_lab(lent):
    return lent.finished
