"""Rate times curvature against its limit, a bar for each optimiser: red beyond the limit. Called by the page of stability."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.figures import UNKNOWN, measured
from engine.foundations.boards.optimisers.stability import Stability
from gui.labs.foundations.optimisers.parts.rule_colours import rule_pen
from gui.labs.foundations.optimisers.state import RuleName
from gui.shell.theme import THEME, font, theme

ROW_PX, NAME_PX, FIGURES_PX, BAR_PX, LIMIT_AT = 34.0, 76.0, 124.0, 10.0, 0.7  # the limit stands there along the bar
LEAST_WIDTH = 300


class MeterRow(NamedTuple):
    rule: RuleName
    name: str
    stability: Stability | None
    note: str  # below the figures: the largest rate


class StabilityMeter(QWidget):
    """`set_meters` shows a row for each rule; the one that is looked at has a bold name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[MeterRow, ...] = ()
        self._looked: RuleName | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        THEME.changed.connect(self.update)

    def set_meters(self, rows: Sequence[MeterRow], looked: RuleName) -> None:
        grown = len(rows) != len(self._rows)
        self._rows, self._looked = tuple(rows), looked
        self.setAccessibleDescription("; ".join(f"{row.name} {_figures(row.stability)}" for row in rows))
        if grown:
            self.setFixedHeight(round(ROW_PX * max(len(rows), 1)))
            self.updateGeometry()
        self.update()

    @property
    def texts(self) -> dict[RuleName, str]:
        """What stands behind each bar."""
        return {row.rule: _figures(row.stability) for row in self._rows}

    def is_red(self, rule: RuleName) -> bool:
        """Whether the bar of a rule is beyond its limit."""
        return any(row.rule == rule and row.stability is not None and not row.stability.stays for row in self._rows)

    def sizeHint(self) -> QSize:
        return QSize(LEAST_WIDTH, round(ROW_PX * max(len(self._rows), 1)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, row in enumerate(self._rows):
            self._paint_row(painter, row, number * ROW_PX)
        painter.end()

    def _paint_row(self, painter: QPainter, row: MeterRow, top: float) -> None:
        middle = top + ROW_PX / 2
        painter.setFont(font(12, bold=row.rule == self._looked))
        painter.setPen(theme().text)
        painter.drawText(QRectF(0, top, NAME_PX, ROW_PX), Qt.AlignmentFlag.AlignVCenter, row.name)
        track = QRectF(NAME_PX, middle - BAR_PX / 2, max(self.width() - NAME_PX - FIGURES_PX, 40.0), BAR_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().groove)
        painter.drawRoundedRect(track, 3, 3)
        found = row.stability
        beyond = found is not None and not found.stays
        if found is not None and math.isfinite(found.product):
            share = min(max(found.product / found.limit, 0.0) * LIMIT_AT, 1.0)
            colour = QColor(theme().alarm) if beyond else rule_pen(row.rule).color()
            painter.setBrush(colour)
            painter.drawRoundedRect(QRectF(track.left(), track.top(), share * track.width(), BAR_PX), 3, 3)
        painter.setPen(QPen(theme().text, 1.5))
        limit = track.left() + LIMIT_AT * track.width()
        painter.drawLine(QPointF(limit, track.top() - 4), QPointF(limit, track.bottom() + 4))
        painter.setPen(theme().alarm if beyond else theme().text)
        painter.setFont(font(12, bold=beyond))
        left, width = track.right() + 8, FIGURES_PX - 8
        painter.drawText(QRectF(left, top, width, ROW_PX / 2), Qt.AlignmentFlag.AlignBottom, _figures(found))
        painter.setFont(font(11))
        painter.setPen(theme().muted)
        painter.drawText(QRectF(left, middle, width, ROW_PX / 2), Qt.AlignmentFlag.AlignTop, row.note)


def _figures(found: Stability | None) -> str:
    """0.2 < 3.8"""
    if found is None or not math.isfinite(found.product):
        return UNKNOWN
    return f"{measured(found.product, 3)} {'<' if found.stays else '≥'} {measured(found.limit, 3)}"
