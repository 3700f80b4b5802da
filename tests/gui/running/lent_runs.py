"""Labs that train, on the screen, with a folder of runs of their own; and open ones that the tests of one file share: a new
one, or one in which a run has ended.

The conftest of a lab imports the fixtures, and says with a fixture `open_lab` what a lab is: with a folder of runs, and with
torch or without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Generic, TypeVar

import pytest
from pytestqt.qtbot import QtBot

from engine.experiments.experiment import Experiment, to_toml
from engine.runs.history import History
from gui.running.lab.base import RunningLab
from tests.gui.lent_labs import Lender
from tests.patience import GIVE_UP_S

RunningLabT = TypeVar("RunningLabT", bound=RunningLab)


class RunLender(Generic[RunningLabT]):
    """What a test leaves that is no part of a lab's state, `put_back` puts back."""

    def __init__(
        self, qtbot: QtBot, lender: Lender, folders: pytest.TempPathFactory, opened: Callable[[Path, bool], RunningLabT]
    ) -> None:
        """`opened` opens a lab with that folder of runs; torch is there, or not."""
        self._qtbot, self._lender, self._folders, self._opened = qtbot, lender, folders, opened
        self.lent: list[tuple[RunningLabT, History | None]] = []  # and the history that it shows

    def new(self, experiment: Experiment | None = None, *, torch: bool = True) -> RunningLabT:
        """The new lab, for a test that begins no run; it shows `experiment`."""
        lab = self._lend("new" if torch else "new, without torch", lambda: self._opened(self._folder(), torch))
        if experiment is not None:
            lab.open_experiment(experiment)
        return lab

    def finished(self, experiment: Experiment) -> RunningLabT:
        """The lab in which a run of `experiment` has ended, for a test that looks at that run and begins no other."""

        def trained() -> RunningLabT:
            lab = self._opened(self._folder(), True)
            lab.open_experiment(experiment)
            with self._qtbot.waitSignal(lab.run_ended):
                lab.play()
            return lab

        return self._lend(to_toml(experiment), trained)

    def put_back(self) -> None:
        for lab, history in self.lent:
            assert _shown(lab) is history, "a test in which a lab comes to show another run opens one of its own"
            lab.panel.area.verticalScrollBar().setValue(0)
            lab.timeline.back_to_now()
            if lab.control.has_model:
                lab.looking.watching.look()  # at once, and not when its timer comes by
            self._qtbot.waitUntil(lambda lab=lab: not _is_at_work(lab))

    def _folder(self) -> Path:
        return self._folders.mktemp("lab") / "runs"

    def _lend(self, name: str, open_new: Callable[[], RunningLabT]) -> RunningLabT:
        lab = self._lender.lend(self._qtbot, name, open_new, _is_at_work)
        self.lent.append((lab, _shown(lab)))
        return lab


def _shown(lab: RunningLab) -> History | None:
    return None if lab.control.status() is None else lab.control.history


def _is_at_work(lab: RunningLab) -> bool:
    """Whether what the lab shows is still to change by itself."""
    watching, timeline = lab.looking.watching, lab.timeline
    asks = watching._timer.isActive() and lab.control.has_model and (watching._asked is None or watching._future is not None)
    answers = asks or lab.looking.is_behind or timeline.plays or timeline._pictures.busy()
    return answers or bool(lab.frame._waiting) or lab.control.is_opening or lab.run_in_progress()


@pytest.fixture
def make_lab(qtbot, quick_looks, tmp_path, open_lab):
    """Opens labs for one test. A second one is the program after a restart."""
    made = []

    def make(experiment: Experiment | None = None, *, torch: bool = True) -> RunningLab:
        lab = open_lab(tmp_path / "runs", torch)
        made.append(lab)
        qtbot.addWidget(lab)
        if experiment is not None:
            lab.open_experiment(experiment)
        return lab

    yield make
    for lab in made:
        lab.close_lab(GIVE_UP_S)


@pytest.fixture
def lent(qtbot, quick_looks, lender, tmp_path_factory, open_lab) -> Iterator[RunLender]:
    lends: RunLender = RunLender(qtbot, lender, tmp_path_factory, open_lab)
    yield lends
    lends.put_back()


@pytest.fixture
def lent_lab(lent):
    return lent.new


@pytest.fixture
def finished_lab(lent):
    return lent.finished
