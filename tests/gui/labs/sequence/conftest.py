"""A sequence lab on the screen; a test that begins no run of its own is lent one that the tests of its file share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gui.lab.base import Services
from gui.labs.sequence.lab import SequenceLab
from tests.gui.running.lent_runs import finished_lab, lent, lent_lab, make_lab

__all__ = ["finished_lab", "lent", "lent_lab", "make_lab", "open_lab"]


@pytest.fixture
def open_lab() -> Callable[[Path, bool], SequenceLab]:
    def opened(runs_folder: Path, torch: bool) -> SequenceLab:
        lab = SequenceLab(Services(runs_folder=runs_folder))
        lab.resize(1240, 800)
        lab.show()
        if torch:
            lab.torch_ready()
        return lab

    return opened
