"""An open foundations lab at one of its boards, which the tests of one file share."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from gui.lab.base import Services
from gui.labs.foundations.lab import FoundationsLab
from tests.gui.lent_labs import Lender


class BoardLender:
    def __init__(self, qtbot: QtBot, lender: Lender, folders: pytest.TempPathFactory) -> None:
        self._qtbot, self._lender, self._folders = qtbot, lender, folders

    def lend(self, board: str, width: int, height: int, *, shown: bool = True, patched: bool = False) -> FoundationsLab:
        """The lab at `board`, as it is when it is opened there. `patched`: one of its own, for a test that changes what a page
        computes with."""

        def opened() -> FoundationsLab:
            lab = FoundationsLab(Services(runs_folder=self._folders.mktemp("lab") / "runs"))
            lab.resize(width, height)
            if shown:
                lab.show()
            lab.show_board(board)
            return lab

        return self._lender.lend(self._qtbot, f"{board}, patched" if patched else board, opened)
