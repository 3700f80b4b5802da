"""A training lab on the screen; a test that begins no run of its own is lent one that the tests of its file share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gui.lab.base import Services
from gui.labs.training.lab import TrainingLab
from tests.gui.running.lent_runs import finished_lab, lent_lab, make_lab
from tests.gui.running.lent_runs import lent as lent_by_all

__all__ = ["finished_lab", "lent", "lent_by_all", "lent_lab", "make_lab", "open_lab"]


@pytest.fixture
def open_lab() -> Callable[[Path, bool], TrainingLab]:
    def opened(runs_folder: Path, torch: bool) -> TrainingLab:
        lab = TrainingLab(Services(runs_folder=runs_folder))
        lab.resize(1160, 760)
        lab.show()
        if torch:
            lab.torch_ready()
        return lab

    return opened


@pytest.fixture
def lent(lent_by_all):
    yield lent_by_all
    for lab, _ in lent_by_all.lent:
        for page in (lab.pages.confusion, lab.pages.mistakes):
            while page.deep:
                page.go_back()
