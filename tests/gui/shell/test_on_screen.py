"""Windows of a lab: inside of the screen, and gone with the lab that they belong to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFrame, QWidget
from pytestqt.qtbot import QtBot

from gui.lab.base import Lab, Services
from gui.main_window import MainWindow
from gui.shell.on_screen import place, show_in_front
from gui.widgets.grids.number_table import open_table
from gui.widgets.grids.table_data import Table


def room() -> QRect:
    return QGuiApplication.primaryScreen().availableGeometry()


@pytest.mark.parametrize("corner", [(-500, -500), (5_000, 40), (40, 5_000), (5_000, 5_000), (90, 70)])
@pytest.mark.parametrize("flag", [Qt.WindowType.Dialog, Qt.WindowType.Popup])
def test_a_window_is_placed_inside_of_the_screen(qtbot: QtBot, corner: tuple[int, int], flag: Qt.WindowType) -> None:
    window = QFrame(None, flag)
    qtbot.addWidget(window)
    for size in ((300, 200), (9_000, 9_000)):
        window.resize(*size)
        place(window, QPoint(*corner))
        assert room().contains(window.geometry())
        if size == (300, 200) and corner == (90, 70):
            assert window.pos() == QPoint(*corner)  # there is room


def test_a_dialog_opens_in_front_of_its_window_and_stays_where_it_is_put(qtbot: QtBot) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    owner.setGeometry(2_000, 2_000, 300, 200)
    dialog = QDialog(owner)
    dialog.resize(250, 120)
    show_in_front(dialog)
    assert dialog.isVisible() and room().contains(dialog.geometry())
    dialog.move(33, 44)
    show_in_front(dialog)
    assert dialog.pos() == QPoint(33, 44)


class Shown(Lab):
    """A lab with nothing in it but a part."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self.part = QWidget(self)


def test_windows_go_and_come_with_their_lab(qtbot: QtBot, services: Services) -> None:
    lab, other = Shown(services), Shown(services)
    for each in (lab, other):
        qtbot.addWidget(each)
        each.show()
    dialog, closed, popup, foreign = QDialog(lab.part), QDialog(lab), QFrame(lab, Qt.WindowType.Popup), QDialog(other)
    inner = QDialog(popup)  # opened from a popup of the lab
    blocking = QDialog(lab)
    blocking.setModal(True)
    for window in (dialog, closed, foreign, inner, blocking, popup):
        window.show()
    closed.close()
    lab.hide()
    assert [each.isVisible() for each in (dialog, closed, popup, inner)] == [False] * 4
    assert foreign.isVisible() and blocking.isVisible()
    lab.show()
    assert [each.isVisible() for each in (dialog, closed, popup, inner)] == [True, False, False, True]
    dialog.close()
    lab.hide()
    lab.show()
    assert not dialog.isVisible()
    blocking.close()


@pytest.fixture
def services(own_home: object, tmp_path_factory: pytest.TempPathFactory) -> Services:
    return Services(runs_folder=tmp_path_factory.mktemp("runs"))


@pytest.fixture
def window(qtbot: QtBot, own_home: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MainWindow]:
    made = MainWindow(tmp_path_factory.mktemp("home") / "settings.json", lab="convolution", chosen_language="en")
    qtbot.addWidget(made)
    with qtbot.waitSignal(made.torch_is_ready):
        made.show()
    yield made
    made.close()


@pytest.mark.parametrize("corner", [(0, 0), (700, 600)])
def test_the_pad_the_terms_and_a_table_go_with_the_convolution_lab(window: MainWindow, corner: tuple[int, int]) -> None:
    window.move(*corner)
    lab = window.lab("convolution")
    lab.picker.draw()  # type: ignore[attr-defined]
    lab.scene_card.arithmetic.open_terms()  # type: ignore[attr-defined]
    pad, terms = lab.picker.pad, lab.scene_card.arithmetic.dialog  # type: ignore[attr-defined]
    table = open_table(Table("x", lab.picture.values_CHW[0, :1, :1], (0,), (0,)), lab.scene_card)  # type: ignore[attr-defined]
    windows = (pad, terms, table)
    for each in windows:
        assert each.isVisible() and room().contains(each.geometry()), each
    window.show_lab("network")
    assert not any(each.isVisible() for each in windows)
    window.show_lab("convolution")
    assert all(each.isVisible() for each in windows)
