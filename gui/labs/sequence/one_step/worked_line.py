"""A line of worked arithmetic: a name, numbers, a result; it breaks before its operators, and can be lit.

Called by the formulas of one step.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from gui.shell.theme import THEME, theme
from gui.widgets.formula_text import NO_BREAK
from gui.widgets.labels import label

BUTTON_PX = 20  # no higher than a line, so that all lines stand evenly

Look: TypeAlias = Literal["name", "plain", "result"]


class Piece(NamedTuple):
    text: str
    look: Look = "plain"


class WorkedLine(QFrame):
    """`show_pieces` writes it. `button` is at its right, and hidden until it has words."""

    hovered = Signal(str)  # the line's key, or "" when it is left

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self._pieces: tuple[Piece, ...] = ()
        self._lit = False
        self.label = label("plain", wraps=True, rich=True)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.button = QPushButton()
        self.button.setProperty("role", "offer")
        self.button.setFixedHeight(BUTTON_PX)
        self.button.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self.label, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        THEME.changed.connect(self._write)

    def show_pieces(self, *pieces: Piece, tip: str = "") -> None:
        if pieces != self._pieces:
            self._pieces = pieces
            self._write()
        if tip != self.toolTip():
            self.setToolTip(tip)

    @property
    def text(self) -> str:
        """What is written, with plain spaces."""
        return "".join(piece.text for piece in self._pieces).replace(NO_BREAK, " ")

    def set_lit(self, lit: bool) -> None:
        if lit != self._lit:
            self._lit = lit
            self.update()

    @property
    def lit(self) -> bool:
        return self._lit

    def _write(self) -> None:
        now = theme()
        looks = {
            "name": f'<span style="color:{now.muted.name()}">%s</span>',
            "plain": "%s",
            "result": f'<span style="color:{now.accent.name()};font-weight:600">%s</span>',
        }
        self.label.setText("".join(looks[piece.look].replace("%s", piece.text) for piece in self._pieces))
        self.label.setAccessibleName(self.text)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._lit:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().accent_ground)
            painter.drawRoundedRect(QRectF(self.rect()), 4, 4)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.hovered.emit(self.key)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered.emit("")


def unbroken(text: str) -> str:
    """A text that stays in one line."""
    return text.replace(" ", NO_BREAK)
