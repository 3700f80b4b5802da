"""What the network answers for the sample, beside the truth: the largest classes as bars, or numbers in figures.

Called by the page of feature maps.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.figures import fixed, in_decimals, percent
from engine.passes.sample_view import SampleView
from gui.shell.theme import THEME, font, theme

TOP = 3  # classes
ROW_PX, HEAD_PX, PICTURE_PX, FIGURE_PX, GAP_PX = 18, 18, 54, 52, 10
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class SampleAnswer(QWidget):
    """`show_answer` shows the answer of a `SampleView`; None: nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: SampleView | None = None
        self._picture: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEAD_PX + TOP * ROW_PX)
        THEME.changed.connect(self.update)

    def show_answer(self, view: SampleView | None) -> None:
        self._view = view
        self._picture = None if view is None else picture_of(view.input)
        lines = TOP if self._picture is not None or view is None else len(self.rows())
        self.setFixedHeight(HEAD_PX + lines * ROW_PX)
        self.setAccessibleDescription(", ".join(f"{name} {figure}" for name, _, figure, _ in self.rows()))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(280, self.height())

    # --- what it says

    @property
    def head(self) -> str:
        """What the numbers below are."""
        view = self._view
        if view is None:
            return ""
        if view.answers is None:
            return self.tr("Output beside the truth")
        if not np.isfinite(view.answers).all():
            return self.tr("The outputs are no longer finite numbers.")
        told = {
            "probabilities": self.tr("Probabilities: the network's own softmax"),
            "scores": self.tr("Probabilities: softmax of the outputs"),
            "values": self.tr("Outputs, trained on squared error: no probabilities"),
        }[view.meaning]
        return self.tr("Next character") + " · " + told if view.task == "next_token" else told

    def rows(self) -> list[tuple[str, float, str, bool]]:
        """(name, share of the bar's room, figure, whether it is the truth): the largest classes; of a regression, numbers."""
        view = self._view
        if view is None:
            return []
        if view.answers is None:
            return self._numbers(view)
        if not np.isfinite(view.answers).all():
            return []
        largest = np.argsort(-view.answers, kind="stable")[:TOP].tolist()
        return [
            (
                _seen(view.classes[number]),
                min(max(float(view.answers[number]), 0.0), 1.0),
                _written(float(view.answers[number]), values=view.meaning == "values"),
                number == view.target,
            )
            for number in largest
        ]

    def _numbers(self, view: SampleView) -> list[tuple[str, float, str, bool]]:
        output, truth = view.output.astype(np.float64), view.truth.astype(np.float64)
        if output.ndim > 1:  # a series
            error = float(np.square(output - truth).mean())
            return [(self.tr("Mean squared error of this series"), 0.0, fixed(error), False)]
        return [
            (self.tr("Output"), 0.0, fixed(float(output[0])), False),
            (self.tr("Truth"), 0.0, fixed(float(truth[0])), True),
            (self.tr("Difference"), 0.0, fixed(float(output[0] - truth[0])), False),
        ]

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        view, now = self._view, theme()
        if view is None:
            return
        painter = QPainter(self)
        painter.setFont(font(11))
        measure = painter.fontMetrics()
        painter.setPen(now.muted)
        painter.drawText(
            QRectF(0, 0, self.width(), HEAD_PX), LEFT, measure.elidedText(self.head, Qt.TextElideMode.ElideRight, self.width())
        )
        left = 0.0
        if self._picture is not None:
            painter.drawImage(QRectF(0, HEAD_PX, PICTURE_PX, PICTURE_PX), self._picture)
            left = PICTURE_PX + GAP_PX
        rows = self.rows()
        bars = view.answers is not None
        painter.setFont(font(12))
        measure = painter.fontMetrics()
        names = max((measure.horizontalAdvance(name) for name, *_ in rows), default=0)
        across = min(names + 2.0, (self.width() - left) * (0.34 if bars else 0.75))
        for place, (name, share, figure, is_truth) in enumerate(rows):
            top = HEAD_PX + place * ROW_PX
            painter.setPen(now.ok if is_truth else now.text)
            painter.drawText(
                QRectF(left, top, across, ROW_PX), LEFT, measure.elidedText(name, Qt.TextElideMode.ElideRight, int(across))
            )
            groove = QRectF(left + across + GAP_PX, top + ROW_PX / 2 - 3, 0, 6)
            groove.setRight(max(self.width() - FIGURE_PX - 4.0, groove.left() + 1))
            if bars:
                painter.fillRect(groove, now.groove)
                filled = QRectF(groove)
                filled.setWidth(groove.width() * share)
                painter.fillRect(filled, now.accent if place == 0 else now.muted)
                painter.drawText(QRectF(self.width() - FIGURE_PX, top, FIGURE_PX, ROW_PX), RIGHT, figure)
            else:
                painter.drawText(QRectF(groove.left(), top, self.width() - groove.left(), ROW_PX), LEFT, figure)


def picture_of(values: NDArray[np.generic]) -> QImage | None:
    """(C, H, W) in 0..1 as it is seen: grey, or colours of the first three channels. None for what is no picture."""
    if values.ndim != 3:
        return None
    levels = (np.clip(values.astype(np.float32), 0.0, 1.0) * 255).astype(np.uint8)
    if len(levels) < 3:
        levels = np.repeat(levels[:1], 3, axis=0)
    colours = np.ascontiguousarray(levels[:3].transpose(1, 2, 0))
    height, width, _ = colours.shape
    return QImage(colours.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def _written(value: float, *, values: bool) -> str:
    return in_decimals(value, 2) if values else percent(value)


def _seen(character: str) -> str:
    return "␣" if character == " " else character
