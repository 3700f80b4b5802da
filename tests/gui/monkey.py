"""A monkey at a lab: random clicks, keys, turns of the wheel, drags, resizes, switches of language and theme, on whatever is
visible. Nothing it does may raise, warn or end the process.

`MONKEY_STEPS=5000 MONKEY_SEEDS=3` makes it longer than the 300 steps of one seed that every run of the tests takes.
"""

from __future__ import annotations

import faulthandler
import gc
import os
import sys
from collections import deque
from collections.abc import Callable, Sequence
from random import Random
from types import TracebackType

import psutil
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QDesktopServices, QDrag, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QLineEdit,
    QMessageBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from engine.training.devices import give_back_memory
from gui.lab.base import Lab
from gui.shell import language, theme

STEPS = int(os.environ.get("MONKEY_STEPS", "300"))
SEEDS = range(1, 1 + int(os.environ.get("MONKEY_SEEDS", "1")))
RESTED_EVERY = 60  # steps until all that is under way is waited for
FORGOTTEN_EVERY = 12  # steps until the list of controls is made anew
SIZES = ((960, 620), (1024, 700), (1280, 800), (1440, 900), (1900, 1000))  # of a window
WATCH_MS = 10  # between two looks at a menu that holds a step up
STUCK_S = 90  # no step takes so long
MOST_WINDOWS = 6  # that are open at once
TOLD = 12  # last steps that a failure tells
MOST_GROWTH_MIB = 500  # of a long walk, after its first fifth

