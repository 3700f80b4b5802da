"""Why the numbers are what they are: each formula with its symbols and with today's values put in."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from engine.layers.base import Derivation
from engine.layers.windows import Slide
from gui.shell.language import say
from gui.shell.theme import set_role
from gui.widgets.card import Card


class FormulasCard(Card):
    """`show_derivations` writes a line a number; lines stay while their quantities stay, so nothing jumps."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._derivations: tuple[Derivation, ...] = ()
        self._slides: tuple[Slide, ...] = ()
        self._lines: list[tuple[QLabel, QLabel, QLabel, QLabel]] = []
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(3, 1)
        self._symbols = QLabel()
        self._symbols.setWordWrap(True)
        set_role(self._symbols, "small")
        self._verdict = QLabel()
        self._verdict.setWordWrap(True)
        set_role(self._verdict, "small")
        self.body.setSpacing(6)
        self.body.addLayout(self._grid)
        self.body.addWidget(self._symbols)
        self.body.addWidget(self._verdict)
        self.retranslate()

    def show_derivations(self, derivations: Sequence[Derivation], slides: Sequence[Slide]) -> None:
        self._derivations, self._slides = tuple(derivations), tuple(slides)
        while len(self._lines) < len(self._derivations):
            self._lines.append(self._line(len(self._lines)))
        self._write()

    def text(self, quantity: str) -> tuple[str, str, str]:
        """(formula, with values, result) as they stand for a quantity."""
        number = [each.quantity for each in self._derivations].index(quantity)
        _, formula, substituted, result = (label.text() for label in self._lines[number])
        return formula, substituted, result

    def _line(self, row: int) -> tuple[QLabel, QLabel, QLabel, QLabel]:
        labels = (QLabel(), QLabel(), QLabel(), QLabel())
        for column, (label, role) in enumerate(zip(labels, ("title", "muted", "", "accent"), strict=True)):
            if role:
                set_role(label, role)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(label, row, column)
        return labels

    def _write(self) -> None:
        meanings: dict[str, str] = {}
        for derivation, labels in zip(self._derivations, self._lines, strict=False):
            name = say("quantities", derivation.quantity)
            tip = "\n".join(f"{symbol}: {say('symbols', code)} = {value:,}" for symbol, code, value in derivation.symbols)
            texts = (name, derivation.formula, f"= {derivation.substituted}", f"= {derivation.result:,}")
            for label, text in zip(labels, texts, strict=True):
                _set_text(label, text)
                label.setToolTip(tip)
                label.setVisible(True)
            for symbol, code, _ in derivation.symbols:
                meanings.setdefault(symbol, say("symbols", code))
        for labels in self._lines[len(self._derivations) :]:
            for label in labels:
                label.hide()
        _set_text(self._symbols, " · ".join(f"{symbol} {meaning}" for symbol, meaning in _joined(meanings)))
        _set_text(self._verdict, self._verdict_text())

    def _verdict_text(self) -> str:
        """What a course says of a stride that does not fit, and which cells are never read."""
        if not self._slides:
            return ""
        rows, columns = (len(slide.unread()) for slide in self._slides)
        if all(slide.fits for slide in self._slides):
            if rows or columns:
                return self.tr("The filter steps over cells: {rows} rows and {columns} columns are never read.").format(
                    rows=rows, columns=columns
                )
            return self.tr("The division comes out even, and every cell is read.")
        return self.tr(
            "The division leaves a remainder and is rounded down (⌊ ⌋); courses say it does not fit."
            " Never read: {rows} rows, {columns} columns."
        ).format(rows=rows, columns=columns)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.set_title(self.tr("Why: the formulas with these numbers"))
        self._write()


def _joined(meanings: dict[str, str]) -> list[tuple[str, str]]:
    """Symbols in the order in which they are first needed."""
    return list(meanings.items())


def _set_text(label: QLabel, text: str) -> None:
    if label.text() != text:
        label.setText(text)
