"""A foundations lab at one of its boards."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.labs.foundations.lent_boards import BoardLender
from tests.gui.lent_labs import Lender


@pytest.fixture
def boards(qtbot: QtBot, lender: Lender, tmp_path_factory: pytest.TempPathFactory) -> BoardLender:
    return BoardLender(qtbot, lender, tmp_path_factory)