_CONTROLS = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit)
_KEYS = (
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down) * 3,
    *(Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Space) * 2,
    *(Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Backspace, Qt.Key.Key_Delete),
    *(Qt.Key.Key_0, Qt.Key.Key_1, Qt.Key.Key_3, Qt.Key.Key_9, Qt.Key.Key_Minus, Qt.Key.Key_Period, Qt.Key.Key_Comma),
    *(Qt.Key.Key_Plus, Qt.Key.Key_Slash, Qt.Key.Key_E, Qt.Key.Key_X, Qt.Key.Key_F10),
)
_MODIFIERS = (Qt.KeyboardModifier.NoModifier,) * 6 + (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
_LEFT, _RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


def in_any_lab(lab: Lab) -> tuple[Callable[[Random], object], ...]:
    """What a monkey may do in every lab: undo and redo, go away and come back."""

    def go_back(random: Random) -> None:
        for _ in range(random.randrange(1, 9)):
            random.choice((lab.undo, lab.undo, lab.redo))()

    def come_and_go(_random: Random) -> None:
        lab.hide()
        lab.show()

    return go_back, come_and_go


class Monkey:
    """`lab` is the widget that it is let loose on, with the windows that this opens. `doings` are what else it may do, such as
    opening a preset; `at_rest` says that nothing is under way; `go_home` shows what always takes the same memory, where it is
    measured. `walk` takes the steps."""

    def __init__(
        self,
        qtbot: QtBot,
        monkeypatch: pytest.MonkeyPatch,
        lab: QWidget,
        seed: int,
        doings: Sequence[Callable[[Random], object]] = (),
        at_rest: Callable[[], bool] = lambda: True,
        go_home: Callable[[], object] = lambda: None,
    ) -> None:
        self._qtbot, self._lab, self._doings, self._at_rest, self._go_home = qtbot, lab, doings, at_rest, go_home
        self._random, self._seed = Random(seed), seed
        self._done: deque[str] = deque(maxlen=TOLD)
        self._stepping = False
        self._wrong: list[str] = []
        self._controls: list[QWidget] = []
        _make_harmless(monkeypatch)

    def walk(self, steps: int = STEPS) -> None:
        """Take the steps. Fails with the last ones where something was raised or warned of."""
        faulthandler.enable()  # a crash says where
        kept_hook, kept_handler = sys.excepthook, qInstallMessageHandler(self._warned)
        sys.excepthook = self._raised
        early = 0
        try:
            for number in range(steps):
                if number % FORGOTTEN_EVERY == 0:
                    self._controls = self._visible_controls()
                self._step()
                QApplication.processEvents()
                if number % RESTED_EVERY == RESTED_EVERY - 1:
                    self._qtbot.waitUntil(self._at_rest)
                if number == steps // 5:
                    early = self._held()
                assert not self._wrong, self._report(number)
            self._qtbot.waitUntil(self._at_rest)
        finally:
            sys.excepthook = kept_hook
            qInstallMessageHandler(kept_handler)
        grown = (self._held() - early) / 2**20
        print(f"monkey {self._seed}: {steps} steps, memory {grown:+.0f} MiB after the first fifth")
        assert steps < 1000 or grown < MOST_GROWTH_MIB

    # --- what went wrong

    def _held(self) -> int:
        """Bytes that the process has, without what is freed and waits for its next use."""
        self._go_home()
        self._qtbot.waitUntil(self._at_rest)
        gc.collect()
        give_back_memory()
        return int(psutil.Process().memory_info().rss)

    def _raised(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        import traceback

        self._wrong.append("".join(traceback.format_exception(kind, error, trace)))

    def _warned(self, kind: QtMsgType, _context: object, text: str) -> None:
        if kind != QtMsgType.QtDebugMsg and kind != QtMsgType.QtInfoMsg and "This plugin does not support" not in text:
            self._wrong.append(text)

    def _report(self, number: int) -> str:
        return "\n".join([f"seed {self._seed}, step {number}", *self._done, *self._wrong])

    # --- a step

    def _watch(self) -> None:
        """While a step is under way: some menus of Qt's own run an event loop inside of the click, until they are closed."""
        if self._stepping:
            QTimer.singleShot(WATCH_MS, self._watch)
            popup = QApplication.activePopupWidget()
            if popup is not None:
                self._in_popup(popup)

    def _step(self) -> None:
        """Do something. It ends the process with all tracebacks where it takes far too long."""
        faulthandler.dump_traceback_later(STUCK_S, exit=True)
        self._stepping = True
        QTimer.singleShot(WATCH_MS, self._watch)
        try:
            self._do_something()
        finally:
            self._stepping = False
            faulthandler.cancel_dump_traceback_later()

    def _do_something(self) -> None:
        random = self._random
        popup = QApplication.activePopupWidget()
        if popup is not None:
            self._in_popup(popup)
            return
        choice = random.random()
        if choice < 0.04 or len(self._windows()) > MOST_WINDOWS:
            self._whole_window()
        elif choice < 0.10 and self._doings:
            doing = random.choice(self._doings)
            self._tell(doing)
            doing(random)
        elif choice < 0.35:
            focus = QApplication.focusWidget()
            self._key(focus if focus is not None and self._ours(focus) else self._lab)
        else:
            self._hand(self._target())

    def _tell(self, *what: object) -> None:
        self._done.append(" ".join(map(str, what)))

    def _whole_window(self) -> None:
        random = self._random
        match random.randrange(4):
            case 0:
                width, height = random.choice(SIZES)
                self._tell("resize", width, height)
                self._lab.window().resize(width, height)
            case 1:
                self._tell("language")
                language.set_language("en" if language.language() == "ko" else "ko")
            case 2:
                self._tell("theme")
                theme.apply(random.choice(("light", "dark")))
            case _:
                windows = [each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()]
                for dialog in windows:
                    self._tell("close", type(dialog).__name__)
                    dialog.close()

    def _in_popup(self, popup: QWidget) -> None:
        """In a menu or a list that has opened: mostly choose, now and then leave."""
        if self._random.random() < 0.5:
            self._hand(popup)
        else:
            self._key(popup, (Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Right))
        if QApplication.activePopupWidget() is popup and self._random.random() < 0.3:
            self._tell("close popup")
            popup.close()

    def _key(self, widget: QWidget, keys: Sequence[Qt.Key] = _KEYS) -> None:
        key, modifier = self._random.choice(keys), self._random.choice(_MODIFIERS)
        self._tell("key", key.name, modifier.name, _named(widget))
        QTest.keyClick(widget, key, modifier)

    def _hand(self, widget: QWidget) -> None:
        """Something with the mouse."""
        random = self._random
        place, other = self._point(widget), self._point(widget)
        choice = random.random()
        self._tell(f"mouse {choice:.2f}", place.toTuple(), _named(widget))
        if choice < 0.5:
            QTest.mouseClick(widget, _LEFT, random.choice(_MODIFIERS), place)
        elif choice < 0.58:
            QTest.mouseDClick(widget, _LEFT, pos=place)
        elif choice < 0.62:
            QTest.mouseClick(widget, _RIGHT, pos=place)
        elif choice < 0.75:
            QTest.mouseMove(widget, place)
        elif choice < 0.88:
            delta = QPoint(0, random.choice((-120, 120, -360, 360)))
            turned = QWheelEvent(
                QPointF(place),
                QPointF(widget.mapToGlobal(place)),
                QPoint(),
                delta,
                Qt.MouseButton.NoButton,
                random.choice(_MODIFIERS),
                Qt.ScrollPhase.NoScrollPhase,
                False,
            )
            QApplication.sendEvent(widget, turned)
        else:
            QTest.mousePress(widget, _LEFT, pos=place)
            for share in (0.3, 0.7, 1.0):
                QTest.mouseMove(widget, place + (other - place) * share)
                QApplication.processEvents()
            if _alive(widget):
                QTest.mouseRelease(widget, _LEFT, pos=other)

    # --- where

    def _point(self, widget: QWidget) -> QPoint:
        return QPoint(self._random.randrange(max(1, widget.width())), self._random.randrange(max(1, widget.height())))

    def _windows(self) -> list[QWidget]:
        """The lab's window and the dialogs that are open."""
        dialogs = [each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()]
        return [self._lab.window(), *dialogs]

    def _ours(self, widget: QWidget) -> bool:
        return widget.window() in self._windows()

    def _visible_controls(self) -> list[QWidget]:
        found = []
        for window in self._windows():
            found += [each for each in window.findChildren(QWidget) if isinstance(each, _CONTROLS) and each.isVisible()]
        return found

    def _target(self) -> QWidget:
        """A control, or whatever is under a random point of a window."""
        random = self._random
        controls = [each for each in self._controls if _alive(each) and each.isVisible() and each.isEnabled()]
        if controls and random.random() < 0.5:
            return random.choice(controls)
        window = random.choice(self._windows())
        return window.childAt(self._point(window)) or window


def _named(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.accessibleName() or widget.objectName()}".strip()


def _alive(widget: QWidget) -> bool:
    from shiboken6 import isValid

    return bool(isValid(widget))


def _make_harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that asks, or that leaves the program: every dialog that blocks is called off at once."""
    for name in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, name, lambda *_, **__: ("", ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: "")
    monkeypatch.setattr(QDrag, "exec", lambda *_: Qt.DropAction.IgnoreAction)
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda *_: True)
    for name in ("warning", "information", "critical", "about"):
        monkeypatch.setattr(QMessageBox, name, lambda *_, **__: QMessageBox.StandardButton.Ok)
    monkeypatch.setattr(QMessageBox, "question", lambda *_, **__: QMessageBox.StandardButton.No)
    monkeypatch.setattr(QDialog, "exec", lambda *_: QDialog.DialogCode.Rejected)
    monkeypatch.setattr(QMessageBox, "exec", lambda *_: QMessageBox.StandardButton.Cancel)
