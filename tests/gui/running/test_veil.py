"""The veil over what is another experiment's."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gui.running.veil import Veil


def test_it_fades_all_but_what_shows_the_settings(qtbot: QtBot) -> None:
    page, parts = QWidget(), [QWidget(), QWidget()]
    qtbot.addWidget(page)
    row = QHBoxLayout(page)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(0)
    for part in parts:
        part.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        part.setStyleSheet("background: rgb(200, 0, 0)")
        row.addWidget(part)
    veil = Veil(page)
    veil.spare(parts[1])
    page.resize(200, 50)
    page.show()
    veil.show()
    shown = page.grab().toImage()
    assert QColor(shown.pixel(50, 25)) != QColor(200, 0, 0) == QColor(shown.pixel(150, 25))
    parts[1].hide()
    row.activate()
    assert QColor(page.grab().toImage().pixel(150, 25)) != QColor(200, 0, 0), "another page in its place fades"
