"""A layer's formulas, each with its symbols and with its values: why its numbers are what they are.

Called by the labs' pages of formulas.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from engine.figures import full_count
from engine.layers.axes import AXIS_LETTERS, AXIS_NAMES, per_axis
from engine.layers.base import Derivation, Layer, Shape
from engine.layers.kinds.convolution import Convolution
from engine.layers.kinds.pooling import Pooling
from engine.layers.kinds.transposed import Transposed
from engine.layers.windows import Slide
from gui.shell.language import say
from gui.shell.theme import restyle_when_seen, set_role, theme
from gui.widgets.formula_text import (
    NO_BREAK,
    as_typed,
    breakable,
    course_division,
    explained,
    grouped,
    slides_of,
    with_subscripts,
)
from gui.widgets.labels import label, set_text

NAME_GAP_PX = 14  # between the names and the formulas
ABOVE_PX = 6  # above a name that is above its formula
MOST_UNBROKEN = 30  # letters of a symbol's meaning
WORKED_PX = 18  # least height of a formula with its values


class FormulaRow(NamedTuple):
    """The labels of one quantity."""

    name: QLabel
    formula: QLabel
    worked: QLabel


class Formulas(QWidget):
    """`show_layer` writes two lines for each number, the formula and the formula with its values, and below what the symbols
    mean. Axes with equal values share both lines, other axes share the formula. Labels are kept as long as their quantities, so
    that nothing jumps. `verdict_line` says whether the stride fits, for courses and for torch, and which cells are never read;
    the owner gives it a place of the full width. `stacked`: names are above their formulas, for a narrow column."""

    def __init__(self, parent: QWidget | None = None, *, stacked: bool = False) -> None:
        super().__init__(parent)
        self._stacked, self._worked = stacked, True
        self._layer: Layer | None = None
        self._derivations: tuple[Derivation, ...] = ()
        self._alike: tuple[str, ...] = ()
        self._slides: tuple[Slide, ...] = ()
        self._rows: list[FormulaRow] = []
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(NAME_GAP_PX)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)
        self.verdict_line, self._symbols = label("muted", wraps=True), label("small", wraps=True, rich=True)
        self.verdict_line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addLayout(self._grid)
        column.addWidget(self._symbols)
        column.addStretch(1)
        restyle_when_seen(self, self._write)
        self.retranslate()

    def show_layer(self, layer: Layer, input_shape: Shape, *, worked: bool = True) -> None:
        """`layer` accepts `input_shape`. Not `worked`: only the formulas, for learners who work out the values themselves."""
        self._layer, self._slides, self._worked = layer, slides_of(layer, input_shape), worked
        self._derivations, self._alike = _without_repeats(layer.derivations(input_shape))
        while len(self._rows) < len(self._derivations):
            self._rows.append(self._row(len(self._rows)))
        self._write()

    def text(self, quantity: str) -> tuple[str, str, str]:
        """(formula, formula with values, result) as they are shown for a quantity."""
        row = self._rows[[each.quantity for each in self._derivations].index(quantity)]
        values, _, result = as_typed(row.worked.text()).rpartition("= ")
        return as_typed(row.formula.text()), values.strip(), f"= {result}"

    @property
    def verdict(self) -> str:
        """Whether the stride fits, and which cells are never read."""
        return self.verdict_line.text()

    def _row(self, number: int) -> FormulaRow:
        row = FormulaRow(label("title"), label("muted", wraps=True, rich=True), label("worked", wraps=True, rich=True))
        if self._stacked:
            for line, text in enumerate(row):
                self._grid.addWidget(text, 4 * number + line + 1, 1)
        else:
            self._grid.addWidget(row.name, 2 * number, 0, 2, 1, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(row.formula, 2 * number, 1)
            self._grid.addWidget(row.worked, 2 * number + 1, 1)
        row.worked.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        row.worked.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return row

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._write()

    def _write(self) -> None:
        accent = theme().accent.name()
        for derivation, row in zip(self._derivations, self._rows, strict=False):
            set_text(row.name, self._name(derivation))
        room = self._room()
        for derivation, row in zip(self._derivations, self._rows, strict=False):
            set_text(row.formula, with_subscripts(breakable(derivation.formula, room)))
            result = f'<span style="color: {accent}; font-weight: 600">={NO_BREAK}{full_count(derivation.result)}</span>'
            worked = breakable(f"= {grouped(derivation.substituted)} ={NO_BREAK}{full_count(derivation.result)}", room)
            set_text(row.worked, result if _is_plain(derivation) else f"{worked.rpartition('=')[0]}{result}")
            for text in row:
                text.setToolTip(explained(derivation) if self._worked else "")
        for number, row in enumerate(self._rows):
            if self._stacked:
                self._grid.setRowMinimumHeight(4 * number, ABOVE_PX if 0 < number < len(self._derivations) else 0)
            else:
                self._grid.setRowMinimumHeight(2 * number + 1, WORKED_PX if number < len(self._derivations) else 0)
            for text in row:
                text.setVisible(number < len(self._derivations) and (self._worked or text is not row.worked))
        for before, derivation, row in zip((None, *self._derivations), self._derivations, self._rows, strict=False):
            said = before is not None and _outline(before) == _outline(derivation)  # the formula right above
            row.formula.setVisible(not said and not _is_plain(derivation))
        told = [each for each in self._derivations if not _is_plain(each)]
        set_text(self._symbols, f"{NO_BREAK}· ".join(_meanings(told)))
        set_text(self.verdict_line, self._verdict_text() if self._worked else "")
        role = "muted" if all(slide.fits for slide in self._slides) else "warn_line"
        if self.verdict_line.property("role") != role:
            set_role(self.verdict_line, role)

    def _room(self) -> int:
        """The width for a line of a formula."""
        if self._stacked:
            return self.width()
        return self.width() - NAME_GAP_PX - max((row.name.sizeHint().width() for row in self._rows), default=0)

    def _name(self, derivation: Derivation) -> str:
        """The name of a quantity: Output width; for equal axes Output height, width."""
        name = say("quantities", derivation.quantity)
        if derivation.quantity not in self._alike:
            return name
        first, *others = self._alike
        rest = [say("axes", quantity.removeprefix("output_")) for quantity in others]
        return ", ".join((say("quantities", first), *rest))

    def _verdict_text(self) -> str:
        """How courses and torch treat a stride that does not fit, and which cells are never read."""
        if isinstance(self._layer, Transposed):
            return self._transposed_text(max(per_axis(self._layer.stride, self._layer.AXES)))
        if not isinstance(self._layer, Convolution | Pooling):
            return ""
        axes = AXIS_NAMES[self._layer.AXES]
        left = [(axis, len(slide.unread())) for axis, slide in zip(axes, self._slides, strict=True)]
        unread = ", ".join(self._counted(axis, count) for axis, count in left if count)
        uneven = next(((axis, slide) for axis, slide in zip(axes, self._slides, strict=True) if not slide.fits), None)
        if uneven is None:
            if unread:
                return self.tr("The division comes out even, but the window steps over cells. Never read: {cells}.").format(
                    cells=unread
                )
            return self.tr("The division comes out even, and every cell is read.")
        axis, slide = uneven
        if slide.ceil_mode:
            said = self.tr("Courses: {size} = {division}, does not fit. Ceil mode rounds up: {outputs}.")
        else:
            said = self.tr("Courses: {size} = {division}, does not fit. torch rounds down: {outputs}.")
        said = said.format(size=say("quantities", f"output_{axis}"), division=course_division(slide), outputs=slide.outputs)
        rest = self.tr("Never read: {cells}.").format(cells=unread) if unread else self.tr("Every cell is read.")
        return f"{said} {rest}"

    def _transposed_text(self, stride: int) -> str:
        if stride == 1:
            return self.tr("Nothing is divided here, so every size fits.")
        return self.tr(
            "Nothing is divided here, so every size fits. A convolution with stride {stride} makes one size of {stride} "
            "different ones; the output padding Q chooses which of them comes back."
        ).format(stride=stride)

    def _counted(self, axis: str, count: int) -> str:
        """A count of cells, rows, columns or frames, whichever follow each other along `axis`."""
        words = {
            "length": (self.tr("{count} cell"), self.tr("{count} cells")),
            "height": (self.tr("{count} row"), self.tr("{count} rows")),
            "width": (self.tr("{count} column"), self.tr("{count} columns")),
            "depth": (self.tr("{count} frame"), self.tr("{count} frames")),
        }
        return words[axis][count != 1].format(count=count)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Why: the formulas with these numbers"))
        self._write()


def _meanings(derivations: Sequence[Derivation]) -> Iterator[str]:
    """What each symbol means. Symbols with one meaning, one for each branch, are together. A short meaning is not broken into
    lines; a long one would be wider than a narrow card."""
    alike: dict[str, dict[str, None]] = {}
    for derivation in derivations:
        for symbol, code, _ in derivation.symbols:
            alike.setdefault(code, {})[symbol] = None
    for code, symbols in alike.items():
        names = [with_subscripts(symbol) for symbol in symbols]
        said = f",{NO_BREAK}".join(names) if len(names) < 3 else f"{names[0]} … {names[-1]}"
        meaning = say("symbols", code)
        yield f"{said} {meaning}".replace(" ", NO_BREAK, -1 if len(meaning) <= MOST_UNBROKEN else 1)


def _outline(derivation: Derivation) -> str:
    """A formula without the letter of its axis, so that those of the height and the width are equal."""
    return derivation.formula.replace(AXIS_LETTERS.get(derivation.quantity.removeprefix("output_"), "."), "#")


def _without_repeats(derivations: Sequence[Derivation]) -> tuple[tuple[Derivation, ...], tuple[str, ...]]:
    """The derivations to show, with only the last of equal output sizes; and the names of these sizes."""
    sizes = [each for each in derivations if each.quantity.startswith("output_")]
    if len(sizes) < 2 or len({(each.substituted, each.result) for each in sizes}) > 1:
        return tuple(derivations), ()
    kept = tuple(each for each in derivations if each not in sizes[:-1])
    return kept, tuple(each.quantity for each in sizes)


def _is_plain(derivation: Derivation) -> bool:
    """Whether the formula is just its result."""
    return derivation.substituted == str(derivation.result)
