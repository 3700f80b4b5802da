"""The likeliest next characters as bars with their percentages, and all others together: they add up to 100%.

Called by the view of texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.sequences.text_sampling import ShownShare
from gui.labs.sequence.predicting.character_sheet import seen
from gui.shell.theme import THEME, font, theme

ROW_PX, NAME_PX, MARK_PX, FIGURE_PX = 19, 66, 16, 62
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
TRUE_SIGN = "✓"


class ShareBars(QWidget):
    """`show_shares` shows rows; the one of `marked` has a sign."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[tuple[str, float, str, bool, bool]] = []  # name, share, figure, is marked, is all others
        self._most = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        THEME.changed.connect(self.update)

    def show_shares(
        self, shares: Sequence[ShownShare], vocabulary: Sequence[str], others: str, marked: int | None, *, rows: int
    ) -> None:
        """`others` is what the row of all others is called. There is room for `rows`, however many come."""
        self.rows = [
            (
                others if found.token < 0 else seen(vocabulary[found.token]),
                found.share,
                found.text,
                found.token == marked and marked is not None,
                found.token < 0,
            )
            for found in shares
        ]
        self.setAccessibleDescription(", ".join(f"{name} {figure}" for name, _, figure, _, _ in self.rows))
        if rows != self._most:
            self._most = rows
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(220, max(self._most, 1) * ROW_PX + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(150, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, now = QPainter(self), theme()
        painter.setFont(font(12))
        measure = QFontMetricsF(painter.font())  # in whole pixels a name would be up to half a one too long for its place
        widest = ceil(max((measure.horizontalAdvance(name) for name, *_ in self.rows), default=0.0))
        names = min(max(NAME_PX, widest + 6), self.width() * 2 // 5)
        for number, (name, share, figure, marked, is_rest) in enumerate(self.rows):
            place = QRectF(0, 1 + number * ROW_PX, self.width(), ROW_PX)
            painter.setPen(now.muted if is_rest else now.text)
            shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, names - 4)
            painter.drawText(QRectF(2, place.top(), names - 4, ROW_PX), LEFT, shown)
            if marked:  # the truth: a sign, not a colour alone
                painter.setPen(now.ok)
                painter.drawText(QRectF(names, place.top(), MARK_PX, ROW_PX), LEFT, TRUE_SIGN)
            left = names + MARK_PX
            groove = QRectF(left, place.center().y() - 3, max(place.width() - left - FIGURE_PX, 4), 6)
            painter.fillRect(groove, now.groove)
            groove.setWidth(groove.width() * min(max(share, 0.0), 1.0))
            painter.fillRect(groove, now.muted if is_rest else now.accent)
            painter.setPen(now.muted if is_rest else now.text)
            painter.drawText(place.adjusted(0, 0, -2, 0), RIGHT, figure)
