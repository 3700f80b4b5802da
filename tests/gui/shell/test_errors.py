from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from gui.shell import errors
from gui.shell.errors import ErrorReporter
from tests.gui.layouts import lay_out


@pytest.fixture
def reporter(qtbot: QtBot, tmp_path: Path) -> Iterator[ErrorReporter]:
    errors.start_log(tmp_path / "log" / "layerscope.log")
    made = ErrorReporter()
    hooks = sys.excepthook, threading.excepthook
    made.install()
    yield made
    sys.excepthook, threading.excepthook = hooks
    if made.dialog is not None:
        made.dialog.accept()
    for handler in list(errors.LOG.handlers):
        if isinstance(handler, logging.FileHandler):
            handler.close()
            errors.LOG.removeHandler(handler)
    made.deleteLater()


def _fail() -> None:
    raise ValueError("the filter fell out")


def _raise_through_the_hook() -> None:
    try:
        _fail()
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)


def test_an_exception_is_said_once_logged_and_can_be_copied(qtbot: QtBot, reporter: ErrorReporter, tmp_path: Path) -> None:
    for _ in range(3):
        QTimer.singleShot(0, _raise_through_the_hook)
    text = "ValueError: the filter fell out"
    qtbot.waitUntil(lambda: reporter.dialog is not None and reporter.dialog.details.count(text) == 3)
    dialog = reporter.dialog
    assert dialog is not None
    dialog.copy_button.click()
    assert "the filter fell out" in QGuiApplication.clipboard().text()
    assert "Python" in QGuiApplication.clipboard().text()
    log = (tmp_path / "log" / "layerscope.log").read_text("utf-8")
    assert log.count("the filter fell out") >= 3 and "_fail" in log
    dialog.accept()
    qtbot.waitUntil(lambda: reporter.dialog is None)


def test_a_plain_threads_exception_reaches_the_dialog(qtbot: QtBot, reporter: ErrorReporter) -> None:
    thread = threading.Thread(target=_fail)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: reporter.dialog is not None)
    assert reporter.dialog is not None and "the filter fell out" in reporter.dialog.details


def test_a_flood_of_exceptions_stays_one_readable_dialog(qtbot: QtBot, reporter: ErrorReporter) -> None:
    for _ in range(500):
        _raise_through_the_hook()
    qtbot.waitUntil(lambda: reporter.dialog is not None)
    lay_out()
    assert reporter.dialog is not None
    assert reporter.dialog.details.count("\nValueError: the filter fell out") == 20
