"""One sample with the model's answer for each class, and the ways from it into the other labs.

Called by the pages of the confusion matrix and of the mistakes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from engine.judging.whole_set import Verdicts
from engine.training.probes import Classified
from gui.labs.training.judged.sample_tiles import sample_of
from gui.labs.training.pages.drawings import draw_bars
from gui.labs.training.pages.row_values import RowValues
from gui.shell.theme import THEME, font, theme
from gui.widgets.pictures.picture_files import image_of_values
from gui.widgets.scrolled_page import ScrolledPage

PICTURE_PX, TEXT_PX, ROW_PX = 76, 24, 17
MOST_VALUE_LINES = 40  # of a row of a table
ANY_PX = 16_777_215  # as wide as it gets: QWIDGETSIZE_MAX


class SamplePicture(QWidget):
    """A sample alone: a square picture, or the end of a text in a line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: NDArray[np.float32] | str | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedSize(PICTURE_PX, PICTURE_PX)
        THEME.changed.connect(self.update)

    def show_sample(self, found: NDArray[np.float32] | str) -> None:
        if isinstance(found, str) != isinstance(self._found, str):
            if isinstance(found, str):
                self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
                self.setMinimumSize(PICTURE_PX, TEXT_PX)
                self.setMaximumSize(ANY_PX, TEXT_PX)
            else:
                self.setFixedSize(PICTURE_PX, PICTURE_PX)
        self._found = found
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, place = QPainter(self), QRectF(self.rect())
        if isinstance(self._found, str):
            painter.fillRect(place, theme().ground)
            painter.setPen(theme().text)
            painter.setFont(font(12))
            room = place.adjusted(6, 0, -6, 0)
            text = painter.fontMetrics().elidedText(self._found, Qt.TextElideMode.ElideLeft, int(room.width()))
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        elif self._found is not None:
            painter.drawImage(place, image_of_values(self._found))


class ClassAnswers(QWidget):
    """The answers for all classes as bars."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._answers: Classified | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        THEME.changed.connect(self.update)

    def show_answers(self, verdicts: Verdicts, number: int) -> None:
        one = slice(number, number + 1)
        picture = np.zeros((1, 1, 1, 1), np.float32)  # is painted elsewhere
        self._answers = Classified(verdicts.classes, picture, verdicts.truth[one], verdicts.answers[one], verdicts.is_values)
        self.updateGeometry()
        self.update()

    def minimumSizeHint(self) -> QSize:
        classes = 10 if self._answers is None else len(self._answers.classes)
        return QSize(150, classes * ROW_PX)

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._answers is not None:
            draw_bars(QPainter(self), QRectF(self.rect()), self._answers, 0)


class JudgedSample(ScrolledPage):
    """`show_sample` shows one answer. `opened` names the lab that is to show it, `tried`: it is to be tried."""

    opened = Signal(str)
    tried = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.picture, self.values, self.answers = SamplePicture(), RowValues(), ClassAnswers()
        self.values.hide()
        self.buttons = {name: QPushButton() for name in ("network", "convolution", "try")}
        for name, button in self.buttons.items():
            button.setProperty("role", "offer")
            button.clicked.connect(lambda _on=False, name=name: self._clicked(name))
        self._ways = QWidget()
        ways = QVBoxLayout(self._ways)
        ways.setContentsMargins(0, 0, 0, 0)
        ways.setSpacing(0)
        for button in self.buttons.values():
            ways.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        ways.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self._ways, 1)
        page = QWidget()
        page.setProperty("role", "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self.values)
        column.addWidget(self.answers)
        column.addStretch(1)
        self.setWidget(page)
        self.retranslate()

    def show_sample(self, verdicts: Verdicts, number: int) -> None:
        if number < len(verdicts.truth):
            self.picture.show_sample(sample_of(verdicts, number))
            self.picture.setVisible(verdicts.rows is None)
            self.values.setVisible(verdicts.rows is not None)
            if verdicts.rows is not None:
                self.values.show_row(verdicts.rows.names, verdicts.rows.row(number // verdicts.steps))
                self._give_values_room()
            self.answers.show_answers(verdicts, number)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_values_room()

    def _give_values_room(self) -> None:
        self.values.setFixedHeight(max(self.values.wanted_px(self.viewport().width(), MOST_VALUE_LINES), 1))

    def offer(self, *, labs: tuple[str, ...], tried: bool) -> None:
        """Which labs can show the sample, and whether it can be tried."""
        for name, button in self.buttons.items():
            button.setVisible(name in labs or (tried and name == "try"))
        self._ways.setVisible(bool(labs) or tried)  # a text takes its room

    def _clicked(self, name: str) -> None:
        if name == "try":
            self.tried.emit()
        else:
            self.opened.emit(name)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        for name, text, tip in (
            (
                "network",
                self.tr("Network lab"),
                self.tr("Opens this sample in all layers of this network, with the weights that have just answered"),
            ),
            (
                "convolution",
                self.tr("Convolution lab"),
                self.tr("Opens the first convolution of this network on this sample, product by product"),
            ),
            ("try", self.tr("Try it"), self.tr("Turn, shift and scale this sample, and see what the network looks at")),
        ):
            self.buttons[name].setText(text)
            self.buttons[name].setToolTip(tip)
