"""A step of an optimiser as lines: each formula with its symbols, and with the numbers of this step for both weights.

Painted, because its numbers follow every move of a slider. Called by the page of one step.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.figures import full_count, measured
from engine.foundations.boards.optimisers.descents import Descent, worked_lines
from engine.foundations.boards.optimisers.rule_lines import sign_of, written
from gui.shell.theme import THEME, font, theme

LINE_PX, GROUP_PX, GAP_PX, EDGE_PX = 18.0, 7.0, 14.0, 4.0
FIGURES = 5


class TermRow(NamedTuple):
    """One line of the rule: "v ← β·v + g", and for x and y the numbers and what comes out."""

    formula: str
    worked: tuple[str, str]
    results: tuple[str, str]


def term_rows(gone: Descent, step: int, pull: tuple[float, float] | None = None) -> tuple[TermRow, ...]:
    """The lines of step number `step`, from 0. `pull` is what the batch has added to the gradient."""
    both = [worked_lines(gone, step, axis) for axis in (0, 1)]
    slopes = [float(one) for one in gone.values["g"][step]]
    if pull is None:
        rows = [TermRow("g ← ∂L/∂w", ("", ""), (_number(slopes[0]), _number(slopes[1])))]
    else:
        parts = [
            f"{_number(slope - off)} {'−' if off < 0 else '+'} {_number(abs(off))}"
            for slope, off in zip(slopes, pull, strict=True)
        ]
        rows = [TermRow("g ← ∂L/∂w + n", (parts[0], parts[1]), (_number(slopes[0]), _number(slopes[1])))]
    for across, up in zip(*both, strict=True):
        worked = [written(one.line, {name: _symbol(name, value) for name, value in one.reads.items()}) for one in (across, up)]
        results = (_number(across.result), _number(up.result))
        shown = [text if text != result else "" for text, result in zip(worked, results, strict=True)]
        rows.append(TermRow(f"{across.line.sign} ← {written(across.line)}", (shown[0], shown[1]), results))
    return tuple(rows)


def _symbol(name: str, value: float) -> str:
    return full_count(int(value)) if name == "t" else _number(value)


def _number(value: float) -> str:
    return measured(value, FIGURES)


_ORDER = ("g", "lr", "beta", "rho", "beta1", "beta2", "v", "m", "h", "m_hat", "v_hat", "a", "eps", "decay", "t", "d")


def used_signs(gone: Descent) -> tuple[tuple[str, str], ...]:
    """The symbols that the rule reads, and the code of what each means."""
    names = {name for line in gone.lines for name in line.names}
    squares = gone.rule in ("adam", "adamw")
    return tuple((sign_of(name), "v_squares" if name == "v" and squares else sign_of(name)) for name in _ORDER if name in names)


class UpdateTerms(QWidget):
    """`set_terms` shows rows: a formula, and below it both weights."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[TermRow, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        THEME.changed.connect(self.update)

    def set_terms(self, rows: Sequence[TermRow]) -> None:
        before = len(self._rows)
        self._rows = tuple(rows)
        told = (f"{row.formula}: x {_joined(row, 0)}; y {_joined(row, 1)}" for row in self._rows)
        self.setAccessibleDescription("\n".join(told))
        if len(self._rows) != before:
            self.updateGeometry()
            self._fit()
        self.update()

    @property
    def rows(self) -> tuple[TermRow, ...]:
        return self._rows

    # --- places

    def _fit(self) -> None:
        self.setMinimumHeight(round(self._height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _height(self) -> float:
        return 2 * EDGE_PX + len(self._rows) * (3 * LINE_PX + GROUP_PX)

    def sizeHint(self) -> QSize:
        return QSize(300, round(self._height()))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 100)

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        plain, bold = font(13), font(13, bold=True)
        y = EDGE_PX
        for row in self._rows:
            painter.setFont(font(13))
            painter.setPen(theme().muted)
            painter.drawText(QPointF(EDGE_PX, y + 0.78 * LINE_PX), row.formula)
            y += LINE_PX
            for axis, name in enumerate("xy"):
                self._paint_axis(painter, (plain, bold), QPointF(EDGE_PX + GAP_PX, y + 0.78 * LINE_PX), row, axis, name)
                y += LINE_PX
            y += GROUP_PX
        painter.end()

    def _paint_axis(
        self, painter: QPainter, fonts: tuple[QFont, QFont], at: QPointF, row: TermRow, axis: int, name: str
    ) -> None:
        """x  0.9·(−0.5) + 1.2 = 0.75, smaller where it would not fit."""
        worked = f"{row.worked[axis]} = " if row.worked[axis] else "= "
        result, room = row.results[axis], self.width() - at.x() - EDGE_PX
        plain, bold = fonts
        for px in (13, 12, 11, 10, 9):
            if px < 13:
                plain, bold = font(px), font(px, bold=True)
            wide = QFontMetricsF(plain).horizontalAdvance(f"{name}  {worked}") + QFontMetricsF(bold).horizontalAdvance(result)
            if wide <= room:
                break
        lead = QFontMetricsF(plain).horizontalAdvance(f"{name}  ")
        painter.setFont(plain)
        painter.setPen(theme().muted)
        painter.drawText(at, name)
        painter.setPen(theme().text)
        painter.drawText(at + QPointF(lead, 0), worked)
        painter.setFont(bold)
        painter.setPen(theme().accent)
        painter.drawText(at + QPointF(lead + QFontMetricsF(plain).horizontalAdvance(worked), 0), result)


def _joined(row: TermRow, axis: int) -> str:
    return f"{row.worked[axis]} = {row.results[axis]}" if row.worked[axis] else f"= {row.results[axis]}"
