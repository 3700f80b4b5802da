"""PySide6 6.12.0 lost a reference to None on most calls, and Python 3.11 aborted after a few thousand of them. What we use must
not: painting, over and over, leaves None's count where it was."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QPixmap
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow

REPAINTS = 400
NOISE = 100  # what the interpreter itself moves meanwhile; a reference lost per call would be four times as many


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
@pytest.mark.parametrize("lab", ["convolution", "training"])
def test_repaints_do_not_lose_references_to_none(qtbot: QtBot, own_home: Path, lab: str) -> None:
    window = MainWindow(own_home / "settings.json", lab=lab, chosen_language="en")
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.torch_is_ready):
        window.show()
    page = window.lab(lab)
    page.resize(300, 200)
    picture = QPixmap(page.size())
    page.render(picture)
    gc.collect()  # what earlier tests have left is not searched for while it is counted
    before = sys.getrefcount(None)
    for _ in range(REPAINTS):
        page.render(picture)
    lost = before - sys.getrefcount(None)
    window.close()
    assert lost < NOISE
