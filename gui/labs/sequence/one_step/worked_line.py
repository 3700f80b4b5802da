"""A line of worked arithmetic: a name, numbers, a result; it breaks before its operators, and can be lit.

Painted, and laid out again only where its rows become more: while a network learns, all numbers change several times a second,
and what stands below must not jump with them. Called by the formulas of one step.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from gui.shell.theme import THEME, font, theme
from gui.widgets.formula_text import NO_BREAK
from gui.widgets.stack.stack_painting import measure_of

PX, ROW_PX, SIDE_PX, HANGING_PX, BUTTON_PX = 13, 19, 4, 10, 20

PieceLook: TypeAlias = Literal["name", "plain", "result"]


class LinePiece(NamedTuple):
    text: str
    look: PieceLook = "plain"


class Placed(NamedTuple):
    """A run of letters of one look, where it is painted."""

    left: float
    row: int
    text: str
    look: PieceLook


class WorkedLine(QWidget):
    """`show_pieces` writes it. `button` is at its right, and hidden until it is needed. A line that needed more rows once keeps
    them as long as its first words and its width stay, and until it is to `settle`."""

    hovered = Signal(str)  # the line's key, or "" when it is left

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self._pieces: tuple[LinePiece, ...] = ()
        self._placed: tuple[Placed, ...] = ()
        self._lit = False
        self._rows = 1  # needed so far
        self.button = QPushButton(self)
        self.button.setProperty("role", "offer")
        self.button.hide()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(ROW_PX)
        THEME.changed.connect(self.update)

    def show_pieces(self, *pieces: LinePiece, tip: str = "") -> None:
        if pieces != self._pieces:
            if pieces[:1] != self._pieces[:1]:
                self._rows = 1
            self._pieces = pieces
            self.setAccessibleName(self.text)
            self._arrange()
        if tip != self.toolTip():
            self.setToolTip(tip)

    def settle(self) -> None:
        """Have as many rows as the words need now: they stand still."""
        if self._placed and self._rows > self._placed[-1].row + 1:
            self._rows = 1
            self._arrange()

    def offer(self, words: str, name: str) -> None:
        """Show the button with these words; none hide it. A screen reader calls it `name`."""
        if words != self.button.text():
            self.button.setText(words)
        self.button.setAccessibleName(name)
        if self.button.isHidden() == bool(words):
            self.button.setVisible(bool(words))
        self._arrange()

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

    def sizeHint(self) -> QSize:
        return QSize(240, self.height())

    # --- layout

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._rows = 1
            self._arrange()

    def _arrange(self) -> None:
        """Set the words in rows: a row ends at a plain space, before a word that does not fit."""
        width = float(self.width()) - SIDE_PX
        if not self.button.isHidden():
            size = self.button.sizeHint().width()
            self.button.setGeometry(self.width() - size, 0, size, min(BUTTON_PX, ROW_PX))
            width -= size + SIDE_PX
        placed = list[Placed]()
        left, row = float(SIDE_PX), 0
        for word in self._words():
            widths = [measure_of(PX, look == "result").horizontalAdvance(text) for text, look in word]
            if left > SIDE_PX + HANGING_PX and left + sum(widths) > width + SIDE_PX:
                left, row = float(SIDE_PX + HANGING_PX), row + 1
                if word[0].text.startswith(" "):
                    word = [word[0]._replace(text=word[0].text[1:]), *word[1:]]
                    widths[0] = measure_of(PX, word[0].look == "result").horizontalAdvance(word[0].text)
            for piece, advance in zip(word, widths, strict=True):
                placed.append(Placed(left, row, piece.text, piece.look))
                left += advance
        self._placed = tuple(placed)
        self._rows = max(self._rows, row + 1)
        height = self._rows * ROW_PX
        if height != self.height():
            self.setFixedHeight(height)
        self.update()

    def _words(self) -> list[list[LinePiece]]:
        """The pieces cut before their plain spaces: what stands between two of them stays together, whatever its looks."""
        words: list[list[LinePiece]] = []
        for piece in self._pieces:
            first, *others = piece.text.split(" ")
            if words:
                words[-1] += [LinePiece(first, piece.look)] if first else []
            else:
                words.append([LinePiece(first, piece.look)])
            words += [[LinePiece(f" {other}", piece.look)] for other in others]
        return words

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, now = QPainter(self), theme()
        if self._lit:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(now.accent_ground)
            painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        colours = {"name": now.muted, "plain": now.text, "result": now.accent}
        base = (ROW_PX + measure_of(PX).ascent() - measure_of(PX).descent()) / 2
        for part in self._placed:
            painter.setFont(font(PX, bold=part.look == "result"))
            painter.setPen(colours[part.look])
            painter.drawText(QPointF(part.left, part.row * ROW_PX + base), part.text)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.hovered.emit(self.key)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered.emit("")


def unbroken(text: str) -> str:
    """A text that stays in one line."""
    return text.replace(" ", NO_BREAK)
