"""One sample with the model's answer for each class, and the ways from it into the other labs.

Called by the pages of the confusion matrix and of the mistakes.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from engine.judging.whole_set import Verdicts
from engine.training.probes import Classified
from gui.labs.training.judged.sample_tiles import sample_of
from gui.labs.training.pages.drawings import draw_bars
from gui.shell.theme import THEME, font, theme
from gui.widgets.forms.controls import keep_room_for_bar
from gui.widgets.pictures.picture_files import image_of_values

PICTURE_PX, ROW_PX, GAP = 76, 17, 10
TEXT_PX = 24


class AnswerPicture(QWidget):
    """A sample beside the answers for all classes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._verdicts: Verdicts | None = None
        self._number = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        THEME.changed.connect(self.update)

    def show_answer(self, verdicts: Verdicts | None, number: int) -> None:
        self._verdicts, self._number = verdicts, number
        self.updateGeometry()
        self.update()

    def minimumSizeHint(self) -> QSize:
        classes = 10 if self._verdicts is None else len(self._verdicts.classes)
        text = self._verdicts is not None and self._verdicts.inputs.ndim == 2
        return QSize(150, max(classes * ROW_PX + (TEXT_PX + GAP if text else 0), PICTURE_PX))

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._verdicts is None or self._number >= len(self._verdicts.truth):
            return
        painter, found, area = QPainter(self), sample_of(self._verdicts, self._number), QRectF(self.rect())
        if isinstance(found, str):
            place = QRectF(0, 0, area.width(), TEXT_PX)
            painter.fillRect(place, theme().ground)
            painter.setPen(theme().text)
            painter.setFont(font(12))
            room = place.adjusted(6, 0, -6, 0)
            text = painter.fontMetrics().elidedText(found, Qt.TextElideMode.ElideLeft, int(room.width()))
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
            bars = area.adjusted(0, TEXT_PX + GAP, 0, 0)
        else:
            side = min(max(PICTURE_PX, 0.35 * area.width()), 0.45 * area.width(), area.height())
            painter.drawImage(QRectF(0, 0, side, side), image_of_values(found))
            bars = area.adjusted(side + GAP, 0, 0, 0)
        number = self._number
        one = Classified(
            self._verdicts.classes,
            np.zeros((1, 1, 1, 1), np.float32),
            self._verdicts.truth[number : number + 1],
            self._verdicts.answers[number : number + 1],
            self._verdicts.is_values,
        )
        draw_bars(painter, bars, one, 0)


class SampleView(QScrollArea):
    """`show_sample` shows one answer. `opened` names the lab that is to show it, `tried`: it is to be tried."""

    opened = Signal(str)
    tried = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = AnswerPicture()
        self.buttons = {name: QPushButton() for name in ("network", "convolution", "try")}
        for name, button in self.buttons.items():
            button.setProperty("role", "offer")
            button.clicked.connect(lambda _on=False, name=name: self._clicked(name))
        ways = QGridLayout()
        ways.setContentsMargins(0, 0, 0, 0)
        ways.setHorizontalSpacing(4)
        ways.setVerticalSpacing(2)
        for place, button in enumerate(self.buttons.values()):
            ways.addWidget(button, place, 0, Qt.AlignmentFlag.AlignLeft)
        page = QWidget()
        page.setProperty("role", "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(ways)
        column.addWidget(self.picture, 1)
        self.setWidget(page)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        keep_room_for_bar(self)
        self.viewport().setAutoFillBackground(False)
        self.retranslate()

    def show_sample(self, verdicts: Verdicts | None, number: int) -> None:
        self.picture.show_answer(verdicts, number)

    def offer(self, *, labs: tuple[str, ...], tried: bool) -> None:
        """Which labs can show the sample, and whether it can be tried."""
        for name, button in self.buttons.items():
            button.setVisible(name in labs or (tried and name == "try"))

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
                self.tr("Open in the network lab"),
                self.tr("This sample through all layers of this network, with the weights that have just answered"),
            ),
            (
                "convolution",
                self.tr("Open in the convolution lab"),
                self.tr("The first convolution of this network on this sample, product by product"),
            ),
            ("try", self.tr("Try it"), self.tr("Turn, shift and scale this sample, and see what the network looks at")),
        ):
            self.buttons[name].setText(text)
            self.buttons[name].setToolTip(tip)
