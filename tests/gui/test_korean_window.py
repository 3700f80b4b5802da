"""In a Korean window nothing is left in English: no label, button, menu, tooltip or name for screen readers, on any page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from gui.labs.convolution.lab import ConvolutionLab
from gui.labs.network.lab import NetworkLab
from gui.main_window import MainWindow
from tests.gui.layouts import lay_out

TWO_WORDS = re.compile(r"\b[A-Za-z]?[a-z]{2,} [a-z]{2,}\b")  # names are in capitals, or stand alone: Conv2d, torch, in_channels
HANGUL = re.compile("[가-힣]")


def english(widget: QWidget) -> set[str]:
    """The texts of what is to be seen of a widget that are a phrase, and not Korean."""
    plain = {re.sub(r"<[^>]*>", "", text) for text in texts(widget)}
    return {text for text in plain if TWO_WORDS.search(text) and not HANGUL.search(text)}


def texts(widget: QWidget) -> Iterator[str]:
    for each in [widget, *widget.findChildren(QWidget)]:
        if not each.isVisible():
            continue  # it is written when it is shown
        yield from (each.toolTip(), each.accessibleName(), each.accessibleDescription(), each.windowTitle())
        match each:
            case QLabel() | QAbstractButton():
                yield each.text()
            case QLineEdit():
                yield each.placeholderText()
    for action in widget.findChildren(QAction):
        yield from (action.text(), action.toolTip())


@pytest.fixture
def window(qtbot: QtBot, own_home: Path) -> Iterator[MainWindow]:
    made = MainWindow(own_home / "settings.json", chosen_language="ko")
    qtbot.addWidget(made)
    with qtbot.waitSignal(made.torch_is_ready):
        made.show()
    yield made
    made.close()


def pages(window: MainWindow) -> Iterator[None]:
    """Every page of every lab, and of the Help menu, one after the other on the screen."""
    window.show_lab("convolution")
    conv = window.lab("convolution")
    assert isinstance(conv, ConvolutionLab)
    for page in ("maps", "why", "tensor", "scene"):
        conv._page_chosen(page)
        yield
    for view in ("im2col", "backward", "window"):
        conv.scene_card._view_chosen(view)
        yield
    window.show_lab("network")
    net = window.lab("network")
    assert isinstance(net, NetworkLab)
    for looks in ({"blanks": True}, {"blanks": False, "beside": "two-3x3"}, {"beside": ""}, {"page": "maps"}):
        net._look(**looks)
        yield
    window.show_lab("training")
    yield
    window.help.show_shortcuts()
    window.help.show_glossary()
    window.help.begin_tour()
    yield
    window.help.tour.end()
    window.help.shortcuts.close()
    window.help.glossary.close()


def test_no_page_has_english_left_in_a_window_that_was_english(window: MainWindow) -> None:
    window._choose_language("en")
    for _ in pages(window):
        lay_out()
        assert len(english(window)) > 10  # what the test looks for is there to be found
    window._choose_language("ko")
    found: set[str] = set()
    for _ in pages(window):
        lay_out()
        found |= english(window)
    assert found == set()
