"""A training lab on the screen, with a folder of runs of its own. A second one in the same test is the program after a
restart. A test that begins no run of its own is lent one that the tests of its file share: a new one, or one whose run has
ended."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.experiments.experiment import Experiment, to_toml
from gui.lab.base import Services
from gui.labs.training.lab import TrainingLab
from tests.gui.labs.training.small_runs import run
from tests.patience import GIVE_UP_S


def opened(runs_folder: Path, *, torch: bool = True) -> TrainingLab:
    lab = TrainingLab(Services(runs_folder=runs_folder))
    lab.resize(1160, 760)
    lab.show()
    if torch:
        lab.torch_ready()
    return lab


@pytest.fixture
def make_lab(qtbot, quick_looks, tmp_path):
    made = []

    def make(experiment: Experiment | None = None, *, torch: bool = True) -> TrainingLab:
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
def lent_lab(qtbot, quick_looks, lender, tmp_path_factory):
    """Lends the new lab, for a test that begins no run."""
    lent = []

    def lend(experiment: Experiment | None = None) -> TrainingLab:
        lab = lender.lend(qtbot, "new", lambda: opened(tmp_path_factory.mktemp("lab") / "runs"), is_at_work)
        lent.append(lab)
        if experiment is not None:
            lab.open_experiment(experiment)
        return lab

    yield lend
    for lab in lent:
        lab.panel.area.verticalScrollBar().setValue(0)
    assert all(lab.control.status() is None for lab in lent), "a lab in which a run was begun is no new one: make_lab"


@pytest.fixture
def finished_lab(qtbot, quick_looks, lender, tmp_path_factory):
    """Lends the lab in which a run of an experiment has ended, for a test that looks at that run and begins no other."""
    lent = []

    def lend(experiment: Experiment) -> TrainingLab:
        def trained() -> TrainingLab:
            lab = opened(tmp_path_factory.mktemp("lab") / "runs")
            lab.open_experiment(experiment)
            run(qtbot, lab)
            return lab

        lab = lender.lend(qtbot, to_toml(experiment), trained, is_at_work)
        lent.append((lab, lab.control.history))
        return lab

    yield lend
    for lab, history in lent:
        assert lab.control.history is history, "a lab that shows another run is not the one that was lent: make_lab"
        lab.timeline.back_to_now()
        lab.looking.watching.look()  # at once, and not when its timer comes by
        for page in (lab.pages.confusion, lab.pages.mistakes):
            while page.deep:
                page.go_back()
        qtbot.waitUntil(lambda lab=lab: not is_at_work(lab))


def is_at_work(lab: TrainingLab) -> bool:
    """Whether what the lab shows is still to change by itself."""
    watching, timeline = lab.looking.watching, lab.timeline
    asks = watching._timer.isActive() and lab.control.has_model and (watching._asked is None or watching._future is not None)
    answers = asks or lab.looking.is_behind or timeline.plays or timeline._pictures.busy()
    return answers or bool(lab.frame._waiting) or lab.control.is_opening or lab.run_in_progress()
