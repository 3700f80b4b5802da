"""A link with a menu, used by the mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from gui.widgets.menu_button import MenuButton


@pytest.mark.parametrize("over", [False, True])
def test_the_mouse_is_over_the_button_behind_its_menu_only_where_it_is(qtbot: QtBot, over: bool) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(400, 300)
    button = MenuButton(page)
    button.setText("Famous networks")
    menu = QMenu(button)
    menu.addAction("LeNet-5")
    button.setMenu(menu)
    page.show()
    place = button.mapToGlobal(button.rect().center() if over else QPoint(200, 200))
    QCursor.setPos(place)
    qtbot.waitUntil(lambda: QCursor.pos() == place)
    button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)  # as X11 leaves it, where the menu was entered from the button
    menu.popup(button.mapToGlobal(QPoint(0, button.height())))
    qtbot.waitUntil(menu.isVisible)
    menu.close()
    assert button.underMouse() is over
