"""Why the numbers are what they are: each formula with its symbols and with today's values put in."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from engine.layers.base import Derivation
from engine.layers.windows import Slide
from gui.shell.language import say
from gui.shell.theme import set_role
from gui.widgets.card import Card

NARROW_PX = 780
ROLES = ("title", "muted", "", "accent")  # name, formula, with values, result


class FormulasCard(Card):
    """`show_derivations` writes a line a number; lines stay while their quantities stay, so nothing jumps."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._derivations: tuple[Derivation, ...] = ()
        self._slides: tuple[Slide, ...] = ()
        self._lines: list[tuple[QLabel, ...]] = []
        self._narrow = False
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(4, 1)
        self._symbols, self._verdict = OneLine(), OneLine()
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
        _, formula, substituted, result, _ = (label.text() for label in self._lines[number])
        return formula, substituted, result

    def _line(self, row: int) -> tuple[QLabel, ...]:
        """Name, formula, with values, result; and for a narrow card all but the name in one."""
        labels = (*(QLabel() for _ in ROLES), OneLine("muted"))
        for column, label in enumerate(labels[:4]):
            self._grid.addWidget(label, row, column)
            label.setMinimumWidth(1)  # a wide formula must not keep the window from being made narrow
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            set_role(label, ROLES[column])
        self._grid.addWidget(labels[4], row, 1, 1, 4)
        return labels

    def _write(self) -> None:
        meanings: dict[str, str] = {}
        for derivation, labels in zip(self._derivations, self._lines, strict=False):
            name = say("quantities", derivation.quantity)
            tip = "\n".join(f"{symbol}: {say('symbols', code)} = {value:,}" for symbol, code, value in derivation.symbols)
            values, result = f"= {derivation.substituted}", f"= {derivation.result:,}"
            for label, text in zip(labels[:4], (name, derivation.formula, values, result), strict=True):
                _set_text(label, text)
                label.setToolTip(tip)
            line = labels[4]
            assert isinstance(line, OneLine)
            line.set_text(f"{derivation.formula} {values} {result}", f"{values} {result}", result)
            for symbol, code, _ in derivation.symbols:
                meanings.setdefault(symbol, say("symbols", code))
        self._arrange()
        self._symbols.set_text(" · ".join(f"{symbol} {meaning}" for symbol, meaning in meanings.items()))
        self._verdict.set_text(self._verdict_text())

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
        if not (rows or columns):
            return self.tr("The division leaves a remainder (“does not fit”) and is rounded down; every cell is read.")
        return self.tr(
            "The division leaves a remainder (“does not fit”) and is rounded down. Never read: {rows} rows, {columns} columns."
        ).format(rows=rows, columns=columns)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow card writes formula, values and result one after the other, without columns."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW_PX
        if narrow != self._narrow:
            self._narrow = narrow
            self._arrange()

    def _arrange(self) -> None:
        for number, labels in enumerate(self._lines):
            used = number < len(self._derivations)
            for place, label in enumerate(labels):
                label.setVisible(used and (place == 0 or self._narrow == (place == 4)))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.set_title(self.tr("Why: the formulas with these numbers"))
        self._write()


class OneLine(QLabel):
    """A line that never widens the page: of its wordings the first one that fits; what is left out is in the tooltip."""

    def __init__(self, role: str = "small") -> None:
        super().__init__()
        self._wordings: tuple[str, ...] = ("",)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(1)
        set_role(self, role)

    def set_text(self, *wordings: str) -> None:
        """From the longest to the shortest."""
        self._wordings = wordings
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        measure = self.fontMetrics()
        fitting = (text for text in self._wordings if measure.horizontalAdvance(text) <= self.width())
        shown = next(fitting, measure.elidedText(self._wordings[-1], Qt.TextElideMode.ElideRight, self.width()))
        _set_text(self, shown)
        self.setToolTip(self._wordings[0] if shown != self._wordings[0] else "")


def _set_text(label: QLabel, text: str) -> None:
    if label.text() != text:
        label.setText(text)
