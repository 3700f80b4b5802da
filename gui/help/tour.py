"""The tour: five steps through the labs, each beside the control that it is about. It never blocks: what it asks for may be
done, or something else, or nothing. A step that is done goes on by itself. Called by the Help menu."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from engine.words import Phrase
from gui.help.callout import Callout
from gui.help.tour_stops import STEPS, STOPS, Stop, spoken
from gui.lab.base import Lab

PAUSE_MS = 6_000  # to read what a done step says, after the last change


class ToldLabs(Protocol):
    """What the tour asks of a window."""

    @property
    def current_lab(self) -> str: ...

    def lab(self, name: str) -> Lab: ...

    def show_lab(self, name: str) -> None: ...


class Tour(QObject):
    """`begin` starts it anew. Escape, the callout's button and the last step end it."""

    ended = Signal()

    def __init__(self, window: QWidget, labs: ToldLabs) -> None:
        super().__init__(window)
        self._window, self._labs = window, labs
        self._number = -1
        self._mark: object = None
        self._after: Phrase | None = None  # what a stop that is done says
        self._told: Lab | None = None  # whose changes are watched
        self._callout: Callout | None = None
        self._escape: QShortcut | None = None
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.go_on)

    @property
    def stop(self) -> Stop | None:
        """Where the tour is; None: it is not under way."""
        return STOPS[self._number] if 0 <= self._number < len(STOPS) else None

    @property
    def callout(self) -> Callout | None:
        return self._callout

    @property
    def done(self) -> bool:
        """Whether what the stop asks for has been done, and the tour is about to go on."""
        return self._after is not None

    def set_pause(self, pause_ms: int) -> None:
        """How long a step that is done stays."""
        self._pause.setInterval(pause_ms)

    @Slot()
    def begin(self) -> None:
        """From the first step, also in the middle of a tour."""
        if self._callout is None:
            self._callout = Callout(self._window)
            self._callout.next_pressed.connect(self.go_on)
            self._callout.left.connect(self.end)
            self._escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self._window, self.end)
            self._window.installEventFilter(self)
        self._number = -1
        self.go_on()

    @Slot()
    def go_on(self) -> None:
        """To the next stop that is not needless, or to the end."""
        self._pause.stop()
        self._watch(None)
        self._number += 1
        while (stop := self.stop) is not None:
            self._labs.show_lab(stop.lab)
            if not stop.needless(self._labs.lab(stop.lab)):
                break
            self._number += 1
        if stop is None:
            self.end()
            return
        self._watch(self._labs.lab(stop.lab))
        assert self._told is not None
        self._mark, self._after = stop.mark(self._told), None
        self._show()

    @Slot()
    def end(self) -> None:
        """Take everything of the tour off the window."""
        self._pause.stop()
        self._number, self._after = -1, None
        self._watch(None)
        self._window.removeEventFilter(self)
        if self._callout is not None:
            self._callout.point_at(None)
            self._callout.ring.deleteLater()
            self._callout.deleteLater()
            self._callout = None
        if self._escape is not None:
            self._escape.setEnabled(False)
            self._escape.deleteLater()
            self._escape = None
        self.ended.emit()

    # --- what the user does

    def _watch(self, lab: Lab | None) -> None:
        if lab is self._told:
            return
        if self._told is not None:
            self._told.state_changed.disconnect(self._lab_changed)
            self._told.status_changed.disconnect(self._lab_changed)
        self._told = lab
        if lab is not None:
            lab.state_changed.connect(self._lab_changed)
            lab.status_changed.connect(self._lab_changed)

    @Slot()
    def _lab_changed(self) -> None:
        stop, lab = self.stop, self._told
        if stop is None or lab is None:
            return
        if not stop.done(lab, self._mark):
            self._point(stop, lab)  # the control may have been replaced by another kind's
            return
        after = stop.after(lab, self._mark)
        if after is None:
            self.go_on()
        elif after != self._after:
            self._after = after
            self._pause.start()
            self._show()

    # --- what is shown

    def _show(self) -> None:
        stop, lab, callout = self.stop, self._told, self._callout
        if stop is None or lab is None or callout is None:
            return
        last = stop is STOPS[-1]
        following = self.tr("Finish") if last else self.tr("Next") if self.done else self.tr("Skip")
        callout.set_buttons(self.tr("End the tour"), following, primary=self.done or last)
        callout.leave.setVisible(not last)
        callout.say(spoken(self._after or stop.says(lab)), f"{stop.step} / {STEPS}")
        self._point(stop, lab)

    def _point(self, stop: Stop, lab: Lab) -> None:
        assert self._callout is not None
        self._callout.point_at(stop.target(lab) if self._labs.current_lab == stop.lab else None, below=stop.below)

    @Slot()
    def follow_lab(self) -> None:
        """Hide the callout while another lab is shown."""
        self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LanguageChange:
            QTimer.singleShot(0, self, self._show)  # after the labs have written their texts
        return False
