"""Why the numbers are what they are: each formula with its symbols and with today's values put in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from engine.layers.base import Derivation
from engine.layers.windows import Slide
from gui.shell.language import say
from gui.shell.theme import set_role
from gui.widgets.labels import set_text

NARROW_PX = 780
ROOMY_PX = 860  # the verdict stands beside the formulas


class Formulas(QWidget):
    """`show_derivations` writes a line a number; lines stay while their quantities stay, so nothing jumps."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._derivations: tuple[Derivation, ...] = ()
        self._slides: tuple[Slide, ...] = ()
        self._lines: list[Line] = []
        self._wide, self._slim = _page(4), _page(1)
        self._slim.hide()
        self._symbols, self._verdict = _wrapped(), _wrapped()
        self._verdict.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._sides.addWidget(self._wide)
        self._sides.addWidget(self._slim)
        self._sides.addWidget(self._verdict, 1)
        self._turn(roomy=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._sides)
        column.addWidget(self._symbols)
        self.retranslate()

    def show_derivations(self, derivations: Sequence[Derivation], slides: Sequence[Slide]) -> None:
        self._derivations, self._slides = tuple(derivations), tuple(slides)
        while len(self._lines) < len(self._derivations):
            self._lines.append(self._line(len(self._lines)))
        self._write()

    def text(self, quantity: str) -> tuple[str, str, str]:
        """(formula, with values, result) as they stand for a quantity."""
        line = self._lines[[each.quantity for each in self._derivations].index(quantity)]
        return line.formula.text(), line.values.text(), line.result.text()

    @property
    def verdict(self) -> str:
        """Whether the stride fits, and what is never read."""
        return self._verdict.text()

    def _line(self, row: int) -> Line:
        line = Line(QLabel(), QLabel(), QLabel(), QLabel(), QLabel(), OneLine())
        for page, labels in ((self._wide, line[:4]), (self._slim, line[4:])):
            grid = page.layout()
            assert isinstance(grid, QGridLayout)
            for column, label in enumerate(labels):
                grid.addWidget(label, row, column)
        for label, role in zip(line[:5], ("title", "muted", "", "accent", "title"), strict=True):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            set_role(label, role)
        return line

    def _write(self) -> None:
        meanings: dict[str, str] = {}
        for derivation, line in zip(self._derivations, self._lines, strict=False):
            name = say("quantities", derivation.quantity)
            tip = "\n".join(f"{symbol}: {say('symbols', code)} = {value:,}" for symbol, code, value in derivation.symbols)
            formula, values, result = derivation.formula, f"= {derivation.substituted}", f"= {derivation.result:,}"
            for label, text in zip(line[:5], (name, formula, values, result, name), strict=True):
                set_text(label, text)
                label.setToolTip(tip)
            line.whole.set_text(f"{formula} {values} {result}", f"{values} {result}", result, tip=tip)
            for symbol, code, _ in derivation.symbols:
                meanings.setdefault(symbol, say("symbols", code))
        for number, line in enumerate(self._lines):
            for label in line:
                label.setVisible(number < len(self._derivations))
        no_break = {symbol: meaning.replace(" ", "\N{NO-BREAK SPACE}") for symbol, meaning in meanings.items()}
        set_text(self._symbols, " · ".join(f"{symbol}\N{NO-BREAK SPACE}{words}" for symbol, words in no_break.items()))
        set_text(self._verdict, self._verdict_text())

    def _verdict_text(self) -> str:
        """What a course says of a stride that does not fit, and which cells are never read."""
        if not self._slides:
            return ""
        rows, columns = (len(slide.unread()) for slide in self._slides)
        short, long = self._remainder()
        if all(slide.fits for slide in self._slides):
            if rows or columns:
                return self.tr("The filter steps over cells: {rows} rows and {columns} columns are never read.").format(
                    rows=rows, columns=columns
                )
            return self.tr("The division comes out even, and every cell is read.")
        if not (rows or columns):
            text = self.tr("Courses: {division}, does not fit. torch rounds down: {outputs}. Every cell is read.")
        else:
            text = self.tr(
                "Courses: {division}, does not fit. torch rounds down: {outputs}. Never read: {rows} rows, {columns} columns."
            )
        return text.format(division=short, outputs=long, rows=rows, columns=columns)

    def _remainder(self) -> tuple[str, str]:
        """The first axis whose division leaves a remainder, as courses write it, and what torch makes of it."""
        slide = next((each for each in self._slides if not each.fits), self._slides[0])
        covered = slide.padded - slide.span
        return f"{covered}/{slide.stride} + 1 = {round(covered / slide.stride + 1, 2):g}", str(slide.outputs)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow, formula, values and result stand one after the other, without columns."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW_PX
        self._wide.setVisible(not narrow)
        self._slim.setVisible(narrow)
        self._turn(roomy=self.width() >= ROOMY_PX)

    def _turn(self, *, roomy: bool) -> None:
        ways = QBoxLayout.Direction
        self._sides.setDirection(ways.LeftToRight if roomy else ways.TopToBottom)
        self._sides.setSpacing(24 if roomy else 4)
        across = QSizePolicy.Policy.Maximum if roomy else QSizePolicy.Policy.Ignored
        self._wide.setSizePolicy(across, QSizePolicy.Policy.Fixed)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Why: the formulas with these numbers"))
        self._write()


class Line(NamedTuple):
    """The labels of one quantity: in columns, and for a narrow card its name and all the rest in one."""

    name: QLabel
    formula: QLabel
    values: QLabel
    result: QLabel
    short_name: QLabel
    whole: OneLine


def _page(stretched: int) -> QWidget:
    """A table that never widens the page it stands on. Column `stretched` takes what room is left."""
    page = QWidget()
    page.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    grid = QGridLayout(page)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(16 if stretched > 1 else 10)
    grid.setVerticalSpacing(1)
    grid.setColumnStretch(stretched, 1)
    return page


def _wrapped() -> QLabel:
    """A text in as many lines as the page's width asks for."""
    label = QLabel()
    label.setWordWrap(True)
    set_role(label, "small")
    return label


class OneLine(QLabel):
    """A line that never widens the page: of its wordings the first one that fits; what is left out is in the tooltip."""

    def __init__(self, role: str = "small") -> None:
        super().__init__()
        self._wordings: tuple[str, ...] = ("",)
        self._tip = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(1)
        set_role(self, role)

    def set_text(self, *wordings: str, tip: str = "") -> None:
        """From the longest to the shortest; `tip` stands in the tooltip, below what was left out."""
        self._wordings, self._tip = wordings, tip
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        measure = self.fontMetrics()
        fitting = (text for text in self._wordings if measure.horizontalAdvance(text) <= self.width())
        shown = next(fitting, measure.elidedText(self._wordings[-1], Qt.TextElideMode.ElideRight, self.width()))
        set_text(self, shown)
        left_out = self._wordings[0] if shown != self._wordings[0] else ""
        self.setToolTip("\n".join(part for part in (left_out, self._tip) if part))
