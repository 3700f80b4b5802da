"""Open labs that the tests of one file share: to open one takes longer than most of what a test asks of it.

A test is lent the lab as it was when it was new: its first state is set, it is scrolled back, the cursor is taken to its
corner, the steps are forgotten, and the picture of the whole lab is compared with that of the new lab, point by point. Where
they differ, or the test before has failed, the lab is closed and another one opened, so that no test sees what another has
left. What is no part of a lab's picture (`torch_ready`, a file in its folder of runs) makes it another lab: such tests open one
of their own, or ask for it by a name of its own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollBar, QWidget
from pytestqt.qtbot import QtBot

from gui.lab.base import Lab
from tests.patience import GIVE_UP_S

LabT = TypeVar("LabT", bound=Any)


@dataclass
class LentLab:
    """A lab, and what it was when it was new."""

    lab: Any
    state: msgspec.Struct
    size: QSize
    shown: bool
    focus: QWidget | None
    scrolled: dict[QScrollBar, int]
    picture: QImage
    busy: Callable[[], bool]
    measured: Callable[[], QWidget | None]


class Lender:
    """Lends the labs that it keeps to one test after the other."""

    def __init__(self) -> None:
        self._kept: dict[str, LentLab] = {}
        self._out: list[str] = []
        self.threads: list[threading.Thread] = []  # begun by labs that are kept

    @property
    def labs(self) -> list[Lab]:
        return [kept.lab for kept in self._kept.values()]

    def lend(
        self,
        qtbot: QtBot,
        name: str,
        open_new: Callable[[], LabT],
        busy: Callable[[LabT], bool] = lambda lab: lab.busy(),
        measured: Callable[[LabT], QWidget | None] = lambda lab: None,
    ) -> LabT:
        """The lab of that name; where there is none, `open_new` makes it. It is pictured where it is not `busy`; `measured` is
        the part of it that shows how long something took, and so looks otherwise each time."""
        kept = self._kept.get(name)
        if kept is None or not _as_new(qtbot, kept):
            self._close(name)
            lab = open_new()
            self._kept[name] = kept = _opened(qtbot, lab, lambda: busy(lab), lambda: measured(lab))
        self._out.append(name)
        return kept.lab  # type: ignore[no-any-return]

    def take_back(self, *, failed: bool) -> None:
        """What was lent is put away until the next test; after a failure it is closed."""
        while self._out:
            name = self._out.pop()
            if failed:
                self._close(name)
            elif name in self._kept:
                _put_away(self._kept[name].lab)

    def close(self) -> None:
        """Close every lab. Fails where one leaves a thread behind."""
        for name in list(self._kept):
            self._close(name)
        for thread in self.threads:
            thread.join(GIVE_UP_S)
        alive = [thread for thread in self.threads if thread.is_alive()]
        assert not alive, f"threads left behind: {alive}"

    def _close(self, name: str) -> None:
        if (kept := self._kept.pop(name, None)) is None:
            return
        kept.lab.close_lab(GIVE_UP_S)
        kept.lab.close()
        kept.lab.deleteLater()
        QCoreApplication.sendPostedEvents(kept.lab, QEvent.Type.DeferredDelete)


def _opened(qtbot: QtBot, lab: Any, busy: Callable[[], bool], measured: Callable[[], QWidget | None]) -> LentLab:
    """What a new lab is, and how it looks when it has been put away once: as before every test."""
    _settle(qtbot, busy)
    scrolled = {bar: bar.value() for bar in lab.findChildren(QScrollBar)}
    kept = LentLab(lab, lab.state(), lab.size(), lab.isVisible(), lab.focusWidget(), scrolled, QImage(), busy, measured)
    _put_away(lab)
    kept.picture = _brought_back(qtbot, kept)
    return kept


def _as_new(qtbot: QtBot, kept: LentLab) -> bool:
    """Bring a lab back to what it was. Returns whether it looks so."""
    picture = _brought_back(qtbot, kept)
    return picture == kept.picture and kept.lab.state() == kept.state and kept.lab.size() == kept.size


def _brought_back(qtbot: QtBot, kept: LentLab) -> QImage:
    lab = kept.lab
    lab.set_state(kept.state)
    lab.resize(kept.size)
    lab.setVisible(kept.shown)
    now = lab.focusWidget()
    if now is not None and now is not kept.focus:
        now.clearFocus()
    if kept.focus is not None:
        kept.focus.setFocus()
    QTest.mouseMove(lab, QPoint(1, 1))  # it may rest where a test before has left it
    _settle(qtbot, kept.busy)
    for bar in lab.findChildren(QScrollBar):
        bar.setValue(kept.scrolled.get(bar, bar.minimum()))
    lab.forget_history()
    picture: QImage = lab.grab().toImage()
    if (part := kept.measured()) is not None:
        painter = QPainter(picture)
        painter.fillRect(QRect(part.mapTo(lab, QPoint(0, 0)), part.size()), Qt.GlobalColor.black)
        painter.end()
    return picture


def _put_away(lab: Lab) -> None:
    """Hide a lab. Its native window goes with it: the platform makes only a new one the active window when it is shown."""
    lab.hide()
    if (window := lab.windowHandle()) is not None:
        window.destroy()


def _settle(qtbot: QtBot, busy: Callable[[], bool]) -> None:
    QCoreApplication.processEvents()
    qtbot.waitUntil(lambda: not busy())
    QCoreApplication.processEvents()
