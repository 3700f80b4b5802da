"""Whoever switches the theme sees what somebody sees who has started in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.lab.names import LABS
from gui.main_window import MainWindow
from gui.shell import theme
from gui.shell.loader import TorchLoader

PASSES = 6  # of the event loop, until what labs do a moment later is done


@pytest.fixture
def without_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    """What torch computes comes when it comes; all the rest is there at once."""
    monkeypatch.setattr(TorchLoader, "start", lambda _self: None)


def _window(qtbot: QtBot, file: Path, scheme: theme.Choice) -> MainWindow:
    window = MainWindow(file, chosen_language="en")
    qtbot.addWidget(window)
    window.resize(1440, 900)
    theme.apply(scheme)
    window.show()
    return window


def _visit(window: MainWindow, lab: str) -> None:
    window.show_lab(lab)
    window.setFocus()
    for _ in range(PASSES):
        QApplication.processEvents()


def _grabs(window: MainWindow) -> dict[str, QImage]:
    found, centre = {}, window.centralWidget()
    assert centre is not None
    for lab in LABS:
        _visit(window, lab)
        found[lab] = centre.grab().toImage()
    menu = window._view_menu
    menu.popup(window.mapToGlobal(window.rect().center()))
    found["menu"] = menu.grab().toImage()
    menu.close()
    found["bar"] = window.menuBar().grab().toImage()
    return found


@pytest.mark.usefixtures("without_torch")
def test_a_switch_looks_as_a_start(qtbot: QtBot, tmp_path: Path) -> None:
    """Each lab as it is shown for the second time: some lay themselves out once more then."""
    pictures = []
    for begins_with in (theme.CHOICES[1], theme.CHOICES[2]):
        window = _window(qtbot, tmp_path / f"{begins_with}.toml", begins_with)
        for lab in LABS:
            _visit(window, lab)
        theme.apply("dark")
        pictures.append(_grabs(window))
        window.close()
    switched, started = pictures
    assert not [name for name in switched if switched[name] != started[name]]
